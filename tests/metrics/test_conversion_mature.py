"""Conversion by maturity; as of 2026-11-16 08:30, so entries since 2025-11-16 08:30 count."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkpi.metrics import conversion_mature
from funnelkpi.metrics._cohort import ALL_CLASSES
from funnelkpi.metrics._index import Index

# Days from the creation: 1 won after 10, 2 lost after 20, 3 won after 30, 4 parked, 5 open.
SMALL = """
id | manager | stage  | created    | closed
1  | Анна    | won    | 2026-06-01 | 2026-06-11
2  | Анна    | lost   | 2026-06-01 | 2026-06-21
3  | Борис   | won    | 2026-06-01 | 2026-07-01
4  | Борис   | parked | 2026-06-01 |
5  | Борис   | kp     | 2026-06-01 |
"""


def facts(make, data, **conversion):
    view = make.ask(data, conversion=conversion)
    out = conversion_mature.facts(data, view, "conversion_mature")
    stages = [s.key for s in data.funnel.stages]
    return {
        (
            data.deals["deal_id"].iat[r["deal"]],
            stages[r["stage"]],
            stages[r["to_stage"]],
        ): (ALL_CLASSES[r["klass"]], round(r["days"], 4))
        for r in out.to_dict("records")
    }


def test_created_to_won_works_on_a_snapshot(make):
    data = make.build(SMALL, funnel=make.funnel())
    got = facts(make, data)
    assert {k[0]: v for k, v in got.items()} == {
        "1": ("advanced", 10), "2": ("lost", 20), "3": ("advanced", 30),
        "4": ("parked", 168), "5": ("still_there", 168),
    }  # fmt: skip
    assert {k[1:] for k in got} == {("base", "won")}


def test_value_needs_ten_deals_at_risk(make, row):
    """Two of ten copies of the table: F(90) = 1/5 + 3/5 x 1/3 = 2/5; 20 deals are at risk at 90."""
    lines = SMALL.strip().splitlines()
    text = "\n".join([lines[0], *(line for _ in range(10) for line in lines[1:])])
    data = make.build(text, funnel=make.funnel())
    out = conversion_mature.compute(data, make.ask(data))
    got = row(out, scope="company", stage="base", to_stage="won")
    assert (got["value"], got["n"]) == (pytest.approx(2 / 5), 50)
    assert got["low"] < 2 / 5 < got["high"]
    assert (got["period_start"], got["evidence"]) == (pd.Timestamp("2025-11-16 08:30"), "snapshot")
    boris = row(out, manager="Борис")
    assert (boris["value"], boris["n"]) == (pytest.approx(1 / 3), 30)
    assert pd.isna(got["bound_low"])
    anna = row(out, manager="Анна")  # nobody is at risk at 90 days, and nothing is open any more
    assert (anna["value"], anna["bound_low"], anna["bound_high"]) == (pytest.approx(1 / 2),) * 3
    early = conversion_mature.compute(data, make.ask(data, conversion={"horizon": 10}))
    got = row(early, scope="manager", manager="Анна")
    assert (got["value"], got["n"]) == (pytest.approx(1 / 2), 20)  # the horizon itself counts


@pytest.mark.parametrize(("open_", "value"), [(1, 0.375), (2, None)])
def test_what_few_deals_leave_open(make, row, open_, value):
    """6 won on day 10 and 9 lost on day 20 while at least 10 were at risk: F = 6/16 (6/17), and
    1/16 (2/17: more than 10 points) of the deals are still on their way."""
    groups = ((6, "won", "2026-06-11"), (9, "lost", "2026-06-21"), (open_, "kp", ""))
    cells = [f"{stage}|2026-06-01|{closed}" for n, stage, closed in groups for _ in range(n)]
    lines = [f"{i}|{cell}" for i, cell in enumerate(cells)]
    data = make.build("\n".join(["id|stage|created|closed", *lines]), funnel=make.funnel())
    got = row(
        conversion_mature.compute(data, make.ask(data)),
        scope="company", stage="base", to_stage="won",
    )  # fmt: skip
    n = 15 + open_
    assert (got["bound_low"], got["bound_high"]) == pytest.approx((6 / n, (6 + open_) / n))
    if value is None:
        assert pd.isna(got["value"])
        assert (got["verdict"], got["definition"]) == ("not_evaluated", "needs.few_at_risk")
    else:
        assert got["value"] == pytest.approx(value)


def test_steps_without_dates_are_not_evaluated(make, row):
    data = make.build(SMALL, funnel=make.funnel())
    out = conversion_mature.compute(data, make.ask(data))
    got = row(out, stage="lpr", to_stage="needs")
    assert (got["verdict"], got["definition"]) == ("not_evaluated", "needs.stage_times")


def test_lost_deals_without_a_close_date(make, row):
    lines = "".join(f"\n{i} | lost | 2026-06-01 |" for i in range(6, 9))
    data = make.build(
        "id | stage | created | closed\n1 | won | 2026-06-01 | 2026-06-11" + lines,
        funnel=make.funnel(),
    )
    got = row(conversion_mature.compute(data, make.ask(data)), stage="base", to_stage="won")
    assert got["definition"] == "needs.closed_at"


WAYS = """
id | stage   | created    | closed
1  | needs   | 2026-03-01 |
2  | lost    | 2026-03-01 | 2026-04-10 12:00
3  | won     | 2026-03-01 | 2026-05-01 10:00
4  | lpr     | 2026-03-01 |
5  | base    | 2026-03-01 |
6  | parked  | 2026-03-01 |
7  | lpr     | 2026-02-01 |
"""
EVENTS = """
id | at               | from   | to
7  | 2026-02-11 00:00 | Base   | Lpr
1  | 2026-03-11 00:00 | Base   | Lpr
1  | 2026-03-21 00:00 | Lpr    | Needs
2  | 2026-03-16 12:00 | Base   | Lpr
2  | 2026-04-10 12:00 | Lpr    | Lost
3  | 2026-03-31 10:00 | Base   | Kp
3  | 2026-05-01 10:00 | Kp     | Won
4  | 2026-03-05 00:00 | Base   | Lpr
4  | 2026-03-10 00:00 | Lpr    | Won
4  | 2026-03-20 00:00 | Won    | Lpr
5  | 2026-03-03 00:00 | Base   | Lost
5  | 2026-03-04 00:00 | Lost   | Base
6  | 2026-03-02 00:00 | Base   | Parked
"""


def test_ways_through_history(make):
    """3 skipped lpr and needs: it reached them with kp. 4 was won and reopened: its win counts
    nowhere. 5 was lost and reopened: it still stands.
    7 was created before the first event: nobody knows since when it had been in base."""
    data = make.build(WAYS, funnel=make.funnel(), history=EVENTS)
    got = facts(make, data)
    assert {k[0]: v for k, v in got.items() if k[1:] == ("base", "lpr")} == {
        "1": ("advanced", 10), "2": ("advanced", 15), "3": ("advanced", 30),
        "4": ("advanced", 4), "5": ("still_there", 260), "6": ("parked", 260),
    }  # fmt: skip
    lpr = {k[0]: v for k, v in got.items() if k[1:] == ("lpr", "needs")}
    # 1: date to date. 2 lost after 25 days. 3 was at both ranks at once.
    assert lpr == {"1": ("advanced", 10), "2": ("lost", 25), "3": ("advanced", 0),
                   "4": ("still_there", 256), "7": ("still_there", 278)}  # fmt: skip
    whole = {k[0]: v for k, v in got.items() if k[1:] == ("base", "won")}
    assert whole["3"] == ("advanced", 61)
    assert whole["4"] == ("still_there", 260)


def test_entries_before_the_observation_are_left_out(make):
    """The column of lpr is filled from 1 April on, that of needs from 2 April on: 2 entered lpr when
    nobody wrote down who had come to needs. 1 is first seen at the rank of lpr when it enters needs."""
    data = make.build(
        """
        id | stage | created    | @lpr       | @needs     | @kp        | @closing
        1  | needs | 2026-01-01 |            | 2026-04-02 |            |
        2  | needs | 2026-03-01 | 2026-04-01 | 2026-04-06 |            |
        3  | kp    | 2026-05-01 | 2026-05-03 | 2026-05-04 | 2026-05-09 |
        """,
        funnel=make.funnel(),
    )
    got = facts(make, data)
    assert {k[0]: v for k, v in got.items() if k[1:] == ("base", "lpr")} == {"3": ("advanced", 2)}
    assert {k[0]: v for k, v in got.items() if k[1:] == ("lpr", "needs")} == {
        "1": ("advanced", 0), "3": ("advanced", 1),
    }  # fmt: skip


def test_ignored_and_unknown_outcomes_are_left_out(make):
    data = make.build(
        """
        id | stage | created    | closed     | reason
        1  | won   | 2026-06-01 | 2026-06-11 |
        2  | lost  | 2026-06-01 | 2026-06-21 | Дубль
        3  | ?     | 2026-06-01 | 2026-06-21 |
        4  | lost  | 2026-06-01 | 2026-06-21 | Цена
        """,
        funnel=make.funnel(),
    )
    got = facts(make, data, ignore_loss_reasons=["дубль"])
    assert {k[0] for k in got} == {"1", "4"}


def test_curves_for_json(make):
    data = make.build(SMALL, funnel=make.funnel())
    found = conversion_mature.steps(Index(data), make.ask(data))
    (curve,) = conversion_mature.published(Index(data), found)
    assert curve == {
        "pipeline": "main", "stage": "base", "to_stage": "won", "days": [10.0, 20.0, 30.0],
        "incidence": [0.2, 0.2, 0.4], "at_risk": [5, 4, 3],
    }  # fmt: skip


def test_long_curves_are_thinned(make):
    lines = [
        f"{i} | won | 2026-01-01 00:00:01 | {pd.Timestamp('2026-01-02') + pd.Timedelta(hours=i)}"
        for i in range(1, 500)
    ]
    data = make.build("\n".join(["id|stage|created|closed", *lines]), funnel=make.funnel())
    found = conversion_mature.steps(Index(data), make.ask(data))
    (curve,) = conversion_mature.published(Index(data), found)
    assert len(curve["days"]) <= conversion_mature.POINTS
    assert (curve["at_risk"][0], curve["at_risk"][-1]) == (499, 1)
    assert curve["incidence"][-1] == 1


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.sampled_from(["won", "lost", "kp"]), st.integers(1, 120)),
        min_size=1,
        max_size=40,
    )
)
def test_agrees_with_an_independent_estimate(make, row, deals):
    """The published curve against a plain product-integral over the days."""
    lines = [
        f"{i} | {stage} | 2026-06-01 | "
        + ("" if stage == "kp" else f"{pd.Timestamp('2026-06-01') + pd.Timedelta(days=days):%F}")
        for i, (stage, days) in enumerate(deals)
    ]
    data = make.build("\n".join(["id|stage|created|closed", *lines]), funnel=make.funnel())
    found = conversion_mature.steps(Index(data), make.ask(data))
    stay, won, expected = 1.0, 0.0, {}
    for day in range(1, 121):
        n = sum(stage == "kp" or days >= day for stage, days in deals)
        a, b = (sum(d == (kind, day) for d in deals) for kind in ("won", "lost"))
        if n and (a or b):
            won += stay * a / n
            stay *= 1 - (a + b) / n
            expected[day] = won
    (curve,) = conversion_mature.published(Index(data), found)
    assert curve["days"] == list(expected)
    assert curve["incidence"] == pytest.approx(list(expected.values()), abs=1e-6)
    assert np.all(np.diff(curve["incidence"]) >= 0)
