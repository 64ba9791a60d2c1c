"""Deals as they stood at an earlier ``as of``, where history tells what changed since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.funnel.resolve import STATUS_OF
from funnelkpi.adapters.history.changes import Changes, order_of_changes
from funnelkpi.model.funnel import STATUSES, Funnel

Array = npt.NDArray[Any]
_NAT = np.datetime64("NaT", "s")


def rewind(
    deals: pd.DataFrame, changes: Changes, recorded: Array, funnel: Funnel, moment: datetime
) -> None:
    """Give deals the stage they stood in at ``moment``: those of unknown stage (``stage_unknown``)
    and those that are known to have moved since.

    changes: all that are known, also those after ``moment``. recorded: per pipeline code whether its
    changes were being recorded before and after ``moment``. A deal stood where its last change by
    then put it; with none, where its first change after then took it from; with no change after
    then, where it stands. Where nothing is recorded, or a change lies in an interval around
    ``moment``, its stage stays unknown. ``deals`` is filled in place.
    """
    unknown, now = deals["stage_unknown"].to_numpy().copy(), np.datetime64(moment, "s")
    if not recorded.any():
        return
    rows = changes.of("created", "stage")
    unknown[changes.deal[rows[(changes.since[rows] >= now) & changes.named[rows]]]] = True
    if not unknown.any():
        return
    rows = rows[unknown[changes.deal[rows]] & changes.named[rows]]
    rows = rows[order_of_changes(changes, rows, funnel)]
    before, after = changes.until[rows] <= now, changes.since[rows] >= now
    after &= ~before
    deal = changes.deal[rows]
    n = len(deals)
    target, since = np.full(n, -1, np.int16), np.full(n, _NAT)
    first = rows[after][::-1]
    target[changes.deal[first]] = changes.from_stage[first]  # the earliest is written last
    last = rows[before]
    target[changes.deal[last]] = changes.stage[last]
    since[changes.deal[last]] = changes.at[last]
    won = _wins(changes, last, funnel, n)
    vague = np.zeros(n, bool)
    vague[deal[~before & ~after]] = True
    moved = np.zeros(n, bool)
    moved[deal[after]] = True
    place, stage = (deals[name].cat.codes.to_numpy() for name in ("pipeline", "stage"))
    same = ~moved & np.append(recorded, False)[place]
    target, since = np.where(same, stage, target), np.where(same, _NAT, since)
    found = np.flatnonzero(unknown & (moved | same) & ~vague & (target >= 0))
    stages = target[found]
    status = deals["status"].cat.codes.to_numpy().copy()
    table = np.array([STATUSES.index(STATUS_OF[s.kind]) for s in funnel.stages], np.int8)
    status[found] = table[stages]
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages], np.int16)
    ended = np.isin(status[found], [STATUSES.index(s) for s in ("won", "lost", "converted")])
    put = {
        "stage": (deals["stage"].cat.codes.to_numpy().copy(), stages),
        "pipeline": (deals["pipeline"].cat.codes.to_numpy().copy(), home[stages]),
    }
    for name, (codes, values) in put.items():
        codes[found] = values
        deals[name] = pd.Categorical.from_codes(codes, deals[name].cat.categories)
    deals["status"] = pd.Categorical.from_codes(status, pd.Index(STATUSES))
    changed = deals["stage_changed_at"].to_numpy().astype("M8[s]").copy()
    changed[found] = since[found]
    closed = deals["closed_at"].to_numpy().astype("M8[s]").copy()
    winning = ended & (status[found] != STATUSES.index("lost"))
    closed[found] = np.where(winning, won[found], np.where(ended, since[found], _NAT))
    left = unknown.copy()
    left[found] = False
    deals["stage_changed_at"], deals["closed_at"], deals["stage_unknown"] = changed, closed, left


def _wins(changes: Changes, rows: Array, funnel: Funnel, deals: int) -> Array:
    """When each deal was won: its first change to a won stage (or one after it) since it last stood
    in another. rows: its changes by the moment, in order."""
    table = [STATUS_OF[s.kind] in ("won", "converted") for s in funnel.stages]
    winning = np.array([*table, False])[changes.stage[rows]]
    deal = changes.deal[rows]
    begins = winning.copy()
    begins[1:] &= ~winning[:-1] | (deal[1:] != deal[:-1])
    out = np.full(deals, _NAT)
    out[deal[begins]] = changes.at[rows[begins]]
    return out
