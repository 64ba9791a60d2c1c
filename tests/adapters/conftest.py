"""Sources in memory: a header and rows of text, as a reader would give them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from funnelkpi.adapters.interface import Export, Wanted
from funnelkpi.adapters.load import Tables, load
from funnelkpi.adapters.registry import recognise
from funnelkpi.config.schema import Settings
from funnelkpi.model.tables import DEALS
from funnelkpi.readers.source import Columns, Format, Source

ALL = Wanted(frozenset(c.name for c in DEALS))


def source(
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str | None]] = (),
    *,
    fmt: Format = "csv",
    stated_at: datetime | None = None,
    utc_offset: timedelta | None = None,
    empty_notice: str | None = None,
    rejected: int = 0,
) -> Source:
    """A table whose first data row is row 2; short rows are padded, '' is an empty cell.

    rejected: rows the reader left out at the end.
    """
    padded = [[*r, *[None] * (len(header) - len(r))] for r in rows]
    cells = [[c or None for c in row] for row in padded]

    def read(positions: Sequence[int]) -> Columns:
        columns: dict[str, Any] = {
            str(p): pa.chunked_array([pa.array([r[p] for r in cells], pa.large_string())])
            for p in positions
        }
        columns["_row"] = pa.array(range(2, len(cells) + 2), pa.int64())
        return Columns(pa.table(columns), len(cells) + rejected, rejected)

    return Source(
        path=Path(name),
        name=name,
        format=fmt,
        header=tuple(header),
        header_row=1,
        sample=tuple(tuple(r) for r in cells[:200]),
        reader=read,
        stated_at=stated_at,
        utc_offset=utc_offset,
        empty_notice=empty_notice,
    )


def table(name: str, text: str, **options: Any) -> Source:
    """A source from a ``|``-separated table; the first line is the header."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    cells = [[c.strip() for c in line.split("|")] for line in lines]
    return source(name, cells[0], cells[1:], **options)


def load_all(
    *sources: Source, settings: Settings | None = None, wanted: Wanted = ALL, crm: str = "auto"
) -> Tables:
    """Recognise and load sources; the account of each must balance."""
    settings = settings or Settings()
    exports: list[Export] = [recognise(s, settings, crm) for s in sources]
    tables = load(exports, wanted, settings)
    assert len(tables.accounts) == len(sources)
    assert all(a.balanced for a in tables.accounts), tables.accounts
    for kind in ("deals", "leads", "calls"):
        frame = getattr(tables, kind)
        counted = sum(a.counted for a in tables.accounts if a.kind == kind)
        assert counted == (0 if frame is None else len(frame))
    return tables


def plain(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Rows of some columns as plain values: moments as text, missing as None."""

    def value(x: Any) -> Any:
        if pd.isna(x):
            return None
        return x.strftime("%Y-%m-%d %H:%M:%S") if isinstance(x, datetime) else x

    lists = [[value(x) for x in frame[c].tolist()] for c in columns]
    return list(zip(*lists, strict=True))


def found(tables: Tables) -> dict[str, Any]:
    """Findings by the last part of their code."""
    return {f.code.rpartition(".")[2]: f for f in tables.findings}


@pytest.fixture
def make_source() -> Callable[..., Source]:
    return source


@pytest.fixture
def make_table() -> Callable[..., Source]:
    return table


@pytest.fixture
def load_tables() -> Callable[..., Tables]:
    return load_all


@pytest.fixture
def rows() -> Callable[..., list[tuple[Any, ...]]]:
    return plain


@pytest.fixture
def findings() -> Callable[[Tables], dict[str, Any]]:
    return found
