"""Rows of the long table for events of people: meetings, tasks, contacts, companies.

Such an event may have no deal (-1) and no pipeline (-1).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.metrics import _counts, _inside
from funnelkpi.metrics._calls import everywhere
from funnelkpi.metrics._columns import Array, Columns, length, taken
from funnelkpi.metrics._deals import second, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._scopes import all_pipelines, fine, long_rows, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics.result import Part
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

Grid = Columns | None
About = dict[str, Any]
"""Further columns of long rows: definition, evidence, statistic."""


def inside(at: Array, view: View) -> Array:
    """Which seconds lie in the period; nothing later than ``as_of`` exists."""
    found: Array = _inside.inside(at, view) & (at <= second(view.as_of))
    return found


def moments(frame: pd.DataFrame, name: str) -> Array:
    """A column of moments in seconds, ``NEVER`` where missing or absent."""
    if name not in frame:
        return seconds(np.full(len(frame), np.datetime64("NaT", "s")))
    return seconds(frame[name].to_numpy())


def codes(frame: pd.DataFrame, name: str) -> Array:
    """Codes of a category column; -1 missing or absent."""
    if name not in frame:
        return np.full(len(frame), -1, np.int32)
    found: Array = frame[name].array.codes.astype(np.int32)
    return found


def numbers(frame: pd.DataFrame, name: str) -> Array:
    """A column of positions (deal, client); -1 where absent."""
    if name not in frame:
        return np.full(len(frame), -1, np.int64)
    found: Array = frame[name].to_numpy().astype(np.int64)
    return found


def texts(frame: pd.DataFrame, name: str) -> tuple[Array, Array]:
    """Codes of a text or category column and its distinct texts."""
    if name not in frame:
        return np.full(len(frame), -1), np.empty(0, dtype=object)
    column = frame[name].astype("category")
    return column.array.codes.astype(np.int64), np.array(column.cat.categories, dtype=object)


def maker(data: Dataset, frame: pd.DataFrame) -> Array:
    """Who entered each row: its creator if he is a manager, else the responsible."""
    listed = np.array([*(m.listed for m in data.roster.managers), False], dtype=bool)
    creator, owner = codes(frame, "maker"), codes(frame, "manager")
    found: Array = np.where(listed[creator] | (owner < 0), creator, owner)
    return found


def counts(
    spec: MetricSpec,
    index: Index,
    view: View,
    rows: Columns,
    *,
    names: Array | None = None,
    grid: Grid = None,
    places: bool = True,
    moment: bool = False,
    **about: Any,
) -> Part:
    """How many ``rows`` each unit has; ``maybe`` among them (a flag) makes bounds of the value.

    names: texts of the codes that ``rows`` has in ``slice``; None: sliced as the view asks. places:
    by pipeline, too. moment: the hour and weekday of ``at`` can be asked for. about: columns of the
    rows.
    """
    rows = dict(rows)
    maybe = rows.get("maybe")
    rows["n"] = np.ones(length(rows), np.int64) if maybe is None else 1 - maybe.astype(np.int64)
    rows["maybe"] = 1 - rows["n"]
    asked = rows["at"] if moment else None
    out = _summed(index, view, rows, ["n", "maybe"], names, grid, places, spec.with_leads, asked)
    sure, most = out["n"], out["n"] + out.pop("maybe")
    vague = most > sure
    out["value"] = np.where(vague, np.nan, sure)
    out["bound_low"] = np.where(vague, sure, np.nan)
    out["bound_high"] = np.where(vague, most, np.nan)
    return long_rows(out, spec, index, view, **about)


def shares(
    spec: MetricSpec,
    index: Index,
    view: View,
    rows: Columns,
    *,
    names: Array | None = None,
    grid: Grid = None,
    places: bool = True,
    moment: bool = False,
    **about: Any,
) -> Part:
    """Share of ``rows`` with ``hit``, with Wilson's interval; ``maybe``: perhaps a hit."""
    hit = rows["hit"]
    maybe = rows.get("maybe", np.zeros(length(rows), dtype=bool)) & ~hit
    one = np.ones(length(rows), np.int64)
    own = {**rows, "n": one, "hits": hit, "known": ~maybe, "possible": hit | maybe}
    asked = rows["at"] if moment else None
    wanted = ["n", "hits", "known", "possible"]
    out = _summed(index, view, own, wanted, names, grid, places, spec.with_leads, asked)
    sums = {name: out.pop(name) for name in wanted}
    sums["floor"] = sums["top"] = sums["n"]
    made = _counts.rates(sums, view.settings.conversion.max_gap)
    return long_rows({**out, **made}, spec, index, view, **about)


def _summed(
    index: Index, view: View, rows: Columns, sums: list[str], names: Array | None, grid: Grid,
    places: bool, leads: bool, at: Array | None = None,
) -> Columns:  # fmt: skip
    sliced = rows
    if names is None:
        # exactly midnight is a day without an hour
        hours = None if at is None else at % 86_400 != 0
        sliced = index.slices(view.by).applied(rows, at, hours)
    keys = ["slice", *(n for n in ("pipeline", "stage") if places and n in sliced)]
    table = fine(sliced, keys, sums)
    if places and "stage" not in keys:
        # what happens with a lead happened all the same: the whole has it
        table = everywhere(table, index) if leads else all_pipelines(table, index.data)
    if grid is None and names is None and "stage" not in keys:
        grid = _every_pipeline(index.data) if places else {"slice": np.array([UNSLICED])}
    out = summed(table, index, keys, sums, grid)
    if names is not None:
        out["slice"] = names[out["slice"]]
    return out


def _every_pipeline(data: Dataset) -> Columns:
    size = len(data.funnel.pipelines)
    every = [*range(size), *([-1] if size > 1 else [])]
    return {"slice": np.full(len(every), UNSLICED), "pipeline": np.array(every, dtype=np.int16)}


def within(rows: Columns, view: View) -> Columns:
    """The rows whose ``at`` (seconds) lies in the period."""
    return taken(rows, inside(rows["at"], view))


def frame(rows: Columns) -> pd.DataFrame:
    """Facts as a data frame: ``at`` as moments."""
    types = {"deal": np.int32, "manager": np.int32, "pipeline": np.int16, "stage": np.int16}
    out = {n: v.astype(types.get(n, v.dtype), copy=False) for n, v in rows.items()}
    if "at" in out and out["at"].dtype.kind != "M":
        out["at"] = out["at"].view("M8[s]")
    # texts stay objects: pandas would make NaN of a missing one
    return pd.DataFrame(
        {n: pd.Series(v, dtype=object) if v.dtype == object else v for n, v in out.items()}
    )
