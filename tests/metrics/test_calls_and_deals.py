"""Conversations that became no deal and deals without a call, counted by hand."""

from __future__ import annotations

import pytest

from funnelkpi.metrics import answered_share, calls_and_deals

# As of Monday 2026-11-16 08:30; last week is 9-15 November.
DEALS = """
id | manager | stage | phone       | created          | company
1  | Анна    | needs | 89120000001 | 2026-11-01 10:00 |
2  | Анна    | needs | 89120000002 | 2026-11-10 10:30 |
3  | Борис   | needs | 89120000003 | 2026-11-12 10:01 |
4  | Борис   | needs | 89120000004 | 2026-11-10 09:46 |
5  | Борис   | needs | 89120000005 | 2026-11-10 09:44 |
6  | Борис   | needs |             | 2026-11-11 10:00 |
7  | Борис   | needs | 89120000017 | 2026-11-11 10:00 |
8  | Борис   | needs | 89120000018 | 2026-11-15 10:00 |
"""
CALLS = """
at               | who   | phone       | dir | talk | deal
2026-11-02 10:00 | Анна  | 89120000001 | out | 60   |
2026-11-10 10:00 | Анна  | 89120000001 | in  | 60   |
2026-11-10 10:00 | Анна  | 89120000002 | in  | 60   |
2026-11-11 10:00 | Анна  | 89120000003 | in  | 60   |
2026-11-10 10:00 | Анна  | 89120000004 | in  | 60   |
2026-11-10 10:00 | Анна  | 89120000005 | in  | 60   |
2026-11-10 11:00 | Борис | 89120000006 | out | 60   |
2026-11-11 11:00 | Анна  | 89120000006 | out | 60   |
2026-11-10 12:00 | Борис | 89120000007 | in  | 29   |
2026-11-10 12:00 | Борис | 89120000008 | in  | 45   |
2026-11-15 20:00 | Борис | 89120000009 | in  | 45   |
2026-11-10 12:00 | Борис | hidden      | in  | 45   |
2026-11-10 13:00 | Борис | 89120000010 | out | 45   | 999
"""
CONTACTS = """
name | phone       | created
Олег | 89120000008 | 2026-10-01
"""


@pytest.fixture
def data(make, called):
    return called(DEALS, CALLS, contacts=CONTACTS, funnel=make.funnel())


def test_only_new_clients_without_a_deal_in_time(make, data):
    """1 and 5 are old (a deal before, or 16 minutes before), 8 has a contact; 2 and 4 became deals
    in time, 3 a minute too late; 6 never; 7 was no conversation; 9 still has time; 10 names a deal
    that the files lack, so nobody knows whether its client was new."""
    facts = calls_and_deals.facts(data, make.ask(data), "calls_without_deal")
    phones = data.calls["phone"][facts["call"]].str[-1].tolist()
    assert sorted(zip(phones, facts["manager"], strict=True)) == [("3", 0), ("6", 0), ("6", 1)]


def test_counts_their_base_and_what_is_pending(make, data, row):
    out = calls_and_deals.compute(data, make.ask(data))
    where = {"metric": "calls_without_deal", "scope": "company"}
    whole = row(out, slice=None, **where)
    assert (whole["value"], whole["denominator"]) == (3, 5)  # 2, 3, 4, 6 twice
    assert row(out, slice="fate=pending", **where)["value"] == 1


def test_the_time_allowed_is_of_the_config(make, data):
    view = make.ask(data, calls={"deal_within_hours": 25})
    assert len(calls_and_deals.facts(data, view, "calls_without_deal")) == 2


def test_deals_per_10_conversations_counts_each_client_once(make, data, row):
    out = calls_and_deals.compute(data, make.ask(data))
    where = {"metric": "deals_per_10_conversations", "slice": None}
    company = row(out, scope="company", **where)
    # 2 and 4 of 2, 3, 4, 6
    assert (company["numerator"], company["denominator"], company["value"]) == (2, 4, 5)
    assert company["low"] == pytest.approx(1.500, abs=1e-3)  # ten times Wilson's of 2/4
    anna = row(out, scope="manager", manager="Анна", **where)
    assert (anna["numerator"], anna["denominator"]) == (2, 3)


def test_deals_without_a_call(make, data, row):
    """7 has a number nobody called; 6 has none; 8 is younger than a day; the others were called."""
    view = make.ask(data)
    facts = calls_and_deals.facts(data, view, "deals_without_call")
    assert data.deals["deal_id"][facts["deal"]].tolist() == ["7"]
    out = calls_and_deals.compute(data, view)
    where = {"metric": "deals_without_call", "scope": "company"}
    whole = row(out, slice=None, **where)
    assert (whole["value"], whole["denominator"]) == (1, 5)
    assert row(out, slice="fate=pending", **where)["value"] == 1
    assert row(out, slice="client=unknown", **where)["value"] == 1


def test_the_figure_ends_where_the_earlier_table_ends(make, called, row):
    """Deals known to the 11th at 9:00 say nothing of what the calls of the 10th became."""
    data = called(DEALS, CALLS, funnel=make.funnel())
    data.covered["deals"] = data.as_of.replace(day=11, hour=9)
    out = calls_and_deals.compute(data, make.ask(data))
    pending = row(out, metric="calls_without_deal", scope="company", slice="fate=pending")
    # of those without a deal yet: 3, 6 twice, 8 and 9
    assert pending["value"] == 5


def test_without_phones_of_clients_nobody_is_accused(make, called):
    deals = "id | manager | stage | created\n1 | Анна | needs | 2026-11-01"
    data = called(deals, "at|who|phone|talk\n2026-11-10|Анна|89120000001|60", funnel=make.funnel())
    out = calls_and_deals.compute(data, make.ask(data))
    assert set(out["definition"]) == {"needs.client_phones"}
    assert len(out) == 3


def test_a_number_nobody_knows_on_a_deal_of_the_crm(make, called, row):
    """Both numbers stand nowhere, but the CRM hung the calls on deals: 1 is an old deal, so the
    client is not new; 2 was entered after the call, so the conversation became a deal."""
    calls = """
    at               | who   | phone       | dir | talk | deal
    2026-11-10 10:00 | Анна  | 89130000001 | in  | 60   | 1
    2026-11-10 10:00 | Борис | 89130000002 | in  | 60   | 2
    2026-11-10 10:00 | Борис | 89130000003 | in  | 60   |
    """
    data = called(DEALS, calls, funnel=make.funnel())
    view = make.ask(data)
    out = calls_and_deals.compute(data, view)
    whole = row(out, metric="calls_without_deal", scope="company", slice=None)
    assert (whole["value"], whole["denominator"]) == (1, 2)
    shares = answered_share.compute(data, view)
    new = row(shares, metric="answered_share", scope="company", slice="client=new")
    assert new["denominator"] == 2


def test_a_call_nobody_took_is_no_call_to_the_client(make, called):
    """1: missed; 2: answered; 3: called in vain; 4: a robot; 5: nobody can know, there is no number
    of his company."""
    deals = """
    id | manager | stage | phone       | created          | company
    1  | Анна    | needs | 89120000001 | 2026-11-10 10:00 |
    2  | Анна    | needs | 89120000002 | 2026-11-10 10:00 |
    3  | Анна    | needs | 89120000003 | 2026-11-10 10:00 |
    4  | Анна    | needs | 89120000004 | 2026-11-10 10:00 |
    5  | Анна    | needs |             | 2026-11-10 10:00 | Вега
    """
    calls = """
    at               | who  | phone       | dir  | talk
    2026-11-09 09:00 | Анна | 89120000099 | out  | 60
    2026-11-10 11:00 | Анна | 89120000001 | in   |
    2026-11-10 11:00 | Анна | 89120000002 | in   | 60
    2026-11-10 11:00 | Анна | 89120000003 | out  |
    2026-11-10 11:00 |      | 89120000004 | info | 60
    """
    data = called(deals, calls, funnel=make.funnel(), covered="2026-11-16 08:30")
    view = make.ask(data)
    facts = calls_and_deals.facts(data, view, "deals_without_call")
    assert data.deals["deal_id"][facts["deal"]].tolist() == ["1", "4"]
    out = calls_and_deals.compute(data, view)
    unknown = out[out["slice"].eq("client=unknown") & out["scope"].eq("company")]
    assert unknown["value"].tolist() == [1]
