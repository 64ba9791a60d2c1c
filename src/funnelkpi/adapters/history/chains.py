"""From changes to moves: the way of every deal through its stages, with what is not known of it.

Events may begin after a deal was created, may have gaps, may contradict the export; kept exports
know intervals. Strongest evidence first: where events cover a deal, kept exports are not asked.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.history.changes import CHANGES, SLACK, Changes, middle, order_of_changes
from funnelkpi.model.date_only import date_only
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import Funnel
from funnelkpi.model.visits import ELSEWHERE, GONE, Moves

Array = npt.NDArray[Any]
_NAT = np.datetime64("NaT", "s")
_NONE = np.datetime64("9999-12-31", "s")


@dataclass(frozen=True)
class Arrivals:
    """Arrivals in stages before they are put in a row; all arrays of one length.

    stage: -1 a stage no pipeline knows, ``GONE`` the deal's end. from_stage: -1 unknown. created:
    the arrival is the deal's creation. order: place among the arrivals of its deal.
    """

    deal: Array
    stage: Array
    from_stage: Array
    at: Array
    since: Array
    until: Array
    observed: Array
    evidence: Array
    created: Array

    def taken(self, rows: Array) -> Arrivals:
        """The arrivals at ``rows``; a shared array stays shared."""
        done: dict[int, Array] = {}
        out = {}
        for field in fields(self):
            values = getattr(self, field.name)
            if id(values) not in done:
                done[id(values)] = values[rows]
            out[field.name] = done[id(values)]
        return Arrivals(**out)


@dataclass(frozen=True)
class Chains:
    """moves: the way of every deal whose way is known at all. whole: deals whose way is known since
    their creation. observed: per pipeline code the moment from which its stages' entries are known,
    NaT none. broken: deals with a gap in their events. differing: deals whose last event is not the
    stage the export shows. ends: per pipeline code the last event, NaT none. until: the last of
    all."""

    moves: Moves
    whole: Array
    observed: Array
    broken: int
    differing: Array
    ends: Array
    until: datetime | None


def build_chains(
    changes: Changes, begun: Arrivals | None, ended: Arrivals | None, deals: pd.DataFrame,
    funnel: Funnel, moment: datetime,
) -> Chains:  # fmt: skip
    """Put the arrivals of every deal in a row and complete them.

    deals: as they stand at ``moment``. begun: where deals stood in the first kept export. ended:
    deals that kept exports saw disappear (stage ``GONE``).
    """
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages] + [-1, -1], np.int16)
    current = deals["pipeline"].cat.codes.to_numpy()
    created = deals["created_at"].to_numpy().astype("M8[s]")
    events, began, until = _events(changes, home, current, funnel, len(funnel.pipelines))
    first_kept = _first_kept(begun, current, len(funnel.pipelines))
    observed = np.fmin(began, first_kept)
    seen = _archived(changes, home, current, began, until, funnel)
    starts = _starts(events, created, began, home)
    standing = _standing(events, changes, deals, created, began, funnel)
    parts = [starts, events, standing]
    if seen is not None:
        parts.append(seen)
    if begun is not None:
        parts.append(_needed(begun, current, began))
    if ended is not None:
        parts.append(ended)
    chain = _sorted(parts)
    chain = _without_repeats(_from_creation(chain, funnel))
    chain, broken = _with_gaps(chain)
    chain, differing = _to_the_end(chain, deals, moment, until)
    whole = _whole(chain, created, len(deals))
    owner = deals["manager"].cat.codes.to_numpy()
    moves = Moves(
        chain.deal, np.where(chain.stage == -1, ELSEWHERE, chain.stage).astype(np.int16),
        chain.at, chain.since, chain.until, chain.observed, date_only(chain.at), chain.evidence,
        owner[chain.deal].astype(np.int32),
    )  # fmt: skip
    last = changes.at[changes.evidence == Evidence.HISTORY]
    end = last.max().astype(object) if len(last) else None
    return Chains(moves, whole, observed, broken, differing, until, end)


def _events(
    changes: Changes, home: Array, current: Array, funnel: Funnel, pipelines: int
) -> tuple[Arrivals, Array, Array]:
    """Stage events in order, and per pipeline the first and the last moment events tell of."""
    history = changes.evidence == Evidence.HISTORY
    place = home[np.where(changes.stage >= 0, changes.stage, changes.from_stage)]
    place = np.where(place >= 0, place, current[changes.deal])
    told, at = (place, changes.at) if history.all() else (place[history], changes.at[history])
    began, until = np.full(pipelines, _NAT), np.full(pipelines, _NAT)
    for code in range(pipelines):
        own = at[told == code]
        if len(own):
            began[code], until[code] = own.min(), own.max()
    moved = (
        history
        & changes.named
        & np.isin(changes.change, [CHANGES.index("created"), CHANGES.index("stage")])
    )
    rows = np.flatnonzero(moved)
    order = order_of_changes(changes, rows, funnel)
    return _arrivals(changes, rows[order]), began, until


def _arrivals(changes: Changes, rows: Array) -> Arrivals:
    at = changes.at[rows]
    exact = changes.since is changes.at
    return Arrivals(
        changes.deal[rows], changes.stage[rows].astype(np.int16), changes.from_stage[rows], at,
        at if exact else changes.since[rows], at if exact else changes.until[rows], at,
        changes.evidence[rows], changes.change[rows] == CHANGES.index("created"),
    )  # fmt: skip


def _first_kept(begun: Arrivals | None, current: Array, pipelines: int) -> Array:
    """Per pipeline the moment of the first kept export that holds deals of it."""
    out = np.full(pipelines + 1, _NONE)
    if begun is not None:
        np.minimum.at(out, current[begun.deal], begun.observed)
    out[out == _NONE] = _NAT
    return out[:-1]


def _archived(
    changes: Changes, home: Array, current: Array, began: Array, until: Array, funnel: Funnel
) -> Arrivals | None:
    """Arrivals seen between kept exports, where no events cover the time.

    A deal created between two of them was created in the first open stage, unless they say where.
    """
    rows = changes.of("stage", "created")
    rows = rows[changes.evidence[rows] == Evidence.ARCHIVE]
    if not len(rows):
        return None
    place = home[changes.stage[rows]]
    place = np.where(place >= 0, place, current[changes.deal[rows]])
    first, last = np.append(began, _NAT)[place], np.append(until, _NAT)[place]
    covered = (changes.until[rows] > first) & (changes.since[rows] < last)
    rows, place = rows[~covered], place[~covered]
    out = _arrivals(changes, rows)
    entry = [funnel.code[p.first.id] if p.first else -1 for p in funnel.pipelines]
    born = out.created & ~changes.named[rows]
    stage = np.where(born, np.array([*entry, -1], np.int16)[place], out.stage)
    return replace(out, stage=stage.astype(np.int16))


def _from_creation(chain: Arrivals, funnel: Funnel) -> Arrivals:
    """A deal created between two kept exports and first seen in the first stage or not yet sorted
    has been there since its creation."""
    if not len(chain.deal):
        return chain
    start = np.array([s.rank in (0, 1) for s in funnel.stages] + [False, False])
    here = np.zeros(len(chain.deal), bool)
    here[1:] = (
        (chain.deal[1:] == chain.deal[:-1])
        & chain.created[:-1]
        & (chain.evidence[:-1] == Evidence.ARCHIVE)
        & (chain.since[1:] == chain.at[:-1])
        & start[chain.stage[1:]]
    )
    rows = np.flatnonzero(here)
    if not len(rows):
        return chain
    stage, keep = chain.stage.copy(), np.ones(len(chain.deal), bool)
    stage[rows - 1] = stage[rows]
    keep[rows] = False
    return replace(chain, stage=stage).taken(np.flatnonzero(keep))


def _starts(events: Arrivals, created: Array, began: Array, home: Array) -> Arrivals:
    """Where deals stood before their first event: since their creation if events were recorded by
    then, else nobody knows since when."""
    first = np.ones(len(events.deal), bool)
    first[1:] = events.deal[1:] != events.deal[:-1]
    rows = np.flatnonzero(first & ~events.created & (events.from_stage >= 0))
    out = events.taken(rows)
    born, since = created[out.deal], began[home[out.from_stage]]
    known = (born >= since) & (born <= out.at)
    at = np.where(known, born, _NAT)
    observed = np.where(known, born, since)
    return Arrivals(
        out.deal, out.from_stage.astype(np.int16), np.full(len(rows), -1, np.int16), at, at, at,
        observed, out.evidence, known,
    )  # fmt: skip


def _standing(
    events: Arrivals, changes: Changes, deals: pd.DataFrame, created: Array, began: Array,
    funnel: Funnel,
) -> Arrivals:  # fmt: skip
    """Deals without a stage event where events are recorded: they have stood where they stand.

    Since their creation, if it was recorded or the stage is the first; else, of deals older than
    the events, since their stage-change date or since nobody knows when.
    """
    n = len(deals)
    stage = deals["stage"].cat.codes.to_numpy()
    place = deals["pipeline"].cat.codes.to_numpy()
    moved = np.zeros(n, bool)
    moved[events.deal] = True
    since = np.append(began, _NAT)[place]
    rows = np.flatnonzero(~moved & (stage >= 0) & ~np.isnat(since))
    rows = rows[~deals["stage_unknown"].to_numpy()[rows]]
    recorded = np.zeros(n, bool)
    recorded[changes.deal[changes.of("created")]] = True
    start = np.array(
        [s.rank == 0 or (p.first is not None and s.id == p.first.id)
         for p in funnel.pipelines for s in p.stages] + [False]
    )  # fmt: skip
    changed = deals["stage_changed_at"].to_numpy().astype("M8[s]")[rows]
    born, since = created[rows], since[rows]
    fresh = np.isnat(changed) | (changed <= born + SLACK)
    young = (born >= since) & (recorded[rows] | (start[stage[rows]] & fresh))
    old = born < since
    keep = young | old
    rows, changed, born, since, young = (a[keep] for a in (rows, changed, born, since, young))
    at = np.where(young, born, np.where(changed < since, changed, _NAT))
    return Arrivals(
        rows.astype(np.int32), stage[rows].astype(np.int16), np.full(len(rows), -1, np.int16), at,
        at, at, np.where(young, born, since),
        np.where(young, Evidence.HISTORY, Evidence.SNAPSHOT).astype(np.int8), young,
    )  # fmt: skip


def _needed(begun: Arrivals, current: Array, began: Array) -> Arrivals:
    """Of where deals stood in the first kept export, what events do not tell better."""
    first = np.append(began, _NAT)[current[begun.deal]]
    return begun.taken(np.flatnonzero(~(begun.observed >= first)))


def _sorted(parts: list[Arrivals]) -> Arrivals:
    """All arrivals by deal and time; those without a moment first; within a part as they stand."""
    parts = [p for p in parts if len(p.deal)] or parts[:1]
    if len(parts) == 1:
        return parts[0]
    shared = all(p.since is p.at and p.until is p.at for p in parts)
    out = {}
    for field in fields(Arrivals):
        if shared and field.name in ("since", "until"):
            continue
        out[field.name] = np.concatenate([getattr(p, field.name) for p in parts])
    if shared:
        out["since"] = out["until"] = out["at"]
    seconds = out["at"].astype("M8[s]").view(np.int64)
    seconds = np.where(np.isnat(out["at"]), 0, np.clip(seconds, 1, (1 << 34) - 1))
    key = (out["deal"].astype(np.int64) << 34) + seconds
    return Arrivals(**out).taken(np.argsort(key, kind="stable"))


def _without_repeats(chain: Arrivals) -> Arrivals:
    """An arrival where the deal already stands is none."""
    again = np.zeros(len(chain.deal), bool)
    again[1:] = (
        (chain.deal[1:] == chain.deal[:-1])
        & (chain.stage[1:] == chain.stage[:-1])
        & (chain.stage[1:] >= 0)
    )
    # kept exports saw the stage-change date move: the deal left and came back between them
    again[1:] &= (chain.from_stage[1:] != chain.stage[1:]) | (
        chain.evidence[1:] != Evidence.ARCHIVE
    )
    return chain.taken(np.flatnonzero(~again)) if again.any() else chain


def _with_gaps(chain: Arrivals) -> tuple[Arrivals, int]:
    """Where a change says the deal came from another stage than it was last seen in, that stage is
    put between: entered some time between the two."""
    gap = np.zeros(len(chain.deal), bool)
    gap[1:] = (
        (chain.deal[1:] == chain.deal[:-1])
        & (chain.from_stage[1:] >= 0)
        & (chain.stage[:-1] >= 0)
        & (chain.from_stage[1:] != chain.stage[:-1])
    )
    rows = np.flatnonzero(gap)
    if not len(rows):
        return chain, 0
    before, after = chain.at[rows - 1], chain.at[rows]
    since = np.where(np.isnat(before), after, before)
    at = np.where(np.isnat(before), _NAT, middle(since, after))
    missing = Arrivals(
        chain.deal[rows], chain.from_stage[rows].astype(np.int16),
        np.full(len(rows), -1, np.int16), at, np.where(np.isnat(at), _NAT, since),
        np.where(np.isnat(at), _NAT, after), np.where(np.isnat(at), chain.observed[rows], at),
        chain.evidence[rows], np.zeros(len(rows), bool),
    )  # fmt: skip
    return _inserted(chain, missing, rows), len(np.unique(chain.deal[rows]))


def _inserted(chain: Arrivals, extra: Arrivals, places: Array) -> Arrivals:
    """``extra`` put before the arrivals at ``places``."""
    order = np.argsort(
        np.concatenate([np.arange(len(chain.deal)) * 2 + 1, places * 2]), kind="stable"
    )
    both = {
        f.name: np.concatenate([getattr(chain, f.name), getattr(extra, f.name)])
        for f in fields(Arrivals)
    }
    return Arrivals(**both).taken(order)


def _to_the_end(
    chain: Arrivals, deals: pd.DataFrame, moment: datetime, until: Array
) -> tuple[Arrivals, Array]:
    """A deal whose last arrival is not the stage the export shows has moved since: at its
    stage-change or close date if that is later, else some time until the report's moment.

    until: per pipeline code the last event; so far every move was recorded.
    """
    n = len(chain.deal)
    last = (
        np.flatnonzero(np.append(chain.deal[1:] != chain.deal[:-1], True))
        if n
        else np.empty(0, int)
    )
    stage = deals["stage"].cat.codes.to_numpy()
    unknown = deals["stage_unknown"].to_numpy()
    deal = chain.deal[last]
    differs = (
        (stage[deal] >= 0) & (chain.stage[last] != stage[deal]) & ~unknown[deal]
        & (chain.stage[last] != GONE)
    )  # fmt: skip
    rows = last[differs]
    deal = chain.deal[rows]
    if not len(rows):
        return chain, deal
    now = np.datetime64(moment, "s")
    before = chain.until[rows]
    at = np.full(len(rows), _NAT)
    for name in ("stage_changed_at", "closed_at"):
        told = deals[name].to_numpy().astype("M8[s]")[deal]
        at = np.where(np.isnat(at) & (told >= before) & (told <= now), told, at)
    exact = ~np.isnat(at)
    recorded = np.append(until, _NAT)[deals["pipeline"].cat.codes.to_numpy()[deal]]
    before = np.where(np.isnat(before), before, np.fmax(before, np.fmin(recorded, now)))
    begin = np.where(np.isnat(before), now, before)
    moment_of = np.where(
        exact, at, np.where(np.isnat(before), _NAT, middle(begin, np.full(len(rows), now)))
    )
    extra = Arrivals(
        deal, stage[deal].astype(np.int16), np.full(len(rows), -1, np.int16), moment_of,
        np.where(exact, at, np.where(np.isnat(before), _NAT, begin)),
        np.where(exact, at, np.where(np.isnat(before), _NAT, now)), moment_of,
        np.full(len(rows), Evidence.SNAPSHOT, np.int8), np.zeros(len(rows), bool),
    )  # fmt: skip
    return _inserted(chain, extra, rows + 1), deal


def _whole(chain: Arrivals, created: Array, n: int) -> Array:
    """Deals whose first arrival is their creation."""
    out = np.zeros(n, bool)
    if len(chain.deal):
        first = np.flatnonzero(np.concatenate([[True], chain.deal[1:] != chain.deal[:-1]]))
        deal = chain.deal[first]
        out[deal] = chain.created[first] | (chain.at[first] <= created[deal] + SLACK)
    return out
