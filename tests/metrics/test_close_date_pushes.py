"""Moved close dates and reopened deals; as of 2026-11-16 08:30, the period is 9 to 15 November."""

import pandas as pd

from funnelkpi.metrics import close_date_pushes
from funnelkpi.model.roster import Manager

DEALS = """
id | manager | stage | created    | planned    | closed
1  | Анна    | kp    | 2026-10-01 | 2026-12-20 |
2  | Анна    | kp    | 2026-10-01 | 2026-11-20 |
3  | Борис   | kp    | 2026-10-01 | 2026-12-01 |
4  | Борис   | won   | 2026-10-01 |            | 2026-11-12 10:00
"""
EVENTS = """
id | at               | change        | from_plan  | plan       | from | to
1  | 2026-11-09 00:00 | planned_close | 2026-11-10 | 2026-11-30 |      |
1  | 2026-11-11 10:00 | planned_close | 2026-11-30 | 2026-12-20 |      |
2  | 2026-11-11 10:00 | planned_close | 2026-12-20 | 2026-11-20 |      |
3  | 2026-11-12 10:00 | planned_close |            | 2026-11-15 |      |
3  | 2026-11-16 00:00 | planned_close | 2026-11-15 | 2026-12-01 |      |
1  | 2026-10-05 10:00 | stage         |            |            | Base | Lost
1  | 2026-10-07 10:00 | stage         |            |            | Lost | Kp
3  | 2026-10-05 10:00 | stage         |            |            | Base | Won
3  | 2026-11-10 10:00 | stage         |            |            | Won  | Kp
3  | 2026-11-11 10:00 | stage         |            |            | Kp   | Lost
3  | 2026-11-13 10:00 | stage         |            |            | Lost | Kp
4  | 2026-10-05 10:00 | stage         |            |            | Base | Lost
4  | 2026-11-11 10:00 | stage         |            |            | Lost | Kp
4  | 2026-11-12 10:00 | stage         |            |            | Kp   | Won
2  | 2026-10-05 10:00 | stage         |            |            | Base | Kp
2  | 2026-10-06 10:00 | stage         |            |            | Kp   | Parked
2  | 2026-11-12 10:00 | stage         |            |            | Parked | Kp
"""


def value(row, out, **where):
    return row(out, scope="company", **where)["value"]


def test_only_moves_to_a_later_day_in_the_period(make, row):
    """1 twice; 2 was moved earlier; 3 got its first date in the period and was moved after it."""
    data = make.build(DEALS, funnel=make.funnel(), history=EVENTS)
    out = close_date_pushes.compute(data, make.ask(data))
    where = {"metric": "close_date_pushes"}
    assert value(row, out, **where, statistic="value") == 2
    assert value(row, out, **where, statistic="deals") == 1
    boris = row(out, **where, scope="manager", manager="Борис", statistic="value")
    assert boris["value"] == 0
    assert row(out, **where, scope="company", statistic="value")["evidence"] == "history"
    facts = close_date_pushes.facts(data, make.ask(data), "close_date_pushes")
    assert facts["deal"].tolist() == [0, 0]


def test_reopened(make, row):
    """3 twice in the period and open now, 4 once and won since, 1 in October; 2 was only parked."""
    data = make.build(DEALS, funnel=make.funnel(), history=EVENTS)
    out = close_date_pushes.compute(data, make.ask(data))
    where = {"metric": "reopened"}
    assert value(row, out, **where, statistic="value") == 2
    assert value(row, out, **where, statistic="open") == 2
    anna = row(out, **where, scope="manager", manager="Анна", statistic="open")
    assert anna["value"] == 1
    facts = close_date_pushes.facts(data, make.ask(data), "reopened")
    assert sorted(facts["deal"]) == [2, 3]
    october = close_date_pushes.compute(data, make.ask(data, "2026-10"))
    assert value(row, october, **where, statistic="value") == 1


def test_without_history(make, row):
    data = make.build(DEALS, funnel=make.funnel())
    out = close_date_pushes.compute(data, make.ask(data))
    got = {r["metric"]: r["definition"] for r in out.to_dict("records")}
    assert got == {
        "close_date_pushes": "needs.close_date_history", "reopened": "needs.stage_times",
    }  # fmt: skip
    assert out["value"].isna().all()


def test_stage_events_alone_say_nothing_of_close_dates(make, row):
    events = "id|at|from|to\n1|2026-10-05 10:00|Base|Kp"
    data = make.build(DEALS, funnel=make.funnel(), history=events)
    out = close_date_pushes.compute(data, make.ask(data))
    assert row(out, metric="close_date_pushes")["verdict"] == "not_evaluated"
    assert value(row, out, metric="reopened", statistic="value") == 0


def test_the_owner_of_that_moment(make, row):
    events = EVENTS.replace("| to", "| to | owner | from_owner", 1) + (
        "1 | 2026-11-10 12:00 | owner | | | | | Анна | Борис\n"
    )
    people = (Manager("Анна", "А"), Manager("Борис", "А"))
    data = make.build(DEALS, funnel=make.funnel(), history=events, managers=people)
    out = close_date_pushes.compute(data, make.ask(data))
    where = {"metric": "close_date_pushes", "statistic": "value", "scope": "manager"}
    assert row(out, **where, manager="Борис")["value"] == 1  # on 9 November the deal was his
    assert row(out, **where, manager="Анна")["value"] == 1
    assert pd.isna(row(out, **where, manager="Анна")["pipeline"]) is False
