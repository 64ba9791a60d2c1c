"""A table inside a file: its header, and its columns as text, read only when asked for.

A reader decides by content the format, encoding, delimiter, sheet and header row. It knows no CRM.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from funnelkpi.model.finding import Finding

if TYPE_CHECKING:
    import pyarrow as pa

Format = Literal["csv", "xlsx", "xls", "ods", "html", "json", "parquet", "ics"]


@dataclass(frozen=True, slots=True)
class Columns:
    """What ``Source.read`` gives.

    table: pyarrow table; column ``"3"`` is the source's column at position 3 as (large_)string or
    dictionary<string>; null is an empty cell. Column ``"_row"`` (int64) is the row number.
    rows: rows read, rejected ones included. rejected: rows left out here, each named in a finding.
    """

    table: pa.Table
    rows: int
    rejected: int = 0
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One table of one file, opened but not read.

    name: how messages call it: the file name, with ``[sheet]`` when a workbook has several.
    header: captions by position, as they stand (stripped of BOM and outer blanks); may repeat.
    header_row: row number of the header as seen in Excel (1 in a native export).
    sample: the first rows (at most 200) as text by position, for recognition.
    stated_at, utc_offset: moment and offset the container itself states (docProps), if any.
    empty_notice: the file's own words that it holds nothing («Список сделок пуст!»);
        header is then ().
    reader: reads the columns at the given positions.
    """

    path: Path
    name: str
    format: Format
    header: tuple[str, ...]
    header_row: int
    sample: tuple[tuple[str | None, ...], ...]
    reader: Callable[[Sequence[int]], Columns]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    stated_at: datetime | None = None
    utc_offset: timedelta | None = None
    empty_notice: str | None = None
    findings: tuple[Finding, ...] = field(default=())

    def read(self, positions: Sequence[int]) -> Columns:
        """Read the columns at ``positions`` (any order, no repeats), all rows."""
        return self.reader(positions)
