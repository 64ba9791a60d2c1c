"""Loss reasons: lost deals by the reason given, and by the stage they were lost from where it is
known.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._cohort import window
from funnelkpi.metrics._scopes import all_pipelines, long_rows, not_evaluated, summed
from funnelkpi.metrics._stages import Array, fact_frame, moments, seconds
from funnelkpi.metrics.result import conform, empty
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence

LOSS_REASONS = MetricSpec(
    "loss_reasons", "count", better="lower", scales=True, needs=("closed_at", "loss_reason")
)
SPECS = (LOSS_REASONS,)
WINDOW = "window"
"""``statistic`` of the rows over the last ``conversion.window`` days: one week has few losses."""
_KEYS = ["pipeline", "stage", "reason"]


def facts(data: Dataset, view: View, metric: str) -> pd.DataFrame:
    """Deals lost in the period: deal, manager, pipeline, stage (lost from; -1 unknown), at, reason.

    reason: category code of the deal's loss reason, -1 none.
    """
    start, end = (
        int(np.datetime64(m, "s").astype(np.int64)) for m in (view.period.start, view.period.end)
    )
    return _facts(data, start, end)


def _facts(data: Dataset, start: int, end: int) -> pd.DataFrame:
    deals = data.deals
    lost = deals["status"].cat.codes.to_numpy() == list(deals["status"].cat.categories).index(
        "lost"
    )
    closed = seconds(deals["closed_at"].to_numpy())
    rows = np.flatnonzero(lost & (closed >= start) & (closed < end))
    out = fact_frame(
        rows,
        deals["manager"].cat.codes.to_numpy()[rows],
        -1,
        -1,
        closed[rows],
        reason=deals["loss_reason"].cat.codes.to_numpy()[rows].astype(np.int32),
    )
    out["pipeline"] = deals["pipeline"].cat.codes.to_numpy()[rows].astype(np.int16)
    out["stage"] = _lost_from(data, rows)
    return out


def _lost_from(data: Dataset, rows: Array) -> Array:
    """The open stage a deal was lost from: its previous stage, else the last stage dated; -1
    unknown.
    """
    funnel, deals = data.funnel, data.deals
    usable = np.array([s.kind == "open" for s in funnel.stages] + [False])
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages] + [-1])
    previous = deals["previous_stage"].cat.codes.to_numpy()[rows]
    pipeline = deals["pipeline"].cat.codes.to_numpy()[rows]
    out = np.where(usable[previous] & (home[previous] == pipeline), previous, -1)
    last = np.full(len(deals), -1, np.int64)
    seen = data.entries[data.entries["evidence"] <= Evidence.DATES]
    seen = seen[usable[seen["stage"].to_numpy()]]
    order = np.lexsort((seen["stage"].to_numpy(), seen["at"].to_numpy()))
    last[seen["deal"].to_numpy()[order]] = seen["stage"].to_numpy()[
        order
    ]  # the latest is written last
    certain = (deals["reach_low"] == deals["reach_high"]).to_numpy()[rows]
    return np.where((out < 0) & certain, last[rows], out).astype(np.int16)


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows, slice ``loss_reason=<reason>``: value deals, numerator / denominator of all lost.

    For the period (statistic ``value``) and for the last ``conversion.window`` days (``window``);
    without stage, and per stage lost from where the evidence knows it.
    """
    missing = [c for c in ("closed_at", "loss_reason") if c not in data.available]
    if missing:
        return not_evaluated(LOSS_REASONS, data, view, missing[-1])
    end = int(np.datetime64(view.as_of, "s").astype(np.int64)) + 1  # as_of itself still counts
    start = window(view, 0)[0]
    wide = {"statistic": WINDOW, "period_start": moments(np.array([start]))[0],
            "period_end": view.as_of}  # fmt: skip
    narrow = facts(data, view, LOSS_REASONS.id)
    parts = [
        _rows(narrow, data, view, "value"),
        _rows(_facts(data, start, end), data, view, WINDOW),
    ]
    for name, value in wide.items():
        if len(parts[1]):
            parts[1][name] = value
    parts = [p for p in parts if len(p)]
    return conform(pd.concat(parts, ignore_index=True)) if parts else empty()


def _rows(found: pd.DataFrame, data: Dataset, view: View, statistic: str) -> pd.DataFrame:
    whole = all_pipelines(found.assign(stage=np.int16(-1)), data)
    by_stage = found[(found["stage"] >= 0)]
    rows = pd.concat([p for p in (whole, by_stage) if len(p)] or [whole], ignore_index=True)
    out = summed(rows.assign(n=1), data, _KEYS, ["n"])
    if not len(out):
        return empty()
    scope = ["scope", "department", "role", "manager", "pipeline", "stage"]
    out["denominator"] = out.groupby(scope, dropna=False)["n"].transform("sum")
    out["value"] = out["numerator"] = out["n"]
    texts = [f"loss_reason={c}" for c in data.deals["loss_reason"].cat.categories]
    out["slice"] = np.array([*texts, "loss_reason="], dtype=object)[out.pop("reason").to_numpy()]
    known = np.where(out["stage"] >= 0, "previous", "snapshot").astype(object)
    definition = LOSS_REASONS.id if statistic == "value" else f"{LOSS_REASONS.id}.{WINDOW}"
    out["evidence"], out["statistic"] = known, statistic
    return long_rows(out, LOSS_REASONS, data, view, definition=definition)
