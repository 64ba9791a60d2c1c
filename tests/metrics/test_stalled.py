# ruff: noqa: E501 (tables and SQL read best in wide lines)
"""Stalled deals, days and reasons counted by hand; as of Monday 2026-11-16 08:30."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkpi.metrics import stalled
from funnelkpi.model.roster import Manager

# Limit 10 days in needs, 14 (the default) elsewhere; silence 14 days; 3 days of warning.
DEALS = """
id | manager | stage    | amount | created    | modified   | changed          | activity         | task             | planned
1  | Анна    | needs    | 1000   | 2026-10-01 | 2026-11-01 | 2026-11-01 08:30 | 2026-11-15 10:00 | 2026-11-20 10:00 | 2026-11-30
2  | Анна    | needs    | 500    | 2026-10-01 | 2026-11-01 | 2026-11-08 20:30 | 2026-11-15 10:00 | 2026-11-20 10:00 | 2026-11-30
3  | Борис   | kp       | 200    | 2026-10-01 | 2026-11-01 | 2026-11-14 08:30 | 2026-10-27 08:30 |                  |
4  | Борис   | kp       |        | 2026-10-01 | 2026-11-14 |                  | 2026-11-15 10:00 | 2026-11-15 10:00 |
5  | Борис   | closing  | 300    | 2026-10-01 | 2026-10-17 |                  | 2026-11-15 10:00 | 2026-11-20 10:00 | 2026-11-15
6  | Борис   | parked   | 9000   | 2026-01-01 | 2026-01-01 | 2026-01-01       | 2026-01-01       |                  | 2026-02-01
7  | Борис   | incoming | 9000   | 2026-01-01 | 2026-01-01 | 2026-01-01       | 2026-01-01       |                  | 2026-02-01
8  | Анна    | kp       | 700    | 2026-10-01 | 2026-11-15 | 2026-11-15 10:00 | 2026-11-15 10:00 | 2026-11-16 10:00 | 2026-11-16
9  | Анна    | won      | 700    | 2026-10-01 | 2026-11-15 | 2026-11-15 10:00 |                  |                  |
"""


@pytest.fixture
def data(make):
    return make.build(DEALS, funnel=make.funnel(needs=10))


def table(make, data, **policy):
    return stalled.stalled_deals(data, make.ask(data, stalled=policy)).set_index("deal_id")


def test_the_list(make, data):
    got = table(make, data)
    # 1: 15 days against 10, half over: 1000 * 0.5. 5: at least 30 days (edit) against 14: 300 * 16/14.
    # 3: 20 days of silence against 14: 200 * 6/14. Then nothing over a limit: 2, then 4 without sum.
    assert got.index.tolist() == ["1", "5", "3", "2", "4"]
    assert got["weight"].tolist() == pytest.approx([500, 300 * 16 / 14, 200 * 6 / 14, 0, 0])
    assert got["status"].tolist() == ["stalled", "stalled", "other", "soon", "perhaps"]
    assert got["reasons"].tolist() == [
        "stalled", "stalled,overdue", "silent,no_next_step", "", "overdue",
    ]  # fmt: skip
    assert got["days"].tolist() == pytest.approx([15, np.nan, 2, 7.5, np.nan], nan_ok=True)
    assert got["days_low"].tolist() == pytest.approx([np.nan, 30, np.nan, np.nan, 2], nan_ok=True)
    assert got["days_high"].tolist() == pytest.approx([np.nan, 46, np.nan, np.nan, 46], nan_ok=True)
    assert got["limit"].tolist() == [10, 14, 14, 10, 14]
    assert got.loc["1", "over"] == pytest.approx(0.5)
    assert got.loc["2", "due_in_days"] == pytest.approx(2.5)
    assert got["due_in_days"].notna().sum() == 1
    assert got.loc["3", "silent_days"] == 20
    assert got.loc["5", "overdue_days"] == 1


def test_at_the_limit_is_not_past_it(make):
    data = make.build(
        """
        id | stage | changed
        1  | needs | 2026-11-06 08:30
        2  | needs | 2026-11-06 08:29
        3  | needs | 2026-11-06
        4  | needs | 2026-11-05
        """,
        funnel=make.funnel(needs=10),
    )
    assert table(make, data)["status"].to_dict() == {
        "2": "stalled", "4": "stalled", "1": "soon", "3": "soon",
    }  # fmt: skip


def test_warn_days_zero_warns_of_nothing(make, data):
    assert "soon" not in table(make, data, warn_days=0)["status"].tolist()


def test_counts_sums_and_shares(make, data, row):
    out = stalled.compute(data, make.ask(data))
    head = {"scope": "company", "slice": None, "stage": None}
    assert row(out, metric="stalled", **head)["value"] == 2
    assert row(out, metric="stalled", **head)["n"] == 6
    assert row(out, metric="stalled_amount", **head)["value"] == 1300
    assert row(out, metric="stalled_share", statistic="value", **head)["value"] == 2 / 6
    assert row(out, metric="stalled_share", statistic="amount", **head)["value"] == 1300 / 2700
    expected = {"stalled": 2, "silent": 1, "no_next_step": 1, "overdue": 2, "any": 4,
                "perhaps": 1, "soon": 1, "start_unknown": 2}  # fmt: skip
    for name, count in expected.items():
        where = {"scope": "company", "stage": None, "slice": f"reason={name}"}
        assert row(out, metric="stalled", **where)["value"] == count, name
    anna = row(out, metric="stalled", scope="manager", manager="Анна", stage="needs", slice=None)
    assert (anna["value"], anna["denominator"]) == (1, 2)
    boris = row(out, metric="stalled", scope="manager", manager="Борис", stage="needs", slice=None)
    assert (boris["value"], boris["denominator"]) == (0, 0)
    by_stage = row(out, metric="stalled_amount", scope="company", stage="kp", slice="reason=silent")
    assert by_stage["value"] == 200


def test_facts_are_what_the_figures_count(make, data):
    view = make.ask(data)
    out = stalled.compute(data, view)
    for name in ("stalled", "silent", "overdue", "any", "perhaps"):
        rows = out[out["slice"].eq(f"reason={name}") & out["scope"].eq("company")]
        rows = rows[rows["stage"].isna() & rows["metric"].eq("stalled")]
        assert rows["value"].tolist() == [len(stalled.facts(data, view, "stalled", name))]
    base = stalled.facts(data, view, "stalled_share")
    assert (len(base), int(base["hit"].sum())) == (6, 2)


def test_without_a_source_a_reason_is_not_evaluated(make, row):
    data = make.build(
        "id | stage | created | modified\n1 | kp | 2026-10-01 | 2026-10-02", funnel=make.funnel()
    )
    out = stalled.compute(data, make.ask(data))
    needs = {"silent": "last_activity", "no_next_step": "next_task", "overdue": "planned_close",
             "too_old": "twenty_wins"}  # fmt: skip
    for reason, need in needs.items():
        got = row(out, metric="stalled", slice=f"reason={reason}")
        assert (got["verdict"], got["definition"]) == ("not_evaluated", f"needs.{need}")
        assert pd.isna(got["value"])
    assert table(make, data)["reasons"].tolist() == ["stalled"]


def test_a_reason_switched_off_has_no_rows(make, data):
    out = stalled.compute(data, make.ask(data, stalled={"silent_days": None, "too_old": False}))
    assert not out["slice"].isin(["reason=silent", "reason=too_old"]).any()
    assert table(make, data, silent_days=None).loc["3", "reasons"] == "no_next_step"


def test_a_deal_without_any_activity_is_silent_since_its_creation(make):
    data = make.build(
        """
        id | stage | created    | changed    | activity
        1  | kp    | 2026-11-01 | 2026-11-15 | 2026-11-15 10:00
        2  | kp    | 2026-11-01 | 2026-11-15 |
        3  | kp    | 2026-11-02 | 2026-11-15 |
        """,
        funnel=make.funnel(),
    )
    got = table(make, data)
    assert got["silent_days"].to_dict() == {"2": 15}  # 14 days are not past the limit of 14
    assert got["reasons"].to_dict() == {"2": "silent"}


def test_calls_tell_of_silence_only_within_their_span(make):
    data = make.build(
        """
        id | stage | created    | changed
        1  | kp    | 2026-08-01 | 2026-11-15
        """,
        funnel=make.funnel(),
    )
    activity = pd.Series(pd.to_datetime([None])).astype("datetime64[s]")
    calls = pd.DataFrame({"called_at": pd.to_datetime(["2026-10-25 09:00"]).astype("M8[s]")})
    data = replace(data, calls=calls, deals=data.deals.assign(activity_at=activity))
    late = replace(data, covered={"calls": datetime(2026, 11, 15, 9)})
    early = replace(data, covered={"calls": datetime(2026, 11, 1, 9)})
    # From the first call known (25 October) to the last moment covered: 21 days, or 7.
    assert table(make, late)["silent_days"].tolist() == [21]
    assert table(make, late)["reasons"].tolist() == ["silent"]
    assert len(table(make, early)) == 0


def test_files_that_lack_a_column_are_not_judged_by_it(make):
    data = make.build(
        """
        id | stage | changed    | task
        1  | kp    | 2026-11-15 | 2026-11-20 10:00
        2  | kp    | 2026-11-15 |
        3  | kp    | 2026-11-15 |
        """,
        funnel=make.funnel(),
    )
    files = pd.Categorical(["a.csv", "a.csv", "b.csv"])
    data = replace(data, deals=data.deals.assign(_file=files))
    assert table(make, data)["reasons"].to_dict() == {"2": "no_next_step"}


def test_overdue_by_day_and_by_moment(make):
    data = make.build(
        """
        id | stage | changed    | planned    | task
        1  | kp    | 2026-11-15 | 2026-11-16 | 2026-11-16 08:31
        2  | kp    | 2026-11-15 | 2026-11-15 | 2026-11-20 10:00
        3  | kp    | 2026-11-15 |            | 2026-11-16 08:29
        """,
        funnel=make.funnel(),
    )
    assert sorted(table(make, data).index) == ["2", "3"]


def too_old_data(make, wins):
    lines = [f"{i} | won | 2026-10-01 | 2026-10-{1 + i:02} |" for i in range(1, wins + 1)]
    lines += ["90 | kp | 2026-10-28 | | 2026-11-15", "91 | kp | 2026-10-27 | | 2026-11-15"]
    text = "\n".join(["id | stage | created | closed | changed", *lines])
    return make.build(text, funnel=make.funnel())


def test_too_old_is_past_p95_of_twenty_wins(make):
    # Wins after 1..20 days: p95 = 19.05; deal 90 is 19 days old, deal 91 20.
    got = table(make, too_old_data(make, 20))
    assert got["reasons"].to_dict() == {"91": "too_old"}
    assert got.loc["91", "age_limit"] == pytest.approx(19.05)
    assert len(table(make, too_old_data(make, 19))) == 0


def test_working_day_limit_leaves_out_weekends(make):
    """Since Friday 6 November: 5 working days passed by Monday 08:30, 10 calendar days."""
    funnel = make.funnel(needs=5)
    text = "id | stage | changed\n1 | needs | 2026-11-06 10:00\n2 | needs | 2026-11-05 10:00"
    stages = tuple(replace(s, limit_unit="working_days") for s in funnel.pipelines[0].stages)
    funnel = replace(funnel, pipelines=(replace(funnel.pipelines[0], stages=stages),))
    got = table(make, make.build(text, funnel=funnel))
    assert got["days"].to_dict() == {"2": 6, "1": 5}
    assert got["status"].to_dict() == {"2": "stalled", "1": "soon"}
    assert got["limit_unit"].tolist() == ["working_days", "working_days"]


def test_stage_unknown_deals_are_left_out_and_counted(make, row):
    lines = [f"{i} | needs | 2026-10-01 | {'1' if i == 1 else ''}" for i in range(1, 21)]
    text = "\n".join(["id | stage | changed | unknown", *lines])
    data = make.build(text, funnel=make.funnel())
    out = stalled.compute(data, make.ask(data))
    assert row(out, metric="stalled", slice="reason=stage_unknown")["value"] == 1
    assert row(out, metric="stalled", scope="company", slice=None, stage=None)["value"] == 19
    too_many = make.build("\n".join(text.splitlines()[:20]), funnel=make.funnel())  # 1 of 19: 5.3 %
    out = stalled.compute(too_many, make.ask(too_many))
    assert out["definition"].unique().tolist() == ["needs.history_for_as_of"]
    assert len(stalled.stalled_deals(too_many, make.ask(too_many))) == 0
    assert len(stalled.facts(too_many, make.ask(too_many), "stalled")) == 0


def test_currencies_stay_apart(make, row):
    data = make.build(
        """
        id | stage | amount | currency | changed
        1  | needs | 100    | RUB      | 2026-10-01
        2  | needs | 7      | USD      | 2026-10-01
        3  | needs | 21     | USD      | 2026-11-15
        """,
        funnel=make.funnel(),
    )
    out = stalled.compute(data, make.ask(data))
    usd = {"scope": "company", "slice": None, "stage": None, "currency": "USD"}
    assert row(out, metric="stalled_amount", **usd)["value"] == 7
    assert row(out, metric="stalled_share", **usd)["value"] == 0.25


def test_ids_sort_as_numbers(make):
    text = "id | stage | changed\n" + "\n".join(f"{i} | needs | 2026-10-01" for i in (100, 20, 3))
    assert table(make, make.build(text, funnel=make.funnel())).index.tolist() == ["3", "20", "100"]


CELLS = st.tuples(
    st.sampled_from(["Анна", "Борис", "Вера", ""]),
    st.sampled_from(["base", "lpr", "kp", "closing", "parked", "won"]),
    st.sampled_from(["", "0", "10.10", "250"]),
    st.sampled_from(["RUB", "USD"]),
    st.dates(pd.Timestamp("2026-09-01").date(), pd.Timestamp("2026-11-15").date()),
    *[st.sampled_from(["", "2026-10-20", "2026-11-10 10:00", "2026-11-15"]) for _ in range(4)],
)
COLUMNS = (
    "id | manager | stage | amount | currency | created | modified | changed | activity | task"
)


def random_data(make, cells, order):
    lines = [f"{i} | " + " | ".join(map(str, cells[i])) for i in order]
    people = (Manager("Анна", "А"), Manager("Борис", "А"), Manager("Вера", "Б"))
    return make.build("\n".join([COLUMNS, *lines]), funnel=make.funnel(), managers=people)


SLOW = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None
)


@SLOW
@given(cells=st.lists(CELLS, min_size=1, max_size=25), seed=st.randoms(use_true_random=False))
def test_shuffling_changes_nothing_and_sums_add_up(make, cells, seed):
    order = list(range(len(cells)))
    data = random_data(make, cells, order)
    view = make.ask(data)
    listed, out = stalled.stalled_deals(data, view), stalled.compute(data, view)
    seed.shuffle(order)
    again = random_data(make, cells, order)
    pd.testing.assert_frame_equal(
        listed.drop(columns="deal"), stalled.stalled_deals(again, view).drop(columns="deal")
    )
    keys = ["metric", "scope", "department", "manager", "stage", "slice", "currency", "statistic"]
    left, right = (
        f.sort_values(keys).reset_index(drop=True) for f in (out, stalled.compute(again, view))
    )
    pd.testing.assert_frame_equal(left, right)
    # Managers add up to the company, stages to the pipeline, the list to the counts.
    counts = out[out["metric"].eq("stalled") & out["verdict"].isna()]
    counts = counts.assign(slice=counts["slice"].fillna("head"))
    by_slice = counts[counts["stage"].isna()].groupby(["scope", "slice"])["value"].sum()
    total = by_slice["company"]
    assert by_slice["manager"].equals(total)
    stages = counts[counts["scope"].eq("company") & counts["stage"].notna()]
    by_stage = stages.groupby("slice")["value"].sum().reindex(total.index, fill_value=0)
    assert (by_stage == total).all()
    for reason in ("stalled", "silent", "no_next_step"):
        named = listed["reasons"].astype(str).str.split(",").map(lambda r, want=reason: want in r)
        assert total.get(f"reason={reason}", 0) == named.sum()
    money = out[out["metric"].eq("stalled_amount") & out["slice"].isna() & out["stage"].isna()]
    money = money[money["scope"].eq("company")].set_index("currency")["value"]
    sure = listed[listed["status"].eq("stalled")]
    sums = sure.groupby(sure["currency"].astype(str))["amount"].sum()
    for currency, value in money.items():
        assert value == pytest.approx(sums.get(currency, 0))
