"""The nearest deal of a client at a moment: open then, else created or closed near it.

The deals of each client lie sorted behind one another; a call finds its place among them by search.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
SPAN = np.int64(1) << 34
"""More than any moment in seconds: client and moment fit into one number."""
FAR = SPAN - 1
NONE = np.iinfo(np.int64).max
NAT = np.iinfo(np.int64).min


def seconds(moments: pd.Series) -> Ints:
    """Moments as whole seconds, missing ones as ``NAT``."""
    found: Ints = moments.to_numpy().astype("M8[s]").view(np.int64)
    return found


class DealTable:
    """Deals by client and time, as sorted numbers client × ``SPAN`` + second."""

    def __init__(
        self, deals: pd.DataFrame, rows: Ints, client: Ints, ids: Ints, within: int
    ) -> None:
        self.within, self.ids = within, ids
        by_id = np.argsort(ids[rows], kind="stable")
        rows, client = rows[by_id], client[by_id]
        created, closed = (seconds(deals[c].iloc[rows]) for c in ("created_at", "closed_at"))
        begun, ended = created != NAT, closed != NAT
        created, closed = (np.clip(at, 1, FAR - 1) for at in (created, closed))
        last = np.where(ended, closed, FAR)
        lasting = begun & (last > created)
        self._intervals(rows[lasting], client[lasting], created[lasting], last[lasting])
        # every creation and close, by client and time, the lower id first
        points = [(rows[m], client[m], at[m]) for m, at in ((begun, created), (ended, closed))]
        deal, owner, at = (np.concatenate(p) for p in zip(*points, strict=True))
        order = np.argsort(ids[deal], kind="stable")
        deal, key = deal[order], owner[order] * SPAN + at[order]
        order = np.argsort(key, kind="stable")
        self.point, self.point_deal = key[order], deal[order]
        n = len(order)
        new = np.ones(n + 1, bool)
        new[1:n] = self.point[1:] != self.point[:-1]
        self.point_first = np.maximum.accumulate(np.where(new[:n], np.arange(n), 0))
        # up to where the same deal of the same client goes on
        new[1:n] = (self.point_deal[1:] != self.point_deal[:-1]) | (
            self.point[1:] // SPAN != self.point[:-1] // SPAN
        )
        ends = np.where(new[1:], np.arange(1, n + 1), n)
        self.run_end = np.minimum.accumulate(ends[::-1])[::-1]

    def _intervals(self, rows: Ints, client: Ints, created: Ints, closed: Ints) -> None:
        backwards = np.arange(len(rows))[::-1]  # of equal moments the lower id comes last
        key = client * SPAN + created
        order = backwards[np.argsort(key[backwards], kind="stable")]
        self.start, self.start_deal, self.start_closed = key[order], rows[order], closed[order]
        self.longer = _links(self.start_closed, client[order])
        key = client * SPAN + closed
        order = np.argsort(key, kind="stable")
        self.end, self.end_deal, self.end_created = key[order], rows[order], created[order]
        links = _links(-self.end_created[::-1], client[order][::-1])
        self.earlier = (len(rows) - 1 - links)[::-1]

    def find(self, key: Ints) -> tuple[Ints, Ints, Mask, Ints]:
        """For each call (client × ``SPAN`` + second, ascending): the nearest deal (-1: none), its
        distance in seconds, whether it was open then, how many fit (of not open ones at most 2)."""
        size = len(key)
        deal, far = np.full(size, -1, np.int64), np.full(size, NONE)
        after = np.searchsorted(self.start, key, side="right")
        following = np.searchsorted(self.end, key, side="right")
        count = after - following
        is_open = count > 0
        rows = np.flatnonzero(is_open)
        deal[rows], far[rows] = self._open(key[rows] & FAR, after[rows] - 1, following[rows])
        rows = np.flatnonzero(~is_open)
        deal[rows], far[rows], count[rows] = self._near(key[rows])
        return deal, far, is_open, count

    def _open(self, at: Ints, last: Ints, following: Ints) -> tuple[Ints, Ints]:
        """Of the open deals the one created last, or closing first: whichever is nearer."""
        todo = np.flatnonzero(self.start_closed[last] <= at)
        while len(todo):
            last[todo] = self.longer[last[todo]]
            todo = todo[self.start_closed[last[todo]] <= at[todo]]
        todo = np.flatnonzero(self.end_created[following] > at)
        while len(todo):
            following[todo] = self.earlier[following[todo]]
            todo = todo[self.end_created[following[todo]] > at[todo]]
        before, later = self.start_deal[last], self.end_deal[following]
        since = at - (self.start[last] & FAR)
        until = self.end[following] & FAR
        until = np.where(until == FAR, NONE, until - at)
        second = (until < since) | ((until == since) & (self.ids[later] < self.ids[before]))
        return np.where(second, later, before), np.minimum(since, until)

    def _near(self, key: Ints) -> tuple[Ints, Ints, Ints]:
        """The deal with the nearest creation or close, if near enough; 2: another is near, too."""
        n, size = len(self.point), len(key)
        if not n or not size:
            return np.full(size, -1), np.full(size, NONE), np.zeros(size, np.int64)
        at = key & FAR
        place = np.searchsorted(self.point, key, side="left")
        back = self.point_first[np.maximum(place - 1, 0)]
        ahead = np.minimum(place, n - 1)
        low = key - at
        since = np.where((place > 0) & (self.point[back] >= low), key - self.point[back], NONE)
        own = (place < n) & (self.point[ahead] < low + SPAN)
        until = np.where(own, self.point[ahead] - key, NONE)
        before, later = self.point_deal[back], self.point_deal[ahead]
        second = (until < since) | ((until == since) & (self.ids[later] < self.ids[before]))
        deal, far = np.where(second, later, before), np.minimum(since, until)
        near = far <= self.within
        first = np.searchsorted(self.point, low + np.maximum(at - self.within, 0), side="left")
        bound = low + np.minimum(at + self.within, FAR)
        beyond = np.searchsorted(self.point, bound, side="right")
        several = self.run_end[np.minimum(first, n - 1)] < beyond
        return np.where(near, deal, -1), far, np.where(near, 1 + several, 0)


def _links(value: Ints, group: Ints) -> Ints:
    """Of each row the last one before it in its group with a greater value; else one at which no
    search ends that knows there is one."""
    n = len(value)
    link = np.arange(n) - 1
    if not n:
        return link
    first = np.ones(n, bool)
    first[1:] = group[1:] != group[:-1]
    link[first] = -1
    todo = np.flatnonzero(~first)
    todo = todo[value[link[todo]] <= value[todo]]
    while len(todo):
        # what lies between a row and its link is never greater: so the link's link may be tried
        link[todo] = link[link[todo]]
        todo = todo[link[todo] >= 0]
        todo = todo[value[link[todo]] <= value[todo]]
    return link
