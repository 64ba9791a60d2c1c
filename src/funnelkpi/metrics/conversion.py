"""Conversion s -> t in cohort form, the headline: of the deals that entered s, how many reached t.

Also created -> won (``created_to_won``), what became of every deal of the base
(``conversion_base``), marks against the others of the role, and per manager the bottleneck and the
strength.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._cohort import ALL_CLASSES, CLASSES, Step, path_steps, steps, wanted_steps
from funnelkpi.metrics._counts import EXTREMES, SUMS, fine, rates
from funnelkpi.metrics._marks import marked
from funnelkpi.metrics._scopes import all_pipelines, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics._stages import fact_frame, moments
from funnelkpi.metrics.bottleneck import BOTTLENECK, STRENGTH, worst_and_best
from funnelkpi.metrics.result import conform, empty
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
_KEYS = ["slice", "pipeline", "stage", "to_stage"]


def facts(data: Dataset, view: View, metric: str) -> pd.DataFrame:
    """The deals behind the conversions: one row per step and deal of its base, or counted beside
    it.

    Columns deal, manager (owner at the entry of s), pipeline, stage, to_stage, at (the entry that
    puts the deal into the cohort, missing where unknown), klass (index into
    ``_cohort.ALL_CLASSES``), hit (surely reached t), possible (may have), sure (surely in the
    base).
    """
    whole = metric in (CREATED_TO_WON.id, CREATED_BASE.id)
    parts = [step.facts for step in steps(data, view, whole=whole)]
    parts = [p for p in parts if len(p)] or parts[:1]
    if parts:
        return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    nothing = np.empty(0, np.int64)
    flags = {name: nothing.astype(bool) for name in ("hit", "possible", "sure")}
    more = {"to_stage": nothing.astype(np.int16), "klass": nothing.astype(np.int8)}
    return fact_frame(nothing, nothing, -1, -1, nothing, **more, **flags)


def counts(facts_: pd.DataFrame, data: Dataset, view: View) -> pd.DataFrame:
    """``_counts.SUMS`` of conversion facts by manager: for norms and other readers of the facts."""
    return fine(facts_, data, view)


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows of every conversion.

    ``period_start`` and ``period_end`` are the cohort's window. ``definition`` is
    ``conversion.cohort`` or ``conversion.created_cohort``; where the bounds lie too far apart for a
    value it is ``needs.stage_history``, with the bounds given and no value.
    """
    found = list(steps(data, view, whole=False))
    parts, marks = _family(CONVERSION, BASE, found, data, view)
    whole, _ = _family(
        CREATED_TO_WON, CREATED_BASE, list(steps(data, view, whole=True)), data, view
    )
    parts += whole
    if len(marks):
        parts += _talk(marks, found, data, view)
    for pipeline in data.funnel.pipelines:
        if not pipeline.confirmed:
            code = data.funnel.code
            pairs = wanted_steps(pipeline, view)
            rows = pd.DataFrame(
                {
                    "scope": "company",
                    "pipeline": data.funnel.pipeline_code[pipeline.key],
                    "stage": np.array([code[s.id] for s, _ in pairs], dtype=np.int64),
                    "to_stage": np.array([code[t.id] for _, t in pairs], dtype=np.int64),
                }
            )
            if len(rows):
                parts.append(not_evaluated(CONVERSION, data, view, "confirmed_order", rows))
    parts = [p for p in parts if len(p)]
    return conform(pd.concat(parts, ignore_index=True)) if parts else empty()


def _family(
    rate: MetricSpec, base: MetricSpec, found: list[Step], data: Dataset, view: View
) -> tuple[list[pd.DataFrame], pd.DataFrame]:
    """Rows of a rate and of the classes of its base, and the marks of its steps."""
    if not found:
        return [], pd.DataFrame()
    whole = rate is CREATED_TO_WON
    code = data.funnel.code
    pieces, grid = [], []
    for step in found:
        keys = {
            "pipeline": np.int16(data.funnel.pipeline_code[step.pipeline.key]),
            "stage": np.int16(code[step.stage.id]),
            "to_stage": np.int16(code[step.to_stage.id]),
        }
        pieces.append(fine(step.facts, data, view).assign(**keys))
        grid.append(keys)
    table = pd.concat(pieces, ignore_index=True)
    zeros = pd.DataFrame(grid).assign(slice=UNSLICED)
    if whole:
        table, zeros = _with_total(table, data), _with_total(zeros, data).drop_duplicates(_KEYS)
    out = summed(table, data, _KEYS, SUMS, zeros)
    about = _about(found, data, whole)
    out = out.merge(about, on=["pipeline", "stage", "to_stage"], how="left")
    marks = marked(table, data, _KEYS[1:], EXTREMES)
    parts = [_rates(rate, out, marks, data, view), _classes(base, out, data, view)]
    parts.append(_levels(base, found, about, data, view))
    if view.settings.conversion.ignore_loss_reasons:
        parts.append(_rates(rate, out, marks[:0], data, view, "_all"))
    return parts, marks


def _with_total(table: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    """Created -> won also over all pipelines, where it has no stages of its own."""
    out = all_pipelines(table, data)
    together = out["pipeline"] < 0
    out.loc[together, ["stage", "to_stage"]] = np.int16(-1)
    return out


def _about(found: list[Step], data: Dataset, whole: bool) -> pd.DataFrame:
    """Window, form and evidence of each step; of all pipelines together the widest and weakest."""
    code = data.funnel.code
    rows = [
        {
            "pipeline": data.funnel.pipeline_code[s.pipeline.key],
            "stage": code[s.stage.id],
            "to_stage": code[s.to_stage.id],
            "start": s.start,
            "end": s.end,
            "definition": f"conversion.{s.form}",
            "evidence": s.evidence,
        }
        for s in found
    ]
    deals = [s for s in found if s.pipeline.entity == "deal"]
    if whole and deals:
        weakest = "snapshot" if any(s.evidence == "snapshot" for s in deals) else deals[0].evidence
        total = {"pipeline": -1, "stage": -1, "to_stage": -1, "evidence": weakest}
        ends = {"start": min(s.start for s in deals), "end": max(s.end for s in deals)}
        rows.append({**total, **ends, "definition": "conversion.cohort"})
    about = pd.DataFrame(rows)
    for name in ("start", "end"):
        about[f"period_{name}"] = moments(about.pop(name).to_numpy(dtype=np.int64))
    return about.astype({"pipeline": np.int16, "stage": np.int16, "to_stage": np.int16})


def _long(out: pd.DataFrame, spec: MetricSpec, data: Dataset, view: View) -> pd.DataFrame:
    """Long rows that keep each row's own window and definition."""
    own = out[["period_start", "period_end", "definition"]].reset_index(drop=True)
    rows = long_rows(out.reset_index(drop=True), spec, data, view, definition="")
    for name in own:
        rows[name] = own[name]
    return conform(rows)


def _rates(
    spec: MetricSpec,
    out: pd.DataFrame,
    marks: pd.DataFrame,
    data: Dataset,
    view: View,
    suffix: str = "",
) -> pd.DataFrame:
    rows = out.drop(columns=list(SUMS)).join(
        rates(out, view.settings.conversion.max_gap, suffix), how="left"
    )
    if suffix:
        rows["statistic"] = WITHOUT_RULE
    if len(marks):
        keys = ["manager", "pipeline", "stage", "to_stage"]
        own = marks[[*keys, "mark"]].assign(scope="manager", slice=UNSLICED)
        rows = rows.merge(own, on=["scope", "slice", *keys], how="left")
    wide = rows.pop("open_gap").to_numpy(dtype=bool)
    rows.loc[wide, "definition"] = "needs.stage_history"
    return _long(rows, spec, data, view)


def _classes(spec: MetricSpec, out: pd.DataFrame, data: Dataset, view: View) -> pd.DataFrame:
    """A row per class, slice ``class=<name>``; classes beside the base only where they have
    deals.
    """
    plain = out[out["slice"] == UNSLICED]
    parts = []
    for name in ALL_CLASSES:
        rows = plain if name in CLASSES else plain[plain[name] > 0]
        rows = rows.assign(slice=f"class={name}", value=rows[name], denominator=rows["n"])
        if name not in CLASSES:
            rows["denominator"] = np.nan
        parts.append(rows.drop(columns=list(SUMS)))
    return _long(pd.concat(parts, ignore_index=True), spec, data, view)


def _levels(
    spec: MetricSpec, found: list[Step], about: pd.DataFrame, data: Dataset, view: View
) -> pd.DataFrame:
    """The company's base by how well the deals' reach is known, slice ``evidence=<level>``."""
    level = data.deals["reach_evidence"].to_numpy()
    rows = []
    for place, step in zip(about.to_dict("records"), found, strict=False):
        base = step.facts["deal"].to_numpy()[step.facts["klass"].to_numpy() < len(CLASSES)]
        for code, count in enumerate(np.bincount(level[base], minlength=len(Evidence))):
            if count:
                slice_ = f"evidence={Evidence(code).label}"
                rows.append({**place, "slice": slice_, "value": count, "denominator": len(base)})
    return _long(pd.DataFrame(rows).assign(scope="company"), spec, data, view) if rows else empty()


def _talk(marks: pd.DataFrame, found: list[Step], data: Dataset, view: View) -> list[pd.DataFrame]:
    """Rows of bottleneck and strength: the one step of the path to talk about, per manager."""
    code = data.funnel.code
    path = {(code[s.id], code[t.id]) for p in data.funnel.pipelines for s, t in path_steps(p)}
    on_path = [pair in path for pair in zip(marks["stage"], marks["to_stage"], strict=True)]
    about = _about(found, data, whole=False)
    parts = []
    people = {m.name: (m.department, m.role) for m in data.roster.managers}
    for spec in (BOTTLENECK, STRENGTH):
        rows = worst_and_best(marks[on_path])[spec.id]
        if not len(rows):
            continue
        rows = rows.merge(about, on=["pipeline", "stage", "to_stage"], how="left")
        rows["scope"], rows["n"] = "manager", rows["base"]
        rows["department"] = [people[m][0] for m in rows["manager"]]
        rows["role"] = [people[m][1] for m in rows["manager"]]
        rows["definition"] = spec.id
        parts.append(_long(rows, spec, data, view))
    return parts
