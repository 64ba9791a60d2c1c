"""Days from creation to win; as of 2026-11-16 08:30, so wins since 2025-11-16 08:30 count."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkpi.metrics import time_to_close
from funnelkpi.model.roster import Manager

DEALS = """
id | manager | stage | created          | closed
1  | Анна    | won   | 2026-10-01 12:00 | 2026-10-03 00:30
2  | Анна    | won   | 2026-10-01 12:00 | 2026-10-05
3  | Анна    | after | 2026-10-01       | 2026-10-02
4  | Борис   | won   | 2026-10-01 12:00 | 2026-10-01
5  | Борис   | won   | 2026-10-02 12:00 | 2026-10-01
6  | Борис   | won   |                  | 2026-10-01
7  | Борис   | lost  | 2026-10-01       | 2026-10-30
8  | Борис   | won   | 2025-01-01       | 2025-11-16
9  | Борис   | won   | 2025-11-01       | 2025-11-17
"""


def test_days_at_the_coarser_precision(make):
    data = make.build(DEALS, funnel=make.funnel())
    got = time_to_close.facts(data, make.ask(data))
    # 1: 36.5 hours. 2, 4: the close is a date. 5 closed before it was created, 6 has no creation.
    # 8 was won before the window (at 00:00 of 16 November 2025).
    assert got["deal"].tolist() == [0, 1, 2, 3, 4, 5, 8]
    assert got["days"].tolist() == pytest.approx(
        [36.5 / 24, 4, 1, 0, np.nan, np.nan, 16], nan_ok=True
    )


def test_median_with_the_number_behind_it(make, row):
    data = make.build(DEALS, funnel=make.funnel())
    out = time_to_close.compute(data, make.ask(data))
    where = {"scope": "company", "statistic": "median"}
    got = row(out, **where)
    assert (got["value"], got["n"], got["denominator"]) == (pytest.approx(36.5 / 24), 5, 7)
    assert got["period_start"] == pd.Timestamp("2025-11-16 08:30")
    assert got["period_end"] == pd.Timestamp("2026-11-16 08:30")
    boris = row(out, scope="manager", manager="Борис", statistic="median")
    assert (boris["value"], boris["n"], boris["denominator"]) == (8, 2, 4)


@pytest.mark.parametrize("wins", [19, 20])
def test_p80_and_p95_need_twenty_wins(make, row, wins):
    lines = [f"{i} | Анна | won | 2026-10-01 | 2026-10-{1 + i:02}" for i in range(1, wins + 1)]
    data = make.build("\n".join(["id|manager|stage|created|closed", *lines]), funnel=make.funnel())
    out = time_to_close.compute(data, make.ask(data))
    p80 = row(out, scope="manager", statistic="p80")
    p95 = row(out, scope="manager", statistic="p95")
    assert row(out, scope="manager", statistic="median")["value"] == (wins + 1) / 2
    assert (p80["n"], p95["n"]) == (wins, wins)
    if wins < 20:
        assert pd.isna(p80["value"])
        assert (p95["verdict"], p95["definition"]) == ("not_evaluated", "needs.twenty_wins")
    else:
        assert (p80["value"], p95["value"]) == (pytest.approx(16.2), pytest.approx(19.05))
        assert pd.isna(p95["verdict"])


def test_no_wins_or_no_close_dates(make, row):
    data = make.build("id|stage|created|closed\n1|kp|2026-10-01|", funnel=make.funnel())
    assert row(time_to_close.compute(data, make.ask(data)))["definition"] == "needs.wins"
    data = make.build("id|stage|created\n1|won|2026-10-01", funnel=make.funnel())
    assert row(time_to_close.compute(data, make.ask(data)))["definition"] == "needs.closed_at"


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None
)
@given(
    wins=st.lists(
        st.tuples(st.sampled_from(["Анна", "Борис", "Вера", ""]), st.integers(0, 27)),
        min_size=1,
        max_size=60,
    )
)
def test_quantiles_agree_with_numpy_at_every_scope(make, row, wins):
    lines = [
        f"{i} | {name} | won | 2026-10-01 | 2026-10-{1 + days:02}"
        for i, (name, days) in enumerate(wins)
    ]
    people = (Manager("Анна", "А", "closer"), Manager("Борис", "А"), Manager("Вера", "Б", "closer"))
    text = "\n".join(["id|manager|stage|created|closed", *lines])
    data = make.build(text, funnel=make.funnel(), managers=people)
    out = time_to_close.compute(data, make.ask(data))
    groups = {
        ("company", None): {"Анна", "Борис", "Вера", ""},
        ("department", "А"): {"Анна", "Борис"},
        ("department", "Б"): {"Вера"},
        ("role", "closer"): {"Анна", "Вера"},
        **{("manager", name): {name} for name in ("Анна", "Борис", "Вера", "")},
    }
    found = 0
    for (scope, name), members in groups.items():
        days = [d for who, d in wins if who in members]
        if not days:
            continue
        column = {} if scope == "company" else {scope: name}
        for statistic, share in (("median", 0.5), ("p80", 0.8), ("p95", 0.95)):
            got = row(out, scope=scope, statistic=statistic, **column)
            found += 1
            assert got["n"] == len(days)
            if statistic == "median" or len(days) >= 20:
                assert got["value"] == pytest.approx(np.quantile(days, share))
            else:
                assert pd.isna(got["value"])
    assert found == len(out)


FROM_STAGE = """
id | stage | created    | @kp              | closed
1  | won   | 2026-10-01 | 2026-10-05 12:00 | 2026-10-07 18:00
2  | won   | 2026-10-01 | 2026-10-05       | 2026-10-15 10:00
3  | won   | 2026-10-01 |                  | 2026-10-15
4  | won   | 2026-10-01 | 2026-10-20       | 2026-10-15
5  | kp    | 2026-10-01 | 2026-10-20       |
"""


def test_from_a_named_stage(make, row):
    """1: 2.25 days; 2: date to date; 3 was never seen in kp; 4 was won before it entered kp."""
    data = make.build(FROM_STAGE, funnel=make.funnel())
    view = make.ask(data, time_to_close={"from_stage": "kp"})
    got = time_to_close.facts(data, view)
    assert got["days"].tolist() == pytest.approx([2.25, 10, np.nan, np.nan], nan_ok=True)
    median = row(time_to_close.compute(data, view), scope="company", statistic="median")
    assert (median["value"], median["n"], median["denominator"]) == (6.125, 2, 4)
    assert median["definition"] == "time_to_close.from_stage"


def test_from_a_stage_without_dates(make, row):
    data = make.build(FROM_STAGE, funnel=make.funnel())
    out = time_to_close.compute(data, make.ask(data, time_to_close={"from_stage": "needs"}))
    assert row(out)["definition"] == "needs.stage_times"
