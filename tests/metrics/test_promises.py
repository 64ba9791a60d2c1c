"""Tasks done in time; as of Monday 2026-11-16 08:30, last week is 9-15 November."""

from __future__ import annotations

from funnelkpi.metrics import promises
from funnelkpi.metrics.norms import compute as norms

DEALS = """
id | manager | stage | source | created
1  | Анна    | needs | Сайт   | 2026-10-01
"""
TASKS = """
deal | type   | manager | due              | done | done_at
1    | Звонок | Анна    | 2026-11-09       | 1    | 2026-11-09 23:50
1    | Звонок | Анна    | 2026-11-10 12:00 | 1    | 2026-11-11 00:00
1    | Звонок | Анна    | 2026-11-11 12:00 | 0    |
1    | Звонок | Анна    | 2026-11-12 12:00 | 1    |
     | Письмо | Борис   | 2026-11-13 12:00 | 1    | 2026-11-01 09:00
     | Письмо | Борис   | 2026-11-08 12:00 | 0    |
     | Письмо | Борис   | 2026-11-16 12:00 | 0    |
     | Письмо | Борис   |                  | 0    |
"""


def asked(make, tasks=TASKS, period="last-week", **settings):
    data = make.build(DEALS, funnel=make.funnel(), tasks=tasks)
    view = make.ask(data, period, **settings)
    return data, view, promises.compute(data, view)


def test_done_by_the_end_of_the_due_day(make, row):
    """Анна: the 9th in time, the 10th when the day was over, the 11th open, the 12th at an unknown moment."""
    _, _, out = asked(make, conversion={"max_gap": 1})
    anna = row(out, scope="manager", manager="Анна")
    assert (anna["numerator"], anna["denominator"], anna["n"]) == (1, 3, 4)
    assert (anna["bound_low"], anna["bound_high"]) == (1 / 4, 2 / 4)
    boris = row(out, scope="manager", manager="Борис")
    assert (boris["numerator"], boris["denominator"]) == (1, 1)


def test_a_meeting_is_due_when_it_begins_and_done_when_it_ends(make, row):
    held = """
    deal | type    | manager | due              | done | done_at
    1    | Встреча | Анна    | 2026-11-10 15:00 | 1    | 2026-11-10 15:50
    """
    anna = row(asked(make, held)[2], scope="manager", manager="Анна")
    assert (anna["numerator"], anna["denominator"]) == (1, 1)


def test_wide_bounds_are_no_value(make, row):
    out = asked(make)[2]
    anna = row(out, scope="manager", manager="Анна")
    assert anna["value"] != anna["value"]


def test_what_is_due_later_today_does_not_count_yet(make, row):
    out = asked(make, period="2026-11-16..2026-11-16")[2]
    assert row(out, scope="company")["n"] == 0


def test_facts_are_the_tasks_known(make):
    data, view, _ = asked(make)
    found = promises.facts(data, view, "promise_kept")
    assert list(found["hit"]) == [True, False, False, True]
    assert list(found["deal"]) == [0, 0, 0, -1]


def test_norm_looks_at_the_period_only(make, row):
    data, view, _ = asked(make, norms=[{"metric": "promise_kept", "normal": 0.5}])
    found = row(norms(data, view), metric="promise_kept", manager="Борис")
    assert found["n"] == 1


def test_without_done_tasks(make, row):
    data = make.build(DEALS, funnel=make.funnel())
    assert row(promises.compute(data, make.ask(data)))["definition"] == "needs.tasks"
    assert not len(promises.facts(data, make.ask(data), "promise_kept"))
    only_open = "deal | type | manager | due | done\n1 | Звонок | Анна | 2026-11-10 | 0"
    assert row(asked(make, only_open)[2])["definition"] == "needs.done_tasks"
