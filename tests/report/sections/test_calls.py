"""The section of calls: the figures of the table, sums that add up, 80 columns, nothing without calls."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from funnelkpi.renderers.registry import render
from funnelkpi.report.analysis import Choice
from funnelkpi.report.build import build_report
from funnelkpi.report.document import Table


def section(analysis: Any, lang: Any = "ru", **choice: Any) -> Any:
    (found,) = build_report(analysis, lang, Choice(sections=("calls",), **choice)).sections
    return found


def tables(analysis: Any, lang: Any = "ru", **choice: Any) -> dict[str, Table]:
    return {b.title: b for b in section(analysis, lang, **choice).blocks if isinstance(b, Table)}


def column(table: Table, title: str) -> dict[Any, Any]:
    """Manager -> cell."""
    place = [c.title for c in table.columns].index(title)
    rows = [*table.rows, *([table.total] if table.total else [])]
    return {row[0].value: row[place] for row in rows}


@pytest.fixture(scope="module")
def calls(sample: Callable[[str], Any]) -> Any:
    return sample("calls")


def test_who_enters(calls: Any) -> None:
    table = tables(calls)["Кто говорит и заводит"]
    lost = column(table, "Без сделки")
    assert (lost["Глеб Санников"].value, lost["Глеб Санников"].note) == (1.0, "3/3")
    assert lost["Вся компания"].note == "7/33"
    assert column(table, "Сделок на 10")["Вера Тополева"].value == 8.0
    assert column(table, "Без результата")["Глеб Санников"].value > 0.7


def test_columns_of_counts_add_up_to_the_company(calls: Any) -> None:
    found = tables(calls)
    for table, title in (
        ("Кто говорит и заводит", "Звонков"),
        ("Кто говорит и заводит", "Разговоров"),
        ("Кто берёт трубку; пропущенные — что было потом", "Пропущено"),
    ):
        cells = column(found[table], title)
        total = cells.pop("Вся компания").value
        departments = [cells.pop(d).value for d in ("Отдел входящих", "Отдел продаж")]
        # calls of a line have a row of their own, and no department
        assert sum(departments) == total - cells["Без сотрудника"].value
        assert sum(c.value for c in cells.values()) == total


def test_missed_calls_by_what_came_first(calls: Any) -> None:
    table = tables(calls)["Кто берёт трубку; пропущенные — что было потом"]
    missed, later = column(table, "Пропущено"), column(table, "Позже")
    assert missed["Дарья Южина"].value == later["Дарья Южина"].value == 6
    fates = [c.title for c in table.columns[3:-1]]
    for row in (*table.rows, table.total or ()):
        assert sum(c.value for c in row[3:-1]) == row[2].value, fates


def test_the_balance_of_classes_adds_up(calls: Any) -> None:
    line = section(calls).blocks[0].text.replace("\u00a0", " ")
    whole, parts = line.split(" = ")
    numbers = [int(n) for n in re.findall(r"\d+", parts)]
    assert sum(numbers) == int(re.findall(r"\d+", whole)[0])
    assert "между своими" in parts
    assert "скрытых" in parts


def test_calls_at_the_stage_against_its_norm(calls: Any) -> None:
    table = tables(calls)["Звонков на сделку, пока она на этапе"]
    days = column(table, "Договор и счёт")
    assert (days["Инна Клёнова"].value, days["Инна Клёнова"].tone) == (2, "bad")
    assert days["Вера Тополева"].tone == "plain"
    assert column(table, "Норма 3")["Инна Клёнова"].note == "0/19"


def test_the_calls_to_open(calls: Any) -> None:
    table = tables(calls)["Разговоры с новыми клиентами, не ставшие сделкой"]
    assert len(table.rows) == 7
    assert {"Глеб Санников", "Вера Тополева"} < {row[1].value for row in table.rows}
    assert all((row[4].link or "").startswith("https://ats.example/rec/") for row in table.rows)
    masked = tables(calls, mask=True)["Разговоры с новыми клиентами, не ставшие сделкой"]
    assert {row[2].value for row in masked.rows} == {"•••"}
    assert {row[4].link for row in masked.rows} == {None}
    own = tables(calls, managers=("Глеб Санников",))
    assert len(own["Разговоры с новыми клиентами, не ставшие сделкой"].rows) == 3


def test_lists_only_when_the_section_is_asked_for(calls: Any) -> None:
    (found,) = (s for s in build_report(calls, "ru", Choice()).sections if s.id == "calls")
    titles = {b.title for b in found.blocks if isinstance(b, Table)}
    assert "Кто говорит и заводит" in titles
    assert not any("не ставшие" in t for t in titles)


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_eighty_columns(calls: Any, lang: Any) -> None:
    report = build_report(calls, lang, Choice(sections=("calls",)))
    page = render(report, "terminal", width=80).decode().splitlines()
    assert all(len(line) <= 80 for line in page)
    assert not any("Не поместились" in line for line in page)
    text = render(report, "markdown").decode()
    assert text.count("| :--- |") + text.count("| :---") >= 5


def test_one_manager_has_no_company(calls: Any) -> None:
    found = section(calls, managers=("Дарья Южина",))
    assert all(b.total is None for b in found.blocks if isinstance(b, Table))
    maps = [t for t in tables(calls, managers=("Дарья Южина",)) if t and "Когда звонят" in t]
    assert maps == ["Когда звонят: Дарья Южина"]


def test_heat_maps_of_departments_add_up_to_the_calls_of_people(calls: Any) -> None:
    """Missed calls by weekday and hour; the company has those of nobody beside."""

    def missed(table: Table) -> int:
        cells = (str(cell.value) for row in table.rows for cell in row[1:])
        return sum(int(re.sub(r"\D", "", value) or 0) for value in cells)

    found = tables(calls, by=("department",))
    own = {t: missed(table) for t, table in found.items() if t and "Когда" in t}
    assert list(own) == ["Когда звонят: Отдел входящих", "Когда звонят: Отдел продаж"]
    everybody = tuple(m.name for m in calls.data.roster.managers)
    maps = tables(calls, managers=everybody)
    people = [missed(table) for t, table in maps.items() if t and "Когда" in t]
    assert len(people) > 5
    assert sum(own.values()) == sum(people)
    whole = missed(tables(calls)["Когда звонят"])
    frame = calls.data.calls
    window = frame["called_at"] >= calls.data.as_of - pd.Timedelta(days=120)
    nobody = frame["manager"].isna() & frame["direction"].eq("in") & frame["outcome"].ne("success")
    assert whole - sum(own.values()) == int((nobody & window & ~frame["internal"]).sum())


def test_the_trends_of_the_section(calls: Any) -> None:
    table = tables(calls)["Звонки по периодам"]
    assert [row[0].value for row in table.rows] == [
        "Звонков", "Разговоров", "Без результата", "Без сделки", "Сделок на 10", "Ответили",
        "Пропущено", "Перезвонили в срок", "Сделок без звонка", "Первый звонок в срок", "Касаний",
    ]  # fmt: skip
    by_name = {row[0].value: row for row in table.rows}
    assert [c.value for c in by_name["Звонков"][2:]] == [232, 138, "+94"]
    assert (by_name["Звонков"][4].mark, by_name["Звонков"][4].tone) == ("▲", "good")
    assert by_name["Без результата"][4].tone == "bad"  # of less is better
    assert by_name["Пропущено"][4].mark is None
    assert (by_name["Сделок на 10"][2].unit, by_name["Сделок на 10"][4].value) == ("ratio", "+0,1")
    assert all(len(row[1].value) == 12 for row in table.rows)
    (people,) = [b for b in section(calls).blocks if isinstance(b, Table) and b.title is None]
    assert {row[0].value for row in people.rows} >= {"Дарья Южина", "Лев Рощин"}
    daria = next(row for row in people.rows if row[0].value == "Дарья Южина")
    assert str(daria[3].value).endswith("65\u00a0%")


def test_trends_of_one_manager_and_of_two(calls: Any) -> None:
    table = tables(calls, managers=("Дарья Южина",))["Звонки по периодам"]
    assert table.rows[0][2].value == 42
    two = tables(calls, managers=("Дарья Южина", "Лев Рощин"))["Звонки по периодам"]
    assert {row[0].value for row in two.rows} == {"Дарья Южина", "Лев Рощин"}


def test_not_in_a_report_without_calls(sample: Callable[[str], Any]) -> None:
    report = build_report(sample("amocrm"), "ru", Choice())
    assert "calls" not in {s.id for s in report.sections}


def test_asked_for_without_calls_it_says_what_is_needed(sample: Callable[[str], Any]) -> None:
    found = section(sample("amocrm"))
    (line,) = found.blocks
    assert line.tone == "muted"
    assert line.text.startswith("Не оценено: Звонки")


def test_old_tables_without_the_figures_are_no_error(calls: Any) -> None:
    """A version that does not compute a figure leaves its column out."""
    kept = calls.metrics[~calls.metrics["metric"].isin(["calls_without_deal", "calls_at_stage"])]
    found = tables(replace(calls, metrics=kept))
    assert "Без сделки" not in [c.title for c in found["Кто говорит и заводит"].columns]
    assert "Звонков на сделку, пока она на этапе" not in found
