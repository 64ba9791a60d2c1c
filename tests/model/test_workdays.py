"""Working days: the country's holidays, moved days, absences, employment."""

from __future__ import annotations

from datetime import date, datetime, time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.model.roster import Manager
from funnelkpi.model.workdays import WorkCalendar

RUSSIA = WorkCalendar(
    extra_holidays=frozenset({date(2026, 1, 9)}), extra_workdays=frozenset({date(2026, 11, 7)})
)
PLAIN = WorkCalendar(country=None)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-11-04", False),  # Unity Day, a Wednesday
        ("2026-11-05", True),
        ("2026-11-07", True),  # a Saturday the config makes a working day
        ("2026-11-08", False),  # Sunday
        ("2026-01-08", False),  # New Year holidays
        ("2026-01-09", False),  # moved by the config
        ("2026-01-12", True),
    ],
)
def test_days_of_a_russian_calendar(day: str, working: bool) -> None:
    assert RUSSIA.is_working(date.fromisoformat(day)) is working


def test_an_own_workday_beats_an_own_holiday_and_the_country() -> None:
    both = WorkCalendar(
        extra_holidays=frozenset({date(2026, 11, 4)}),
        extra_workdays=frozenset({date(2026, 11, 4)}),
    )
    assert both.is_working(date(2026, 11, 4))


def test_another_working_week() -> None:
    retail = WorkCalendar(country=None, weekdays=(1, 2, 3, 4, 5))
    days = retail.working_days(date(2026, 11, 9), date(2026, 11, 15))
    assert [d.day for d in days] == [10, 11, 12, 13, 14]


def test_a_manager_works_neither_before_he_came_nor_when_away() -> None:
    manager = Manager(
        "Зоя", start=date(2026, 11, 3), end=date(2026, 11, 13),
        absences=((date(2026, 11, 5), date(2026, 11, 9)),),
    )  # fmt: skip
    days = PLAIN.working_days(date(2026, 11, 1), date(2026, 11, 30), manager)
    assert [d.day for d in days] == [3, 4, 10, 11, 12, 13]


def test_a_day_has_passed_after_its_working_hours() -> None:
    days = PLAIN.working_days(date(2026, 11, 9), date(2026, 11, 13))
    assert len(PLAIN.passed(days, datetime(2026, 11, 11, 17, 59))) == 2
    assert len(PLAIN.passed(days, datetime(2026, 11, 11, 18, 0))) == 3
    late = WorkCalendar(country=None, closes=time(20, 30))
    assert len(late.passed(days, datetime(2026, 11, 11, 18, 0))) == 2


def test_working_days_between_by_hand() -> None:
    start = np.array(["2026-11-06T10:00", "2026-11-06", "2026-11-09", "NaT", "2026-11-09"], "M8[s]")
    end = np.array(["2026-11-09T09:00", "2026-11-08", "2026-11-09", "2026-11-09", "NaT"], "M8[s]")
    # Friday -> Monday is one working day, Friday -> Sunday none, the same day none
    got = PLAIN.working_days_between(start, end)
    assert got[:3].tolist() == [1.0, 0.0, 0.0]
    assert np.isnan(got[3:]).all()


DAYS = st.dates(date(2025, 1, 1), date(2027, 1, 1))


@given(st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=8))
def test_working_days_between_is_the_count_of_the_days(pairs: list[tuple[date, date]]) -> None:
    pairs = [(min(p), max(p)) for p in pairs]
    got = RUSSIA.working_days_between(
        np.array([a for a, _ in pairs], "M8[s]"), np.array([b for _, b in pairs], "M8[s]")
    )
    for (first, last), n in zip(pairs, got, strict=True):
        days = RUSSIA.working_days(first, last)
        assert n == len([d for d in days if d > first])


def hours(calendar: WorkCalendar, start: str, end: str) -> float:
    at = calendar.working_seconds(np.array([start, end], dtype="M8[s]"), date(2026, 11, 1))
    return float(at[1] - at[0]) / 3600


def test_working_seconds() -> None:
    """2026-11-13 is a Friday; 9 hours a day."""
    plain = WorkCalendar(country=None)
    assert hours(plain, "2026-11-13 10:00", "2026-11-13 12:30") == 2.5
    assert hours(plain, "2026-11-13 07:00", "2026-11-13 09:45") == 0.75  # before opening
    assert hours(plain, "2026-11-13 17:00", "2026-11-13 23:00") == 1  # after closing
    assert hours(plain, "2026-11-13 17:00", "2026-11-16 10:00") == 2  # over the weekend
    assert hours(plain, "2026-11-14 12:00", "2026-11-15 20:00") == 0
    assert hours(plain, "2026-11-13 20:00", "2026-11-16 08:00") == 0
    assert hours(plain, "2026-11-09 09:00", "2026-11-14 00:00") == 45
    assert hours(plain, "2026-11-13 00:00", "2026-11-14 00:00") == 9


def test_working_seconds_of_moved_days_and_own_hours() -> None:
    """Saturday is worked instead of Monday; 10:00 to 19:30."""
    moved = WorkCalendar(
        country=None,
        opens=time(10),
        closes=time(19, 30),
        extra_holidays=frozenset({date(2026, 11, 16)}),
        extra_workdays=frozenset({date(2026, 11, 14)}),
    )
    assert hours(moved, "2026-11-13 19:00", "2026-11-17 10:30") == 0.5 + 9.5 + 0.5
    assert hours(moved, "2026-11-15 12:00", "2026-11-16 23:00") == 0


def test_working_seconds_of_nothing() -> None:
    none = np.empty(0, dtype="M8[s]")
    assert len(WorkCalendar(country=None).working_seconds(none, date(2026, 11, 1))) == 0
