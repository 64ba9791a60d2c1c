"""Conversion s -> t in cohort form, the headline: of the deals that entered s, how many reached t.

Also created -> won (``created_to_won``), what became of every deal of the base
(``conversion_base``), marks against the others of the role, and per manager the bottleneck and the
strength.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.metrics._cohort import ALL_CLASSES, CLASSES, Step, path_steps, steps, wanted_steps
from funnelkpi.metrics._columns import Columns, distinct, joined, length, matches, taken
from funnelkpi.metrics._counts import EXTREMES, SUMS, fine, rates
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._marks import marked, marks_of
from funnelkpi.metrics._scopes import all_pipelines, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics._stages import entry_facts, moments
from funnelkpi.metrics.bottleneck import BOTTLENECK, STRENGTH, worst_and_best
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence

CONVERSION = MetricSpec("conversion", "share", level="step", needs=("created_at",))
BASE = MetricSpec("conversion_base", "count", better="neither", level="step")
CREATED_TO_WON = MetricSpec("created_to_won", "share", needs=("created_at",))
CREATED_BASE = MetricSpec("created_to_won_base", "count", better="neither")
SPECS = (CONVERSION, BASE, CREATED_TO_WON, CREATED_BASE, BOTTLENECK, STRENGTH)
WITHOUT_RULE = "without_ignore_rule"
"""``statistic`` of the rate that does not leave ignored loss reasons out."""
_STEP = ["pipeline", "stage", "to_stage"]
_KEYS = ["slice", *_STEP]


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """The deals behind the conversions: one row per step and deal of its base, or counted beside
    it.

    Columns deal, manager (owner at the entry of s), pipeline, stage, to_stage, at (the entry that
    puts the deal into the cohort, missing where unknown), klass (index into
    ``_cohort.ALL_CLASSES``), hit (surely reached t), possible (may have), sure (surely in the
    base).
    """
    whole = metric in (CREATED_TO_WON.id, CREATED_BASE.id)
    found = [step.facts for step in steps(index or Index(data), view, whole=whole)]
    nothing = np.empty(0, np.int64)
    types = {"to_stage": "i2", "klass": "i1", "hit": "?", "possible": "?", "sure": "?"}
    more = {name: nothing.astype(kind) for name, kind in types.items()}
    none = entry_facts(nothing, nothing, -1, -1, nothing, **more)
    return pd.DataFrame(joined(found or [none]))


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows of every conversion.

    ``period_start`` and ``period_end`` are the cohort's window. ``definition`` is
    ``conversion.cohort`` or ``conversion.created_cohort``; where the bounds lie too far apart for a
    value it is ``needs.stage_history``, with the bounds given and no value.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    found = steps(index, view, whole=False)
    out, marks = _family(CONVERSION, BASE, found, index, view)
    whole, _ = _family(CREATED_TO_WON, CREATED_BASE, steps(index, view, whole=True), index, view)
    out += whole
    if length(marks):
        out += _talk(marks, found, index, view)
    funnel = index.data.funnel
    for pipeline in funnel.pipelines:
        pairs = [] if pipeline.confirmed else wanted_steps(pipeline, view)
        if pairs:
            rows = {
                "pipeline": np.full(len(pairs), funnel.pipeline_code[pipeline.key]),
                "stage": np.array([funnel.code[s.id] for s, _ in pairs]),
                "to_stage": np.array([funnel.code[t.id] for _, t in pairs]),
            }
            out.append(not_evaluated(CONVERSION, index, view, "confirmed_order", rows))
    return out


def _family(
    rate: MetricSpec, base: MetricSpec, found: list[Step], index: Index, view: View
) -> tuple[list[Part], Columns]:
    """Rows of a rate and of the classes of its base, and the marks of its steps."""
    if not found:
        return [], {}
    whole = rate is CREATED_TO_WON
    about = _about(found, index.data, whole)
    slices = index.slices(view.by)
    pieces = []
    for place, step in enumerate(found):
        counts = fine(step.facts, slices)
        size = length(counts)
        pieces.append({**counts, **{name: np.full(size, about[name][place]) for name in _STEP}})
    table = joined(pieces)
    zeros = {name: about[name][: len(found)] for name in _STEP}
    zeros["slice"] = np.full(len(found), UNSLICED)
    if whole:
        table = _with_total(table, index.data)
        zeros = distinct(_with_total(zeros, index.data), _KEYS)
    out = summed(table, index, _KEYS, SUMS, zeros)
    at = matches(out, about, _STEP)
    out |= {name: values[at] for name, values in about.items() if name not in _STEP}
    marks = marked(table, index.data, _STEP, EXTREMES)
    rows = [_rates(rate, out, marks, index, view), *_classes(base, out, index, view)]
    rows += _levels(base, found, about, index, view)
    if view.settings.conversion.ignore_loss_reasons:
        rows.append(_rates(rate, out, marks, index, view, "_all"))
    return rows, marks


def _with_total(table: Columns, data: Dataset) -> Columns:
    """Created -> won also over all pipelines, where it has no stages of its own."""
    out = all_pipelines(table, data)
    together = out["pipeline"] < 0
    return {**out, **{name: np.where(together, -1, out[name]) for name in ("stage", "to_stage")}}


def _about(found: list[Step], data: Dataset, whole: bool) -> Columns:
    """Window, form and evidence of each step; of all pipelines together the widest and weakest."""
    code, pipeline_code = data.funnel.code, data.funnel.pipeline_code
    rows: list[tuple[Any, ...]] = [
        (
            pipeline_code[s.pipeline.key], code[s.stage.id], code[s.to_stage.id],
            s.start, s.end, f"conversion.{s.form}", s.evidence,
        )
        for s in found
    ]  # fmt: skip
    deals = [s for s in found if s.pipeline.entity == "deal"]
    if whole and deals:
        weakest = "snapshot" if any(s.evidence == "snapshot" for s in deals) else deals[0].evidence
        start, end = min(s.start for s in deals), max(s.end for s in deals)
        rows.append((-1, -1, -1, start, end, "conversion.cohort", weakest))
    columns = list(zip(*rows, strict=True))
    out = {name: np.array(columns[i], dtype=np.int16) for i, name in enumerate(_STEP)}
    out["period_start"], out["period_end"] = (moments(np.array(columns[i])) for i in (3, 4))
    out["definition"], out["evidence"] = (np.array(columns[i], dtype=object) for i in (5, 6))
    return out


def _rates(
    spec: MetricSpec, out: Columns, marks: Columns, index: Index, view: View, suffix: str = ""
) -> Part:
    made = rates(out, view.settings.conversion.max_gap, suffix)
    wide = made.pop("open_gap")
    rows = {**out, **made}
    rows["definition"] = np.where(wide, "needs.stage_history", out["definition"])
    if suffix:
        return long_rows(rows, spec, index, view, statistic=WITHOUT_RULE)
    rows["mark"] = marks_of(out, marks, _STEP, index.names.nobody)
    return long_rows(rows, spec, index, view)


def _classes(spec: MetricSpec, out: Columns, index: Index, view: View) -> list[Part]:
    """A row per class, slice ``class=<name>``; classes beside the base only where they have
    deals.
    """
    plain = taken(out, out["slice"] == UNSLICED)
    found = []
    for name in ALL_CLASSES:
        rows = plain if name in CLASSES else taken(plain, plain[name] > 0)
        rows = {**rows, "value": rows[name]}
        if name in CLASSES:
            rows["denominator"] = rows["n"]
        del rows["n"]
        found.append(long_rows(rows, spec, index, view, slice=f"class={name}"))
    return found


def _levels(
    spec: MetricSpec, found: list[Step], about: Columns, index: Index, view: View
) -> list[Part]:
    """The company's base by how well the deals' reach is known, slice ``evidence=<level>``."""
    level = index.data.deals["reach_evidence"].to_numpy()
    rows = []
    for place, step in enumerate(found):
        base = level[step.facts["deal"][step.facts["klass"] < len(CLASSES)]]
        for code, count in enumerate(np.bincount(base, minlength=len(Evidence))):
            if count:
                rows.append((place, f"evidence={Evidence(code).label}", count, len(base)))
    if not rows:
        return []
    at, slices, value, denominator = (np.array(column) for column in zip(*rows, strict=True))
    table = {**taken(about, at), "value": value, "denominator": denominator}
    return [long_rows(table, spec, index, view, slice=slices.astype(object))]


def _talk(marks: Columns, found: list[Step], index: Index, view: View) -> list[Part]:
    """Rows of bottleneck and strength: the one step of the path to talk about, per manager."""
    data = index.data
    code = data.funnel.code
    path = {(code[s.id], code[t.id]) for p in data.funnel.pipelines for s, t in path_steps(p)}
    on_path = [pair in path for pair in zip(marks["stage"], marks["to_stage"], strict=True)]
    about = _about(found, data, whole=False)
    chosen = worst_and_best(taken(marks, np.array(on_path)))
    rows = []
    for spec in (BOTTLENECK, STRENGTH):
        own = chosen[spec.id]
        at = taken(about, matches(own, about, _STEP))
        own |= {name: at[name] for name in ("period_start", "period_end", "evidence")}
        own["n"], own["who"] = own["base"], index.names.nobody + 1 + own["code"]
        rows.append(long_rows(own, spec, index, view, definition=spec.id))
    return rows
