"""Open deals past the qualification that have a planned task."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Array, Columns
from funnelkpi.metrics._deals import NEVER, second, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._meetings import done_flag
from funnelkpi.metrics._people import About, frame, moments, numbers, shares
from funnelkpi.metrics._scopes import not_evaluated
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import MAX_STAGE_UNKNOWN, Dataset
from funnelkpi.model.funnel import Pipeline, StageKind

NEXT_STEP = MetricSpec("next_step_share", "share")
SPECS = (NEXT_STEP,)


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """Open deals past the stage ``next_step.after``: deal, manager, pipeline, stage, hit (a task is
    planned)."""
    return frame(_facts(index or Index(data), view))


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    data = index.data
    if data.tasks is None and "next_task_at" not in data.available:
        return "next_task"
    if data.stage_unknown_share > MAX_STAGE_UNKNOWN:
        return "history_for_as_of"
    if not _past(index, view).any():
        return "next_step_stage"
    return None


def _past(index: Index, view: View) -> Array:
    """By stage code: open stages past the qualification stage; the last one, for -1, is not."""
    after = view.settings.next_step.after
    found = np.zeros(len(index.data.funnel.stages) + 1, dtype=bool)
    for pipeline in index.data.funnel.pipelines:
        rank = _rank(pipeline, after)
        for stage in pipeline.stages:
            past = stage.kind is StageKind.OPEN and rank is not None and stage.rank > rank
            found[index.data.funnel.code[stage.id]] = past
    return found


def _rank(pipeline: Pipeline, after: str | None) -> int | None:
    """The rank behind which a next step is due; None: the pipeline has no such stage."""
    if pipeline.entity != "deal":
        return None
    if after is None:
        return pipeline.first.rank if pipeline.first else None
    return next((s.rank for s in pipeline.stages if s.key == after and s.rank >= 0), None)


def _facts(index: Index, view: View) -> Columns:
    deals = index.deals
    past = _past(index, view)[deals.codes("stage")]
    rows = np.flatnonzero(past & deals.status("open") & ~deals.stage_unknown)
    out = deals.facts(rows, "stage")
    out["hit"] = planned(index)[rows]
    return out


def planned(index: Index) -> Array:
    """Which deals have a task: the next one of the deals file, or an open one due from now on."""
    data = index.data
    out: Array = seconds(data.deals["next_task_at"].to_numpy()) != NEVER
    if data.tasks is None:
        return out
    deal, due = numbers(data.tasks, "deal"), moments(data.tasks, "due_at")
    now = second(data.as_of)
    # a task due on a day without an hour is due until that day ends
    due = np.where((due % 86_400 == 0) & (due != NEVER), due + 86_399, due)
    waits = (deal >= 0) & (done_flag(data.tasks) <= 0) & (due >= now) & (due != NEVER)
    out = out.copy()
    out[deal[waits]] = True
    return out


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Share of the open deals past the qualification stage with a planned task, now."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    reason = absent(index, view, NEXT_STEP.id)
    if reason is not None:
        return [not_evaluated(NEXT_STEP, index, view, reason)]
    rows = _facts(index, view)
    rows.pop("stage")
    about: About = {"definition": NEXT_STEP.id, "evidence": "snapshot"}
    return [shares(NEXT_STEP, index, view, rows, **about)]
