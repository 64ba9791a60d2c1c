"""From facts (one row per deal that counts) to rows per company, department, role and manager.

Totals come from sums of the facts, never from a mean of rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from funnelkpi.metrics._columns import Columns, coded, firsts, grouped, joined, length, taken
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics.result import COLUMNS, Part
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset


def fine(facts: Columns, keys: Sequence[str], sums: Sequence[str]) -> Columns:
    """Sums of the whole numbers ``sums`` by manager and ``keys``, in their order.

    Exact below 2**53, so that no order of rows changes a sum.
    """
    by = ["manager", *keys]
    (code,), size = coded([facts], by)
    found, place = grouped(code, size)
    out = taken({k: facts[k] for k in by}, firsts(place, len(found)))
    for name in sums:
        added = np.bincount(place, weights=facts[name], minlength=len(found))
        out[name] = added.astype(np.int64)
    return out


def summed(
    table: Columns,
    index: Index,
    keys: Sequence[str],
    sums: Sequence[str],
    grid: Columns | None = None,
) -> Columns:
    """Sums of ``sums`` by unit and ``keys``: who (a unit of ``Names``), keys, sums, in this order.

    table: facts, or their sums by manager (``fine``). grid: combinations of ``keys`` (one row each)
    that every listed manager gets a row for, 0 if nothing counted: a manager without a single deal
    must be seen.
    """
    keys, sums = list(keys), list(sums)
    own = {name: table[name] for name in ("manager", *keys, *sums)}
    if grid is not None and length(grid):
        own = joined([own, _zeros(index.data, keys, sums, grid)])
    names = index.names
    units = names.units[:, own["manager"]]
    rows = np.tile(np.arange(units.shape[1]), len(units))[units.ravel() >= 0]
    who = units.ravel()[units.ravel() >= 0]
    (place,), places = coded([own], keys)
    found, cell = grouped(who * places + place[rows], len(names.scope) * places)
    order = np.argsort(cell, kind="stable")
    begin = np.searchsorted(cell[order], np.arange(len(found)))
    out = {"who": who[order][begin], **taken({k: own[k] for k in keys}, rows[order][begin])}
    values = np.array([own[name] for name in sums], dtype=np.int64)[:, rows[order]]
    added = np.add.reduceat(values, begin, axis=1) if len(found) else values[:, :0]
    return {**out, **dict(zip(sums, added, strict=True))}


def _zeros(data: Dataset, keys: list[str], sums: list[str], grid: Columns) -> Columns:
    listed = [i for i, m in enumerate(data.roster.managers) if m.listed] or [-1]
    size = length(grid)
    return {
        "manager": np.repeat(listed, size),
        **{k: np.tile(grid[k], len(listed)) for k in keys},
        **{s: np.zeros(len(listed) * size, np.int64) for s in sums},
    }


def all_pipelines(facts: Columns, data: Dataset) -> Columns:
    """``facts`` per pipeline, and again with pipeline -1 (all deal pipelines together) if several.

    Leads are rows of a pipeline of their own and are not part of the total.
    """
    pipelines = data.funnel.pipelines
    if len(pipelines) == 1 and pipelines[0].entity == "deal":
        return facts
    # the last one, for code -1: deals of no known pipeline stand in the total only
    of_deals = np.array([*(p.entity == "deal" for p in pipelines), True])
    total = taken(facts, of_deals[facts["pipeline"]])
    total["pipeline"] = np.full(length(total), -1, np.int16)
    return joined([taken(facts, facts["pipeline"] >= 0), total])


def long_rows(table: Columns, spec: MetricSpec, index: Index, view: View, **fixed: Any) -> Part:
    """``table`` (codes in who, pipeline, stage, to_stage, slice and currency; values) as long rows.

    fixed: further columns, as one value or one per row. Without ``who`` the rows are the company's.
    """
    names = index.names
    out: dict[str, Any] = {
        "metric": spec.id,
        "unit": spec.unit,
        "statistic": "value",
        "scope": "company",
        "period_start": view.period.start,
        "period_end": view.period.end,
        **{name: values for name, values in table.items() if name in COLUMNS},
    }
    if "who" in table:
        units = {"scope": names.scope, "department": names.department}
        units |= {"role": names.role, "manager": names.manager}
        out |= {name: texts[table["who"]] for name, texts in units.items()}
    if "currency" in table:
        out["currency"] = names.currencies[table["currency"]]
    for name, texts in (
        ("pipeline", names.pipelines),
        ("stage", names.stages),
        ("to_stage", names.stages),
        ("slice", index.slices(view.by).names),
    ):
        if name in table and table[name].dtype != object:
            out[name] = texts[table[name]]
    return Part(length(table), {**out, **fixed})


def not_evaluated(
    spec: MetricSpec, index: Index, view: View, reason: str, rows: Columns | None = None
) -> Part:
    """A row (or ``rows``, with codes) that says the figure is not evaluated and what would give it.

    reason: key under ``metrics.needs`` of the catalogue, put into ``definition``.
    """
    table = {"slice": np.array([UNSLICED])} if rows is None else rows
    about = {"definition": f"needs.{reason}", "verdict": "not_evaluated"}
    return long_rows(table, spec, index, view, **about)
