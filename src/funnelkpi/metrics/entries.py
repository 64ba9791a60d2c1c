"""Entries per stage and period: unique deals, first entries, only stages a deal was really seen
in.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Array, Columns, joined, length, taken
from funnelkpi.metrics._deals import NEVER
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import inside
from funnelkpi.metrics._scopes import fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics._stages import Known, counted_stages, entry_facts, known, observed_since
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import Pipeline, Stage

ENTRIES = MetricSpec("entries", "count", scales=True, level="stage", needs=("created_at",))
SKIPPED_OVER = MetricSpec("skipped_over", "count", better="neither", scales=True, level="stage")
SPECS = (ENTRIES, SKIPPED_OVER)
_KEYS = ["slice", "pipeline", "stage"]


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """The deals behind one figure: deal, manager (owner at the entry), pipeline, stage, at.

    entries: the first entry of the stage lies in the period. skipped_over: the deal was first seen
    beyond the stage in the period and was not seen in the stage by then; only of stages with a date
    column, and only deals created since that column is kept.
    """
    return pd.DataFrame(found(index or Index(data), view, metric))


def found(index: Index, view: View, metric: str) -> Columns:
    """The columns of ``facts``."""
    nothing = np.empty(0, np.int64)
    parts = [entry_facts(nothing, nothing, -1, -1, nothing)]
    for code, pipeline in enumerate(index.data.funnel.pipelines):
        if metric == ENTRIES.id:
            for stage in counted_stages(pipeline):
                number = index.data.funnel.code[stage.id]
                deal, at, manager = index.entries.of(number)
                rows = np.flatnonzero(inside(at, view))
                parts.append(entry_facts(deal[rows], manager[rows], code, number, at[rows]))
        elif pipeline.confirmed:
            parts += _skipped(index, view, code, pipeline)
    return joined(parts)


def weakest(index: Index, view: View) -> Array:
    """Per stage the word of the weakest evidence its entries of the period rest on; of a stage
    without any, the strongest its entries have at all."""
    out = []
    for number in range(len(index.data.funnel.stages)):
        levels = index.entries.evidence(number)
        _, at, _ = index.entries.of(number)
        own = levels[np.flatnonzero(inside(at, view))]
        level = own.max() if len(own) else levels.min(initial=Evidence.SNAPSHOT)
        out.append(Evidence(int(level)).label)
    return np.array(out, dtype=object)


def skippable(data: Dataset, pipeline: Pipeline) -> list[Stage]:
    """Stages that a deal can be known to have skipped: those with a date column, not the first."""
    return [s for s in pipeline.open_stages[1:] if s.id in data.dated]


def _skipped(index: Index, view: View, code: int, pipeline: Pipeline) -> list[Columns]:
    wanted, parts = skippable(index.data, pipeline), []
    if not wanted:
        return []
    entries = index.entries
    beyond = np.full(entries.deals, NEVER, dtype=np.int64)
    owner = np.full(entries.deals, -1, dtype=np.int32)
    for stage in reversed(counted_stages(pipeline)):
        number = index.data.funnel.code[stage.id]
        deal, at, manager = entries.of(number)
        if stage in wanted:
            rows = np.flatnonzero(inside(beyond, view))
            entered = entries.moments(number)[rows]
            seen = (entered > beyond[rows]) & (
                index.deals.created[rows] >= observed_since(index.data, stage)
            )
            rows = rows[seen]
            parts.append(entry_facts(rows, owner[rows], code, number, beyond[rows]))
        first = at < beyond[deal]
        beyond[deal[first]], owner[deal[first]] = at[first], manager[first]
    return parts


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows of entries and skipped_over, per stage.

    A stage known only from the current visits has ``bound_low`` ("at least so many"), no value and
    the definition ``entries.at_least``; one without any date is not evaluated
    (``needs.stage_dates``).
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    data = index.data
    places = [(p, s) for p in data.funnel.pipelines for s in counted_stages(p)]
    levels = {s.id: known(data, p, s, view.period.end) for p, s in places}
    skips = {
        s.id: _skip_level(data, p, s, view)
        for p in data.funnel.pipelines
        for s in p.open_stages[1:]
    }
    return [*_rows(ENTRIES, index, view, levels), *_rows(SKIPPED_OVER, index, view, skips)]


def _skip_level(data: Dataset, pipeline: Pipeline, stage: Stage, view: View) -> Known:
    late = known(data, pipeline, stage, view.period.end) != "exact"
    known_skips = pipeline.confirmed and stage.id in data.dated and not late
    return "exact" if known_skips else "not_evaluated"


def _rows(spec: MetricSpec, index: Index, view: View, levels: dict[str, Known]) -> list[Part]:
    data = index.data
    stages = _grid(data, levels, ("exact", "at_least"))
    out: list[Part] = []
    if length(stages):
        rows = found(index, view, spec.id)
        counted = np.isin(np.arange(len(data.funnel.stages) + 1), stages["stage"])
        rows = index.slices(view.by).applied(taken(rows, counted[rows["stage"]]))
        rows["n"] = np.ones(length(rows), np.int64)
        grid = {**stages, "slice": np.full(length(stages), UNSLICED)}
        table = summed(fine(rows, _KEYS, ["n"]), index, _KEYS, ["n"], grid)
        evidence = weakest(index, view)[table["stage"]]
        least = np.array([levels.get(s.id) == "at_least" for s in data.funnel.stages])
        at_least = least[table["stage"]]
        for some, value, definition in (
            (~at_least, "value", spec.id),
            (at_least, "bound_low", "entries.at_least"),
        ):
            own = taken({**table, value: table["n"], "evidence": evidence}, some)
            out.append(long_rows(own, spec, index, view, definition=definition))
    missing = _grid(data, levels, ("not_evaluated",))
    order = np.array([p.confirmed for p in data.funnel.pipelines] or [True])
    ordered = order[missing["pipeline"]] | (spec is ENTRIES)
    for confirmed, reason in ((True, "stage_dates"), (False, "confirmed_order")):
        absent = taken(missing, ordered == confirmed)
        if length(absent):
            out.append(not_evaluated(spec, index, view, reason, absent))
    return out


def _grid(data: Dataset, levels: dict[str, Known], wanted: tuple[Known, ...]) -> Columns:
    funnel = data.funnel
    ids = [name for name, level in levels.items() if level in wanted]
    pipelines = [funnel.pipeline_code[funnel.stage(i).pipeline] for i in ids]
    return {
        "pipeline": np.array(pipelines, dtype=np.int16),
        "stage": np.array([funnel.code[i] for i in ids], dtype=np.int16),
    }
