"""The planted mess of the data: every kind is said, with file and rows, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

BOTH = pytest.mark.parametrize("shown", ["amocrm", "bitrix24"], indirect=True)


@pytest.fixture
def mess(stories: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = stories["mess"]
    return found


@BOTH
def test_every_row_is_accounted_for(shown: Any, told: dict[str, Any]) -> None:
    files = {name.rpartition("/")[2]: key for key, name in told["files"].items()}
    for account in shown.json["inputs"]:
        assert account["rows"] == told["rows"][files[account["file"]]]
        parts = ("counted", "merged", "excluded", "rejected")
        assert account["rows"] == sum(account[p] for p in parts)
    first = shown.json["inputs"][0]
    assert (first["merged"], first["excluded"], first["rejected"]) == (2, 1, 0)
    ids = shown.analysis.data.deals["deal_id"]
    counted = sum(a["counted"] for a in shown.json["inputs"] if a["kind"] in ("deals", "leads"))
    assert len(ids) == counted


@BOTH
@pytest.mark.parametrize(
    ("story", "code"),
    [
        ("closed_before_created", "closed_before_created"),
        ("no_owner", "no_owner"),
        ("future_created", "created_in_future"),
    ],
)
def test_findings_with_their_rows(shown: Any, mess: dict[str, Any], story: str, code: str) -> None:
    finding = shown.finding(code)
    assert finding["count"] == mess[story]["count"]
    assert finding["rows"] == mess[story][f"{shown.crm}_rows"]
    assert finding["remedy"]
    assert finding["file"].startswith(("amocrm_export", "DEAL_"))


@BOTH
def test_repeated_rows_are_counted_once(shown: Any, mess: dict[str, Any]) -> None:
    finding = shown.finding("repeated_rows")
    assert finding["count"] == mess["duplicate"]["count"]
    assert set(finding["rows"]) <= set(mess["duplicate"][f"{shown.crm}_rows"])
    ids = shown.analysis.data.deals["deal_id"]
    for deal_id in shown.ids(mess["duplicate"]):
        assert (ids == deal_id).sum() == 1


def test_a_stage_that_the_config_does_not_name(amocrm: Any, mess: dict[str, Any]) -> None:
    finding = amocrm.finding("unknown_stage")
    assert (finding["value"], finding["count"]) == ("Архив 2024", mess["unknown_stage"]["count"])
    assert finding["rows"] == mess["unknown_stage"]["amocrm_rows"]
    assert "Архив 2024" in amocrm.page()


def test_closed_in_a_stage_that_the_config_does_not_name(
    bitrix24: Any, mess: dict[str, Any]
) -> None:
    """Bitrix24 says that they are closed: won or lost is unknown, and they are in no rate."""
    finding = bitrix24.finding("outcome_unknown")
    assert finding["rows"] == mess["unknown_stage"]["bitrix24_rows"]
    deals = bitrix24.analysis.data.deals.set_index("deal_id")
    assert set(deals.loc[sorted(bitrix24.ids(mess["unknown_stage"])), "status"]) == {"unknown"}


@BOTH
def test_the_future_does_not_exist(shown: Any, mess: dict[str, Any]) -> None:
    assert not shown.ids(mess["future_created"]) & set(shown.analysis.data.deals["deal_id"])
    assert shown.finding("after_as_of")["count"] == 1


def test_a_stage_date_in_2062(amocrm: Any, mess: dict[str, Any]) -> None:
    """It is no entry; the deal itself counts."""
    (deal_id,) = amocrm.ids(mess["future_stage_date"])
    data = amocrm.analysis.data
    (position,) = data.deals.index[data.deals["deal_id"] == deal_id]
    own = data.entries[data.entries["deal"] == position]
    keys = [data.funnel.stages[s].key for s in own["stage"]]
    assert "proposal" not in keys
    assert own["at"].max() <= data.as_of
    finding = amocrm.finding("stage_date_in_future")
    assert finding["rows"] == mess["future_stage_date"]["amocrm_rows"]
    assert finding["value"].startswith("2062")


def test_currencies_are_never_added(bitrix24: Any, mess: dict[str, Any]) -> None:
    deals = bitrix24.analysis.data.deals.set_index("deal_id")
    for story, currency in (("usd", "USD"), ("eur", "EUR")):
        ids = sorted(bitrix24.ids(mess[story]))
        assert set(deals.loc[ids, "currency"]) == {currency}
        assert len(ids) == (deals["currency"] == currency).sum()
    money = {"won_amount", "open_amount", "average_check", "amount_in_stage", "stalled_amount"}
    rows = [r for r in bitrix24.json["metrics"] if r["metric"] in money and r["value"]]
    assert rows
    assert all(r["currency"] for r in rows)


def test_unsorted_deals_stand_apart(amocrm: Any, mess: dict[str, Any]) -> None:
    """«Неразобранное» of a bot: counted as stock, in no manager's list, no entry of a stage."""
    row = amocrm.one("deals_in_stage", scope="company", pipeline="sales", stage="incoming")
    assert row["value"] == mess["incoming"]["count"]
    finding = amocrm.finding("unknown_managers")
    assert "Биржа заявок" in finding["text"]
    assert finding["count"] == mess["incoming"]["count"]
    assert not [v for v in amocrm.json["verdicts"] if v["manager"] == "Биржа заявок"]


@BOTH
def test_deals_without_amount(shown: Any, mess: dict[str, Any]) -> None:
    """Empty and zero sums are no zero checks: the average is of the paid wins only."""
    assert shown.finding("open_without_amount")["count"] > 0
    assert shown.finding("won_without_amount")["count"] == 13
    deals = shown.analysis.data.deals.set_index("deal_id")
    amounts = deals.loc[sorted(shown.ids(mess["no_amount"])), "amount"]
    assert (amounts.isna() | (amounts == 0)).all()
    row = shown.one("average_check", scope="company", pipeline=None, currency="RUB")
    assert row["value"] == pytest.approx(row["numerator"] / row["denominator"])


@BOTH
def test_every_finding_is_on_the_page(shown: Any) -> None:
    page = " ".join(shown.page(width=400).split())
    for finding in shown.json["findings"]:
        assert " ".join(finding["text"].split()) in page, finding["code"]
