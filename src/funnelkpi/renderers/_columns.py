"""How wide the columns of a table become on a screen, and which are folded away.

Every column has a width it wants and the least it can live with. When the least do not fit, columns
are folded by priority: highest number first, the rightmost among equals; then bars go, then titles
are broken between syllables; only then columns of priority 0 are folded. The first column and a
column of ids always stay: without them a row says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from funnelkpi.renderers._wrap import longest_word, wrap
from funnelkpi.report.document import Column

GAP = 2
BAR, BAR_NARROW, BAR_LEAST = 10, 8, 5
ROOMY = 100
"""From this width on bars are longer."""
TITLE_LINE = 14
"""A title breaks into lines rather than widen a narrow column beyond this."""
_WORD_SHOWN, _TITLE_BROKEN, _TITLE_LEAST, _ID_SHOWN, _LEAST = 16, 8, 5, 24, 4
_TEXT_LEAST = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as text, its parts apart so that they can stand below each other."""

    value: str
    mark: str = ""
    note: str = ""
    bar: float | None = None
    tone: str = "plain"
    link: str | None = None
    is_id: bool = False
    is_text: bool = True

    @property
    def spans(self) -> bool:
        """Whether it may take the whole width of its column and be broken into lines."""
        return self.is_text and self.bar is None

    @property
    def joined(self) -> str:
        """Value, mark and note as running text."""
        return " ".join(p for p in (self.value, self.mark, self.note) if p)


@dataclass(frozen=True, slots=True)
class Slots:
    """Places within a column of numbers: value, mark, note, bar; 0 where no cell has one."""

    value: int
    mark: int = 0
    note: int = 0
    bar: int = 0

    @property
    def tail(self) -> int:
        """Cells right of the value."""
        return sum(part + 1 for part in (self.mark, self.note, self.bar) if part)

    @property
    def width(self) -> int:
        """Cells of all places."""
        return self.value + self.tail


@dataclass(frozen=True, slots=True)
class Placed:
    """A column that is shown: its place in the table, its width, its slots."""

    index: int
    title: str
    width: int
    right: bool
    truncated: bool
    slots: Slots


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns shown, titles of the folded ones, and the width at which none is folded."""

    columns: tuple[Placed, ...]
    folded: tuple[str, ...]
    full_width: int

    @property
    def width(self) -> int:
        """Cells the whole table takes."""
        return _total([c.width for c in self.columns])


@dataclass(frozen=True, slots=True)
class _Measured:
    index: int
    title: str
    right: bool
    priority: int
    kept: bool
    truncated: bool
    slots: Slots
    text_least: int  # least width of the cells that are text
    text_content: int  # widest cell that is text

    def least(self, bar: int, title_word: int) -> int:
        """The least width, with bars of ``bar`` cells and title words broken at ``title_word``."""
        slots = self.sized(bar)
        title = min(longest_word(self.title), title_word)
        return max(self.text_least, slots.width, title, _LEAST)

    def wanted(self, bar: int) -> int:
        """The width at which nothing but a long title is broken."""
        slots = self.sized(bar)
        content = max(self.text_content, slots.width)
        lines = wrap(self.title, max(content, TITLE_LINE))
        return max(content, _LEAST, *(cell_len(line) for line in lines))

    def sized(self, bar: int) -> Slots:
        """The slots with the length of bars filled in."""
        return replace(self.slots, bar=bar if self.slots.bar else 0)


def plan(columns: Sequence[Column], titles: Sequence[str], rows: Sequence[Sequence[Shown]],
         width: int) -> Plan:  # fmt: skip
    """Choose columns and widths so that the table takes at most ``width`` cells."""
    if not columns:
        return Plan((), (), 0)
    has_ids = any(cell.is_id for row in rows for cell in row)
    measured = [
        _measure(i, column, titles[i], [row[i] for row in rows if i < len(row)], has_ids)
        for i, column in enumerate(columns)
    ]
    bar = BAR if width >= ROOMY else BAR_NARROW
    full = _total([m.least(BAR_LEAST, _WORD_SHOWN) for m in measured])
    shown = list(measured)
    while _total([m.least(BAR_LEAST, _TITLE_BROKEN) for m in shown]) > width:
        spare = [m for m in shown if not m.kept and m.priority > 0]
        if not spare:
            return _squeezed(measured, shown, full, width)
        shown.remove(max(spare, key=lambda m: (m.priority, m.index)))
    for bars, word in ((bar, _WORD_SHOWN), (BAR_LEAST, _WORD_SHOWN), (BAR_LEAST, _TITLE_BROKEN)):
        least = [m.least(bars, word) for m in shown]
        if _total(least) <= width:
            break
    return _placed(measured, shown, _share_out(shown, least, bars, width), bars, full)


def _squeezed(measured: list[_Measured], shown: list[_Measured], full: int, width: int) -> Plan:
    """No bars, broken titles, then fold what must never be folded; at last break the rest."""
    while _total(least := [m.least(0, _TITLE_LEAST) for m in shown]) > width:
        spare = [m for m in shown if not m.kept]
        if not spare:
            room = max(2, (width - GAP * (len(shown) - 1)) // len(shown))
            return _placed(measured, shown, [min(w, room) for w in least], 0, full)
        shown.remove(spare[-1])
    return _placed(measured, shown, _share_out(shown, least, 0, width), 0, full)


def _placed(
    measured: list[_Measured], shown: list[_Measured], widths: list[int], bar: int, full: int
) -> Plan:
    placed = tuple(
        Placed(m.index, m.title, w, m.right, m.truncated, m.sized(bar))
        for m, w in zip(shown, widths, strict=True)
    )
    there = {m.index for m in shown}
    return Plan(placed, tuple(m.title for m in measured if m.index not in there), full)


def _total(widths: list[int]) -> int:
    return sum(widths) + GAP * max(0, len(widths) - 1)


def _share_out(shown: list[_Measured], least: list[int], bar: int, width: int) -> list[int]:
    """Give the spare cells to the columns that lack most, one by one; cut columns come last."""
    widths = list(least)
    wanted = [m.wanted(bar) for m in shown]
    spare = width - _total(widths)
    for cut in (False, True):
        chosen = [i for i, m in enumerate(shown) if m.truncated is cut]
        while spare > 0 and chosen:
            i = max(chosen, key=lambda i: wanted[i] - widths[i])
            if wanted[i] <= widths[i]:
                break
            widths[i] += 1
            spare -= 1
    return widths


def _measure(
    index: int, column: Column, title: str, cells: Sequence[Shown], has_ids: bool
) -> _Measured:
    is_id = any(cell.is_id for cell in cells)
    right = column.align == "right"
    numbers = [cell for cell in cells if right and not cell.spans]
    texts = [cell.joined for cell in cells if not right or cell.spans]
    slots = Slots(
        value=max((cell_len(c.value) for c in numbers), default=0),
        mark=max((cell_len(c.mark) for c in numbers), default=0),
        note=max((cell_len(c.note) for c in numbers), default=0),
        bar=1 if any(c.bar is not None for c in numbers) else 0,
    )
    content = max((cell_len(t) for t in texts), default=0)
    word = max((longest_word(t) for t in texts), default=0)
    truncated = column.width is not None and not right and has_ids and not is_id
    if is_id or right:
        least = min(word, _ID_SHOWN)
    elif truncated:
        least = min(content, column.width or 0, _WORD_SHOWN)
    else:
        least = min(content, max(min(word, _WORD_SHOWN), _TEXT_LEAST))
    kept = index == 0 or is_id
    return _Measured(index, title, right, column.priority, kept, truncated, slots, least, content)
