"""The deals of a dataset as arrays, each made when it is first asked for."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

import numpy as np

from funnelkpi.metrics._columns import Array, Columns
from funnelkpi.model.dataset import Dataset

NEVER = np.iinfo(np.int64).max
"""Stands for "not seen" among moments in seconds, so that the earlier of two is the minimum."""

SPAN = np.int64(1) << 34
"""More than any moment in seconds: a number and a moment fit into one number (``keyed``)."""


def seconds(moments: Array) -> Array:
    """Moments as whole seconds, missing ones as ``NEVER``."""
    out: Array = np.asarray(moments).astype("M8[s]").view(np.int64).copy()
    out[out == np.iinfo(np.int64).min] = NEVER
    return out


def second(moment: datetime) -> int:
    """A moment as whole seconds."""
    return int(np.datetime64(moment, "s").astype(np.int64))


def keyed(of: Array, at: Array) -> Array:
    """``of`` (small numbers: clients, deals) and the seconds ``at`` as one number each, sorted by
    ``of`` and then by time. ``NEVER`` comes last."""
    found: Array = of * SPAN + np.clip(at, 0, SPAN - 1)
    return found


class Deals:
    """Columns of the deals as codes, seconds and flags; nobody may change the arrays."""

    def __init__(self, data: Dataset) -> None:
        self._frame = data.deals
        self._codes: Columns = {}
        self._statuses = {str(n): i for i, n in enumerate(data.deals["status"].cat.categories)}

    def __len__(self) -> int:
        return len(self._frame)

    def codes(self, name: str) -> Array:
        """Codes of a category column; -1 missing."""
        if name not in self._codes:
            self._codes[name] = self._frame[name].array.codes
        return self._codes[name]

    def status(self, *names: str, rows: Array | None = None) -> Array:
        """Which deals (of those at ``rows``) have one of these statuses."""
        codes = self.codes("status") if rows is None else self.codes("status")[rows]
        found = np.zeros(len(codes), dtype=bool)
        for name in names:
            found |= codes == self._statuses.get(name, -2)
        return found

    @cached_property
    def created(self) -> Array:
        """Creation in seconds."""
        return seconds(self._frame["created_at"].to_numpy())

    @cached_property
    def closed(self) -> Array:
        """Close in seconds."""
        return seconds(self._frame["closed_at"].to_numpy())

    @cached_property
    def amount(self) -> Array:
        """Amounts; NaN where there is none."""
        return self._frame["amount"].to_numpy()

    @cached_property
    def owner(self) -> Array:
        """Codes of the managers as whole numbers of 32 bits."""
        return self.codes("manager").astype(np.int32)

    def owner_when(self, moment: str) -> Array:
        """The managers that owned the deals at their creation (``created``) or close (``closed``);
        the current ones where no history tells."""
        name = f"manager_{moment}"
        return self.codes(name).astype(np.int32) if name in self._frame else self.owner

    @cached_property
    def way_known(self) -> Array:
        """Whose way is known since the creation."""
        known = (
            self._frame["way_known"].to_numpy(dtype=bool) if "way_known" in self._frame else None
        )
        return np.zeros(len(self), dtype=bool) if known is None else known

    @cached_property
    def stage_unknown(self) -> Array:
        """Whose stage changed after ``as_of``."""
        return self._frame["stage_unknown"].to_numpy(dtype=bool)

    def facts(self, rows: Array, *more: str, when: str | None = None) -> Columns:
        """Facts about the deals at ``rows``: deal, manager, pipeline and of ``more``: stage, amount,
        currency. when: whose the deals were (``owner_when``); by default whose they are."""
        owner = self.owner_when(when) if when else self.owner
        out = {
            "deal": rows.astype(np.int32),
            "manager": owner[rows],
            "pipeline": self.codes("pipeline")[rows].astype(np.int16),
        }
        for name in more:
            own = self.amount[rows] if name == "amount" else self.codes(name)[rows].astype(np.int16)
            out[name] = own
        return out


def cents(amount: Array) -> tuple[Array, Array]:
    """Kopecks as whole numbers, and which amounts are filled (neither missing nor 0).

    A sum of whole numbers does not depend on the order of rows.
    """
    missing = np.isnan(amount)
    whole = np.where(missing, 0, np.round(amount * 100)).astype(np.int64)
    return whole, ~missing & (amount != 0)
