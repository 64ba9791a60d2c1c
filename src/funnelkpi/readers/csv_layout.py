"""How a text table is laid out: encoding, delimiter, header row, and where its data begin."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from funnelkpi.errors import InputError
from funnelkpi.readers.encoding import Encoding, half_character, sniff_encoding
from funnelkpi.readers.header import captions, count_totals, find_header, is_blank
from funnelkpi.readers.sniff import Sniffed, tail

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_ROWS = 200
_TOP_ROWS = SAMPLE_ROWS + 20
FIELD_LIMIT = 16 * 1024 * 1024
"""Longest cell read, in characters: beyond it a quote was left open."""

_SEP_LINE = re.compile(r"sep=(.)\r?\n")
_EMPTY_NOTICE = re.compile(r"Список\s\S+(\s\S+)?\sпуст[аоы]?\s?!", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """What the first bytes of a CSV file tell.

    header: captions. header_row: its record number, counted from 1, blank records too. width: cells
    of the header record. data_offset: byte where the first record below the header begins.
    widths: cells per record of the sample. totals: rows of totals at the end of the file.
    """

    path: Path
    name: str
    encoding: Encoding
    delimiter: str
    header: tuple[str, ...]
    header_row: int
    width: int
    data_offset: int
    sample: tuple[tuple[str | None, ...], ...]
    widths: Counter[int] = field(default_factory=Counter)
    totals: int = 0
    cut_character: bool = False
    title_rows: tuple[int, ...] = ()
    size: int = 0


def empty_notice(text: str) -> str | None:
    """The words of a Bitrix24 file that holds nothing («Список сделок пуст!»), else ``None``."""
    words = text.strip(" \t\r\n\u00a0\ufeff\"';")
    return words if len(words) < 80 and _EMPTY_NOTICE.fullmatch(words) else None


def pick_encoding(sniffed: Sniffed, name: str, wanted: str | None) -> Encoding:
    """The encoding asked for in the config, else the one the bytes tell.

    Raises:
        InputError: there is no encoding of the name asked for.
    """
    found = sniff_encoding(sniffed.head, complete=sniffed.complete)
    if wanted is None:
        return found
    try:
        codec = codecs.lookup(wanted).name
    except LookupError as error:
        raise InputError.of(
            "errors_readers.unknown_encoding", file=name, encoding=wanted
        ) from error
    codec = {"utf-8-sig": "utf-8", "utf-16": found.name, "latin-1": "cp1252"}.get(codec, codec)
    return Encoding(codec, found.bom)


def records(text: str, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """Records of ``text`` with the position in it where the next one begins."""
    csv.field_size_limit(FIELD_LIMIT)
    at = 0

    def lines() -> Iterator[str]:
        nonlocal at
        for line in io.StringIO(text, newline=""):
            at += len(line)
            yield line

    for record in csv.reader(lines(), delimiter=delimiter):
        yield record, at


def read_layout(path: Path, name: str, sniffed: Sniffed, encoding: Encoding) -> Layout | str:
    """The layout of a text table; its own words if it says that it holds nothing.

    Raises:
        InputError: nothing at its top could be a header, or a quote opened there is never closed.
    """
    text = encoding.decode(sniffed.head)
    notice = empty_notice(text) if sniffed.complete else None
    if notice:
        return notice
    if sniffed.size - encoding.bom <= 0:
        raise InputError.of("errors_readers.empty_file", file=name)
    sep = _SEP_LINE.match(text)
    skipped = sep.end() if sep else 0
    body = text[skipped:]
    delimiter = sep.group(1) if sep else _delimiter(body, complete=sniffed.complete)
    top = _top(body, delimiter, complete=sniffed.complete)
    index = find_header([record for record, _ in top])
    if index is None:
        raise InputError.of("errors_readers.no_header", file=name)
    header = captions(top[index][0])
    below = [record for record, _ in top[index + 1 :]]
    filled = [record for record in below if not is_blank(record)]
    end = _tail_rows(path, encoding, delimiter)
    totals = min(count_totals(end, header), 3)
    if sniffed.complete and len(top) <= _TOP_ROWS and totals:
        filled = filled[:-totals]
    before = text[: skipped + top[index][1]]
    return Layout(
        path=path,
        name=name,
        encoding=encoding,
        delimiter=delimiter,
        header=header,
        header_row=index + 1,
        width=len(top[index][0]),
        data_offset=encoding.bom + len(before.encode(encoding.name, encoding.errors_back)),
        sample=sample_rows(filled, len(header)),
        widths=Counter(len(record) for record in below if record),
        totals=totals,
        cut_character=encoding.name == "utf-8" and bool(half_character(tail(path))),
        title_rows=tuple(i + 1 for i, (r, _) in enumerate(top[:index]) if not is_blank(r)),
        size=sniffed.size,
    )


def sample_rows(
    rows: Sequence[Sequence[str | None]], width: int
) -> tuple[tuple[str | None, ...], ...]:
    """The first rows as ``Source.sample`` shows them: of the header's width, empty as ``None``."""
    return tuple(
        tuple((row[i] or None) if i < len(row) else None for i in range(width))
        for row in rows[:SAMPLE_ROWS]
    )


def _top(text: str, delimiter: str, *, complete: bool) -> list[tuple[list[str], int]]:
    """The first records; one cut by the end of the sample is left out."""
    found: list[tuple[list[str], int]] = []
    for record, at in records(text, delimiter):
        if not complete and at >= len(text) and found:
            break
        found.append((record, at))
        if len(found) > _TOP_ROWS:
            break
    return found


def _delimiter(text: str, *, complete: bool) -> str:
    """The delimiter under which header and rows agree on the greatest number of cells."""

    def score(delimiter: str) -> float:
        rows = [record for record, _ in _top(text[:65536], delimiter, complete=complete)[:40]]
        index = find_header(rows)
        if index is None:
            return 0
        width = len(captions(rows[index]))
        below = [len(row) for row in rows[index + 1 :] if not is_blank(row)]
        fitting = sum(1 for n in below if n in (len(rows[index]), width, width + 1))
        # Quotes left in captions and rows above them speak for another delimiter.
        doubt = 0.5 if any('"' in cell for cell in rows[index]) else 1.0
        doubt *= 0.9 if index else 1.0
        return (width - 1) * doubt * (0.25 + (fitting / len(below) if below else 0.5))

    best = max(DELIMITERS, key=score)
    return best if score(best) > 0 else ","


def _tail_rows(path: Path, encoding: Encoding, delimiter: str) -> list[list[str]]:
    """The last rows of the file that stand on a line of their own.

    A line with an even number of quotes at the end of the file begins outside of quotes, and so the
    line before it ends there: going backwards, each is judged by itself.
    """
    wide = encoding.name.startswith("utf-16")
    data = tail(path, even_from=0 if wide else None)
    text = data.decode(encoding.name, "replace")
    found: list[list[str]] = []
    for line in reversed(re.split(r"\r\n|\n|\r", text)[-40:]):
        if line.count('"') % 2 or len(found) > 3:
            break
        record = next(csv.reader([line], delimiter=delimiter), [])
        if not is_blank(record):
            found.append(record)
    return found[::-1]
