"""Which of several exports is the state at a moment."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from funnelkpi.adapters.snapshots import Aged, made_on, state_at

DEALS, OTHERS = ["1", "2", "3"], ["7", "8"]
EVENING = datetime(2026, 9, 28, 23, 59, 59)


def made(*moment: int, day: int | None = None, ids: list[str] = DEALS, given: bool = False) -> Aged:
    named = None if day is None else date(2026, 9, day)
    return Aged(datetime(2026, *moment), named, lambda: ids, given)


@pytest.mark.parametrize(
    ("several", "as_of", "state", "left_out"),
    [
        # the day's own export, not the next one
        ([made(9, 28, 8, 55)], EVENING, [0], {}),
        ([made(9, 28, 8, 55), made(10, 5, 9)], EVENING, [0], {1: 0}),
        # the newest of the day, but none after the moment
        ([made(9, 28, 8), made(9, 28, 18), made(10, 5)], EVENING, [1], {2: 1}),
        ([made(9, 28, 8), made(9, 28, 18)], datetime(2026, 9, 28, 12), [0], {1: 0}),
        # no export of the day: the next one, else none (the newest is it)
        ([made(9, 21), made(10, 5), made(10, 12)], EVENING, [1], {2: 1}),
        ([made(9, 14), made(9, 21)], EVENING, [], {}),
        # a given export goes before a later one of its day
        ([made(9, 28, 8, given=True), made(9, 28, 18)], EVENING, [0], {1: 0}),
        ([made(9, 28, 8), made(9, 28, 18, given=True)], EVENING, [1], {}),
        # the very moment of an export goes before another one of that day's name
        ([made(9, 26, 9, day=27), made(9, 27, 18, day=28)], datetime(2026, 9, 27, 18), [1], {}),
        # made on Monday the 28th, last edited on the 27th: later than that Sunday's export
        ([made(9, 27, 9), made(9, 27, 18, day=28)], datetime(2026, 9, 27, 23), [0], {1: 0}),
        ([made(9, 27, 18, day=28), made(10, 5)], EVENING, [0], {1: 0}),
        # another pipeline is another part of the state
        (
            [made(9, 28, 9), made(9, 28, 9, 1, ids=OTHERS), made(10, 5), made(10, 5, ids=OTHERS)],
            EVENING,
            [0, 1],
            {2: 0, 3: 1},
        ),
    ],
)
def test_the_state(several, as_of, state, left_out):
    assert state_at(several, as_of) == (state, left_out)


def test_the_day_in_a_name_counts_only_if_it_is_later():
    """An unchanged export keeps the name of the first one."""
    moment = datetime(2026, 9, 28, 9)
    assert made_on(moment, None) == moment.date()
    assert made_on(moment, date(2026, 9, 21)) == moment.date()
    assert made_on(moment, date(2026, 9, 29)) == date(2026, 9, 29)
