"""Tables per manager, department and company: which pipeline a figure is taken of, and who has a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from funnelkpi.config.bundled import root
from funnelkpi.config.load import load_settings
from funnelkpi.metrics.result import COLUMNS
from funnelkpi.pipeline import Request, analyze
from funnelkpi.report.analysis import Choice
from funnelkpi.report.build import build_report
from funnelkpi.report.cells import NOTHING
from funnelkpi.report.document import Line, Section, Table
from funnelkpi.report.figures import Figures
from funnelkpi.report.people_table import row_of


@pytest.fixture(scope="module")
def calls(sample: Callable[[str], Any]) -> Any:
    return sample("calls")


def section(analysis: Any, name: str, **choice: Any) -> Section:
    report = build_report(analysis, "ru", Choice(sections=(name,), **choice))
    (found,) = (s for s in report.sections if s.id == name)
    return found


def tables(found: Section) -> list[Table]:
    return [b for b in found.blocks if isinstance(b, Table)]


class Asked:
    """As much of a context as ``row_of`` asks for."""

    def __init__(self, *pipelines: str, only: str | None = None) -> None:
        self.choice = Choice(pipelines=pipelines)
        self.main_pipeline = pipelines[0] if len(pipelines) == 1 else only
        rows = [("sales", "value", 3), ("sales", "median", 7), (None, "value", 5)]
        base = dict.fromkeys(COLUMNS)
        self.figures = Figures(
            pd.DataFrame(
                [
                    {**base, "metric": "calls", "scope": "company", "pipeline": p, "statistic": s,
                     "value": v}
                    for p, s, v in rows
                ]
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "where", "value"),
    [
        (Asked(), {}, 5),
        (Asked("sales"), {}, 3),
        (Asked("sales"), {"statistic": "median"}, 7),
        (Asked("service"), {}, None),  # not that of all pipelines together
        (Asked("sales", "service"), {}, None),
        (Asked(only="sales"), {"statistic": "median"}, 7),  # a funnel of one pipeline
        (Asked(), {"statistic": "median"}, None),
    ],
)
def test_the_figure_of_the_pipeline_asked_for(asked: Any, where: Any, value: Any) -> None:
    row = row_of(asked, "calls", {"scope": "company"}, **where)
    assert (row and row["value"]) == value


def test_a_report_of_one_pipeline_has_only_its_calls(calls: Any) -> None:
    found = section(calls, "calls", pipelines=("sales",))
    (balance,) = [b.text for b in found.blocks if isinstance(b, Line) and " = " in b.text]
    assert "прочих" not in balance
    titles = {c.title for t in tables(found) for c in t.columns}
    assert {"Звонков", "Пропущено"} <= titles
    assert not {"Без сделки", "Сделок на 10"} & titles  # they belong to no pipeline
    missed = next(t for t in tables(found) if "Пропущено" in {c.title for c in t.columns})
    for row in (*missed.rows, missed.total or ()):
        assert sum(c.value or 0 for c in row[3:-1]) == row[2].value


def test_of_several_pipelines_the_section_says_why_it_is_empty(calls: Any) -> None:
    found = section(calls, "calls", pipelines=("sales", "service"))
    assert "Назовите одну" in found.blocks[0].text  # type: ignore[union-attr]
    titles = {t.columns[1].title for t in tables(found)}
    assert titles <= {"Договор и счёт"}  # a stage is of one pipeline anyway


def test_rows_of_departments_and_of_nobody(calls: Any) -> None:
    work, missed, further = tables(section(calls, "calls"))[:3]
    assert [row[0].value for row in work.rows][-3:] == [
        "Без сотрудника", "Отдел входящих", "Отдел продаж",
    ]  # fmt: skip
    assert "Без сотрудника" in {row[0].value for row in missed.rows}
    for row in further.rows:  # a row of dashes says nothing of nobody
        assert row[0].value != "Без сотрудника" or any(c != NOTHING for c in row[1:])
    one = tables(section(calls, "calls", managers=("Захар Ильин",)))[0]
    assert [row[0].value for row in one.rows] == ["Захар Ильин"]
    assert one.total is None


def test_one_department_is_the_company(calls: Any) -> None:
    roster = calls.data.roster
    managers = tuple(replace(m, department="Продажи") for m in roster.managers)
    data = replace(calls.data, roster=replace(roster, managers=managers))
    alone = replace(calls, assembled=replace(calls.assembled, dataset=data))
    work = tables(section(alone, "people"))[0]
    assert "Продажи" not in {row[0].value for row in work.rows}


def test_slices_by_hour_of_one_pipeline_hold_its_calls_alone(calls: Any) -> None:
    folder = root() / "sample_data" / "calls"
    asked = Request((folder,), load_settings(folder / "funnelkpi.yaml"), by=("hour",))
    analysis = analyze(asked)

    def column(*pipelines: str) -> list[Any]:
        choice = Choice(sections=("slices",), by=("hour",), pipelines=pipelines)
        (found,) = (s for s in build_report(analysis, "ru", choice).sections if s.id == "slices")
        (table,) = [b for b in found.blocks if isinstance(b, Table)] or [None]
        if table is None:
            return [b.text for b in found.blocks if isinstance(b, Line)]
        place = [c.title for c in table.columns].index("Звонков")
        return [row[place].value for row in table.rows]

    whole = {
        r["pipeline"]: r["value"] for r in Figures(analysis.metrics).all("calls", scope="company")
    }
    assert sum(column("service")) == whole["service"]
    assert sum(column("sales")) == whole["sales"]
    assert sum(column()) == whole[None]
    assert any("Назовите одну" in line for line in column("service", "sales"))


def test_the_head_says_that_totals_are_of_all_pipelines(calls: Any) -> None:
    def head(*pipelines: str) -> str:
        report = build_report(calls, "en", Choice(pipelines=pipelines))
        return " ".join(line.text for line in report.head)

    assert "no sums of several pipelines" in head("sales", "leads")
    assert "no sums" not in head("sales")
    assert "no sums" not in head(*(p.key for p in calls.data.funnel.pipelines))
