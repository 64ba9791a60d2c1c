"""When calls come and when they are missed: a table of shades, weekday by hour."""

from __future__ import annotations

from collections.abc import Mapping

from funnelkpi.locale.catalogue import text
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Line, Table
from funnelkpi.report.moment_slices import Who, whose

SHADES = "░▒▓█"
NONE = "·"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WIDEST = 11
"""Columns of hours that fit 80 characters; the hours before and after stand together."""
_Grid = Mapping[tuple[int, int], float]


def shade(value: float, most: float) -> str:
    """One of four shades, by quarters of the largest; «·» for nothing."""
    if value <= 0 or most <= 0:
        return NONE
    return SHADES[min(len(SHADES) - 1, int(value / most * len(SHADES) - 1e-9))]


def heat_maps(c: Context) -> list[Table | Line]:
    """The company's heat map; those of the managers asked for, or of the departments with ``--by
    department``."""
    several = c.choice.managers or "department" in c.choice.by
    out: list[Table | Line] = []
    for title, who in whose(c) if several else [(None, {"scope": "company"})]:
        out += heat_map(c, who, title)
    return out


def heat_map(c: Context, who: Who | None = None, title: str | None = None) -> list[Table | Line]:
    """Incoming calls as shades and the missed ones as numbers; nothing where nobody rang."""
    who = who or {"scope": "company"}
    came, missed = _grid(c, "value", who), _grid(c, "missed", who)
    if not any(came.values()):
        return []
    groups = _hours(came, *_open(c))
    every = {
        (day, i): (
            sum(came.get((day, h), 0) for h in hours), sum(missed.get((day, h), 0) for h in hours)
        )
        for day in range(7)
        for i, (_, hours) in enumerate(groups)
    }  # fmt: skip
    most = max(n for n, _ in every.values())
    columns = (Column("", "left"), *(Column(label, "left") for label, _ in groups))
    rows = []
    for day, key in enumerate(DAYS):
        cells = [every[day, i] for i in range(len(groups))]
        if any(n for n, _ in cells) or day < 5:  # the weekend only if anybody rang
            own = (
                Cell(_said(n, lost, most), tone="warn" if lost else "plain") for n, lost in cells
            )
            rows.append((Cell(_t(c, f"day_{key.lower()}")), *own))
    note = _t(c, "heat_note", most=round(most), days=c.analysis.settings.conversion.window)
    heading = _t(c, "heat_title") if title is None else _t(c, "heat_title_of", who=title)
    return [Table(heading, columns, tuple(rows), notes=(note,))]


def _t(c: Context, key: str, **params: object) -> str:
    return text(f"report_calls.{key}", c.lang, **params)


def _said(n: float, lost: float, most: float) -> str:
    """«▓3»: the shade of the calls and how many were missed."""
    return shade(n, most) + (f"{lost:.0f}" if lost else "")


def _grid(c: Context, statistic: str, who: Who) -> dict[tuple[int, int], float]:
    """(weekday, hour) -> calls of the company, a department or a manager."""
    out: dict[tuple[int, int], float] = {}
    for row in c.figures.everything(("calls_by_hour",)):
        place = (row["slice"] or "").removeprefix("hour=")
        if row["statistic"] != statistic or "-" not in place:
            continue
        if any(row[name] != value for name, value in who.items()):
            continue
        day, _, hour = place.partition("-")
        if row["pipeline"] is None and row["value"]:
            out[DAYS.index(day), int(hour)] = row["value"]
    return out


def _open(c: Context) -> tuple[int, int]:
    """The first hour of the working day and the first one after it."""
    calendar = c.analysis.settings.calendar
    closes = int(calendar.closes.split(":")[0]) + (not calendar.closes.endswith(":00"))
    return int(calendar.opens.split(":")[0]), closes


def _hours(came: _Grid, opens: int, closes: int) -> list[tuple[str, tuple[int, ...]]]:
    """The columns: each working hour, and those with calls before and after it together."""
    closes = max(opens + 1, min(closes, opens + WIDEST - 2))
    early, late = tuple(range(opens)), tuple(range(closes, 24))
    out: list[tuple[str, tuple[int, ...]]]
    out = [(f"{h:02d}", (h,)) for h in range(opens, closes)]
    rung = {h for (_, h), n in came.items() if n}
    if rung & set(early):
        out.insert(0, (f"<{opens:02d}", early))
    if rung & set(late):
        out.append((f"{closes:02d}+", late))
    return out
