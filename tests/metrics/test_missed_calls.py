"""Missed calls by what happened first; the working day is 9:00-18:00, as of Monday 16.11 08:30."""

from __future__ import annotations

import numpy as np
import pytest

from funnelkpi.metrics import missed_calls

DEALS = """
id | manager | stage | phone                    | created
1  | Анна    | needs | 89120000001              | 2026-11-01
2  | Борис   | needs | 89120000002, 89120000022 | 2026-11-01
"""
# Every client has his own story; the limit is 20 working minutes.
CALLS = """
at               | who   | phone       | dir | talk
2026-11-09 10:00 | Анна  | 89120000001 | in  |
2026-11-09 10:20 | Анна  | 89120000001 | out |
2026-11-09 11:00 | Анна  | 89120000002 | in  |
2026-11-09 11:21 | Борис | 89120000022 | out | 60
2026-11-09 17:50 | Анна  | 89120000003 | in  |
2026-11-10 09:10 | Анна  | 89120000003 | out | 60
2026-11-10 10:00 | Анна  | 89120000004 | in  |
2026-11-11 09:00 | Анна  | 89120000004 | out | 60
2026-11-10 10:00 | Анна  | 89120000005 | in  |
2026-11-10 10:05 | Анна  | 89120000005 | in  | 30
2026-11-10 10:06 | Анна  | 89120000005 | out | 30
2026-11-10 12:00 |       | 89120000006 | in  |
2026-11-15 20:00 | Анна  | 89120000007 | in  |
2026-11-10 12:00 | Анна  | hidden      | in  |
2026-11-10 12:00 | Анна  | 102         | in  |
2026-11-11 12:00 | Анна  | 89120000008 | in  | 45
"""


@pytest.fixture
def data(make, called):
    return called(DEALS, CALLS, funnel=make.funnel())


def test_what_happened_first(make, data):
    facts = missed_calls.facts(data, make.ask(data), "missed_calls")
    phones = data.calls["phone"].fillna("hidden")[facts["call"]].str[-1]
    assert dict(zip(phones, facts["why"], strict=True)) == {
        "1": "in_time",  # exactly 20 minutes
        "2": "same_day",  # 21 minutes, by a colleague, on the client's other number
        "3": "in_time",  # 10 minutes of the evening and 10 of the morning
        "4": "later",
        "5": "rang_again",
        "6": "never",
        "7": "pending",  # Sunday evening: no working minute has passed
        "n": "no_number",
    }


def test_fates_add_up_by_manager_and_company(make, data, row):
    out = missed_calls.compute(data, make.ask(data))
    out = out[out["metric"] == "missed_calls"]
    for scope, manager, total in (("company", None, 8), ("manager", "Анна", 7), ("manager", "", 1)):
        own = out[out["scope"].eq(scope)]
        own = own if manager is None else own[own["manager"].eq(manager)]
        parts = own[own["slice"].notna()]
        assert own[own["slice"].isna()]["value"].tolist() == [total]
        assert parts["value"].sum() == total
        if manager != "":  # the company and listed managers have a row of each
            assert set(parts["slice"].str[5:]) == set(missed_calls.FATES)


def test_time_to_callback_by_hand(make, data, row):
    """Called back after 20, 21, 20 and 480 (10:00-18:00) minutes; one rang again after 5.

    Aalen–Johansen of 7: at 5 the other end (7 at risk; one is censored at 0 before it): 6 at risk
    -> survival 5/6; at 20 two of 5: incidence 5/6 x 2/5 = 1/3.
    """
    out = missed_calls.compute(data, make.ask(data))
    where = {"metric": "time_to_callback", "scope": "company"}
    median = row(out, statistic="median", **where)
    assert (median["value"], median["n"], median["denominator"]) == (20.5, 4, 7)
    within = row(out, statistic="within_limit", **where)
    assert within["value"] == pytest.approx(1 / 3)
    assert within["unit"] == "share"
    assert row(out, statistic="waiting", **where)["value"] == 2
    assert row(out, statistic="ended", **where)["value"] == 1


def test_the_limit_is_of_the_config(make, data):
    view = make.ask(data, calls={"callback_minutes": 21})
    why = missed_calls.facts(data, view, "missed_calls")["why"].value_counts()
    assert (why["in_time"], why.get("same_day", 0)) == (3, 0)


def test_calls_covered_until_earlier_leave_more_pending(make, called):
    """The calls end on the 10th at 12:10: the call of 12:00 still has 10 minutes."""
    data = called(DEALS, CALLS, funnel=make.funnel(), covered="2026-11-10 12:10")
    facts = missed_calls.facts(data, make.ask(data), "missed_calls")
    six = data.calls["phone"][facts["call"]].str.endswith("6").fillna(False).to_numpy(dtype=bool)
    assert facts["why"][six].tolist() == ["pending"]


def test_nothing_missed(make, called):
    data = called(DEALS, "at | who | phone | talk\n2026-11-09 | Анна | 89120000001 | 60",
                  funnel=make.funnel())  # fmt: skip
    out = missed_calls.compute(data, make.ask(data))
    assert out[out["metric"] == "missed_calls"]["value"].eq(0).all()
    assert np.isnan(out[out["metric"] == "time_to_callback"]["value"]).all()


def test_minutes_without_seconds_and_any_order_of_rows(make, called):
    """A file of minutes, newest first: 1 was called back in the minute of the missed call, 2 rang
    twice in one minute and is called back an hour later, 3 rings again in the minute he is called."""
    rows = [
        "2026-11-10 10:00 | Анна | 89120000001 | out |",
        "2026-11-10 10:00 | Анна | 89120000001 | in  |",
        "2026-11-10 11:00 | Анна | 89120000002 | out |",
        "2026-11-10 10:00 | Анна | 89120000002 | in  |",
        "2026-11-10 10:00 | Анна | 89120000002 | in  |",
        "2026-11-10 10:10 | Анна | 89120000003 | in  | 60",
        "2026-11-10 10:10 | Анна | 89120000003 | out |",
        "2026-11-10 10:00 | Анна | 89120000003 | in  |",
    ]
    for order in (rows, rows[::-1]):
        table = "\n".join(["at | who | phone | dir | talk", *order])
        data = called(DEALS, table, funnel=make.funnel(), covered="2026-11-16 08:30")
        facts = missed_calls.facts(data, make.ask(data), "missed_calls")
        phones = data.calls["phone"][facts["call"]].str[-1]
        assert sorted(zip(phones, facts["why"], facts["minutes"], strict=True)) == [
            ("1", "in_time", 0), ("2", "same_day", 60), ("2", "same_day", 60), ("3", "in_time", 10),
        ]  # fmt: skip
