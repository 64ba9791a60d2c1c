"""Trends of calls counted by hand; as of Monday 2026-11-16 08:30, last week is 9-15 November."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkpi.metrics._index import Index
from funnelkpi.metrics.changes import changes
from funnelkpi.metrics.stats import newcombe
from funnelkpi.metrics.trends import trends

DEALS = """
id | manager | stage | phone       | created          | creator
1  | Анна    | needs | 89120000001 | 2026-10-19 09:00 | Анна
2  | Анна    | needs | 89120000002 | 2026-11-04 09:00 | Анна
3  | Борис   | needs | 89120000003 | 2026-11-10 15:00 | Анна
4  | Борис   | needs | 89120000004 | 2026-11-09 15:00 | Анна
"""
# weeks from 19 and 26 October, 2 and 9 November; calls begin on Monday the 26th
CALLS = """
at               | who   | phone       | dir | talk | result
2026-10-26 10:00 | Анна  | 89120000001 | in  | 60   | да
2026-10-27 10:00 | Анна  | 89120000001 | in  |      |
2026-11-03 10:00 | Анна  | 89120000001 | in  | 40   |
2026-11-03 11:00 | Анна  | 89120000002 | out | 40   | да
2026-11-03 12:00 | Борис | 89120000009 | in  | 50   | да
2026-11-04 12:00 | Борис | 89120000009 | out | 50   |
2026-11-10 10:00 | Борис | 89120000003 | in  | 50   |
2026-11-10 11:00 | Борис | 89120000003 | out | 90   | да
2026-11-11 11:00 | Борис | hidden      | in  |      |
2026-11-12 11:00 | Борис | 89120000004 | out | 20   |
2026-11-16 08:00 | Анна  | 89120000001 | in  | 60   | да
"""


def last(frame: pd.DataFrame, metric: str, count: int = 4, **where: Any) -> list[float | None]:
    """The values of the last points."""
    rows = frame[frame["metric"].eq(metric)]
    for name, value in {"scope": "company", **where}.items():
        rows = rows[rows[name].eq(value)]
    assert len(rows) == 12, f"{len(rows)} points of {metric}"
    return [None if pd.isna(v) else round(v, 4) for v in rows["value"]][-count:]


def asked(make: Any, data: Any, period: str = "last-week", **rules: Any) -> pd.DataFrame:
    return trends(Index(data), make.ask(data, period, **rules))


@pytest.fixture
def data(make: Any, called: Any) -> Any:
    return called(DEALS, CALLS, funnel=make.funnel())


def test_the_work_of_every_week(make: Any, data: Any) -> None:
    """Before the first call nothing is known: missing, not 0. Deals reach back further."""
    out = asked(make, data)
    assert last(out, "calls") == [None, 2, 4, 4]
    assert last(out, "conversations") == [None, 1, 4, 2]
    assert last(out, "calls_without_result") == [None, 0, 2, 1]
    assert last(out, "answered_share") == [None, 0.5, 1, 0.5]
    assert last(out, "missed_calls") == [None, 1, 0, 1]
    assert last(out, "touches") == [None, 0, 2, 2]
    assert last(out, "deals_created") == [1, 0, 1, 2]
    assert last(out, "calls", scope="manager", manager="Борис") == [None, 0, 2, 4]


def test_new_clients(make: Any, data: Any) -> None:
    """2 became a deal 22 hours after; 9 never did, in two conversations of one client; 3 did after
    five hours, its second conversation too."""
    out = asked(make, data)
    assert last(out, "calls_without_deal") == [None, 0, 2, 0]
    assert last(out, "deals_per_10_conversations") == [None, None, 5, 10]
    rows = out[out["metric"].eq("calls_without_deal") & out["scope"].eq("company")]
    assert rows["denominator"].tolist()[-2:] == [3, 2]


def test_time_for_a_deal_is_as_short_in_every_week(make: Any, called: Any) -> None:
    """As of Tuesday 12:00: today's conversation still has time. That of last Tuesday 10:00 became no
    deal either, but by last Tuesday 12:00 nobody could know."""
    calls = """
    at               | who  | phone       | talk
    2026-10-26 10:00 | Анна | 89120000001 | 60
    2026-11-09 10:00 | Анна | 89120000011 | 60
    2026-11-10 10:00 | Анна | 89120000012 | 60
    2026-11-16 10:00 | Анна | 89120000013 | 60
    2026-11-17 10:00 | Анна | 89120000014 | 60
    2026-11-17 12:00 | Анна | 89120000001 | 60
    """
    data = called(DEALS, calls, funnel=make.funnel(), as_of="2026-11-17 12:00")
    out = asked(make, data, "this-week")
    assert last(out, "calls_without_deal", 2) == [1, 1]
    # all of them are known by now
    assert last(asked(make, data, "last-week"), "calls_without_deal", 1) == [2]


def test_a_deal_of_later_is_no_success_yet(make: Any, called: Any) -> None:
    """Last Tuesday's client became a deal at 15:00: at 12:00 he was neither lost nor won."""
    deals = DEALS + "5 | Анна | needs | 89120000012 | 2026-11-10 15:00 |\n"
    calls = """
    at               | who  | phone       | talk
    2026-10-26 10:00 | Анна | 89120000001 | 60
    2026-11-09 10:00 | Анна | 89120000011 | 60
    2026-11-10 10:00 | Анна | 89120000012 | 60
    2026-11-17 12:00 | Анна | 89120000001 | 60
    """
    data = called(deals, calls, funnel=make.funnel(), as_of="2026-11-17 12:00")
    rows = asked(make, data, "this-week")
    rows = rows[rows["metric"].eq("deals_per_10_conversations") & rows["scope"].eq("company")]
    assert rows["denominator"].tolist()[-2:] == [1, 0]
    assert rows["numerator"].tolist()[-2:] == [0, 0]


def test_a_first_conversation_counts_once_a_week(make: Any, called: Any) -> None:
    """A client who stays new is new in each of two weeks, once in each."""
    calls = """
    at               | who   | phone       | talk
    2026-10-26 10:00 | Анна  | 89120000001 | 60
    2026-11-03 10:00 | Анна  | 89120000011 | 60
    2026-11-04 10:00 | Борис | 89120000011 | 60
    2026-11-11 10:00 | Борис | 89120000011 | 60
    2026-11-16 08:00 | Анна  | 89120000001 | 60
    """
    data = called(DEALS, calls, funnel=make.funnel())
    rows = asked(make, data)
    rows = rows[rows["metric"].eq("deals_per_10_conversations")]
    whole = rows[rows["scope"].eq("company")]
    assert whole["denominator"].tolist()[-2:] == [1, 1]
    boris = rows[rows["manager"].eq("Борис")]
    assert boris["denominator"].tolist()[-2:] == [0, 1]


def test_deals_called_later_lack_a_call_all_the_same(make: Any, called: Any) -> None:
    """As of Wednesday 12:00 deal 6 of Monday has no call. Last week's deal 5 had its first one on
    Thursday: on that Wednesday it lacked one, too."""
    deals = """
    id | manager | stage | phone       | created
    1  | Анна    | needs | 89120000001 | 2026-10-19 09:00
    5  | Анна    | needs | 89120000005 | 2026-11-09 09:00
    6  | Анна    | needs | 89120000006 | 2026-11-16 09:00
    """
    calls = """
    at               | who  | phone       | dir | talk
    2026-10-26 10:00 | Анна | 89120000001 | in  | 60
    2026-11-12 10:00 | Анна | 89120000005 | out | 60
    2026-11-18 12:00 | Анна | 89120000001 | in  | 60
    """
    data = called(deals, calls, funnel=make.funnel(), as_of="2026-11-18 12:00")
    assert last(asked(make, data, "this-week"), "deals_without_call", 2) == [1, 1]
    assert last(asked(make, data, "last-week"), "deals_without_call", 1) == [0]


def test_called_back_within_the_limit(make: Any, called: Any) -> None:
    """20 working minutes: the week of the 2nd 1 of 2, the last one 0 of 1 (he rang again himself)."""
    calls = """
    at               | who  | phone       | dir | talk
    2026-11-02 10:00 | Анна | 89120000001 | in  |
    2026-11-02 10:19 | Анна | 89120000001 | out | 60
    2026-11-03 10:00 | Анна | 89120000002 | in  |
    2026-11-03 10:21 | Анна | 89120000002 | out | 60
    2026-11-10 10:00 | Анна | 89120000001 | in  |
    2026-11-10 10:05 | Анна | 89120000001 | in  | 60
    2026-11-16 08:00 | Анна | 89120000001 | in  | 60
    """
    data = called(DEALS, calls, funnel=make.funnel())
    out = asked(make, data)
    rows = out[out["metric"].eq("time_to_callback") & out["scope"].eq("company")]
    assert set(rows["statistic"]) == {"within_limit"}
    assert set(rows["unit"]) == {"share"}
    assert last(out, "time_to_callback", 2) == [0.5, 0]
    assert rows["numerator"].tolist()[-2:] == [1, 0]
    assert rows["denominator"].tolist()[-2:] == [2, 1]


def test_first_response_while_somebody_waits(make: Any, called: Any) -> None:
    """As of Tuesday 10:10 the deal of 9:30 was called after 5 minutes, when both were at risk, and that
    of 10:00 waits for 10: 1/2. A week before the one of 10:05 had waited 5 when the other was called
    after 10, at risk alone: 1/1; that it was called at 10:12 was not known. No k of n, no test."""
    deals = """
    id | manager | stage | phone       | created
    1  | Анна    | needs | 89120000001 | 2026-10-19 09:00
    2  | Анна    | needs | 89120000002 | 2026-11-10 09:30
    3  | Анна    | needs | 89120000003 | 2026-11-10 10:05
    4  | Анна    | needs | 89120000004 | 2026-11-17 09:30
    5  | Анна    | needs | 89120000005 | 2026-11-17 10:00
    """
    calls = """
    at               | who  | phone       | dir | talk
    2026-10-19 10:00 | Анна | 89120000001 | out | 60
    2026-11-10 09:40 | Анна | 89120000002 | out | 60
    2026-11-10 10:12 | Анна | 89120000003 | out | 60
    2026-11-17 09:35 | Анна | 89120000004 | out | 60
    2026-11-17 10:10 | Анна | 89120000001 | out | 60
    """
    rules = {"calls": {"inbound_sources": ["сайт"]}}
    deals = "\n".join(f"{line} | {'source' if i == 1 else 'Сайт'}" if line.strip() else line
                      for i, line in enumerate(deals.splitlines()))  # fmt: skip
    data = called(deals, calls, funnel=make.funnel(), as_of="2026-11-17 10:10")
    view = make.ask(data, "this-week", **rules)
    out = trends(Index(data), view)
    assert last(out, "first_response", 2) == [1, 0.5]
    rows = out[out["metric"].eq("first_response") & out["scope"].eq("company")]
    assert rows["n"].tolist()[-2:] == [2, 2]
    assert rows["denominator"].isna().tolist()[-2:] == [True, True]
    found = changes(Index(data), view)
    own = found[found["metric"].eq("first_response") & found["scope"].eq("company")].iloc[0]
    assert (own["unit"], own["statistic"]) == ("share", "within_limit")
    assert pd.isna(own["mark"])


def test_calls_that_end_early_end_every_week_there(make: Any, called: Any) -> None:
    """The file of calls ends on Wednesday at noon: of every week only that much is compared."""
    lines = ["at | who | phone | talk"]
    for day in (2, 4, 5, 9, 11):
        lines.append(f"2026-11-{day:02d} 12:00 | Анна | 89120000001 | 60")
    data = called(DEALS, "\n".join(lines), covered="2026-11-11 12:00", funnel=make.funnel())
    out = asked(make, data)
    assert last(out, "calls", 2) == [2, 2]  # the 2nd and 4th; the 9th and 11th
    rows = out[out["metric"].eq("calls") & out["scope"].eq("company")]
    assert rows["period_end"].iloc[-2] == pd.Timestamp("2026-11-04 12:00:01")
    # until Friday evening nothing is missing that anybody would have worked
    whole = called(DEALS, "\n".join([*lines, "2026-11-13 17:00 | Анна | 89120000001 | 60"]),
                   covered="2026-11-13 17:00", funnel=make.funnel())  # fmt: skip
    assert last(asked(make, whole), "calls", 2) == [3, 3]


def test_calls_before_the_period_have_no_trend(make: Any, called: Any) -> None:
    data = called(DEALS, "at | who | phone | talk\n2026-11-02 12:00 | Анна | 89120000001 | 60",
                  covered="2026-11-02 12:00", funnel=make.funnel())  # fmt: skip
    assert "calls" not in set(asked(make, data)["metric"])


def test_without_calls_there_is_no_row(make: Any) -> None:
    data = make.build(DEALS, funnel=make.funnel())
    assert not {"calls", "answered_share", "touches"} & set(asked(make, data)["metric"])


def test_shares_and_their_tenfold_are_marked_by_newcombe(make: Any, called: Any) -> None:
    """1 of 20 and 15 of 20 clients became deals; the interval is in deals per 10 conversations."""
    deals, calls = [DEALS.strip()], ["at | who | phone | talk"]
    calls.append("2026-10-26 10:00 | Анна | 89120000001 | 60")
    for i in range(40):
        day, hit = (3, i < 1) if i < 20 else (10, i < 35)
        calls.append(f"2026-11-{day:02d} 10:{i:02d} | Анна | 891211100{i:02d} | 60")
        if hit:
            deals.append(f"{100 + i} | Анна | needs | 891211100{i:02d} | 2026-11-{day:02d} 11:00 |")
    calls.append("2026-11-16 08:00 | Анна | 89120000001 | 60")
    data = called("\n".join(deals), "\n".join(calls), funnel=make.funnel())
    found = changes(Index(data), make.ask(data))
    row = found[found["metric"].eq("deals_per_10_conversations") & found["scope"].eq("company")]
    row = row.iloc[0]
    assert (row["value"], row["before"], row["mark"]) == (7.5, 0.5, "up")
    low, high = newcombe(np.array([15]), np.array([20]), np.array([1]), np.array([20]))
    assert (row["low"], row["high"]) == pytest.approx((10 * low[0], 10 * high[0]))
    lost = found[found["metric"].eq("calls_without_deal") & found["scope"].eq("company")].iloc[0]
    assert (lost["value"], lost["before"], lost["mark"]) == (5, 19, "down")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=6, deadline=None
)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 41), st.integers(0, 23), st.integers(1, 6),
                  st.sampled_from(["in", "out"]), st.sampled_from(["", "20", "60"]),
                  st.sampled_from(["Анна", "Борис", ""])),
        min_size=1, max_size=25, unique=True,
    ),
    seed=st.randoms(use_true_random=False),
)  # fmt: skip
def test_order_changes_nothing_and_managers_add_up(
    make: Any, called: Any, rows: list[Any], seed: Any
) -> None:
    def table(order: list[Any]) -> pd.DataFrame:
        lines = ["at | who | phone | dir | talk"]
        for n, h, p, d, t, w in order:
            day = pd.Timestamp("2026-10-05") + pd.Timedelta(days=n, hours=h, minutes=p)
            lines.append(f"{day} | {w} | 891200000{p:02d} | {d} | {t}")
        data = called(DEALS, "\n".join(lines), funnel=make.funnel())
        out = asked(make, data, "this-week")
        return out[out["metric"].isin(
            ["calls", "conversations", "missed_calls", "calls_without_deal", "touches"]
        )]  # fmt: skip

    out = table(rows)
    mixed = list(rows)
    seed.shuffle(mixed)
    pd.testing.assert_frame_equal(out, table(mixed))
    nobody = sum(not r[-1] for r in rows)
    for _, one in out.groupby(["metric", "period_start"]):
        whole = one[one["scope"].eq("company")]["value"].sum()
        theirs = one[one["scope"].eq("manager")]["value"].sum()
        assert 0 <= whole - theirs <= nobody
