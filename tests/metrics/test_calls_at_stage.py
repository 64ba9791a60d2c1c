"""Calls at stage, counted by hand; as of Monday 2026-11-16 08:30."""

from __future__ import annotations

import pytest

from funnelkpi.metrics import calls_at_stage, stalled

DEALS = """
id | manager | stage   | phone       | created    | closed     | changed
1  | Анна    | closing | 89120000001 | 2026-10-01 |            | 2026-11-02
2  | Анна    | closing | 89120000002 | 2026-10-01 |            | 2026-11-10
3  | Борис   | won     | 89120000003 | 2026-10-01 | 2026-11-05 | 2026-11-05
4  | Борис   | closing | 89120000004 | 2026-10-01 |            | 2026-11-01
"""
HISTORY = """
id | at         | from    | to
1  | 2026-10-10 | Base    | Kp
1  | 2026-11-02 | Kp      | Closing
2  | 2026-10-10 | Base    | Kp
2  | 2026-11-10 | Kp      | Closing
3  | 2026-10-10 | Base    | Closing
3  | 2026-11-05 | Closing | Won
4  | 2026-10-10 | Base    | Kp
4  | 2026-11-01 | Kp      | Closing
"""
CALLS = """
at               | who   | phone       | dir | talk
2026-10-01 09:00 | Анна  | 89120000009 | out | 60
2026-10-12 10:00 | Анна  | 89120000001 | out | 60
2026-11-02 00:00 | Анна  | 89120000001 | out | 60
2026-11-02 10:00 | Анна  | 89120000001 | out |
2026-11-04 10:00 | Анна  | 89120000001 | in  | 60
2026-11-12 10:00 | Анна  | 89120000002 | in  | 60
2026-10-09 10:00 | Борис | 89120000003 | in  | 60
2026-10-10 10:00 | Борис | 89120000003 | in  | 60
2026-10-20 10:00 | Борис | 89120000003 | in  | 60
2026-10-21 10:00 | Борис | 89120000003 | in  | 60
2026-11-05 10:00 | Борис | 89120000003 | in  | 60
2026-11-01 23:59 | Борис | 89120000004 | out | 60
2026-11-02 00:00 | Борис | 89120000004 | out | 60
2026-11-15 23:59 | Борис | 89120000004 | out | 60
"""
NORM = {"calls": {"at_stage": {"closing": 3}}}


def closing(out, **where):
    return out[out["metric"].eq("calls_at_stage") & out["stage"].eq("closing")
               & out["slice"].isna()
               & out["statistic"].eq(where["statistic"]) & out["scope"].eq(where["scope"])]  # fmt: skip


@pytest.fixture
def data(make, called):
    return called(DEALS, CALLS, funnel=make.funnel(), history=HISTORY)


def test_days_with_a_call_while_the_deal_stood_there(make, data):
    """1: 2 November twice and the 4th; 2 stands there for six days only; 3: the call at the win came
    after it; 4: three days, the first a minute before midnight."""
    facts = calls_at_stage.facts(data, make.ask(data, **NORM), "calls_at_stage")
    own = facts[facts["stage"] == data.funnel.code["main/closing"]]
    ids = data.deals["deal_id"].to_numpy()[own["deal"]]
    assert dict(zip(ids, zip(own["calls"], own["called"], own["hit"], strict=True), strict=True)) == {
        "1": (3, 2, False), "3": (3, 3, True), "4": (3, 3, True),
    }  # fmt: skip


def test_median_and_share_that_meets_the_norm(make, data):
    out = calls_at_stage.compute(data, make.ask(data, **NORM))
    company = closing(out, statistic="median", scope="company").iloc[0]
    assert (company["value"], company["n"]) == (3, 3)
    met = closing(out, statistic="met", scope="company").iloc[0]
    assert (met["numerator"], met["denominator"], met["norm"], met["unit"]) == (2, 3, 3, "share")
    people = closing(out, statistic="met", scope="manager").set_index("manager")["value"]
    assert people.to_dict() == {"Анна": 0, "Борис": 1}


def test_under_called_deals_and_the_reason_in_the_stalled_list(make, data, row):
    view = make.ask(data, **NORM)
    facts = calls_at_stage.facts(data, view, "under_called")
    assert data.deals["deal_id"].to_numpy()[facts["deal"]].tolist() == ["1"]
    # called on the 2nd and the 4th, in the stage from the 2nd 00:00 to the 16th 08:30
    assert facts[["called", "norm"]].iloc[0].tolist() == [2, 3]
    assert facts["days"].iloc[0] == pytest.approx(14 + 8.5 / 24)
    out = calls_at_stage.compute(data, view)
    assert row(out, metric="under_called", scope="company")["value"] == 1
    listed = stalled.stalled_deals(data, view).set_index("deal_id")["reasons"]
    assert "under_called" in listed["1"].split(",")
    assert not any("under_called" in listed.get(i, "") for i in ("2", "4"))
    table = stalled.compute(data, view)
    where = {"metric": "stalled", "scope": "company", "slice": "reason=under_called"}
    assert row(table, stage=None, **where)["value"] == 1


def test_the_norm_may_be_one_of_the_norms(make, data):
    norm = {"metric": "calls_at_stage", "stage": "closing", "normal": 4}
    facts = calls_at_stage.facts(data, make.ask(data, norms=[norm]), "under_called")
    assert data.deals["deal_id"].to_numpy()[facts["deal"]].tolist() == ["1", "4"]


def test_without_a_norm_nobody_is_under_called(make, data, row):
    out = calls_at_stage.compute(data, make.ask(data))
    assert row(out, metric="under_called")["definition"] == "needs.call_norm"
    table = stalled.compute(data, make.ask(data))
    assert not table["slice"].eq("reason=under_called").any()


def test_without_calls_the_reason_is_not_evaluated(make, row):
    data = make.build(DEALS, funnel=make.funnel(), history=HISTORY)
    table = stalled.compute(data, make.ask(data, **NORM))
    found = row(table, metric="stalled", slice="reason=under_called")
    assert found["definition"] == "needs.calls"


def test_without_history_the_current_visit_begins_at_the_last_change(make, called):
    data = called(DEALS, CALLS, funnel=make.funnel())
    facts = calls_at_stage.facts(data, make.ask(data, **NORM), "under_called")
    assert data.deals["deal_id"].to_numpy()[facts["deal"]].tolist() == ["1"]


def test_a_missed_call_is_no_day_with_a_call(make, called):
    """Two calls nobody took and one that somebody did: one day."""
    calls = """
    at               | who  | phone       | dir | talk
    2026-10-01 09:00 | Анна | 89120000009 | out | 60
    2026-11-03 10:00 | Анна | 89120000001 | in  |
    2026-11-04 10:00 | Анна | 89120000001 | in  | 60
    2026-11-05 10:00 |      | 89120000001 | in  |
    """
    data = called(DEALS, calls, funnel=make.funnel(), history=HISTORY, covered="2026-11-16 08:30")
    facts = calls_at_stage.facts(data, make.ask(data, **NORM), "calls_at_stage")
    own = facts[facts["deal"].eq(0) & facts["at"].eq("2026-11-02")]
    assert (own["called"].item(), own["calls"].item()) == (1, 1)
