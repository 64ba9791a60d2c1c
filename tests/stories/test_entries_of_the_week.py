"""Entries per stage and manager in the last week, as counted from the raw columns."""

from __future__ import annotations

from typing import Any

STAGES = ("base", "lpr", "needs", "proposal", "closing")


def name(manager: str) -> str:
    """The config writes her name with «е»."""
    return manager.replace("Чернышёва", "Чернышева")


def test_amocrm_shows_all(amocrm: Any, told: dict[str, Any]) -> None:
    for manager, counts in told["entries_last_week"].items():
        own = {"scope": "manager", "manager": name(manager), "pipeline": "sales"}
        found = {s: amocrm.one("entries", stage=s, **own)["value"] for s in STAGES}
        assert found == counts, manager


def test_norm_with_a_filter(amocrm: Any, told: dict[str, Any]) -> None:
    for manager, count in told["base_category_a_last_week"].items():
        row = amocrm.one("entries", scope="manager", manager=name(manager), slice="norm=0")
        assert row["value"] == count, manager
        verdict = "below" if row["value"] < row["norm"] else "normal"
        assert row["verdict"] == verdict


def test_bitrix24_shows_the_first_stage_exactly(bitrix24: Any, told: dict[str, Any]) -> None:
    """The first stage is entered at the creation, which every export has."""
    for manager, counts in told["entries_last_week"].items():
        row = bitrix24.one(
            "entries", scope="manager", manager=name(manager), pipeline="sales", stage="base"
        )
        assert row["value"] == counts["base"]


def test_bitrix24_shows_at_least_so_many(bitrix24: Any, told: dict[str, Any]) -> None:
    """Of the middle stages only deals that still stand there are seen: "at least", never more."""
    seen = 0
    for manager, counts in told["entries_last_week"].items():
        for stage in STAGES[1:]:
            row = bitrix24.one(
                "entries", scope="manager", manager=name(manager), pipeline="sales", stage=stage
            )
            assert row["value"] is None
            assert row["definition"] == "entries.at_least"
            assert 0 <= row["bound_low"] <= counts[stage], (manager, stage)
            seen += row["bound_low"] > 0
    assert seen > 10
    own = bitrix24.rows("entries", slice="norm=0", scope="manager")
    assert {r["verdict"] for r in own} <= {"normal", "great", "not_evaluated", None}
    assert "below" not in {r["verdict"] for r in bitrix24.json["metrics"]}
