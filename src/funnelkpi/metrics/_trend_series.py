"""The points of one trend, and the sums of dated facts in them.

Equal maturity: the moment up to which things are seen lies as far behind the end of every point as
*as of* lies behind the end of the last one (``Grid.moved``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from funnelkpi.metrics._columns import Array, Columns, distinct, length, taken
from funnelkpi.metrics._deals import NEVER, second
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import alone
from funnelkpi.metrics._points import covered
from funnelkpi.metrics._scopes import fine, summed
from funnelkpi.metrics.spec import MetricSpec, Unit
from funnelkpi.metrics.stats import share, wilson
from funnelkpi.metrics.view import View
from funnelkpi.model.period import Period

POINT = "point"
Test = Literal["share", "count"]
_MASKED = ("value", "numerator", "denominator", "n", "low", "high", "bound_low", "bound_high")


@dataclass(frozen=True)
class Series:
    """One figure's points: columns ``who``, pipeline [, stage, to_stage, currency], ``point`` (its
    number; the last is the asked period; of a conversion ``before`` is one more, the window before
    that does not overlap), value, numerator, denominator, n, low, high, period_start, period_end,
    evidence, definition. A missing point is a row without a value.

    statistic, unit: of the long table. factor: of a share the value is so many times
    numerator ÷ denominator.
    """

    spec: MetricSpec
    rows: Columns
    now: int
    before: int
    statistic: str = "value"
    unit: Unit = "count"
    factor: float = 1.0

    @property
    def test(self) -> Test | None:
        """How two points are compared; None: sums and averages have no test."""
        if self.unit == "share" or self.factor != 1:
            return "share"
        return "count" if self.unit == "count" else None


class Grid:
    """Periods of equal maturity, the oldest first, and what falls into them."""

    def __init__(self, index: Index, view: View, spans: Sequence[Period]) -> None:
        self.index, self.spans, self.size = index, list(spans), len(spans)
        wide = Period(spans[0].start, spans[-1].end, view.period.name)
        self.view = replace(view, period=wide, by=())
        """The question about all the periods together."""
        self._ends = np.array([second(p.end) for p in spans], dtype=np.int64)

    def moved(self, end: int) -> Array:
        """Per point the moment ``end`` (in seconds), moved back with the point's end."""
        found: Array = end + self._ends - self._ends[-1]
        return found

    def seen(self, end: int) -> Array:
        """The same for what had happened by then; of the last point that is all there is."""
        found = self.moved(end)
        found[-1] = NEVER
        return found

    def ends(self) -> Array:
        """The second after each point."""
        return self._ends

    def early(self, *since: int) -> Array:
        """Which points begin before one of the sources does; the asked period never does."""
        data = self.index.data
        out = [any(not covered(data, p.start, s) for s in since) for p in self.spans]
        return np.array([*out[:-1], False])

    def over(self, grid: Columns) -> Columns:
        """Every row of ``grid`` at every point."""
        rows = {name: np.repeat(codes, self.size) for name, codes in grid.items()}
        rows[POINT] = np.tile(np.arange(self.size), length(rows) // self.size)
        return rows

    def summed(
        self, facts: Columns, keys: Sequence[str], sums: Sequence[str], grid: Columns | None = None
    ) -> Columns:
        """Sums by unit, ``keys`` and point; 0 where nothing counted. grid: which ``keys`` there are;
        by default those that occur."""
        own = fine(taken(facts, facts[POINT] >= 0), [*keys, POINT], sums)
        return self.spread(own, keys, sums, distinct(own, keys) if grid is None else grid)

    def spread(
        self, own: Columns, keys: Sequence[str], sums: Sequence[str], grid: Columns
    ) -> Columns:
        """Sums by manager (``fine``) as sums by unit; ``grid``: which ``keys`` there are."""
        return summed(own, self.index, [*keys, POINT], sums, self.over(grid))

    def whole(self, facts: Columns, sums: Sequence[str], *, places: bool = True) -> Columns:
        """Sums by unit and point, all pipelines together. places: the facts may belong to one."""
        code = 0 if places and alone(self.index) else -1
        rows = {name: facts[name] for name in ("manager", POINT, *sums)}
        rows["pipeline"] = np.full(length(rows), code, np.int16)
        return self.summed(rows, ["pipeline"], sums, {"pipeline": np.array([code], np.int16)})

    def counts(self, spec: MetricSpec, rows: Columns, early: Array, **more: Array) -> Series:
        """How many (``n``) there are at each point."""
        return self.series(spec, {**rows, "value": rows["n"], **more}, early[rows[POINT]])

    def shares(
        self, spec: MetricSpec, rows: Columns, hits: str, base: str, early: Array,
        factor: float = 1.0,
    ) -> Series:  # fmt: skip
        """``factor`` times the share of ``hits`` in ``base``, with Wilson's interval."""
        k, n = rows[hits], rows[base]
        low, high = wilson(k, n)
        keys = {name: v for name, v in rows.items() if name in ("who", "pipeline", POINT)}
        made = {"numerator": k, "denominator": n, "n": n, "value": share(k, n) * factor}
        made |= {"low": low * factor, "high": high * factor}
        return self.series(spec, {**keys, **made}, early[rows[POINT]], factor=factor)

    def series(
        self, spec: MetricSpec, rows: Columns, early: Array, *, statistic: str = "value",
        unit: Unit | None = None, factor: float = 1.0,
    ) -> Series:  # fmt: skip
        """``rows`` with the moments of their points; those that are ``early`` have no values."""
        rows = dict(rows)
        at = rows[POINT]
        for name in _MASKED:
            if name in rows:
                rows[name] = np.where(early, np.nan, rows[name])
        for name, ends in (
            ("period_start", [p.start for p in self.spans]),
            ("period_end", [p.end for p in self.spans]),
        ):
            rows[name] = np.array(ends, dtype="M8[s]")[at]
        rows.setdefault("evidence", np.full(length(rows), "snapshot", dtype=object))
        rows.setdefault("definition", np.full(length(rows), spec.id, dtype=object))
        now = self.size - 1
        return Series(spec, rows, now, now - 1, statistic, unit or spec.unit, factor)
