"""Several files: parts of one base, two CRMs in one folder, exports of several weeks."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sample_data.amocrm_sample import FIELDS
from sample_data.layouts import amocrm_file_name, write_amocrm_csv
from sample_data.world import simulate

from sample_data import amocrm_sample


def split(kit: Any) -> tuple[list[list[str]], list[list[str]]]:
    """The amoCRM sample by pipeline, each part with the header."""
    header, *body = kit.cells(kit.AMO)
    at = header.index("Воронка")
    parts = [[header, *(r for r in body if r[at] == name)] for name in ("Продажи", None)]
    parts[1] = [header, *(r for r in body if r[at] != "Продажи")]
    return parts[0], parts[1]


def test_one_file_per_pipeline(kit: Any, amo: Any, tmp_path: Path) -> None:
    sales, service = split(kit)
    kit.to_csv(tmp_path / "продажи.csv", sales)
    kit.to_csv(tmp_path / "сервис.csv", service, delimiter="\t", encoding="utf-16")
    got = kit.run(tmp_path, config=kit.settings(kit.AMO_CONFIG))
    assert [a.rows for a in got.assembled.accounts] == [len(sales) - 1, len(service) - 1]
    kit.assert_same(kit.figures(got), amo)


def test_one_sheet_per_pipeline(kit: Any, amo: Any, tmp_path: Path) -> None:
    book = Workbook()
    book.remove(book.active)
    for title, rows in zip(("Продажи", "Сервис"), split(kit), strict=True):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "сделки.xlsx")
    got = kit.run(tmp_path / "сделки.xlsx", config=kit.settings(kit.AMO_CONFIG))
    assert [a.file for a in got.assembled.accounts] == [
        "сделки.xlsx [Продажи]", "сделки.xlsx [Сервис]",
    ]  # fmt: skip
    kit.assert_same(kit.figures(got), amo)


def both_crms(kit: Any) -> Any:
    """One config for both samples: the stages of each under the names of either CRM."""
    amo, bitrix = (
        kit.settings(c).model_dump()["pipelines"] for c in (kit.AMO_CONFIG, kit.BITRIX_CONFIG)
    )
    other = {(p["key"], s["key"]): s for p in bitrix for s in p["stages"]}
    for pipeline in amo:
        for stage in pipeline["stages"]:
            twin = other.get((pipeline["key"], stage["key"]), stage)
            stage["crm"] = tuple(dict.fromkeys(
                (stage["title"], twin["title"], *stage["crm"], *twin["crm"])
            ))  # fmt: skip
            stage["date_column"] = None
    inputs = {"crm": "auto"}
    return kit.settings(kit.AMO_CONFIG, pipelines=(*amo, bitrix[-1]), inputs=inputs)


SUMS = ("won", "won_amount", "deals_created", "lost", "open_deals", "open_amount")


def test_both_crms_side_by_side(kit: Any, tmp_path: Path) -> None:
    """Deals of both are added up; the amounts stay in their currencies."""
    config = both_crms(kit)
    files = (kit.AMO, kit.BITRIX, kit.LEADS, kit.CALLS)
    for path in files:
        shutil.copy(path, tmp_path)
    got = kit.run(tmp_path, config=config)
    assert [(a.crm, a.kind) for a in got.assembled.accounts] == [
        ("bitrix24", "deals"), ("bitrix24", "leads"), ("amocrm", "deals"), ("bitrix24", "calls"),
    ]  # fmt: skip
    apart = [kit.run(*f, config=config) for f in (files[:1], files[1:])]
    keys = ["metric", "pipeline", "currency"]

    def company(analysis: Any) -> Any:
        table = analysis.metrics
        mine = table["scope"].eq("company") & table["metric"].isin(SUMS) & table["slice"].isna()
        return table[mine].set_index(keys)["value"]

    together, one, two = company(got), company(apart[0]), company(apart[1])
    assert len(together) > 15
    wanted = one.add(two, fill_value=0)
    assert together.to_dict() == wanted[together.index].to_dict()


def test_the_newest_file_is_the_moment(kit: Any, tmp_path: Path) -> None:
    """A Bitrix24 name holds its moment; an amoCRM export of a later day is newer."""
    shutil.copy(kit.BITRIX, tmp_path)
    rows = [dict(r) for r in amocrm_sample.rows(simulate())]
    rows[0]["edited"] = datetime(2026, 11, 18, 17, 40, 5)
    name = amocrm_file_name(datetime(2026, 11, 18))
    write_amocrm_csv(tmp_path / name, rows, fields=FIELDS)
    got = kit.run(tmp_path, config=both_crms(kit), as_of=None)
    assert got.view.as_of == datetime(2026, 11, 18, 17, 40, 5)


def week_ago(weeks: int) -> Any:
    """The world as it was some weeks before the export."""
    world, at = simulate(), simulate().as_of - timedelta(weeks=weeks)
    deals = []
    for deal in world.deals:
        events = [e for e in deal.events if e[0] <= at]
        if events:
            lost = deal.loss_reason if events[-1][1] == "lost" else None
            past = replace(deal, events=events, loss_reason=lost)
            past.last_activity = min(deal.last_activity or at, at)
            deals.append(past)
    return replace(world, as_of=at, deals=deals, incoming=[])


@pytest.fixture
def three_weeks(kit: Any, tmp_path: Path) -> Path:
    """Exports of three Mondays, the newest being the sample."""
    for weeks in (1, 2):
        world = week_ago(weeks)
        name = amocrm_file_name(world.as_of)
        rows = amocrm_sample.rows(world)
        for row in rows:
            row["edited"] = min(row["edited"], world.as_of)
        write_amocrm_csv(tmp_path / name, rows, fields=FIELDS)
    shutil.copy(kit.AMO, tmp_path)
    return tmp_path


def test_exports_of_three_weeks_are_the_newest(kit: Any, amo: Any, three_weeks: Path) -> None:
    got = kit.run(three_weeks, config=kit.settings(kit.AMO_CONFIG), as_of=None)
    assert got.view.as_of == kit.AS_OF
    newest = got.assembled.accounts[-1]
    assert newest.file == kit.AMO.name
    for older in got.assembled.accounts[:2]:
        assert (older.counted, older.merged) == (0, older.rows)  # every deal is in the newest
    kit.assert_same(kit.figures(got), amo)
    assert kit.codes(got).count("older_export") == 2


def test_a_deal_gone_from_the_newest_is_excluded(kit: Any, amo: Any, three_weeks: Path) -> None:
    oldest = three_weeks / amocrm_file_name(simulate().as_of - timedelta(weeks=2))
    rows = oldest.read_text("utf-8").splitlines(keepends=True)
    gone = rows[1].replace(rows[1].split(",")[0], "77777777", 1)
    oldest.write_text("".join([rows[0], gone, *rows[1:]]), "utf-8")
    got = kit.run(three_weeks, config=kit.settings(kit.AMO_CONFIG), as_of=None)
    account = next(a for a in got.assembled.accounts if a.file == oldest.name)
    assert (account.counted, account.excluded) == (0, 1)
    assert account.reasons[0][0].endswith("absent_from_newest")
    kit.assert_same(kit.figures(got), amo)
