"""A table as lines of a screen: numbers below numbers, bars beside them, quiet rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isnan
from typing import Any, NamedTuple

from rich.cells import cell_len

from funnelkpi.locale.catalogue import Lang, text
from funnelkpi.renderers._clean import terminal_line, web_link
from funnelkpi.renderers._columns import GAP, Placed, Shown, Slots, plan
from funnelkpi.renderers._format import MISSING, format_cell
from funnelkpi.renderers._wrap import truncate, wrap
from funnelkpi.report.document import Cell, Table

RULE = "─"
_BLOCKS = " ▏▎▍▌▋▊▉█"
_FULL = "█"


class Span(NamedTuple):
    """Text with a tone; ``link`` is a web address behind it."""

    text: str
    tone: str = "plain"
    link: str | None = None


ScreenLine = list[Span]


def table_lines(table: Table, width: int, lang: Lang) -> Iterator[ScreenLine]:
    """The lines of ``table`` without its title and notes; none wider than ``width`` cells.

    Of a ``continued`` table the columns that do not fit stand in further blocks below.
    """
    rows = [[_shown(cell, lang) for cell in row] for row in table.rows]
    total = [_shown(cell, lang) for cell in table.total] if table.total is not None else None
    titles = [terminal_line(column.title) for column in table.columns]
    columns, every = table.columns, [*rows, total] if total else rows
    if table.continued:
        # Of equal priority the rightmost columns go on below: the order of columns is kept.
        columns = (columns[0], *(replace(c, priority=1) for c in columns[1:]))
    layout = plan(columns, titles, every, width)
    if any(column.title for column in layout.columns):
        yield from _header(layout.columns)
        yield [Span(RULE * layout.width, "muted")]
    for row in rows:
        yield from _row(row, layout.columns)
    if not rows:
        yield [Span(text("renderers.empty_table", lang), "muted")]
    if total:
        yield [Span(RULE * layout.width, "muted")]
        yield from _row(total, layout.columns, "strong")
    if layout.folded and table.continued and len(layout.columns) > 1:
        shown = {c.index for c in layout.columns[1:]}
        yield []
        yield from table_lines(_without(table, shown), width, lang)
    elif layout.folded:
        names = ", ".join(layout.folded)
        said = text("renderers.folded", lang, names=names, width=layout.full_width)
        yield from ([Span(line, "muted")] for line in wrap(said, width))


def _without(table: Table, columns: set[int]) -> Table:
    """``table`` without these columns, the rest of a continued one."""

    def rest(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(cell for i, cell in enumerate(row) if i not in columns)

    total = None if table.total is None else rest(table.total)
    rows = tuple(map(rest, table.rows))
    return replace(table, columns=rest(table.columns), rows=rows, total=total)


def bar_text(share: float, width: int) -> str:
    """A bar of ``width`` cells; anything above 0 is seen."""
    if not share > 0:  # NaN too
        return ""
    eighths = max(1, round(min(share, 1.0) * width * 8))
    return (_FULL * (eighths // 8) + _BLOCKS[eighths % 8]).rstrip(" ")


def _shown(cell: Cell, lang: Lang) -> Shown:
    value = terminal_line(format_cell(cell, lang))
    is_number = isinstance(cell.value, (int, float)) and cell.unit not in ("text", "id")
    return Shown(
        value=value or MISSING,
        mark=terminal_line(cell.mark or ""),
        note=terminal_line(cell.note or ""),
        bar=None if cell.bar is None or isnan(cell.bar) else cell.bar,
        tone=cell.tone,
        link=web_link(cell.link),
        is_id=cell.unit == "id",
        is_text=not is_number and value != MISSING,
    )


def _header(columns: Sequence[Placed]) -> Iterator[ScreenLine]:
    """Titles, their last lines next to the rule; over the numbers rather than over the bars."""
    boxes = [
        [_aligned(line, column, "muted") for line in wrap(column.title, column.width)]
        for column in columns
    ]
    height = max(map(len, boxes))
    blank = [[Span(" " * column.width)] for column in columns]
    for i in range(-height, 0):
        yield _joined([
            box[i] if -i <= len(box) else blank[at] for at, box in enumerate(boxes)
        ])  # fmt: skip


def _row(row: Sequence[Shown], columns: Sequence[Placed], tone: str = "") -> Iterator[ScreenLine]:
    boxes = [_cell(row[c.index] if c.index < len(row) else Shown(""), c, tone) for c in columns]
    for i in range(max(map(len, boxes))):
        yield _joined([
            box[i] if i < len(box) else [Span(" " * column.width)]
            for box, column in zip(boxes, columns, strict=True)
        ])  # fmt: skip


def _joined(parts: Sequence[ScreenLine]) -> ScreenLine:
    line: ScreenLine = []
    for part in parts:
        if line:
            line.append(Span(" " * GAP))
        line.extend(part)
    return line


def _cell(cell: Shown, column: Placed, tone: str) -> list[ScreenLine]:
    """One cell as lines of exactly the column's width."""
    tone = tone if tone and cell.tone == "plain" else cell.tone
    if column.right and not cell.spans and column.slots.width <= column.width:
        return [_number(cell, column, tone)]
    if column.truncated:
        return [_aligned(truncate(cell.joined, column.width), column, tone, link=cell.link)]
    return [_aligned(line, column, tone, cell.link) for line in wrap(cell.joined, column.width)]


def _number(cell: Shown, column: Placed, tone: str) -> ScreenLine:
    slots: Slots = column.slots
    place = column.width - slots.tail
    line = [
        Span(" " * (place - cell_len(cell.value))),
        Span(cell.value, "muted" if cell.value == MISSING else tone, cell.link),
    ]
    if slots.mark:
        line.append(Span(" " + cell.mark + " " * (slots.mark - cell_len(cell.mark)), tone))
    if slots.note:
        line.append(Span(" " * (slots.note - cell_len(cell.note) + 1) + cell.note, "muted"))
    if slots.bar:
        bar = bar_text(cell.bar, slots.bar) if cell.bar is not None else ""
        line.append(Span(" " + bar, "muted" if tone in ("plain", "strong") else tone))
        line.append(Span(" " * (slots.bar - len(bar))))
    return line


def _aligned(said: str, column: Placed, tone: str, link: str | None = None) -> ScreenLine:
    """Text at its side of the column; at the right it ends with the numbers, else before the bars.

    Wider text begins at the left and reaches over the bars.
    """
    spare = column.width - cell_len(said)
    bar = column.slots.bar + 1 if column.slots.bar else 0
    before = 0
    if column.right:
        ends = (spare - column.slots.tail, spare - bar)
        before = next((end for end in ends if end >= 0), 0 if bar else spare)
    return [Span(" " * before), Span(said, tone, link), Span(" " * (spare - before))]
