"""From facts (one row per deal that counts) to rows per company, department, role and manager.

Totals come from sums of the facts, never from a mean of rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics.result import conform
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

SCOPES = ("company", "department", "role", "manager")
_PEOPLE = ["scope", "department", "role", "manager"]


def people(data: Dataset) -> pd.DataFrame:
    """Manager code -> name, department, role, listed; code -1 (nobody) is the last row."""
    managers = data.roster.managers
    return pd.DataFrame(
        {
            "name": [*(m.name for m in managers), ""],
            "department": [*(m.department for m in managers), None],
            "role": [*(m.role for m in managers), None],
            "listed": [*(m.listed for m in managers), False],
        },
        dtype=object,
    )


def scoped(facts: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    """``facts`` once for each scope a row belongs to, with the columns scope, department, role, manager.

    facts must have ``manager`` (code). Rows grow up to fourfold: use on facts that are already
    summed, or where a statistic (median) cannot be summed.
    """
    who = people(data).iloc[facts["manager"].to_numpy()].reset_index(drop=True)
    body = facts.drop(columns="manager").reset_index(drop=True)
    none = pd.Series([None] * len(body), dtype=object)

    def level(scope: str, department: pd.Series, role: pd.Series, manager: pd.Series) -> pd.DataFrame:
        keys = {"scope": scope, "department": department, "role": role, "manager": manager}
        return pd.concat([pd.DataFrame(keys, index=body.index), body], axis=1)

    parts = [
        level("company", none, none, none),
        level("department", who["department"], none, none)[who["department"].notna()],
        level("role", none, who["role"], none)[who["role"].notna()],
        level("manager", who["department"], who["role"], who["name"]),
    ]
    return pd.concat(parts, ignore_index=True)


def summed(
    facts: pd.DataFrame,
    data: Dataset,
    keys: Sequence[str],
    sums: Sequence[str],
    grid: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Sums of ``sums`` by scope and ``keys``.

    grid: combinations of ``keys`` (one row each) that every listed manager gets a row for, 0 if
    nothing counted: a manager without a single deal must be seen.
    """
    keys, sums = list(keys), list(sums)
    fine = facts.groupby(["manager", *keys], observed=True, sort=True, dropna=False)[sums].sum()
    fine = fine.reset_index()
    if grid is not None and len(grid):
        listed = [i for i, m in enumerate(data.roster.managers) if m.listed]
        codes = pd.DataFrame({"manager": np.array(listed or [-1], dtype=np.int32)})
        zeros = codes.merge(grid[keys], how="cross") if keys else codes
        fine = pd.concat([fine, zeros.assign(**dict.fromkeys(sums, 0))], ignore_index=True)
    rows = scoped(fine, data)
    return rows.groupby([*_PEOPLE, *keys], observed=True, sort=False, dropna=False, as_index=False)[
        sums
    ].sum()


def all_pipelines(facts: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    """``facts`` per pipeline, and again with pipeline -1 (all deal pipelines together) if several.

    Leads are rows of a pipeline of their own and are not part of the total.
    """
    deal_pipelines = [i for i, p in enumerate(data.funnel.pipelines) if p.entity == "deal"]
    if len(deal_pipelines) == 1 and len(data.funnel.pipelines) == 1:
        return facts
    total = facts[facts["pipeline"].isin([*deal_pipelines, -1])]
    inside = facts[facts["pipeline"] >= 0]
    return pd.concat([inside, total.assign(pipeline=np.int16(-1))], ignore_index=True)


def long_rows(
    frame: pd.DataFrame, spec: MetricSpec, data: Dataset, view: View, *, definition: str, **fixed: Any
) -> pd.DataFrame:
    """``frame`` (scope columns, codes in pipeline / stage / to_stage / currency, values) as long rows."""
    out = frame.copy()
    pipelines = np.array([*(p.key for p in data.funnel.pipelines), None], dtype=object)
    stages = np.array([*(s.key for s in data.funnel.stages), None], dtype=object)
    if "pipeline" in out:
        out["pipeline"] = pipelines[out["pipeline"].to_numpy(dtype=np.int64)]
    for name in ("stage", "to_stage"):
        if name in out:
            out[name] = stages[out[name].to_numpy(dtype=np.int64)]
    if "slice" in out:
        out["slice"] = out["slice"].astype(object).where(out["slice"].ne(UNSLICED), None)
    out["metric"], out["unit"], out["definition"] = spec.id, spec.unit, definition
    out["period_start"], out["period_end"] = view.period.start, view.period.end
    for name, value in fixed.items():
        out[name] = value
    if "statistic" not in out:
        out["statistic"] = "value"
    return conform(out)


def not_evaluated(
    spec: MetricSpec, data: Dataset, view: View, reason: str, rows: pd.DataFrame | None = None
) -> pd.DataFrame:
    """A row (or ``rows``, with codes) that says the figure is not evaluated and what would give it.

    reason: key under ``metrics.needs`` of the catalogue, put into ``definition``.
    """
    frame = pd.DataFrame({"scope": ["company"]}) if rows is None else rows
    return long_rows(frame, spec, data, view, definition=f"needs.{reason}", verdict="not_evaluated")
