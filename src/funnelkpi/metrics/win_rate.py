"""The win rate in its three forms, each under its own name.

``win_rate``: of deals closed in the period. ``win_rate_with_open``: of deals created in the window,
won by now. ``win_rate_with_stale``: as the first, on the window, with open deals that are older
than nearly all wins counted as lost. Parked deals and closed ones of unknown outcome are in none of
the denominators but the second, where parked ones are still open.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._cohort import DAY, maturity, whole_way, window
from funnelkpi.metrics._columns import Columns, joined, length, taken
from funnelkpi.metrics._deals import second
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._lane import Lane
from funnelkpi.metrics._marks import marked, marks_of
from funnelkpi.metrics._scopes import all_pipelines, fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._stages import entry_facts, moments, told
from funnelkpi.metrics.plain import every_pipeline
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.stats import share, wilson
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

WIN_RATE = MetricSpec("win_rate", "share", needs=("closed_at",))
WITH_OPEN = MetricSpec("win_rate_with_open", "share", needs=("created_at",))
WITH_STALE = MetricSpec("win_rate_with_stale", "share", needs=("created_at", "closed_at"))
SPECS = (WIN_RATE, WITH_OPEN, WITH_STALE)
WINDOW = "window"
"""``statistic`` of win_rate over the last ``conversion.window`` days: one week has few closed
deals.
"""
_KEYS = ["slice", "pipeline"]


Window = tuple[int, int]
"""[start, end) in seconds."""


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """The deals of the denominator: deal, manager, pipeline, at (close or creation), hit (won)."""
    index = index or Index(data)
    period = (second(view.period.start), second(view.period.end))
    windows = None if metric == WIN_RATE.id else created_windows(index, view)
    return pd.DataFrame(_facts(index, view, metric, windows or [period] * len(index.lanes)))


def _facts(index: Index, view: View, metric: str, windows: list[Window]) -> Columns:
    nothing = np.empty(0, np.int64)
    parts = [entry_facts(nothing, nothing, -1, -1, nothing, hit=nothing.astype(bool))]
    deals = index.deals
    owner = deals.owner_when("closed" if metric == WIN_RATE.id else "created")
    for lane, (start, end), limit in zip(index.lanes, windows, index.age_limits, strict=True):
        at = deals.closed if metric == WIN_RATE.id else deals.created
        rows = np.flatnonzero(lane.inside & (at >= start) & (at < end))
        won = deals.status("won", "converted", rows=rows)
        counted = won | deals.status("lost", rows=rows)
        if metric == WITH_OPEN.id:
            counted |= deals.status("open", "parked", rows=rows)
        if metric == WITH_STALE.id:
            if np.isnan(limit):
                continue
            old = second(view.as_of) - deals.created[rows] > limit * DAY
            counted |= deals.status("open", rows=rows) & old
        rows, won = rows[counted], won[counted]
        parts.append(entry_facts(rows, owner[rows], lane.code, -1, at[rows], hit=won))
    return joined(parts)


def created_windows(index: Index, view: View) -> list[Window]:
    """The window of created -> won of each pipeline."""
    return [_created_window(lane, view) for lane in index.lanes]


def _created_window(lane: Lane, view: View) -> Window:
    way = whole_way(lane.pipeline)
    return window(view, maturity(lane, view, *way[0]) if way else 0)


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows of the three forms; win_rate also over the window (statistic ``window``)."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    pipelines = index.data.funnel.pipelines
    if told(index.data, "closed_at"):
        period = (second(view.period.start), second(view.period.end))
        start, end = window(view, 0)[0], second(view.as_of)
        wide = [(start, end + 1)] * len(pipelines)  # as_of itself still counts
        out = [
            _rows(WIN_RATE, index, view, [period] * len(pipelines), None),
            _rows(WIN_RATE, index, view, wide, [(start, end)] * len(pipelines), WINDOW),
        ]
    else:
        out = [not_evaluated(WIN_RATE, index, view, "closed_at")]
    windows = created_windows(index, view)
    out += [_rows(spec, index, view, windows, windows) for spec in (WITH_OPEN, WITH_STALE)]
    without = np.flatnonzero(np.isnan(index.age_limits))
    if len(without):
        rows = {"pipeline": without}
        out.append(not_evaluated(WITH_STALE, index, view, "twenty_wins", rows))
    return out


def _rows(
    spec: MetricSpec,
    index: Index,
    view: View,
    windows: list[Window],
    shown: list[Window] | None,
    statistic: str = "value",
) -> Part:
    """windows: those of the facts; shown: those to print, None for the period."""
    data, pipelines = index.data, index.data.funnel.pipelines
    rows = index.slices(view.by).applied(_facts(index, view, spec.id, windows))
    rows = {**rows, "numerator": rows["hit"], "n": np.ones(length(rows), np.int64)}
    sums = ["numerator", "n"]
    table = all_pipelines(fine(rows, _KEYS, sums), data)
    out = summed(table, index, _KEYS, sums, every_pipeline(pipelines))
    out["denominator"] = out["n"]
    out["value"] = share(out["numerator"], out["n"])
    out["low"], out["high"] = wilson(out["numerator"], out["n"])
    marks = marked(table, data, ["pipeline"], [("numerator", "n")])
    out["mark"] = marks_of(out, marks, ["pipeline"], index.names.nobody)
    if shown:
        out |= _ends(out, shown, data)
    if spec is WITH_STALE:
        # The total of all pipelines would be that of some of them where one has too few wins.
        ready = ~np.isnan(index.age_limits)
        of_deals = [r for r, p in zip(ready, pipelines, strict=True) if p.entity == "deal"]
        out = taken(out, np.append(ready, all(of_deals))[out["pipeline"]])
    definition = spec.id if statistic == "value" else f"{spec.id}.{statistic}"
    more = {"definition": definition, "evidence": "snapshot", "statistic": statistic}
    return long_rows(out, spec, index, view, **more)


def _ends(rows: Columns, windows: list[Window], data: Dataset) -> Columns:
    """The window of each row's pipeline; of all together the widest."""
    pipelines = data.funnel.pipelines
    deals = [w for w, p in zip(windows, pipelines, strict=True) if p.entity == "deal"] or windows
    every = (min(w[0] for w in deals), max(w[1] for w in deals))
    ends = np.array([*windows, every], dtype=np.int64)[rows["pipeline"]]
    return {"period_start": moments(ends[:, 0]), "period_end": moments(ends[:, 1])}
