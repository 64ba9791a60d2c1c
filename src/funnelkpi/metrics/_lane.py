"""One pipeline as the conversions see it: who is inside, how far each deal got, where it stands
now.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from funnelkpi.metrics._columns import Array
from funnelkpi.metrics._deals import NEVER, Deals, seconds
from funnelkpi.metrics._stages import StageEntries
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import Pipeline, Stage, StageKind
from funnelkpi.model.visits import lasting

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
        self.ranks = np.array([s.rank for s in data.funnel.stages] + [-1], dtype=np.int16)
        self.ever = self.inside.copy()
        for stage in pipeline.stages:
            deal, _, _ = entries.of(data.funnel.code[stage.id])
            outside = deal[~self.inside[deal]]
            if len(outside):  # moved to another pipeline: its reach here is what was seen here
                self.ever[outside] = True
                self.low[outside] = np.maximum(self.low[outside], stage.rank)
                self.high[outside] = np.maximum(self.high[outside], stage.rank)
        deal, rank, _ = self._unseen
        outside = ~self.inside[deal]
        self.ever[deal] = True
        for reach in (self.low, self.high):
            np.maximum.at(reach, deal[outside], rank[outside])
        if pipeline.goal:
            short = np.flatnonzero(self.high >= pipeline.goal.rank)
            short = short[~deals.status("won", "converted", rows=short)]
            top = pipeline.goal.rank - 1
            self.low[short] = np.minimum(self.low[short], top)
            self.high[short] = top

    def entered(self, stages: Sequence[Stage], skipped: str) -> dict[str, Entered]:
        """When each deal entered each of the open ``stages`` (by ID), as the policy counts it.

        passed: the first moment it was seen at this rank or beyond; nobody knows it of a deal that
        stood there when its history began. strict: in the stage itself.
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
                if skipped != "strict":
                    self._forget(stage, *out[stage.id])
        return out

    def _forget(self, stage: Stage, at: Array, owner: Array) -> None:
        """Take away moments later than a visit at this rank or beyond that began unseen."""
        deal, rank, end = self._unseen
        beyond = rank >= stage.rank
        deal, end = deal[beyond], end[beyond]
        rows = deal[at[deal] >= end]
        at[rows], owner[rows] = NEVER, self.deals.owner[rows]

    @cached_property
    def _unseen(self) -> tuple[Array, Array, Array]:
        """Visits in this pipeline that began nobody knows when: deal, rank, end (seconds)."""
        visits, funnel = self.data.visits, self.data.funnel
        rows = np.flatnonzero(np.isnat(visits["start"].to_numpy()))
        kinds = (StageKind.WON, StageKind.CONVERTED, StageKind.AFTER)
        winning = np.array([s.kind in kinds for s in funnel.stages], dtype=bool)
        rows = rows[lasting(visits, winning)[rows]] if len(rows) else rows
        stage = visits["stage"].to_numpy()[rows]
        home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages])
        own = home[stage] == self.code if len(rows) else np.zeros(0, dtype=bool)
        rows, stage = rows[own], stage[own]
        end = seconds(visits["end"].to_numpy()[rows])
        deal, rank = visits["deal"].to_numpy()[rows], self.ranks[stage]
        late, below, since = self._begun_late
        return np.append(deal, late), np.append(rank, below), np.append(end, since)

    @property
    def _begun_late(self) -> tuple[Array, Array, Array]:
        """Deals whose first known move is not their creation: nobody saw when they came to the
        stages below it. Deal, highest of these ranks, moment of that move."""
        visits, funnel = self.data.visits, self.data.funnel
        deal, start = visits["deal"].to_numpy(), visits["start"].to_numpy()
        first = np.flatnonzero(np.append(True, deal[1:] != deal[:-1])) if len(deal) else deal
        known = first[~np.isnat(start[first])]
        known = known[~self.deals.way_known[deal[known]]]
        stage = visits["stage"].to_numpy()[known]
        home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages], np.int64)
        known = known[home[stage] == self.code] if len(known) else known
        rank = self.ranks[visits["stage"].to_numpy()[known]] - 1
        return deal[known], rank.astype(np.int16), seconds(start[known])

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
