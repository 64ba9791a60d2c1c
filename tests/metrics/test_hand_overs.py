"""Hand-overs, counted by hand; as of Monday 2026-11-16 08:30, last week is 9-15 November.

Working hours are 9:00-18:00, Monday to Friday; the 9th is a Monday.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from funnelkpi.metrics import hand_overs
from funnelkpi.model.funnel import Funnel
from funnelkpi.model.roster import Manager

DEALS = """
id | manager | stage | created
1  | Борис   | needs | 2026-10-01
2  | Борис   | needs | 2026-10-01
3  | Вера    | needs | 2026-10-01
4  | Вера    | needs | 2026-10-01
5  | Анна    | needs | 2026-10-01
6  | Борис   | needs | 2026-10-01
"""
HISTORY = """
id | change | at               | from_owner | owner | from | to
1  | owner  | 2026-11-09 10:00 | Анна       | Борис |      |
1  | stage  | 2026-11-09 16:00 |            |       | Lpr  | Needs
2  | owner  | 2026-11-10 10:00 | Анна       | Борис |      |
3  | owner  | 2026-11-11 17:00 | Анна       | Борис |      |
3  | owner  | 2026-11-12 10:00 | Борис      | Вера  |      |
4  | owner  | 2026-11-13 17:00 | Анна       | Вера  |      |
6  | owner  | 2026-11-02 17:00 | Анна       | Борис |      |
"""
TASKS = """
deal | type   | manager | maker | created          | due              | done | done_at
2    | Звонок | Анна    | Анна  | 2026-11-10 11:00 | 2026-11-12 10:00 | 1    | 2026-11-10 12:00
2    | Звонок | Борис   | Анна  | 2026-11-09 11:00 | 2026-11-12 10:00 | 1    | 2026-11-14 12:00
"""
PEOPLE = (
    Manager("Анна", role="finder"),
    Manager("Борис", role="closer"),
    Manager("Вера", role="closer"),
)


def built(make, tasks=TASKS):
    return make.build(DEALS, funnel=make.funnel(), managers=PEOPLE, history=HISTORY, tasks=tasks)


def of(row, out, metric, **where):
    return row(out, **{"metric": metric, "scope": "company", "slice": None, **where})


def test_count_by_kind_and_new_owner(make, row):
    """1, 2, 3 (twice) and 4; 3 went from one closer to another. 6 was handed over a week before."""
    data = built(make)
    out = hand_overs.compute(data, make.ask(data))
    assert of(row, out, "hand_overs")["value"] == 5
    assert of(row, out, "hand_overs", slice="kind=manager")["value"] == 5
    assert of(row, out, "hand_overs", slice="kind=role")["value"] == 4
    assert of(row, out, "hand_overs", scope="manager", manager="Борис")["value"] == 3
    assert of(row, out, "hand_overs", scope="manager", manager="Анна")["value"] == 0


def test_the_new_owners_first_action(make, row):
    """1 was moved after 6 hours; 2 done on Saturday: 8 hours of Tuesday and 27 of the days up to
    Friday; what Анна did on 2 does not count. 3 was handed on at once, Вера did nothing yet."""
    data = built(make)
    out = hand_overs.compute(data, make.ask(data))
    delay = of(row, out, "hand_over_delay")
    assert (delay["value"], delay["n"], delay["unit"]) == ((6 + 35) / 2, 2, "hours")
    found = hand_overs.facts(data, make.ask(data), "hand_over_delay")
    assert list(found["deal"]) == [0, 1]


def test_dropped(make, row):
    """2: the action came after four days. 3: Борис handed it on within the limit, Вера let it lie.
    4: three days are not over."""
    data = built(make)
    view = make.ask(data)
    out = hand_overs.compute(data, view)
    assert of(row, out, "hand_overs_dropped")["value"] == 2
    assert list(hand_overs.facts(data, view, "hand_overs_dropped")["deal"]) == [1, 2]
    longer = make.ask(data, hand_overs={"dropped_after": 4.5})
    assert of(row, hand_overs.compute(data, longer), "hand_overs_dropped")["value"] == 0


def test_a_call_is_an_action(make, row):
    """One before the hand-over, one that was missed, one to the client that nobody answered."""
    data = built(make, tasks=None)
    people = data.deals["manager"].cat.categories
    at = ["2026-11-10 09:59", "2026-11-10 10:15", "2026-11-10 10:30"]
    calls = pd.DataFrame(
        {
            "called_at": pd.to_datetime(at).astype("M8[s]"),
            "direction": pd.Categorical(["out", "in", "out"]),
            "outcome": pd.Categorical(["success", "missed", "missed"]),
            "deal": [1, 1, 1],
            "klass": np.zeros(3, np.int8),
            "manager": pd.Categorical(["Борис"] * 3, categories=people),
        }
    )
    data = replace(data, calls=calls)
    out = hand_overs.compute(data, make.ask(data))
    assert of(row, out, "hand_over_delay")["value"] == (6 + 0.5) / 2
    assert of(row, out, "hand_overs_dropped")["value"] == 1


def test_to_another_pipeline(make, row):
    funnel = Funnel((*make.funnel().pipelines, *make.funnel("intake use", "care").pipelines))
    deals = """
    id | manager | stage       | created
    1  | Борис   | care/intake | 2026-10-01
    2  | Анна    | care/use    | 2026-10-01
    """
    history = """
    id | change | at               | from_owner | owner | from        | to
    1  | owner  | 2026-11-10 10:00 | Анна       | Борис |             |
    1  | stage  | 2026-11-10 10:05 |            |       | Main / Kp   | Care / Intake
    2  | stage  | 2026-11-11 10:00 |            |       | Main / Kp   | Care / Intake
    2  | stage  | 2026-11-11 12:00 |            |       | Care / Intake | Care / Use
    """
    data = make.build(deals, funnel=funnel, managers=PEOPLE, history=history)
    out = hand_overs.compute(data, make.ask(data))
    whole = {"pipeline": None}
    assert of(row, out, "hand_overs", **whole)["value"] == 2
    assert of(row, out, "hand_overs", slice="kind=pipeline", **whole)["value"] == 2
    assert of(row, out, "hand_overs", slice="kind=manager", **whole)["value"] == 1
    found = hand_overs.facts(data, make.ask(data), "hand_overs")
    assert list(found["why"]) == ["to_manager,to_role,to_pipeline", "to_pipeline"]
    assert of(row, out, "hand_over_delay", **whole)["value"] == 2


def test_without_history(make):
    data = make.build(DEALS, funnel=make.funnel())
    out = hand_overs.compute(data, make.ask(data))
    assert set(out["definition"]) == {"needs.owner_history"}
    assert not len(hand_overs.facts(data, make.ask(data), "hand_overs"))


def test_twice_to_a_manager_and_a_pipeline_on_one_day(make, row):
    """Each hand-over to a manager joins the move to the pipeline that follows: two, not three."""
    funnel = Funnel((*make.funnel().pipelines, *make.funnel("intake use", "care").pipelines))
    deals = "id | manager | stage | created\n1 | Вера | main/kp | 2026-10-01"
    history = """
    id | change | at               | from_owner | owner | from          | to
    1  | owner  | 2026-11-10 10:00 | Анна       | Борис |               |
    1  | stage  | 2026-11-10 10:05 |            |       | Main / Kp     | Care / Intake
    1  | owner  | 2026-11-10 15:00 | Борис      | Вера  |               |
    1  | stage  | 2026-11-10 15:05 |            |       | Care / Intake | Main / Kp
    """
    data = make.build(deals, funnel=funnel, managers=PEOPLE, history=history)
    out = hand_overs.compute(data, make.ask(data))
    assert of(row, out, "hand_overs", pipeline=None)["value"] == 2
    assert of(row, out, "hand_overs", pipeline=None, slice="kind=pipeline")["value"] == 2
