"""Rows of an HTML table, streamed through lxml; damage done by pasted markup is mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from funnelkpi.errors import InputError
from funnelkpi.readers.sniff import tail

if TYPE_CHECKING:
    from lxml.etree import HTMLPullParser, _Element

_BLOCK = 1 << 16
_BREAKS = frozenset(("br", "p", "div", "tr", "li"))
_END = re.compile(rb"</table\s*>(?:\s|&nbsp;|<!--.*?-->|</?(?!t[dhr]\b)[^<>]*>)*\Z", re.DOTALL)
_PAGE_END = re.compile(rb"</table\s*>(?:(?!</?t[dhr]\b).)*</(?:body|html)\s*>\s*\Z", re.DOTALL)
_PASTED_AT_MOST = 1000
"""More rows of the header's width in one cell are taken for rows of the file at once."""


_CROSSED_FROM = 6
"""Pasted tables of fewer columns are too common to be taken for the start of a row."""


class HtmlRow(NamedTuple):
    """number: counted from 1 as Excel shows it. heading: stands in ``thead`` or has a ``th``.

    fault: "mended" (put together again after a table left open or closed twice in a cell),
    "cut" (the file ends inside the row) or "".
    """

    number: int
    cells: list[str]
    heading: bool
    fault: str = ""


class _Nested(NamedTuple):
    table: _Element
    cells: list[str]
    cut: bool = False


def is_whole(path: Path) -> bool:
    """Whether the file ends with its table: a cut download ends inside a row."""
    end = tail(path).replace(b"\0", b"").lower()
    # A table pasted into a comment is closed too, but the row goes on after it.
    return bool(_END.search(end) or _PAGE_END.search(end))


def table_rows(path: Path, name: str, encoding: str) -> Iterator[HtmlRow]:
    """Rows of the first table, each forgotten once given; tables inside its cells are text.

    A ``<table>`` left open in a cell takes the rest of its row and all rows below into that
    cell; a stray ``</table>`` leaves them outside of any table. The outer row is then short of
    cells while rows as wide as the header stand inside it (outside): those are given as rows.

    Raises:
        InputError: the markup cannot be followed further (names the row).
    """
    stream = _Stream(is_whole(path))
    for element, at_end in _elements(path, encoding):
        if element.tag == "table":
            stream.table(element, at_end)
        else:
            yield from stream.row(element, at_end)
    yield from stream.finish()
    if stream.number and not stream.ended:
        # The parser closes a table left open at the end of the file; it did not get there.
        raise InputError.of("errors_readers.broken_html", file=name, row=stream.number + 1)


class _Stream:
    """Where the rows are looked for: ``home`` is their table, ``outer`` the ones around it."""

    def __init__(self, whole: bool) -> None:
        self.whole = whole
        self.number = self.width = self.wide = 0
        self.home: _Element | None = None
        self.outer: list[_Element] = []
        self.ended = False
        self.nested: list[_Nested] = []
        self.closed: set[_Element] = set()
        self.left: set[_Element] = set()
        self.held: HtmlRow | None = None

    def table(self, element: _Element, at_end: bool) -> None:
        """A table ended."""
        if element is self.home:
            if self.outer:
                self.home = self.outer.pop()
            else:
                self.ended = True
        elif element in self.outer:
            self.outer.remove(element)
            self.ended = True
        elif self.nested and not at_end:
            self.closed.add(element)

    def row(self, element: _Element, at_end: bool) -> Iterator[HtmlRow]:
        """A row ended: what can be told of it and of those before it."""
        if element in self.left:
            return
        table, outer = _around(element)
        if self.home is None:
            if table is None or outer is not None:
                return
            self.home = table
        stray = self.ended and table is None
        if not stray and (table is not self.home or self.ended):
            if table is not None and outer is not None:
                yield from self._inside(element, table, at_end)
            return
        cells = _cells(element)
        short = len(cells) < self.width
        pasted = bool(self.nested) and self.nested[-1].table in self.closed
        if short and self.wide and (self.whole or not at_end or not pasted):
            yield from self._resync(cells)
        elif self.nested and not short and (at := self._crossed(element)):
            # Left open in one row, closed in another: that row stands in the cell, up to its own.
            head = cells[:at]
            self.nested[-1] = _Nested(self.nested[-1].table, [*self.nested[-1].cells, *cells[at:]])
            yield from self._resync(head)
        else:
            yield from self._release(stray)
            self.number += 1
            cut = at_end and not stray
            heading = _is_heading(element)
            if heading or not self.width:
                self.width = len(cells)
            fault = "cut" if cut else "mended" if stray else ""
            if cut and self.whole and pasted:
                # The table left open was closed in place of the file's own.
                cells, fault = self._completed(cells), "mended"
            row = HtmlRow(self.number, cells, heading, fault)
            if short and not fault:
                self.held = row
            else:
                yield row
        self._forget(element)

    def finish(self) -> Iterator[HtmlRow]:
        """The row still held, when the file is over."""
        yield from self._release(self.ended)

    def _crossed(self, element: _Element) -> int:
        """Cells up to the one whose table ends in a row of as many cells; 0: pasted text."""
        tables = [i for i, cell in enumerate(element) if cell.find(".//table") is not None]
        at = tables[-1] + 1 if tables else 0
        same = len(self.nested) > 1 and len(self.nested[-1].cells) == at < self.width
        alike = {len(row.cells) for row in self.nested[:-1]} == {at}
        return at if same and at >= _CROSSED_FROM and not alike else 0

    def _release(self, stray: bool) -> Iterator[HtmlRow]:
        row, self.held = self.held, None
        if row is None:
            return
        if stray and self.home is not None:
            rest = [_text(cell) for cell in self.home.itersiblings("td", "th")]
            if rest and len(row.cells) + len(rest) <= self.width:
                row = row._replace(cells=[*row.cells, *rest], fault="mended")
        yield row

    def _inside(self, element: _Element, table: _Element, at_end: bool) -> Iterator[HtmlRow]:
        """Note a row of a table in a cell: pasted text, unless the outer row proves broken."""
        self.nested.append(_Nested(table, _cells(element), at_end))
        self.wide += len(self.nested[-1].cells) == self.width
        if self.wide <= _PASTED_AT_MOST or self.home is None:
            return
        above = next(a for a in element.iterancestors("tr") if _around(a)[0] is self.home)
        self.left.add(above)
        self.outer.append(self.home)
        yield from self._resync(_cells(above))
        self.home = table
        while element.getprevious() is not None:
            del cast("_Element", element.getparent())[0]
        element.clear()

    def _resync(self, cells: list[str]) -> Iterator[HtmlRow]:
        first = next(i for i, row in enumerate(self.nested) if len(row.cells) == self.width)
        rows, self.nested = self.nested[first:], self.nested[:first]
        yield from self._release(False)
        self.number += 1
        yield HtmlRow(self.number, self._completed(cells, open_cell=True), False, "mended")
        for row in rows:
            if len(row.cells) == self.width or row.cut:
                self.number += 1
                yield HtmlRow(self.number, row.cells, False, "cut" if row.cut else "")
        self.nested, self.wide = [], 0

    def _completed(self, cells: list[str], *, open_cell: bool = False) -> list[str]:
        """The outer row with the cells that fell into the table left open in its last cell."""
        missing = self.width - len(cells)
        last = self.nested[-1].cells if self.nested else []
        if open_cell or missing:
            # The cell's text holds all that followed: its own is what stands in the table.
            own = [c for row in self.nested[:-1] for c in row.cells]
            own += last[: len(last) - missing] if len(last) > missing else last
            cells = [*cells[:-1], " ".join(own)]
        return [*cells, *last[-missing:]] if 0 < missing < len(last) else cells

    def _forget(self, element: _Element) -> None:
        self.nested, self.wide = [], 0
        self.closed.clear()
        element.clear()
        parent = element.getparent()
        if parent is not None and parent.tag not in {"body", "html"}:
            while element.getprevious() is not None:
                del parent[0]
        elif self.home is not None:
            for sibling in list(self.home.itersiblings("tr", "td", "th")):
                if sibling is not element and parent is not None:
                    parent.remove(sibling)


def _around(element: _Element) -> tuple[_Element | None, _Element | None]:
    """The nearest table of a row, and the cell that table (or row) stands in."""
    table: _Element | None = None
    for above in element.iterancestors("table", "td", "th"):
        if above.tag != "table":
            return table, above
        if table is None:
            table = above
    return table, None


def _cells(row: _Element) -> list[str]:
    return [_text(child) for child in row if child.tag in {"td", "th"}]


def _is_heading(row: _Element) -> bool:
    parent = row.getparent()
    return (parent is not None and parent.tag == "thead") or any(c.tag == "th" for c in row)


def _elements(path: Path, encoding: str) -> Iterator[tuple[_Element, bool]]:
    """Rows and tables in the order they end, and whether only the end of the file ended them.

    The parser stops at nesting it cannot follow.
    """
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
                yield from ((e, False) for e in _ended(parser))
        parser.close()
    except etree.XMLSyntaxError:
        return
    yield from ((e, True) for e in _ended(parser))


def _ended(parser: HTMLPullParser) -> Iterator[_Element]:
    for _, element in parser.read_events():
        yield cast("_Element", element)


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
