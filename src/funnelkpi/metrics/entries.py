"""Entries per stage and period: unique deals, first entries, only stages a deal was really seen
in.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._scopes import long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED, sliced
from funnelkpi.metrics._stages import (
    NEVER,
    Array,
    Known,
    StageEntries,
    begun,
    counted_stages,
    fact_frame,
    known,
    seconds,
)
from funnelkpi.metrics.result import conform, empty
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import Pipeline, Stage

ENTRIES = MetricSpec("entries", "count", scales=True, level="stage", needs=("created_at",))
SKIPPED_OVER = MetricSpec("skipped_over", "count", better="neither", scales=True, level="stage")
SPECS = (ENTRIES, SKIPPED_OVER)
_KEYS = ["slice", "pipeline", "stage"]


def facts(data: Dataset, view: View, metric: str) -> pd.DataFrame:
    """The deals behind one figure: deal, manager (owner at the entry), pipeline, stage, at.

    entries: the first entry of the stage lies in the period. skipped_over: the deal was first seen
    beyond the stage in the period and was not seen in the stage by then; only of stages with a date
    column, and only deals created since that column is kept.
    """
    index = StageEntries(data)
    parts: list[pd.DataFrame] = []
    for code, pipeline in enumerate(data.funnel.pipelines):
        if metric == ENTRIES.id:
            for stage in counted_stages(pipeline):
                number = data.funnel.code[stage.id]
                deal, at, manager = index.of(number)
                rows = _inside(at, view)
                parts.append(fact_frame(deal[rows], manager[rows], code, number, at[rows]))
        elif pipeline.confirmed:
            parts += _skipped(data, view, index, code, pipeline)
    parts = [p for p in parts if len(p)] or parts[:1]
    if not parts:
        nothing = np.empty(0, np.int64)
        return fact_frame(nothing, nothing, -1, -1, nothing)
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


def _inside(at: Array, view: View) -> Array:
    start = int(np.datetime64(view.period.start, "s").astype(np.int64))
    end = int(np.datetime64(view.period.end, "s").astype(np.int64))
    return np.flatnonzero((at >= start) & (at < end))


def skippable(data: Dataset, pipeline: Pipeline) -> list[Stage]:
    """Stages that a deal can be known to have skipped: those with a date column, not the first."""
    return [s for s in pipeline.open_stages[1:] if s.id in data.dated]


def _skipped(
    data: Dataset, view: View, index: StageEntries, code: int, pipeline: Pipeline
) -> list[pd.DataFrame]:
    wanted, parts = skippable(data, pipeline), []
    if not wanted:
        return []
    created = seconds(data.deals["created_at"].to_numpy())
    beyond = np.full(index.deals, NEVER, dtype=np.int64)
    owner = np.full(index.deals, -1, dtype=np.int32)
    for stage in reversed(counted_stages(pipeline)):
        number = data.funnel.code[stage.id]
        deal, at, manager = index.of(number)
        if stage in wanted:
            entered = index.moments(number)
            rows = _inside(beyond, view)
            rows = rows[(entered[rows] > beyond[rows]) & (created[rows] >= begun(at))]
            parts.append(fact_frame(rows, owner[rows], code, number, beyond[rows]))
        first = at < beyond[deal]
        beyond[deal[first]], owner[deal[first]] = at[first], manager[first]
    return parts


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows of entries and skipped_over, per stage.

    A stage known only from the current visits has ``bound_low`` ("at least so many"), no value and
    the definition ``entries.at_least``; one without any date is not evaluated
    (``needs.stage_dates``).
    """
    levels = {s.id: known(data, p, s) for p in data.funnel.pipelines for s in counted_stages(p)}
    skips = {
        s.id: _skip_level(data, p, s) for p in data.funnel.pipelines for s in p.open_stages[1:]
    }
    parts = [_rows(ENTRIES, data, view, levels), _rows(SKIPPED_OVER, data, view, skips)]
    return pd.concat([p for p in parts if len(p)] or [empty()], ignore_index=True)


def _skip_level(data: Dataset, pipeline: Pipeline, stage: Stage) -> Known:
    known_skips = pipeline.confirmed and stage.id in data.dated
    return "exact" if known_skips else "not_evaluated"


def _rows(spec: MetricSpec, data: Dataset, view: View, levels: dict[str, Known]) -> pd.DataFrame:
    stages = _grid(data, levels, ("exact", "at_least"))
    parts: list[pd.DataFrame] = []
    if len(stages):
        rows = sliced(facts(data, view, spec.id), data, view).assign(count=1)
        rows = rows[rows["stage"].isin(stages["stage"])]
        out = summed(rows, data, _KEYS, ["count"], stages.assign(slice=UNSLICED))
        least = np.array([levels.get(s.id) == "at_least" for s in data.funnel.stages])
        dated = np.array([s.id in data.dated for s in data.funnel.stages])
        at_least = least[out["stage"].to_numpy()]
        evidence = np.where(dated[out["stage"].to_numpy()], "dates", "snapshot").astype(object)
        out["value"] = out["count"].where(~at_least)
        out["bound_low"] = out["count"].where(at_least)
        out["n"], out["evidence"] = out["count"], evidence
        parts.append(long_rows(out[~at_least], spec, data, view, definition=spec.id))
        parts.append(long_rows(out[at_least], spec, data, view, definition="entries.at_least"))
    for confirmed, reason in ((True, "stage_dates"), (False, "confirmed_order")):
        missing = _grid(data, levels, ("not_evaluated",))
        order = np.array([p.confirmed for p in data.funnel.pipelines] or [True])
        ordered = order[missing["pipeline"].to_numpy()] | (spec is ENTRIES)
        missing = missing[ordered == confirmed].assign(scope="company")
        if len(missing):
            parts.append(not_evaluated(spec, data, view, reason, missing))
    parts = [p for p in parts if len(p)]
    return conform(pd.concat(parts, ignore_index=True)) if parts else empty()


def _grid(data: Dataset, levels: dict[str, Known], wanted: tuple[Known, ...]) -> pd.DataFrame:
    funnel = data.funnel
    ids = [name for name, level in levels.items() if level in wanted]
    return pd.DataFrame(
        {
            "pipeline": np.array(
                [funnel.pipeline_code[funnel.stage(i).pipeline] for i in ids], dtype=np.int16
            ),
            "stage": np.array([funnel.code[i] for i in ids], dtype=np.int16),
        }
    )
