"""The invented telephone of the sales process: who rang whom, who answered, who rang back.

As in ``process`` moments are whole seconds of local time. A client's number is the number of the
client; ``SHARED`` clients ring from the number of another one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from benchmarks.process import DAY, NOW, Array, Deals, clock
from benchmarks.settings import MANAGERS

OUT, IN, INTERNAL = range(3)
ANSWERED, MISSED, BUSY, CANCELLED, UNAVAILABLE = range(5)
HIDDEN, NOTHING = np.int64(-1), np.int64(-2)
"""``number`` of calls whose number was withheld and of those that have none."""
SHARED_EVERY = 50
"""One client in so many has the number of the client before it."""
FOLLOW_UPS = 0.14
"""Share of the calls that answer a missed one: the company's, or the client's second attempt."""


def shared(client: Array) -> Array:
    """The client whose number this client has: itself, of some the one before."""
    return np.where(client % SHARED_EVERY == SHARED_EVERY - 1, client - 1, client)


@dataclass
class Ringing:
    """One row per call, newest first. manager: -1 nobody. number: of the client's phone, of an
    internal call the colleague's place in the list; ``HIDDEN``, ``NOTHING``. seconds: of talk."""

    at: Array
    manager: Array
    number: Array
    kind: Array
    outcome: Array
    seconds: Array
    waited: Array

    def __len__(self) -> int:
        return len(self.at)


def make_ringing(deals: Deals, n: int, rng: np.random.Generator) -> Ringing:
    """``n`` calls with the clients of the deals, with strangers and among colleagues."""
    follow = int(n * FOLLOW_UPS)
    first = _first_calls(deals, n - follow, rng)
    missed = np.flatnonzero((first.kind == IN) & (first.outcome == MISSED) & (first.number >= 0))
    again = _follow_ups(first, missed[rng.integers(0, len(missed), follow)], rng)
    columns = [
        np.concatenate(c) for c in zip(vars(first).values(), vars(again).values(), strict=True)
    ]
    order = np.argsort(-columns[0], kind="stable")
    return Ringing(*(c[order] for c in columns))


def _first_calls(deals: Deals, n: int, rng: np.random.Generator) -> Ringing:
    """Calls while a deal goes on, some before it was entered; strangers; colleagues."""
    deal = rng.integers(0, len(deals), n)
    until = np.minimum(NOW, deals.last[deal] + 25 * DAY)
    day = deals.created[deal] // DAY
    day = day + np.floor(rng.random(n) * (until // DAY - day + 1)).astype(np.int64)
    at = day * DAY + clock(rng, n)
    before = rng.random(n) < 0.08
    at = np.where(before, deals.created[deal] - rng.integers(0, DAY * 3 // 2, n), at)
    clients = max(1, int(len(deals) / 1.6))
    number = shared(deals.client[deal].astype(np.int64))
    number = np.where((number % 10 == 0) & (rng.random(n) < 0.5), number + clients, number)
    stranger = rng.random(n) < 0.1
    number = np.where(stranger, number + 2 * clients + rng.integers(0, clients, n), number)
    u = rng.random(n)
    number = np.where(u < 0.01, HIDDEN, np.where(u < 0.013, NOTHING, number))
    people = len(MANAGERS)
    kind = rng.choice(3, n, p=(0.53, 0.44, 0.03))
    number = np.where(kind == INTERNAL, rng.integers(0, people, n), number)
    manager = np.where(rng.random(n) < 0.06, rng.integers(0, people, n), deals.manager[deal])
    failed = rng.choice((MISSED, BUSY, CANCELLED, UNAVAILABLE), n, p=(0.4, 0.25, 0.25, 0.1))
    rung = np.where(rng.random(n) < 0.30, MISSED, ANSWERED)
    dialled = np.where(rng.random(n) < 0.35, failed, ANSWERED)
    outcome = np.where(kind == IN, rung, dialled)
    nobody = (outcome == MISSED) & (kind == IN) & (rng.random(n) < 0.2)
    manager = np.where(nobody, -1, manager)
    return _spoken(at, manager, number, kind, outcome, rng)


def _follow_ups(first: Ringing, rows: Array, rng: np.random.Generator) -> Ringing:
    """What came of missed calls: most are called back within the hour, some clients ring again."""
    n = len(rows)
    lag = np.where(rng.random(n) < 0.6, rng.exponential(700, n), rng.exponential(50_000, n))
    at = np.minimum(NOW, first.at[rows] + 20 + lag.astype(np.int64))
    kind = np.where(rng.random(n) < 0.75, OUT, IN)
    outcome = np.where(rng.random(n) < 0.72, ANSWERED, MISSED)
    people = len(MANAGERS)
    manager = np.where(first.manager[rows] < 0, rng.integers(0, people, n), first.manager[rows])
    return _spoken(at, manager, first.number[rows], kind, outcome, rng)


def _spoken(
    at: Array, manager: Array, number: Array, kind: Array, outcome: Array, rng: np.random.Generator
) -> Ringing:
    n = len(at)
    talk = np.minimum(1500, np.floor(rng.exponential(110, n)).astype(np.int64)) + 1
    waited = rng.integers(2, 60, n)
    return Ringing(
        at.astype(np.int64), manager.astype(np.int32), number.astype(np.int64),
        kind.astype(np.int8), outcome.astype(np.int8), np.where(outcome == ANSWERED, talk, 0),
        waited,
    )  # fmt: skip
