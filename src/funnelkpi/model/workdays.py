"""The production calendar: working days and hours, holidays, moved days from the config."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from funnelkpi.model.public_holidays import public_holidays
from funnelkpi.model.roster import Manager

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class WorkCalendar:
    """Which days and hours are worked.

    country: ISO code for public holidays (``holidays`` library); None for none.
    weekdays: weekdays worked, 0 = Monday. opens, closes: the working hours.
    extra_holidays, extra_workdays: days of the config that override the library (moved days).
    """

    country: str | None = "RU"
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: time = time(9, 0)
    closes: time = time(18, 0)
    extra_holidays: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()

    @cached_property
    def _known_years(self) -> dict[int, frozenset[date]]:
        return {}

    def _holidays(self, year: int) -> frozenset[date]:
        if self.country is None:
            return frozenset()
        if year not in self._known_years:
            self._known_years[year] = public_holidays(self.country, year)
        return self._known_years[year]

    def is_working(self, day: date) -> bool:
        """Whether ``day`` is a working day of the calendar."""
        if day in self.extra_workdays:
            return True
        if day in self.extra_holidays or day.weekday() not in self.weekdays:
            return False
        return day not in self._holidays(day.year)

    def day_end(self, day: date) -> datetime:
        """The moment after which ``day`` counts as passed."""
        return datetime.combine(day, self.closes)

    def working_days(self, first: date, last: date, manager: Manager | None = None) -> list[date]:
        """Working days of [first, last], less a manager's absences and days he is not employed."""
        days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
        return [d for d in days if self.is_working(d) and (manager is None or _at_work(manager, d))]

    def passed(self, days: list[date], as_of: datetime) -> list[date]:
        """Those of ``days`` whose working hours have ended by ``as_of``."""
        return [d for d in days if self.day_end(d) <= as_of]

    def working_days_between(
        self, start: npt.NDArray[np.datetime64], end: npt.NDArray[np.datetime64]
    ) -> npt.NDArray[np.float64]:
        """Working days in (day of start, day of end], vectorised; NaN where either is missing."""
        first, last = start.astype("datetime64[D]"), end.astype("datetime64[D]")
        out = np.full(len(first), np.nan)
        known = ~(np.isnat(first) | np.isnat(last))
        if not known.any():
            return out
        low = min(first[known].min(), last[known].min()).astype(object)
        high = max(first[known].max(), last[known].max()).astype(object)
        span = [low + timedelta(days=i) for i in range((high - low).days + 1)]
        total = np.cumsum([self.is_working(d) for d in span])
        origin = np.datetime64(low, "D")
        at_end = total[(last[known] - origin).astype(np.int64)]
        out[known] = at_end - total[(first[known] - origin).astype(np.int64)]
        return out

    def working_seconds(
        self, moments: npt.NDArray[np.datetime64], origin: date
    ) -> npt.NDArray[np.int64]:
        """Seconds of working time from the start of ``origin`` up to each moment, vectorised.

        The difference of two of them is the working time between two moments: nothing passes before
        opening, after closing and on days off. Every moment must be known and not before
        ``origin``.
        """
        at = moments.astype("datetime64[s]")
        days = at.astype("datetime64[D]")
        if not len(at):
            return np.empty(0, np.int64)
        last = days.max().astype(object)
        span = [origin + timedelta(days=i) for i in range((last - origin).days + 1)]
        works = np.array([self.is_working(d) for d in span], dtype=np.int64)
        opens, closes = (t.hour * 3600 + t.minute * 60 for t in (self.opens, self.closes))
        before = np.cumsum(works) - works
        day = (days - np.datetime64(origin, "D")).astype(np.int64)
        second = (at - days).astype("timedelta64[s]").astype(np.int64)
        today = np.clip(second - opens, 0, closes - opens) * works[day]
        out: npt.NDArray[np.int64] = before[day] * (closes - opens) + today
        return out


def _at_work(manager: Manager, day: date) -> bool:
    if manager.start and day < manager.start:
        return False
    if manager.end and day > manager.end:
        return False
    return not any(first <= day <= last for first, last in manager.absences)
