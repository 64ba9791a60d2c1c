# ruff: noqa: E501 (tables and SQL read best in wide lines)
"""Days at the coarser precision, and since when a deal stands in its stage; as of 2026-11-16 08:30."""

from datetime import date, datetime

import numpy as np
import pytest

from funnelkpi.metrics._clocks import elapsed_days, stage_clock, working_days
from funnelkpi.model.workdays import WorkCalendar


def clock(data, working=False):
    rows = np.arange(len(data.deals))
    c = stage_clock(data, rows, np.full(len(rows), working))
    return [
        tuple(None if np.isnan(v) else round(float(v), 4) for v in values)
        for values in zip(c.days, c.low, c.high, strict=True)
    ]


def test_elapsed_days_exact_and_coarse():
    start = np.array(["2026-11-15T20:30", "2026-11-15T20:30", "NaT"], "M8[s]")
    end = np.datetime64("2026-11-16T08:30", "s")
    assert elapsed_days(start, end, False)[:2].tolist() == [0.5, 0.5]
    assert elapsed_days(start, end, np.array([False, True, True]))[:2].tolist() == [0.5, 1.0]
    assert np.isnan(elapsed_days(start, end, True)[2])


def test_where_the_clock_starts(make):
    data = make.build(
        """
        id | stage | previous | created          | modified         | changed          | @needs           | @kp
        1  | kp    |          | 2026-10-01 10:00 | 2026-11-15 10:00 | 2026-11-14 08:30 | 2026-10-05       | 2026-10-09
        2  | kp    |          | 2026-10-01 10:00 | 2026-11-15 08:30 |                  | 2026-10-05       | 2026-11-10
        3  | kp    |          | 2026-10-01 10:00 | 2026-11-15 08:30 |                  |                  | 2026-11-10 08:30
        4  | needs |          | 2026-10-01 10:00 | 2026-11-15 08:30 |                  | 2026-10-05       | 2026-11-10
        5  | base  |          | 2026-11-01 08:30 | 2026-11-15 08:30 |                  |                  |
        6  | base  | kp       | 2026-11-01 08:30 | 2026-11-15 08:30 |                  |                  |
        7  | base  | incoming | 2026-11-01       | 2026-11-15 08:30 |                  |                  |
        8  | lpr   |          | 2026-11-01 08:30 | 2026-11-15 08:30 |                  |                  |
        9  | lpr   |          |                  |                  |                  |                  |
        """,
        funnel=make.funnel(),
    )
    assert clock(data) == [
        (2, 2, 2),  # the stage-change date wins: the deal came back to kp
        (6, 6, 6),  # a date: 16 - 10 November
        (6, 6, 6),
        (None, 1, 6),  # back in needs after kp: since the edit at least, since kp at most
        (15, 15, 15),  # first open stage: since the creation
        (None, 1, 15),  # ... unless it came back there
        (15, 15, 15),  # from Неразобранное: E(first open stage) is the creation
        (None, 1, 15),  # unknown: edit and creation
        (None, 0, None),
    ]


@pytest.mark.parametrize(
    ("as_of", "days"),
    [("2026-11-16T17:59", 1), ("2026-11-16T18:00", 2), ("2026-11-15T20:00", 1)],
)
def test_a_working_day_counts_once_it_has_ended(as_of, days):
    """Since Thursday 12 November: Friday is one; Monday counts from 18:00 on."""
    start = np.array(["2026-11-12T10:00"], "M8[s]")
    calendar = WorkCalendar(country=None)
    assert working_days(calendar, start, datetime.fromisoformat(as_of)).tolist() == [days]


def test_working_days_leave_out_holidays():
    """2 November 2026 (Monday) to 9 November: 4 November is a holiday in Russia."""
    start = np.array(["2026-11-02T10:00", "2026-11-09T19:00"], "M8[s]")
    as_of = datetime(2026, 11, 9, 19)
    assert working_days(WorkCalendar(country="RU"), start, as_of).tolist() == [4, 0]
    assert working_days(WorkCalendar(country=None), start, as_of).tolist() == [5, 0]
    moved = WorkCalendar(country="RU", extra_workdays=frozenset({date(2026, 11, 7)}))
    assert working_days(moved, start, as_of).tolist() == [5, 0]


def test_working_days_of_a_start_today_are_not_negative():
    start = np.array(["2026-11-16T08:00"], "M8[s]")
    assert working_days(WorkCalendar(country=None), start, datetime(2026, 11, 16, 8, 30)) == [0]


def test_the_visit_that_history_saw_begin(make):
    """1 came back to needs on 10 November."""
    history = """
    id | at               | from  | to
    3  | 2026-09-01 08:30 | Base  | Lpr
    1  | 2026-10-05 08:30 | Base  | Needs
    1  | 2026-10-20 08:30 | Needs | Kp
    1  | 2026-11-10 08:30 | Kp    | Needs
    """
    data = make.build(
        """
        id | stage | created          | modified
        1  | needs | 2026-10-01 08:30 | 2026-11-14 08:30
        3  | lpr   | 2026-08-01 08:30 | 2026-11-14 08:30
        """,
        funnel=make.funnel(), history=history,
    )  # fmt: skip
    assert clock(data) == [(6, 6, 6), (76, 76, 76)]


def test_a_visit_that_began_between_two_exports_has_bounds(make):
    history = """
    id | at               | since            | from  | to | level
    2  | 2026-11-15 08:30 | 2026-11-08 08:30 | Needs | Kp | archive
    """
    data = make.build(
        "id | stage | created | modified\n2 | kp | 2026-10-01 08:30 | 2026-11-14 08:30",
        funnel=make.funnel(),
        history=history,
    )
    assert clock(data) == [(None, 1, 8)]
