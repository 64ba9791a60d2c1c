"""Bad data as values.

"Row N" is the row a user sees when the export is open in Excel: the header of a native export is
row 1, a cell with line breaks is still one row. A YAML position is a 1-based line and column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding matters: a warning may change figures, a note only explains them."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the data the user should know of.

    ``code`` names texts of the catalogue: ``findings.<code>`` says what, ``findings.<code>.remedy``
    what to do; ``params`` fill both. ``rows`` are the first rows concerned (at most
    ``ROWS_SHOWN``), ``count`` how many there are in all; ``value`` the offending text as it stands
    in the file.
    """

    code: str
    severity: Severity = Severity.WARNING
    file: str | None = None
    rows: tuple[int, ...] = ()
    column: str | None = None
    value: str | None = None
    count: int = 1
    params: dict[str, Any] = field(default_factory=dict)


ROWS_SHOWN = 20
LONGEST_TEXT = 60
"""Signs of one cell that are shown: a whole letter may stand in it."""
_WORDS_SHOWN = 5


def shortened(text: str) -> str:
    """The beginning of a cell's text, on one line."""
    plain = " ".join(text[: 4 * LONGEST_TEXT].split())
    cut = len(plain) > LONGEST_TEXT or len(text) > 4 * LONGEST_TEXT
    return plain[: LONGEST_TEXT - 1].rstrip() + "…" if cut else plain


def listed(words: Sequence[str], most: int = _WORDS_SHOWN) -> str:
    """The first words, each shortened, and how many more there are: ``a, b … (+3)``."""
    shown = ", ".join(shortened(w) for w in words[:most])
    return f"{shown} … (+{len(words) - most})" if len(words) > most else shown
