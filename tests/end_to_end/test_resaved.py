"""Exports that a spreadsheet program has saved again give the figures of the native file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

Rows = Sequence[Sequence[str]]
_MOMENT = re.compile(r"\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}(:\d{2})?")
_DATE = re.compile(r"\d{2}\.\d{2}\.\d{4}")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d+)?")


def native(text: str) -> Any:
    """A cell as Excel keeps it: dates and numbers typed, the rest text."""
    if _MOMENT.fullmatch(text):
        return datetime.strptime(text, f"%d.%m.%Y %H:%M{':%S' if len(text) == 19 else ''}")
    if _DATE.fullmatch(text):
        return datetime.strptime(text, "%d.%m.%Y")
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text or None


def workbook(path: Path, rows: Rows, *, cover: bool = False) -> Path:
    book = Workbook()
    sheet = book.active
    if cover:
        sheet.title = "Обложка"
        sheet.append(["Выгрузка для совещания"])
        sheet.append(["подготовил", "отдел продаж"])
        sheet = book.create_sheet("Сделки")
    for row in rows:
        sheet.append([native(c) for c in row])
    book.save(path)
    return path


def titled(rows: Rows) -> list[Sequence[str]]:
    """A title above the header, totals below the rows."""
    width = len(rows[0])
    title = ["Сделки отдела продаж на 16.11.2026", *[""] * (width - 1)]
    totals = ["Итого", str(len(rows) - 1), *[""] * (width - 2)]
    return [title, [""] * width, *rows, totals]


VARIANTS: dict[str, Callable[[Any, Path, Rows], Path]] = {
    "xlsx, native dates and numbers": lambda kit, p, rows: workbook(p / "deals.xlsx", rows),
    "xlsx, a cover sheet first": lambda kit, p, rows: workbook(p / "d.xlsx", rows, cover=True),
    "semicolons": lambda kit, p, rows: kit.to_csv(p / "deals.csv", rows, delimiter=";"),
    "commas": lambda kit, p, rows: kit.to_csv(p / "deals.csv", rows, delimiter=","),
    "tabs, UTF-16": lambda kit, p, rows: kit.to_csv(
        p / "deals.txt", rows, delimiter="\t", encoding="utf-16"
    ),
    "cp1251": lambda kit, p, rows: kit.to_csv(p / "deals.csv", rows, encoding="cp1251"),
    "BOM, LF": lambda kit, p, rows: kit.to_csv(
        p / "deals.csv", rows, encoding="utf-8-sig", newline="\n"
    ),
    "title above, totals below": lambda kit, p, rows: kit.to_csv(p / "deals.csv", titled(rows)),
    "xlsx, title above, totals below": lambda kit, p, rows: workbook(p / "d.xlsx", titled(rows)),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_amocrm(variant: str, kit: Any, amo: Any, tmp_path: Path) -> None:
    path = VARIANTS[variant](kit, tmp_path, kit.cells(kit.AMO))
    got = kit.run(path, config=kit.settings(kit.AMO_CONFIG))
    kit.assert_same(kit.figures(got), amo)
    totals = [n for code, n in got.assembled.accounts[0].reasons if code.endswith("totals_row")]
    assert totals == ([1] if "totals" in variant else [])


@pytest.mark.parametrize("variant", VARIANTS)
def test_bitrix24(variant: str, kit: Any, bitrix_deals: Any, tmp_path: Path) -> None:
    path = VARIANTS[variant](kit, tmp_path, kit.cells(kit.BITRIX))
    got = kit.run(path, config=kit.settings(kit.BITRIX_CONFIG))
    kit.assert_same(kit.figures(got), bitrix_deals)


def test_every_variant_accounts_for_the_same_rows(kit: Any, tmp_path: Path) -> None:
    rows = kit.cells(kit.AMO)
    config = kit.settings(kit.AMO_CONFIG)
    account = kit.run(kit.AMO, config=config).assembled.accounts[0]
    assert account.rows == len(rows) - 1
    # two doubled rows and the deal created next year
    assert (account.counted, account.merged, account.excluded) == (len(rows) - 4, 2, 1)
    saved = kit.run(workbook(tmp_path / "x.xlsx", rows), config=config).assembled.accounts[0]
    assert (saved.rows, saved.counted, saved.merged, saved.excluded) == (
        account.rows, account.counted, account.merged, account.excluded,
    )  # fmt: skip
