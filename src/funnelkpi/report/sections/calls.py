"""Calls: who answers and enters, what became of missed calls, calls at stages, when calls come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from funnelkpi.locale.catalogue import text
from funnelkpi.metrics.leads import LINKS
from funnelkpi.metrics.touches import FIRST
from funnelkpi.model.calls import CLASSES
from funnelkpi.report.call_lists import call_lists
from funnelkpi.report.cells import NOTHING, count, name, of_base, share
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Line, Section, Table
from funnelkpi.report.evaluated import absent_lines, evaluated
from funnelkpi.report.figures import Row
from funnelkpi.report.heat_map import heat_maps
from funnelkpi.report.money import decimal
from funnelkpi.report.people_table import (
    COMPANY,
    MakeCell,
    Who,
    not_by_pipelines,
    people_table,
    row_of,
    units,
)
from funnelkpi.report.texts import stage_title
from funnelkpi.report.trend_lines import trend_blocks

_Figure = tuple[str, str, dict[str, Any], MakeCell]
"""Metric, catalogue key of the column, further conditions on the row, how its cell is made."""
_LONG = 120
"""Minutes from which hours are easier to read."""
FATES = ("in_time", "same_day", "later", "rang_again", "never", "pending", "no_number")
"""What happened first after a missed call; they add up to the missed calls."""


def _count(row: Row | None) -> Cell:
    return count(0 if row is None else row["value"])


def _never(row: Row | None) -> Cell:
    return count(0 if row is None else row["value"], "warn" if row and row["value"] else "plain")


def _ratio(row: Row | None) -> Cell:
    if row is None or row["value"] is None:
        return NOTHING
    note = None if not row["denominator"] else f"{_n(row['numerator'])}/{_n(row['denominator'])}"
    return Cell(row["value"], "ratio", note=note)


def _number(row: Row | None) -> Cell:
    return NOTHING if row is None else Cell(row["value"], "ratio")


def _n(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}"


def _minutes(row: Row | None) -> Cell:
    """Minutes, and hours from two on."""
    if row is None or row["value"] is None:
        return NOTHING
    if row["value"] >= _LONG:
        return Cell(row["value"] / 60, "hours")
    return Cell(row["value"], "minutes")


def _within(row: Row | None) -> Cell:
    """An estimate has no k of n."""
    if row is None or row["value"] is None:
        return NOTHING
    return Cell(row["value"], "share", note=f"n={round(row['n'])}")


WORK: tuple[_Figure, ...] = (
    ("calls", "calls", {}, _count),
    ("conversations", "conversations", {}, _count),
    ("calls_without_result", "without_result", {}, of_base),
    ("calls_without_deal", "without_deal", {}, of_base),
    ("deals_per_10_conversations", "per_10", {}, _number),
)
MISSED: tuple[_Figure, ...] = (
    ("answered_share", "answered", {}, share),
    ("missed_calls", "missed", {}, _count),
    *(("missed_calls", f"fate_{x}", {"slice": f"fate={x}"}, _never if x == "never" else _count)
      for x in FATES),
    ("time_to_callback", "callback", {"statistic": "median"}, _minutes),
)  # fmt: skip
FURTHER: tuple[_Figure, ...] = (
    ("deals_without_call", "deals_without_call", {}, of_base),
    ("first_response", "first_response", {"statistic": "median"}, _minutes),
    ("first_response", "first_within", {"statistic": "within_limit"}, _within),
    ("calls_per_meeting", "per_meeting", {}, _ratio),
    ("calls_per_won_deal", "per_won", {}, _ratio),
)
AT_STAGE = "calls_at_stage"
TRENDS = (
    ("calls", "calls"),
    ("conversations", "conversations"),
    ("calls_without_result", "without_result"),
    ("calls_without_deal", "without_deal"),
    ("deals_per_10_conversations", "per_10"),
    ("answered_share", "answered"),
    ("missed_calls", "missed"),
    ("time_to_callback", "called_back"),
    ("deals_without_call", "deals_without_call"),
    ("first_response", "first_in_time"),
    ("touches", "touches"),
)
"""The figures with a trend, and how the section calls them."""
_OF_PEOPLE = ("answered_share", "conversations", "calls_without_deal")
METRICS = (*dict.fromkeys(m for m, *_ in (*WORK, *MISSED, *FURTHER)), AT_STAGE, "touches")
"""Every figure of the section; it is shown where there are calls."""


def build(c: Context) -> Section:
    """Per manager: the work, the missed calls, first answers and calls at stages; the balance of all
    calls of the company; when calls come."""
    blocks: list[Table | Line] = []
    if evaluated(c, "calls"):
        blocks += not_by_pipelines(c)
        blocks += _balance(c)
        blocks += _table(c, "work_title", WORK, _work_note(c))
        blocks += _missed(c)
        blocks += _table(c, "further_title", FURTHER, _t(c, "further_note", **_limits(c)))
        blocks += _touches(c)
        blocks += _leads(c)
        blocks += _at_stage(c)
        blocks += _trends(c)
        # who rang and became no deal belongs to no pipeline
        if not c.narrowed:
            blocks += call_lists(c) if c.choice.sections else []
            blocks += heat_maps(c)
    blocks += absent_lines(c, METRICS)
    return Section("calls", c.t("section_calls"), tuple(blocks))


def _t(c: Context, key: str, **params: Any) -> str:
    return text(f"report_calls.{key}", c.lang, **params)


def _trends(c: Context) -> list[Table | Line]:
    keys = [{"metric": metric, "title": _t(c, title)} for metric, title in TRENDS]
    of_people = [key for key in keys if key["metric"] in _OF_PEOPLE]
    return trend_blocks(c, _t(c, "trend_title"), keys, of_people)


def _work_note(c: Context) -> str:
    return _t(c, "work_note_short" if c.narrowed else "work_note", **_limits(c))


def _limits(c: Context) -> dict[str, str]:
    calls = c.analysis.settings.calls
    return {
        "seconds": f"{calls.conversation_seconds}",
        "hours": decimal(calls.deal_within_hours, 0, c.lang),
        "minutes": decimal(calls.callback_minutes, 0, c.lang),
        "first": decimal(calls.first_response_minutes, 0, c.lang),
    }


def _table(c: Context, title: str, figures: Sequence[_Figure], note: str) -> list[Table | Line]:
    columns = [(metric, _t(c, key), more, cell) for metric, key, more, cell in figures]
    return people_table(c, _t(c, title), columns, (note,), others=_others(c))


def _others(c: Context) -> list[tuple[str, Who]]:
    """Whose calls are part of the company's and of no manager shown: a line's, those of people who
    are not in the list."""
    shown = {m.name for m in c.managers}
    names = dict.fromkeys(r["manager"] for r in c.figures.all("calls", scope="manager"))
    out: list[tuple[str, Who]] = []
    for each in names:
        who: Who = {"scope": "manager", "manager": each}
        row = row_of(c, "calls", who)
        if each not in shown and row is not None and row["value"]:
            out.append((each or _t(c, "nobody"), who))
    return out


def _missed(c: Context) -> list[Table | Line]:
    """Who is answered, and of the missed calls what happened first: only fates that occur."""
    seen = {
        row["slice"]
        for row in c.figures.everything(("missed_calls",))
        if row["scope"] == "company" and row["value"]
    }
    shown = [f for f in MISSED if f[2].get("slice") is None or f[2]["slice"] in seen]
    return _table(c, "missed_title", shown, _t(c, "missed_note", **_limits(c)))


def _at_stage(c: Context) -> list[Table | Line]:
    """A column per stage that has a norm of calls, else per stage with figures."""
    if not evaluated(c, AT_STAGE):
        return []
    norms = c.analysis.settings.calls.at_stage
    shown = {p.key for p in c.pipelines if p.entity == "deal"}
    places: list[tuple[str | None, str]] = []
    for row in c.figures.all(AT_STAGE, scope="company"):
        place = (row["pipeline"], row["stage"])
        fits = row["stage"] and row["pipeline"] in shown and row["value"] is not None
        if fits and (not norms or row["stage"] in norms) and place not in places:
            places.append(place)
    if not places:
        return []
    columns = [Column(c.t("manager"), "left")]
    for pipeline, stage in places:
        title = stage_title(c.analysis.data.funnel, pipeline, stage) or stage
        columns.append(Column(_t(c, "at_stage", stage=title)))
        columns += [Column(_t(c, "norm_met", norm=norms[stage]))] if stage in norms else []

    def line(label: str, who: Who) -> tuple[Cell, ...]:
        cells = []
        for pipeline, stage in places:
            where = {**who, "pipeline": pipeline, "stage": stage}
            days = c.figures.one(AT_STAGE, **where, statistic="median")
            cells.append(_against(days, norms.get(stage)))
            if stage in norms:
                cells.append(share(c.figures.one(AT_STAGE, **where, statistic="met")))
        return (name(label), *cells)

    rows = tuple(line(*unit) for unit in units(c))
    total = None if c.choice.managers else line(c.t("company"), COMPANY)
    notes = (_t(c, "at_stage_note"),)
    return [Table(_t(c, "at_stage_title"), tuple(columns), rows, total, notes, continued=True)]


def _against(row: Row | None, norm: float | None) -> Cell:
    """The median of a stage; below the norm it is marked."""
    if row is None or row["value"] is None:
        return NOTHING
    below = norm is not None and row["value"] < norm
    return Cell(row["value"], "ratio", "bad" if below else "plain")


def _touches(c: Context) -> list[Line]:
    """«Касаний 144; первых звонков новым клиентам 12, из них уже есть сделка или лид у 5»."""
    out = []
    who = [{"scope": "manager", "manager": m} for m in c.choice.managers] or [COMPANY]
    for each in who:
        row = row_of(c, "touches", each)
        if row is None or row["value"] is None:
            continue
        more = {key: row_of(c, "touches", each, slice=f"touch={key}") for key in FIRST}
        counts = {key: round(r["value"] or 0) for key, r in more.items() if r is not None}
        label = f"{each['manager']}: " if "manager" in each else ""
        known = [("touches_met", 3), ("touches_first", 2), ("touches_all", 0)]
        key = next(key for key, least in known if len(counts) >= least)
        out.append(Line(label + _t(c, key, n=round(row["value"]), **counts)))
    return out


def _leads(c: Context) -> list[Line]:
    """«Лидов создано 21, стали сделками 8 (по номеру лида 6)», of the company."""
    if c.choice.managers or not evaluated(c, "leads_created"):
        return []
    made, became = (_of_leads(c, metric) for metric in ("leads_created", "leads_converted"))
    if made is None or became is None:
        return []
    links = {link: _of_leads(c, "leads_converted", slice=f"link={link}") for link in LINKS}
    parts = [_t(c, f"deal_by_{link}", n=round(n)) for link, n in links.items() if n]
    told = _t(c, "leads", made=round(made), became=round(became))
    return [Line(told + (f" ({', '.join(parts)})" if parts else "") + ".")]


def _of_leads(c: Context, metric: str, **where: Any) -> float | None:
    """The figure over the shown pipelines of leads; None: there are none."""
    leads = {p.key for p in c.pipelines if p.entity == "lead"}
    rows = [r for r in c.figures.all(metric, **COMPANY, **where) if r["pipeline"] in leads]
    return sum(r["value"] or 0 for r in rows) if leads and (rows or where) else None


def _balance(c: Context) -> list[Line]:
    """«231 = 180 к сделке + 12 …»: the classes of all calls add up to them."""
    if c.choice.managers:
        return []
    whole = row_of(c, "calls", COMPANY)
    if whole is None or whole["value"] is None:
        return []
    parts, left = [], round(whole["value"])
    for klass in CLASSES:
        row = row_of(c, "calls_matching", COMPANY, slice=f"class={klass}")
        if row is not None and row["value"]:
            left -= round(row["value"])
            parts.append(_t(c, f"class_{klass}", n=round(row["value"])))
    if not parts:
        return []
    if left:
        parts.append(_t(c, "class_rest", n=left))
    return [Line(_t(c, "balance", n=round(whole["value"]), parts=" + ".join(parts)))]
