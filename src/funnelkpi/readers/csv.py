"""CSV and other text tables: pyarrow reads the columns asked for; a tolerant reader takes the files
it refuses and names the rows that are wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelkpi.model.finding import Finding, Severity
from funnelkpi.readers.csv_layout import Layout, pick_encoding, read_layout
from funnelkpi.readers.csv_tolerant import read_tolerant
from funnelkpi.readers.rows import Tally, schema
from funnelkpi.readers.sniff import Sniffed
from funnelkpi.readers.source import Columns, Source

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

_BLOCK = 1 << 20
"""Bytes per block: larger ones were no faster in our measurement and held more memory."""

_GROUP = 1 << 16
_REPEATS = 8
"""Rows put together before a column is looked at, and the rows there must be to every distinct
value for the column to be kept as codes."""

_QUOTE, _BACKSLASH = 0x22, 0x5C
_PHP_QUOTE = re.compile(rb"""\\(?:"(?:"")*+(?![",;\t|\r\n])|(?:"")++(?=[,;\t|\r\n]))""")
"""A backslash, then an odd number of quotes inside a text, or an even one at its end."""


def open_csv(path: Path, name: str, sniffed: Sniffed, encoding: str | None = None) -> Source:
    """The one table of a text file; ``encoding`` overrides what the bytes tell.

    Raises:
        InputError: no header, or an encoding of that name does not exist.
    """
    found = pick_encoding(sniffed, name, encoding)
    layout = read_layout(path, name, sniffed, found)
    if isinstance(layout, str):
        return Source(
            path=path,
            name=name,
            format="csv",
            header=(),
            header_row=0,
            sample=(),
            reader=nothing,
            encoding=found.name,
            empty_notice=layout,
        )
    return Source(
        path=path,
        name=name,
        format="csv",
        header=layout.header,
        header_row=layout.header_row,
        sample=layout.sample,
        reader=lambda positions: read_csv(layout, positions),
        encoding=found.name,
        delimiter=layout.delimiter,
        findings=title_finding(name, layout.title_rows),
    )


def nothing(positions: Sequence[int]) -> Columns:
    """What is read from a table without rows."""
    return Columns(schema(positions).empty_table(), 0)


def title_finding(name: str, rows: Sequence[int]) -> tuple[Finding, ...]:
    """A note that rows above the header were taken as a title."""
    tally = Tally("findings_readers.title_rows", Severity.NOTE)
    for row in rows:
        tally.add(row)
    return tally.findings(name)


def read_csv(layout: Layout, positions: Sequence[int]) -> Columns:
    """Read the columns at ``positions``.

    Raises:
        InputError: a quote is opened and never closed (names the row).
    """
    if layout.data_offset >= layout.size:
        return nothing(positions)
    width = _width(layout)
    if width is not None and any(p < width for p in positions):
        import pyarrow as pa

        with _Watched(layout) as file:
            try:
                found = _read_fast(layout, positions, width, file)
            except (pa.ArrowInvalid, UnicodeError):
                found = None
            if found is not None and file.is_sound():
                return found
    return read_tolerant(layout, positions)


def _width(layout: Layout) -> int | None:
    """Cells of every record, if the sample agrees on it and nothing speaks against the fast way."""
    if len(layout.widths) > 1 or layout.cut_character:
        return None
    width = next(iter(layout.widths), layout.width)
    least = max(2, len(layout.header))
    return width if least <= width <= layout.width + 1 else None


class _Watched:
    """The bytes below the header as pyarrow reads them, looked at on the way.

    Sound are quotes of an even number: one left open swallows rows up to the next one, or to the
    end of the file, and pyarrow does not mind when the cells happen to fit. PHP's fputcsv leaves a
    quote after a backslash single, which two of them would hide. A NUL character is no text. Bytes
    that are not sound end the reading.
    """

    def __init__(self, layout: Layout) -> None:
        import numpy as np
        import pyarrow as pa

        # pyarrow's own file: its blocks lie in memory that is used again and again
        self._file = pa.OSFile(str(layout.path))
        self._file.seek(layout.data_offset)
        wide = {"utf-16-le": "<u2", "utf-16-be": ">u2"}
        self._unit = np.dtype(wide.get(layout.encoding.name, "u1"))
        self._equal = np.empty(0, np.bool_)
        self._rest = b""
        self._quotes = 0
        self._sound = True

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def closed(self) -> bool:
        """Whether nothing more can be read: asked by pyarrow."""
        return bool(self._file.closed)

    def close(self) -> None:
        """Asked by pyarrow when it is done; the file is closed on leaving ``with``."""

    def read_buffer(self, size: int) -> pa.Buffer:
        """The next bytes; none once they are not sound. What pyarrow calls."""
        block = self._file.read_buffer(size)
        self._look(block)
        return block if self._sound else block.slice(0, 0)

    def read(self, size: int) -> bytes:
        """``read_buffer`` as bytes."""
        found: bytes = self.read_buffer(size).to_pybytes()
        return found

    def is_sound(self) -> bool:
        """Whether everything read was sound."""
        return self._sound and self._quotes % 2 == 0

    def _look(self, block: pa.Buffer) -> None:
        import numpy as np

        whole = self._rest + block.to_pybytes() if self._rest else block
        units = np.frombuffer(whole, self._unit, count=len(whole) // self._unit.itemsize)
        self._rest = bytes(memoryview(whole)[units.nbytes :])
        self._quotes += self._count(units, _QUOTE)
        if np.count_nonzero(units) != len(units):
            self._sound = False
        if self._count(units, _BACKSLASH) and _PHP_QUOTE.search(block):
            self._sound = False

    def _count(self, units: NDArray[Any], character: int) -> int:
        import numpy as np

        if len(self._equal) < len(units):
            self._equal = np.empty(len(units), np.bool_)
        # into memory that is there: fresh memory for each block costs more than the comparison
        found = np.equal(units, character, out=self._equal[: len(units)])
        return int(np.count_nonzero(found))


def _batches(
    layout: Layout, wanted: Sequence[int], width: int, watched: _Watched | None = None
) -> pa.RecordBatchReader:
    import pyarrow as pa
    import pyarrow.csv as pc

    # The stream begins below the header: the file's own captions may repeat.
    file = pa.OSFile(str(layout.path)) if watched is None else pa.PythonFile(watched, mode="r")
    if watched is None:
        file.seek(layout.data_offset)
    return pc.open_csv(
        file,
        read_options=pc.ReadOptions(
            column_names=[str(i) for i in range(width)],
            block_size=_BLOCK,
            use_threads=False,  # no faster with: the parsing itself is one thread's work
            encoding="utf8" if layout.encoding.name == "utf-8" else layout.encoding.name,
        ),
        # Blank lines are kept as empty rows: row numbers count them.
        parse_options=pc.ParseOptions(
            delimiter=layout.delimiter, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=pc.ConvertOptions(
            include_columns=[str(i) for i in wanted],
            # as bytes: what repeats is checked to be UTF-8 once, not in every row
            column_types={str(i): pa.binary() for i in wanted},
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _read_fast(
    layout: Layout, positions: Sequence[int], width: int, watched: _Watched | None = None
) -> Columns | None:
    """All rows by pyarrow; ``None``: the extra cell after the last caption holds something.

    Raises:
        pa.ArrowInvalid: rows of another width, or a cell that is not UTF-8.
    """
    import numpy as np
    import pyarrow as pa

    wanted = [p for p in positions if p < width]
    extra = [width - 1] if width > layout.width else []
    columns = [_Gathered() for _ in wanted]
    empty: list[Mask] = []
    for group in _groups(_batches(layout, [*wanted, *extra], width, watched)):
        if extra and group.column(len(wanted)).null_count != group.num_rows:
            return None
        empty.append(_all_null(group, len(wanted)))
        for i, column in enumerate(columns):
            column.add(group.column(i))
    blank = np.concatenate(empty) if empty else np.zeros(0, np.bool_)
    if blank.any():
        # Empty in the columns asked for; whether the whole row is, the other columns tell.
        whole = [_all_null(b, width) for b in _batches(layout, range(width), width)]
        blank = np.concatenate(whole)
    names = [str(p) for p in wanted]
    table = pa.table([column.chunked() for column in columns], names=names)
    return _finish(layout, positions, table, blank)


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The small batches of the blocks put together to some 65 000 rows each."""
    import pyarrow as pa

    several: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        several.append(batch)
        rows += batch.num_rows
        if rows >= _GROUP:
            yield pa.concat_batches(several)
            several, rows = [], 0
    if several:
        yield pa.concat_batches(several)


class _Gathered:
    """The chunks of one column, dictionary-encoded as long as its values repeat.

    A column of low variety never stands in memory as text. The first whole group of high variety
    makes it text again, from its beginning. The few rows of a small file stay text.
    """

    def __init__(self) -> None:
        self._chunks: list[pa.Array] = []
        self._repeats = True

    def add(self, cells: pa.Array) -> None:
        """Take the next rows, as bytes.

        Raises:
            pa.ArrowInvalid: they are not UTF-8.
        """
        import pyarrow as pa

        if self._repeats and (self._chunks or len(cells) >= _GROUP):
            coded = cells.dictionary_encode()
            if len(cells) < _GROUP or len(coded.dictionary) * _REPEATS <= len(cells):
                values = coded.dictionary.cast(pa.string())
                self._chunks.append(pa.DictionaryArray.from_arrays(coded.indices, values))
                return
            self._chunks = [chunk.cast(pa.string()) for chunk in self._chunks]
        self._repeats = False
        self._chunks.append(cells.cast(pa.string()))

    def chunked(self) -> pa.ChunkedArray:
        import pyarrow as pa

        return pa.chunked_array(self._chunks, None if self._chunks else pa.string())


def _all_null(batch: pa.RecordBatch, columns: int) -> Mask:
    import numpy as np

    null = np.ones(batch.num_rows, np.bool_)
    for i in range(columns):
        column = batch.column(i)
        if not column.null_count:
            return np.zeros(batch.num_rows, np.bool_)
        null &= column.is_null().to_numpy(zero_copy_only=False)
    return null


def _finish(layout: Layout, positions: Sequence[int], table: pa.Table, blank: Mask) -> Columns:
    """Blank rows and totals are left out, rows numbered, columns put in the order asked for."""
    import numpy as np
    import pyarrow as pa

    numbers = np.arange(layout.header_row + 1, layout.header_row + 1 + len(blank), dtype=np.int64)
    keep = ~blank
    totals = Tally("findings_readers.totals_row", Severity.NOTE)
    for at in np.flatnonzero(keep)[len(blank) - int(blank.sum()) - layout.totals :].tolist():
        keep[at] = False
        totals.add(int(numbers[at]))
    if not keep.all():
        table, numbers = table.filter(pa.array(keep)), numbers[keep]
    columns = {"_row": pa.chunked_array([pa.array(numbers)])}
    for p in positions:
        known = str(p) in table.column_names
        columns[str(p)] = table[str(p)] if known else pa.nulls(len(numbers), pa.string())
    return Columns(
        pa.table(columns),
        len(numbers),
        findings=totals.findings(layout.name),
    )
