"""Loss reasons: lost deals by the reason given, and by the stage they were lost from where it is
known.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._cohort import window
from funnelkpi.metrics._columns import Array, Columns, coded, either, grouped, joined, length, taken
from funnelkpi.metrics._deals import second
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._scopes import all_pipelines, fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._stages import entry_facts, moments
from funnelkpi.metrics.result import Part, long_table
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


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """Deals lost in the period: deal, manager, pipeline, stage (lost from; -1 unknown), at, reason.

    reason: category code of the deal's loss reason, -1 none.
    """
    start, end = second(view.period.start), second(view.period.end)
    return pd.DataFrame(_facts(index or Index(data), start, end))


def _facts(index: Index, start: int, end: int) -> Columns:
    deals = index.deals
    rows = np.flatnonzero((deals.closed >= start) & (deals.closed < end))
    rows = rows[deals.status("lost", rows=rows)]
    out = entry_facts(rows, deals.owner_when("closed")[rows], -1, -1, deals.closed[rows])
    out["pipeline"] = deals.codes("pipeline")[rows].astype(np.int16)
    out["stage"] = _lost_from(index, rows)
    out["reason"] = deals.codes("loss_reason")[rows].astype(np.int32)
    return out


def _lost_from(index: Index, rows: Array) -> Array:
    """The open stage a deal was lost from: its previous stage, else the last stage dated; -1
    unknown.
    """
    data, funnel = index.data, index.data.funnel
    usable = np.array([s.kind == "open" for s in funnel.stages] + [False])
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages] + [-1])
    previous = index.deals.codes("previous_stage")[rows]
    pipeline = index.deals.codes("pipeline")[rows]
    out = np.where(usable[previous] & (home[previous] == pipeline), previous, -1)
    low, high = (data.deals[name].to_numpy()[rows] for name in ("reach_low", "reach_high"))
    last = _last_dated(index, rows, np.flatnonzero(usable))
    return np.where((out < 0) & (low == high), last, out).astype(np.int16)


def _last_dated(index: Index, rows: Array, stages: Array) -> Array:
    """The last of ``stages`` that a date column says each deal of ``rows`` entered; -1 none.

    Of stages entered at the same moment the later one.
    """
    slot = np.full(len(index.deals), -1, np.int64)
    slot[rows] = np.arange(len(rows))
    at = np.full(len(rows), np.iinfo(np.int64).min)
    last = np.full(len(rows), -1, np.int64)
    for stage in stages:
        deal, moment, _ = index.entries.of(stage)
        own = np.flatnonzero(slot[deal] >= 0)
        own = own[index.entries.evidence(stage)[own] <= Evidence.DATES]
        place, moment = slot[deal[own]], moment[own]
        later = moment >= at[place]
        at[place[later]], last[place[later]] = moment[later], stage
    return last


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows, slice ``loss_reason=<reason>``: value deals, numerator / denominator of all lost.

    For the period (statistic ``value``) and for the last ``conversion.window`` days (``window``);
    without stage, and per stage lost from where the evidence knows it.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    missing = [c for c in ("closed_at", "loss_reason") if c not in index.data.available]
    if missing:
        return [not_evaluated(LOSS_REASONS, index, view, missing[-1])]
    period = {"period_start": view.period.start, "period_end": view.period.end}
    narrow = _facts(index, second(view.period.start), second(view.period.end))
    start = window(view, 0)[0]
    wide = {"period_start": moments(np.array([start]))[0], "period_end": view.as_of}
    last = _facts(index, start, second(view.as_of) + 1)  # as_of itself still counts
    return [
        _rows(narrow, index, view, "value", **period),
        _rows(last, index, view, WINDOW, **wide),
    ]


def _rows(found: Columns, index: Index, view: View, statistic: str, **period: object) -> Part:
    whole = all_pipelines({**found, "stage": np.full(length(found), -1, np.int16)}, index.data)
    rows = joined([whole, taken(found, found["stage"] >= 0)])
    rows["n"] = np.ones(length(rows), np.int64)
    out = summed(fine(rows, _KEYS, ["n"]), index, _KEYS, ["n"])
    (code,), size = coded([out], ["who", "pipeline", "stage"])
    groups, place = grouped(code, size)
    total = np.bincount(place, weights=out["n"], minlength=len(groups))
    out["value"] = out["numerator"] = out["n"]
    out["denominator"] = total[place]
    reasons = [f"loss_reason={c}" for c in index.names.reasons[:-1]]
    slices = np.array([*reasons, "loss_reason="], dtype=object)[out["reason"]]
    evidence = either(out["stage"] >= 0, "previous", "snapshot")
    definition = LOSS_REASONS.id if statistic == "value" else f"{LOSS_REASONS.id}.{WINDOW}"
    about = {"slice": slices, "evidence": evidence, "definition": definition}
    return long_rows(out, LOSS_REASONS, index, view, statistic=statistic, **about, **period)
