"""Deals and sums per stage now, counted by hand."""

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkpi.metrics import stock
from funnelkpi.model.funnel import Funnel

DEALS = """
id | manager | stage    | amount | currency | created
1  | Анна    | base     | 100.10 | RUB      | 2026-10-01
2  | Анна    | kp       | 200.20 | RUB      | 2026-10-01
3  | Борис   | kp       |        | RUB      | 2026-10-01
4  | Борис   | kp       | 7      | USD      | 2026-10-01
5  | Борис   | incoming | 5      | RUB      | 2026-10-01
6  | Борис   | parked   | 9      | RUB      | 2026-10-01
7  | Борис   | won      | 50     | RUB      | 2026-10-01
8  | Борис   | lost     | 50     | RUB      | 2026-10-01
9  |         | kp       | 1      | RUB      | 2026-10-01
"""


def test_counts_by_stage(make):
    data = make.build(DEALS, funnel=make.funnel())
    out = stock.compute(data, make.ask(data))
    counts = out[out["metric"].eq("deals_in_stage")]
    company = counts[counts["scope"].eq("company")].set_index("stage")["value"].to_dict()
    assert company == {
        "incoming": 1, "base": 1, "lpr": 0, "needs": 0, "kp": 4, "closing": 0, "parked": 1,
    }  # fmt: skip
    kp = counts[counts["scope"].eq("manager") & counts["stage"].eq("kp")]
    assert kp.set_index("manager")["value"].to_dict() == {"Анна": 1, "Борис": 2, "": 1}


def test_sums_by_stage_and_currency(make, row):
    data = make.build(DEALS, funnel=make.funnel())
    out = stock.compute(data, make.ask(data))
    kp = {"metric": "amount_in_stage", "scope": "company", "stage": "kp"}
    assert (row(out, **kp, currency="RUB")["value"], row(out, **kp, currency="RUB")["n"]) == (
        201.2,
        2,
    )
    assert row(out, **kp, currency="USD")["value"] == 7


def test_facts_are_the_deals_behind_the_counts(make):
    data = make.build(DEALS, funnel=make.funnel())
    assert stock.facts(data, make.ask(data), "deals_in_stage")["deal"].tolist() == [
        0, 1, 2, 3, 4, 5, 8,
    ]  # fmt: skip


def test_without_amounts_only_the_sum_is_not_evaluated(make, row):
    data = make.build("id | stage\n1 | kp", funnel=make.funnel())
    out = stock.compute(data, make.ask(data))
    assert row(out, metric="amount_in_stage")["definition"] == "needs.amount"
    assert row(out, metric="deals_in_stage", scope="company", stage="kp")["value"] == 1


def test_stages_unknown_at_an_earlier_date(make):
    lines = [f"{i} | kp | {'1' if i == 1 else ''}" for i in range(1, 21)]
    data = make.build("\n".join(["id | stage | unknown", *lines]), funnel=make.funnel())
    assert len(stock.facts(data, make.ask(data), "deals_in_stage")) == 19
    data = make.build("\n".join(["id | stage | unknown", *lines[:19]]), funnel=make.funnel())
    out = stock.compute(data, make.ask(data))
    assert out["verdict"].unique().tolist() == ["not_evaluated"]


def test_stages_of_two_pipelines_with_one_key_stay_apart(make, row):
    two = Funnel((*make.funnel().pipelines, *make.funnel("base kp", key="small").pipelines))
    data = make.build("id | stage\n1 | main/kp\n2 | small/kp\n3 | small/kp", funnel=two)
    out = stock.compute(data, make.ask(data))
    for pipeline, count in (("main", 1), ("small", 2)):
        where = {"scope": "company", "pipeline": pipeline, "stage": "kp"}
        assert row(out, metric="deals_in_stage", **where)["value"] == count


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None
)
@given(order=st.permutations(range(1, 10)))
def test_order_of_rows_changes_nothing(make, order):
    lines = DEALS.strip().splitlines()
    keys = ["metric", "scope", "manager", "stage", "currency"]
    results = []
    for numbers in (range(1, 10), order):
        data = make.build("\n".join([lines[0], *(lines[i] for i in numbers)]), funnel=make.funnel())
        out = stock.compute(data, make.ask(data))
        results.append(out.sort_values(keys).reset_index(drop=True))
    pd.testing.assert_frame_equal(*results)
