"""Trends of meetings, tasks and people counted by hand; as of Monday 2026-11-16 08:30."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from funnelkpi.metrics._index import Index
from funnelkpi.metrics.changes import changes
from funnelkpi.metrics.trends import trends

DEALS = """
id | manager | stage | company | created    | closed
1  | Анна    | needs | Вега    | 2026-10-19 |
2  | Анна    | needs | Лира    | 2026-10-19 |
3  | Борис   | won   | Орион   | 2026-10-19 | 2026-11-12
"""
# weeks from 19 and 26 October, 2 and 9 November; the first task was put down and due on the 26th
TASKS = """
deal | type    | manager | created          | due              | done | done_at
1    | Встреча | Анна    | 2026-10-26 09:00 | 2026-10-26 10:00 | 1    | 2026-10-26 12:00
2    | Встреча | Анна    | 2026-10-26 09:00 | 2026-11-03 10:00 | 1    | 2026-11-03 12:00
1    | Встреча | Анна    | 2026-10-26 09:00 | 2026-11-04 10:00 | 1    | 2026-11-11 12:00
3    | Встреча | Борис   | 2026-10-26 09:00 | 2026-11-05 10:00 | 1    | 2026-11-09 09:00
1    | Встреча | Анна    | 2026-11-02 09:00 | 2026-11-10 10:00 | 1    |
2    | Встреча | Анна    | 2026-11-04 09:00 | 2026-11-12 10:00 | 0    |
2    | Звонок  | Анна    | 2026-11-03 15:00 | 2026-11-06       | 1    | 2026-11-06 23:00
"""


def last(frame: pd.DataFrame, metric: str, count: int = 4, **where: Any) -> list[float | None]:
    """The values of the last points."""
    rows = frame[frame["metric"].eq(metric)]
    for name, value in {"scope": "company", **where}.items():
        rows = rows[rows[name].eq(value)]
    assert len(rows) == 12, f"{len(rows)} points of {metric}"
    return [None if pd.isna(v) else round(v, 4) for v in rows["value"]][-count:]


def asked(make: Any, tasks: str = TASKS, period: str = "last-week", **more: Any) -> pd.DataFrame:
    settings = more.pop("settings", {})
    data = make.build(DEALS, funnel=make.funnel(), tasks=tasks, **more)
    return trends(Index(data), make.ask(data, period, **settings))


def test_what_was_marked_as_held_later_was_not_held_then(make: Any) -> None:
    """As of the 9th, 08:30, the meetings of 4 November (marked on the 11th) and of the 5th (at 09:00)
    were open; the one of the 10th was held at an unknown moment and counts."""
    out = asked(make)
    assert last(out, "meetings") == [None, 1, 1, 1]
    # Лира's was her first; Орион's would have been his
    assert last(out, "first_meetings") == [None, 1, 1, 0]
    assert last(out, "first_meetings_booked") == [None, 3, 0, 0]
    # a week later the two count: an asked period is seen from now
    assert last(asked(make, period="2026-11-02..2026-11-08"), "meetings", 1) == [3]


def test_the_next_step_of_each_meeting(make: Any) -> None:
    """Of 26 October: 3 tasks of Вега were put down by the end of the next day and due later. Лира's on 3
    November: the call. Вега on the 10th: nothing planned after it."""
    assert last(asked(make), "meetings_with_next_step") == [None, 1, 1, 0]


def test_maybe_held_makes_bounds(make: Any) -> None:
    out = asked(make, TASKS.replace("2026-11-10 10:00 | 1 ", "2026-11-10 10:00 |   "))
    rows = out[out["metric"].eq("meetings") & out["scope"].eq("company")].iloc[-1]
    assert pd.isna(rows["value"])
    assert (rows["bound_low"], rows["bound_high"]) == (0, 1)


def test_promises_were_kept_or_not_when_they_were_due(make: Any) -> None:
    """26 October kept, on its day; the week of the 2nd: the meeting of the 3rd and the call of the 6th
    kept, two meetings marked days later; of the 9th one open and one done at an unknown moment."""
    out = asked(make)
    assert last(out, "promise_kept") == [None, 1, 0.5, None]
    rows = out[out["metric"].eq("promise_kept") & out["scope"].eq("company")].iloc[-1]
    assert (rows["bound_low"], rows["bound_high"], rows["n"]) == (0, 0.5, 2)


def test_a_running_week_takes_the_days_that_are_over(make: Any) -> None:
    """As of Wednesday 11:00: the meeting of the 10th; a week before the meeting and the call of
    3 November, and not that of the 4th, 10:00, whose day ran on."""
    tasks = TASKS.replace("2026-11-10 10:00 | 1 ", "2026-11-10 10:00 | 0 ")
    tasks += "1 | Звонок | Анна | 2026-10-26 09:00 | 2026-11-03 | 1 | 2026-11-03 10:00\n"
    out = asked(make, tasks, "this-week", as_of="2026-11-11 11:00")
    rows = out[out["metric"].eq("promise_kept") & out["scope"].eq("company")].iloc[-2:]
    assert rows["denominator"].tolist() == [2, 1]
    assert last(out, "meetings", 2) == [1, 0]


CONTACTS = """
client | name  | position | phone        | created          | maker
Вега   | Олег  | Директор | +79120000001 | 2026-10-26 10:00 | Анна
Лира   | Игорь | директор | +79120000002 | 2026-11-03 10:00 | Борис
Лира   | Вера  | бухгалтер | +79120000003 | 2026-11-03 10:00 | Борис
Орион  | Иван  | директор |              | 2026-11-10 10:00 | Борис
"""


def test_people_who_decide(make: Any) -> None:
    settings = {"decision_makers": {"positions": ["директор"]}}
    out = asked(make, contacts=CONTACTS, settings=settings)
    assert last(out, "decision_makers") == [None, 1, 1, 0]
    assert last(out, "decision_makers", scope="manager", manager="Борис") == [None, 0, 1, 0]


def test_without_tasks_there_is_no_row(make: Any) -> None:
    data = make.build(DEALS, funnel=make.funnel())
    found = set(trends(Index(data), make.ask(data))["metric"])
    assert not {"meetings", "promise_kept", "decision_makers", "hand_overs"} & found


def test_next_tasks_of_deals_tell_of_the_last_meeting_only(make: Any) -> None:
    """Meetings that are stages, next steps from the deals file: no trend of the steps."""
    dated = """
    id | manager | stage | created    | @lpr       | task
    1  | Анна    | lpr   | 2026-10-19 | 2026-11-03 | 2026-11-20
    2  | Анна    | lpr   | 2026-10-19 | 2026-10-26 | 2026-11-20
    """
    data = make.build(dated, funnel=make.funnel())
    out = trends(Index(data), make.ask(data, meetings={"stages": ["lpr"]}))
    assert last(out, "meetings", 3) == [1, 1, 0]
    assert "meetings_with_next_step" not in set(out["metric"])


@pytest.mark.parametrize(("missed", "mark"), [(12, "down"), (3, None)])
def test_kept_promises_are_marked_by_newcombe(make: Any, missed: int, mark: str | None) -> None:
    """15 of 15 kept, then 15 less those missed."""
    lines = [TASKS.strip().splitlines()[0]]
    lines.append("1 | Звонок | Анна | 2026-10-26 09:00 | 2026-10-26 10:00 | 0 |")
    for i in range(15):
        for day, done in ((3, True), (10, i >= missed)):
            end = f"1 | 2026-11-{day:02d} 11:00" if done else "0 |"
            lines.append(
                f"1 | Звонок | Анна | 2026-10-26 09:00 | 2026-11-{day:02d} 12:{i:02d} | {end}"
            )
    data = make.build(DEALS, funnel=make.funnel(), tasks="\n".join(lines))
    found = changes(Index(data), make.ask(data))
    row = found[found["metric"].eq("promise_kept") & found["scope"].eq("company")].iloc[0]
    assert (row["numerator"], row["numerator_before"]) == (15 - missed, 15)
    assert (None if pd.isna(row["mark"]) else row["mark"]) == mark
