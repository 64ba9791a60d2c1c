"""The section of meetings, tasks and clients: only what is evaluated, and one quiet line otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from funnelkpi.renderers.registry import render
from funnelkpi.report.analysis import Choice
from funnelkpi.report.build import build_report
from funnelkpi.report.document import Line, Table


def section(analysis: Any, lang: Any = "ru", **choice: Any) -> Any:
    (found,) = build_report(analysis, lang, Choice(sections=("people",), **choice)).sections
    return found


def tables(analysis: Any, **choice: Any) -> dict[str, Table]:
    return {b.title: b for b in section(analysis, **choice).blocks if isinstance(b, Table)}


DEPARTMENTS = ("Отдел входящих", "Отдел продаж")


def of_people(cells: dict[Any, Any]) -> dict[Any, Any]:
    """The cells without those of the departments, which add up to the company, too."""
    return {who: cell for who, cell in cells.items() if who not in DEPARTMENTS}


def column(table: Table, title: str) -> dict[Any, Any]:
    place = [c.title for c in table.columns].index(title)
    rows = [*table.rows, *([table.total] if table.total else [])]
    return {row[0].value: row[place] for row in rows}


@pytest.fixture(scope="module")
def calls(sample: Callable[[str], Any]) -> Any:
    return sample("calls")


def test_meetings_and_next_steps(calls: Any) -> None:
    table = tables(calls)["Встречи и обещания"]
    assert column(table, "Первых")["Захар Ильин"].value == 9
    steps = column(table, "Со следующим шагом")
    assert (steps["Захар Ильин"].value, steps["Захар Ильин"].note) == (0, "0/9")
    meetings = column(table, "Встреч")
    total = meetings.pop("Вся компания").value
    assert sum(c.value for c in of_people(meetings).values()) == total
    assert sum(meetings[d].value for d in DEPARTMENTS) == total


def test_first_meetings_by_source_add_up(calls: Any) -> None:
    (line,) = [b for b in section(calls).blocks if isinstance(b, Line) and "источникам" in b.text]
    said = line.text.rstrip(".").split(": ")[1].split(", ")
    numbers = [int(part.split()[-1]) for part in said]
    table = tables(calls)["Встречи и обещания"]
    assert sum(numbers) == column(table, "Первых")["Вся компания"].value
    assert [p.rsplit(" ", 1)[0] for p in said] == ["свой поиск", "маркетинг"]


def test_facts_by_stage(calls: Any) -> None:
    table = tables(calls)["Что известно о сделках"]
    cells = column(table, "К этапу «КП отправлено»")
    total = cells.pop("Вся компания")
    own = [c.note.split("/") for c in of_people(cells).values() if c.note]
    assert total.note == f"{sum(int(k) for k, _ in own)}/{sum(int(n) for _, n in own)}"
    assert "Цена подходит" in table.notes[0]


def test_the_base(calls: Any) -> None:
    table = tables(calls)["База"]
    assert column(table, "Новых ЛПР")["Лев Рощин"].value == 10
    assert column(table, "Новых A")["Лев Рощин"].value == 4


def test_hand_overs_and_repeats(calls: Any) -> None:
    table = tables(calls)["Передачи и повторы"]
    assert column(table, "Принято сделок")["Вся компания"].value == 1
    assert column(table, "Клиент занят дважды")["Вера Тополева"].value == 1


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_eighty_columns(calls: Any, lang: Any) -> None:
    report = build_report(calls, lang, Choice(sections=("people",)))
    page = render(report, "terminal", width=80).decode().splitlines()
    assert all(len(line) <= 80 for line in page)


def test_without_the_files_one_line_says_what_is_needed(sample: Callable[[str], Any]) -> None:
    report = build_report(sample("amocrm"), "ru", Choice())
    assert "people" not in {s.id for s in report.sections}
    lines = [b for b in section(sample("amocrm")).blocks if isinstance(b, Line)]
    muted = [line for line in lines if line.tone == "muted"]
    assert len(muted) == 1
    assert muted[0].text.startswith("Не оценено: ")


def test_one_manager(calls: Any) -> None:
    found = tables(calls, managers=("Захар Ильин",))
    del found["Встречи и клиенты по периодам"]  # a row per figure
    assert all(len(t.rows) == 1 and t.total is None for t in found.values())
