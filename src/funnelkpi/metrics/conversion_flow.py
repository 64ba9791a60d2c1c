"""Conversion as a flow: entries of t / entries of s in the same period.

It moves with the inflow (a week with many new deals looks bad), so it is never the headline.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics import entries
from funnelkpi.metrics._cohort import path_steps
from funnelkpi.metrics._scopes import long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED, sliced
from funnelkpi.metrics._stages import exact
from funnelkpi.metrics.result import conform, empty
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.stats import share
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

FLOW = MetricSpec("conversion_flow", "ratio", level="step", needs=("created_at",))
SPECS = (FLOW,)
_KEYS = ["slice", "pipeline", "stage", "to_stage"]
_COLUMNS = ["pipeline", "stage", "to_stage"]


def facts(data: Dataset, view: View, metric: str) -> pd.DataFrame:
    """Entries of both ends of each step: deal, manager, pipeline, stage, to_stage, at, hit.

    hit is True for an entry of t, False for one of s; a deal that did both in the period has two
    rows.
    """
    found = entries.facts(data, view, entries.ENTRIES.id)
    steps = _steps(data)[0]
    parts = []
    for end, hit in (("stage", False), ("to_stage", True)):
        ends = steps.assign(seen=steps[end])
        rows = found.rename(columns={"stage": "seen"}).merge(ends, on=["pipeline", "seen"])
        parts.append(rows.drop(columns="seen").assign(hit=hit))
    return pd.concat(parts, ignore_index=True)


def _steps(data: Dataset) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Steps both of whose ends are dated, and the others by what they lack."""
    rows: dict[str, list[tuple[int, int, int]]] = {"": [], "stage_dates": [], "confirmed_order": []}
    for code, pipeline in enumerate(data.funnel.pipelines):
        for s, t in path_steps(pipeline):
            dated = exact(data, pipeline, s) and exact(data, pipeline, t)
            why = "confirmed_order" if not pipeline.confirmed else "" if dated else "stage_dates"
            rows[why].append((code, data.funnel.code[s.id], data.funnel.code[t.id]))
    frames = {k: pd.DataFrame(v, columns=_COLUMNS, dtype=np.int16) for k, v in rows.items()}
    return frames.pop(""), frames


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows of conversion_flow, per step; a ratio, not a share: it can exceed 1."""
    steps, missing = _steps(data)
    parts = []
    if len(steps):
        rows = sliced(facts(data, view, FLOW.id), data, view)
        rows["numerator"] = rows["hit"].astype(np.int64)
        rows["denominator"] = 1 - rows["numerator"]
        sums = ["numerator", "denominator"]
        out = summed(rows, data, _KEYS, sums, steps.assign(slice=UNSLICED))
        out["value"], out["n"] = share(out["numerator"], out["denominator"]), out["denominator"]
        dated = np.array([s.id in data.dated for s in data.funnel.stages])
        ends = dated[out["stage"].to_numpy()] | dated[out["to_stage"].to_numpy()]
        out["evidence"] = np.where(ends, "dates", "snapshot").astype(object)
        parts.append(long_rows(out, FLOW, data, view, definition=FLOW.id))
    for reason, pairs in missing.items():
        if len(pairs):
            parts.append(not_evaluated(FLOW, data, view, reason, pairs.assign(scope="company")))
    return conform(pd.concat(parts, ignore_index=True)) if parts else empty()
