"""Meetings, tasks, people and companies: next steps, promises, facts, decision-makers, hand-overs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from funnelkpi.locale.catalogue import text
from funnelkpi.report.cells import NOTHING, count, name, share
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Line, Section, Table
from funnelkpi.report.evaluated import absent_lines, evaluated
from funnelkpi.report.figures import Row
from funnelkpi.report.money import decimal
from funnelkpi.report.people_table import (
    COMPANY,
    Figure,
    Who,
    not_by_pipelines,
    people_table,
    row_of,
    units,
)
from funnelkpi.report.texts import stage_title
from funnelkpi.report.trend_lines import trend_blocks

_Figure = tuple[str, str, Callable[[Row | None], Cell]]
"""Metric, catalogue key of the column, how its cell is made."""


def _count(row: Row | None) -> Cell:
    if row is None or row["value"] is None:
        low = None if row is None else row["bound_low"]
        return NOTHING if low is None else Cell(f"≥ {low:.0f}", tone="muted")
    return count(row["value"])


def _bad(row: Row | None) -> Cell:
    """A count that should be 0."""
    cell = _count(row)
    return count(cell.value, "warn") if isinstance(cell.value, int) and cell.value else cell


def _hours(row: Row | None) -> Cell:
    return NOTHING if row is None else Cell(row["value"], "hours")


def _share(row: Row | None) -> Cell:
    return share(row)


MEETINGS: tuple[_Figure, ...] = (
    ("meetings", "meetings", _count),
    ("first_meetings", "first_meetings", _count),
    ("meetings_with_next_step", "with_step", _share),
    ("next_step_share", "next_step", _share),
    ("promise_kept", "promise_kept", _share),
)
BASE: tuple[_Figure, ...] = (
    ("decision_makers", "decision_makers", _count),
    ("new_category_a", "category_a", _count),
    ("new_category_b", "category_b", _count),
    ("list_conversion", "list_conversion", _share),
    ("contact_to_client", "contact_to_client", _share),
)
TOGETHER: tuple[_Figure, ...] = (
    ("hand_overs", "hand_overs", _count),
    ("hand_over_delay", "hand_over_delay", _hours),
    ("hand_overs_dropped", "dropped", _bad),
    ("repeats", "repeats", _bad),
)
_TRENDS = (*MEETINGS, *BASE, *TOGETHER)
_OF_PEOPLE = ("meetings", "meetings_with_next_step", "promise_kept")
FACTS = ("facts_complete", "facts_overdue")
METRICS = tuple(m for m, _, _ in (*MEETINGS, *BASE, *TOGETHER)) + FACTS
"""Every figure of the section; it is shown where one of them is evaluated."""


def build(c: Context) -> Section:
    """A table of meetings and promises, one of facts by stage, one of the base, one of hand-overs; each
    only with the figures that the files give."""
    blocks: list[Table | Line] = []
    blocks += not_by_pipelines(c)
    blocks += _table(c, "meetings_title", MEETINGS)
    blocks += _groups(c)
    blocks += _facts(c)
    blocks += _table(c, "base_title", BASE)
    blocks += _table(c, "together_title", TOGETHER)
    blocks += _trends(c)
    blocks += absent_lines(c, METRICS)
    return Section("people", c.t("section_people"), tuple(blocks))


def _t(c: Context, key: str, **params: Any) -> str:
    return text(f"report_people.{key}", c.lang, **params)


def _trends(c: Context) -> list[Table | Line]:
    keys = [{"metric": metric, "title": _t(c, title)} for metric, title, _ in _TRENDS]
    of_people = [key for key in keys if key["metric"] in _OF_PEOPLE]
    return trend_blocks(c, _t(c, "trend_title"), keys, of_people)


def _table(c: Context, title: str, figures: Sequence[_Figure]) -> list[Table | Line]:
    """A row per manager, department and for the company; a column per figure that has values."""
    columns: list[Figure] = [(metric, _t(c, key), {}, cell) for metric, key, cell in figures]
    return people_table(c, _t(c, title), columns, fold=True)


def _groups(c: Context) -> list[Line]:
    """«Первые встречи: свой поиск 5, маркетинг 14», of the company."""
    names = c.analysis.settings.source_groups
    if not names or not evaluated(c, "first_meetings"):
        return []
    parts = []
    for group in (*names, ""):
        row = row_of(c, "first_meetings", COMPANY, slice=f"source_group={group}")
        if row is not None and row["value"]:
            label = group or _t(c, "no_group")
            parts.append(f"{label} {decimal(row['value'], 0, c.lang)}")
    return [Line(_t(c, "by_group", parts=", ".join(parts)))] if parts else []


def _facts(c: Context) -> list[Table | Line]:
    """A column per stage with facts, and below which fields are missing most."""
    places: list[tuple[str | None, str]] = []
    keys = {p.key for p in c.pipelines}
    for row in c.figures.all("facts_complete", scope="company"):
        place = (row["pipeline"], row["stage"])
        shown = row["pipeline"] in keys
        if row["verdict"] != "not_evaluated" and row["stage"] and shown and place not in places:
            places.append(place)
    late = evaluated(c, "facts_overdue")
    if not places and not late:
        return []
    titles = [stage_title(c.analysis.data.funnel, p, s) or s for p, s in places]
    columns = [Column(c.t("manager"), "left")]
    columns += [Column(_t(c, "facts_of", stage=x), priority=i) for i, x in enumerate(titles)]
    columns += [Column(_t(c, "facts_overdue"), priority=len(titles))] if late else []

    def line(label: str, who: Who) -> tuple[Cell, ...]:
        cells = [share(c.figures.one("facts_complete", **who, pipeline=p, stage=s))
                 for p, s in places]  # fmt: skip
        overdue = [r["value"] for r in c.figures.all("facts_overdue", **who)
                   if r["stage"] and r["value"] is not None and r["pipeline"] in keys]  # fmt: skip
        count_ = count(sum(overdue), "warn" if sum(overdue) else "plain")
        return (name(label), *cells, *([count_] if late else []))

    rows = tuple(line(*unit) for unit in units(c))
    total = None if c.choice.managers else line(c.t("company"), COMPANY)
    notes = tuple(_missing(c, p, s, x) for (p, s), x in zip(places, titles, strict=True))
    table = Table(_t(c, "facts_title"), tuple(columns), rows, total,
                  tuple(n for n in notes if n), continued=True)  # fmt: skip
    return [table]


def _missing(c: Context, pipeline: str | None, stage: str, title: str) -> str:
    """«КП отправлено: Цена подходит 72 %, Полномочия 65 %»: the company's share by field."""
    parts = []
    for row in c.figures.everything(("facts_complete",)):
        here = row["scope"] == "company" and (row["pipeline"], row["stage"]) == (pipeline, stage)
        sliced = row["slice"] or ""
        if here and sliced.startswith("field=") and row["value"] is not None:
            field = sliced.removeprefix("field=")
            parts.append(f"{field} {round(row['numerator'])}/{round(row['denominator'])}")
    return _t(c, "fields", stage=title, parts=", ".join(parts)) if parts else ""
