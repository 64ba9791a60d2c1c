"""Which conversations with new clients became deals, and which deals had no call."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._call_arrays import OUTSIDE
from funnelkpi.metrics._calls import (
    NO_CALLS,
    absent_calls,
    as_frame,
    call_rows,
    calls_of,
    count_parts,
    share_parts,
)
from funnelkpi.metrics._columns import Array, Columns, length, taken
from funnelkpi.metrics._deals import NEVER
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import inside, pipelines
from funnelkpi.metrics._scopes import not_evaluated
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

WITHOUT_DEAL = MetricSpec(
    "calls_without_deal", "count", better="lower", scales=True, anywhere=True, with_leads=True
)
WITHOUT_CALL = MetricSpec(
    "deals_without_call", "count", better="lower", scales=True, needs=("created_at",)
)
PER_10 = MetricSpec("deals_per_10_conversations", "ratio", anywhere=True, with_leads=True)
SPECS = (WITHOUT_DEAL, WITHOUT_CALL, PER_10)
_HIT, _MISS, _PENDING = 0, 1, 2
_DAY = 86_400
PENDING = "fate=pending"
"""``slice``: conversations and deals whose time is not over yet; in no other figure."""
NO_CLIENT = "client=unknown"
"""``slice`` of ``deals_without_call``: deals without a number and not called by ID."""


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    why = absent_calls(index, phones=True)
    if why is None and metric == WITHOUT_CALL.id and "created_at" not in index.data.available:
        return "created_at"
    return why


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """calls_without_deal: conversations of the period with new clients that became no deal or lead:
    call, deal (-1), manager, pipeline, at. deals_per_10_conversations: the first conversation with
    each new client, hit: it became one. deals_without_call: deals created in the period.
    """
    index = index or Index(data)
    if absent(index, view, metric) is not None:
        types = {"deal": "i4", "manager": "i4", "pipeline": "i2"}
        return pd.DataFrame({n: np.empty(0, t) for n, t in types.items()})
    if metric == WITHOUT_CALL.id:
        rows = _deals(index, view)
        rows = taken(rows, rows["fate"] == _MISS)
    else:
        rows = _conversations(index, view)
        if metric == WITHOUT_DEAL.id:
            rows = taken(rows, rows["fate"] == _MISS)
        else:
            rows = _firsts(index, rows)
            rows["hit"] = rows["fate"] == _HIT
    del rows["fate"]
    return as_frame(rows)


def _conversations(index: Index, view: View) -> Columns:
    """Conversations of the period with new clients, and whether each became a deal or lead."""
    calls = calls_of(index)
    rows = np.flatnonzero(inside(calls.at, view) & calls.conversation)
    rows = rows[calls.new(rows)]
    at, first = calls.at[rows], calls.first_deal(rows)
    limit = at + int(view.settings.calls.deal_within_hours * 3600)
    # a deal the files lack is a deal nevertheless
    hit = (first <= limit) | (calls.klass[rows] == OUTSIDE)
    fate = np.where(hit, _HIT, np.where(limit > calls.deals_until, _PENDING, _MISS))
    return {**call_rows(index, rows), "fate": fate}


def _firsts(index: Index, rows: Columns) -> Columns:
    """The first conversation with each new client whose time is over or that became a deal."""
    rows = taken(rows, rows["fate"] != _PENDING)
    order = np.lexsort((rows["call"], rows["at"]))
    party = calls_of(index).party[rows["call"][order]]
    _, first = np.unique(party, return_index=True)
    return taken(rows, np.sort(order[first]))


def _deals(index: Index, view: View) -> Columns:
    """Deals created in the period, and whether anybody called."""
    calls, deals = calls_of(index), index.deals
    inside_ = inside(deals.created, view) & ~deals.status("gone")
    kind = index.data.deals["entity"].eq("deal").to_numpy()
    rows = np.flatnonzero(inside_ & kind & (deals.created >= calls.begin))
    called = np.zeros(len(deals) + 1, bool)
    called[calls.deal[~calls.internal]] = True
    created = deals.created[rows]
    hit = called[rows]
    client = np.full(len(rows), -1, np.int64)
    if "client" in index.data.deals:
        client = index.data.deals["client"].to_numpy().astype(np.int64)[rows]
    hit |= _spoken(index, client, created)
    over = created + int(view.settings.calls.deal_within_hours * 3600) <= calls.deals_end
    fate = np.where(hit, _HIT, np.where(client < 0, 3, np.where(over, _MISS, _PENDING)))
    own = deals.facts(rows, when="created")
    own["pipeline"] = pipelines(index, rows)
    return {**own, "at": created, "fate": fate}


def _spoken(index: Index, client: Array, created: Array) -> Array:
    """Whether each client has a call not earlier than a day before the deal was created."""
    calls = calls_of(index)
    last = np.full(int(max(client.max(initial=-1), calls.client.max(initial=-1))) + 2, -NEVER)
    # earlier calls are no answer, and most calls are earlier ones
    since = int(created.min(initial=NEVER)) - _DAY
    own = np.flatnonzero(calls.at >= since)
    own = own[~calls.internal[own] & (calls.client[own] >= 0)]
    np.maximum.at(last, calls.client[own], calls.at[own])
    found: Array = last[client] >= created - _DAY
    return found & (client >= 0)


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows: ``calls_without_deal`` of the conversations with new clients (denominator) and
    ``deals_without_call`` of the deals created (denominator), those whose time is not over under
    ``fate=pending``; ``deals_per_10_conversations``: new clients spoken to that became a deal or
    lead (numerator) of all (denominator), times ten, with ten times Wilson's interval."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    out: list[Part] = []
    for spec in SPECS:
        why = absent(index, view, spec.id)
        if why is not None:
            out.append(not_evaluated(spec, index, view, why))
    if any(p.columns["definition"] == f"needs.{NO_CALLS}" for p in out):
        return out
    done = {p.columns["metric"] for p in out}
    if WITHOUT_DEAL.id not in done:
        rows = _conversations(index, view)
        out += _missing(WITHOUT_DEAL, index, view, rows)
        firsts = _firsts(index, rows)
        firsts["hit"] = (firsts["fate"] == _HIT).astype(np.int64)
        out += share_parts(PER_10, index, view, firsts, factor=10.0)
    if WITHOUT_CALL.id not in done:
        out += _missing(WITHOUT_CALL, index, view, _deals(index, view))
    return out


def _missing(spec: MetricSpec, index: Index, view: View, rows: Columns) -> list[Part]:
    fate = rows["fate"]
    counted = {
        **rows,
        "n": (fate == _MISS).astype(np.int64),
        "base": np.isin(fate, (_HIT, _MISS)).astype(np.int64),
    }
    out = count_parts(spec, index, view, counted)
    for name, code in ((PENDING, 2), (NO_CLIENT, 3)):
        left = taken(rows, fate == code)
        if length(left):
            part = count_parts(
                spec,
                index,
                view,
                left,
                [(np.zeros(length(left), np.int64), np.array([name], dtype=object))],
            )
            out.append(part[1])
    return out
