"""The order in which the changes of a deal happened.

By deal and moment; changes of one moment by event ID (numbers as numbers, other IDs as text) where
all of them have one; else by the chain (a change begins where the one before it ended), else by the
stage's rank; the row of the file only between changes that are the same in all of that. CRMs list
events newest first, so the order of rows would turn changes of one second round.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.cells.texts import flat

Ints = npt.NDArray[np.int64]
_UNKNOWN = -1
_LAST = 1 << 15
_WIDTH = 1 << 17
_LONGEST = 18


def order_of(
    deal: npt.NDArray[np.int32],
    at: npt.NDArray[np.datetime64],
    event: Any,
    stage: npt.NDArray[np.int16],
    from_stage: npt.NDArray[np.int16],
    rank: npt.NDArray[np.int16],
    row: Ints,
) -> Ints:
    """Positions of the changes in the order they happened, deal by deal.

    event: IDs as Arrow text (or a pandas column of it), None where the source has none. stage,
    from_stage: codes, -1 unknown. rank: of the stage, below 0 for stages outside the order (lost,
    parked), which come last of one moment; a change without a stage (a creation) comes first.
    """
    moment = at.astype("M8[s]").astype(np.int64)
    base = _by_deal_and_moment(deal, moment)
    d, t = deal[base], moment[base]
    same = (d[1:] == d[:-1]) & (t[1:] == t[:-1])
    if not same.any():
        return base
    tied = np.append(False, same) | np.append(same, False)
    where = np.flatnonzero(tied)
    starts = np.append(True, ~same)[where]
    group = np.cumsum(starts) - 1
    rows = base[where]
    order = _settled(rows, group, event)
    left = np.flatnonzero(order < 0)
    if len(left):
        ties = _Ties(d, where, group, base, (stage, from_stage, rank, row))
        ties.settle(np.unique(group[left]), order)
    out = base.copy()
    out[where] = rows[np.lexsort((order, group))]
    return out


def _by_deal_and_moment(deal: npt.NDArray[np.int32], moment: Ints) -> Ints:
    if not len(deal):
        return np.empty(0, np.int64)
    low = int(moment.min())
    span = max(1, int(moment.max()) - low + 1)
    key = deal.astype(np.int64) * span + (moment - low)
    if (key[1:] >= key[:-1]).all():
        return np.arange(len(key))
    out: Ints = np.argsort(key, kind="stable")
    return out


def _settled(rows: Ints, group: Ints, event: Any) -> Ints:
    """Rank of each tied row by its event ID; -1 in groups where an ID is missing or repeated."""
    unknown = np.full(len(rows), -1, np.int64)
    if event is None:
        return unknown
    if isinstance(event, pd.Series):
        event = event.array
    texts = flat(event.__arrow_array__() if hasattr(event, "__arrow_array__") else event)
    texts = texts.take(pa.array(rows))
    if texts.null_count == len(texts):
        return unknown
    known = texts.is_valid().to_numpy(zero_copy_only=False)
    digits = pc.fill_null(pc.match_substring_regex(texts, rf"^\d{{1,{_LONGEST}}}$"), False)
    is_number = digits.to_numpy(zero_copy_only=False)
    number = np.zeros(len(rows), np.int64)
    number[is_number] = pc.cast(texts.filter(digits), pa.int64()).to_numpy(zero_copy_only=False)
    text = np.zeros(len(rows), np.int64)
    if not is_number.all():
        ranked = pc.rank(pc.fill_null(texts, ""), tiebreaker="min")
        text = np.where(is_number, 0, ranked.to_numpy(zero_copy_only=False).astype(np.int64))
    order = np.lexsort((text, number, ~is_number, group))
    out = np.empty(len(rows), np.int64)
    out[order] = np.arange(len(rows))
    repeated = np.zeros(len(rows), bool)
    before, after = order[:-1], order[1:]
    repeated[after] = (
        (group[after] == group[before])
        & (number[after] == number[before])
        & (text[after] == text[before])
        & (is_number[after] == is_number[before])
    )
    unsure = np.bincount(group, weights=(~known | repeated)) > 0
    return np.where(unsure[group], -1, out)


class _Ties:
    """Groups of changes of one moment that no event ID orders."""

    def __init__(self, deals: Any, where: Ints, group: Ints, base: Ints, columns: Any) -> None:
        rows = base[where]
        stage, from_stage, rank, row = columns
        self.group, self.where, self.base, self.stages = group, where, base, stage
        self.to = stage[rows].astype(np.int64)
        self.frm = from_stage[rows].astype(np.int64)
        ranks = rank[rows].astype(np.int64)
        self.rank = np.where(self.to < 0, -1, np.where(ranks < 0, _LAST, ranks))
        self.row = row[rows]
        first = where[np.append(True, group[1:] != group[:-1])]
        self.begin = first  # the place of each group in the base order
        self.follows = (first > 0) & (deals[first] == deals[np.maximum(first, 1) - 1])

    def settle(self, groups: Ints, order: Ints) -> None:
        """Fill ``order`` for the rows of ``groups``: those whose beginning is known first."""
        tied = np.zeros(len(self.base), bool)
        tied[self.where] = True
        # a group right behind another one of its deal waits for it
        waits = self.follows & tied[np.maximum(self.begin, 1) - 1]
        place = np.arange(len(waits))
        free = np.maximum.accumulate(np.where(waits, 0, place))
        wave = place - free
        last = np.full(len(waits), _UNKNOWN, np.int64)  # the stage each group ends in
        asked = np.zeros(len(waits), bool)
        asked[groups] = True
        before = np.where(
            self.follows, self.stages[self.base[np.maximum(self.begin, 1) - 1]], _UNKNOWN
        )
        by_wave = np.argsort(wave, kind="stable")
        edges = np.flatnonzero(np.diff(wave[by_wave], prepend=-1, append=-1))
        member = np.argsort(wave[self.group], kind="stable")
        bounds = np.searchsorted(wave[self.group][member], np.arange(len(edges)))
        for i in range(len(edges) - 1):
            own = by_wave[edges[i] : edges[i + 1]]
            rows = member[bounds[i] : bounds[i + 1]]
            state = np.full(len(waits), _UNKNOWN, np.int64)
            state[own] = np.where(waits[own], last[np.maximum(own, 1) - 1], before[own])
            chained = rows[asked[self.group[rows]]]
            self._chain(chained, state, order)
            self._ends(rows, order, last)

    def _ends(self, rows: Ints, order: Ints, last: Ints) -> None:
        """The stage each group of these rows ends in."""
        staged = rows[self.to[rows] >= 0]
        staged = staged[np.lexsort((order[staged], self.group[staged]))]
        last[self.group[staged]] = self.to[staged]  # of several the last one stays

    def _chain(self, rows: Ints, state: Ints, order: Ints) -> None:
        """Take the rows of all groups one by one, always the one that continues best."""
        step = 0
        while len(rows):
            g, to, frm = self.group[rows], self.to[rows], self.frm[rows]
            moves = (frm >= 0) & (to >= 0) & (frm != to)
            begins, ends = g * _WIDTH + frm, g * _WIDTH + to
            goes_on = np.isin(ends, begins[moves])
            is_head = ~np.isin(begins, ends[moves])
            fits = (frm >= 0) & (frm == state[g])
            start = np.where(fits, 0, np.where(frm < 0, 1, np.where(is_head, 2, 3)))
            start[to < 0] = -1
            best = np.lexsort((self.row[rows], frm, to, self.rank[rows], ~goes_on, start, g))
            chosen = best[np.append(True, g[best][1:] != g[best][:-1])]
            order[rows[chosen]] = step
            moved = to[chosen] >= 0
            state[g[chosen][moved]] = to[chosen][moved]
            keep = np.ones(len(rows), bool)
            keep[chosen] = False
            rows = rows[keep]
            step += 1
