"""The invented sales process: what happened to every deal and when, as numpy arrays.

Moments are whole seconds since 1970 (local time). Steps take whole days at least, and everything
happens in working hours, so that no two moments of a deal are equal and none is a bare date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks.settings import AS_OF, MANAGERS, SPAN_DAYS, STAGE_COUNT

Array = npt.NDArray[Any]
NEVER = np.int64(-1)
DAY = 86_400
NOW = int(np.datetime64(AS_OF, "s").astype(np.int64))
TODAY = NOW // DAY
GOAL = STAGE_COUNT + 1

PASS = (0.66, 0.70, 0.76, 0.62, 0.47)
"""Share of deals that go on from each open stage; managers differ by up to a quarter."""
LAG_DAYS = (4.0, 5.0, 3.0, 6.0, 9.0)
LOSS_LAG_DAYS = 9.0
STUCK, PARK = 0.015, 0.01
SKIPPED, UNWRITTEN, BACK, INCOMING = 0.05, 0.01, 0.08, 0.2
"""Shares: deals nobody ever moves again, postponed ones; stages passed without a date, current
stages without one, open deals moved one stage back, deals of the last three days not taken up."""


@dataclass
class Deals:
    """One row per deal in order of creation.

    dates: n x 5 moments of entry as the date columns give them (column 0, the first stage, has
    none), ``NEVER`` if empty. rank: of the current open stage (0 incoming), 6 won, -1 lost,
    -2 parked. last: the moment of the last event. client: number of the client.
    """

    pipeline: Array
    manager: Array
    client: Array
    created: Array
    modified: Array
    closed: Array
    last: Array
    dates: Array
    rank: Array

    def __len__(self) -> int:
        return len(self.created)


def clock(rng: np.random.Generator, n: int) -> Array:
    """Seconds after midnight between 09:00 and 19:00."""
    return rng.integers(9 * 3600, 19 * 3600, n)


def make_deals(n: int, rng: np.random.Generator) -> Deals:
    """The whole life of ``n`` deals up to ``AS_OF``."""
    first_day = TODAY - SPAN_DAYS + 1
    weekday = (np.arange(SPAN_DAYS) + first_day + 3) % 7  # day 0 of 1970 was a Thursday
    weight = np.where(weekday < 5, 1.0, 0.1)
    day = np.sort(rng.choice(SPAN_DAYS, n, p=weight / weight.sum())) + first_day
    created = day * DAY + clock(rng, n)
    created.sort()
    people = len(MANAGERS)
    share = 1.0 + np.arange(people) / people
    manager = rng.choice(people, n, p=share / share.sum())
    skill = 1 + rng.uniform(-0.25, 0.25, (people, STAGE_COUNT))
    pipeline = (rng.random(n) < 0.25).astype(np.int8)

    entered = np.full((n, GOAL + 1), NEVER, np.int64)
    entered[:, 1] = created
    rank = np.ones(n, np.int8)
    closed, last = np.full(n, NEVER, np.int64), created.copy()
    rank[(created > NOW - 3 * DAY) & (rng.random(n) < INCOMING)] = 0
    going = rank == 1
    for k in range(1, GOAL):
        u = rng.random(n)
        chance = np.minimum(0.95, PASS[k - 1] * skill[manager, k - 1])
        lost_from = chance + STUCK + PARK
        on, park, lose = u < chance, (u >= chance) & (u < chance + PARK), u >= lost_from
        mean = np.where(on, LAG_DAYS[k - 1], LOSS_LAG_DAYS)
        lag = 1 + np.floor(rng.exponential(mean)).astype(np.int64)
        at = (last // DAY + lag) * DAY + clock(rng, n)
        happens = going & (on | park | lose) & (at <= NOW)
        last = np.where(happens, at, last)
        entered[happens & on, k + 1] = at[happens & on]
        rank[happens & on] = k + 1
        rank[happens & park] = -2
        rank[happens & lose] = -1
        going = happens & on
    ended = (rank == -1) | (rank == GOAL)
    closed[ended] = last[ended] // 60 * 60  # amoCRM's close times have no seconds
    dates = entered[:, 1:GOAL].copy()
    dates[:, 0] = NEVER
    further = np.concatenate([entered[:, 3:GOAL], entered[:, [GOAL]]], axis=1) != NEVER
    dates[:, 1:][further & (rng.random(further.shape) < SKIPPED)] = NEVER
    standing = (rank > 1) & (rank < GOAL)
    unwritten = np.flatnonzero(standing & (rng.random(n) < UNWRITTEN))
    dates[unwritten, rank[unwritten] - 1] = NEVER
    back = standing & (rng.random(n) < BACK)
    rank[back] -= 1
    edit_day = last // DAY + rng.integers(0, 40, n)
    edit_day = np.where(standing & (rng.random(n) < 0.4), TODAY - rng.integers(0, 9, n), edit_day)
    later = edit_day * DAY + 19 * 3600 + rng.integers(0, 3600, n)
    modified = np.where((later <= NOW) & (later >= last), later, last)
    client = rng.integers(0, max(1, int(n / 1.6)), n)
    nobody = rng.random(n) < np.where(rank == 0, 0.5, 0.003)
    manager = np.where(nobody, -1, manager).astype(np.int32)
    return Deals(pipeline, manager, client, created, modified, closed, last, dates, rank)


@dataclass
class Calls:
    """One row per call, newest first. number: of the client's phone, ``NEVER`` if hidden.

    kind: 0 outgoing, 1 incoming, 2 redirected, 3 callback. status: 0 successful, then others.
    manager: -1 nobody ("—").
    """

    at: Array
    manager: Array
    number: Array
    kind: Array
    status: Array
    seconds: Array


def make_calls(deals: Deals, n: int, rng: np.random.Generator) -> Calls:
    """Calls with the clients of the deals (nine of ten) and with strangers."""
    deal = rng.integers(0, len(deals), n)
    until = np.minimum(NOW, deals.last[deal] + 25 * DAY)
    day = deals.created[deal] // DAY
    day = day + np.floor(rng.random(n) * (until // DAY - day + 1)).astype(np.int64)
    at = day * DAY + clock(rng, n)
    clients = max(1, int(len(deals) / 1.6))
    number = deals.client[deal].astype(np.int64)
    number = np.where((number % 10 == 0) & (rng.random(n) < 0.5), number + clients, number)
    stranger = rng.random(n) < 0.1
    number = np.where(stranger, number + 2 * clients + rng.integers(0, clients, n), number)
    number[rng.random(n) < 0.01] = NEVER
    manager = np.where(rng.random(n) < 0.02, -1, deals.manager[deal])
    kind = rng.choice(4, n, p=(0.68, 0.26, 0.04, 0.02))
    status = rng.choice(5, n, p=(0.66, 0.14, 0.1, 0.06, 0.04))
    seconds = np.minimum(1500, np.floor(rng.exponential(100, n)).astype(np.int64))
    seconds = np.where((status > 1) | (rng.random(n) < 0.01), 0, seconds)
    order = np.argsort(-at, kind="stable")
    columns = (at, manager, number, kind, status, seconds)
    return Calls(*(column[order] for column in columns))
