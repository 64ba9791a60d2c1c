"""The calls behind a figure: those with a deal and those without one."""

from __future__ import annotations

from funnelkpi.metrics.behind import Figure, behind

DEALS = """
id | manager | stage | phone       | created
1  | Анна    | needs | 89120000001 | 2026-11-01
"""
CALLS = """
at               | who   | phone       | dir | talk | rec
2026-11-10 10:00 | Анна  | 89120000001 | in  |      |
2026-11-10 11:00 | Анна  | 89120000002 | in  |      |
2026-11-10 11:10 | Анна  | 89120000002 | out | 60   | https://ats.example/1
2026-11-11 12:00 | Анна  | 89120000003 | in  | 60   |
"""


def test_calls_without_a_deal_are_listed_too(make, called):
    data = called(DEALS, CALLS, funnel=make.funnel())
    found = behind(data, make.ask(data), Figure("missed_calls"))
    assert found.deals["deal_id"].tolist() == ["1"]
    assert found.without_deal == 1
    rows = found.calls[["phone", "deal_id", "class"]].astype(object)
    rows = rows.where(rows.notna(), None)
    assert rows.to_numpy().tolist() == [
        ["+79120000002", None, "in_time"], ["+79120000001", "1", "never"],
    ]  # fmt: skip


def test_a_class_of_them(make, called):
    data = called(DEALS, CALLS, funnel=make.funnel())
    found = behind(data, make.ask(data), Figure("missed_calls", outcome="in_time"))
    assert (len(found.deals), len(found.calls)) == (0, 1)


def test_conversations_that_became_no_deal_with_their_recording(make, called):
    data = called(DEALS, CALLS, funnel=make.funnel())
    found = behind(data, make.ask(data), Figure("calls_without_deal"))
    assert len(found.deals) == 0
    assert found.calls["phone"].tolist() == ["+79120000003", "+79120000002"]  # newest first
    assert found.calls["recording"].dropna().tolist() == ["https://ats.example/1"]


def test_other_figures_have_no_calls(make, called):
    data = called(DEALS, CALLS, funnel=make.funnel())
    assert behind(data, make.ask(data), Figure("open_deals")).calls is None
