"""The three win rates of one small table. Last week is 9-15 November 2026."""

import pandas as pd
import pytest

from funnelkpi.metrics import win_rate

TABLE = """
id | manager | stage  | created    | closed
1  | Анна    | won    | 2026-09-01 | 2026-11-10
2  | Анна    | lost   | 2026-09-01 | 2026-11-11
3  | Анна    | parked | 2026-09-01 | 2026-11-11
4  | Борис   | lost   | 2026-09-01 | 2026-11-12
5  | Борис   | won    | 2026-09-01 | 2026-10-01
6  | Борис   | needs  | 2026-09-01 |
7  | Борис   | ?      | 2026-09-01 | 2026-11-12
8  | Борис   | incoming | 2026-09-01 |
9  | Борис   | won    | 2026-01-01 | 2026-02-01
"""


@pytest.fixture
def out(make):
    data = make.build(TABLE, funnel=make.funnel())
    return win_rate.compute(data, make.ask(data, conversion={"maturity": 10}))


def rate(found):
    return found["numerator"], found["denominator"]


def test_closed_in_the_period_and_in_the_window(out, row):
    company = {"metric": "win_rate", "scope": "company"}
    assert rate(row(out, **company, statistic="value")) == (1, 3)
    wide = row(out, **company, statistic="window")
    assert rate(wide) == (2, 4)
    assert (str(wide["period_start"]), wide["definition"]) == (
        "2026-08-18 08:30:00",
        "win_rate.window",
    )
    low, high = wide["low"], wide["high"]
    assert (round(low, 3), round(high, 3)) == (0.150, 0.850)  # Wilson of 2 in 4


def test_with_open_counts_open_and_parked_of_the_created(out, row):
    assert rate(row(out, metric="win_rate_with_open", scope="company")) == (2, 6)


def test_with_stale_needs_twenty_wins(out, row):
    got = row(out, metric="win_rate_with_stale")
    assert (got["verdict"], got["definition"]) == ("not_evaluated", "needs.twenty_wins")
    assert pd.isna(got["value"])


def test_with_stale_counts_old_open_deals_as_lost(make, row):
    # 20 wins of 10 days each, so p95 is 10 days; the open ones are 20 and 5 days old
    lines = [f"{i} | Анна | won | 2026-10-01 08:30 | 2026-10-11 08:30" for i in range(20)]
    lines += ["a | Анна | needs | 2026-10-27 08:30 |", "b | Анна | needs | 2026-11-11 08:30 |"]
    lines += ["c | Анна | lost | 2026-10-27 08:30 | 2026-11-01"]
    data = make.build("id|manager|stage|created|closed\n" + "\n".join(lines), funnel=make.funnel())
    out = win_rate.compute(data, make.ask(data, conversion={"maturity": 0}))
    assert rate(row(out, metric="win_rate_with_stale", scope="company")) == (20, 22)
    assert rate(row(out, metric="win_rate_with_open", scope="company")) == (20, 23)


def test_an_empty_base_is_missing(out, row):
    got = row(out, metric="win_rate_with_stale", scope="company")
    assert pd.isna(got["value"])
    data_row = row(out, metric="win_rate", manager="Борис", statistic="value")
    assert (data_row["numerator"], data_row["value"]) == (0, 0.0)  # one lost deal: 0, not missing


def test_facts_are_the_deals_of_the_denominator(make):
    data = make.build(TABLE, funnel=make.funnel())
    facts = win_rate.facts(data, make.ask(data), "win_rate")
    ids = data.deals["deal_id"].iloc[facts["deal"]].tolist()
    assert dict(zip(ids, facts["hit"], strict=True)) == {"1": True, "2": False, "4": False}
