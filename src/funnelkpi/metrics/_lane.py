"""One pipeline as the conversions see it: who is inside, how far each deal got, where it stands
now.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from funnelkpi.metrics._columns import Array
from funnelkpi.metrics._deals import NEVER, Deals
from funnelkpi.metrics._stages import StageEntries
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import Pipeline, Stage

Entered = tuple[Array, Array]
"""When each deal counts as having entered a stage (seconds, ``NEVER``), and its owner then."""


class Lane:
    """Arrays over all deals for one pipeline.

    ever: now in the pipeline, or seen in one of its stages. inside: in it now.
    low, high: reach R(d) in this pipeline, surely and possibly; the goal only for deals that stand
    won now (a reopened deal's win does not count). ranks: rank of each stage, -1 of others.
    """

    def __init__(
        self, data: Dataset, deals: Deals, entries: StageEntries, pipeline: Pipeline
    ) -> None:
        self.data, self.deals, self.entries, self.pipeline = data, deals, entries, pipeline
        self.code = data.funnel.pipeline_code[pipeline.key]
        self.inside: Array = deals.codes("pipeline") == self.code
        self.low: Array = np.where(self.inside, data.deals["reach_low"].to_numpy(), -1)
        self.high: Array = np.where(self.inside, data.deals["reach_high"].to_numpy(), -1)
        self.ever = self.inside.copy()
        for stage in pipeline.stages:
            deal, _, _ = entries.of(data.funnel.code[stage.id])
            outside = deal[~self.inside[deal]]
            if len(outside):  # moved to another pipeline: its reach here is what was seen here
                self.ever[outside] = True
                self.low[outside] = np.maximum(self.low[outside], stage.rank)
                self.high[outside] = np.maximum(self.high[outside], stage.rank)
        if pipeline.goal:
            short = np.flatnonzero(self.high >= pipeline.goal.rank)
            short = short[~deals.status("won", "converted", rows=short)]
            top = pipeline.goal.rank - 1
            self.low[short] = np.minimum(self.low[short], top)
            self.high[short] = top
        self.ranks = np.array([s.rank for s in data.funnel.stages] + [-1], dtype=np.int16)

    def entered(self, stages: Sequence[Stage], skipped: str) -> dict[str, Entered]:
        """When each deal entered each of the open ``stages`` (by ID), as the policy counts it.

        passed: the first moment it was seen at this rank or beyond. strict: in the stage itself.
        """
        at, owner = self._nowhere()
        out: dict[str, Entered] = {}
        wanted = {s.id for s in stages}
        seen = stages if skipped == "strict" else [s for s in self.pipeline.stages if s.rank >= 1]
        for stage in sorted(seen, key=lambda s: s.rank)[::-1]:
            if skipped == "strict":
                at, owner = self._nowhere()
            deal, moment, manager = self.entries.of(self.data.funnel.code[stage.id])
            first = moment <= at[deal]
            at[deal[first]], owner[deal[first]] = moment[first], manager[first]
            if stage.id in wanted:
                out[stage.id] = at.copy(), owner.copy()
        return out

    def _nowhere(self) -> Entered:
        return np.full(len(self.deals), NEVER), self.deals.owner.copy()

    def surely_in(self, stage: Stage, entered: Array, skipped: str) -> Array:
        """Deals that surely reached the stage, as the policy on skipped stages counts it."""
        if skipped == "passed":
            reached: Array = self.low >= stage.rank
            return reached
        code = self.data.funnel.code[stage.id]
        seen = (self.deals.codes("stage") == code) | (self.deals.codes("previous_stage") == code)
        now: Array = ((seen & ~self.deals.stage_unknown) | (entered != NEVER)) & self.ever
        return now

    def intended_move(self, stage: Stage, rows: Array) -> Array:
        """Which deals of ``rows`` left by a move the config intends (``moves_to`` of this stage or
        one beyond).
        """
        moved = np.zeros(len(rows), dtype=bool)
        funnel = self.data.funnel
        for s in self.pipeline.stages:
            if s.moves_to is None or s.rank < stage.rank or s.moves_to not in funnel.code:
                continue
            target = funnel.stage(s.moves_to)
            now = self.deals.codes("pipeline")[rows]
            moved |= (now == funnel.pipeline_code[target.pipeline]) & ~self.inside[rows]
            seen = np.zeros(len(self.deals), dtype=bool)
            deal, _, _ = self.entries.of(funnel.code[target.id])
            seen[deal] = True
            moved |= seen[rows] & self.ever[rows]
        return moved

    def ignored(self, reasons: tuple[str, ...], rows: Array) -> Array:
        """Which deals of ``rows`` were lost for a reason the config leaves out of conversions."""
        column = self.data.deals["loss_reason"].array
        wanted = {_plain(r) for r in reasons}
        hit = np.array([_plain(c) in wanted for c in column.categories] + [False])
        found: Array = hit[column.codes[rows]] & self.deals.status("lost", rows=rows)
        return found


def _plain(text: Any) -> str:
    return re.sub(r"\s+", " ", str(text)).strip().casefold().replace("ё", "е")
