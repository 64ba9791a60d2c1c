"""The plain figures, counted by hand; as of Monday 2026-11-16 08:30, last week is 9-15 November."""

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkpi.metrics import plain

DEALS = """
id | manager | stage  | amount | created          | closed
1  | Анна    | won    | 100.10 | 2026-10-01 10:00 | 2026-11-09 00:00
2  | Анна    | won    | 200.20 | 2026-10-01 10:00 | 2026-11-15 23:59
3  | Анна    | won    | 500    | 2026-10-01 10:00 | 2026-11-16 00:00
4  | Борис   | lost   | 50     | 2026-11-10 10:00 | 2026-11-12 10:00
5  | Борис   | needs  | 70     | 2026-11-09 00:00 |
6  | Борис   | parked | 70     | 2026-11-08 23:59 |
7  |         | base   |        | 2026-11-15 10:00 |
8  | Борис   | won    | 0      | 2026-11-15 10:00 | 2026-11-15 11:00
"""


def values(frame: pd.DataFrame, metric: str, scope: str = "manager") -> dict[object, float]:
    rows = frame[frame["metric"].eq(metric) & frame["scope"].eq(scope)]
    return dict(
        zip(rows["manager"] if scope == "manager" else rows["scope"], rows["value"], strict=True)
    )


def test_counts_by_manager_and_company(make):
    data = make.build(DEALS, funnel=make.funnel())
    out = plain.compute(data, make.ask(data))
    assert values(out, "deals_created") == {"Анна": 0, "Борис": 3, "": 1}
    assert values(out, "won") == {"Анна": 2, "Борис": 1}
    assert values(out, "lost") == {"Анна": 0, "Борис": 1}
    assert values(out, "open_deals") == {"Анна": 0, "Борис": 1, "": 1}
    assert values(out, "deals_created", "company") == {"company": 4}


def test_sums_are_exact_and_average_check_leaves_out_zero(make):
    data = make.build(DEALS, funnel=make.funnel())
    out = plain.compute(data, make.ask(data))
    assert values(out, "won_amount", "company") == {"company": 300.30}
    assert values(out, "average_check", "company") == {"company": 150.15}
    assert values(out, "open_amount") == {"Анна": 0, "Борис": 70, "": 0}


def test_currencies_are_never_added(make, row):
    data = make.build(
        """
        id | manager | stage | amount | currency | created    | closed
        1  | Анна    | won   | 100    | RUB      | 2026-10-01 | 2026-11-10
        2  | Анна    | won   | 7      | USD      | 2026-10-01 | 2026-11-10
        """,
        funnel=make.funnel(),
    )
    out = plain.compute(data, make.ask(data))
    for currency, amount in (("RUB", 100), ("USD", 7)):
        assert row(out, metric="won_amount", scope="company", currency=currency)["value"] == amount


def test_slices_by_tag_overlap_and_unsliced_rows_stay(make, row):
    data = make.build(
        """
        id | manager | stage | tags      | created
        1  | Анна    | base  | vip, сайт | 2026-11-10
        2  | Анна    | base  | vip       | 2026-11-10
        3  | Анна    | base  |           | 2026-11-10
        """,
        funnel=make.funnel(),
    )
    out = plain.compute(data, make.ask(data, by=("tag",)))
    expected = {None: 3, "tag=vip": 2, "tag=сайт": 1, "tag=": 1}
    for name, count in expected.items():
        assert row(out, metric="deals_created", scope="company", slice=name)["value"] == count


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None
)
@given(order=st.permutations(range(1, 9)))
def test_order_of_rows_changes_nothing(make, order):
    lines = DEALS.strip().splitlines()
    shuffled = "\n".join([lines[0], *(lines[i] for i in order)])
    data = make.build(DEALS, funnel=make.funnel())
    expected = plain.compute(data, make.ask(data))
    data = make.build(shuffled, funnel=make.funnel())
    got = plain.compute(data, make.ask(data))
    keys = ["metric", "scope", "manager", "currency"]
    pd.testing.assert_frame_equal(
        expected.sort_values(keys).reset_index(drop=True),
        got.sort_values(keys).reset_index(drop=True),
    )
