"""Calls per won deal and per first meeting, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from funnelkpi.metrics import calls_per

DEALS = """
id | manager | stage | phone       | company | created    | closed
1  | Анна    | won   | 89120000001 | Ромашка | 2026-10-01 | 2026-11-10 12:00
2  | Анна    | won   |             | Ромашка | 2026-10-05 | 2026-11-12 12:00
3  | Борис   | won   | 89120000003 |         | 2026-10-01 | 2026-11-11
4  | Борис   | won   | 89120000004 |         | 2026-10-01 | 2026-11-01
5  | Борис   | needs | 89120000005 |         | 2026-10-01 |
"""
CALLS = """
at               | who   | phone       | dir | talk
2026-10-02       | Анна  | 89120000001 | in  | 60
2026-10-03       | Борис | 89120000001 | out |
2026-11-10 12:00 | Анна  | 89120000001 | out | 60
2026-11-11 10:00 | Анна  | 89120000001 | out | 60
2026-11-13 10:00 | Анна  | 89120000001 | out | 60
2026-10-02       | Борис | 89120000003 | out | 60
2026-10-02       | Борис | 89120000004 | out | 60
2026-10-02       | Борис | 89120000005 | out | 60
2026-10-04       | Борис | 89120000005 | out | 60
"""


def test_calls_before_the_win(make, called, row):
    """Ромашка: 2 before the first win, 2 from it to the second (the fifth came after it)."""
    data = called(DEALS, CALLS, funnel=make.funnel())
    view = make.ask(data)
    facts = calls_per.facts(data, view, "calls_per_won_deal")
    ids = data.deals["deal_id"][facts["deal"]]
    assert dict(zip(ids, facts["calls"], strict=True)) == {"1": 2, "2": 2, "3": 1}
    out = calls_per.compute(data, view)
    where = {"metric": "calls_per_won_deal", "slice": None}
    company = row(out, scope="company", **where)
    assert (company["numerator"], company["denominator"]) == (5, 3)
    assert company["value"] == pytest.approx(5 / 3)
    assert row(out, scope="manager", manager="Анна", **where)["value"] == 2


def test_calls_before_the_first_meeting(make, called, row):
    data = called(DEALS, CALLS, funnel=make.funnel())
    tasks = pd.DataFrame(
        {
            "type": pd.Categorical(["Встреча", "Встреча"]),
            "due_at": pd.to_datetime(["2026-11-10 15:00", "2026-11-12 15:00"]).astype("M8[s]"),
            "done": pd.array([1, 1], dtype="Int8"),
            "deal": np.array([4, 4], np.int32),
            "manager": pd.Categorical(["Борис", "Борис"], data.deals["manager"].cat.categories),
        }
    )
    data = replace(data, tasks=tasks)
    out = calls_per.compute(data, make.ask(data))
    found = row(out, metric="calls_per_meeting", scope="manager", manager="Борис")
    assert (found["numerator"], found["denominator"], found["value"]) == (2, 1, 2)


def test_no_meetings_known(make, called):
    data = called(DEALS, CALLS, funnel=make.funnel())
    out = calls_per.compute(data, make.ask(data))
    assert out[out["metric"] == "calls_per_meeting"]["definition"].tolist() == ["needs.meetings"]


def test_a_meeting_nobody_says_was_held_is_no_meeting(make, called, row):
    tasks = """
    deal | type    | manager | due              | done
    5    | Встреча | Борис   | 2026-11-10 10:00 |
    3    | Встреча | Борис   | 2026-11-10 12:00 | 1
    """
    data = called(DEALS, CALLS, funnel=make.funnel(), tasks=tasks)
    out = calls_per.compute(data, make.ask(data))
    found = row(out, metric="calls_per_meeting", scope="company", slice=None)
    assert (found["numerator"], found["denominator"]) == (1, 1)
