"""Stories about meetings, hand-overs, clients, companies and contacts of the sample with calls."""

from __future__ import annotations

from typing import Any

from funnelkpi.metrics.behind import Figure, behind
from funnelkpi.model.period import parse_period


def test_nine_meetings_without_a_next_step(calls: Any, spoken: dict[str, Any]) -> None:
    story = spoken["no_next_step"]
    who = {"scope": "manager", "manager": story["manager"], "pipeline": None}
    assert calls.one("first_meetings", **who)["value"] == story["meetings"] == 9
    steps = calls.one("meetings_with_next_step", **who)
    assert (steps["numerator"], steps["denominator"]) == (0, 9)
    found = behind(calls.analysis.data, calls.analysis.view, Figure("first_meetings"))
    own = found.deals["manager"] == story["manager"]
    assert set(found.deals["deal_id"][own]) == set(map(str, story["deals"]))
    rows = calls.rows("meetings_with_next_step", scope="manager", pipeline=None)
    others = [r for r in rows if r["manager"] != story["manager"] and r["denominator"]]
    assert len(others) >= 4
    assert sum(r["numerator"] for r in others) >= 8


def test_one_client_of_two_managers(calls: Any, spoken: dict[str, Any]) -> None:
    story = spoken["shared_client"]
    found = behind(calls.analysis.data, calls.analysis.view, Figure("repeats"))
    assert set(found.deals["deal_id"]) == set(map(str, story["deals"]))
    assert set(found.deals["manager"]) == set(story["managers"])
    whole = calls.one("repeats", scope="company", pipeline=None, statistic="clients")
    assert whole["value"] == 1


def test_hand_overs(calls: Any, spoken: dict[str, Any]) -> None:
    """All of them, over the whole span: the finder's deals to the closers; two were left lying."""
    from dataclasses import replace

    story, analysis = spoken["hand_overs"], calls.analysis
    view = replace(
        analysis.view, period=parse_period("2026", analysis.data.as_of, analysis.data.calendar)
    )
    found = behind(analysis.data, view, Figure("hand_overs"))
    assert len(found.deals) == story["count"]
    names = [m.name for m in analysis.data.roster.managers]
    taken = {names[i] for i in _facts(analysis.data, view, "hand_overs")["manager"]}
    assert taken == set(story["to"])
    dropped = _facts(analysis.data, view, "hand_overs_dropped")
    ids = set(analysis.data.deals["deal_id"].iloc[dropped["deal"]])
    assert set(map(str, story["dropped"])) <= ids
    week = calls.one("hand_overs", scope="company", pipeline=None)
    assert week["value"] == story["last_week"]


def _facts(data: Any, view: Any, metric: str) -> Any:
    from funnelkpi.metrics.registry import FAMILY_OF

    return FAMILY_OF[metric].facts(data, view, metric)


def test_companies_by_category(calls: Any, spoken: dict[str, Any]) -> None:
    story = spoken["category_a"]
    for name, key in (("A", "A"), ("B", "B"), ("", "none")):
        row = calls.one(
            "companies_by_category", scope="company", pipeline=None, slice=f"category={name}"
        )
        assert row["value"] == story["companies"][key], name
    rows = calls.rows("new_category_a", scope="manager", pipeline=None)
    assert {r["manager"]: r["value"] for r in rows if r["value"]} == story["last_week"]


def test_decision_makers_that_can_be_reached(calls: Any, spoken: dict[str, Any]) -> None:
    story = spoken["decision_makers"]
    rows = calls.rows("decision_makers", scope="manager", pipeline=None)
    assert {r["manager"]: r["value"] for r in rows if r["value"]} == story["last_week"]
    assert story["without_contacts_last_week"] == 1


def test_contacts_without_a_phone(calls: Any, spoken: dict[str, Any]) -> None:
    story = spoken["no_phone"]
    contacts = calls.analysis.data.contacts
    bare = contacts[~contacts["has_phone"]]
    assert set(bare["contact_id"]) == set(map(str, story["contacts"]))
    empty = bare[~bare["has_email"]]
    assert set(empty["contact_id"]) == set(map(str, story["without_email_too"]))


def test_dots_are_no_facts(calls: Any) -> None:
    """One manager fills the card with dots and «н/д»."""
    rows = calls.rows("facts_complete", scope="manager", pipeline="sales", stage="proposal")
    share = {r["manager"]: r["value"] for r in rows if (r["denominator"] or 0) >= 5}
    assert min(share, key=lambda m: share[m]) == "Захар Ильин"
    assert share["Захар Ильин"] < 0.3
