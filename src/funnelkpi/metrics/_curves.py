"""The curves of several groups: what can be read from them.

Sources: P. K. Andersen et al., "Statistical Models Based on Counting Processes" (1993), IV; variance
of the incidence and its interval: D. Collett, "Modelling Survival Data in Medical Research", 3rd
ed., ch. 12 (the same as SAS and lifelines give).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from funnelkpi.metrics._columns import Array
from funnelkpi.metrics.stats import Z95

Numbers = npt.NDArray[np.float64]

_TOLERANCE = 1e-9  # a product of fractions that should be exactly one half


@dataclass(frozen=True)
class Curves:
    """The curves of several groups, one behind the other, a row per time at which somebody ended.

    begin: the rows of group g are begin[g] to begin[g + 1]. n: observations of each group. times:
    in the unit of the durations. at_risk: under observation and not ended just before. ends,
    others: ended then as asked, and otherwise. survival: share not ended after it. incidence: share
    ended as asked by then.
    """

    begin: Array
    n: Array
    times: Array
    at_risk: Array
    ends: Array
    others: Array
    survival: Numbers
    incidence: Numbers

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.n)

    @cached_property
    def group(self) -> Array:
        """The group of each row."""
        return np.repeat(np.arange(self.groups), np.diff(self.begin))

    @cached_property
    def _before(self) -> Numbers:
        """Survival just before each row."""
        before = np.ones(len(self.survival))
        before[1:] = self.survival[:-1]
        before[self.begin[:-1][np.diff(self.begin) > 0]] = 1.0
        return before

    def _count(self, rows: Array) -> Array:
        return np.bincount(self.group[rows], minlength=self.groups)

    def _last(self, values: Numbers, at: Array | float, first: float) -> Numbers:
        """The value of the last row of each group not after ``at``; ``first`` where there is none."""
        count = self._count(self.times <= np.broadcast_to(at, self.groups)[self.group])
        out = np.full(self.groups, first)
        some = count > 0
        out[some] = values[self.begin[:-1][some] + count[some] - 1]
        out[self.n == 0] = np.nan
        return out

    def quantile(self, share: float) -> Numbers:
        """The first time by which ``share`` of each group had ended; NaN: not reached."""
        count = self._count(self.survival > 1 - share + _TOLERANCE)
        out = np.full(self.groups, np.nan)
        reached = self.begin[:-1] + count < self.begin[1:]
        out[reached] = self.times[(self.begin[:-1] + count)[reached]]
        return out

    def survival_at(self, at: Array | float) -> Numbers:
        """The share of each group not ended after ``at`` (one time, or one per group)."""
        return self._last(self.survival, at, 1.0)

    def incidence_at(self, at: Array | float) -> Numbers:
        """The share of each group that ended as asked by ``at``."""
        return self._last(self.incidence, at, 0.0)

    def restricted_mean(self, until: Array | float) -> Numbers:
        """Mean time up to ``until`` (area under the survival curve); NaN where it is missing."""
        until = np.broadcast_to(np.asarray(until, np.float64), self.groups)
        end = until[self.group]
        times = np.minimum(self.times, end)
        following = np.append(times[1:], 0.0)
        last = self.begin[1:][np.diff(self.begin) > 0] - 1
        following[last] = end[last]
        first = until.copy()
        begins = self.begin[:-1][np.diff(self.begin) > 0]
        first[np.diff(self.begin) > 0] = times[begins]
        area = np.bincount(
            self.group, weights=self.survival * (following - times), minlength=self.groups
        )
        return np.where(self.n > 0, first + area, np.nan)

    def variance_at(self, at: Array | float) -> Numbers:
        """Variance of the incidence at ``at`` (Greenwood's form, Collett ch. 12)."""
        own = self.times <= np.broadcast_to(at, self.groups)[self.group]
        group, n = self.group[own], self.at_risk[own].astype(np.float64)
        ends = self.ends[own].astype(np.float64)
        every = ends + self.others[own]
        gap = self.incidence_at(at)[group] - self.incidence[own]
        gap[np.abs(gap) < 1e-15] = 0.0
        alive = self._before[own]
        left = np.where(n > every, n - every, 1.0)  # where nobody is left the gap is 0 anyway
        terms = (
            gap**2 * every / (n * left)
            + alive**2 * ends * (n - ends) / n**3
            - 2 * gap * alive * ends / n**2
        )
        return np.maximum(np.bincount(group, weights=terms, minlength=self.groups), 0.0)

    def interval_at(self, at: Array | float, z: float = Z95) -> tuple[Numbers, Numbers]:
        """Interval of the incidence at ``at`` on the scale log(-log); NaN where it is 0 or 1."""
        share = self.incidence_at(at)
        inside = (share > 0) & (share < 1)
        known = np.where(inside, share, 0.5)
        error = np.sqrt(self.variance_at(at)) / (known * np.abs(np.log(known)))
        scale = np.log(-np.log(known))
        with np.errstate(over="ignore"):  # a wide interval reaches 0
            low, high = (np.exp(-np.exp(scale + side * z * error)) for side in (1, -1))
        return np.where(inside, low, np.nan), np.where(inside, high, np.nan)

    def reliable_until(self, least: int) -> Numbers:
        """The last time at which somebody ended while at least ``least`` were at risk; NaN: none."""
        rows = np.flatnonzero(self.at_risk >= least)
        out = np.full(self.groups, np.nan)
        out[self.group[rows]] = self.times[rows]  # the last one that is written stays
        return out
