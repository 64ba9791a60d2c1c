"""Rows given one by one become the columns asked for, in chunks, so that memory holds no others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity
from funnelkpi.readers.header import TOTALS_AT_MOST, Row, count_totals
from funnelkpi.readers.source import Columns

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK = 8192
_SURROGATES = range(0xDC80, 0xDD00)
"""What ``errors="surrogateescape"`` makes of bytes that are not text."""


class Tally:
    """Rows with one and the same trouble: the first of them, how many, the first offending text."""

    def __init__(self, code: str, severity: Severity = Severity.WARNING) -> None:
        self.code, self.severity = code, severity
        self.rows: list[int] = []
        self.count = 0
        self.value: str | None = None
        self.params: dict[str, int] = {}

    def add(self, row: int, value: str | None = None) -> None:
        """Note one more row."""
        self.count += 1
        if len(self.rows) < ROWS_SHOWN:
            self.rows.append(row)
        if self.value is None and value:
            self.value = value[:200]

    def findings(self, file: str) -> tuple[Finding, ...]:
        """The finding about these rows, if there were any."""
        if not self.count:
            return ()
        return (
            Finding(
                code=self.code,
                severity=self.severity,
                file=file,
                rows=tuple(self.rows),
                value=self.value,
                count=self.count,
                params={"count": self.count, **self.params},
            ),
        )


def has_bad_bytes(text: str) -> bool:
    """Whether the text holds bytes that could not be decoded."""
    return any(ord(c) in _SURROGATES for c in text)


def mended(text: str) -> str:
    """The text with undecodable bytes as U+FFFD."""
    return "".join("\ufffd" if 0xD800 <= ord(c) <= 0xDFFF else c for c in text)


class Rows:
    """Collects rows of text into the columns at ``positions``.

    Blank rows are for the caller to leave out. Totals at the end are left out here, with a note.
    """

    def __init__(self, positions: Sequence[int], header: Sequence[str], file: str) -> None:
        self.positions, self.header, self.file = tuple(positions), tuple(header), file
        self._cells: list[Row] = []
        self._numbers: list[int] = []
        self._chunks: list[pa.RecordBatch] = []
        self._kept = 0
        self._bad = Tally("findings_readers.bad_bytes")

    def add(self, number: int, cells: Row) -> None:
        """Take a row that is not blank."""
        self._cells.append(cells)
        self._numbers.append(number)
        if len(self._cells) >= CHUNK + TOTALS_AT_MOST:
            self._flush(CHUNK)

    def columns(self, *, rejected: int = 0, findings: Sequence[Finding] = ()) -> Columns:
        """The columns of all rows taken; ``rejected`` are rows the caller left out."""
        import pyarrow as pa

        totals = count_totals(self._cells, self.header)
        left_out = Tally("findings_readers.totals_row", Severity.NOTE)
        for number, cells in zip(
            self._numbers[len(self._numbers) - totals :],
            self._cells[len(self._cells) - totals :],
            strict=True,
        ):
            left_out.add(number, next(filter(None, cells), None))
        self._flush(len(self._cells) - totals)
        table = pa.Table.from_batches(self._chunks, schema=schema(self.positions))
        found = (*findings, *self._bad.findings(self.file), *left_out.findings(self.file))
        return Columns(table, self._kept + rejected, rejected, found)

    def _flush(self, n: int) -> None:
        import pyarrow as pa

        cells, self._cells = self._cells[:n], self._cells[n:]
        numbers, self._numbers = self._numbers[:n], self._numbers[n:]
        if not cells:
            return
        width = max(self.positions, default=-1) + 1
        cells = [c if len(c) >= width else [*c, *[None] * (width - len(c))] for c in cells]
        # Bad bytes are told of once a row, whichever of the columns asked for hold them.
        bad: set[int] = set()
        arrays: list[pa.Array] = [pa.array(numbers, pa.int64())]
        for p in self.positions:
            values = [row[p] or None for row in cells]
            try:
                arrays.append(pa.array(values, pa.string()))
            except UnicodeEncodeError:
                for i, value in enumerate(values):
                    if value and not value.isascii() and has_bad_bytes(value):
                        values[i] = mended(value)
                        if i not in bad:
                            bad.add(i)
                            self._bad.value = self._bad.value or values[i]
                arrays.append(pa.array([v and mended(v) for v in values], pa.string()))
        for i in sorted(bad):
            self._bad.add(numbers[i])
        self._chunks.append(pa.RecordBatch.from_arrays(arrays, schema=schema(self.positions)))
        self._kept += len(cells)


def schema(positions: Sequence[int]) -> pa.Schema:
    """Schema of ``Columns.table`` for these positions."""
    import pyarrow as pa

    return pa.schema([("_row", pa.int64()), *((str(p), pa.string()) for p in positions)])
