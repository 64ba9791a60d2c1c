"""Stories about calls: who enters, who calls back, who makes the third call, which numbers they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from funnelkpi.metrics.behind import Figure, behind
from funnelkpi.model.calls import CLASSES


def manager(calls: Any, metric: str, name: str, **where: Any) -> Any:
    """The figure of a manager over all pipelines."""
    return calls.one(metric, scope="manager", manager=name, pipeline=None, **where)


def company(calls: Any, metric: str, **where: Any) -> Any:
    return calls.one(metric, scope="company", pipeline=None, **where)


def test_answers_and_never_enters(calls: Any, spoken: dict[str, Any]) -> None:
    """Three of three against four of thirty, and a strong one with eight deals of ten."""
    story = spoken["never_enters"]
    assert (story["conversations"], story["without_deal"]) == (3, 3)
    assert (story["others"], story["others_without_deal"]) == (30, 4)
    row = manager(calls, "calls_without_deal", story["manager"])
    assert (row["value"], row["denominator"]) == (3, 3)
    whole = company(calls, "calls_without_deal")
    assert (whole["value"], whole["denominator"]) == (3 + 4, 3 + 30)
    for name, (talks, lost) in story["by_manager"].items():
        rows = calls.rows("calls_without_deal", scope="manager", manager=name, pipeline=None)
        assert sum(r["denominator"] or 0 for r in rows) == talks, name
        assert sum(r["value"] for r in rows) == lost, name
    strong = manager(calls, "deals_per_10_conversations", story["strong"])
    assert (strong["numerator"], strong["denominator"], strong["value"]) == (8, 10, 8.0)
    weak = manager(calls, "deals_per_10_conversations", story["manager"])
    assert weak["value"] == 0


def test_he_is_named_on_the_first_screen(calls: Any, spoken: dict[str, Any]) -> None:
    top = calls.page().splitlines()[:24]
    (line,) = [x for x in top if "без сделки: 7 из 33" in x]
    assert f"{spoken['never_enters']['manager']} — 3 из 3" in line


def test_calls_back_the_next_day(calls: Any, spoken: dict[str, Any]) -> None:
    story = spoken["next_day"]
    who = story["manager"]
    assert manager(calls, "missed_calls", who)["value"] == story["missed"] == 6
    assert manager(calls, "missed_calls", who, slice="fate=later")["value"] == 6
    median = manager(calls, "time_to_callback", who, statistic="median")["value"]
    assert median > 8 * 60  # most of a working day
    others = calls.rows("time_to_callback", scope="manager", pipeline=None, statistic="median")
    assert all(r["value"] < 120 for r in others if r["manager"] != who and r["value"] is not None)
    (line,) = [x for x in calls.page().splitlines()[:24] if "в тот же день" in x]
    assert f"{who} — 6 из 6" in line


def test_never_the_third_closing_call(calls: Any, spoken: dict[str, Any]) -> None:
    story = spoken["third_call"]
    where = {"pipeline": "sales", "stage": "closing"}
    met = calls.one(
        "calls_at_stage", scope="manager", manager=story["manager"], statistic="met", **where
    )
    assert (met["numerator"], met["denominator"]) == (0, story["deals"])
    whole = calls.one("calls_at_stage", scope="company", statistic="met", **where)
    assert (whole["numerator"], whole["denominator"]) == (
        story["others"], story["others"] + story["deals"],
    )  # fmt: skip
    found = behind(calls.analysis.data, calls.analysis.view, Figure("under_called"))
    assert set(found.deals["deal_id"]) == set(story["open"])
    assert set(map(str, story["planted"])) <= set(story["open"])
    assert set(found.deals["manager"]) == {story["manager"]}


def test_she_is_below_the_norm(calls: Any, spoken: dict[str, Any]) -> None:
    rows = calls.rows("calls_at_stage", scope="manager", slice="norm=0")
    below = {r["manager"] for r in rows if r["verdict"] == "below"}
    assert below == {spoken["third_call"]["manager"]}


def test_numbers_nobody_can_match(calls: Any, spoken: dict[str, Any]) -> None:
    """Over the whole file: hidden numbers, calls among colleagues, nobody's extension."""
    story, frame = spoken["numbers"], calls.analysis.data.calls
    counts = np.bincount(frame["klass"], minlength=len(CLASSES))
    of = dict(zip(CLASSES, counts.tolist(), strict=True))
    assert of["hidden"] == story["hidden"]
    assert of["internal"] == story["internal"]
    assert int(frame["manager"].isna().sum()) == story["nobody"]


def test_the_classes_of_the_week_add_up(calls: Any, spoken: dict[str, Any]) -> None:
    story = spoken["numbers"]
    rows = [
        r
        for name in CLASSES
        for r in calls.rows("calls_matching", scope="company", pipeline=None, slice=f"class={name}")
    ]
    values = {r["slice"].removeprefix("class="): r["value"] for r in rows}
    total = company(calls, "calls")["value"]
    assert sum(values.values()) == total == story["calls_last_week"]
    assert values["internal"] == story["internal_last_week"]
    assert values["hidden"] == story["hidden_last_week"]


def test_spellings_of_one_number_are_one_client(calls: Any) -> None:
    """+7…, 8… and ten digits: every number of the file that is a client's is written one way."""
    phones = calls.analysis.data.calls["phone"].dropna()
    outside = phones[phones.str.len() > 6]
    assert outside.str.match(r"^\+7\d{10}$").all()
    assert len(outside) > 2500


def test_deals_without_a_call(calls: Any, spoken: dict[str, Any]) -> None:
    story = spoken["no_calls"]
    found = behind(calls.analysis.data, calls.analysis.view, Figure("deals_without_call"))
    assert set(found.deals["deal_id"]) == set(map(str, story["last_week"]))
    assert set(found.deals["manager"]) == {story["manager"]}
