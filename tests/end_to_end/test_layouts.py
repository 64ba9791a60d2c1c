"""Every native layout of the same deals gives the same figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sample_data.amocrm_captions import CSV_CAPTIONS
from sample_data.amocrm_sample import FIELDS
from sample_data.amocrm_sample import rows as amo_rows
from sample_data.bitrix24_captions import CLIENT
from sample_data.bitrix24_sample import deal_rows
from sample_data.layouts import (
    write_amocrm_csv,
    write_amocrm_xlsx,
    write_bitrix_csv,
    write_bitrix_html,
)
from sample_data.world import simulate

OF_TASKS = ("stalled", "stalled_amount", "stalled_share", "next_step_share")
"""The XLSX layout has «Ближайшая задача»: deals without a next step become known."""


def test_amocrm_xlsx_is_the_csv(kit: Any, amo: Any, tmp_path: Path) -> None:
    path = write_amocrm_xlsx(tmp_path / "deals.xlsx", amo_rows(simulate()), fields=FIELDS)
    got = kit.run(path, config=kit.settings(kit.AMO_CONFIG))
    table = kit.figures(got, without=OF_TASKS)
    kit.assert_same(table, amo[~amo["metric"].isin(OF_TASKS)].reset_index(drop=True))
    # the reasons that need no task are the CSV's
    for reason in ("reason=stalled", "reason=too_old"):
        mine, csv = (
            f[f["slice"].eq(reason) & f["metric"].eq("stalled")].reset_index(drop=True)
            for f in (kit.figures(got), amo)
        )
        kit.assert_same(mine, csv)


def test_amocrm_xlsx_knows_the_next_task(kit: Any, tmp_path: Path) -> None:
    rows = [r | {"next_task": None} for r in amo_rows(simulate())]
    path = write_amocrm_xlsx(tmp_path / "deals.xlsx", rows, fields=FIELDS)
    table = kit.figures(kit.run(path, config=kit.settings(kit.AMO_CONFIG)))
    company = table[table["scope"].eq("company") & table["metric"].eq("stalled")]
    whole = company[company["pipeline"].isna() & company["stage"].isna()]
    no_step = whole[whole["slice"].eq("reason=no_next_step")].iloc[0]
    assert no_step["value"] == no_step["denominator"] > 0  # not one deal has a task


@pytest.mark.parametrize("lang", ["pt", "es"])
def test_amocrm_captions_of_other_languages(lang: str, kit: Any, amo: Any, tmp_path: Path) -> None:
    path = write_amocrm_csv(tmp_path / "kommo.csv", amo_rows(simulate()), lang=lang, fields=FIELDS)
    assert CSV_CAPTIONS[lang].split("|")[1] in path.read_text("utf-8").splitlines()[0]
    got = kit.run(path, config=kit.settings(kit.AMO_CONFIG))
    kit.assert_same(kit.figures(got), amo)


def test_bitrix24_html_is_the_csv(kit: Any, bitrix_deals: Any, tmp_path: Path) -> None:
    path = write_bitrix_html(tmp_path / "DEAL.xls", deal_rows(simulate()), client=CLIENT)
    got = kit.run(path, config=kit.settings(kit.BITRIX_CONFIG))
    assert got.exports[0].source.format == "html"
    kit.assert_same(kit.figures(got), bitrix_deals)


@pytest.mark.parametrize("write", [write_bitrix_csv, write_bitrix_html])
def test_bitrix24_product_rows_add_up(
    write: Any, kit: Any, bitrix_deals: Any, tmp_path: Path
) -> None:
    rows = [r | {"products": _three_products(r["amount"])} for r in _once(deal_rows(simulate()))]
    lines = sum(len(r["products"]) or 1 for r in rows)
    path = write(tmp_path / "DEAL.xls", rows, products=True)
    got = kit.run(path, config=kit.settings(kit.BITRIX_CONFIG))
    account = got.assembled.accounts[0]
    assert (account.rows, account.merged) == (lines, lines - len(rows))
    kit.assert_same(kit.figures(got), bitrix_deals)


def _once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({r["id"]: r for r in rows}.values())


def _three_products(amount: float) -> list[dict[str, Any]]:
    """Products whose rows add up to ``amount``; a deal without an amount has none."""
    if not amount:
        return []
    first, second = round(amount * 0.5, 2), round(amount * 0.3, 2)
    rest = round(amount - first - second, 2)
    return [{"name": f"Товар {i}", "price": p, "quantity": 1} for i, p in
            enumerate((first, second, rest), 1)]  # fmt: skip


def test_bitrix24_fields_in_another_order(kit: Any, bitrix_deals: Any, tmp_path: Path) -> None:
    """ "Current columns": the grid's own order, ID last; no client block."""
    keys = ("title", "stage", "previous_stage", "pipeline", "amount", "currency", "owner",
            "created", "modified", "closed", "planned_close", "moved_at", "source", "company",
            "contact", "last_activity")  # fmt: skip
    path = write_bitrix_csv(tmp_path / "DEAL.csv", deal_rows(simulate()), columns=keys)
    got = kit.run(path, config=kit.settings(kit.BITRIX_CONFIG))
    kit.assert_same(kit.figures(got), bitrix_deals)


def test_old_captions_of_bitrix24(kit: Any, bitrix_deals: Any, tmp_path: Path) -> None:
    captions = {"pipeline": "Направление", "planned_close": "Дата закрытия"}
    path = write_bitrix_csv(tmp_path / "DEAL.csv", deal_rows(simulate()), captions=captions)
    got = kit.run(path, config=kit.settings(kit.BITRIX_CONFIG))
    kit.assert_same(kit.figures(got), bitrix_deals)


def test_renamed_final_stages_of_amocrm(kit: Any, amo: Any, tmp_path: Path) -> None:
    """142 and 143 under other names, with a loss reason in brackets that has brackets itself."""
    names = {"Успешно реализовано": "Деньги на счёте", "Закрыто и не реализовано": "Потеряна"}
    rows = [r | {"stage": names.get(r["stage"], r["stage"])} for r in amo_rows(simulate())]
    path = write_amocrm_csv(tmp_path / "deals.csv", rows, fields=FIELDS)
    config = kit.settings(kit.AMO_CONFIG).model_dump()
    for pipeline in config["pipelines"]:
        for stage in pipeline["stages"]:
            stage["crm"] = (names.get(stage["title"], stage["title"]), *stage["crm"])
    got = kit.run(path, config=kit.settings(kit.AMO_CONFIG, pipelines=config["pipelines"]))
    kit.assert_same(kit.figures(got), amo)


def test_renamed_final_stages_the_config_does_not_know(kit: Any, amo: Any, tmp_path: Path) -> None:
    """amoCRM: closed with a reason is lost, closed without one is won; the guess is a finding."""
    names = {"Успешно реализовано": "Деньги на счёте", "Закрыто и не реализовано": "Потеряна"}
    rows = [r | {"stage": names.get(r["stage"], r["stage"])} for r in amo_rows(simulate())]
    path = write_amocrm_csv(tmp_path / "deals.csv", rows, fields=FIELDS)
    got = kit.run(path, config=kit.settings(kit.AMO_CONFIG))
    told = {c: n for f in got.findings for c, n in [(f.code.rpartition(".")[2], f.value)]}
    assert told["taken_as_won"] == "Деньги на счёте"
    assert told["taken_as_lost"] == "Потеряна"
    for metric in ("won", "won_amount", "win_rate", "deals_created", "open_deals"):
        kit.assert_same(*(
            f[f["metric"].eq(metric)].reset_index(drop=True) for f in (kit.figures(got), amo)
        ))  # fmt: skip
