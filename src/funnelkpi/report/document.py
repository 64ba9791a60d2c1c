"""The report as plain data: Report > Section > Table > Cell. No pandas, no formatting, no language
beyond the texts already chosen. Renderers turn it into text or bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Unit = Literal[
    "text", "count", "share", "ratio", "money", "days", "hours", "minutes", "moment", "day", "id"
]
Tone = Literal["plain", "good", "bad", "warn", "muted", "strong"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value with what a renderer needs to print it.

    value: plain Python (None is "—"). bounds: printed as "от 9 до 98 %" when value is None.
    bar: 0..1, a plain bar beside the number. mark: a footnote mark such as "▼". note: small text
    after the value ("3/10").
    """

    value: str | int | float | bool | date | datetime | None
    unit: Unit = "text"
    tone: Tone = "plain"
    currency: str | None = None
    bounds: tuple[float, float] | None = None
    bar: float | None = None
    mark: str | None = None
    note: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. priority: lower ones are folded away last on a narrow screen."""

    title: str
    align: Literal["left", "right"] = "right"
    priority: int = 0
    width: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; the ``total`` row is set apart; ``notes`` stand below.

    continued: every column matters; where they do not fit side by side, the rest follow in a
    further block of rows instead of being folded away.
    """

    title: str | None
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    notes: tuple[str, ...] = ()
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of running text with a tone."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Section:
    """One named part of the report; ``id`` is what ``--section`` takes."""

    id: str
    title: str
    blocks: tuple[Table | Line, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Many rows of ``Report.data`` kept by column: name -> values, all of one length.

    Written to JSON as a list of objects, to CSV as lines; far cheaper than a list of dicts when the
    table has 200,000 rows. Iterating gives the rows as dicts.
    """

    columns: dict[str, Sequence[Any]]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        names = tuple(self.columns)
        for values in zip(*self.columns.values(), strict=True):
            yield dict(zip(names, values, strict=True))


@dataclass(frozen=True, slots=True)
class Later:
    """A part of ``Report.data`` that is made only when it is written: not every format needs it."""

    make: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report. ``head`` and ``verdict`` come first; ``data`` is what JSON prints."""

    title: str
    head: tuple[Line, ...]
    verdict: tuple[Line, ...]
    sections: tuple[Section, ...]
    foot: tuple[Line, ...]
    lang: Literal["ru", "en"]
    data: dict[str, Any] = field(default_factory=dict)
