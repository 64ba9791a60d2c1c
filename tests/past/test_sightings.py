"""Rows of one deal in one export: product rows, repeats, totals, other columns."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sample_data.layouts import bitrix_file_name, write_bitrix_csv
from sample_data.weekly import moments

from funnelkpi.config.schema import Settings
from funnelkpi.pipeline import Request, add_to_archive

FIRST, SECOND, THIRD = moments()[:3]
CREATED = datetime(2026, 7, 1, 10, 0, 7)


def row(number: int = 1, amount: Any = "100.00", **more: Any) -> dict[str, Any]:
    """A deal of Анна Белова."""
    base = {"id": number, "pipeline": "Продажи", "stage": "База", "owner": "Анна Белова"}
    return base | {"amount": amount, "created": CREATED, "modified": CREATED} | more


@pytest.fixture
def keep(tmp_path: Path):
    """``keep(moment, rows, **options)``: one Bitrix24 export into the archive."""

    def call(moment: datetime, rows: list[dict[str, Any]], **options: Any) -> Path:
        name = bitrix_file_name("DEAL", moment - timedelta(hours=3))
        path = write_bitrix_csv(tmp_path / name, rows, **options)
        add_to_archive(Request((path,), Settings()), tmp_path / "archive")
        return tmp_path / "archive"

    return call


def changes(kept: Any) -> list[tuple[str, str, Any, Any]]:
    columns = ["deal_id", "change", "from_amount", "amount"]
    return [tuple(r) for r in kept.history[columns].to_numpy().tolist()]  # type: ignore[misc]


def goods(*prices: float) -> list[dict[str, Any]]:
    return [{"name": f"Товар {i}", "price": p, "quantity": 1} for i, p in enumerate(prices)]


def test_product_rows_of_a_deal_are_one_deal(keep, kept_of):
    keep(FIRST, [row(1, products=goods(10, 20)), row(2, products=goods(5))], products=True)
    keep(SECOND, [row(1, products=goods(20, 10)), row(2, products=goods(5))], products=True)
    archive = keep(
        THIRD, [row(1, products=goods(20, 10, 7)), row(2, products=goods(5))], products=True
    )
    kept = kept_of(archive)
    assert changes(kept) == [("1", "amount", 30.0, 37.0)]
    assert kept.begin["amount"].tolist() == [30.0, 5.0]


def test_a_repeated_row_is_one_deal(keep, kept_of):
    keep(FIRST, [row(1), row(1), row(2)])
    archive = keep(SECOND, [row(1, "150.00"), row(2), row(2)])
    assert changes(kept_of(archive)) == [("1", "amount", 100.0, 150.0)]


def test_a_row_of_totals_is_no_deal(keep, kept_of):
    totals = {"id": "Итого", "amount": "300.00"}
    keep(FIRST, [row(1), row(2), totals])
    kept = kept_of(keep(SECOND, [row(1), row(2), totals | {"amount": "1.00"}]))
    assert changes(kept) == []
    assert sorted(kept.begin["deal_id"]) == ["1", "2"]
    assert len(kept.gone) == 0


def test_a_column_that_comes_or_goes_is_no_change(keep, kept_of):
    columns = ("pipeline", "stage", "owner", "created", "modified", "id")
    keep(FIRST, [row(1), row(2)])
    keep(SECOND, [row(1), row(2)], columns=columns)
    archive = keep(THIRD, [row(1, "150.00"), row(2)])
    # without the column nobody knows when it changed: the neighbours are compared, not guessed
    assert changes(kept_of(archive)) == []


def test_a_version_that_comes_back_is_a_change_each_time(keep, kept_of):
    fresh = datetime(2026, 8, 9, 12, 0, 5)
    keep(FIRST, [row(1), row(2)])
    keep(SECOND, [row(1, "150.00", modified=fresh), row(2)])
    archive = keep(THIRD, [row(1), row(2)])
    assert changes(kept_of(archive)) == [
        ("1", "amount", 100.0, 150.0),
        ("1", "amount", 150.0, 100.0),
    ]


def test_two_crms_do_not_meet(tmp_path, keep_weeks, kept_of):
    from sample_data.weekly import simulate

    world = simulate(1, deals=20)
    for crm in ("amocrm", "bitrix24"):
        keep_weeks(tmp_path, world, [FIRST, SECOND], crm)
    kept = kept_of(tmp_path / "archive")
    assert set(kept.first) == {("amocrm", "deal"), ("bitrix24", "deal")}
    assert kept.history.groupby("crm", observed=True)["deal_id"].nunique().min() > 3
    assert set(kept.history["entity"]) == {"deal"}
