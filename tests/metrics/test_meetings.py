"""Meetings, counted by hand; as of Monday 2026-11-16 08:30, last week is 9-15 November."""

from __future__ import annotations

import pytest

from funnelkpi.metrics import meetings
from funnelkpi.metrics.norms import compute as norms
from funnelkpi.model.funnel import Funnel, Pipeline, Stage, StageKind

DEALS = """
id | manager | stage   | company | source | created    | closed
1  | Анна    | needs   | Вега    | Сайт   | 2026-10-01 |
2  | Анна    | needs   | Лира    | Звонок | 2026-10-01 |
3  | Борис   | won     | Орион   | Сайт   | 2026-10-01 | 2026-11-12
4  | Борис   | base    |         | Рынок  | 2026-11-10 |
"""
TASKS = """
deal | client | type    | manager | created          | due              | done
1    |        | встреча | Анна    | 2026-10-20 10:00 | 2026-10-28 10:00 | 1
1    |        | Встреча | Анна    | 2026-11-05 10:00 | 2026-11-10 10:00 | 1
2    |        | Встреча | Анна    | 2026-11-09 10:00 | 2026-11-11 15:00 | 1
2    |        | Звонок  | Анна    | 2026-11-12 09:00 | 2026-11-20 12:00 | 0
3    |        | Встреча | Борис   | 2026-11-02 10:00 | 2026-11-12 12:00 | 1
4    |        | Встреча | Борис   | 2026-11-10 10:00 | 2026-11-13 12:00 | 0
     | Лира   | Встреча | Борис   | 2026-11-14 10:00 | 2026-11-18 12:00 | 0
     |        | Встреча | Борис   | 2026-11-11 10:00 | 2026-11-13 16:00 | 1
"""
# Held last week: 10.11 (Вега, second), 11.11 (Лира, first), 12.11 (Орион, first), 13.11 (nobody).
GROUPS = {"маркетинг": ["сайт"], "свой поиск": ["Звонок"]}


def asked(make, tasks=TASKS, deals=DEALS, **settings):
    data = make.build(deals, funnel=make.funnel(), tasks=tasks)
    view = make.ask(data, source_groups=GROUPS, **settings)
    return data, view, meetings.compute(data, view)


def of(row, out, metric, manager=None, **more):
    scope = {"scope": "company"} if manager is None else {"scope": "manager", "manager": manager}
    asked_ = {"metric": metric, "statistic": "value", "slice": None, **scope, **more}
    return row(out, **asked_)


def test_held_first_and_booked(make, row):
    _, _, out = asked(make)
    assert of(row, out, "meetings")["value"] == 4
    assert of(row, out, "meetings", "Анна")["value"] == 2
    assert of(row, out, "first_meetings")["value"] == 2
    assert of(row, out, "first_meetings", "Анна")["value"] == 1
    assert of(row, out, "first_meetings", "Борис")["value"] == 1
    # Лира on the 9th, the deal without a client on the 10th; Вега and Орион were booked before
    assert of(row, out, "first_meetings_booked")["value"] == 2
    assert of(row, out, "first_meetings", statistic="no_client")["value"] == 1


@pytest.mark.parametrize("kind", ["встреча", "Встреча с клиентом", "Meeting", "Reunião", "Reunión"])
def test_kinds_of_tasks_that_are_meetings_without_a_config(make, row, kind):
    _, _, out = asked(make, TASKS.replace("Встреча", kind))
    assert of(row, out, "meetings")["value"] == 4


def test_by_group_of_sources(make, row):
    _, _, out = asked(make)
    for group, first, booked in (("маркетинг", 1, None), ("свой поиск", 1, 1), ("", None, 1)):
        for metric, expected in (("first_meetings", first), ("first_meetings_booked", booked)):
            where = {"metric": metric, "scope": "company", "slice": f"source_group={group}"}
            if expected is None:
                assert not (out["slice"].eq(where["slice"]) & out["metric"].eq(metric)).any()
            else:
                assert row(out, **where)["value"] == expected


def test_a_meeting_ends_with_a_next_step(make, row):
    """Лира has a call planned on the next day; Орион was won on the day of the meeting; Вега and
    nobody's have no step."""
    data, view, out = asked(make)
    found = of(row, out, "meetings_with_next_step")
    assert (found["numerator"], found["denominator"]) == (1, 3)
    assert of(row, out, "first_meetings", statistic="next_step")["value"] == 1
    facts = meetings.facts(data, view, "meetings_with_next_step")
    assert facts["hit"].sum() == 1
    assert sorted(facts["deal"]) == [-1, 0, 1]


def test_a_step_put_down_too_late_is_none(make, row):
    late = TASKS.replace("2026-11-12 09:00", "2026-11-13 00:30")
    assert of(row, asked(make, late)[2], "meetings_with_next_step")["numerator"] == 0
    found = asked(make, late, meetings={"step_days": 2})[2]
    assert of(row, found, "meetings_with_next_step")["numerator"] == 1


def test_whether_it_was_held_may_be_unknown(make, row):
    unknown = TASKS.replace("2026-11-11 15:00 | 1", "2026-11-11 15:00 |")
    found = of(row, asked(make, unknown)[2], "meetings")
    assert found["value"] != found["value"]
    assert (found["bound_low"], found["bound_high"]) == (3, 4)
    assert of(row, asked(make, unknown)[2], "meetings", "Борис")["value"] == 2


def test_a_stage_means_a_meeting(make, row):
    deals = """
    id | manager | stage | company | created    | @needs
    1  | Анна    | needs | Вега    | 2026-10-01 | 2026-11-12
    2  | Анна    | kp    | Лира    | 2026-10-01 | 2026-11-10
    3  | Анна    | kp    | Лира    | 2026-10-01 | 2026-11-15
    """
    data = make.build(deals, funnel=make.funnel())
    out = meetings.compute(data, make.ask(data, meetings={"stages": ["needs"]}))
    assert of(row, out, "meetings")["value"] == 3
    assert of(row, out, "first_meetings")["value"] == 2
    tasks = """
    deal | type    | manager | created    | due              | done
    1    | Встреча | Анна    | 2026-11-01 | 2026-11-10 10:00 | 1
    2    | Встреча | Анна    | 2026-11-01 | 2026-11-14 10:00 | 1
    """
    data = make.build(deals, funnel=make.funnel(), tasks=tasks)
    out = meetings.compute(data, make.ask(data, meetings={"stages": ["needs"]}))
    # the task of the 10th and the stage of the 12th are one; the 10th and the 14th are not
    assert of(row, out, "meetings")["value"] == 4
    without = meetings.compute(data, make.ask(data, meetings={"types": []}))
    assert set(without["definition"]) == {"needs.meeting_types"}


def test_stages_without_dates_and_nothing_at_all(make, row):
    data = make.build(DEALS, funnel=make.funnel())
    absent = meetings.compute(data, make.ask(data))
    assert set(absent["definition"]) == {"needs.meetings"}
    absent = meetings.compute(data, make.ask(data, meetings={"stages": ["kp"]}))
    assert set(absent["definition"]) == {"needs.stage_dates"}
    assert absent["value"].isna().all()


def test_next_task_of_the_deal_without_tasks(make, row):
    deals = """
    id | manager | stage | company | created    | @needs           | task
    1  | Анна    | needs | Вега    | 2026-10-01 | 2026-11-12 10:00 | 2026-11-20
    2  | Анна    | needs | Лира    | 2026-10-01 | 2026-11-12 10:00 |
    3  | Анна    | needs | Орион   | 2026-10-01 | 2026-11-12 10:00 | 2026-11-11
    """
    data = make.build(deals, funnel=make.funnel())
    out = meetings.compute(data, make.ask(data, meetings={"stages": ["needs"]}))
    found = of(row, out, "meetings_with_next_step")
    assert (found["numerator"], found["denominator"]) == (1, 3)


@pytest.mark.parametrize(("tasks", "value"), [(TASKS, 2), (None, None)])
def test_norms(make, row, tasks, value):
    """A meeting without a deal counts in a norm; what is unknown is no zero."""
    data = make.build(DEALS, funnel=make.funnel(), tasks=tasks)
    view = make.ask(data, norms=[{"metric": "meetings", "normal": 2}])
    found = row(norms(data, view), metric="meetings", manager="Борис")
    if value is None:
        assert (found["verdict"], found["definition"]) == ("not_evaluated", "needs.meetings")
    else:
        assert (found["value"], found["verdict"]) == (value, "normal")


def test_slices_of_meetings_without_a_deal(make, row):
    data = make.build(DEALS, funnel=make.funnel(), tasks=TASKS)
    out = meetings.compute(data, make.ask(data, by=("source",)))
    counted = {s: of(row, out, "meetings", slice=f"source={s}")["value"]
               for s in ("Сайт", "Звонок", "")}  # fmt: skip
    assert counted == {"Сайт": 2, "Звонок": 1, "": 1}


def test_a_meeting_of_a_lead_is_part_of_the_whole(make, row):
    lead = Stage("leads/new", "new", "New", "leads", StageKind.OPEN, 1)
    leads = Pipeline("leads", "Leads", (lead,), entity="lead")
    deals = """
    id | manager | stage     | company | created
    1  | Анна    | needs     | Вега    | 2026-10-01
    2  | Анна    | leads/new | Лира    | 2026-10-01
    """
    tasks = """
    client | type    | manager | due              | done
    Вега   | Встреча | Анна    | 2026-11-10 10:00 | 1
    Лира   | Встреча | Анна    | 2026-11-11 10:00 | 1
    """
    data = make.build(deals, funnel=Funnel((*make.funnel().pipelines, leads)), tasks=tasks)
    out = meetings.compute(data, make.ask(data))
    values = [of(row, out, "meetings", pipeline=p)["value"] for p in (None, "main", "leads")]
    assert values == [2, 1, 1]
