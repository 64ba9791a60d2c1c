"""The account of input rows: rows in = counted + merged + excluded + rejected, per file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileAccount:
    """What became of the rows of one input table.

    counted: rows that are a deal, lead or call of the report.
    merged: rows folded into another (product rows of one deal, duplicates, an older export's copy).
    excluded: left out with a reason (``reasons``: finding code -> rows), such as created after
        ``as of``.
    rejected: unreadable rows, each with a finding that names file and row.
    """

    file: str
    kind: str
    crm: str
    rows: int
    counted: int
    merged: int = 0
    excluded: int = 0
    rejected: int = 0
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether the four parts add up to the rows read."""
        return self.rows == self.counted + self.merged + self.excluded + self.rejected
