"""Calls, meetings and tasks by the hour of the day or the weekday they came at (``--by hour``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from funnelkpi.locale.catalogue import text
from funnelkpi.report.cells import count, name, of_base, share
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Line, Table
from funnelkpi.report.evaluated import evaluated
from funnelkpi.report.figures import Row
from funnelkpi.report.people_table import not_by_pipelines

MOMENTS = ("hour", "weekday")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Who = dict[str, Any]
_COUNTED = ("calls", "missed_calls", "meetings", "promise_kept")
"""Their rows make the lines: what has none of them stands in no line."""
_FIGURES = (
    ("calls", "report_calls.calls"),
    ("conversations", "report_calls.conversations"),
    ("answered_share", "report_calls.answered"),
    ("missed_calls", "report_calls.missed"),
    ("calls_without_deal", "report_calls.without_deal"),
    ("meetings", "report_people.meetings"),
    ("promise_kept", "report_people.promise_kept"),
)


def whose(c: Context) -> list[tuple[str | None, Who]]:
    """Whom the tables are about: the managers asked for, else the departments or managers that are a
    slice beside, else the company (without a name)."""
    if c.choice.managers:
        return [(m.name, _manager(m.name)) for m in c.managers]
    if "department" in c.choice.by:
        every = c.analysis.data.roster.departments
        return [(d, {"scope": "department", "department": d}) for d in every]
    if "manager" in c.choice.by:
        return [(m.name, _manager(m.name)) for m in c.managers]
    return [(None, {"scope": "company"})]


def _manager(name_: str) -> Who:
    return {"scope": "manager", "manager": name_}


def moment_tables(c: Context, dimension: str) -> list[Table | Line]:
    """A table per subject (``whose``), a line per hour or weekday at which anything was counted."""
    shown = [(metric, key) for metric, key in _FIGURES if evaluated(c, metric)]
    rows = _rows(c, dimension, [metric for metric, _ in shown])
    columns = (
        Column(c.t(f"by_{dimension}"), "left"),
        *(Column(text(key, c.lang), priority=i) for i, (_, key) in enumerate(shown)),
    )
    tables: list[Table | Line] = []
    for title, who in whose(c):
        own = rows.get(_place(who), {})
        places = {place for (metric, place), row in own.items() if metric in _COUNTED and row["n"]}
        # what has a day and no hour comes last
        lines = tuple(
            (
                name(_label(c, dimension, place)),
                *(_cell(own.get((metric, place)), metric) for metric, _ in shown),
            )
            for place in sorted(places, key=lambda p: (not p, p))
        )
        if lines:
            tables.append(Table(title, columns, lines))
    if not tables and (why := not_by_pipelines(c)):
        return [*why]
    note = text("report_calls.moment_note", c.lang, zone=c.analysis.settings.time_zone)
    missing = c.t("slice_no_moments", dimension=c.t(f"by_{dimension}"))
    return [*tables, Line(note, "muted")] if tables else [Line(missing, "muted")]


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["scope"], row.get(row["scope"]))


def _rows(
    c: Context, dimension: str, metrics: Iterable[str]
) -> dict[tuple[Any, ...], dict[tuple[str, str], Row]]:
    """Whose -> figure and hour or weekday -> its row: of the one pipeline asked for, else of all."""
    prefix = f"{dimension}="
    out: dict[tuple[Any, ...], dict[tuple[str, str], Row]] = {}
    asked = c.choice.pipelines
    if len(asked) > 1:
        return {}
    wanted = asked or (None, c.main_pipeline)  # the later one wins
    for row in c.figures.everything(metrics):
        cut = row["slice"] or ""
        if not cut.startswith(prefix) or row["statistic"] != "value":
            continue
        if row["pipeline"] not in wanted:
            continue
        own = out.setdefault(_place(row), {})
        key = (row["metric"], cut.removeprefix(prefix))
        if key not in own or row["pipeline"] == c.main_pipeline:
            own[key] = row
    return out


def _label(c: Context, dimension: str, place: str) -> str:
    if not place:
        return c.t("slice_none")
    if dimension == "weekday":
        return text(f"report_calls.day_{DAYS[int(place) - 1]}", c.lang)
    return f"{place}:00"


def _cell(row: Row | None, metric: str) -> Cell:
    if metric in ("answered_share", "promise_kept"):
        return share(row)
    if metric == "calls_without_deal":
        return of_base(row)
    if row is None:
        return count(0)
    if row["value"] is None and row["bound_low"] is not None:
        return Cell(f"\u2265 {row['bound_low']:.0f}", tone="muted")
    return count(row["value"])
