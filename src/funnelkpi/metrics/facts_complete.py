"""Facts a deal must have by a stage: filled, plausible, dates that have passed, days between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from funnelkpi.config.schema_people import FactRule
from funnelkpi.metrics._columns import Array, Columns, joined, length, taken
from funnelkpi.metrics._deals import NEVER, second, seconds
from funnelkpi.metrics._filters import column_of
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._medians import medians
from funnelkpi.metrics._people import About, counts, frame, shares
from funnelkpi.metrics._plausible import plausible
from funnelkpi.metrics._scopes import long_rows, not_evaluated
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import MAX_STAGE_UNKNOWN, Dataset
from funnelkpi.model.funnel import Pipeline, Stage

COMPLETE = MetricSpec("facts_complete", "share", level="stage")
OVERDUE = MetricSpec("facts_overdue", "count", better="lower", level="stage")
LAG = MetricSpec("fact_lag", "days", better="lower", level="stage")
SPECS = (COMPLETE, OVERDUE, LAG)

_DAY = 86_400
_EMPTY = {"deal": "i4", "manager": "i4", "pipeline": "i2", "stage": "i2", "at": "M8[s]"}


@dataclass(frozen=True)
class _Place:
    """One rule in one pipeline: the deals it asks, and which of its columns some file has."""

    rule: FactRule
    pipeline: int
    stage: int
    rows: Array
    fields: tuple[tuple[str, str | None], ...]
    dates: tuple[tuple[str, str | None], ...]


def _places(index: Index, view: View) -> Iterator[_Place]:
    data, frame_ = index.data, index.data.deals
    for rule in view.settings.facts:
        for number, pipeline in enumerate(data.funnel.pipelines):
            stage = next((s for s in pipeline.stages if s.key == rule.stage), None)
            if stage is None or stage.rank < 0 or rule.pipeline not in (None, pipeline.key):
                continue
            yield _Place(
                rule,
                number,
                data.funnel.code[stage.id],
                _asked(index, view, pipeline, stage),
                *(tuple((n, _column(frame_, data, n)) for n in names)
                  for names in (rule.fields, rule.dates)),
            )  # fmt: skip


def _column(deals: pd.DataFrame, data: Dataset, name: str) -> str | None:
    found = column_of(deals, name)
    if found == name and name not in data.available and deals[name].isna().all():
        return None
    return found


def _asked(index: Index, view: View, pipeline: Pipeline, stage: Stage) -> Array:
    """Open deals at the stage or beyond, and those won in the last ``conversion.window`` days."""
    data, deals = index.data, index.deals
    beyond = np.zeros(len(data.funnel.stages) + 1, dtype=bool)
    for other in pipeline.stages:
        beyond[data.funnel.code[other.id]] = other.rank >= stage.rank
    since = second(data.as_of) - view.settings.conversion.window * _DAY
    fresh = deals.status("won") & (deals.closed != NEVER) & (deals.closed >= since)
    there = beyond[deals.codes("stage")] & (deals.status("open") | fresh) & ~deals.stage_unknown
    return np.flatnonzero(there)


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """Deals of the rules, one row per rule and deal: deal, manager, pipeline, stage, at (as_of).

    facts_complete: hit (every field is filled and plausible), why (the captions of those that are
    not). facts_overdue: open deals whose last filled date has passed, days since then, why (its
    caption). fact_lag: one row per deal and pair of dates, days between them, why (the pair).
    """
    index = index or Index(data)
    tables = []
    if data.stage_unknown_share <= MAX_STAGE_UNKNOWN:
        tables = [_rows(index, view, metric, place) for place in _places(index, view)]
    nothing = {name: np.empty(0, kind) for name, kind in _EMPTY.items()}
    nothing |= {"hit": np.empty(0, bool)} if metric == COMPLETE.id else {"days": np.empty(0)}
    nothing["why"] = np.empty(0, dtype=object)
    return frame(joined([nothing, *tables]))


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    if index.data.stage_unknown_share > MAX_STAGE_UNKNOWN:
        return "history_for_as_of"
    places = list(_places(index, view))
    if metric == COMPLETE.id:
        asked = [column for p in places for _, column in p.fields]
    else:
        least = 2 if metric == LAG.id else 1
        asked = [c for p in places if len(p.dates) >= least for _, c in p.dates]
    if not asked:
        return "facts"
    return None if any(asked) else "fact_column"


def _rows(index: Index, view: View, metric: str, place: _Place) -> Columns:
    if metric == COMPLETE.id:
        return _complete(index, place)
    return _overdue(index, place) if metric == OVERDUE.id else _lags(index, place)


def _base(index: Index, place: _Place, rows: Array) -> Columns:
    out = index.deals.facts(rows)
    out["stage"] = np.full(len(rows), place.stage, np.int16)
    out["pipeline"] = np.full(len(rows), place.pipeline, np.int16)
    out["at"] = np.full(len(rows), np.datetime64(index.data.as_of, "s"))
    return out


def _filled(index: Index, place: _Place) -> dict[str, Array]:
    """Of each field that some file has: which of the deals have it."""
    deals = index.data.deals
    return {
        name: plausible(deals[column].iloc[place.rows])
        for name, column in place.fields
        if column is not None
    }


def _complete(index: Index, place: _Place) -> Columns:
    filled = _filled(index, place)
    size = len(place.rows) if filled else 0
    every, missing = np.ones(size, dtype=bool), np.zeros(size, np.int64)
    for i, own in enumerate(filled.values()):
        every &= own
        missing |= np.where(own, 0, np.int64(1) << i)
    kinds, place_ = np.unique(missing, return_inverse=True)
    names = [
        ",".join(name for i, name in enumerate(filled) if kind >> i & 1) or None
        for kind in kinds.tolist()
    ]
    return {
        **_base(index, place, place.rows[:size]),
        "hit": every,
        "why": np.array([*names, None], dtype=object)[place_],
    }


def _dates(index: Index, place: _Place) -> tuple[list[str], Array]:
    """The date columns that some file has, and their moments in days (``NEVER`` missing)."""
    names = [name for name, column in place.dates if column is not None]
    found = []
    for _, column in place.dates:
        if column is not None:
            values = index.data.deals[column].iloc[place.rows]
            if values.dtype.kind != "M":
                values = pd.to_datetime(values.astype("str"), errors="coerce", format="mixed")
            at = seconds(values.to_numpy())
            found.append(np.where(plausible(values), at // _DAY, NEVER))
    return names, np.array(found, np.int64).reshape(len(names), len(place.rows))


def _overdue(index: Index, place: _Place) -> Columns:
    names, at = _dates(index, place)
    today = second(index.data.as_of) // _DAY
    last, value = np.full(len(place.rows), -1), np.full(len(place.rows), NEVER)
    for i in range(len(names)):
        known = at[i] != NEVER
        last[known], value[known] = i, at[i][known]
    late = (last >= 0) & (value < today) & index.deals.status("open", rows=place.rows)
    return {
        **_base(index, place, place.rows[late]),
        "days": (today - value[late]).astype(np.float64),
        "why": np.array([*names, None], dtype=object)[last[late]],
    }


def _lags(index: Index, place: _Place) -> Columns:
    names, at = _dates(index, place)
    parts = []
    for i in range(len(names) - 1):
        both = (at[i] != NEVER) & (at[i + 1] != NEVER)
        rows = _base(index, place, place.rows[both])
        rows["days"] = (at[i + 1] - at[i])[both].astype(np.float64)
        rows["why"] = np.full(length(rows), f"{names[i]} → {names[i + 1]}", dtype=object)
        parts.append(rows)
    if parts:
        return joined(parts)
    rows = _base(index, place, place.rows[:0])
    return {**rows, "days": np.empty(0), "why": np.empty(0, dtype=object)}


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Rows per rule by scope, pipeline and stage.

    facts_complete: share of the deals with every field; by ``field=<caption>`` of each field.
    facts_overdue: deals; by ``field=<caption>`` of the date that has passed. fact_lag: median days
    between two dates that follow each other, slice ``dates=<first> → <second>``.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    reasons = {spec.id: absent(index, view, spec.id) for spec in SPECS}
    out = [not_evaluated(s, index, view, r) for s in SPECS if (r := reasons[s.id]) is not None]
    if len(out) == len(SPECS):
        return out
    for place in _places(index, view):
        if reasons[COMPLETE.id] is None:
            out += _complete_parts(index, view, place)
        if reasons[OVERDUE.id] is None and any(c for _, c in place.dates):
            out += _overdue_parts(index, view, place)
        if reasons[LAG.id] is None:
            out += _lag_parts(index, view, place)
    return out


_ABOUT: About = {"evidence": "snapshot"}


def _grid(place: _Place, slices: int = 1) -> Columns:
    return {
        "slice": np.arange(slices),
        "pipeline": np.full(slices, place.pipeline, np.int16),
        "stage": np.full(slices, place.stage, np.int16),
    }


def _complete_parts(index: Index, view: View, place: _Place) -> list[Part]:
    out, grid = [], _grid(place)
    filled = _filled(index, place)
    about: About = {**_ABOUT, "definition": COMPLETE.id}
    if filled:
        rows = _complete(index, place)
        rows.pop("why")
        out.append(shares(COMPLETE, index, view, rows, grid=grid, **about))
    for name, own in filled.items():
        rows = {**_base(index, place, place.rows), "hit": own}
        rows["slice"] = np.zeros(len(own), np.int64)
        title = np.array([f"field={name}"], dtype=object)
        out.append(shares(COMPLETE, index, view, rows, names=title, grid=grid, **about))
    for name, column in place.fields:
        if column is None:
            where = {**grid, "slice": np.array([f"field={name}"], dtype=object)}
            out.append(not_evaluated(COMPLETE, index, view, "fact_column", where))
    return out


def _overdue_parts(index: Index, view: View, place: _Place) -> list[Part]:
    rows, about = _overdue(index, place), {**_ABOUT, "definition": OVERDUE.id}
    why = rows.pop("why")
    names, code = np.unique(why.astype(str), return_inverse=True)
    out = [counts(OVERDUE, index, view, rows, grid=_grid(place), **about)]
    titles = np.array([f"field={n}" for n in names], dtype=object)
    if len(titles):
        own = {**rows, "slice": code}
        out.append(counts(OVERDUE, index, view, own, names=titles, **about))
    return out


def _lag_parts(index: Index, view: View, place: _Place) -> list[Part]:
    rows = _lags(index, place)
    why = rows.pop("why")
    out = []
    for name in dict.fromkeys(why.tolist()):
        own = taken(rows, why == name)
        found = medians(own, index, ["pipeline", "stage"], "days")
        about: About = {**_ABOUT, "definition": LAG.id, "statistic": "median"}
        out.append(long_rows(found, LAG, index, view, slice=f"dates={name}", **about))
    return out
