"""Bad data as values.

"Row N" is the row a user sees when the export is open in Excel: the header of a native export is
row 1, a cell with line breaks is still one row. A YAML position is a 1-based line and column.
"""

from __future__ import annotations

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
