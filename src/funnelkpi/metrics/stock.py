"""Stock: how many deals stand in each stage now, and for how much."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Columns, distinct, length, taken
from funnelkpi.metrics._deals import cents
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._scopes import fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import MAX_STAGE_UNKNOWN, Dataset
from funnelkpi.model.funnel import StageKind

DEALS_IN_STAGE = MetricSpec(
    "deals_in_stage", "count", better="neither", level="stage", needs=("stage",)
)
AMOUNT_IN_STAGE = MetricSpec(
    "amount_in_stage", "money", better="neither", level="stage", needs=("stage", "amount")
)
SPECS = (DEALS_IN_STAGE, AMOUNT_IN_STAGE)

STOCK_KINDS = (StageKind.INCOMING, StageKind.OPEN, StageKind.PARKED)
"""Stages in which a deal waits: Неразобранное and postponed deals stand apart in rows of their
own."""

_KEYS = ["slice", "pipeline", "stage"]


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """The deals that stand in an incoming, open or parked stage at ``as_of``.

    Columns: deal, manager, pipeline, stage, amount, currency (codes). Deals whose stage at an
    earlier ``as_of`` is unknown are left out; above 5 % of them there are no facts at all.
    """
    return pd.DataFrame(_facts(index or Index(data)))


def _facts(index: Index) -> Columns:
    data = index.data
    waits = np.array([s.kind in STOCK_KINDS for s in data.funnel.stages] + [False])
    here = waits[index.deals.codes("stage")] & ~index.deals.stage_unknown
    if data.stage_unknown_share > MAX_STAGE_UNKNOWN:
        here &= False
    return index.deals.facts(np.flatnonzero(here), "stage", "amount", "currency")


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows per stage: the count, and the sum per currency (n: deals with an amount).

    Every listed manager has a row for every open stage of a pipeline that holds a deal, 0 if none.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    data = index.data
    if data.stage_unknown_share > MAX_STAGE_UNKNOWN:
        return [not_evaluated(spec, index, view, "history_for_as_of") for spec in SPECS]
    rows = index.slices(view.by).applied(_facts(index))
    rows["n"] = np.ones(length(rows), np.int64)
    rows["cents"], rows["filled"] = cents(rows["amount"])
    table = fine(rows, [*_KEYS, "currency"], ["cents", "filled", "n"])
    grid = _grid(data, table)
    count = summed(table, index, _KEYS, ["n"], grid)
    count["value"] = count["n"]
    about = {"definition": "deals_in_stage", "evidence": "snapshot"}
    out = [long_rows(count, DEALS_IN_STAGE, index, view, **about)]
    if "amount" not in data.available:
        return [*out, not_evaluated(AMOUNT_IN_STAGE, index, view, "amount")]
    seen = distinct(taken(table, table["slice"] == UNSLICED), ["pipeline", "currency"])
    sums = summed(
        table, index, [*_KEYS, "currency"], ["cents", "filled"], _with_currencies(grid, seen)
    )
    sums["value"], sums["n"] = sums["cents"] / 100, sums["filled"]
    about = {"definition": "amount_in_stage", "evidence": "snapshot"}
    return [*out, long_rows(sums, AMOUNT_IN_STAGE, index, view, **about)]


def _grid(data: Dataset, table: Columns) -> Columns:
    """Open stages of the pipelines that hold a deal."""
    used = set(table["pipeline"].tolist())
    places = [
        (data.funnel.pipeline_code[s.pipeline], code)
        for code, s in enumerate(data.funnel.stages)
        if s.kind is StageKind.OPEN and data.funnel.pipeline_code[s.pipeline] in used
    ]
    pipeline, stage = np.array(places, dtype=np.int16).reshape(-1, 2).T
    return {"pipeline": pipeline, "stage": stage, "slice": np.full(len(places), UNSLICED)}


def _with_currencies(grid: Columns, seen: Columns) -> Columns:
    """The places of ``grid`` with each currency seen in their pipeline."""
    place, pair = np.nonzero(grid["pipeline"][:, None] == seen["pipeline"])
    return {**taken(grid, place), "currency": seen["currency"][pair]}
