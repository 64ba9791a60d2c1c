"""Deals with a planned task; as of Monday 2026-11-16 08:30."""

from __future__ import annotations

from funnelkpi.metrics import next_step
from funnelkpi.metrics.norms import compute as norms

DEALS = """
id | manager | stage   | created    | task
1  | Анна    | base    | 2026-10-01 |
2  | Анна    | lpr     | 2026-10-01 | 2026-11-20
3  | Анна    | needs   | 2026-10-01 | 2026-11-10
4  | Борис   | kp      | 2026-10-01 |
5  | Борис   | closing | 2026-10-01 |
6  | Борис   | won     | 2026-10-01 |
7  | Борис   | parked  | 2026-10-01 |
"""
TASKS = """
deal | type | manager | due              | done
4    | Звонок | Борис | 2026-11-16 08:00 | 0
5    | Звонок | Борис | 2026-11-16       | 0
2    | Звонок | Анна  | 2026-11-20       | 1
"""


def shares(make, row, deals=DEALS, tasks=None, **settings):
    data = make.build(deals, funnel=make.funnel(), tasks=tasks)
    out = next_step.compute(data, make.ask(data, **settings))
    found = {n: row(out, scope="manager", manager=n) for n in ("Анна", "Борис")}
    return {n: (r["numerator"], r["denominator"]) for n, r in found.items()}


def test_past_the_first_stage(make, row):
    """Open deals past the first stage: 2, 3 of Анна (both have a task), 4, 5 of Борис (none)."""
    assert shares(make, row) == {"Анна": (2, 2), "Борис": (0, 2)}


def test_past_the_qualification_stage(make, row):
    assert shares(make, row, next_step={"after": "needs"}) == {"Анна": (0, 0), "Борис": (0, 2)}


def test_open_tasks_from_now_on(make, row):
    """The task of 08:00 has passed; the one of today without an hour has not."""
    assert shares(make, row, tasks=TASKS) == {"Анна": (2, 2), "Борис": (1, 2)}


def test_without_a_source(make, row):
    deals = "\n".join(line.rpartition("|")[0] for line in DEALS.strip().splitlines())
    data = make.build(deals, funnel=make.funnel())
    view = make.ask(data, norms=[{"metric": "next_step_share", "normal": 0.9}])
    assert row(next_step.compute(data, view))["definition"] == "needs.next_task"
    assert set(norms(data, view)["verdict"]) == {"not_evaluated"}


def test_norm_of_a_share(make, row):
    data = make.build(DEALS, funnel=make.funnel())
    view = make.ask(data, norms=[{"metric": "next_step_share", "normal": 0.9}])
    found = row(norms(data, view), metric="next_step_share", manager="Борис")
    assert (found["value"], found["n"], found["mark"]) == (0, 2, "few")
