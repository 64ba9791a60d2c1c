"""Calls, conversations, what became of the matching, the hours of the calls (docs/metrics.md)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from funnelkpi.metrics._calls import (
    absent_calls,
    absent_parts,
    as_frame,
    call_rows,
    calls_of,
    count_parts,
    named,
)
from funnelkpi.metrics._columns import Array, Columns, length, taken
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import inside, last_days, window
from funnelkpi.metrics._scopes import fine, long_rows, not_evaluated, summed
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.calls import CLASSES
from funnelkpi.model.dataset import Dataset

CALLS = MetricSpec("calls", "count", scales=True, anywhere=True, with_leads=True)
CONVERSATIONS = MetricSpec("conversations", "count", scales=True, anywhere=True, with_leads=True)
MATCHING = MetricSpec(
    "calls_matching", "count", better="neither", scales=True, anywhere=True, with_leads=True
)
WITHOUT_RESULT = MetricSpec(
    "calls_without_result", "count", better="lower", scales=True, anywhere=True, with_leads=True
)
BY_HOUR = MetricSpec("calls_by_hour", "count", better="neither", anywhere=True, with_leads=True)
SPECS = (CALLS, CONVERSATIONS, MATCHING, WITHOUT_RESULT, BY_HOUR)

DIRECTIONS = ("in", "out", "callback", "info")
OUTCOMES = ("success", "missed", "declined", "cancelled", "busy", "failed", "unknown")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MISSED = "missed"
"""``statistic`` of ``calls_by_hour``: the incoming calls nobody answered."""
_DAY = 86_400
_MONDAY = 3
"""1 January 1970 was a Thursday."""


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    why = absent_calls(index, None if metric == BY_HOUR.id else view)
    if why is None and metric == WITHOUT_RESULT.id:
        frame = index.data.calls
        if frame is None or "result" not in frame or not bool(frame["result"].notna().any()):
            return "call_results"
    return why


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """The calls of the period: call (row of ``data.calls``), deal (-1 none), manager, pipeline, at.

    conversations: those with clients. calls_without_result: those of them nothing was written of.
    calls_by_hour: incoming ones of the last ``conversion.window`` days.
    """
    index = index or Index(data)
    if absent(index, view, metric) is not None:
        return as_frame(_nothing())
    rows = _rows(index, view, metric)
    if metric == MATCHING.id:
        rows["why"] = np.array(CLASSES, dtype=object)[calls_of(index).klass[rows["call"]]]
    return as_frame(rows)


def _nothing() -> Columns:
    empty = np.empty(0, np.int64)
    types = {"call": "i8", "deal": "i4", "manager": "i4", "pipeline": "i2", "at": "i8"}
    return {n: empty.astype(t) for n, t in types.items()}


def _rows(index: Index, view: View, metric: str) -> Columns:
    calls = calls_of(index)
    if metric == BY_HOUR.id:
        view = replace(view, period=last_days(view))
        return call_rows(index, np.flatnonzero(inside(calls.at, view) & calls.incoming))
    keep = inside(calls.at, view)
    if metric == CONVERSATIONS.id:
        keep &= calls.conversation
    elif metric == WITHOUT_RESULT.id:
        keep &= calls.conversation & without_result(index)
    return call_rows(index, np.flatnonzero(keep))


def without_result(index: Index) -> Array:
    """Calls of which nothing was written down."""
    assert index.data.calls is not None
    column = index.data.calls["result"].astype("category").array
    blank = np.array([*(not str(c).strip() for c in column.categories), True], dtype=bool)
    found: Array = blank[column.codes]
    return found


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows: ``calls`` also by slice ``direction=`` and ``outcome=``; ``calls_matching`` by
    ``class=``, which add up to all calls; ``calls_without_result`` of all conversations
    (denominator); ``calls_by_hour`` by ``hour=Mon-09``: incoming calls of the last
    ``conversion.window`` days, and under the statistic "missed" those nobody answered."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    why = absent_calls(index, view)
    if why is not None:
        others = [spec for spec in SPECS if spec is not BY_HOUR or index.calls is None]
        heard = [] if index.calls is None else _by_hour(index, view)
        return [*absent_parts(others, index, view, why), *heard]
    calls = calls_of(index)
    rows = _rows(index, view, CALLS.id)
    direction, outcome = (
        (_codes(index, column, names)[rows["call"]], named(column, *names))
        for column, names in (("direction", DIRECTIONS), ("outcome", OUTCOMES))
    )
    out = count_parts(CALLS, index, view, rows, [direction, outcome])
    talked = taken(rows, calls.conversation[rows["call"]])
    out += count_parts(CONVERSATIONS, index, view, talked)
    classes = [(calls.klass[rows["call"]].astype(np.int64), named("class", *CLASSES))]
    out += count_parts(MATCHING, index, view, rows, classes)
    missing = absent(index, view, WITHOUT_RESULT.id)
    if missing is not None:
        out.append(not_evaluated(WITHOUT_RESULT, index, view, missing))
    else:
        blank = without_result(index)[talked["call"]].astype(np.int64)
        based = {**talked, "n": blank, "base": np.ones(length(talked), np.int64)}
        out += count_parts(WITHOUT_RESULT, index, view, based)
    return [*out, *_by_hour(index, view)]


def _codes(index: Index, column: str, names: tuple[str, ...]) -> Array:
    """The place of each call's text in ``names``; -1 for any other."""
    assert index.data.calls is not None
    found = index.data.calls[column].array
    place = np.array([*(names.index(c) if c in names else -1 for c in found.categories), -1])
    out: Array = place[found.codes]
    return out


def hours(at: Array) -> Array:
    """The hour of the week of each second: 0 is Monday's first."""
    found: Array = (at // _DAY + _MONDAY) % 7 * 24 + at % _DAY // 3600
    return found


def _by_hour(index: Index, view: View) -> list[Part]:
    calls, rows = calls_of(index), _rows(index, view, BY_HOUR.id)
    rows["slice"] = hours(rows["at"])
    rows["n"] = np.ones(length(rows), np.int64)
    rows["missed"] = (~calls.success[rows["call"]]).astype(np.int64)
    found = summed(fine(rows, ["slice"], ["n", "missed"]), index, ["slice"], ["n", "missed"])
    listed = {m.name for m in index.data.roster.managers if m.listed}
    own = np.isin(index.names.scope.astype("U10"), ("company", "department"))
    own |= (index.names.scope == "manager") & np.isin(index.names.manager, list(listed))
    found = taken(found, own[found["who"]])
    names = np.array([f"hour={d}-{h:02d}" for d in WEEKDAYS for h in range(24)], dtype=object)
    found["slice"] = names[found["slice"]]
    missed = found.pop("missed")
    about = {"definition": BY_HOUR.id, **window(view)}
    return [
        long_rows({**found, "value": found["n"]}, BY_HOUR, index, view, **about),
        long_rows(
            {**found, "value": missed, "denominator": found["n"]}, BY_HOUR, index, view,
            statistic=MISSED, **about,
        ),
    ]  # fmt: skip
