"""Thresholds of the config: figures against their warn and fail bounds."""

from __future__ import annotations

from collections.abc import Collection
from math import inf
from typing import Any

import pandas as pd

from funnelkpi.checks.verdicts import (
    MIN_SHARE_BASE,
    Level,
    Verdict,
    judged_people,
    norm_rows,
    records,
    verdict,
)
from funnelkpi.config.bounds import parse_bound
from funnelkpi.config.schema import Settings, Threshold

NORMS_BELOW = "norms_below"
"""Pseudo-figure: how many norms of the managers in the scope are ``below``."""

_SEVERITY: tuple[Level, ...] = ("ok", "warn", "fail")
_PLACES = ("pipeline", "stage", "to_stage")


def threshold_verdicts(
    metrics: pd.DataFrame, settings: Settings, listed: Collection[str] | None = None
) -> tuple[Verdict, ...]:
    """One verdict per threshold and figure it names, in the order of the config.

    A threshold without a pipeline means all pipelines together where the figure is given so, else
    each pipeline; likewise a stage. A figure by currency is judged per currency. With scope
    "manager" there is one verdict per listed manager (``listed``; None: everybody the figures
    name).
    """
    out: list[Verdict] = []
    for threshold in settings.thresholds:
        if threshold.metric == NORMS_BELOW:
            rows = _norms_below(norm_rows(metrics, listed), threshold)
        else:
            rows = _asked(metrics[metrics["metric"] == threshold.metric], threshold)
        rows = judged_people(rows, listed)
        found = [_judged(row, threshold) for row in records(rows)]
        out += found or [_missing(threshold)]
        if threshold.scope == "manager" and listed is not None and found:
            seen = {v.manager for v in found}
            seen |= set(listed) if None in seen else set()
            out += [_missing(threshold, manager) for manager in listed if manager not in seen]
    return tuple(out)


def _asked(table: pd.DataFrame, threshold: Threshold) -> pd.DataFrame:
    """The rows a threshold speaks of; else those that say why there are none."""
    rows = table[table["slice"].isna()]
    statistic = "value" if rows["statistic"].eq("value").any() else "median"
    own = rows[(rows["scope"] == threshold.scope) & (rows["statistic"] == statistic)]
    own = _placed(own, threshold)
    if len(own):
        return own
    absent = rows[rows["verdict"].eq("not_evaluated") & rows["scope"].eq("company")]
    everywhere = absent[list(_PLACES)].isna().all(axis=1)
    exact = _placed(absent, threshold)
    return exact if len(exact) else absent[everywhere]


def _placed(rows: pd.DataFrame, threshold: Threshold) -> pd.DataFrame:
    """Rows of the pipeline and stages asked for; not asked for, all together where given so."""
    for name in _PLACES:
        wanted = getattr(threshold, name)
        if wanted is not None:
            rows = rows[rows[name].eq(wanted)]
        elif rows[name].isna().any():
            rows = rows[rows[name].isna()]
    return rows


def _judged(row: dict[str, Any], threshold: Threshold) -> Verdict:
    level, bound, note = _level(row, threshold)
    required = threshold.required
    return verdict(row, "threshold", level, bound=bound, note=note, required=required)


def _level(row: dict[str, Any], threshold: Threshold) -> tuple[Level, str | None, str | None]:
    """Level, the bound that decided, and why nothing was judged."""
    value, low, high = row["value"], row["bound_low"], row["bound_high"]
    first = threshold.fail or threshold.warn
    if row["verdict"] == "not_evaluated" or (value is None and low is None and high is None):
        text = row["definition"] or ""
        return "not_evaluated", first, text if text.startswith("needs.") else "missing"
    if row["unit"] == "share" and _base(row) < MIN_SHARE_BASE:
        return "ok", first, "few"
    if low is None and high is None:
        level = _severity(value, threshold)
        return level, {"fail": threshold.fail, "warn": threshold.warn}.get(level, first), None
    ends = [_severity(-inf if low is None else low, threshold)]
    ends.append(_severity(inf if high is None else high, threshold))
    if (ends[0] == "ok") != (ends[1] == "ok"):
        return "not_evaluated", first, "bounds"
    level = min(ends, key=_SEVERITY.index)
    return level, {"fail": threshold.fail, "warn": threshold.warn}.get(level, first), None


def _base(row: dict[str, Any]) -> float:
    base = row["n"] if row["n"] is not None else row["denominator"]
    return inf if base is None else float(base)


def _severity(value: float, threshold: Threshold) -> Level:
    if threshold.fail is not None and parse_bound(threshold.fail).breached(value):
        return "fail"
    if threshold.warn is not None and parse_bound(threshold.warn).breached(value):
        return "warn"
    return "ok"


def _missing(threshold: Threshold, manager: str | None = None) -> Verdict:
    return Verdict(
        kind="threshold",
        metric=threshold.metric,
        level="not_evaluated",
        scope=threshold.scope,
        manager=manager,
        pipeline=threshold.pipeline,
        stage=threshold.stage,
        to_stage=threshold.to_stage,
        bound=threshold.fail or threshold.warn,
        required=threshold.required,
        note="missing",
    )


def _norms_below(rows: pd.DataFrame, threshold: Threshold) -> pd.DataFrame:
    """The number of the managers' norms below, per unit of the scope, in the long table's shape."""
    own = rows[rows["scope"] == "manager"]
    for name in _PLACES:
        wanted = getattr(threshold, name)
        own = own if wanted is None else own[own[name].eq(wanted)]
    own = own.assign(value=own["verdict"].eq("below").astype("float64"), _all=1)
    keys = {
        "company": ["_all"],
        "department": ["department"],
        "role": ["role"],
        "manager": ["manager", "department", "role"],
    }[threshold.scope]
    own = own[own[keys[0]].notna()]
    by = own.groupby(keys, sort=False, dropna=False)["value"]
    sums = by.agg(["sum", "size"]).reset_index()
    out = sums.reindex(columns=rows.columns)
    places = {name: getattr(threshold, name) for name in _PLACES}
    fixed = {"metric": NORMS_BELOW, "scope": threshold.scope, "unit": "count"}
    return out.assign(value=sums["sum"], n=sums["size"], statistic="value", **fixed, **places)
