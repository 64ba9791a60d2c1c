"""How many calls it takes: calls to the clients before their meeting or win ÷ meetings or wins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._calls import absent_calls, as_frame, calls_of, tables
from funnelkpi.metrics._columns import Array, Columns, length, taken
from funnelkpi.metrics._deals import SPAN, keyed
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import inside, pipelines
from funnelkpi.metrics._meetings import missing
from funnelkpi.metrics._scopes import long_rows, not_evaluated
from funnelkpi.metrics.meetings import FIRST, meetings_of
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.stats import share
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

PER_MEETING = MetricSpec("calls_per_meeting", "ratio", better="neither", anywhere=True)
PER_WON = MetricSpec("calls_per_won_deal", "ratio", better="neither", needs=("closed_at",))
SPECS = (PER_MEETING, PER_WON)


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    why = absent_calls(index, view, phones=True)
    if why is not None:
        return why
    if metric == PER_MEETING.id:
        return missing(index, view)
    return None if "closed_at" in index.data.available else "closed_at"


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """The first meetings (won deals) of the period whose client is known: deal, manager, pipeline,
    at, calls (with the client before it, and after his event before it)."""
    index = index or Index(data)
    if absent(index, view, metric) is not None:
        return pd.DataFrame({n: np.empty(0, np.int64) for n in ("deal", "manager", "pipeline")})
    rows = _rows(index, view, metric)
    return as_frame({n: rows[n] for n in ("deal", "manager", "pipeline", "at", "calls")})


def _rows(index: Index, view: View, metric: str) -> Columns:
    if metric == PER_MEETING.id:
        found = meetings_of(index, view, FIRST.id)
        found = taken(found, ~found["maybe"])
        rows = {n: found[n] for n in ("deal", "manager", "pipeline", "at", "client")}
        rows["pipeline"] = pipelines(index, rows["deal"])
    else:
        deals = index.deals
        won = np.flatnonzero(inside(deals.closed, view) & deals.status("won"))
        rows = {**deals.facts(won, when="closed"), "at": deals.closed[won]}
        rows["client"] = index.data.deals["client"].to_numpy().astype(np.int64)[won]
    rows = taken(rows, rows["client"] >= 0)
    # of two events of one second the order of the rows decides nothing
    rows = taken(rows, np.lexsort((rows["pipeline"], rows["manager"], rows["at"])))
    rows["calls"] = _before(index, rows["client"], rows["at"])
    return rows


def _before(index: Index, client: Array, at: Array) -> Array:
    """Calls with each client before his event and after his event before it: each counts once."""
    calls = calls_of(index)
    asked = np.zeros(int(max(client.max(initial=-1), calls.client.max(initial=-1))) + 2, bool)
    asked[client] = True
    asked[-1] = False  # nobody's calls
    own = np.flatnonzero(asked[calls.client] & ~calls.internal)
    keys = np.sort(keyed(calls.client[own], calls.at[own]))
    order = np.lexsort((at, client))
    who, moment = client[order], at[order]
    until = np.searchsorted(keys, keyed(who, moment), side="left")
    since = np.searchsorted(keys, who * SPAN, side="left")
    again = np.zeros(len(who), bool)
    again[1:] = who[1:] == who[:-1]
    since[again] = until[np.flatnonzero(again) - 1]
    out = np.empty(len(who), np.int64)
    out[order] = until - since
    return out


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows: calls (numerator) ÷ first meetings or won deals of the period (denominator)."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    out = []
    for spec in SPECS:
        why = absent(index, view, spec.id)
        if why is not None:
            out.append(not_evaluated(spec, index, view, why))
            continue
        rows = _rows(index, view, spec.id)
        rows["n"] = np.ones(length(rows), np.int64)
        for table in tables(index, view, rows, ["calls", "n"]):
            calls, n = table["calls"], table["n"]
            values = {"value": share(calls, n), "numerator": calls, "denominator": n}
            out.append(long_rows({**table, **values}, spec, index, view, definition=spec.id))
    return out
