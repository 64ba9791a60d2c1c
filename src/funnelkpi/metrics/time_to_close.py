"""Time to close: days from the creation of a deal, or from a stage, to its win (docs/metrics.md,
"Time")."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._ages import MIN_OBSERVATIONS, ended_deals
from funnelkpi.metrics._columns import Array, Columns, coded, either, grouped, joined, length, taken
from funnelkpi.metrics._deals import NEVER, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._limits import window_start
from funnelkpi.metrics._scopes import all_pipelines, long_rows, not_evaluated
from funnelkpi.metrics._stages import exact
from funnelkpi.metrics._ways import DAY, coarse
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

TIME_TO_CLOSE = MetricSpec(
    "time_to_close", "days", better="lower", needs=("created_at", "closed_at")
)
SPECS = (TIME_TO_CLOSE,)

STATISTICS = {"median": 0.5, "p80": 0.8, "p95": 0.95}
_KEYS = ["slice", "pipeline"]


def facts(
    data: Dataset, view: View, metric: str = "time_to_close", index: Index | None = None
) -> pd.DataFrame:
    """Deals won in the 365 days up to ``as_of``, whatever the period asked for.

    Columns: deal, manager, pipeline (codes), days (creation, or the entry of
    ``time_to_close.from_stage``, to close; 0 on the same day where the
    file gives dates only; missing: an end is missing or the close comes before the creation), at
    (the close). A period's own wins are too few for a distribution, so the window is always a year.
    """
    return pd.DataFrame(_wins(index or Index(data), view))


def _wins(index: Index, view: View) -> Columns:
    """The deals won in the window, with the days since creation or since E(d,s) of the config's
    stage (missing where the deal was not seen to enter it; pipelines without a dated one: none)."""
    wins = ended_deals(index.data, index.deals, ("won",))
    key = view.settings.time_to_close.from_stage
    if key is None:
        return wins
    data, funnel = index.data, index.data.funnel
    days = np.full(length(wins), np.nan)
    there = np.zeros(length(wins), dtype=bool)
    for code, pipeline in enumerate(funnel.pipelines):
        stage = next((s for s in pipeline.path if s.key == key), None)
        if stage is None or not exact(data, pipeline, stage):
            continue
        rows = np.flatnonzero(wins["pipeline"] == code)
        there[rows] = True
        since = index.entries.moments(funnel.code[stage.id])[wins["deal"][rows]]
        known, closed = since != NEVER, seconds(wins["at"][rows])
        whole = data.deals["closed_day"].to_numpy()[wins["deal"][rows]] | coarse(since, closed)
        dates = closed // DAY - np.where(known, since, closed) // DAY
        exactly = (closed - np.where(known, since, closed)) / DAY
        found = np.where(whole, dates, exactly)
        days[rows] = np.where(known & (found >= 0), found, np.nan)
    return taken({**wins, "days": days}, there)


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Median, p80 and p95 of time to close by scope, pipeline and slice.

    n: wins whose time is known, denominator: all wins of the window. period_start and period_end
    are the window's. p80 and p95 of fewer than 20 wins are not evaluated (``needs.twenty_wins``).
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    data = index.data
    if "closed_at" not in data.available or "created_at" not in data.available:
        return [not_evaluated(TIME_TO_CLOSE, index, view, "closed_at")]
    found = _wins(index, view)
    from_stage = view.settings.time_to_close.from_stage is not None and not length(found)
    if from_stage and length(ended_deals(data, index.deals, ("won",))):
        return [not_evaluated(TIME_TO_CLOSE, index, view, "stage_times")]
    rows = index.slices(view.by).applied(all_pipelines(found, data))
    if not length(rows):
        return [not_evaluated(TIME_TO_CLOSE, index, view, "wins")]
    # in the order of days, so that every group of a stable sort has its days in order; NaN last
    rows = taken(rows, np.argsort(rows["days"], kind="stable"))
    out = joined([_quantiles(rows, units) for units in index.names.units])
    few = np.isnan(out["value"])
    out["verdict"] = either(few, "not_evaluated")
    few_text = np.where(out["n"] == 0, "needs.stage_times", "needs.twenty_wins")
    stage = view.settings.time_to_close.from_stage
    own = "time_to_close" if stage is None else "time_to_close.from_stage"
    out["definition"] = np.where(few, few_text if stage else "needs.twenty_wins", own).astype(
        object
    )
    about = {"period_start": window_start(data), "period_end": data.as_of}
    about["evidence"] = "snapshot" if stage is None else "dates"
    return [long_rows(out, TIME_TO_CLOSE, index, view, **about)]


def _quantiles(rows: Columns, units: Array) -> Columns:
    """One row per statistic and group of one scope: who, slice, pipeline, statistic, value, n,
    denominator.

    rows: in the order of days. units: the unit of each manager, -1 none. Quantiles are interpolated
    linearly between the two neighbouring observations.
    """
    keys = ["who", *_KEYS]
    who = units[rows["manager"]]
    rows = taken({"who": who, "days": rows["days"], **{k: rows[k] for k in _KEYS}}, who >= 0)
    (code,), size = coded([rows], keys)
    found, place = grouped(code, size)
    order = np.argsort(place.astype(np.min_scalar_type(len(found))), kind="stable")
    days, counts = rows["days"][order], np.bincount(place, minlength=len(found))
    n = np.bincount(place[~np.isnan(rows["days"])], minlength=len(found))
    begin = np.cumsum(counts) - counts
    groups = {**taken({k: rows[k] for k in keys}, order[begin]), "n": n, "denominator": counts}
    parts = []
    for name, share in STATISTICS.items():
        at = np.maximum(n - 1, 0) * share
        low, high = np.floor(at).astype(np.int64), np.ceil(at).astype(np.int64)
        value = days[begin + low] * (1 - (at - low)) + days[begin + high] * (at - low)
        enough = n >= (1 if name == "median" else MIN_OBSERVATIONS)
        statistic = np.full(len(found), name, dtype=object)
        parts.append({**groups, "statistic": statistic, "value": np.where(enough, value, np.nan)})
    return joined(parts)
