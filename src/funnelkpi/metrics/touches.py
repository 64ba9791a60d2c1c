"""Touches: outgoing calls, e-mails and messages, and what first touches became."""

from __future__ import annotations

import re

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
from funnelkpi.metrics._columns import Array, Columns, joined, length, taken
from funnelkpi.metrics._deals import NEVER
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import inside, pipelines
from funnelkpi.metrics._people import codes, moments, numbers, texts
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

TOUCHES = MetricSpec("touches", "count", scales=True, anywhere=True, with_leads=True)
SPECS = (TOUCHES,)
KINDS = ("call", "email", "message")
_WORDS = (
    ("email", re.compile(r"письм|почт|e-?mail|\bmail", re.IGNORECASE)),
    ("message", re.compile(r"сообщ|мессендж|чат|смс|\bsms|message|chat|whatsapp|telegram",
                           re.IGNORECASE)),
)  # fmt: skip
FIRST = ("first", "became_deal")
"""``slice`` ``touch=``: first calls to clients nobody had before; those of them that have a deal or
lead by now."""


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    return absent_calls(index)


def facts(
    data: Dataset, view: View, metric: str = "touches", index: Index | None = None
) -> pd.DataFrame:
    """Touches of the period: call (-1: a task), deal (-1), manager, pipeline, at."""
    index = index or Index(data)
    if index.calls is None:
        return pd.DataFrame({n: np.empty(0, np.int64) for n in ("deal", "manager", "pipeline")})
    rows = _rows(index, view)
    del rows["kind"]
    return as_frame(rows)


def _rows(index: Index, view: View) -> Columns:
    calls = calls_of(index)
    own = call_rows(index, np.flatnonzero(inside(calls.at, view) & calls.outgoing))
    own["kind"] = np.zeros(length(own), np.int64)
    return joined([own, _tasks(index, view, own)])


def _tasks(index: Index, view: View, like: Columns) -> Columns:
    """E-mails and messages among the tasks that are done."""
    frame = index.data.tasks
    if frame is None:
        return taken(like, np.empty(0, np.int64))
    code, names = texts(frame, "type")
    kinds = [next((k for k, w in _WORDS if w.search(str(n))), None) for n in names]
    table = np.array([*(KINDS.index(k) if k else -1 for k in kinds), -1])
    at = moments(frame, "done_at")
    at = np.where(at == NEVER, moments(frame, "due_at"), at)
    done = np.zeros(len(frame), bool)
    if "done" in frame:
        done = frame["done"].to_numpy(dtype=np.float64, na_value=0.0) > 0
    done |= moments(frame, "done_at") != NEVER
    rows = np.flatnonzero((table[code] >= 0) & done & inside(at, view))
    deal = numbers(frame, "deal")[rows]
    return {
        "call": np.full(len(rows), -1, np.int64),
        "deal": deal.astype(np.int32),
        "manager": codes(frame, "manager")[rows].astype(np.int32),
        "pipeline": pipelines(index, deal),
        "at": at[rows],
        "kind": table[code][rows],
    }


def _first(index: Index, rows: Columns) -> tuple[Array, Array]:
    """Which touches are the first call ever to a client nobody had before, and which of these
    clients have a deal or lead by now."""
    calls = calls_of(index)
    first = np.zeros(length(rows), bool)
    became = first.copy()
    own = np.flatnonzero(rows["call"] >= 0)
    call = rows["call"][own]
    first[own] = calls.opening(call) & calls.new(call)
    became[own] = first[own] & (calls.first_deal(call) != NEVER)
    return first, became


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows, also by slice ``kind=`` and, where phones of clients are known, ``touch=``."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    why = absent_calls(index)
    if why is not None:
        return absent_parts(SPECS, index, view, why)
    rows = _rows(index, view)
    groups = [(rows["kind"], named("kind", *KINDS))]
    if calls_of(index).clients_known:
        first, became = _first(index, rows)
        for mask, name in zip((first, became), FIRST, strict=True):
            groups.append((mask.astype(np.int64) - 1, named("touch", name)))
    return count_parts(TOUCHES, index, view, rows, groups)
