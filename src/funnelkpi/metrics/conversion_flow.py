"""Conversion as a flow: entries of t / entries of s in the same period.

It moves with the inflow (a week with many new deals looks bad), so it is never the headline.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics import entries
from funnelkpi.metrics._cohort import path_steps
from funnelkpi.metrics._columns import Columns, joined, length, taken
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._scopes import fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics._stages import exact
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.stats import share
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence

FLOW = MetricSpec("conversion_flow", "ratio", level="step", needs=("created_at",))
SPECS = (FLOW,)
_KEYS = ["slice", "pipeline", "stage", "to_stage"]


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """Entries of both ends of each step: deal, manager, pipeline, stage, to_stage, at, hit.

    hit is True for an entry of t, False for one of s; a deal that did both in the period has two
    rows.
    """
    return pd.DataFrame(_facts(index or Index(data), view))


def _facts(index: Index, view: View) -> Columns:
    steps, seen = _steps(index.data)[0], entries.found(index, view, entries.ENTRIES.id)
    parts = []
    for end, other, hit in (("stage", "to_stage", False), ("to_stage", "stage", True)):
        across = np.full(len(index.names.stages), -1, np.int16)  # the other end of a stage's step
        across[steps[end]] = steps[other]
        own = taken(seen, across[seen["stage"]] >= 0)
        here = own.pop("stage")
        ends = {end: here, other: across[here]}
        both = {"stage": ends["stage"], "to_stage": ends["to_stage"]}
        parts.append({**own, **both, "hit": np.full(len(here), hit)})
    return joined(parts)


def _steps(data: Dataset) -> tuple[Columns, dict[str, Columns]]:
    """Steps both of whose ends are dated, and the others by what they lack."""
    rows: dict[str, list[tuple[int, int, int]]] = {"": [], "stage_dates": [], "confirmed_order": []}
    for code, pipeline in enumerate(data.funnel.pipelines):
        for s, t in path_steps(pipeline):
            dated = exact(data, pipeline, s) and exact(data, pipeline, t)
            why = "confirmed_order" if not pipeline.confirmed else "" if dated else "stage_dates"
            rows[why].append((code, data.funnel.code[s.id], data.funnel.code[t.id]))
    names = ("pipeline", "stage", "to_stage")
    codes = {why: np.array(found, np.int16).reshape(-1, 3).T for why, found in rows.items()}
    steps = {why: dict(zip(names, ends, strict=True)) for why, ends in codes.items()}
    return steps.pop(""), steps


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows of conversion_flow, per step; a ratio, not a share: it can exceed 1."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    data = index.data
    steps, missing = _steps(data)
    out = []
    if length(steps):
        rows = index.slices(view.by).applied(_facts(index, view))
        rows = {**rows, "numerator": rows["hit"], "denominator": ~rows["hit"]}
        sums = ["numerator", "denominator"]
        grid = {**steps, "slice": np.full(length(steps), UNSLICED)}
        table = summed(fine(rows, _KEYS, sums), index, _KEYS, sums, grid)
        table["value"] = share(table["numerator"], table["denominator"])
        table["n"] = table["denominator"]
        level = np.array([Evidence[e.upper()] for e in entries.weakest(index, view)])
        words = np.array([e.label for e in Evidence], dtype=object)
        table["evidence"] = words[np.maximum(level[table["stage"]], level[table["to_stage"]])]
        out.append(long_rows(table, FLOW, index, view, definition=FLOW.id))
    for reason, pairs in missing.items():
        if length(pairs):
            out.append(not_evaluated(FLOW, index, view, reason, pairs))
    return out
