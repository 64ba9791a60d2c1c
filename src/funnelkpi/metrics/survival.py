"""Curves of time: Kaplan–Meier and Aalen–Johansen with delayed entry and right censoring.

For many groups at once and without a loop over observations. With one kind of end the curve is
Kaplan–Meier's; with two, ``incidence`` is the Aalen–Johansen estimate of the end of interest (one
minus Kaplan–Meier with the other end censored would overstate it).

Sources: E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", JASA 53
(1958); O. O. Aalen, S. Johansen, "An empirical transition matrix for non-homogeneous Markov chains
based on censored observations", Scand. J. Statist. 5 (1978); delayed entry: P. K. Andersen et al.,
"Statistical Models Based on Counting Processes" (1993), III.3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from funnelkpi.metrics._columns import Array
from funnelkpi.metrics._curves import Curves, Numbers

__all__ = ["CENSORED", "END", "OTHER", "Curves", "Observations", "curves", "observations"]

CENSORED, END, OTHER = 0, 1, 2
"""Causes: not ended while observed; ended as asked; ended otherwise."""

# At one moment ends come before censorings, and whoever enters then was not at risk yet.
_KIND_OF = np.array([2, 0, 1], dtype=np.int64)
_ENTERS = 3
_ROOM = 8_000_000
"""Cases up to this number are counted in a table of all of them, seen or not."""


@dataclass(frozen=True)
class Observations:
    """Observations of several groups, those alike counted together.

    In the order of group, time and kind. kind: ended as asked, ended otherwise, censored, came under
    observation later than its start. resolution: units of the durations in one unit of time; a
    duration is rounded up to it, so that what lies within a bound (a multiple of it) still does.
    """

    group: Array
    time: Array
    kind: Array
    count: Array
    groups: int
    resolution: int = 1

    def total(self, *kinds: int) -> Array:
        """How many of each group are of these kinds."""
        own = np.isin(self.kind, kinds)
        added = np.bincount(self.group[own], weights=self.count[own], minlength=self.groups)
        return added.astype(np.int64)

    @property
    def n(self) -> Array:
        """Observations of each group."""
        return self.total(0, 1, 2)

    def at_risk(self, at: float) -> Array:
        """How many of each group are under observation and not ended just before ``at``."""
        later = self.time * self.resolution >= at
        sign = np.where(self.kind == _ENTERS, -1, 1)
        added = (self.count * sign)[later]
        there = np.bincount(self.group[later], weights=added, minlength=self.groups)
        return there.astype(np.int64)

    def medians(self) -> Numbers:
        """The median time of those of each group that ended as asked; NaN where there are none."""
        own = np.flatnonzero(self.kind == 0)
        group, count = self.group[own], self.count[own]
        n = np.bincount(group, weights=count, minlength=self.groups).astype(np.int64)
        behind, passed = np.cumsum(n) - n, np.cumsum(count)
        out, some = np.full(self.groups, np.nan), n > 0
        ends = [
            self.time[own][np.searchsorted(passed, (behind + middle)[some], side="right")]
            for middle in ((n - 1) // 2, n // 2)
        ]
        out[some] = (ends[0] + ends[1]) / 2 * self.resolution
        return out

    def curves(self) -> Curves:
        """The curve of each group."""
        late = self.kind == _ENTERS
        step = np.where(late, self.count, -self.count)
        before = np.cumsum(step) - step
        start = self.total(0, 1, 2) - self.total(_ENTERS)
        rows = np.flatnonzero(self.kind <= 1)
        group, time = self.group[rows], self.time[rows]
        # ends come first at their moment, so the first of them has everybody who was at risk
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (group[1:] != group[:-1]) | (time[1:] != time[:-1])
        first = np.flatnonzero(new)
        place = np.cumsum(new) - 1
        kind, count = self.kind[rows], self.count[rows]
        ends, others = (
            np.bincount(place[kind == k], weights=count[kind == k], minlength=len(first))
            for k in (0, 1)
        )
        group, time = group[first], time[first]
        heads = np.searchsorted(self.group, np.arange(self.groups))
        offset = np.append(before, 0)[heads]
        at_risk = before[rows[first]] - offset[group] + start[group]
        found = np.bincount(group, minlength=self.groups)
        begin = np.concatenate([[0], np.cumsum(found)]).astype(np.int64)
        survival, incidence = _products(begin, ends, others, at_risk)
        return Curves(
            begin, self.n, time * self.resolution, at_risk, ends.astype(np.int64),
            others.astype(np.int64), survival, incidence,
        )  # fmt: skip

    def joined_as(self, group: Array, groups: int) -> Observations:
        """The same observations in other groups: ``group`` of each of the present rows; -1: none."""
        own = np.flatnonzero(group >= 0) if (group < 0).any() else slice(None)
        return _counted(
            group[own], self.time[own], self.kind[own], self.count[own], groups, self.resolution
        )


def _products(begin: Array, ends: Array, others: Array, at_risk: Array) -> tuple[Numbers, Numbers]:
    """Survival and incidence of each group, one behind the other."""
    stays = 1 - (ends + others) / at_risk
    survival, incidence = np.empty(len(stays)), np.empty(len(stays))
    for a, b in zip(begin[:-1].tolist(), begin[1:].tolist(), strict=True):
        if a == b:
            continue
        alive = np.cumprod(stays[a:b])
        survival[a:b] = alive
        just_before = np.concatenate([[1.0], alive[:-1]])
        incidence[a:b] = np.cumsum(just_before * ends[a:b] / at_risk[a:b])
    return survival, incidence


def observations(
    duration: Array,
    cause: Array,
    entry: Array | None = None,
    group: Array | None = None,
    groups: int = 1,
    resolution: int = 1,
) -> Observations:
    """Observations in any order, ready for curves.

    duration: whole number of units (seconds, days) from the start to the end or censoring, 0 or
    more. cause: ``CENSORED``, ``END`` or ``OTHER``. entry: the time since the start at which an
    observation came under observation; 0 or less: from the start on. One that ended or was censored
    no later than it entered was never at risk and is left out. group: 0 to ``groups`` - 1 of each.
    """
    group = np.zeros(len(duration), np.int64) if group is None else group
    if resolution > 1:
        duration = -(-duration // resolution)
        entry = None if entry is None else -(-entry // resolution)
    kind = _KIND_OF[cause]
    if entry is None or not (entry > 0).any():
        return _counted(group, duration, kind, None, groups, resolution)
    late = entry > 0
    seen = ~late | (entry < duration)
    if not seen.all():
        duration, kind, entry = duration[seen], kind[seen], entry[seen]
        group, late = group[seen], late[seen]
    enters = np.flatnonzero(late)
    return _counted(
        np.concatenate([group, group[enters]]),
        np.concatenate([duration, entry[enters]]),
        np.concatenate([kind, np.full(len(enters), _ENTERS)]),
        None,
        groups,
        resolution,
    )


def _counted(
    group: Array, time: Array, kind: Array, count: Array | None, groups: int, resolution: int
) -> Observations:
    """Equal ones counted together, in order: in a table of all cases if that is small, else sorted."""
    span = int(time.max(initial=0)) + 1
    keys = (group.astype(np.int64) * span + time) * 4 + kind
    size = groups * span * 4
    if size <= _ROOM:
        table = np.bincount(keys, weights=count, minlength=size)
        found = np.flatnonzero(table)
        number = table[found].astype(np.int64)
    elif count is None:
        keys.sort()
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        found, number = keys[first], np.diff(first, append=len(keys))
    else:
        order = np.argsort(keys)
        keys, count = keys[order], count[order]
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        found = keys[first]
        number = np.add.reduceat(count, first) if len(first) else count[:0]
    place = found >> 2
    return Observations(place // span, place % span, found & 3, number, groups, resolution)


def curves(
    duration: Array,
    cause: Array,
    entry: Array | None = None,
    group: Array | None = None,
    groups: int = 1,
) -> Curves:
    """The curves of ``observations``."""
    return observations(duration, cause, entry, group, groups).curves()
