"""Stage entries by stage, and what can be told of the entries of a stage from the evidence at
hand.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Literal

import numpy as np

from funnelkpi.metrics._columns import Array, Columns
from funnelkpi.metrics._deals import NEVER, second
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import Pipeline, Stage, StageKind

Known = Literal["exact", "at_least", "not_evaluated"]


class StageEntries:
    """The entries frame of a dataset, grouped by stage once."""

    def __init__(self, data: Dataset) -> None:
        self._frame = data.entries
        stage = data.entries["stage"].to_numpy()
        self._order = np.argsort(stage, kind="stable")
        counts = np.bincount(stage, minlength=len(data.funnel.stages))
        self._ends = [0, *np.cumsum(counts).tolist()]
        self.deals = len(data.deals)

    def _sorted(self, name: str) -> Array:
        return self._frame[name].to_numpy()[self._order]

    @cached_property
    def _deal(self) -> Array:
        return self._sorted("deal")

    @cached_property
    def _at(self) -> Array:
        return self._sorted("at").astype("M8[s]").view(np.int64)

    @cached_property
    def _manager(self) -> Array:
        return self._sorted("manager")

    @cached_property
    def _evidence(self) -> Array:
        return self._sorted("evidence")

    def of(self, stage: int) -> tuple[Array, Array, Array]:
        """Entries of one stage: deal positions, moments in seconds, manager codes."""
        rows = self.rows(stage)
        return self._deal[rows], self._at[rows], self._manager[rows]

    def evidence(self, stage: int) -> Array:
        """How well each of these entries is known."""
        return self._evidence[self.rows(stage)]

    def rows(self, stage: int) -> slice:
        """Where the entries of ``stage`` stand."""
        return slice(self._ends[stage], self._ends[stage + 1])

    def moments(self, stage: int) -> Array:
        """The moment each deal entered ``stage``, in seconds; ``NEVER`` where it was not seen."""
        at = np.full(self.deals, NEVER, dtype=np.int64)
        deal, moment, _ = self.of(stage)
        at[deal] = moment
        return at


def counted_stages(pipeline: Pipeline) -> list[Stage]:
    """The stages whose entries are counted: open ones, the goal, those after it."""
    after = sorted((s for s in pipeline.stages if s.kind is StageKind.AFTER), key=lambda s: s.rank)
    return [*pipeline.path, *after]


def exact(data: Dataset, pipeline: Pipeline, stage: Stage) -> bool:
    """Whether every entry of ``stage`` is dated: creation, close date, or a date column."""
    if stage.id in data.dated:
        return True
    ends = ((pipeline.first, "created_at"), (pipeline.goal, "closed_at"))
    return any(stage is end and told(data, column) for end, column in ends)


def told(data: Dataset, column: str) -> bool:
    """Whether the files have ``column``; a column without a value may still be there."""
    return column in data.available or bool(data.deals[column].notna().any())


def known(data: Dataset, pipeline: Pipeline, stage: Stage, end: datetime) -> Known:
    """How well the entries of ``stage`` in a period that ends at ``end`` are known.

    exact: the first open stage (creation), the goal (close date), a stage with a date column or
    a recorded history. at_least: another stage, where a part of the history, or the export's
    stage-change date of the current stage, tells of some: other deals are missing; so they are
    where the history ends before the period and deals have moved since. not_evaluated:
    another stage without such a date.
    """
    if exact(data, pipeline, stage):
        until = data.observed_until.get(stage.id)
        ends = (pipeline.first, pipeline.goal)
        late = until is not None and min(end, data.as_of) > until and stage not in ends
        return "at_least" if late else "exact"
    seen = (data.entries["stage"].to_numpy() == data.funnel.code[stage.id]) & (
        data.entries["evidence"].to_numpy() <= Evidence.ARCHIVE
    )
    if seen.any():
        return "at_least"
    if "stage_changed_at" not in data.available:
        return "not_evaluated"
    inside = data.deals["pipeline"].cat.codes.to_numpy() == data.funnel.pipeline_code[pipeline.key]
    changed = data.deals["stage_changed_at"].notna().to_numpy()
    return "at_least" if (changed & inside).any() else "not_evaluated"


def observed_since(data: Dataset, stage: Stage) -> int:
    """The second from which the entries of a dated stage are known (its date column, its history);
    before it nothing is known of them."""
    since = data.observed.get(stage.id)
    return NEVER if since is None else second(since)


def moments(values: Array) -> Array:
    """Whole seconds back as moments."""
    return np.asarray(values, dtype=np.int64).view("M8[s]")


def entry_facts(
    deal: Array, manager: Array, pipeline: int, stage: int, at: Array, **more: Array
) -> Columns:
    """Facts of one pipeline and stage in the column types every family uses."""
    n = len(deal)
    return {
        "deal": deal.astype(np.int32),
        "manager": manager.astype(np.int32),
        "pipeline": np.full(n, pipeline, np.int16),
        "stage": np.full(n, stage, np.int16),
        "at": moments(at),
        **more,
    }
