"""Who owned a deal when: a hand-over does not rewrite last month (docs/metrics.md, "Words")."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[Any]

_SPAN = np.int64(1) << 34
"""More than any moment in seconds: deal and moment fit into one number."""


def build_owners(
    deal: Array, at: Array, owner: Array, before: Array, seen: Array, current: Array | None = None
) -> pd.DataFrame:
    """The owners frame of ``Dataset`` from what was seen of owners, in any order.

    deal, at, owner: from ``at`` on (or, where ``seen``, at least at that moment) the deal belonged
    to ``owner`` (manager code, -1 nobody). before: owner before a change, -1 unknown. The first
    known owner of a deal is taken to have had it since its creation. current: owner of each deal
    by position now. Deals whose owner never differs, from the current one neither, are left out.
    """
    order = np.lexsort((at, deal))
    deal, at, owner, before, seen = (a[order] for a in (deal, at, owner, before, seen))
    first = np.ones(len(deal), bool)
    first[1:] = deal[1:] != deal[:-1]
    begin = np.flatnonzero(first & ~seen & (before >= 0))
    # the owner before the first change, or the first one ever seen, has it since the creation
    at = at.copy()
    at[first & seen] = np.datetime64("NaT", "s")
    rows = np.concatenate([begin, np.arange(len(deal))])
    added = np.arange(len(rows)) < len(begin)
    who = np.where(added, before[rows], owner[rows])
    when = np.where(added, np.datetime64("NaT", "s"), at[rows])
    place = np.argsort(rows * 2 + ~added, kind="stable")
    deal, who, when = deal[rows][place], who[place], when[place]
    same = np.zeros(len(deal), bool)
    same[1:] = (deal[1:] == deal[:-1]) & (who[1:] == who[:-1])
    deal, who, when = deal[~same], who[~same], when[~same]
    keep = np.zeros(len(deal), bool)
    keep[1:] |= deal[1:] == deal[:-1]
    keep[:-1] |= deal[1:] == deal[:-1]
    if current is not None:  # handed over since the last time anybody was named
        keep |= who != current[deal]
    return pd.DataFrame(
        {
            "deal": deal[keep].astype(np.int32),
            "at": when[keep].astype("M8[s]"),
            "manager": who[keep].astype(np.int32),
        }
    )


def owner_at(owners: pd.DataFrame, deal: Array, at: Array, current: Array) -> Array:
    """The manager code of each ``deal`` at ``at`` (NaT: at its creation); of a deal whose owner
    never changed its current one (``current``: by deal position)."""
    out: Array = current[deal].astype(np.int32)
    if not len(owners):
        return out
    own = owners["deal"].to_numpy()
    changed = np.zeros(len(current), bool)
    changed[own] = True
    rows = np.flatnonzero(changed[deal])
    keys = _key(own, owners["at"].to_numpy())
    place = np.searchsorted(keys, _key(deal[rows], at[rows]), side="right") - 1
    known = (place >= 0) & (own[place] == deal[rows])
    out[rows[known]] = owners["manager"].to_numpy()[place[known]]
    return out


def _key(deal: Array, at: Array) -> Array:
    seconds = at.astype("M8[s]").view(np.int64)
    seconds = np.where(np.isnat(at), 0, np.clip(seconds, 1, _SPAN - 1))
    key: Array = deal.astype(np.int64) * _SPAN + seconds
    return key
