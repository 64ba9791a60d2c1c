"""Who is answered, counted by hand; as of Monday 2026-11-16 08:30, last week is 9-15 November."""

from __future__ import annotations

import pytest

from funnelkpi.metrics import answered_share

DEALS = """
id | manager | stage | phone       | created
1  | Анна    | needs | 89120000001 | 2026-11-01
2  | Анна    | needs | 89120000002 | 2026-11-09 10:10
"""
CALLS = """
at               | who   | phone       | dir | talk
2026-11-09 10:00 | Анна  | 89120000001 | in  |
2026-11-09 10:05 | Анна  | 89120000001 | in  | 5
2026-11-09 10:20 | Борис | 89120000002 | in  | 60
2026-11-09 11:00 | Борис | 89120000003 | in  |
2026-11-09 11:01 | Анна  | 89120000003 | in  |
2026-11-09 11:02 | Анна  | hidden      | in  |
2026-11-09 12:00 | Анна  | 89120000004 | out | 60
2026-11-09 13:00 | Анна  | 101         | in  | 60
2026-11-16 08:00 | Анна  | 89120000001 | in  | 60
"""
# Borys owns no deal: he is known by a deal of another funnel only
MORE = DEALS + "3 | Борис | needs | | 2026-11-01\n"


def test_per_call_and_per_caller(make, called, row):
    data = called(MORE, CALLS, funnel=make.funnel())
    out = answered_share.compute(data, make.ask(data))
    of = {"slice": None, "statistic": "value"}
    company = row(out, scope="company", **of)
    assert (company["numerator"], company["denominator"]) == (2, 6)
    assert company["low"] == pytest.approx(0.0968, abs=1e-4)  # Wilson of 2/6
    assert company["high"] == pytest.approx(0.7000, abs=1e-4)
    anna = row(out, scope="manager", manager="Анна", **of)
    assert (anna["numerator"], anna["denominator"]) == (1, 4)
    # three callers with a number, two of them answered; client 3 rang both managers
    callers = {"statistic": "callers", "scope": "company"}
    assert [row(out, **callers)[n] for n in ("numerator", "denominator")] == [2, 3]
    for name, wanted in (("Анна", [1, 2]), ("Борис", [1, 2])):
        found = row(out, statistic="callers", scope="manager", manager=name)
        assert [found[n] for n in ("numerator", "denominator")] == wanted


def test_existing_and_new_clients(make, called, row):
    """A deal made ten minutes before the call does not make the client old."""
    data = called(MORE, CALLS, funnel=make.funnel())
    out = answered_share.compute(data, make.ask(data))
    for name, wanted in (("existing", [1, 2]), ("new", [1, 3])):
        found = row(out, scope="company", slice=f"client={name}")
        assert [found[n] for n in ("numerator", "denominator")] == wanted


def test_a_contact_makes_a_client_old_unless_entered_at_the_call(make, called, row):
    contacts = """
    name | phone       | created
    Яков | 89120000003 | 2026-11-09 10:46
    Олег | 89120000002 | 2026-10-01
    """
    data = called(MORE, CALLS, contacts=contacts, funnel=make.funnel())
    out = answered_share.compute(data, make.ask(data))
    # 10:46 is 14 minutes before the first and 15 before the second call of client 3: new
    assert row(out, scope="company", slice="client=new")["denominator"] == 2
    assert row(out, scope="company", slice="client=existing")["denominator"] == 3


def test_facts_are_the_calls(make, called):
    data = called(MORE, CALLS, funnel=make.funnel())
    facts = answered_share.facts(data, make.ask(data))
    assert facts["call"].tolist() == [0, 1, 2, 3, 4, 5]
    assert facts["hit"].tolist() == [False, True, True, False, False, False]
