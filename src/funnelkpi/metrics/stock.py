"""Stock: how many deals stand in each stage now, and for how much."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._scopes import long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED, sliced
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


def facts(data: Dataset, view: View, metric: str) -> pd.DataFrame:
    """The deals that stand in an incoming, open or parked stage at ``as_of``.

    Columns: deal, manager, pipeline, stage, amount, currency (codes). Deals whose stage at an
    earlier ``as_of`` is unknown are left out; above 5 % of them there are no facts at all.
    """
    deals = data.deals
    waits = np.array([s.kind in STOCK_KINDS for s in data.funnel.stages] + [False])
    stage = deals["stage"].cat.codes.to_numpy()
    here = waits[stage] & ~deals["stage_unknown"].to_numpy().astype(bool)
    if data.stage_unknown_share > MAX_STAGE_UNKNOWN:
        here &= False
    rows = np.flatnonzero(here)
    return pd.DataFrame(
        {
            "deal": rows.astype(np.int32),
            "manager": deals["manager"].cat.codes.to_numpy()[rows].astype(np.int32),
            "pipeline": deals["pipeline"].cat.codes.to_numpy()[rows].astype(np.int16),
            "stage": stage[rows].astype(np.int16),
            "amount": deals["amount"].to_numpy()[rows],
            "currency": deals["currency"].cat.codes.to_numpy()[rows].astype(np.int16),
        }
    )


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows per stage: the count, and the sum per currency (n: deals with an amount).

    Every listed manager has a row for every open stage of a pipeline that holds a deal, 0 if none.
    """
    if data.stage_unknown_share > MAX_STAGE_UNKNOWN:
        parts = [not_evaluated(spec, data, view, "history_for_as_of") for spec in SPECS]
        return pd.concat(parts, ignore_index=True)
    rows = sliced(facts(data, view, "deals_in_stage"), data, view)
    # Kopecks as integers: a sum that does not depend on the order of rows.
    amount = rows["amount"].to_numpy()
    rows["cents"] = np.where(np.isnan(amount), 0, np.round(amount * 100)).astype(np.int64)
    rows["filled"] = (~np.isnan(amount) & (amount != 0)).astype(np.int64)
    rows["n"] = 1
    fine = rows.groupby(["manager", *_KEYS, "currency"], sort=True)[["cents", "filled", "n"]].sum()
    fine = fine.reset_index()
    grid = _grid(data, fine)
    count = summed(fine, data, _KEYS, ["n"], grid)
    count["value"] = count["n"]
    out = long_rows(
        count, DEALS_IN_STAGE, data, view, definition="deals_in_stage", evidence="snapshot"
    )
    if "amount" not in data.available:
        missing = not_evaluated(AMOUNT_IN_STAGE, data, view, "amount")
        return pd.concat([out, missing], ignore_index=True)
    seen = fine.loc[fine["slice"] == UNSLICED, ["pipeline", "currency"]].drop_duplicates()
    sums = summed(
        fine, data, [*_KEYS, "currency"], ["cents", "filled"], grid.merge(seen, on="pipeline")
    )
    sums["value"], sums["n"] = sums["cents"] / 100, sums["filled"]
    currencies = np.array([*data.deals["currency"].cat.categories, None], dtype=object)
    sums["currency"] = currencies[sums["currency"].to_numpy(dtype=np.int64)]
    money = long_rows(
        sums, AMOUNT_IN_STAGE, data, view, definition="amount_in_stage", evidence="snapshot"
    )
    return pd.concat([out, money], ignore_index=True)


def _grid(data: Dataset, fine: pd.DataFrame) -> pd.DataFrame:
    """Open stages of the pipelines that hold a deal."""
    used = set(fine["pipeline"].unique())
    places = [
        (data.funnel.pipeline_code[s.pipeline], code)
        for code, s in enumerate(data.funnel.stages)
        if s.kind is StageKind.OPEN and data.funnel.pipeline_code[s.pipeline] in used
    ]
    grid = pd.DataFrame(places, columns=["pipeline", "stage"]).astype("int16")
    return grid.assign(slice=UNSLICED)
