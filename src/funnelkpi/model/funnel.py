"""Pipelines and their stages, as the program understands them after the config is resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal


class StageKind(StrEnum):
    """What it means for a deal to stand in a stage."""

    INCOMING = "incoming"  # Неразобранное: counted apart until first moved
    OPEN = "open"
    WON = "won"
    LOST = "lost"
    PARKED = "parked"  # postponed: neither won nor lost, no clock
    AFTER = "after"  # delivery, feedback, repeat sale: after the win
    CONVERTED = "converted"  # a Bitrix24 lead that became a deal: advanced, not won


class Status(StrEnum):
    """The state of a deal at ``as of``, from its stage's kind."""

    INCOMING = "incoming"
    OPEN = "open"
    WON = "won"
    LOST = "lost"
    PARKED = "parked"
    CONVERTED = "converted"
    UNKNOWN = "unknown"  # closed in a stage neither known won nor lost, or stage unknown
    GONE = "gone"  # deleted or merged in the CRM: kept exports held it, the newest does not


STATUSES = tuple(s.value for s in Status)
NO_RANK = -1


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of one pipeline.

    ``rank``: 0 incoming, 1..k the open stages in order, k+1 won (or converted), k+2.. after;
    ``NO_RANK`` for lost and parked, which lie outside the order.
    ``limit``: days a deal may stand here, ``"auto"`` (metrics.md 4), or None for no limit.
    """

    id: str  # "<pipeline key>/<stage key>"
    key: str
    title: str
    pipeline: str
    kind: StageKind
    rank: int
    limit: float | Literal["auto"] | None = "auto"
    limit_unit: Literal["days", "working_days"] = "days"
    crm_names: tuple[str, ...] = ()
    date_column: str | None = None
    moves_to: str | None = None  # id of the stage of another pipeline to which a move is an advance


@dataclass(frozen=True)
class Pipeline:
    """An ordered list of stages. ``confirmed``: the order is the user's, not a guess."""

    key: str
    title: str
    stages: tuple[Stage, ...]
    confirmed: bool = True
    crm_names: tuple[str, ...] = ()
    entity: Literal["deal", "lead"] = "deal"

    @cached_property
    def open_stages(self) -> tuple[Stage, ...]:
        """The open stages in order."""
        return tuple(
            sorted((s for s in self.stages if s.kind is StageKind.OPEN), key=lambda s: s.rank)
        )

    @cached_property
    def goal(self) -> Stage | None:
        """The won (of leads: converted) stage, the end of the path; None if there is none."""
        kinds = (StageKind.WON, StageKind.CONVERTED)
        return next((s for s in self.stages if s.kind in kinds), None)

    @cached_property
    def path(self) -> tuple[Stage, ...]:
        """Open stages in order, then the goal: the steps of a conversion."""
        return (*self.open_stages, self.goal) if self.goal else self.open_stages

    @property
    def first(self) -> Stage | None:
        """The first open stage, entered at creation."""
        return self.open_stages[0] if self.open_stages else None


@dataclass(frozen=True)
class Funnel:
    """All pipelines. A stage's code, used in frames, is its position in ``stages``."""

    pipelines: tuple[Pipeline, ...] = field(default=())

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """All stages, pipeline by pipeline; the index is the stage's code."""
        return tuple(s for p in self.pipelines for s in p.stages)

    @cached_property
    def code(self) -> dict[str, int]:
        """Stage id -> code."""
        return {s.id: i for i, s in enumerate(self.stages)}

    @cached_property
    def pipeline_code(self) -> dict[str, int]:
        """Pipeline key -> position in ``pipelines``."""
        return {p.key: i for i, p in enumerate(self.pipelines)}

    def pipeline(self, key: str) -> Pipeline:
        """The pipeline with this key."""
        return self.pipelines[self.pipeline_code[key]]

    def stage(self, stage_id: str) -> Stage:
        """The stage with this id (``pipeline/stage``)."""
        return self.stages[self.code[stage_id]]
