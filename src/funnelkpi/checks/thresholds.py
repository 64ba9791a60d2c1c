"""Thresholds of the config: figures against their warn and fail bounds."""

from __future__ import annotations

from collections.abc import Collection
from math import inf

import pandas as pd

from funnelkpi.checks.verdicts import (
    MIN_SHARE_BASE,
    Level,
    Row,
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
_UNIT: dict[str, tuple[str, ...]] = {
    "company": (),
    "department": ("department",),
    "role": ("role",),
    "manager": ("manager", "department", "role"),
}
"""The columns that name a unit of a scope."""


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
    asked = {t.metric for t in settings.thresholds}
    rows_of: dict[str, list[Row]] = {metric: [] for metric in asked}
    plain = metrics["slice"].isna()
    for row in records(metrics[plain & metrics["metric"].isin(list(asked))]):
        rows_of[row["metric"]].append(row)
    norms = norm_rows(metrics, listed) if NORMS_BELOW in asked else []
    for threshold in settings.thresholds:
        if threshold.metric == NORMS_BELOW:
            rows = _norms_below(norms, threshold)
        else:
            rows = _asked(rows_of[threshold.metric], threshold)
        found = [_judged(row, threshold) for row in judged_people(rows, listed)]
        out += found or [_missing(threshold)]
        if threshold.scope == "manager" and listed is not None and found:
            seen = {v.manager for v in found}
            seen |= set(listed) if None in seen else set()
            out += [_missing(threshold, manager) for manager in listed if manager not in seen]
    return tuple(out)


def _asked(rows: list[Row], threshold: Threshold) -> list[Row]:
    """The rows a threshold speaks of; else those that say why there are none."""
    statistic = "value" if any(r["statistic"] == "value" for r in rows) else "median"
    own = [r for r in rows if r["scope"] == threshold.scope and r["statistic"] == statistic]
    own = _placed(own, threshold)
    if own:
        return own
    absent = [r for r in rows if r["verdict"] == "not_evaluated" and r["scope"] == "company"]
    everywhere = [r for r in absent if all(r[name] is None for name in _PLACES)]
    return _placed(absent, threshold) or everywhere


def _placed(rows: list[Row], threshold: Threshold) -> list[Row]:
    """Rows of the pipeline and stages asked for; not asked for, all together where given so."""
    for name in _PLACES:
        wanted = getattr(threshold, name)
        if wanted is not None or any(r[name] is None for r in rows):
            rows = [r for r in rows if r[name] == wanted]
    return rows


def _judged(row: Row, threshold: Threshold) -> Verdict:
    level, bound, note = _level(row, threshold)
    required = threshold.required
    return verdict(row, "threshold", level, bound=bound, note=note, required=required)


def _level(row: Row, threshold: Threshold) -> tuple[Level, str | None, str | None]:
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


def _base(row: Row) -> float:
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


def _norms_below(rows: list[Row], threshold: Threshold) -> list[Row]:
    """The number of the managers' norms below, per unit of the scope, in the long table's shape."""
    keys = _UNIT[threshold.scope]
    places = {name: getattr(threshold, name) for name in _PLACES}
    groups: dict[tuple[str | None, ...], list[Row]] = {}
    for row in rows:
        here = all(wanted is None or row[name] == wanted for name, wanted in places.items())
        if row["scope"] == "manager" and here and (not keys or row[keys[0]] is not None):
            groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    fixed = {"metric": NORMS_BELOW, "scope": threshold.scope, "unit": "count", "statistic": "value"}
    return [
        {
            **dict.fromkeys(own[0]),
            **dict(zip(keys, unit, strict=True)),
            "value": float(sum(row["verdict"] == "below" for row in own)),
            "n": len(own),
            **fixed,
            **places,
        }
        for unit, own in groups.items()
    ]
