"""The cohort of one step s -> t: which deals are its base, and what became of each of them.

Two forms. *Entry cohort*: deals that entered s in the window; used where the entry of s is dated.
*Created cohort*: deals created in the window; used where it is not. Lost deals whose reach is
unknown then make the base and the hits uncertain, which the bounds say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np

from funnelkpi.metrics._columns import Array, Columns
from funnelkpi.metrics._deals import NEVER
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._lane import Entered, Lane
from funnelkpi.metrics._stages import entry_facts, exact, observed_since
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import MAX_STAGE_UNKNOWN
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
    facts: Columns


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


def steps(index: Index, view: View, *, whole: bool) -> list[Step]:
    """The steps of every pipeline (``whole``: created -> won) with the facts of each.

    Steps of a pipeline whose order is not confirmed are left out: its order is a guess.
    """
    out: list[Step] = []
    for lane in index.lanes:
        if whole:
            out += lane_steps(lane, view, whole_way(lane.pipeline))
        elif lane.pipeline.confirmed:
            out += lane_steps(lane, view, wanted_steps(lane.pipeline, view))
    return out


def lane_steps(lane: Lane, view: View, pairs: Sequence[tuple[Stage, Stage]]) -> list[Step]:
    """The steps ``pairs`` of one pipeline."""
    entered = lane.entered([s for s, _ in pairs], view.settings.conversion.skipped)
    return [_step(lane, view, s, t, entered[s.id]) for s, t in pairs]


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
    deal, reached, _ = lane.entries.of(code[to_stage.id])
    entered = lane.entries.moments(code[stage.id])[deal]
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


def _step(lane: Lane, view: View, stage: Stage, to_stage: Stage, entry: Entered) -> Step:
    deals, skipped = lane.deals, view.settings.conversion.skipped
    entered, owner = entry
    code = lane.data.funnel.code
    sure = lane.surely_in(stage, entered, skipped)
    possible = sure | ((lane.high >= stage.rank) & lane.ever)
    days = maturity(lane, view, stage, to_stage)
    start, end = window(view, days)
    undated = np.empty(0, np.int64)
    dated = stage == lane.pipeline.first or stage.id in lane.data.dated
    if dated:
        since = observed_since(lane.data, stage)  # nothing is known before the column was kept
        by_birth = stage == lane.pipeline.first  # but creations are, unless it came from elsewhere
        start = start if by_birth else max(start, min(since, end))
        if skipped == "strict":  # an empty date of a kept column means: not in the stage
            possible = sure | (possible & (deals.created < since))
        undated = np.flatnonzero(possible & (entered == NEVER))
        undated = undated[(deals.created[undated] < end) & (deals.closed[undated] >= start)]
        young = int((deals.created[undated] >= since).sum())
        base = int(((entered >= start) & (entered < end)).sum())
        dated = by_birth or young <= MAX_UNDATED * (base + young)
    if dated:
        at, form = entered, "cohort"
        rows = np.flatnonzero((at >= start) & (at != NEVER))
        rows = np.concatenate([rows, undated])
    else:
        first = lane.pipeline.first
        days = maturity(lane, view, first or stage, to_stage)
        start, end = window(view, days)
        at, owner, form = deals.created, deals.owner_when("created"), "created_cohort"
        rows = np.flatnonzero(possible & lane.inside & (at >= start) & (at != NEVER))
    at = at[rows]
    moved = lane.intended_move(stage, rows)
    low, high = lane.low[rows] >= to_stage.rank, lane.high[rows] >= to_stage.rank
    low, high = low | moved, high | moved
    klass = _classes(lane, stage, rows, low)
    reasons = view.settings.conversion.ignore_loss_reasons
    if reasons:
        klass[lane.ignored(reasons, rows)] = IGNORED
    klass[deals.status("unknown", rows=rows) & ~deals.stage_unknown[rows]] = OUTCOME_UNKNOWN
    klass[at >= end] = TOO_EARLY
    if form == "cohort":
        klass[at == NEVER] = START_UNKNOWN
    facts = entry_facts(
        rows,
        owner[rows],
        lane.code,
        code[stage.id],
        np.where(at == NEVER, np.iinfo(np.int64).min, at),
        to_stage=np.full(len(rows), code[to_stage.id], np.int16),
        klass=klass,
        hit=low,
        possible=high,
        sure=sure[rows] | (form == "cohort"),
    )
    level = _evidence(lane, facts)
    return Step(
        lane.pipeline, stage, to_stage, "cohort" if dated else "created_cohort",
        start, end, days, level, facts,
    )  # fmt: skip


def _classes(lane: Lane, stage: Stage, rows: Array, advanced: Array) -> Array:
    """The first class that fits each deal, in the order of ``CLASSES``; the last where none does.

    ``gone`` (deleted or merged in the CRM) is seen only between kept exports and never by one
    export.
    """
    deals, inside = lane.deals, lane.inside[rows]
    rank = np.where(inside, lane.ranks[deals.codes("stage")[rows]], -1)
    unknown = deals.stage_unknown[rows] | deals.status("unknown", rows=rows)
    unknown |= deals.codes("stage")[rows] < 0  # a stage the config does not know is not "below"
    klass = np.full(len(rows), CLASSES.index("still_there"), np.int8)
    for name, fits in (  # the last that is written is the first of ``CLASSES``
        ("moved_back", rank < stage.rank),
        ("unknown", unknown),
        ("gone", deals.status("gone", rows=rows)),
        ("left", ~inside),
        ("parked", deals.status("parked", rows=rows)),
        ("lost", deals.status("lost", rows=rows)),
        ("advanced", advanced),
    ):
        klass[fits] = CLASSES.index(name)
    return klass


def _evidence(lane: Lane, facts: Columns) -> str:
    """The weakest evidence any deal of the base rests on."""
    base = facts["klass"] < len(CLASSES)
    levels = lane.data.deals["reach_evidence"].to_numpy()[facts["deal"][base]]
    return (
        Evidence(int(levels.max(initial=Evidence.HISTORY))).label
        if len(levels)
        else Evidence.SNAPSHOT.label
    )
