"""Stories about deals: handed over, waiting, stalled, skipped, renamed, parked."""

from __future__ import annotations

from typing import Any

import pytest

BOTH = pytest.mark.parametrize("shown", ["amocrm", "bitrix24"], indirect=True)


@BOTH
def test_handed_over_base(shown: Any, stories: dict[str, Any]) -> None:
    """Six of the deals taken over in July stand untouched: all are listed, their sum is at stake."""
    story = stories["handed_over"]["untouched"]
    listed = shown.listed(stories["handed_over"]["to"])
    untouched = shown.ids(story)
    assert untouched <= set(listed)
    rows = [listed[i] for i in untouched]
    assert all({"stalled", "too_old"} <= set(r["reasons"]) for r in rows)
    assert all(r["days"] > 120 for r in rows)
    assert sum(r["amount"] or 0 for r in rows) == story["amount"]
    if shown.crm == "bitrix24":
        assert all("silent" in r["reasons"] for r in rows)
    top = shown.page().splitlines()[:24]
    assert sum(any(f"#{i} " in line for line in top) for i in untouched) >= 2


@BOTH
def test_proposals_that_wait_too_long(shown: Any, stories: dict[str, Any]) -> None:
    story = stories["proposals_wait"]
    rows = [
        r
        for r in shown.listed(story["manager"]).values()
        if r["stage"] == story["stage"] and "stalled" in r["reasons"]
    ]
    assert {r["deal_id"] for r in rows} == shown.ids(story)
    assert sum(r["amount"] for r in rows) == story["amount"]
    assert {r["limit"] for r in rows} == {story["limit_days"]}
    assert all(r["days"] > story["limit_days"] for r in rows)
    company = shown.one("stalled", scope="company", pipeline="sales", stage=story["stage"])
    assert company["value"] >= story["count"]


@BOTH
def test_the_large_deal_stands_first(shown: Any, stories: dict[str, Any]) -> None:
    story = stories["stalled_large"]
    (deal_id,) = shown.ids(story)
    first = shown.json["stalled"][0]
    assert (first["deal_id"], first["amount"]) == (deal_id, story["amount"])
    assert first["manager"] == story["manager"]
    assert first["stage"] == story["stage"]
    assert int(first["days"]) == 65  # since 11 September
    assert first["status"] == "stalled"
    page = shown.page().splitlines()[:24]
    (line,) = [x for x in page if f"#{deal_id}" in x]
    assert "18,5 млн ₽" in line
    assert story["manager"] in line


def test_silence_of_the_large_deal(bitrix24: Any, stories: dict[str, Any]) -> None:
    """The last conversation on 29 September: only Bitrix24 has the column."""
    (deal_id,) = bitrix24.ids(stories["stalled_large"])
    assert "silent" in bitrix24.listed()[deal_id]["reasons"]


def test_amocrm_csv_cannot_show_silence(amocrm: Any) -> None:
    """No last activity and no task in amoCRM's CSV: not evaluated, and the reason is named."""
    for reason in ("silent", "overdue", "no_next_step"):
        row = amocrm.one("stalled", scope="company", slice=f"reason={reason}")
        assert row["verdict"] == "not_evaluated"
        assert row["definition"].startswith("needs.")
        assert row["value"] is None
    assert "«молчит» не оценено" in amocrm.page()


def test_skipped_stage(amocrm: Any, stories: dict[str, Any]) -> None:
    """Twenty deals went from ЛПР to КП without «Потребность»; for the conversion they passed it."""
    from dataclasses import replace

    from funnelkpi.metrics import entries
    from funnelkpi.model.period import parse_period

    story, analysis = stories["skipped_stage"], amocrm.analysis
    data = analysis.data
    found: set[str] = set()
    for year in ("2025", "2026"):
        period = parse_period(year, data.as_of, data.calendar)
        view = replace(analysis.view, period=period)
        facts = entries.facts(data, view, "skipped_over")
        keys = facts["stage"].map(lambda code: data.funnel.stages[code].key)
        sales = facts[keys == story["skipped"]]
        found |= set(data.deals["deal_id"].iloc[sales["deal"]])
        owners = data.deals["manager"].iloc[sales["deal"]].dropna()
        assert set(owners) <= {"Марина Чернышева"}
    assert found == amocrm.ids(story)


def test_bitrix24_cannot_show_skips(bitrix24: Any) -> None:
    rows = bitrix24.rows("skipped_over")
    assert rows
    assert {r["verdict"] for r in rows} == {"not_evaluated"}


@BOTH
def test_renamed_stage_is_one(shown: Any, stories: dict[str, Any]) -> None:
    story = stories["renamed_stage"]
    count = story["under_old_name"]["count"] + story["under_new_name"]["count"]
    row = shown.one("deals_in_stage", scope="company", pipeline="sales", stage="closing")
    assert row["value"] == count == 20
    amount = story["under_old_name"]["amount"] + story["under_new_name"]["amount"]
    money = shown.one(
        "amount_in_stage", scope="company", pipeline="sales", stage="closing", currency="RUB"
    )
    assert money["value"] == amount
    here = shown.analysis.data.deals
    ids = set(here.loc[here["stage"] == "sales/closing", "deal_id"])
    assert ids == shown.ids(story["under_old_name"]) | shown.ids(story["under_new_name"])
    assert story["old"] not in shown.page()


@BOTH
def test_parked_deals_are_neither_won_nor_lost(shown: Any, stories: dict[str, Any]) -> None:
    story = stories["parked"]
    where = {"scope": "company", "pipeline": "sales", "stage": story["stage"]}
    assert shown.one("deals_in_stage", **where)["value"] == story["count"]
    money = shown.one("amount_in_stage", currency="RUB", **where)
    assert money["value"] == story["amount"]
    deals = shown.analysis.data.deals.set_index("deal_id")
    assert set(deals.loc[sorted(shown.ids(story)), "status"]) == {"parked"}
    assert not shown.ids(story) & set(shown.listed())  # no clock runs for them
    assert "51 724 000 ₽" in shown.page()


def test_loss_reasons_with_brackets_in_brackets(amocrm: Any, told: dict[str, Any]) -> None:
    """All losses of the export by reason: the reason is cut off the stage's name at the right place."""
    deals = amocrm.analysis.data.deals
    lost = deals[deals["status"] == "lost"]
    found = lost["loss_reason"].astype("object").fillna("").value_counts().to_dict()
    assert found == told["loss_reasons"]
    assert "Не целевой (не ЛПР (секретарь))" in amocrm.page()


def test_bitrix24_has_no_loss_reasons(bitrix24: Any) -> None:
    row = bitrix24.one("loss_reasons", scope="company")
    assert (row["verdict"], row["definition"]) == ("not_evaluated", "needs.loss_reason")
