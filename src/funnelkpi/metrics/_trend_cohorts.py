"""Trends of conversions: the cohort of ``as_of`` moved back period by period, with only what had
happened by then."""

from __future__ import annotations

import numpy as np

from funnelkpi.metrics._cohort_moved import Moved, moved
from funnelkpi.metrics._columns import Array, Columns, coded, distinct, either, joined, length
from funnelkpi.metrics._counts import rates
from funnelkpi.metrics._deals import NEVER
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._points import data_begin
from funnelkpi.metrics._scopes import all_pipelines, summed
from funnelkpi.metrics._stages import moments
from funnelkpi.metrics._trend_series import POINT, Series
from funnelkpi.metrics.conversion import CONVERSION, CREATED_TO_WON
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View

FIGURES = (CONVERSION, CREATED_TO_WON)


def cohort_series(index: Index, view: View) -> list[Series]:
    """The conversions whose both ends are dated."""
    steps = moved(index, view, data_begin(index))
    return [_cohorts(spec, steps[spec.id], index, view) for spec in FIGURES if steps[spec.id]]


def _cohorts(spec: MetricSpec, found: list[Moved], index: Index, view: View) -> Series:
    """The points of a conversion: of every step, of created -> won also all pipelines together."""
    keys = ["pipeline", "stage", "to_stage", POINT]
    sums = ["n", "hits", "possible"]
    own = joined([_with_step(m, m.counts, index) for m in found])
    grid = joined([_with_step(m, {POINT: np.arange(m.size)}, index) for m in found])
    about = joined([_with_step(m, m.about, index) for m in found])
    if spec is CREATED_TO_WON:
        own, grid = (_with_total(t, index) for t in (own, grid))
        about = _with_total(about, index)
        grid = distinct(grid, keys)
    rows = summed(own, index, keys, sums, grid)
    early, start, end = _per_point(rows, about, keys)
    counts = {**rows, "known": rows["n"] - (rows["possible"] - rows["hits"])}
    counts |= {"floor": rows["n"], "top": rows["n"]}
    made = rates(counts, view.settings.conversion.max_gap)
    wide = made.pop("open_gap")
    rows |= {name: np.where(early, np.nan, values) for name, values in made.items()}
    rows |= {"period_start": moments(start), "period_end": moments(end)}
    rows["definition"] = either(wide & ~early, "needs.stage_history", "conversion.cohort")
    levels = {m.key(index): m.step.evidence for m in found}
    codes = zip(rows["pipeline"], rows["stage"], rows["to_stage"], strict=True)
    weakest = max(levels.values(), key=_strength)
    rows["evidence"] = np.array([levels.get(k, weakest) for k in codes], dtype=object)
    size = found[0].size
    return Series(spec, rows, size - 2, size - 1, unit=spec.unit)


def _strength(level: str) -> int:
    return ("history", "dates", "archive", "previous", "snapshot").index(level)


def _with_step(m: Moved, table: Columns, index: Index) -> Columns:
    pipeline, stage, to_stage = m.key(index)
    ends = {"pipeline": pipeline, "stage": stage, "to_stage": to_stage}
    size = length(table)
    return {**table, **{name: np.full(size, code, np.int16) for name, code in ends.items()}}


def _with_total(table: Columns, index: Index) -> Columns:
    """Also all deal pipelines together, where the whole way has no stages of its own."""
    out = all_pipelines(table, index.data)
    together = out["pipeline"] < 0
    return {**out, **{name: np.where(together, -1, out[name]) for name in ("stage", "to_stage")}}


def _per_point(rows: Columns, about: Columns, keys: list[str]) -> tuple[Array, Array, Array]:
    """early, start and end of each row's point; of several steps together early if one is, and the
    widest window."""
    (own, others), _ = coded([rows, about], keys)
    found, at = np.unique(others, return_inverse=True)
    early = np.zeros(len(found), dtype=bool)
    np.logical_or.at(early, at, about["early"])
    start, end = np.full(len(found), NEVER), np.full(len(found), -NEVER)
    np.minimum.at(start, at, about["start"])
    np.maximum.at(end, at, about["end"])
    where = np.searchsorted(found, own)
    return early[where], start[where], end[where]
