"""Slices by hour and weekday counted by hand; as of Monday 2026-11-16 08:30."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.metrics._deals import second
from funnelkpi.metrics._slices import Slices
from funnelkpi.metrics.registry import compute

DEALS = """
id | manager | stage | phone       | source | created          | closed
1  | Анна    | won   | 89120000001 | Сайт   | 2026-11-09 10:30 | 2026-11-10 11:15
2  | Борис   | needs | 89120000002 |        | 2026-11-10 14:00 |
"""
# Monday the 9th, Tuesday the 10th
CALLS = """
at               | who   | phone       | dir | talk
2026-10-26 10:00 | Анна  | 89120000001 | in  | 60
2026-11-09 09:59 | Анна  | 89120000001 | in  | 60
2026-11-09 10:00 | Анна  | 89120000001 | in  |
2026-11-09 10:30 | Борис | 89120000002 | out | 60
2026-11-10 10:45 | Борис | 89120000009 | in  | 60
2026-11-10 00:00 | Борис | 89120000009 | in  |
2026-11-15 23:59 | Анна  | 89120000001 | out |
"""
BY = ("hour", "weekday")


def figure(table: pd.DataFrame, metric: str, by: str, **where: Any) -> dict[str, Any]:
    """Hour or weekday -> value."""
    rows = table[
        table["metric"].eq(metric) & table["statistic"].eq(where.pop("statistic", "value"))
    ]
    for name, value in {"scope": "company", **where}.items():
        rows = rows[rows[name].eq(value)]
    rows = rows[rows["slice"].fillna("").str.startswith(f"{by}=")]
    found = dict(zip(rows["slice"].str.removeprefix(f"{by}="), rows["value"], strict=True))
    return {k: v for k, v in found.items() if not pd.isna(v)}


@pytest.fixture
def table(make: Any, called: Any) -> pd.DataFrame:
    data = called(DEALS, CALLS, funnel=make.funnel())
    return compute(data, make.ask(data, by=BY)).table


def test_calls(table: pd.DataFrame) -> None:
    assert figure(table, "calls", "hour") == {"00": 1, "09": 1, "10": 3, "23": 1}
    assert figure(table, "calls", "weekday") == {"1": 3, "2": 2, "7": 1}
    assert figure(table, "conversations", "hour") == {"09": 1, "10": 2}
    assert figure(table, "answered_share", "weekday") == {"1": 0.5, "2": 0.5}
    assert figure(table, "missed_calls", "hour") == {"00": 1, "10": 1}
    # the first became a deal half an hour later, that of Monday 10:30 after 27 hours, 9 never
    assert figure(table, "calls_without_deal", "hour") == {"09": 0, "10": 2}
    assert figure(table, "touches", "weekday") == {"1": 1, "7": 1}
    boris = {"scope": "manager", "manager": "Борис"}
    assert figure(table, "calls", "hour", **boris) == {"00": 1, "10": 2}


def test_the_time_to_call_back(table: pd.DataFrame) -> None:
    """Of the call of Tuesday 00:00 nothing but his own next call is known."""
    share = {"statistic": "within_limit"}
    assert set(figure(table, "time_to_callback", "weekday", **share)) == {"1", "2"}


def test_deals_have_no_hour(table: pd.DataFrame) -> None:
    cut = table[table["slice"].fillna("").str.contains("^(?:hour|weekday)=\\w*$", regex=True)]
    without = {"deals_created", "won", "win_rate", "conversion", "deals_without_call", "entries",
               "calls_per_won_deal", "open_deals", "leads_created"}  # fmt: skip
    assert not without & set(cut["metric"])


def test_slices_of_deals_stand_beside(make: Any, called: Any) -> None:
    data = called(DEALS, CALLS, funnel=make.funnel())
    both = compute(data, make.ask(data, by=("source", "hour"))).table
    assert figure(both, "deals_created", "source") == {"Сайт": 1, "": 1}
    assert figure(both, "calls", "hour") == {"00": 1, "09": 1, "10": 3, "23": 1}


def test_an_inbound_deal_of_a_day_has_no_hour(make: Any, called: Any) -> None:
    deals = """
    id | manager | stage | phone       | source | created
    1  | Анна    | needs | 89120000001 | Сайт   | 2026-11-09
    2  | Анна    | needs | 89120000002 | Сайт   | 2026-11-10 14:00
    """
    calls = """
    at               | who  | phone       | dir | talk
    2026-11-02 10:00 | Анна | 89120000005 | out | 60
    2026-11-09 11:00 | Анна | 89120000001 | out | 60
    2026-11-10 14:05 | Анна | 89120000002 | out | 60
    """
    data = called(deals, calls, funnel=make.funnel())
    rules = {"calls": {"inbound_sources": ["сайт"]}}
    table = compute(data, make.ask(data, by=BY, **rules)).table
    found = figure(table, "first_response", "hour", statistic="within_limit")
    assert found == {"": 0, "14": 1}
    assert set(figure(table, "first_response", "weekday", statistic="within_limit")) == {"1", "2"}


TASKS = """
deal | type    | manager | created          | due              | done | done_at
1    | Встреча | Анна    | 2026-11-02 10:00 | 2026-11-10 12:30 | 1    | 2026-11-10 14:00
1    | Звонок  | Анна    | 2026-11-02 10:00 | 2026-11-11       | 1    | 2026-11-11 14:00
2    | Звонок  | Борис   | 2026-11-02 10:00 | 2026-11-12 12:00 | 1    | 2026-11-12 11:00
2    | Звонок  | Борис   | 2026-11-02 10:00 | 2026-11-12 12:50 | 0    |
"""


def test_meetings_and_tasks(make: Any) -> None:
    """A task of a day has no hour."""
    data = make.build(DEALS, funnel=make.funnel(), tasks=TASKS)
    table = compute(data, make.ask(data, by=BY)).table
    assert figure(table, "meetings", "hour") == {"12": 1}
    assert figure(table, "promise_kept", "hour") == {"": 1, "12": pytest.approx(2 / 3)}
    assert figure(table, "promise_kept", "weekday") == {"2": 1, "3": 1, "4": 0.5}
    # the contacts entered and deals handed over have no moment worth an hour
    assert not figure(table, "decision_makers", "hour")


def test_calls_of_days_have_no_hour(make: Any, called: Any) -> None:
    calls = "at | who | phone | talk\n2026-11-09 | Анна | 89120000001 | 60"
    data = called(DEALS, calls, funnel=make.funnel())
    table = compute(data, make.ask(data, by=BY)).table
    assert figure(table, "calls", "hour") == {"": 1}
    assert figure(table, "calls", "weekday") == {"1": 1}


@given(st.lists(st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2040-01-01")), max_size=30))
def test_every_moment_is_in_one_hour_and_one_weekday(moments: list[Any]) -> None:
    at = np.array([second(m) for m in moments], dtype=np.int64)
    slices = Slices(None, ("weekday", "hour"))  # type: ignore[arg-type]  # looks at no deal
    rows = slices.applied({"row": np.arange(len(at))}, at)
    texts = slices.names[rows["slice"]]
    assert (np.bincount(rows["row"], minlength=len(at)) == 3).all()
    for row, said in zip(rows["row"], texts, strict=True):
        if said is not None:
            name, value = said.split("=")
            own = moments[row]
            assert value == (str(own.isoweekday()) if name == "weekday" else f"{own:%H}")
