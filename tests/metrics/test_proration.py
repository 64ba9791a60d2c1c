"""How many units of a norm a manager owes; November 2026 has 21 weekdays, 4 November is a holiday
here.
"""

from datetime import date, datetime

import pytest

from funnelkpi.metrics._proration import OwedDays, earlier
from funnelkpi.model.period import Period, parse_period
from funnelkpi.model.roster import Manager
from funnelkpi.model.workdays import WorkCalendar

CALENDAR = WorkCalendar(country=None, extra_holidays=frozenset({date(2026, 11, 4)}))
WEDNESDAY = datetime(2026, 11, 18, 12, 0)


def units(period, unit, as_of="2026-12-31 23:00", **manager):
    moment = datetime.fromisoformat(as_of)
    asked = parse_period(period, moment, CALENDAR)
    return OwedDays.of(asked, CALENDAR, moment).units(Manager("Анна", **manager), unit)


@pytest.mark.parametrize(
    ("period", "unit", "expected"),
    [
        ("2026-W46", "week", 1.0),
        ("2026-W45", "week", 4 / 5),  # the holiday
        ("2026-W45", "day", 4.0),
        ("2026-W46", "month", 5 / 20),
        ("2026-11", "month", 1.0),
        ("2026-11", "week", 20 / 5),
        ("2026-11-14..2026-11-15", "week", 0.0),  # a weekend
        ("2026-10-30..2026-11-02", "month", 1 / 22 + 1 / 20),
    ],
)
def test_whole_periods(period, unit, expected):
    assert units(period, unit) == pytest.approx(expected, abs=1e-12)


def test_a_running_week_owes_the_days_that_have_passed():
    assert units("2026-W47", "week", "2026-11-18 12:00") == 2 / 5
    assert units("2026-W47", "week", "2026-11-18 18:00") == 3 / 5
    assert units("2026-W47", "week", "2026-11-16 08:00") == 0


def test_absence_start_and_end_take_days_away():
    assert units("2026-W46", "week", absences=((date(2026, 11, 9), date(2026, 11, 10)),)) == 3 / 5
    assert units("2026-W46", "week", start=date(2026, 11, 12)) == 2 / 5
    assert units("2026-W46", "week", end=date(2026, 11, 9)) == 1 / 5


def test_earlier_periods_are_of_the_same_length():
    week = parse_period("2026-W46", WEDNESDAY, CALENDAR)
    assert [p.start.day for p in earlier(week, 2)] == [2, 26]
    month = Period(datetime(2026, 1, 1), datetime(2026, 2, 1), "2026-01")
    assert [p.start.isoformat()[:7] for p in earlier(month, 3)] == ["2025-12", "2025-11", "2025-10"]
    quarter = Period(datetime(2026, 1, 1), datetime(2026, 4, 1), "2026-Q1")
    assert earlier(quarter, 1)[0].start == datetime(2025, 10, 1)
