"""Calls counted by hand; as of Monday 2026-11-16 08:30, last week is 9-15 November."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkpi.metrics import calls
from funnelkpi.metrics.registry import compute
from funnelkpi.model.calls import CLASSES

DEALS = """
id | manager | stage | phone       | created    | closed
1  | Анна    | needs | 89120000001 | 2026-11-01 |
2  | Борис   | needs | 89120000002 | 2026-11-02 |
3  | Борис   | lost  | 89120000003 | 2026-09-01 | 2026-09-10
"""
# the week, then one call before it
CALLS = """
at               | who   | phone        | dir | talk | deal | result
2026-11-09 09:10 | Анна  | +79120000001 | in  | 60   |      | перезвонит
2026-11-09 09:50 | Анна  | 9120000001   | out | 29   |      |
2026-11-10 10:00 |       | 89120000002  | in  |      |      |
2026-11-10 10:30 | Борис | 89120000002  | out | 300  |      |
2026-11-11 12:00 | Борис | 89120000003  | out | 45   |      | отказ
2026-11-11 12:10 | Борис | 84950000000  | in  | 45   |      |
2026-11-11 13:00 | Анна  | hidden       | in  |      |      |
2026-11-11 14:00 | Анна  |              | in  | 31   |      | без номера
2026-11-12 10:00 | Анна  | 101          | out | 90   |      |
2026-11-12 11:00 | Анна  |              | out | 30   | 77   |
2026-11-12 12:00 | Анна  |              | out | 30   | 2    |
2026-11-06 10:00 | Анна  | 89120000001  | in  | 60   |      |
"""


def values(frame: pd.DataFrame, metric: str, **where: Any) -> dict[Any, float]:
    rows = frame[
        frame["metric"].eq(metric) & frame["statistic"].eq(where.pop("statistic", "value"))
    ]
    for name, value in where.items():
        rows = rows[rows[name].isna() if value is None else rows[name].eq(value)]
    key = "slice" if where.get("scope") == "company" else "manager"
    return dict(zip(rows[key], rows["value"], strict=True))


def test_counts_by_caller(make, called):
    data = called(DEALS, CALLS, funnel=make.funnel())
    out = calls.compute(data, make.ask(data))
    by = {"scope": "manager", "slice": None}
    assert values(out, "calls", **by) == {"Анна": 7, "Борис": 3, "": 1}
    # 29 seconds are no conversation, a call to a colleague is none with a client
    assert values(out, "conversations", **by) == {"Анна": 4, "Борис": 3}
    assert values(out, "calls_without_result", **by) == {"Анна": 2, "Борис": 2}
    rows = out[out["metric"].eq("calls_without_result") & out["scope"].eq("company")]
    assert rows["denominator"].tolist() == [7]


def test_by_direction_and_outcome(make, called):
    data = called(DEALS, CALLS, funnel=make.funnel())
    found = values(calls.compute(data, make.ask(data)), "calls", scope="company")
    assert found[None] == 11
    assert (found["direction=in"], found["direction=out"]) == (5, 6)
    assert (found["outcome=success"], found["outcome=missed"]) == (9, 2)


def test_classes_of_the_matching(make, called):
    data = called(DEALS, CALLS, funnel=make.funnel())
    found = values(calls.compute(data, make.ask(data)), "calls_matching", scope="company")
    assert found == {
        None: 11, "class=matched": 5, "class=several": 0, "class=deal_outside": 1,
        "class=no_deal": 1, "class=unknown_number": 1, "class=internal": 1, "class=hidden": 1,
        "class=no_number": 1,
    }  # fmt: skip


def test_heat_map_counts_incoming_calls_of_the_window(make, called):
    data = called(DEALS, CALLS, funnel=make.funnel())
    out = calls.compute(data, make.ask(data))
    assert values(out, "calls_by_hour", scope="company") == {
        "hour=Mon-09": 1, "hour=Tue-10": 1, "hour=Wed-12": 1, "hour=Wed-13": 1, "hour=Wed-14": 1,
        "hour=Fri-10": 1,
    }  # fmt: skip
    missed = values(out, "calls_by_hour", scope="company", statistic="missed")
    assert {h for h, n in missed.items() if n} == {"hour=Tue-10", "hour=Wed-13"}


def test_without_calls_every_figure_says_so(make):
    data = make.build(DEALS, funnel=make.funnel())
    out = calls.compute(data, make.ask(data))
    assert set(out["definition"]) == {"needs.calls"}
    assert set(out["metric"]) == {s.id for s in calls.SPECS}


def test_without_results_no_manager_is_accused(make, called):
    data = called(DEALS, "at | who | phone | talk\n2026-11-09 | Анна | 89120000001 | 60",
                  funnel=make.funnel())  # fmt: skip
    out = calls.compute(data, make.ask(data))
    rows = out[out["metric"].eq("calls_without_result")]
    assert rows["definition"].tolist() == ["needs.call_results"]


def test_pipelines_have_the_calls_on_their_deals(make, called):
    funnel = type(make.funnel())((*make.funnel().pipelines, *make.funnel(key="next").pipelines))
    data = called(DEALS, CALLS, funnel=funnel)
    out = calls.compute(data, make.ask(data))
    rows = out[out["metric"].eq("calls") & out["scope"].eq("company") & out["slice"].isna()]
    found = dict(zip(rows["pipeline"].astype(object).where(rows["pipeline"].notna(), None),
                     rows["value"], strict=True))  # fmt: skip
    assert found == {"main": 5, None: 11}


PHONE = st.sampled_from(
    ["89120000001", "+7 912 000-00-02", "9120000003", "84950000000", "hidden", "101", "12-34", "x"]
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(
    rows=st.lists(
        st.tuples(st.integers(1, 28), st.integers(0, 23), st.none() | PHONE,
                  st.sampled_from(["in", "out", "callback", "info"]), st.integers(0, 99),
                  st.none() | st.sampled_from(["1", "2", "99"]),
                  st.none() | st.sampled_from(["Анна", "Борис"])),
        min_size=1, max_size=30,
    )
)  # fmt: skip
def test_classes_add_up_to_all_calls(make, called, rows):
    lines = [
        f"2026-11-{d:02d} {h:02d}:00 | {w or ''} | {p or ''} | {k} | {t} | {i or ''}"
        for d, h, p, k, t, i, w in rows
    ]
    table = "\n".join(["at | who | phone | dir | talk | deal", *lines])
    data = called(DEALS, table, funnel=make.funnel(), as_of="2026-11-30 12:00")
    out = calls.compute(data, make.ask(data, "2026-11"))
    for scope in ("company", "manager"):
        whole = out[out["metric"].eq("calls") & out["scope"].eq(scope) & out["slice"].isna()]
        assert whole["value"].sum() == len(rows)
        parts = out[out["metric"].eq("calls_matching") & out["scope"].eq(scope)]
        parts = parts[parts["slice"].notna()]
        assert parts["value"].sum() == len(rows)
        assert set(parts["slice"]) == {f"class={c}" for c in CLASSES}


def test_a_period_before_the_first_call_is_unknown_and_not_zero(make, called):
    """The calls begin on 6 November: nobody knows how many there were in the week of 26 October, and
    what there are of the last days is shown all the same."""
    data = called(DEALS, CALLS, funnel=make.funnel())
    table = compute(data, make.ask(data, "2026-10-26..2026-11-01")).table
    told = {
        metric: set(table.loc[table["metric"].eq(metric), "definition"])
        for metric in ("calls", "answered_share", "missed_calls", "calls_without_deal", "touches")
    }
    assert all(reasons == {"needs.calls_of_period"} for reasons in told.values()), told
    by_hour = table[table["metric"].eq("calls_by_hour") & table["verdict"].ne("not_evaluated")]
    assert len(by_hour) > 0
    week = compute(data, make.ask(data)).table
    assert values(week, "calls", scope="company", slice=None)
