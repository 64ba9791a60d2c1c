"""From facts (one row per deal that counts) to rows per company, department, role and manager.

Totals come from sums of the facts, never from a mean of rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics.result import COLUMNS, long_frame
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

Array = npt.NDArray[Any]
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


def summed(
    facts: pd.DataFrame,
    data: Dataset,
    keys: Sequence[str],
    sums: Sequence[str],
    grid: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Sums of ``sums`` by scope and ``keys``: scope, department, role, manager, keys, sums.

    grid: combinations of ``keys`` (one row each) that every listed manager gets a row for, 0 if
    nothing counted: a manager without a single deal must be seen. Whole numbers stay whole (exact
    below 2**53), so that no order of rows changes a sum.
    """
    manager = facts["manager"].to_numpy(dtype=np.int64)
    places = {k: facts[k].to_numpy() for k in keys}
    values = {s: facts[s].to_numpy() for s in sums}
    if grid is not None and len(grid):
        listed = [i for i, m in enumerate(data.roster.managers) if m.listed] or [-1]
        manager = np.concatenate([manager, np.repeat(listed, len(grid))])
        for k in keys:
            places[k] = np.concatenate([places[k], np.tile(grid[k].to_numpy(), len(listed))])
        more = len(listed) * len(grid)
        values = {s: np.concatenate([v, np.zeros(more, v.dtype)]) for s, v in values.items()}
    place, first = _places(places, len(manager))
    kinds = {s: v.dtype for s, v in values.items()}
    fine_manager, fine_place, fine = _added(manager, place, values)
    parts = [
        (level, *_added(group[known], fine_place[known], {s: v[known] for s, v in fine.items()}))
        for level, group in enumerate(_levels(data, fine_manager))
        if (known := group >= (-1 if level == len(SCOPES) - 1 else 0)).any()
    ]
    level = np.concatenate([np.full(len(g), i) for i, g, _, _ in parts] or [np.empty(0, np.int64)])
    group = np.concatenate([g for _, g, _, _ in parts] or [np.empty(0, np.int64)])
    at = first[np.concatenate([p for _, _, p, _ in parts] or [np.empty(0, np.int64)])]
    numbers: dict[str, Any] = {
        s: np.concatenate([v[s] for *_, v in parts] or [np.empty(0)]).astype(kinds[s]) for s in sums
    }
    texts = _names(data, level, group)
    for k in keys:
        (texts if places[k].dtype == object else numbers)[k] = places[k][at]
    words = pd.DataFrame(np.array(list(texts.values()), dtype=object).T, columns=list(texts))
    return pd.concat([words, pd.DataFrame(numbers)], axis=1)[[*_PEOPLE, *keys, *sums]]


def _places(places: dict[str, Array], n: int) -> tuple[Array, Array]:
    """One code per combination of keys, in their order, and a row where each code stands."""
    code = np.zeros(n, np.int64)
    for values in places.values():
        own, names = pd.factorize(values, sort=True, use_na_sentinel=False)
        code = code * len(names) + own
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    return inverse, first


def _added(
    group: Array, place: Array, values: dict[str, Array]
) -> tuple[Array, Array, dict[str, Array]]:
    """Sums of ``values`` by group and place, in their order."""
    width = int(place.max()) + 1 if len(place) else 1
    cells, inverse = np.unique((group + 1) * width + place, return_inverse=True)
    sums = {s: np.bincount(inverse, weights=v, minlength=len(cells)) for s, v in values.items()}
    return cells // width - 1, cells % width, sums


def _levels(data: Dataset, manager: Array) -> list[Array]:
    """The group of each manager code at every scope; -1 none (of the manager scope: nobody)."""
    departments = {name: i for i, name in enumerate(data.roster.departments)}
    roles = {name: i for i, name in enumerate(data.roster.roles)}
    people = data.roster.managers
    department = np.array([*(departments.get(m.department or "", -1) for m in people), -1])
    role = np.array([*(roles.get(m.role or "", -1) for m in people), -1])
    return [np.zeros(len(manager), np.int64), department[manager], role[manager], manager]


def _names(data: Dataset, level: Array, group: Array) -> dict[str, Array]:
    """Scope, department, role and manager of groups at the levels of ``SCOPES``."""
    who = people(data)
    own = level == SCOPES.index("manager")
    out = {"scope": np.array(SCOPES, dtype=object)[level]}
    for name, all_names in (("department", data.roster.departments), ("role", data.roster.roles)):
        names = np.array([*all_names, None], dtype=object)
        column = np.full(len(level), None, dtype=object)
        at = level == SCOPES.index(name)
        column[at] = names[group[at]]
        column[own] = who[name].to_numpy(dtype=object)[group[own]]
        out[name] = column
    manager = np.full(len(level), None, dtype=object)
    manager[own] = who["name"].to_numpy(dtype=object)[group[own]]
    return {**out, "manager": manager}


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
    frame: pd.DataFrame,
    spec: MetricSpec,
    data: Dataset,
    view: View,
    *,
    definition: str,
    **fixed: Any,
) -> pd.DataFrame:
    """``frame`` (scope columns, codes in pipeline / stage / to_stage / currency, values) as long rows."""
    n = len(frame)
    columns: dict[str, Any] = {name: frame[name] for name in frame.columns if name in COLUMNS}
    if "pipeline" in columns:
        pipelines = np.array([*(p.key for p in data.funnel.pipelines), None], dtype=object)
        columns["pipeline"] = pipelines[frame["pipeline"].to_numpy(dtype=np.int64)]
    stages = np.array([*(s.key for s in data.funnel.stages), None], dtype=object)
    for name in ("stage", "to_stage"):
        if name in columns:
            columns[name] = stages[frame[name].to_numpy(dtype=np.int64)]
    if "slice" in columns:
        slices = np.array(frame["slice"], dtype=object)
        slices[slices == UNSLICED] = None
        columns["slice"] = slices
    period = {"period_start": view.period.start, "period_end": view.period.end}
    about = {"metric": spec.id, "unit": spec.unit, "definition": definition, **period}
    return long_frame({"statistic": "value", **columns, **about, **fixed}, n)


def not_evaluated(
    spec: MetricSpec, data: Dataset, view: View, reason: str, rows: pd.DataFrame | None = None
) -> pd.DataFrame:
    """A row (or ``rows``, with codes) that says the figure is not evaluated and what would give it.

    reason: key under ``metrics.needs`` of the catalogue, put into ``definition``.
    """
    frame = pd.DataFrame({"scope": ["company"]}) if rows is None else rows
    return long_rows(frame, spec, data, view, definition=f"needs.{reason}", verdict="not_evaluated")
