"""Visits: where a deal stood from when to when, made of its moves; and the empty frames of history.

A move is an arrival in a stage. The visit it begins ends with the next move of the same deal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[Any]

RUNNING = -1
"""``next`` of a visit that has not ended by ``as of``."""
GONE = -2
"""``next`` of a visit that ended because the deal was deleted or merged in the CRM; as the stage of
a move: that end."""
ELSEWHERE = -3
"""``next`` of a visit that ended in a stage no pipeline knows; as the stage of a move: that stage."""


@dataclass(frozen=True)
class Moves:
    """Arrivals of deals in stages, by deal and time; all arrays are of one length.

    deal: position in the deals. stage: stage code, ``GONE`` or ``ELSEWHERE``. at: the moment it
    counts at, NaT if it lies before anything was seen. since, until: the interval it surely lies
    in (``at`` where exact). observed: from when on the visit was under observation. day: ``at`` is
    a date only. evidence: ``Evidence``. manager: owner then.
    """

    deal: Array
    stage: Array
    at: Array
    since: Array
    until: Array
    observed: Array
    day: Array
    evidence: Array
    manager: Array


def build_visits(moves: Moves) -> pd.DataFrame:
    """The visits frame of ``Dataset``."""
    same = moves.deal[1:] == moves.deal[:-1]
    exact = moves.since is moves.at and moves.until is moves.at
    after = np.full(len(moves.deal), RUNNING, np.int16)
    after[:-1][same] = moves.stage[1:][same]
    end = _next(moves.at, same)
    end_since = end if exact else _next(moves.since, same)
    end_until = end if exact else _next(moves.until, same)
    day = moves.day.copy()
    day[:-1][same] |= moves.day[1:][same]
    columns = {
        "deal": moves.deal,
        "stage": moves.stage,
        "start": moves.at,
        "start_since": moves.since,
        "start_until": moves.until,
        "end": end,
        "end_since": end_since,
        "end_until": end_until,
        "next": after,
        "observed": moves.observed,
        "day": day,
        "evidence": moves.evidence,
        "manager": moves.manager,
    }
    here = moves.stage >= 0
    if not here.all():
        columns = {name: values[here] for name, values in columns.items()}
    types = {"deal": "i4", "stage": "i2", "evidence": "i1", "manager": "i4"}
    return pd.DataFrame(
        {n: v.astype(types.get(n, v.dtype), copy=False) for n, v in columns.items()}, copy=False
    )


def _next(values: Array, same: Array) -> Array:
    out = np.full(len(values), np.datetime64("NaT", "s"))
    out[:-1][same] = values[1:][same]
    return out


def first_visits(visits: pd.DataFrame, stages: int) -> Array:
    """Positions of the first visit of each deal to each of its stages, in the order of the frame.

    stages: how many stages the funnel has.
    """
    deal, stage = visits["deal"].to_numpy(), visits["stage"].to_numpy()
    same = deal[1:] == deal[:-1]
    again = same & (stage[1:] <= stage[:-1])
    if not again.any():
        return np.arange(len(deal))
    # only deals that do not walk through rising stage codes can have been in one stage twice
    doubtful = np.zeros(int(deal[-1]) + 1, bool)
    doubtful[deal[1:][again]] = True
    rows = np.flatnonzero(doubtful[deal])
    key = deal[rows].astype(np.int64) * (stages + 1) + stage[rows]
    _, first = np.unique(key, return_index=True)
    keep = ~doubtful[deal]
    keep[rows[first]] = True
    return np.flatnonzero(keep)


def lasting(visits: pd.DataFrame, winning: Array) -> Array:
    """Which visits count: all but those to a won stage (or one after it) that the deal has left
    since. A win that did not last counts nowhere.

    winning: whether a stage (by code) is the goal or lies after it.
    """
    won = winning[visits["stage"].to_numpy()]
    if not won.any():
        return np.ones(len(visits), bool)
    deal = visits["deal"].to_numpy()
    reopened = np.flatnonzero(~won | (visits["next"].to_numpy() == ELSEWHERE))
    last = np.full(int(deal[-1]) + 1, -1, np.int64)
    last[deal[reopened]] = reopened  # of several the last one stays
    keep: Array = ~won
    rows = np.flatnonzero(won)
    keep[rows] = rows > last[deal[rows]]
    return keep


def _empty(**types: str) -> pd.DataFrame:
    return pd.DataFrame({name: np.empty(0, kind) for name, kind in types.items()})


def no_visits() -> pd.DataFrame:
    """No visits."""
    return _empty(
        deal="i4", stage="i2", start="M8[s]", start_since="M8[s]", start_until="M8[s]",
        end="M8[s]", end_since="M8[s]", end_until="M8[s]", next="i2", observed="M8[s]", day="?",
        evidence="i1", manager="i4",
    )  # fmt: skip


def no_owners() -> pd.DataFrame:
    """No change of owner."""
    return _empty(deal="i4", at="M8[s]", manager="i4")


def no_pushes() -> pd.DataFrame:
    """No moved close date."""
    return _empty(
        deal="i4", at="M8[s]", since="M8[s]", until="M8[s]", before="M8[s]", after="M8[s]",
        manager="i4",
    )  # fmt: skip


def no_amounts() -> pd.DataFrame:
    """No changed amount."""
    return _empty(
        deal="i4", at="M8[s]", since="M8[s]", until="M8[s]", before="f8", after="f8", manager="i4"
    )
