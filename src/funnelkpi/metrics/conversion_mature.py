"""Conversion by maturity: the share of deals that reach t within so many days of entering s.

Aalen–Johansen's estimate with losing, leaving the pipeline and being deleted as the other ends;
open and parked deals count for as long as they have been watched (docs/metrics.md, "Funnel").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.metrics import _ways
from funnelkpi.metrics._cohort import MAX_UNDATED, wanted_steps, whole_way
from funnelkpi.metrics._columns import Array, Columns, either, joined, length
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._lane import Lane
from funnelkpi.metrics._scopes import long_rows, not_evaluated
from funnelkpi.metrics._stages import entry_facts, exact, moments
from funnelkpi.metrics._ways import DAY, Ways
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.survival import Curves, observations
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import Pipeline, Stage

CONVERSION_MATURE = MetricSpec("conversion_mature", "share", level="step", needs=("created_at",))
SPECS = (CONVERSION_MATURE,)

FEW_AT_RISK = "few_at_risk"
MIN_AT_RISK = 10
"""Deals that must still be watched at the horizon."""
HOUR = 3600
POINTS = 200
"""Points of a published curve at most."""


@dataclass(frozen=True)
class MatureStep:
    """One step with the ways of its deals. ``needs``: why it is not evaluated, "" if it is."""

    pipeline: Pipeline
    stage: Stage
    to_stage: Stage
    facts: Columns
    needs: str = ""


def steps(index: Index, view: View) -> list[MatureStep]:
    """The steps of every pipeline, the configured pairs, and created -> won."""
    out: list[MatureStep] = []
    for lane in index.lanes:
        pipeline = lane.pipeline
        pairs = wanted_steps(pipeline, view) if pipeline.confirmed else []
        pairs = list(dict.fromkeys([*pairs, *whole_way(pipeline)]))
        ways = None
        for stage, to_stage in pairs:
            if not all(exact(index.data, pipeline, s) for s in (stage, to_stage)):
                none = _typed(index, lane, stage, to_stage, _nothing())
                out.append(MatureStep(pipeline, stage, to_stage, none, "stage_times"))
                continue
            ways = ways or Ways(index, lane, view)
            out.append(_step(index, lane, ways, stage, to_stage))
    return out


def _nothing() -> Columns:
    none = np.empty(0, np.int64)
    names = ("deal", "manager", "at", "klass", "cause", "span")
    return dict.fromkeys(names, none)


def _step(index: Index, lane: Lane, ways: Ways, stage: Stage, to_stage: Stage) -> MatureStep:
    found, unknown = ways.between(stage, to_stage)
    facts = _typed(index, lane, stage, to_stage, found)
    too_many = unknown > MAX_UNDATED * (length(found) + unknown)
    needs = "stage_times" if too_many else ""
    if too_many and stage is lane.pipeline.first and to_stage is lane.pipeline.goal:
        needs = "closed_at"
    return MatureStep(lane.pipeline, stage, to_stage, facts, needs)


def _typed(index: Index, lane: Lane, stage: Stage, to_stage: Stage, found: Columns) -> Columns:
    code = index.data.funnel.code
    return entry_facts(
        found["deal"], found["manager"], lane.code, code[stage.id], found["at"],
        to_stage=np.full(length(found), code[to_stage.id], np.int16),
        klass=found["klass"].astype(np.int8),
        cause=found["cause"].astype(np.int8),
        span=found["span"],
        days=found["span"] / DAY,
    )  # fmt: skip


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """The deals behind the curves, one row per step and deal that entered s in the last 365 days.

    Columns deal, manager (owner at the entry), pipeline, stage, to_stage, at (the entry), klass
    (index into ``_cohort.ALL_CLASSES``), days (to what ended the way, or to ``as_of``).
    """
    found = [s.facts for s in steps(index or Index(data), view) if not s.needs]
    lanes = (index or Index(data)).lanes
    if not found:
        lane = lanes[0]
        stage = lane.pipeline.stages[0]
        found = [_typed(Index(data), lane, stage, stage, _nothing())]
    out = pd.DataFrame(joined(found))
    return out.drop(columns=["cause", "span"])


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows: value = incidence at ``conversion.horizon`` days, low and high its 95 % interval
    (by the variance of the estimate on the scale log(-log)), n = deals.

    period_start and period_end are the 365 days of the entries. Not evaluated where an end of the
    step is not dated (``needs.stage_times``) or fewer than 10 deals are at risk at the horizon
    (``needs.few_at_risk``, n given).
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View, found: Sequence[MatureStep] | None = None) -> list[Part]:
    """The rows of ``compute``. found: the result of ``steps`` if the caller has it already."""
    every = steps(index, view) if found is None else found
    out = []
    tables = [_rows(index, view, step) for step in every if not step.needs and length(step.facts)]
    if tables:
        start = moments(np.array([_ways.year_before(index.data)]))[0]
        window = {"period_start": start, "period_end": index.data.as_of}
        out.append(long_rows(joined(tables), CONVERSION_MATURE, index, view, **window))
    for reason in ("stage_times", "closed_at", "entries"):
        absent = [s for s in every if (s.needs or _empty(s)) == reason]
        if absent:
            rows = _places(index, absent)
            out.append(not_evaluated(CONVERSION_MATURE, index, view, reason, rows))
    return out or [not_evaluated(CONVERSION_MATURE, index, view, "entries")]


def _empty(step: MatureStep) -> str:
    return "" if length(step.facts) else "entries"


def _places(index: Index, absent: list[MatureStep]) -> Columns:
    funnel = index.data.funnel
    return {
        "pipeline": np.array([funnel.pipeline_code[s.pipeline.key] for s in absent]),
        "stage": np.array([funnel.code[s.stage.id] for s in absent]),
        "to_stage": np.array([funnel.code[s.to_stage.id] for s in absent]),
    }


def _rows(index: Index, view: View, step: MatureStep) -> Columns:
    """One row per scope and slice of one step."""
    rows = index.slices(view.by).applied(step.facts)
    horizon = view.settings.conversion.horizon * DAY
    tables = []
    for groups, seen in _ways.by_unit(rows, index, ["slice"]):
        found = seen.curves()
        few = seen.at_risk(horizon) < MIN_AT_RISK
        bound_low, bound_high = _bounds(found)
        vague = few & ~(bound_high - bound_low <= view.settings.conversion.max_gap + 1e-9)
        low, high = found.interval_at(horizon)
        values = (found.incidence_at(horizon), low, high)
        shown = [np.where(vague, np.nan, v) for v in values]
        tables.append(
            {
                **groups,
                **dict(zip(("value", "low", "high"), shown, strict=True)),
                "bound_low": np.where(few, bound_low, np.nan),
                "bound_high": np.where(few, bound_high, np.nan),
                "n": found.n,
                "verdict": either(vague, "not_evaluated"),
                "definition": either(vague, f"needs.{FEW_AT_RISK}", "conversion_mature"),
            }
        )
    out = joined(tables)
    size = length(out)
    for name in ("pipeline", "stage", "to_stage"):
        out[name] = np.full(size, step.facts[name][0])
    out["evidence"] = np.full(size, _evidence(index, step), dtype=object)
    return out


def _bounds(found: Curves) -> tuple[Array, Array]:
    """What the incidence is at least and at most, from the part of each curve with enough deals at
    risk: of those on their way where it ends none may get there, or all. NaN without such a part."""
    until = found.reliable_until(MIN_AT_RISK)
    known = ~np.isnan(until)
    until = np.nan_to_num(until)
    low = np.where(known, found.incidence_at(until), np.nan)
    return low, np.where(known, np.minimum(low + found.survival_at(until), 1), np.nan)


def _evidence(index: Index, step: MatureStep) -> str:
    """The weakest evidence of the entries of the two stages."""
    levels = [Evidence.HISTORY]
    for stage in (step.stage, step.to_stage):
        found = index.entries.evidence(index.data.funnel.code[stage.id])
        levels.append(Evidence(int(found.max(initial=Evidence.HISTORY))))
    return max(levels).label


def published(index: Index, found: Sequence[MatureStep]) -> list[dict[str, Any]]:
    """The curves of the company as plain data, one per step that is evaluated.

    pipeline, stage, to_stage (keys); days since the entry; incidence: share that had reached
    ``to_stage`` by then; at_risk: deals still on their way just before. At most ``POINTS`` points.
    """
    out = []
    for step in found:
        if step.needs or not length(step.facts):
            continue
        coarser = HOUR if length(step.facts) > _ways.MANY else 1
        curve = observations(step.facts["span"], step.facts["cause"], resolution=coarser).curves()
        rows = _thinned(curve)
        out.append(
            {
                "pipeline": step.pipeline.key,
                "stage": step.stage.key,
                "to_stage": step.to_stage.key,
                "days": np.round(curve.times[rows] / DAY, 4).tolist(),
                "incidence": np.round(curve.incidence[rows], 6).tolist(),
                "at_risk": curve.at_risk[rows].tolist(),
            }
        )
    return out


def _thinned(curve: Curves) -> Array:
    size = len(curve.times)
    if size <= POINTS:
        return np.arange(size)
    return np.unique(np.round(np.linspace(0, size - 1, POINTS)).astype(np.int64))


__all__ = ["SPECS", "MatureStep", "compute", "facts", "parts", "published", "steps"]
