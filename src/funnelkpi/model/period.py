"""Periods of the report: half-open [start, end) in the configured time zone."""

from __future__ import annotations

import calendar as _calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from funnelkpi.errors import UsageError
from funnelkpi.model.workdays import WorkCalendar

DEFAULT = "last-week"
RELATIVE = ("last-week", "this-week", "today", "last-month", "this-month")


@dataclass(frozen=True, slots=True)
class Period:
    """Half-open [start, end); ``name`` is what the user asked for."""

    start: datetime
    end: datetime
    name: str

    @property
    def first_day(self) -> date:
        """The first day of the period."""
        return self.start.date()

    @property
    def last_day(self) -> date:
        """The last day of the period (both days of ``A..B`` are included)."""
        return (self.end - timedelta(microseconds=1)).date()


def _days(first: date, last: date, name: str) -> Period:
    start = datetime.combine(first, datetime.min.time())
    end = datetime.combine(last + timedelta(days=1), datetime.min.time())
    return Period(start, end, name)


def _month(year: int, month: int, name: str) -> Period:
    last = _calendar.monthrange(year, month)[1]
    return _days(date(year, month, 1), date(year, month, last), name)


def _last_week(as_of: datetime, work: WorkCalendar) -> date:
    """Monday of the latest week whose last working day has ended by ``as_of``."""
    monday = as_of.date() - timedelta(days=as_of.weekday())
    while True:
        days = [monday + timedelta(days=i) for i in range(7)]
        working = [d for d in days if work.is_working(d)]
        ends = (
            work.day_end(working[-1])
            if working
            else datetime.combine(days[-1], datetime.max.time())
        )
        if ends <= as_of:
            return monday
        monday -= timedelta(days=7)


def _relative(name: str, as_of: datetime, work: WorkCalendar) -> Period | None:
    today = as_of.date()
    if name == "today":
        return _days(today, today, name)
    if name in ("this-week", "last-week"):
        this = today - timedelta(days=today.weekday())
        monday = this if name == "this-week" else _last_week(as_of, work)
        return _days(monday, monday + timedelta(days=6), name)
    if name == "this-month":
        return _month(today.year, today.month, name)
    if name == "last-month":
        before = today.replace(day=1) - timedelta(days=1)
        return _month(before.year, before.month, name)
    if m := re.fullmatch(r"last-([1-9]\d{0,3})d", name):
        return _days(today - timedelta(days=int(m[1]) - 1), today, name)
    return None


def _absolute(name: str) -> Period | None:
    if m := re.fullmatch(r"(\d{4})-W(\d{2})", name):
        monday = date.fromisocalendar(int(m[1]), int(m[2]), 1)
        return _days(monday, monday + timedelta(days=6), name)
    if m := re.fullmatch(r"(\d{4})-(\d{2})", name):
        return _month(int(m[1]), int(m[2]), name)
    if m := re.fullmatch(r"(\d{4})(?:-([QH])([1-4]))?", name):
        months = {"Q": 3, "H": 6, None: 12}[m[2]]
        first = (int(m[3] or 1) - 1) * months + 1
        last = first + months - 1
        day = _calendar.monthrange(int(m[1]), last)[1]
        return _days(date(int(m[1]), first, 1), date(int(m[1]), last, day), name)
    if m := re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?", name):
        first_day, last_day = date.fromisoformat(m[1]), date.fromisoformat(m[2] or m[1])
        return _days(first_day, last_day, name) if first_day <= last_day else None
    return None


def parse_period(name: str, as_of: datetime, work: WorkCalendar) -> Period:
    """The period a user names; relative ones are relative to ``as_of``.

    Accepts last-week, this-week, today, last-month, this-month, last-90d, 2026-W46, 2026-10,
    2026-Q4, 2026-H1, 2026, 2026-11-03, 2026-11-01..2026-11-15 (both days included).

    Raises:
        UsageError: the text is none of these, or no such day exists.
    """
    try:
        period = _relative(name, as_of, work) or _absolute(name)
    except ValueError:
        period = None
    if period is None:
        raise UsageError.of("errors_cli.period_unknown", period=name)
    return period
