"""The win rate in its three forms, each under its own name.

``win_rate``: of deals closed in the period. ``win_rate_with_open``: of deals created in the window,
won by now. ``win_rate_with_stale``: as the first, on the window, with open deals that are older
than nearly all wins counted as lost. Parked deals and closed ones of unknown outcome are in none of
the denominators but the second, where parked ones are still open.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics import time_to_close
from funnelkpi.metrics._cohort import DAY, maturity, whole_way, window
from funnelkpi.metrics._lane import Lane
from funnelkpi.metrics._marks import marked
from funnelkpi.metrics._scopes import all_pipelines, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED, sliced
from funnelkpi.metrics._stages import StageEntries, fact_frame, moments, told
from funnelkpi.metrics.result import conform, empty
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.stats import share, wilson
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import Pipeline

WIN_RATE = MetricSpec("win_rate", "share", needs=("closed_at",))
WITH_OPEN = MetricSpec("win_rate_with_open", "share", needs=("created_at",))
WITH_STALE = MetricSpec("win_rate_with_stale", "share", needs=("created_at", "closed_at"))
SPECS = (WIN_RATE, WITH_OPEN, WITH_STALE)
WINDOW = "window"
"""``statistic`` of win_rate over the last ``conversion.window`` days: one week has few closed
deals.
"""
_KEYS = ["slice", "pipeline"]


def facts(data: Dataset, view: View, metric: str) -> pd.DataFrame:
    """The deals of the denominator: deal, manager, pipeline, at (close or creation), hit (won)."""
    period = (_seconds(view.period.start), _seconds(view.period.end))
    return _facts(_lanes(data), view, metric, period)


def _seconds(moment: object) -> int:
    return int(np.datetime64(moment, "s").astype(np.int64))  # type: ignore[call-overload]


def _lanes(data: Dataset) -> list[Lane]:
    index = StageEntries(data)
    return [Lane(data, index, pipeline) for pipeline in data.funnel.pipelines]


def _facts(lanes: list[Lane], view: View, metric: str, closed_in: tuple[int, int]) -> pd.DataFrame:
    limits: list[float | None] = [None] * len(lanes)
    if metric == WITH_STALE.id and lanes:
        limits = stale_ages(lanes[0].data, view)
    parts = []
    for lane, limit in zip(lanes, limits, strict=True):
        won, lost = lane.is_status("won", "converted"), lane.is_status("lost")
        at = lane.created
        if metric == WIN_RATE.id:
            at, (start, end) = lane.closed, closed_in
            counted = won | lost
        else:
            start, end = created_window(lane, view)
            counted = won | lost | lane.is_status("open", "parked")
        if metric == WITH_STALE.id:
            if limit is None:
                continue
            stale = lane.is_status("open") & (_seconds(view.as_of) - lane.created > limit * DAY)
            counted = won | lost | stale
        rows = np.flatnonzero(lane.inside & counted & (at >= start) & (at < end))
        parts.append(fact_frame(rows, lane.owner[rows], lane.code, -1, at[rows], hit=won[rows]))
    parts = [p for p in parts if len(p)] or parts[:1]
    if not parts:
        nothing = np.empty(0, np.int64)
        return fact_frame(nothing, nothing, -1, -1, nothing, hit=nothing.astype(bool))
    return pd.concat(parts, ignore_index=True)


def created_window(lane: Lane, view: View) -> tuple[int, int]:
    """The window of created -> won, in seconds."""
    way = whole_way(lane.pipeline)
    return window(view, maturity(lane, view, *way[0]) if way else 0)


def stale_ages(data: Dataset, view: View) -> list[float | None]:
    """Per pipeline the age in days beyond which an open deal counts as lost; None below 20 wins.

    p95 of the time from creation to the win: the limit by which a deal is too old.
    """
    limits = time_to_close.age_limits(data, view)["limit"]
    return [None if np.isnan(limit) else float(limit) for limit in limits]


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows of the three forms; win_rate also over the window (statistic ``window``)."""
    end = _seconds(view.as_of)
    start = window(view, 0)[0]
    lanes, period = _lanes(data), (_seconds(view.period.start), _seconds(view.period.end))
    windows = [created_window(lane, view) for lane in lanes]
    if told(data, "closed_at"):
        parts = [
            _rows(WIN_RATE, _facts(lanes, view, WIN_RATE.id, period), data, view, None),
            _rows(
                WIN_RATE,
                _facts(lanes, view, WIN_RATE.id, (start, end + 1)),  # as_of itself still counts
                data,
                view,
                [(start, end)] * len(lanes),
                statistic=WINDOW,
            ),
        ]
    else:
        parts = [not_evaluated(WIN_RATE, data, view, "closed_at")]
    open_too = _facts(lanes, view, WITH_OPEN.id, period)
    parts.append(_rows(WITH_OPEN, open_too, data, view, windows))
    ready = [limit is not None for limit in stale_ages(data, view)]
    of_deals = [r for r, p in zip(ready, data.funnel.pipelines, strict=True) if p.entity == "deal"]
    stale = _rows(WITH_STALE, _facts(lanes, view, WITH_STALE.id, period), data, view, windows)
    kept = [p.key for r, p in zip(ready, data.funnel.pipelines, strict=True) if r]
    # The total of all pipelines would be that of some of them where one has too few wins.
    parts.append(stale[stale["pipeline"].isin(kept) | (stale["pipeline"].isna() & all(of_deals))])
    without = pd.DataFrame({"pipeline": [i for i, r in enumerate(ready) if not r]}, dtype=np.int64)
    if len(without):
        rows = without.assign(scope="company")
        parts.append(not_evaluated(WITH_STALE, data, view, "twenty_wins", rows))
    parts = [p for p in parts if len(p)]
    return conform(pd.concat(parts, ignore_index=True)) if parts else empty()


def _rows(
    spec: MetricSpec,
    found: pd.DataFrame,
    data: Dataset,
    view: View,
    windows: list[tuple[int, int]] | None,
    statistic: str = "value",
) -> pd.DataFrame:
    rows = sliced(all_pipelines(found, data), data, view)
    rows["numerator"], rows["n"] = rows["hit"].astype(np.int64), 1
    keys = ["manager", *_KEYS]
    fine = rows.groupby(keys, as_index=False, sort=True)[["numerator", "n"]].sum()
    out = summed(fine, data, _KEYS, ["numerator", "n"], _grid(data.funnel.pipelines))
    out["denominator"] = out["n"]
    out["value"] = share(out["numerator"], out["n"])
    out["low"], out["high"] = wilson(out["numerator"], out["n"])
    marks = marked(fine, data, ["pipeline"], [("numerator", "n")])
    marks = marks[["manager", "pipeline", "mark"]].assign(scope="manager", slice=UNSLICED)
    out = out.merge(marks, on=["scope", "slice", "manager", "pipeline"], how="left")
    definition = spec.id if statistic == "value" else f"{spec.id}.{statistic}"
    more = {"definition": definition, "evidence": "snapshot", "statistic": statistic}
    long = long_rows(out, spec, data, view, **more)
    if windows:
        deals = [
            w for w, p in zip(windows, data.funnel.pipelines, strict=True) if p.entity == "deal"
        ]
        every = (min(w[0] for w in deals or windows), max(w[1] for w in deals or windows))
        ends = np.array([*windows, every], dtype=np.int64)[out["pipeline"].to_numpy()]
        long["period_start"], long["period_end"] = moments(ends[:, 0]), moments(ends[:, 1])
    return long


def _grid(pipelines: tuple[Pipeline, ...]) -> pd.DataFrame:
    codes = [*range(len(pipelines)), *([-1] if len(pipelines) > 1 else [])]
    return pd.DataFrame({"slice": UNSLICED, "pipeline": np.array(codes, dtype=np.int16)})
