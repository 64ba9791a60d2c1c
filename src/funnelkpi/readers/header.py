"""Where a table's header stands, what its captions are, and which rows below are totals."""

from __future__ import annotations

import re
from collections.abc import Sequence

SEARCHED = 15
"""The header is looked for among this many rows from the top."""

TOTALS_AT_MOST = 3
"""How many rows of totals may follow the data."""

Row = Sequence[str | None]

_NUMBER = re.compile(r"[-+]?[\d\s\u00a0\u202f.,%₽$€₸]*\d[\d\s\u00a0\u202f.,%₽$€₸]*")
_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}([ T].*)?|\d{4}-\d\d-\d\d([ T].*)?|\d{1,2}:\d\d(:\d\d)?"
)
_TOTAL = re.compile(
    r"(общий |общая )?(итого|всего|итог|сумма итого|total|grand total|totals)"
    r"( (по|за) .{1,60}|( сделок| лидов| записей)?)?\s*[:.]?\s*\d*",
    re.IGNORECASE,
)
_BLANK = " \t\r\n\u00a0\u202f\ufeff"


def caption(cell: str | None) -> str:
    """A caption as messages and adapters use it: without a BOM and outer blanks."""
    return (cell or "").strip(_BLANK)


def captions(row: Row) -> tuple[str, ...]:
    """Captions of a header row; empty ones at its end (Bitrix24's trailing ``;``) are dropped."""
    found = [caption(cell) for cell in row]
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def is_blank(row: Row) -> bool:
    """Whether no cell of the row holds anything."""
    return not any(row)


def _titles(row: Row) -> int:
    """How many cells could be captions; 0 when the row looks like data."""
    filled = [text for cell in row if (text := caption(cell))]
    words = [t for t in filled if not _NUMBER.fullmatch(t) and not _DATE.fullmatch(t)]
    if len(words) < 0.8 * len(filled) or len(set(words)) < 0.5 * len(words):
        return 0
    return len(words)


def find_header(rows: Sequence[Row]) -> int | None:
    """Index of the header among ``rows`` (counted from 0, blank rows included).

    The first of the top rows that has nearly as many captions as the fullest of them: a title above
    the header fills a cell or two. ``None``: nothing there could be a header.
    """
    scores = [_titles(row) for row in rows[:SEARCHED]]
    best = max(scores, default=0)
    if best == 0:
        return None
    return next(i for i, score in enumerate(scores) if score >= 0.8 * best)


def is_totals(row: Row, header: Sequence[str]) -> bool:
    """Whether a row below the data is a totals row: it starts with «Итого» and has no ID.

    In a table without an ``ID`` column at least half of the cells must be empty as well.
    """
    first = next((i for i, cell in enumerate(row) if cell and cell.strip(_BLANK)), None)
    if first is None or not _TOTAL.fullmatch(caption(row[first])):
        return False
    if any(cell and ("\n" in cell or "\r" in cell) for cell in row):
        return False
    ids = [i for i, name in enumerate(header) if name.casefold() == "id"]
    if ids:
        return ids[0] == first or ids[0] >= len(row) or not caption(row[ids[0]])
    filled = sum(1 for cell in row if caption(cell))
    return filled <= max(len(header), 2) / 2 or (len(header) <= 3 and first == 0 and filled <= 2)


def count_totals(tail: Sequence[Row], header: Sequence[str]) -> int:
    """How many of the last rows (blank ones left out by the caller) are totals."""
    found = 0
    for row in reversed(tail[-TOTALS_AT_MOST:]):
        if not is_totals(row, header):
            break
        found += 1
    return found
