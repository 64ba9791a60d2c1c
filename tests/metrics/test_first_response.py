"""First response to inbound deals, counted by hand; the working day is 9:00-18:00."""

from __future__ import annotations

import pytest

from funnelkpi.metrics import first_response

# As of Monday 2026-11-16 08:30; last week is 9-15 November.
DEALS = """
id | manager | stage | phone       | creator | source | created
1  | Анна    | needs | 89120000001 |         | Сайт   | 2026-11-10 10:00
2  | Анна    | needs | 89120000002 |         | Сайт   | 2026-11-10 17:50
3  | Анна    | needs | 89120000003 | Анна    | Сайт   | 2026-11-10 10:00
4  | Борис   | needs | 89120000004 |         | Звонок | 2026-11-10 10:00
5  | Борис   | needs | 89120000005 |         | Сайт   | 2026-11-10 10:00
6  | Борис   | needs | 89120000006 | Админ   | Сайт   | 2026-11-10 10:00
7  | Борис   | needs | 89120000007 |         | Сайт   | 2026-11-12 10:00
8  | Борис   | needs |             |         | Сайт   | 2026-11-12 10:00
9  | Борис   | needs | 89120000009 |         | Сайт   | 2026-11-02 10:00
"""
CALLS = """
at               | who   | phone       | dir | talk
2026-11-01 10:00 | Анна  | 89120000001 | out | 60
2026-11-10 10:15 | Анна  | 89120000001 | out |
2026-11-11 09:10 | Анна  | 89120000002 | out | 60
2026-11-10 10:01 | Анна  | 89120000003 | out | 60
2026-11-10 09:59 | Борис | 89120000004 | in  | 60
2026-11-10 10:05 | Борис | 89120000004 | out | 60
2026-11-10 10:20 | Борис | 89120000005 | in  | 60
2026-11-10 10:30 | Борис | 89120000005 | out | 60
2026-11-10 10:40 | Борис | 89120000006 | out | 60
"""


@pytest.fixture
def data(make, called):
    return called(DEALS, CALLS, funnel=make.funnel())


def found(data, view):
    facts = first_response.facts(data, view)
    ids = data.deals["deal_id"].to_numpy()[facts["deal"]]
    return dict(zip(ids, zip(facts["why"], facts["minutes"], strict=True), strict=True))


def test_inbound_deals_are_those_of_robots_and_forms(make, data):
    """3 and 6 were entered by people, 4 was born of a call, 8 has no number, 9 is of another week.

    The attempt of 10:15 counts though nobody answered; 2 took ten minutes of the evening and ten of
    the morning; 7 waits for 2 working days and 8 hours (from Thursday 10:00 to Monday 8:30).
    """
    assert found(data, make.ask(data)) == {
        "1": ("called", 15), "2": ("called", 20), "5": ("client_rang", 20),
        "7": ("waiting", 17 * 60),
    }  # fmt: skip


def test_listed_sources_instead(make, data):
    """Of the source, and not entered by a manager: an administrator is none."""
    got = found(data, make.ask(data, calls={"inbound_sources": ["сайт"]}))
    assert got["6"] == ("called", 40)
    assert set(got) == {"1", "2", "5", "6", "7"}


def test_median_and_share_in_time(make, data, row):
    """Of 4: called at 15; at 20 one called and one rang (3 at risk): incidence at 15 is 1/4."""
    out = first_response.compute(data, make.ask(data))
    median = row(out, statistic="median", scope="company")
    assert (median["value"], median["n"], median["denominator"]) == (17.5, 2, 4)
    assert row(out, statistic="within_limit", scope="company")["value"] == pytest.approx(0.25)
    assert row(out, statistic="waiting", scope="company")["value"] == 1
    view = make.ask(data, calls={"first_response_minutes": 20})
    out = first_response.compute(data, view)
    assert row(out, statistic="within_limit", scope="company")["value"] == pytest.approx(0.5)


def test_nobody_knows_which_deals_are_inbound(make, called):
    data = called(DEALS.replace("creator", "field:x"), CALLS, funnel=make.funnel())
    out = first_response.compute(data, make.ask(data))
    assert out["definition"].tolist() == ["needs.inbound"]


def test_a_deal_made_of_an_outgoing_call_is_not_inbound(make, called):
    """1: telephony entered the deal a minute after the manager had called. 2: a form, called in the
    very minute. 3: called twenty minutes before the form came. 4: there is no number to call."""
    deals = """
    id | manager | stage | phone       | creator | created          | company
    1  | Анна    | needs | 89120000001 |         | 2026-11-10 10:00 |
    2  | Анна    | needs | 89120000002 |         | 2026-11-10 10:00 |
    3  | Анна    | needs | 89120000003 |         | 2026-11-10 10:00 |
    4  | Анна    | needs |             |         | 2026-11-10 10:00 | Вега
    5  | Анна    | needs | 89120000005 | Анна    | 2026-11-10 10:00 |
    """
    calls = """
    at               | who  | phone       | dir | talk
    2026-11-10 09:59 | Анна | 89120000001 | out | 60
    2026-11-10 10:00 | Анна | 89120000002 | out | 60
    2026-11-10 09:40 | Анна | 89120000003 | out | 60
    2026-11-10 10:30 | Анна | 89120000003 | out | 60
    """
    data = called(deals, calls, funnel=make.funnel(), covered="2026-11-16 08:30")
    assert found(data, make.ask(data)) == {"2": ("called", 0), "3": ("called", 30)}
