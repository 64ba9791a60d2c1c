"""The calls of a dataset as arrays, each made when it is first asked for."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Array
from funnelkpi.metrics._deals import NEVER, second, seconds
from funnelkpi.model.calls import CLASSES
from funnelkpi.model.dataset import Dataset

AT_THE_CALL = 15 * 60
"""A deal or contact entered so many seconds before a call was entered at the call."""
OUTSIDE, INTERNAL = CLASSES.index("deal_outside"), CLASSES.index("internal")
_OUTGOING = ("out", "callback")


class Calls:
    """Columns of the calls as codes, seconds and flags; nobody may change the arrays.

    A *party* is the other side as a number: the client (of a phone of several, the lowest), else the
    number itself; -1 where it is hidden or none is written.
    """

    def __init__(self, data: Dataset) -> None:
        assert data.calls is not None
        self._data, self._frame = data, data.calls

    def __len__(self) -> int:
        return len(self._frame)

    @cached_property
    def at(self) -> Array:
        """The beginning of each call in seconds."""
        given = self._frame["called_at"].to_numpy()
        if np.isnat(given).any():
            return seconds(given)
        found: Array = given.astype("M8[s]", copy=False).view(np.int64)
        return found

    @cached_property
    def manager(self) -> Array:
        """Who called or answered; -1 a line or department."""
        found: Array = self._frame["manager"].array.codes.astype(np.int32)
        return found

    def _is(self, name: str, *wanted: str) -> Array:
        column = self._frame[name].array
        hits = np.array([*(str(c) in wanted for c in column.categories), False], dtype=bool)
        found: Array = hits[column.codes]
        return found

    @cached_property
    def internal(self) -> Array:
        """Calls between colleagues: part of no figure but all calls."""
        found: Array = self.klass == INTERNAL
        return found

    @cached_property
    def incoming(self) -> Array:
        """Incoming calls of clients."""
        return self._is("direction", "in") & ~self.internal

    @cached_property
    def outgoing(self) -> Array:
        """Calls to clients, answered or not."""
        return self._is("direction", *_OUTGOING) & ~self.internal

    @cached_property
    def success(self) -> Array:
        """Calls that were answered."""
        return self._is("outcome", "success")

    @cached_property
    def conversation(self) -> Array:
        """Conversations with clients: answered, and long enough."""
        return self._frame["conversation"].to_numpy(dtype=bool) & ~self.internal

    @cached_property
    def klass(self) -> Array:
        """Index into ``model.calls.CLASSES``."""
        return self._frame["klass"].to_numpy()

    @cached_property
    def deal(self) -> Array:
        """The deal of each call (int32), -1 none."""
        found: Array = self._frame["deal"].to_numpy()
        return found

    @cached_property
    def client(self) -> Array:
        """The client of each call (int32), -1 unknown."""
        found: Array = self._frame["client"].to_numpy()
        return found

    @cached_property
    def caller(self) -> Array:
        """The number of each call as a row of ``Dataset.callers`` (int32), -1 none."""
        found: Array = self._frame["caller"].to_numpy()
        return found

    @cached_property
    def party(self) -> Array:
        """The other side of each call (int32), -1 unknown."""
        callers = self._data.callers
        known = np.empty(0, np.int32) if callers is None else callers["client"].to_numpy()
        clients = int(max(known.max(initial=-1), self.client.max(initial=-1))) + 1
        own = np.where(known >= 0, known, clients + np.arange(len(known)))
        by_number: Array = np.append(own, -1).astype(np.int32)[self.caller]
        unknown = np.flatnonzero(by_number < 0)
        by_number[unknown] = self.client[unknown]
        return by_number

    def first_deal(self, rows: Array) -> Array:
        """When the first deal or lead of the other side of each call at ``rows`` was entered;
        ``NEVER``: never."""
        return self._first("first_deal", self._data.deals, rows)

    def _first(self, name: str, table: pd.DataFrame | None, rows: Array) -> Array:
        callers = self._data.callers
        caller, client = self.caller[rows], self.client[rows]
        out = np.full(len(rows), NEVER)
        if callers is not None:
            out = np.append(seconds(callers[name].to_numpy()), NEVER)[caller]
        left = np.flatnonzero((caller < 0) & (client >= 0))
        if len(left) and table is not None:
            whose = table["client"].to_numpy()
            created = seconds(table["created_at"].to_numpy())
            created = np.where(created == NEVER, 0, created)
            least = np.full(int(max(whose.max(initial=-1), client.max())) + 1, NEVER)
            np.minimum.at(least, whose[whose >= 0], created[whose >= 0])
            out[left] = least[client[left]]
        return out

    def first_contact(self, rows: Array) -> Array:
        """When the first contact of the other side of each call at ``rows`` was entered."""
        return self._first("first_contact", self._data.contacts, rows)

    @cached_property
    def clients_known(self) -> bool:
        """Whether any table tells the phones of clients: else every caller would look new."""
        data = self._data
        for table in (data.deals, data.contacts, data.companies):
            if table is not None and "phone" in table and bool(table["phone"].notna().any()):
                return True
        return False

    @cached_property
    def begin(self) -> int:
        """The second of the first call known."""
        return int(self.at.min(initial=NEVER))

    @cached_property
    def end(self) -> int:
        """The second until which the calls are known."""
        return second(self._data.covered.get("calls", self._data.as_of))

    @cached_property
    def deals_until(self) -> int:
        """The second until which the deals are known."""
        return second(self._data.covered.get("deals", self._data.as_of))

    @cached_property
    def deals_end(self) -> int:
        """The second until which both calls and deals are known."""
        return min(self.end, self.deals_until)
