"""Periods by hand: half-open, both named days included, relative to the moment."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.errors import UsageError
from funnelkpi.model.period import parse_period
from funnelkpi.model.workdays import WorkCalendar

PLAIN = WorkCalendar(country=None)
MONDAY = datetime(2026, 11, 16, 8, 30)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("last-week", "2026-11-09", "2026-11-15"),
        ("this-week", "2026-11-16", "2026-11-22"),
        ("today", "2026-11-16", "2026-11-16"),
        ("this-month", "2026-11-01", "2026-11-30"),
        ("last-month", "2026-10-01", "2026-10-31"),
        ("last-90d", "2026-08-19", "2026-11-16"),  # 90 days, today the last of them
        ("last-1d", "2026-11-16", "2026-11-16"),
        ("2026-W46", "2026-11-09", "2026-11-15"),
        ("2026-W01", "2025-12-29", "2026-01-04"),  # ISO: the week of the first Thursday
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026-H1", "2026-01-01", "2026-06-30"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-11-03", "2026-11-03", "2026-11-03"),
        ("2026-11-01..2026-11-15", "2026-11-01", "2026-11-15"),
    ],
)
def test_names(name: str, first: str, last: str) -> None:
    period = parse_period(name, MONDAY, PLAIN)
    assert (period.first_day, period.last_day) == (
        date.fromisoformat(first), date.fromisoformat(last),
    )  # fmt: skip
    assert period.start.time() == period.end.time() == datetime.min.time()
    assert period.name == name


@pytest.mark.parametrize(
    "name",
    [
        "", "yesterday", "last_week", "2026-13", "2026-W54", "2026-Q5", "2026-H3", "last-0d",
        "2026-02-30", "2026-11-15..2026-11-01", "2026-11-01..", "26-11-01", "9999999",
    ],
)  # fmt: skip
def test_what_is_no_period_is_an_error_that_quotes_it(name: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_period(name, MONDAY, PLAIN)
    assert error.value.problems[0].params["period"] == name


@pytest.mark.parametrize(
    ("as_of", "monday"),
    [
        ("2026-11-13 17:59", "2026-11-02"),  # Friday, the working day is not over
        ("2026-11-13 18:00", "2026-11-09"),  # it is: this week has ended
        ("2026-11-15 12:00", "2026-11-09"),  # Sunday
        ("2026-11-16 00:00", "2026-11-09"),
    ],
)
def test_last_week_is_the_latest_whose_last_working_day_has_ended(as_of: str, monday: str) -> None:
    period = parse_period("last-week", datetime.fromisoformat(as_of), PLAIN)
    assert period.first_day == date.fromisoformat(monday)


def test_last_week_ends_on_thursday_when_friday_is_a_holiday() -> None:
    work = WorkCalendar(country=None, extra_holidays=frozenset({date(2026, 11, 13)}))
    period = parse_period("last-week", datetime(2026, 11, 12, 18, 0), work)
    assert period.first_day == date(2026, 11, 9)


def test_a_week_without_working_days_ends_with_its_sunday() -> None:
    off = frozenset(date(2026, 1, d) for d in range(1, 12))
    work = WorkCalendar(country=None, extra_holidays=off)
    period = parse_period("last-week", datetime(2026, 1, 12, 9, 0), work)
    assert period.first_day == date(2026, 1, 5)
    period = parse_period("last-week", datetime(2026, 1, 11, 20, 0), work)
    assert period.first_day == date(2025, 12, 29)


@given(st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)))
def test_last_week_is_seven_days_that_have_passed(as_of: datetime) -> None:
    as_of = as_of.replace(microsecond=0)
    period = parse_period("last-week", as_of, PLAIN)
    assert (period.end - period.start).days == 7
    assert period.start.weekday() == 0
    friday = date.fromordinal(period.first_day.toordinal() + 4)
    assert as_of >= datetime.combine(friday, PLAIN.closes)
    assert (as_of - period.end).days < 7


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from(["today", "this-week", "this-month", "last-30d"]),
)
def test_running_periods_hold_the_moment(as_of: datetime, name: str) -> None:
    period = parse_period(name, as_of, PLAIN)
    assert period.start <= as_of < period.end
