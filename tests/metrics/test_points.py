"""The moments of a trend: same kind of period, same elapsed part, and what the data cover."""

from datetime import datetime

import numpy as np
import pytest

from funnelkpi.metrics._deals import NEVER, second
from funnelkpi.metrics._points import POINTS, back, covered, place, points

DEALS = """
id | manager | stage | created
1  | Анна    | base  | 2026-11-10
"""


def view(make, period, as_of="2026-11-16 08:30"):
    data = make.build(DEALS, funnel=make.funnel(), as_of=as_of)
    return make.ask(data, period)


@pytest.mark.parametrize(
    ("period", "oldest", "before"),
    [
        ("last-week", ("2026-08-24", "2026-08-31"), ("2026-11-02", "2026-11-09")),
        ("2026-10", ("2025-11-01", "2025-12-01"), ("2026-09-01", "2026-10-01")),
        ("2026-Q3", ("2023-10-01", "2024-01-01"), ("2026-04-01", "2026-07-01")),
        ("2025", ("2014-01-01", "2015-01-01"), ("2024-01-01", "2025-01-01")),
        ("2026-11-09..2026-11-11", ("2026-10-07", "2026-10-10"), ("2026-11-06", "2026-11-09")),
    ],
)
def test_twelve_periods_of_the_same_kind(make, period, oldest, before):
    found = points(view(make, period))
    assert len(found) == POINTS
    shown = [(f"{p.start:%Y-%m-%d}", f"{p.end:%Y-%m-%d}") for p in found]
    assert (shown[0], shown[-2]) == (oldest, before)


def test_a_running_period_is_cut_in_every_earlier_one(make):
    """Monday 08:30 of this week: every Monday until 08:30, that second included."""
    found = points(view(make, "this-week"))
    ends = {p.end - p.start for p in found}
    assert len(ends) == 1
    assert found[-1].end == datetime(2026, 11, 16, 8, 30, 1)
    assert found[-2].end == datetime(2026, 11, 9, 8, 30, 1)


def test_a_running_month_never_leaves_a_shorter_one(make):
    found = points(view(make, "this-month", "2026-03-31 12:00"))
    february = found[-2]
    assert (february.start, february.end) == (datetime(2026, 2, 1), datetime(2026, 3, 1))


def test_a_period_of_the_future_has_none(make):
    assert points(view(make, "2027")) == []


@pytest.mark.parametrize(
    ("period", "count", "expected"),
    [
        ("last-week", 3, "2026-10-10 08:30"),
        ("2026-10", 1, "2026-09-30 08:30"),
        ("2026-10", 8, "2026-02-28 08:30"),
        ("2026-Q3", 1, "2026-07-31 08:30"),
    ],
)
def test_back_by_weeks_and_by_calendar(make, period, count, expected):
    asked = view(make, period)
    assert back(asked, datetime(2026, 10, 31, 8, 30), count) == datetime.fromisoformat(expected)


def test_place_is_half_open_and_leaves_out_the_rest(make):
    spans = points(view(make, "this-week"))
    moments = ["2026-11-16 00:00:00", "2026-11-16 08:30:00", "2026-11-09 08:30:01", "2020-01-01"]
    at = np.array([second(datetime.fromisoformat(m)) for m in moments])
    assert place(at, spans).tolist() == [11, 11, -1, -1]


@pytest.mark.parametrize(
    ("first", "whole"),
    [
        ("2026-11-02 09:00", True),  # Monday itself
        ("2026-10-30 09:00", True),  # before
        ("2026-11-03 09:00", False),  # a working day without data
        ("2027-03-01 09:00", False),
    ],
)
def test_covered_from_the_first_working_day(make, first, whole):
    data = make.build(DEALS, funnel=make.funnel())
    since = second(datetime.fromisoformat(first))
    assert covered(data, datetime(2026, 11, 2), since) is whole


def test_weekends_before_the_first_deal_are_no_gap(make):
    """A month that begins on Sunday and has its first deal on Monday is whole."""
    data = make.build(DEALS, funnel=make.funnel())
    assert covered(data, datetime(2026, 11, 1), second(datetime(2026, 11, 2, 9)))
    assert not covered(data, datetime(2026, 11, 1), NEVER)
