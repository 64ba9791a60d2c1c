"""Bitrix24's ``.xls``: an HTML table, streamed row by row through lxml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from funnelkpi.errors import InputError
from funnelkpi.model.finding import Finding
from funnelkpi.readers.csv import nothing, title_finding
from funnelkpi.readers.csv_layout import SAMPLE_ROWS, empty_notice, pick_encoding, sample_rows
from funnelkpi.readers.header import SEARCHED, captions, count_totals, find_header, is_blank
from funnelkpi.readers.rows import Rows
from funnelkpi.readers.sniff import Sniffed, tail
from funnelkpi.readers.source import Columns, Source

if TYPE_CHECKING:
    from lxml.etree import HTMLPullParser, _Element

_TAG = re.compile(r"<[^>]*>")
_PASSWORD = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)
_BREAKS = frozenset(("br", "p", "div", "tr", "li"))
_ROW_MARKUP = re.compile(r"<t[hd]\b", re.IGNORECASE)


_BLOCK = 1 << 16


class _Row(NamedTuple):
    """number: counted from 1 as Excel shows it. heading: stands in ``thead`` or has a ``th``."""

    number: int
    cells: list[str]
    heading: bool


def open_html(path: Path, name: str, sniffed: Sniffed, encoding: str | None = None) -> Source:
    """The first table of an HTML file.

    Raises:
        InputError: the file is a login page, or has no table with a header.
    """
    codec = pick_encoding(sniffed, name, encoding)
    text = codec.decode(sniffed.head)
    notice = empty_notice(_TAG.sub("", text)) if sniffed.complete else None
    if notice:
        return Source(
            path=path,
            name=name,
            format="html",
            header=(),
            header_row=0,
            sample=(),
            reader=nothing,
            encoding=codec.name,
            empty_notice=notice,
        )
    if _PASSWORD.search(text) and "<thead" not in text.lower():
        raise InputError.of("errors_readers.login_page", file=name)
    if sniffed.complete and not _ROW_MARKUP.search(text):
        raise InputError.of("errors_readers.no_html_table", file=name)
    top = list(islice(table_rows(path, name, codec.name), SEARCHED + SAMPLE_ROWS))
    headings = [i for i, row in enumerate(top[:SEARCHED]) if row.heading]
    index = headings[0] if headings else find_header([row.cells for row in top])
    if index is None or not captions(top[index].cells):
        raise InputError.of("errors_readers.no_html_table", file=name)
    header, header_row = captions(top[index].cells), top[index].number
    filled = [row.cells for row in top[index + 1 :] if not is_blank(row.cells)]
    if (totals := count_totals(filled, header)) and len(top) < SEARCHED + SAMPLE_ROWS:
        filled = filled[:-totals]

    def read(positions: Sequence[int]) -> Columns:
        rows = Rows(positions, header, name)
        for number, cells, _ in table_rows(path, name, codec.name):
            if number > header_row and any(cells):
                rows.add(number, cells)
        return rows.columns()

    titles = [row.number for row in top[:index] if not is_blank(row.cells)]
    return Source(
        path=path,
        name=name,
        format="html",
        header=header,
        header_row=header_row,
        sample=sample_rows(filled, len(header)),
        reader=read,
        encoding=codec.name,
        findings=(*title_finding(name, titles), *_cut(path, name, codec.name)),
    )


def table_rows(path: Path, name: str, encoding: str) -> Iterator[_Row]:
    """Rows of the first table, each forgotten once given; tables inside its cells are text.

    Raises:
        InputError: the markup cannot be followed further (names the row).
    """
    number = 0
    table: _Element | None = None
    for element in _elements(path, encoding):
        home = _home(element)
        if element.tag == "table":
            if element is table:
                return
            continue
        if home is None or (table is not None and home is not table):
            continue
        table = home
        number += 1
        cells = [child for child in element if child.tag in {"td", "th"}]
        parent = element.getparent()
        heading = (parent is not None and parent.tag == "thead") or any(
            cell.tag == "th" for cell in cells
        )
        yield _Row(number, [_text(cell) for cell in cells], heading)
        element.clear()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
    if number:
        # The parser closes a table left open at the end of the file; it did not get there.
        raise InputError.of("errors_readers.broken_html", file=name, row=number + 1)


def _elements(path: Path, encoding: str) -> Iterator[_Element]:
    """Rows and tables in the order they end; the parser stops at nesting it cannot follow."""
    from lxml import etree

    parser = etree.HTMLPullParser(
        events=("end",),
        tag=("tr", "table"),
        encoding=encoding,
        huge_tree=True,
        remove_comments=True,
    )
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                parser.feed(block)
                yield from _ended(parser)
        parser.close()
    except etree.XMLSyntaxError:
        return
    yield from _ended(parser)


def _ended(parser: HTMLPullParser) -> Iterator[_Element]:
    for _, element in parser.read_events():
        yield cast("_Element", element)


def _home(element: _Element) -> _Element | None:
    """The table a row belongs to (a table: itself); ``None`` inside a cell of another table."""
    home: _Element | None = element if element.tag == "table" else None
    for above in element.iterancestors():
        if above.tag in {"td", "th"}:
            return None
        if above.tag == "table" and home is None:
            home = above
    return home


def _text(cell: _Element) -> str:
    """Text of a cell: entities unescaped, ``<br>`` a line break, outer blanks stripped."""
    if not len(cell):
        return (cell.text or "").strip()
    from lxml import etree

    # Walked, not recursed into: pasted pages nest deeper than Python's stack goes.
    parts: list[str] = []
    for event, node in etree.iterwalk(cell, events=("start", "end")):
        if event == "end":
            parts.append("" if node is cell else node.tail or "")
            continue
        if node is not cell and node.tag in _BREAKS:
            parts.append("\n")
        elif node is not cell and node.tag in {"td", "th"}:
            parts.append(" ")
        if node.tag not in {"style", "script"}:
            parts.append(node.text or "")
    return "".join(parts).strip()


def _cut(path: Path, name: str, encoding: str) -> tuple[Finding, ...]:
    """A finding when the table is never closed: the download broke off."""
    end = tail(path).replace(b"\0", b"").lower()
    if b"</table" in end:
        return ()
    return (Finding(code="findings_readers.html_cut_off", file=name),)
