"""Changes: which differences are more than noise; as of Monday 2026-11-16 08:30."""

import pandas as pd
import pytest
from scipy.stats import binomtest

from funnelkpi.metrics._index import Index
from funnelkpi.metrics.changes import COLUMNS, changes
from funnelkpi.metrics.stats import newcombe


def deals(*groups):
    """``(stage, created, closed, how many)``, each deal a row of Анна's."""
    lines = ["id | manager | stage | amount | created | closed"]
    rows = [g[:3] for g in groups for _ in range(g[3])]
    lines += [f"{i} | Анна | {s} | 100 | {c} | {e}" for i, (s, c, e) in enumerate(rows)]
    return "\n".join(lines)


def test_counts_by_the_binomial_test(make, row):
    """1 against 9: p = 22/1024, marked; 2 against 9: p = 134/2048 = 0.0654, not."""
    table = deals(
        ("base", "2026-10-05 10:00", "", 1),
        ("base", "2026-11-03 10:00", "", 9),
        ("base", "2026-11-10 10:00", "", 1),
        ("lost", "2026-10-05 10:00", "2026-11-04 10:00", 9),
        ("lost", "2026-10-05 10:00", "2026-11-11 10:00", 2),
        ("won", "2026-10-05 10:00", "2026-11-11 10:00", 6),
    )
    data = make.build(table, funnel=make.funnel())
    out = changes(Index(data), make.ask(data))
    assert list(out.columns) == list(COLUMNS)
    created = row(out, metric="deals_created", scope="company")
    assert (created["value"], created["before"], created["difference"]) == (1, 9, -8)
    assert created["p_value"] == pytest.approx(22 / 1024)
    assert created["mark"] == "down"
    lost = row(out, metric="lost", scope="company")
    assert lost["p_value"] == pytest.approx(134 / 2048)
    assert pd.isna(lost["mark"])
    won = row(out, metric="won", scope="manager", manager="Анна")
    assert won["p_value"] == pytest.approx(2 / 64)
    assert won["mark"] == "up"
    assert str(won["before_start"]) == "2026-11-02 00:00:00"


def test_sums_and_averages_have_no_mark(make, row):
    table = deals(
        ("won", "2026-10-05 10:00", "2026-11-04 10:00", 1),
        ("won", "2026-10-05 10:00", "2026-11-11 10:00", 30),
    )
    data = make.build(table, funnel=make.funnel())
    out = changes(Index(data), make.ask(data))
    for metric, value in (("won_amount", 3000), ("average_check", 100)):
        found = row(out, metric=metric, scope="company")
        assert (found["value"], found["before"]) == (value, 100)
        assert pd.isna(found["mark"])
        assert pd.isna(found["p_value"])


def test_win_rate_by_newcombe(make, row):
    """9/10 against 3/10: the interval 0.1705 to 0.8090 of Newcombe's table II leaves out 0."""
    table = deals(
        ("won", "2026-10-05 10:00", "2026-11-11 10:00", 9),
        ("lost", "2026-10-05 10:00", "2026-11-11 10:00", 1),
        ("won", "2026-10-05 10:00", "2026-11-04 10:00", 3),
        ("lost", "2026-10-05 10:00", "2026-11-04 10:00", 7),
    )
    data = make.build(table, funnel=make.funnel())
    found = row(changes(Index(data), make.ask(data)), metric="win_rate", scope="company")
    assert (found["low"], found["high"]) == pytest.approx((0.1705, 0.8090), abs=5e-5)
    assert (found["mark"], found["numerator"], found["denominator_before"]) == ("up", 9, 10)


def test_few_deals_are_not_marked(make, row):
    """4/4 against 0/20 would leave out 0, but four deals are "few data"."""
    table = deals(
        ("won", "2026-10-05 10:00", "2026-11-11 10:00", 4),
        ("lost", "2026-10-05 10:00", "2026-11-04 10:00", 20),
    )
    data = make.build(table, funnel=make.funnel())
    found = row(changes(Index(data), make.ask(data)), metric="win_rate", scope="company")
    assert found["low"] > 0
    assert pd.isna(found["mark"])


def test_nothing_before_the_data_begin(make, row):
    data = make.build(deals(("base", "2026-11-10 10:00", "", 9)), funnel=make.funnel())
    found = row(changes(Index(data), make.ask(data)), metric="deals_created", scope="company")
    assert found["value"] == 9
    assert all(pd.isna(found[n]) for n in ("before", "difference", "p_value", "mark"))


def test_longer_months_have_more_deals_by_right(make, row):
    """280 in February against 310 in January: the same every day, whatever the counts say."""
    table = deals(("base", "2026-01-01 10:00", "", 310), ("base", "2026-02-10 10:00", "", 280))
    data = make.build(table, funnel=make.funnel(), as_of="2026-03-05 10:00")
    found = row(
        changes(Index(data), make.ask(data, "2026-02")), metric="deals_created", scope="company"
    )
    assert found["p_value"] == pytest.approx(binomtest(280, 590, 28 / 59).pvalue, abs=1e-9)
    assert found["p_value"] > 0.9


def test_conversion_against_the_window_before_that_does_not_overlap(make, row):
    """Window 14 days, maturity 7: 26.10-09.11 against 12.10-26.10, as of 02.11."""
    lines = ["id | manager | stage | created | @lpr", "0 | Анна | lpr | 2026-08-03 | 2026-08-04"]
    lines += [f"a{i} | Анна | lpr | 2026-10-28 | 2026-10-29" for i in range(9)]
    lines += ["b | Анна | base | 2026-10-28 |"]
    lines += [f"c{i} | Анна | lpr | 2026-10-14 | 2026-10-15" for i in range(3)]
    lines += [f"d{i} | Анна | lpr | 2026-10-14 | 2026-11-10" for i in range(7)]
    data = make.build("\n".join(lines), funnel=make.funnel("base lpr"))
    view = make.ask(data, conversion={"window": 14, "maturity": 7})
    out = changes(Index(data), view)
    found = row(out, metric="conversion", to_stage="lpr", scope="company")
    now = (found["numerator"], found["denominator"])
    then = (found["numerator_before"], found["denominator_before"])
    assert (now, then) == ((9, 10), (3, 10))
    assert found["mark"] == "up"
    assert f"{found['before_start']:%d.%m} {found['before_end']:%d.%m}" == "12.10 26.10"
    low, high = newcombe(9, 10, 3, 10)
    assert (found["low"], found["high"]) == (float(low), float(high))
