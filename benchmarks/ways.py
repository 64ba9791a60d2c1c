"""The invented sales process with every move of every deal: for the benchmark of histories.

As in ``process`` moments are whole seconds of local time, steps take whole days at least, and
everything happens in working hours: no two events of a deal have the same moment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from benchmarks.process import DAY, GOAL, NEVER, NOW, TODAY, Array, Deals, clock
from benchmarks.settings import MANAGERS, SPAN_DAYS, STAGE_COUNT

LOST, PARKED = -1, -2
PASS = (0.74, 0.76, 0.78, 0.72, 0.58)
"""Share of deals that go on from each open stage; managers differ by up to a quarter of the rest."""
SKIP, BACK, PARK, LEAVE, STUCK = 0.04, 0.05, 0.01, 0.01, 0.01
"""Shares per step: one stage skipped, one stage back, postponed, to the other pipeline, never moved
again."""
REOPENED = {LOST: 0.03, GOAL: 0.01, PARKED: 0.3}
UNSORTED, LATE = 0.15, 0.02
"""Shares of deals that are created in the incoming stage and in the third one."""
STEPS = 14
LAG_DAYS = 7.0


@dataclass
class Events:
    """One row per move or creation, newest first: position of the deal, moment, pipeline and stage
    (rank; ``LOST``, ``PARKED``) before and after; a creation has ``NEVER`` before."""

    deal: Array
    at: Array
    from_pipeline: Array
    before: Array
    pipeline: Array
    after: Array

    def __len__(self) -> int:
        return len(self.deal)


def make_ways(n: int, rng: np.random.Generator) -> tuple[Deals, Events]:
    """The whole life of ``n`` deals up to ``AS_OF`` and all their events."""
    day = np.sort(rng.integers(0, SPAN_DAYS, n)) + TODAY - SPAN_DAYS + 1
    created = np.sort(day * DAY + clock(rng, n))
    people = len(MANAGERS)
    manager = rng.integers(0, people, n).astype(np.int32)
    skill = rng.uniform(0.75, 1.25, people)
    pipeline = (rng.random(n) < 0.25).astype(np.int8)
    u = rng.random(n)
    rank = np.where(u < UNSORTED, 0, np.where(u > 1 - LATE, 3, 1)).astype(np.int8)
    at, closed = created.copy(), np.full(n, NEVER, np.int64)
    entered = np.full((n, GOAL + 1), NEVER, np.int64)
    np.put_along_axis(entered, rank[:, None].astype(np.int64), created[:, None], axis=1)
    going = np.ones(n, bool)
    none = np.full(n, NEVER, np.int8)
    rows = [(np.arange(n, dtype=np.int32), created, none, none, pipeline.copy(), rank.copy())]
    for _ in range(STEPS):
        target, place = _next(rank, pipeline, skill[manager], rng)
        lag = 1 + np.floor(rng.exponential(LAG_DAYS, n)).astype(np.int64)
        then = (at // DAY + lag) * DAY + clock(rng, n)
        going &= (target != rank) & (then <= NOW)
        who = np.flatnonzero(going).astype(np.int32)
        rows.append((who, then[who], pipeline[who], rank[who], place[who], target[who]))
        at[who], rank[who], pipeline[who] = then[who], target[who], place[who]
        own = who[target[who] >= 0]
        column = target[own].astype(np.int64)
        first = entered[own, column] == NEVER
        entered[own[first], column[first]] = then[own[first]]
    ended = (rank == LOST) | (rank == GOAL)
    closed[ended] = at[ended]
    client = rng.integers(0, max(1, int(n / 1.6)), n)
    dates = entered[:, 1 : STAGE_COUNT + 1].copy()
    dates[:, 0] = NEVER
    deals = Deals(pipeline, manager, client, created, at, closed, at, dates, rank)
    columns = [np.concatenate(c) for c in zip(*rows, strict=True)]
    order = np.argsort(-columns[1], kind="stable")
    return deals, Events(*(c[order] for c in columns))


def _next(
    rank: Array, pipeline: Array, skill: Array, rng: np.random.Generator
) -> tuple[Array, Array]:
    """The next stage (its own: none) and pipeline of every deal."""
    n = len(rank)
    u, other = rng.random(n), rng.random(n)
    opens = (rank >= 1) & (rank < GOAL)
    passed = 1 - (1 - np.array([0, *PASS, 0])[np.where(opens, rank, 0)]) * skill
    target = np.full(n, LOST, np.int8)
    target[opens & (u < passed)] = rank[opens & (u < passed)] + 1
    skips = opens & (u < SKIP) & (rank < GOAL - 1)
    target[skips] += 1
    edge = passed
    for share, to in ((BACK, np.maximum(rank - 1, 1)), (PARK, PARKED), (STUCK, rank)):
        chosen = opens & (u >= edge) & (u < edge + share)
        target[chosen] = np.broadcast_to(to, n)[chosen]
        edge = edge + share
    target = np.where(rank == 0, np.where(u < 0.9, 1, LOST), target).astype(np.int8)
    for stage, share in REOPENED.items():
        target = np.where(rank == stage, np.where(u < share, 3, stage), target).astype(np.int8)
    leaves = opens & (other < LEAVE)
    target[leaves] = rank[leaves]
    place = np.where(leaves, 1 - pipeline, pipeline).astype(np.int8)
    # a deal that leaves stands in the same stage of the other pipeline: a move, not a stop
    target = np.where(leaves, np.where(rank > 1, rank - 1, 2), target).astype(np.int8)
    return target, place
