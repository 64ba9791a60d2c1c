"""Missed calls against a plain reading of the rules, call by call."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkpi.metrics import missed_calls

DEALS = """
id | manager | stage | phone       | created
1  | Анна    | needs | 89120000001 | 2026-11-01
"""
START = datetime(2026, 11, 6, 16, 0)  # a Friday
OPENS, CLOSES = 9, 18


def worked(start: datetime, end: datetime) -> int:
    """Working minutes, counted one by one: Monday to Friday, 9 to 18."""
    minutes, at = 0, start
    while at < end:
        minutes += at.weekday() < 5 and OPENS <= at.hour < CLOSES
        at += timedelta(minutes=1)
    return minutes


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(
    st.lists(
        st.tuples(st.integers(0, 5000), st.sampled_from("12"), st.sampled_from(["in", "out"]),
                  st.booleans()),
        min_size=1, max_size=10, unique_by=lambda r: r[0],
    )
)  # fmt: skip
def test_against_a_plain_loop(make, called, rows):
    made = [(START + timedelta(minutes=m), p, d, ok) for m, p, d, ok in rows]
    lines = [f"{at} | Анна | 8912000000{p} | {d} | {60 * ok}" for at, p, d, ok in made]
    data = called(DEALS, "\n".join(["at | who | phone | dir | talk", *lines]),
                  funnel=make.funnel(), as_of="2026-11-10 12:00")  # fmt: skip
    got = missed_calls.facts(data, make.ask(data, "2026-11"), "missed_calls")
    found = dict(zip(got["call"], got["why"], strict=True))
    wanted = {}
    for i, (at, phone, direction, answered) in enumerate(made):
        if direction == "out" or answered or at < datetime(2026, 11, 1):
            continue
        later = sorted(r for r in made if r[1] == phone and r[0] > at)
        if not later:
            over = worked(at, data.as_of) > 20
            wanted[i] = "never" if over else "pending"
        elif later[0][2] == "in":
            wanted[i] = "rang_again"
        elif worked(at, later[0][0]) <= 20:
            wanted[i] = "in_time"
        else:
            wanted[i] = "same_day" if at.date() == later[0][0].date() else "later"
    assert found == wanted
