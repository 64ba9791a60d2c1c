"""What is known of a figure beside its value: unit, direction, what it needs, how it scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal[
    "count", "share", "ratio", "money", "money_per_day", "days", "hours", "minutes", "score"
]
Level = Literal["none", "stage", "step"]


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One figure of docs/metrics.md; ``id`` is its name everywhere.

    unit: unit of ``value``. better: which direction is good. scales: counts and sums scale with the
    period's working days, shares and lags never do. level: given per stage, per step (stage to
    stage), or neither. needs: canonical deal columns without which it is not evaluated.
    anywhere: its facts may belong to no deal and no pipeline (-1): tasks, contacts, calls; a norm
    without a pipeline counts them all. with_leads: those of leads are part of the whole, too.
    Title and definition are in the catalogue: ``metrics.<id>`` and ``metrics.<id>.definition``.
    """

    id: str
    unit: Unit
    better: Literal["higher", "lower", "neither"] = "higher"
    scales: bool = False
    level: Level = "none"
    needs: tuple[str, ...] = ()
    anywhere: bool = False
    with_leads: bool = False
