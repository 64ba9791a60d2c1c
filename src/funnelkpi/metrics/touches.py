"""Touches: outgoing calls, e-mails and messages, and what first touches became."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from funnelkpi.metrics._call_arrays import AT_THE_CALL, OUTSIDE
from funnelkpi.metrics._calls import (
    absent_calls,
    absent_parts,
    acquaintance,
    as_frame,
    call_rows,
    calls_of,
    count_parts,
    named,
)
from funnelkpi.metrics._columns import Array, Columns, joined, length, taken
from funnelkpi.metrics._deals import NEVER, second
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import inside, pipelines
from funnelkpi.metrics._meetings import meetings, missing
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
FIRST = ("first", "became_deal", "became_meeting")
"""``slice`` ``touch=``: the first calls to clients; those of them that have a deal or lead by now, and
those that a meeting was held with since."""


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    return absent_calls(index, view)


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
    at = np.where(at == NEVER, moments(frame, "due_at"), at)  # when it was to be done, if over
    done = np.zeros(len(frame), bool)
    if "done" in frame:
        done = frame["done"].to_numpy(dtype=np.float64, na_value=0.0) > 0
    done |= moments(frame, "done_at") != NEVER
    rows = np.flatnonzero((table[code] >= 0) & done & inside(at, view) & (at <= second(view.as_of)))
    deal = numbers(frame, "deal")[rows]
    return {
        "call": np.full(len(rows), -1, np.int64),
        "deal": deal.astype(np.int32),
        "manager": codes(frame, "manager")[rows].astype(np.int32),
        "pipeline": pipelines(index, deal),
        "at": at[rows],
        "kind": table[code][rows],
    }


def _first(index: Index, view: View, rows: Columns) -> list[Array]:
    """Which touches are the first call with a client without a deal; which of these clients have a
    deal or lead by now, and with which a meeting was held since (None of the kind is known: left out).

    A client whose contact was entered before the calls begin may have been called before them: his
    first call in the files is no first touch.
    """
    calls = calls_of(index)
    least = []
    for own in (np.flatnonzero(calls.outgoing), np.flatnonzero(calls.incoming)):
        at = np.full(int(calls.party.max(initial=-1)) + 2, NEVER)
        np.minimum.at(at, calls.party[own], calls.at[own])
        least.append(at)
    call = rows["call"]
    party = np.append(calls.party, -1)[call]
    mine = np.flatnonzero((call >= 0) & (party >= 0))
    # who called in the same second came first: a touch is the first only if it surely is
    early = (rows["at"] == least[0][party]) & (least[0][party] < least[1][party])
    mine = mine[early[mine]]
    mine = mine[np.lexsort((rows["pipeline"][mine], rows["manager"][mine], party[mine]))]
    mine = mine[np.flatnonzero(np.diff(party[mine], prepend=-1))]
    own = call[mine]
    known = acquaintance(index, own)
    fresh = (known.deal >= calls.at[own] - AT_THE_CALL) & (known.contact >= calls.begin)
    fresh &= (calls.klass[own] != OUTSIDE) & ~calls.internal[own]
    found = [fresh, fresh & (known.deal != NEVER)]
    if missing(index, view) is None:
        found.append(fresh & _met(index, view, calls.client[own], calls.at[own]))
    out = []
    for flags in found:
        every = np.zeros(length(rows), bool)
        every[mine] = flags
        out.append(every)
    return out


def _met(index: Index, view: View, client: Array, at: Array) -> Array:
    """Whether a meeting with each client was held since ``at``."""
    found = meetings(index, view)
    found = taken(found, found["held"] & (found["client"] >= 0))
    size = int(max(found["client"].max(initial=-1), client.max(initial=-1))) + 2
    last = np.full(size, -1, np.int64)
    np.maximum.at(last, found["client"], found["at"])
    return (client >= 0) & (last[client] >= at)


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows, also by slice ``kind=`` and, where phones of clients are known, ``touch=``."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    why = absent_calls(index, view)
    if why is not None:
        return absent_parts(SPECS, index, view, why)
    rows = _rows(index, view)
    groups = [(rows["kind"], named("kind", *KINDS))]
    if calls_of(index).clients_known:
        for mask, name in zip(_first(index, view, rows), FIRST, strict=False):
            groups.append((mask.astype(np.int64) - 1, named("touch", name)))
    return count_parts(TOUCHES, index, view, rows, groups)
