"""Norms by working days: how much of a norm a manager owes in a period.

norm x sum over his passed working days of 1 / working days of the unit. The unit is a day (1), a
standard week (the weekdays of the calendar, 5), or the calendar month the day lies in (its working
days). So a week with a holiday owes 4/5, a week of absence nothing, a running week only the days
that have passed.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import fsum
from typing import Literal

from funnelkpi.model.period import Period
from funnelkpi.model.roster import Manager
from funnelkpi.model.workdays import WorkCalendar

Unit = Literal["day", "week", "month"]


@dataclass(frozen=True)
class OwedDays:
    """The passed working days of a period."""

    calendar: WorkCalendar
    days: tuple[date, ...]

    @classmethod
    def of(cls, period: Period, calendar: WorkCalendar, as_of: datetime) -> OwedDays:
        """Working days of the period whose hours have ended by ``as_of``."""
        last = min(period.last_day, as_of.date())
        if last < period.first_day:
            return cls(calendar, ())
        days = calendar.working_days(period.first_day, last)
        return cls(calendar, tuple(calendar.passed(days, as_of)))

    def units(self, manager: Manager, unit: Unit) -> float:
        """How many units (days, weeks, months) of work the manager's own days make; 0 without
        any.
        """
        days: Sequence[date] = self.days
        if manager.start or manager.end or manager.absences:
            days = [d for d in days if _at_work(manager, d)]
        if unit == "day":
            return float(len(days))
        if unit == "week":
            return len(days) / max(1, len(self.calendar.weekdays))
        months = Counter((d.year, d.month) for d in days)
        return fsum(n / self._month(*month) for month, n in months.items())

    def _month(self, year: int, month: int) -> int:
        first = date(year, month, 1)
        return len(self.calendar.working_days(first, first.replace(day=monthrange(year, month)[1])))


def _at_work(manager: Manager, day: date) -> bool:
    if (manager.start and day < manager.start) or (manager.end and day > manager.end):
        return False
    return not any(first <= day <= last for first, last in manager.absences)


def earlier(period: Period, count: int) -> list[Period]:
    """The ``count`` periods of the same length before ``period``, nearest first.

    Whole months go back by months, anything else by its length.
    """
    out, start, end = [], period.start, period.end
    whole = start.day == end.day == 1 and start.time() == end.time() == datetime.min.time()
    months = (end.year - start.year) * 12 + end.month - start.month
    for _ in range(count):
        before = _months_back(start, months) if whole and months else start - (end - start)
        start, end = before, start
        out.append(Period(start, end, f"{start:%Y-%m-%d}..{end - timedelta(days=1):%Y-%m-%d}"))
    return out


def _months_back(moment: datetime, months: int) -> datetime:
    index = moment.year * 12 + moment.month - 1 - months
    return moment.replace(year=index // 12, month=index % 12 + 1)
