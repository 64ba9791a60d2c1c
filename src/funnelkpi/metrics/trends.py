"""Trends: the last twelve periods of the main figures, at equal maturity (docs/metrics.md, "Trends").

Counts, sums and the win rate: every period from one pass over the facts of all of them. Conversions:
the cohort of ``as_of`` moved back period by period, with only what had happened by then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.metrics import entries, plain, win_rate
from funnelkpi.metrics._cohort_moved import Moved, moved
from funnelkpi.metrics._columns import (
    Array,
    Columns,
    coded,
    columns,
    distinct,
    either,
    joined,
    length,
    taken,
)
from funnelkpi.metrics._counts import rates
from funnelkpi.metrics._deals import NEVER, cents, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._points import covered, data_begin, place, points, stage_begin
from funnelkpi.metrics._scopes import all_pipelines, fine, long_rows, summed
from funnelkpi.metrics._stages import counted_stages, exact, moments, told
from funnelkpi.metrics.conversion import CONVERSION, CREATED_TO_WON
from funnelkpi.metrics.result import Part, typed_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.stats import share, wilson
from funnelkpi.metrics.view import View
from funnelkpi.model.period import Period

FIGURES = (
    plain.CREATED, plain.WON, plain.WON_AMOUNT, plain.LOST, plain.AVERAGE_CHECK, win_rate.WIN_RATE,
    entries.ENTRIES, CONVERSION, CREATED_TO_WON,
)  # fmt: skip
"""The figures with a trend, in the order of its rows."""
_POINT = "point"


@dataclass(frozen=True)
class Series:
    """One figure's points: columns ``who``, pipeline [, stage, to_stage, currency], ``point`` (its
    number; the last is the asked period; of a conversion ``before`` is one more, the window before
    that does not overlap), value, numerator, denominator, n, low, high, period_start, period_end,
    evidence, definition. A missing point is a row without a value."""

    spec: MetricSpec
    rows: Columns
    now: int
    before: int


def trends(index: Index, view: View) -> pd.DataFrame:
    """The long table of the points: company, departments and listed managers.

    ``period_start`` and ``period_end`` are the point's own: the period (of a running one its elapsed
    part), of conversions the cohort's window. Earlier points that the data do not cover have no
    value.
    """
    return table(series(index, view), index, view)


def table(found: list[Series], index: Index, view: View) -> pd.DataFrame:
    """The long rows of ``found``."""
    view = replace(view, by=())
    parts: list[Part] = []
    for one in found:
        own = taken(one.rows, one.rows[_POINT] <= one.now)
        parts.append(long_rows(own, one.spec, index, view))
    return typed_table(parts)


def series(index: Index, view: View) -> list[Series]:
    """The points of every figure that the data date exactly."""
    spans = points(view)
    if not spans:
        return []
    view = replace(view, by=())
    wide = Period(spans[0].start, spans[-1].end, view.period.name)
    counts = _Counts(index, replace(view, period=wide), spans)
    found = [s for spec in FIGURES[:6] if (s := counts.of(spec)) is not None]
    found += counts.entries()
    steps = moved(index, view, counts.begin)
    found += [_cohorts(spec, steps[spec.id], index, view) for spec in FIGURES[7:] if steps[spec.id]]
    return [replace(s, rows=_shown(s.rows, index)) for s in found]


class _Counts:
    """Figures that belong to a period, of all periods at once."""

    def __init__(self, index: Index, view: View, spans: list[Period]) -> None:
        self.index, self.view, self.spans = index, view, spans
        self.begin = data_begin(index)
        self.pipelines = index.data.funnel.pipelines

    def of(self, spec: MetricSpec) -> Series | None:
        """A plain figure or the win rate; None if the files lack a column of it."""
        data = self.index.data
        if spec is win_rate.WIN_RATE:
            return self._win_rate() if told(data, "closed_at") else None
        if any(column not in data.available for column in spec.needs):
            return None
        facts = columns(plain.facts(data, self.view, spec.id, index=self.index))
        deals = self.index.deals
        at = deals.created if spec is plain.CREATED else deals.closed
        facts[_POINT] = place(at[facts["deal"]], self.spans)
        if spec.unit == "count":
            facts["n"] = np.ones(length(facts), np.int64)
            rows = self._summed(facts, ["pipeline"], ["n"])
            return self._series(spec, {**rows, "value": rows["n"]})
        facts["cents"], facts["n"] = cents(facts["amount"])
        rows = self._summed(facts, ["pipeline", "currency"], ["cents", "n"])
        total = rows["cents"] / 100
        rows["value"] = total
        if spec is plain.AVERAGE_CHECK:
            rows |= {"numerator": total, "denominator": rows["n"], "value": share(total, rows["n"])}
        return self._series(spec, rows)

    def _win_rate(self) -> Series:
        spec = win_rate.WIN_RATE
        facts = columns(win_rate.facts(self.index.data, self.view, spec.id, index=self.index))
        facts[_POINT] = place(seconds(facts["at"]), self.spans)
        facts["numerator"], facts["n"] = facts["hit"], np.ones(length(facts), np.int64)
        rows = self._summed(facts, ["pipeline"], ["numerator", "n"])
        rows |= {"denominator": rows["n"], "value": share(rows["numerator"], rows["n"])}
        rows["low"], rows["high"] = wilson(rows["numerator"], rows["n"])
        return self._series(spec, rows)

    def entries(self) -> list[Series]:
        """Entries of the stages whose every entry is dated."""
        data = self.index.data
        stages = [
            (code, data.funnel.code[s.id], s, p)
            for code, p in enumerate(self.pipelines)
            for s in counted_stages(p)
            if exact(data, p, s)
        ]
        if not stages:
            return []
        spec = entries.ENTRIES
        facts = columns(entries.facts(data, self.view, spec.id, index=self.index))
        known = np.zeros(len(data.funnel.stages) + 1, dtype=bool)
        known[[s for _, s, _, _ in stages]] = True
        facts = taken(facts, known[facts["stage"]])
        facts[_POINT] = place(seconds(facts["at"]), self.spans)
        facts["n"] = np.ones(length(facts), np.int64)
        grid = {
            "pipeline": np.array([p for p, *_ in stages]),
            "stage": np.array([s for _, s, *_ in stages]),
        }
        rows = self._summed(facts, ["pipeline", "stage"], ["n"], grid)
        since = {
            s: stage_begin(self.index, p, stage, self.begin.get(p.entity, NEVER))
            for _, s, stage, p in stages
        }
        early = np.zeros((len(known), len(self.spans)), dtype=bool)
        for s, moment in since.items():
            early[s] = self._early(moment)
        rows["early"] = early[rows["stage"], rows[_POINT]]
        rows["evidence"] = entries.weakest(self.index, self.view)[rows["stage"]]
        rows["value"] = rows["n"]
        return [self._series(spec, rows)]

    def _summed(
        self, facts: Columns, keys: list[str], sums: list[str], grid: Columns | None = None
    ) -> Columns:
        """Sums by unit, ``keys`` and point; 0 where nothing counted."""
        facts = taken(facts, facts[_POINT] >= 0)
        keys = [*keys, _POINT]
        own = fine(facts, keys, sums)
        if grid is None:
            own = all_pipelines(own, self.index.data)
            grid = plain.every_pipeline(self.pipelines)
            if "currency" in keys:
                grid = distinct(own, keys[:-1])
        size = len(self.spans)
        grid = {name: np.repeat(codes, size) for name, codes in grid.items()}
        grid[_POINT] = np.tile(np.arange(size), length(grid) // size)
        return summed(own, self.index, keys, sums, grid)

    def _early(self, since: int) -> Array:
        """Which points begin before the data do; the asked period never does."""
        out = [not covered(self.index.data, p.start, since) for p in self.spans]
        return np.array([*out[:-1], False])

    def _series(self, spec: MetricSpec, rows: Columns) -> Series:
        if "early" not in rows:
            entities = [p.entity for p in self.pipelines]
            every: list[str] = [*entities, "deal" if "deal" in entities else "lead"]
            early = np.array([self._early(self.begin.get(e, NEVER)) for e in every])
            rows["early"] = early[rows["pipeline"], rows[_POINT]]
        early = rows.pop("early")
        for name in ("value", "numerator", "denominator", "n", "low", "high"):
            if name in rows:
                rows[name] = np.where(early, np.nan, rows[name])
        for name, ends in (
            ("period_start", [p.start for p in self.spans]),
            ("period_end", [p.end for p in self.spans]),
        ):
            rows[name] = np.array(ends, dtype="M8[s]")[rows[_POINT]]
        rows.setdefault("evidence", np.full(length(rows), "snapshot", dtype=object))
        rows["definition"] = np.full(length(rows), spec.id, dtype=object)
        now = len(self.spans) - 1
        return Series(spec, rows, now, now - 1)


def _cohorts(spec: MetricSpec, found: list[Moved], index: Index, view: View) -> Series:
    """The points of a conversion: of every step, of created -> won also all pipelines together."""
    keys = ["pipeline", "stage", "to_stage", _POINT]
    sums = ["n", "hits", "possible"]
    own = joined([_with_step(m, m.counts, index) for m in found])
    grid = joined([_with_step(m, {_POINT: np.arange(m.size)}, index) for m in found])
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
    return Series(spec, rows, size - 2, size - 1)


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


def _shown(rows: Columns, index: Index) -> Columns:
    """The rows of the company, the departments and the listed managers."""
    names = index.names
    listed = {m.name for m in index.data.roster.managers if m.listed}
    manager = [name in listed for name in names.manager]
    keep = np.isin(names.scope.astype("U10"), ("company", "department"))
    keep |= (names.scope == "manager") & np.array(manager)
    found: dict[str, Any] = taken(rows, keep[rows["who"]])
    return found
