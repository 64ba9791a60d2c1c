"""Slices by hour and weekday: the numbers of the table, in the order of the day and the week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from funnelkpi.metrics.registry import compute
from funnelkpi.renderers.registry import render
from funnelkpi.report.analysis import Choice
from funnelkpi.report.build import build_report
from funnelkpi.report.document import Line, Table

BY = ("hour", "weekday")


@pytest.fixture(scope="module")
def cut(sample: Callable[[str], Any]) -> Any:
    analysis = sample("calls")
    view = replace(analysis.view, by=BY)
    return replace(analysis, view=view, metrics=compute(analysis.data, view).table)


def section(analysis: Any, lang: Any = "ru", **choice: Any) -> Any:
    asked = {"sections": ("slices",), "by": BY, **choice}
    (found,) = build_report(analysis, lang, Choice(**asked)).sections
    return found


def tables(analysis: Any, **choice: Any) -> list[Table]:
    return [b for b in section(analysis, **choice).blocks if isinstance(b, Table)]


def test_hours_and_weekdays_add_up_to_the_week(cut: Any) -> None:
    hour, weekday = tables(cut)
    assert [row[0].value for row in weekday.rows] == ["Пн", "Вт", "Ср", "Чт", "Пт"]
    labels = [row[0].value for row in hour.rows]
    assert labels == sorted(labels)
    assert labels[0] == "09:00"
    for table in (hour, weekday):
        titles = [c.title for c in table.columns]
        for title, whole in (("Звонков", 232), ("Разговоров", 144), ("Пропущено", 16),
                             ("Встреч", 19)):  # fmt: skip
            assert sum(row[titles.index(title)].value for row in table.rows) == whole
    answered = [row[3].note for row in weekday.rows]
    assert answered == ["14/21", "9/11", "15/21", "13/14", "11/11"]


def test_of_one_manager_and_by_department(cut: Any) -> None:
    (daria,) = tables(cut, managers=("Дарья Южина",), by=("hour",))
    assert daria.title == "Дарья Южина"
    assert sum(row[1].value for row in daria.rows) == 42
    found = tables(cut, by=("weekday", "department"))
    assert [t.title for t in found] == ["Отдел входящих", "Отдел продаж", None]


@pytest.mark.parametrize(("lang", "first"), [("ru", "Пн"), ("en", "Mon")])
def test_eighty_columns(cut: Any, lang: Any, first: str) -> None:
    report = build_report(cut, lang, Choice(sections=("slices",), by=("weekday",)))
    page = render(report, "terminal", width=80).decode().splitlines()
    assert all(len(line) <= 80 for line in page)
    assert any(line.startswith(first) for line in page)
    assert not any("Не поместились" in line or "Left out" in line for line in page)


def test_without_any_moment_it_says_so(sample: Callable[[str], Any]) -> None:
    (line,) = section(sample("amocrm"), by=("hour",)).blocks
    assert isinstance(line, Line)
    assert "ни звонков, ни встреч" in line.text
