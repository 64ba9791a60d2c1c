"""A small table of text cells, and the record it is kept with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from funnelkpi.archive.snapshot import Record
from funnelkpi.archive.store import Outcome, keep

HEADER = ("ID", "Этап", "Город", "Город")
ROWS = (("1", "ЛПР", "Тула", None), ("2", "База", None, "Пермь"), ("3", "ЛПР", "", "Тула"))
MONDAY = datetime(2026, 8, 3, 9, 0)


def table(rows: Sequence[Sequence[str | None]] = ROWS, width: int = len(HEADER)) -> pa.Table:
    """Columns "0", "1", ... as a reader gives them."""
    columns: dict[str, Any] = {
        str(i): pa.array([r[i] for r in rows], pa.large_string()) for i in range(width)
    }
    return pa.table(columns | {"_row": pa.array(range(2, len(rows) + 2), pa.int64())})


def record(moment: datetime = MONDAY, header: tuple[str, ...] = HEADER) -> Record:
    """An amoCRM export of deals."""
    return Record(
        "amocrm", "deals", "amocrm-csv", "deals.csv", header, 1, moment, "Europe/Moscow",
        source=f"{moment:%d}",
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the archive is to be."""
    return tmp_path / "archive"


@pytest.fixture
def add(folder: Path) -> Callable[..., Outcome]:
    """``add(moment, rows)``: keep an export."""

    def call(moment: datetime = MONDAY, rows: Sequence[Sequence[str | None]] = ROWS) -> Outcome:
        return keep(folder, record(moment), table(rows))

    return call
