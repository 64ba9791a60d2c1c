"""Touches, counted by hand; as of Monday 2026-11-16 08:30, last week is 9-15 November."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from funnelkpi.metrics import touches

DEALS = """
id | manager | stage | phone       | created
1  | Анна    | needs | 89120000001 | 2026-11-01
2  | Борис   | needs | 89120000002 | 2026-11-12
"""
# 1 is old; 2 became a deal two days later; 3 did not, and was called twice; 4 rang first
CALLS = """
at               | who   | phone       | dir      | talk
2026-11-10 10:00 | Анна  | 89120000001 | out      | 60
2026-11-10 11:00 | Анна  | 89120000002 | out      |
2026-11-10 12:00 | Анна  | 89120000003 | callback | 60
2026-11-10 13:00 | Анна  | 89120000003 | out      | 60
2026-11-10 10:00 | Анна  | 89120000004 | in       |
2026-11-10 11:00 | Борис | 89120000004 | out      | 60
2026-11-10 11:00 | Борис | 101         | out      | 60
2026-11-08 11:00 | Борис | 89120000005 | out      | 60
"""


def test_outgoing_calls_and_what_first_ones_became(make, called):
    data = called(DEALS, CALLS, funnel=make.funnel())
    out = touches.compute(data, make.ask(data))
    company = out[out["scope"] == "company"]
    slices = company["slice"].astype(object).where(company["slice"].notna(), None)
    assert dict(zip(slices, company["value"], strict=True)) == {
        None: 5, "kind=call": 5, "kind=email": 0, "kind=message": 0,
        "touch=first": 2, "touch=became_deal": 1,
    }  # fmt: skip


def test_mails_and_messages_that_were_sent(make, called):
    data = called(DEALS, CALLS, funnel=make.funnel())
    tasks = pd.DataFrame(
        {
            "type": pd.Categorical(["E-mail", "Письмо", "Сообщение WhatsApp", "Встреча", "E-mail"]),
            "due_at": pd.to_datetime(["2026-11-10"] * 5).astype("M8[s]"),
            "done": pd.array([1, 1, 1, 1, 0], dtype="Int8"),
            "deal": np.array([0, 0, -1, 0, 0], np.int32),
            "manager": pd.Categorical(["Анна"] * 5, data.deals["manager"].cat.categories),
        }
    )
    data = replace(data, tasks=tasks)
    out = touches.compute(data, make.ask(data))
    anna = out[out["scope"].eq("manager") & out["manager"].eq("Анна")]
    found = dict(zip(anna["slice"], anna["value"], strict=True))
    assert (found["kind=call"], found["kind=email"], found["kind=message"]) == (4, 2, 1)


def test_a_mail_done_at_an_unknown_moment_before_it_is_due(make, called):
    """Its time lies ahead, so nobody knows when it was sent."""
    data = called(DEALS, CALLS, funnel=make.funnel())
    tasks = pd.DataFrame(
        {
            "type": pd.Categorical(["E-mail", "E-mail"]),
            "due_at": pd.to_datetime(["2026-11-16 08:00", "2026-11-16 12:00"]).astype("M8[s]"),
            "done": pd.array([1, 1], dtype="Int8"),
            "deal": np.array([0, 0], np.int32),
            "manager": pd.Categorical(["Анна"] * 2, data.deals["manager"].cat.categories),
        }
    )
    data = replace(data, tasks=tasks)
    assert len(touches.facts(data, make.ask(data, "2026-11-16..2026-11-16"))) == 1


def test_two_first_calls_of_one_second_are_one(make, called):
    rows = [f"2026-11-10 12:00 | {who} | 89120000003 | out | 60" for who in ("Анна", "Борис")]
    for order in (rows, rows[::-1]):
        table = "\n".join(["at | who | phone | dir | talk", *order])
        data = called(DEALS, table, funnel=make.funnel())
        out = touches.compute(data, make.ask(data))
        first = out[out["slice"].eq("touch=first") & out["scope"].eq("manager")]
        assert dict(zip(first["manager"], first["value"], strict=True)) == {"Анна": 1, "Борис": 0}


def test_first_touches_of_clients_with_a_card(make, called):
    """6: entered the day before its first call, 7: before the calls begin, so it may have been called;
    with 6 a meeting was held two days later, with 2 one before the call."""
    contacts = """
    name  | phone       | created
    Олег  | 89120000006 | 2026-11-09 09:00
    Игорь | 89120000007 | 2026-11-01 09:00
    """
    more = """2026-11-10 14:00 | Борис | 89120000006 | out | 60
2026-11-10 15:00 | Борис | 89120000007 | out | 60
"""
    data = called(DEALS, CALLS + more, funnel=make.funnel(), contacts=contacts)
    of = {
        str(p)[-1]: int(c) for p, c in zip(data.calls["phone"], data.calls["client"], strict=True)
    }
    tasks = pd.DataFrame(
        {
            "type": pd.Categorical(["Встреча"] * 3),
            "due_at": pd.to_datetime(
                ["2026-11-12 10:00", "2026-11-09 10:00", "2026-11-13 10:00"]
            ).astype("M8[s]"),
            "done": pd.array([1, 1, 0], dtype="Int8"),
            "deal": np.array([-1, -1, -1], np.int32),
            "client": np.array([of["6"], of["2"], of["7"]], np.int32),
            "manager": pd.Categorical(["Борис"] * 3, data.deals["manager"].cat.categories),
        }
    )
    out = touches.compute(replace(data, tasks=tasks), make.ask(data))
    company = out[out["scope"] == "company"].dropna(subset="slice").set_index("slice")["value"]
    # 2, 3 and 6 for the first time; 2 has a deal, with 6 they met
    assert company[["touch=first", "touch=became_deal", "touch=became_meeting"]].tolist() == [
        3,
        1,
        1,
    ]
