"""The cohort of one step s -> t: which deals are its base, and what became of each of them.

Two forms. *Entry cohort*: deals that entered s in the window; used where the entry of s is dated.
*Created cohort*: deals created in the window; used where it is not. Lost deals whose reach is
unknown then make the base and the hits uncertain, which the bounds say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np
import pandas as pd

from funnelkpi.metrics._lane import Lane
from funnelkpi.metrics._stages import NEVER, Array, StageEntries, begun, exact, fact_frame
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import MAX_STAGE_UNKNOWN, Dataset
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import Pipeline, Stage

CLASSES = (
    "advanced", "lost", "parked", "left", "gone", "unknown", "moved_back", "still_there",
)  # fmt: skip
"""What became of a deal of the base; the eight add up to the base. ``klass`` of the facts is the
index.
"""
OUTSIDE = ("too_early", "ignored", "outcome_unknown", "start_unknown")
"""Deals beside the base, counted apart; ``klass`` goes on after ``CLASSES``."""
ALL_CLASSES = (*CLASSES, *OUTSIDE)
TOO_EARLY, IGNORED, OUTCOME_UNKNOWN, START_UNKNOWN = range(len(CLASSES), len(ALL_CLASSES))

DAY = 86_400
DEFAULT_MATURITY = 90
MAX_MATURITY = 90
MIN_LAGS = 20
LAG_DAYS = 365
MAX_UNDATED = MAX_STAGE_UNKNOWN
"""Above this share of deals whose entry date is missing, the created cohort takes over."""


@dataclass(frozen=True)
class Step:
    """One step with its window [start, end) in seconds and the form of its cohort."""

    pipeline: Pipeline
    stage: Stage
    to_stage: Stage
    form: Literal["cohort", "created_cohort"]
    start: int
    end: int
    maturity: int
    evidence: str
    facts: pd.DataFrame


def path_steps(pipeline: Pipeline) -> list[tuple[Stage, Stage]]:
    """The steps of the path: each open stage to the next, the last to the goal."""
    return list(zip(pipeline.path[:-1], pipeline.path[1:], strict=True))


def wanted_steps(pipeline: Pipeline, view: View) -> list[tuple[Stage, Stage]]:
    """Steps of the path and the further pairs of the config that this pipeline has, in order."""
    by_key = {s.key: s for s in pipeline.path}
    pairs = [
        (by_key[a], by_key[b])
        for a, b in view.settings.conversion.pairs
        if a in by_key and b in by_key and by_key[a].rank < by_key[b].rank
    ]
    return list(dict.fromkeys([*path_steps(pipeline), *pairs]))


def whole_way(pipeline: Pipeline) -> list[tuple[Stage, Stage]]:
    """Created -> won: from the first open stage to the goal."""
    return [(pipeline.first, pipeline.goal)] if pipeline.first and pipeline.goal else []


def steps(data: Dataset, view: View, *, whole: bool) -> Iterator[Step]:
    """The steps of every pipeline (``whole``: created -> won) with the facts of each.

    Steps of a pipeline whose order is not confirmed are left out: its order is a guess.
    """
    index = StageEntries(data)
    for pipeline in data.funnel.pipelines:
        asked = whole_way(pipeline) if whole else wanted_steps(pipeline, view)
        if not asked or not (whole or pipeline.confirmed):
            continue
        lane = Lane(data, index, pipeline)
        for stage, to_stage in asked:
            yield _step(lane, view, stage, to_stage)


def maturity(lane: Lane, view: View, stage: Stage, to_stage: Stage) -> int:
    """Days a deal gets before it counts: as configured, or p80 of the measured lag, at most 90.

    The lag is between entries really seen (``to_stage`` within the last 365 days before ``as_of``),
    rounded up to whole days; with fewer than 20 of them 90.
    """
    asked = view.settings.conversion.maturity
    if asked != "auto":
        return int(asked)
    if not (exact(lane.data, lane.pipeline, stage) and exact(lane.data, lane.pipeline, to_stage)):
        return DEFAULT_MATURITY  # lags of the deals that still stand there would be too short
    code = lane.data.funnel.code
    since = int(np.datetime64(view.as_of, "s").astype(np.int64)) - LAG_DAYS * DAY
    deal, reached, _ = lane.index.of(code[to_stage.id])
    entered = lane.index.moments(code[stage.id])[deal]
    lags = (reached - entered)[(entered <= reached) & (reached >= since)]
    if len(lags) < MIN_LAGS:
        return DEFAULT_MATURITY
    return min(MAX_MATURITY, ceil(round(float(np.quantile(lags, 0.8)) / DAY, 6)))


def window(view: View, days: int) -> tuple[int, int]:
    """[start, end) of the cohort in seconds: ``conversion.window`` days that end ``days`` before
    as_of.
    """
    end = int(np.datetime64(view.as_of, "s").astype(np.int64)) - days * DAY
    return end - view.settings.conversion.window * DAY, end


def _step(lane: Lane, view: View, stage: Stage, to_stage: Stage) -> Step:
    data, skipped = lane.data, view.settings.conversion.skipped
    entered, owner = lane.entered(stage, skipped)
    sure = lane.surely_in(stage, entered, skipped)
    possible = sure | ((lane.high >= stage.rank) & lane.ever)
    days = maturity(lane, view, stage, to_stage)
    start, end = window(view, days)
    undated = np.empty(0, np.int64)
    dated = stage == lane.pipeline.first or stage.id in data.dated
    if dated and stage != lane.pipeline.first:
        _, at, _ = lane.index.of(data.funnel.code[stage.id])
        since = begun(at)  # nothing is known before the column was kept
        start = max(start, min(since, end))
        if skipped == "strict":  # an empty date of a kept column means: not in the stage
            possible = sure | (possible & (lane.created < since))
        maybe = possible & (entered == NEVER) & (lane.created < end) & (lane.closed >= start)
        undated = np.flatnonzero(maybe)
        young = int((lane.created[undated] >= since).sum())
        base = int(((entered >= start) & (entered < end)).sum())
        dated = young <= MAX_UNDATED * (base + young)
    if dated:
        at, form = entered, "cohort"
        rows = np.flatnonzero((at >= start) & (at != NEVER))
        rows = np.concatenate([rows, undated])
    else:
        first = lane.pipeline.first
        days = maturity(lane, view, first or stage, to_stage)
        start, end = window(view, days)
        at, owner, form = lane.created, lane.owner, "created_cohort"
        rows = np.flatnonzero(possible & lane.inside & (at >= start) & (at != NEVER))
    low, high = lane.low[rows] >= to_stage.rank, lane.high[rows] >= to_stage.rank
    moved = lane.intended_move(stage)[rows]
    low, high = low | moved, high | moved
    klass = _classes(lane, stage, rows, low)
    reasons = view.settings.conversion.ignore_loss_reasons
    if reasons:
        klass[lane.ignored(reasons)[rows]] = IGNORED
    klass[lane.is_status("unknown")[rows] & ~lane.stage_unknown[rows]] = OUTCOME_UNKNOWN
    klass[at[rows] >= end] = TOO_EARLY
    if form == "cohort":
        klass[at[rows] == NEVER] = START_UNKNOWN
    facts = fact_frame(
        rows,
        owner[rows],
        lane.code,
        data.funnel.code[stage.id],
        np.where(at[rows] == NEVER, np.iinfo(np.int64).min, at[rows]),
        to_stage=np.full(len(rows), data.funnel.code[to_stage.id], np.int16),
        klass=klass,
        hit=low,
        possible=high,
        sure=sure[rows] | (form == "cohort"),
    )
    level = _evidence(lane, stage, to_stage, facts)
    return Step(
        lane.pipeline, stage, to_stage, "cohort" if dated else "created_cohort",
        start, end, days, level, facts,
    )  # fmt: skip


def _classes(lane: Lane, stage: Stage, rows: Array, advanced: Array) -> Array:
    """The first class that fits each deal, in the order of ``CLASSES``; the last where none does.

    ``gone`` (deleted or merged in the CRM) is seen only between kept exports and never by one
    export.
    """
    lost, parked = lane.is_status("lost")[rows], lane.is_status("parked")[rows]
    unknown = lane.stage_unknown[rows] | lane.is_status("unknown")[rows]
    back = lane.rank[rows] < stage.rank
    tests = [advanced, lost, parked, ~lane.inside[rows], np.zeros(len(rows), bool), unknown, back]
    return np.select(tests, range(len(tests)), len(tests)).astype(np.int8)


def _evidence(lane: Lane, stage: Stage, to_stage: Stage, facts: pd.DataFrame) -> str:
    """The weakest evidence the step rests on."""
    certain = all(exact(lane.data, lane.pipeline, s) for s in (stage, to_stage))
    if certain and {stage.id, to_stage.id} & lane.data.dated:
        return Evidence.DATES.label
    levels = lane.data.deals["reach_evidence"].to_numpy()[facts["deal"].to_numpy()]
    settled = bool((facts["hit"] == facts["possible"]).all())
    if not certain and settled and (levels == Evidence.PREVIOUS).any():
        return Evidence.PREVIOUS.label
    return Evidence.SNAPSHOT.label
