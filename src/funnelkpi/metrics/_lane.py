"""One pipeline as the conversions see it: who is inside, how far each deal got, where it stands
now.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from funnelkpi.metrics._stages import NEVER, Array, StageEntries, seconds
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import Pipeline, Stage


class Lane:
    """Arrays over all deals for one pipeline.

    ever: now in the pipeline, or seen in one of its stages. inside: in it now.
    low, high: reach R(d) in this pipeline, surely and possibly; the goal only for deals that stand
    won now (a reopened deal's win does not count). rank: rank of the current stage, -1 outside.
    """

    def __init__(self, data: Dataset, index: StageEntries, pipeline: Pipeline) -> None:
        self.data, self.index, self.pipeline = data, index, pipeline
        self.code = data.funnel.pipeline_code[pipeline.key]
        deals = data.deals
        self.inside: Array = deals["pipeline"].cat.codes.to_numpy() == self.code
        self.low: Array = np.where(self.inside, deals["reach_low"].to_numpy(), -1)
        self.high: Array = np.where(self.inside, deals["reach_high"].to_numpy(), -1)
        self.ever = self.inside
        for stage in pipeline.stages:
            deal, _, _ = index.of(data.funnel.code[stage.id])
            outside = deal[~self.inside[deal]]
            if len(outside):  # moved to another pipeline: its reach here is what was seen here
                self.ever = self.ever | np.isin(np.arange(index.deals), outside)
                self.low[outside] = np.maximum(self.low[outside], stage.rank)
                self.high[outside] = np.maximum(self.high[outside], stage.rank)
        self.status: Array = deals["status"].cat.codes.to_numpy()
        self._statuses = list(deals["status"].cat.categories)
        if pipeline.goal:
            short = ~self.is_status("won", "converted") & (self.high >= pipeline.goal.rank)
            top = pipeline.goal.rank - 1
            self.low[short] = np.minimum(self.low[short], top)
            self.high[short] = top
        ranks = np.array([s.rank for s in data.funnel.stages] + [-1], dtype=np.int16)
        self.rank: Array = np.where(self.inside, ranks[deals["stage"].cat.codes.to_numpy()], -1)
        self.created = seconds(deals["created_at"].to_numpy())
        self.closed = seconds(deals["closed_at"].to_numpy())
        self.owner: Array = deals["manager"].cat.codes.to_numpy().astype(np.int32)
        self.stage_unknown: Array = deals["stage_unknown"].to_numpy(dtype=bool)

    def is_status(self, *names: str) -> Array:
        """Deals with one of these statuses."""
        wanted = np.array([name in names for name in self._statuses] + [False])
        found: Array = wanted[self.status]
        return found

    def entered(self, stage: Stage, skipped: str) -> tuple[Array, Array]:
        """When each deal counts as having entered ``stage`` (seconds, ``NEVER``), and its owner
        then.

        passed: the first moment it was seen at this rank or beyond. strict: in the stage itself.
        """
        at = np.full(self.index.deals, NEVER, dtype=np.int64)
        owner = self.owner.copy()
        beyond = sorted(
            (s for s in self.pipeline.stages if s.rank >= stage.rank), key=lambda s: s.rank
        )
        for s in beyond if skipped == "passed" else [stage]:
            deal, moment, manager = self.index.of(self.data.funnel.code[s.id])
            first = moment < at[deal]
            at[deal[first]], owner[deal[first]] = moment[first], manager[first]
        return at, owner

    def surely_in(self, stage: Stage, entered: Array, skipped: str) -> Array:
        """Deals that surely reached the stage, as the policy on skipped stages counts it."""
        if skipped == "passed":
            reached: Array = self.low >= stage.rank
            return reached
        code = self.data.funnel.code[stage.id]
        deals = self.data.deals
        seen = deals["stage"].cat.codes.to_numpy() == code
        seen = seen | (deals["previous_stage"].cat.codes.to_numpy() == code)
        now: Array = ((seen & ~self.stage_unknown) | (entered != NEVER)) & self.ever
        return now

    def intended_move(self, stage: Stage) -> Array:
        """Deals that left by a move the config intends (``moves_to`` of this stage or one
        beyond).
        """
        moved = np.zeros(self.index.deals, dtype=bool)
        funnel = self.data.funnel
        for s in self.pipeline.stages:
            if s.moves_to is None or s.rank < stage.rank or s.moves_to not in funnel.code:
                continue
            target = funnel.stage(s.moves_to)
            now = self.data.deals["pipeline"].cat.codes.to_numpy()
            moved |= (now == funnel.pipeline_code[target.pipeline]) & ~self.inside
            deal, _, _ = self.index.of(funnel.code[target.id])
            moved[deal] |= self.ever[deal]
        return moved

    def ignored(self, reasons: tuple[str, ...]) -> Array:
        """Lost deals whose loss reason the config leaves out of conversions."""
        column = self.data.deals["loss_reason"]
        wanted = {_plain(r) for r in reasons}
        hit = np.array([_plain(c) in wanted for c in column.cat.categories] + [False])
        found: Array = hit[column.cat.codes.to_numpy()] & self.is_status("lost")
        return found


def _plain(text: Any) -> str:
    return re.sub(r"\s+", " ", str(text)).strip().casefold().replace("ё", "е")
