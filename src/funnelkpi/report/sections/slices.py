"""Slices (``--by``): results by source, tag, month, department or any column of the export; calls,
meetings and tasks by hour and weekday."""

from __future__ import annotations

from typing import Any

from funnelkpi.report.cells import count, days, money, name, share
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Line, Section, Table
from funnelkpi.report.moment_slices import MOMENTS, moment_tables

PEOPLE = ("manager", "department", "role")
SCOPES = (*PEOPLE, "pipeline")
"""Dimensions every figure has anyway; the others are the long table's ``slice``."""


def build(c: Context) -> Section:
    """A table per dimension asked for."""
    if not c.choice.by:
        return Section("slices", c.t("section_slices"), (Line(c.t("slices_ask"), "muted"),))
    blocks: list[Table | Line] = []
    for dimension in c.choice.by:
        blocks += moment_tables(c, dimension) if dimension in MOMENTS else [_table(c, dimension)]
    return Section("slices", c.t("section_slices"), tuple(blocks))


def _table(c: Context, dimension: str) -> Table | Line:
    groups = _groups(c, dimension)
    if not groups:
        return Line(c.t("slice_empty", dimension=_title(c, dimension)), "muted")
    columns = (
        Column(_title(c, dimension), "left"),
        Column(c.t("created")),
        Column(c.t("won")),
        Column(c.t("lost"), priority=3),
        *(Column(c.t("won_amount_in", currency=x), priority=1) for x in c.currencies),
        Column(c.t("win_rate"), priority=2),
        Column(c.t("created_to_won"), priority=4),
        Column(c.t("open"), priority=5),
        Column(c.t("time_to_close"), priority=6),
    )
    rows = tuple(_row(c, title, where) for title, where in groups)
    notes = (c.t("slices_overlap"),) if dimension == "tag" else ()
    return Table(None, columns, rows, notes=notes)


def _title(c: Context, dimension: str) -> str:
    key = f"by_{dimension}"
    return c.t(key) if c.has(key) else dimension


def _groups(c: Context, dimension: str) -> list[tuple[str, dict[str, Any]]]:
    """Title and long-table place of every group of one dimension, the largest first."""
    if dimension in PEOPLE:
        names = [m.name for m in c.managers]
        if dimension != "manager":
            roster = c.analysis.data.roster
            names = list(roster.departments if dimension == "department" else roster.roles)
        where = {"pipeline": c.main_pipeline, "slice": None, "scope": dimension}
        return [(n, {**where, dimension: n}) for n in names]
    if dimension == "pipeline":
        where = {"scope": "company", "slice": None}
        return [(c.pipeline_title(p), {**where, "pipeline": p.key}) for p in c.pipelines]
    prefix = f"{dimension}="
    weights: dict[str, float] = {}
    for row in c.figures.everything(("deals_created", "won", "lost", "open_deals")):
        if row["scope"] == "company" and row["pipeline"] == c.main_pipeline:
            text = str(row["slice"] or "")
            if text.startswith(prefix):
                weights[text] = weights.get(text, 0) + (row["value"] or 0)
    order = (
        sorted(weights) if dimension == "month" else sorted(weights, key=lambda s: (-weights[s], s))
    )
    base = {"scope": "company", "pipeline": c.main_pipeline}
    return [(s.removeprefix(prefix) or c.t("slice_none"), {**base, "slice": s}) for s in order]


def _row(c: Context, title: str, where: dict[str, Any]) -> tuple[Cell, ...]:
    f = c.figures
    sums = [f.value("won_amount", **where, currency=x) for x in c.currencies]
    return (
        name(title),
        count(f.value("deals_created", **where) or 0),
        count(f.value("won", **where) or 0),
        count(f.value("lost", **where) or 0),
        *(money(v or 0.0, x) for v, x in zip(sums, c.currencies, strict=True)),
        share(f.one("win_rate", **where, statistic="window"), bar=True),
        share(f.one("created_to_won", **where, statistic="value")),
        count(f.value("open_deals", **where) or 0),
        days(f.value("time_to_close", **where, statistic="median")),
    )
