"""The slower way through a text table: row by row, naming every row that is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from funnelkpi.errors import InputError
from funnelkpi.model.finding import Finding, Severity
from funnelkpi.readers.csv_layout import FIELD_LIMIT, Layout
from funnelkpi.readers.encoding import settle_encoding
from funnelkpi.readers.header import is_blank
from funnelkpi.readers.rows import Rows, Tally, has_bad_bytes, mended
from funnelkpi.readers.source import Columns


@dataclass
class _Lines:
    """Lines of the file; keeps those of the record being read, drops NUL characters."""

    stream: io.TextIOWrapper
    record: list[str] = field(default_factory=list)
    nul: bool = False

    def __iter__(self) -> Iterator[str]:
        for line in self.stream:
            self.record.append(line)
            if "\0" in line:
                self.nul = True
                yield line.replace("\0", "")
            else:
                yield line


@dataclass
class _Wrong:
    """Rows that are not as they should be, by kind."""

    long: Tally = field(default_factory=lambda: Tally("findings_readers.too_many_cells"))
    quotes: Tally = field(default_factory=lambda: Tally("findings_readers.broken_quotes"))
    cut: Tally = field(default_factory=lambda: Tally("findings_readers.cut_off"))
    short: Tally = field(
        default_factory=lambda: Tally("findings_readers.short_rows", Severity.NOTE)
    )
    nul: Tally = field(default_factory=lambda: Tally("findings_readers.nul_bytes"))

    @property
    def rejected(self) -> int:
        """Rows left out."""
        return self.long.count + self.quotes.count + self.cut.count

    def findings(self, file: str) -> tuple[Finding, ...]:
        """One finding per kind met."""
        tallies = (self.long, self.quotes, self.cut, self.short, self.nul)
        return tuple(f for tally in tallies for f in tally.findings(file))


def read_tolerant(layout: Layout, positions: Sequence[int]) -> Columns:
    """Read the columns at ``positions`` of a text table that may be damaged.

    Short rows are filled up with empty cells. Left out, each with a finding: rows with more filled
    cells than the header has, rows whose quotes do not pair, a last row cut by the end of the file.

    Raises:
        InputError: a quote is opened and never closed (names the row).
    """
    encoding = layout.encoding
    if not encoding.certain:
        encoding = settle_encoding(layout.path, encoding)
    rows = Rows(positions, layout.header, layout.name)
    wrong = _Wrong()
    for number, cells, lines in _records(replace(layout, encoding=encoding)):
        if lines.nul:
            lines.nul = False
            wrong.nul.add(number)
        if is_blank(cells):
            continue
        misfit = len(cells) != layout.width
        broken = (misfit or len(lines.record) > 1) and _quotes_broken(lines.record, layout)
        # PHP's fputcsv leaves a quote after a backslash single.
        broken = broken or (misfit and any('\\"' in line for line in lines.record))
        if broken:
            wrong.quotes.add(number, _shown(lines.record))
        elif len(cells) > layout.width and any(cells[layout.width :]):
            wrong.long.add(number, _shown(lines.record))
        elif _is_cut(layout, lines, cells, wrong):
            wrong.cut.add(number, _shown(lines.record))
        else:
            if len(cells) < min(layout.width, len(layout.header)):
                wrong.short.add(number)
            rows.add(number, cells)
    return rows.columns(rejected=wrong.rejected, findings=wrong.findings(layout.name))


def _records(layout: Layout) -> Iterator[tuple[int, list[str], _Lines]]:
    csv.field_size_limit(FIELD_LIMIT)
    number = layout.header_row
    with layout.path.open("rb") as file:
        file.seek(layout.data_offset)
        stream = io.TextIOWrapper(
            file, encoding=layout.encoding.name, errors=layout.encoding.errors, newline=""
        )
        lines = _Lines(stream)
        reader = csv.reader(iter(lines), delimiter=layout.delimiter)
        while True:
            lines.record.clear()
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise _open_quote(layout, number, lines.record) from error
            if len(lines.record) > 1 or lines.record[-1][-1:] not in "\r\n":
                _refuse_open_quote(layout, number, lines.record)
            yield number, cells, lines


def _refuse_open_quote(layout: Layout, number: int, record: list[str]) -> None:
    try:
        for _ in csv.reader(record, delimiter=layout.delimiter, strict=True):
            pass
    except csv.Error as error:
        if "end of data" in str(error):
            raise _open_quote(layout, number, record) from error


def _open_quote(layout: Layout, number: int, record: list[str]) -> InputError:
    return InputError.of(
        "errors_readers.open_quote",
        file=layout.name,
        row=number,
        excerpt=_shown(record),
        lines=len(record),
    )


def _quotes_broken(record: list[str], layout: Layout) -> bool:
    """Whether a closing quote is followed by text: the row is then not what its writer meant."""
    if not any('"' in line for line in record):
        return False
    try:
        for _ in csv.reader(record, delimiter=layout.delimiter, strict=True):
            pass
    except csv.Error:
        return True
    return False


def _is_cut(layout: Layout, lines: _Lines, cells: list[str], wrong: _Wrong) -> bool:
    """Whether the file ends in the middle of this row.

    It is the last one and has no line end, and either half a character stands there, or it alone is
    shorter than the header.
    """
    if lines.record[-1][-1:] in "\r\n":
        return False
    return layout.cut_character or (
        len(cells) < min(layout.width, len(layout.header)) and not wrong.short.count
    )


def _shown(record: list[str]) -> str:
    line = record[0].rstrip("\r\n")[:120]
    return mended(line) if has_bad_bytes(line) else line
