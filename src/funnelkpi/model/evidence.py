"""How well a stage entry is known, strongest first (docs/metrics.md, "Evidence")."""

from __future__ import annotations

from enum import IntEnum


class Evidence(IntEnum):
    """Order matters: a smaller number is stronger; a figure prints its weakest level."""

    HISTORY = 0  # stage-change data
    DATES = 1  # a date column per stage in the deals file
    ARCHIVE = 2  # seen between two kept exports
    PREVIOUS = 3  # «Предыдущая стадия»: the reach of a lost deal, no date
    SNAPSHOT = 4  # only the current stage

    @property
    def label(self) -> str:
        """The word of the long table's ``evidence`` column."""
        return self.name.lower()
