"""Which conversations with new clients became deals, and which deals had no call."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._calls import (
    EARLIER,
    NO_CALLS,
    absent_calls,
    acquaintance,
    as_frame,
    call_rows,
    calls_of,
    count_parts,
    first_after,
    reachable,
    share_parts,
    spoken,
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
OF_NO_PIPELINE = (WITHOUT_DEAL.id, PER_10.id)
"""A conversation that came to nothing belongs to no pipeline."""
_HIT, _MISS, _PENDING, _NOBODY = range(4)
PENDING = "fate=pending"
"""``slice``: conversations and deals whose time is not over yet; in no other figure."""
NO_CLIENT = "client=unknown"
"""``slice`` of ``deals_without_call``: deals without a number and not called by ID."""


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    why = absent_calls(index, view, phones=True)
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
            rows = first_of_clients(index, rows)
            rows["hit"] = rows["fate"] == _HIT
    del rows["fate"]
    rows.pop("first", None)
    return as_frame(rows)


def _conversations(index: Index, view: View) -> Columns:
    """Conversations of the period with new clients, and whether each became a deal or lead."""
    rows = with_new_clients(index, inside(calls_of(index).at, view))
    return {**rows, "fate": fate_of_conversations(view, rows, calls_of(index).deals_until)}


def with_new_clients(index: Index, among: Array) -> Columns:
    """Conversations (of those flagged) with new clients: ``call_rows``, first (when the first deal or
    lead of the client was entered; ``NEVER``)."""
    calls = calls_of(index)
    rows = np.flatnonzero(among & calls.conversation)
    known = acquaintance(index, rows)
    return {**call_rows(index, rows[known.new]), "first": known.deal[known.new]}


def fate_of_conversations(
    view: View, rows: Columns, until: int | Array, seen: int | Array = NEVER
) -> Array:
    """Whether each of ``with_new_clients`` became a deal or lead, as it was known when the deals were
    known ``until`` then; seen: deals entered after it are not looked at."""
    limit = rows["at"] + int(view.settings.calls.deal_within_hours * 3600)
    hit = rows["first"] <= np.minimum(limit, seen)
    return np.where(hit, _HIT, np.where(limit > until, _PENDING, _MISS))


def hit_and_base(fate: Array) -> Columns:
    """hit: it came to something; base: it did, or its time is over."""
    return {
        "hit": (fate == _HIT).astype(np.int64),
        "base": np.isin(fate, (_HIT, _MISS)).astype(np.int64),
    }


def first_of_clients(index: Index, rows: Columns, apart: Array | None = None) -> Columns:
    """The first conversation with each new client; fate: of all of his conversations whose time is
    over or that became a deal (one that did is enough). apart: one in each of these groups."""
    keep = np.flatnonzero(rows["fate"] != _PENDING)
    rows = taken(rows, keep)
    party = calls_of(index).party[rows["call"]].astype(np.int64)
    if apart is not None:
        party = party * (int(apart.max(initial=0)) + 1) + apart[keep]
    # of two conversations of one second the order of the rows decides nothing
    order = np.lexsort((rows["pipeline"], rows["fate"], rows["manager"], rows["at"], party))
    first = np.flatnonzero(np.diff(party[order], prepend=-1))
    out = taken(rows, order[first])
    if len(first):
        out["fate"] = np.minimum.reduceat(rows["fate"][order], first)  # a hit is the least
    return out


def _deals(index: Index, view: View) -> Columns:
    rows = created_deals(index, view)
    fate = fate_of_deals(view, rows, calls_of(index).deals_end)
    del rows["reachable"], rows["heard"]
    return {**rows, "fate": fate}


def created_deals(index: Index, view: View) -> Columns:
    """Deals created in the period: deal, manager, pipeline, at, reachable (a number of the client is
    known), heard (the second of the first talk on the deal, or with its client not earlier than a day
    before; ``NEVER`` without one)."""
    calls, deals = calls_of(index), index.deals
    inside_ = inside(deals.created, view) & ~deals.status("gone")
    kind = index.data.deals["entity"].eq("deal").to_numpy()
    rows = np.flatnonzero(inside_ & kind & (deals.created >= calls.begin))
    created = deals.created[rows]
    client = np.full(len(rows), -1, np.int64)
    if "client" in index.data.deals:
        client = index.data.deals["client"].to_numpy().astype(np.int64)[rows]
    talked = spoken(calls)
    heard = first_after(calls, talked, calls.client, client, created - 86_400)
    on_deal = np.full(len(deals) + 1, NEVER)
    asked = np.zeros(len(deals) + 1, bool)
    asked[rows] = True
    own = np.flatnonzero(asked[calls.deal] & talked)
    np.minimum.at(on_deal, calls.deal[own], calls.at[own])
    heard = np.minimum(heard, on_deal[rows])
    found = deals.facts(rows, when="created")
    found["pipeline"] = pipelines(index, rows)
    return {**found, "at": created, "reachable": reachable(index)[rows], "heard": heard}


def fate_of_deals(
    view: View, rows: Columns, until: int | Array, seen: int | Array = NEVER - 1
) -> Array:
    """Whether anybody spoke with the client of each of ``created_deals``, as it was known when calls
    and deals were known ``until`` then; seen: calls after it are not looked at."""
    over = rows["at"] + int(view.settings.calls.deal_within_hours * 3600) <= until
    fate = np.where(~rows["reachable"], _NOBODY, np.where(over, _MISS, _PENDING))
    return np.where(rows["heard"] <= np.minimum(seen, NEVER - 1), _HIT, fate)


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
    if any(p.columns["definition"] in (f"needs.{NO_CALLS}", f"needs.{EARLIER}") for p in out):
        return out
    done = {p.columns["metric"] for p in out}
    if WITHOUT_DEAL.id not in done:
        rows = _of_no_deal(index, _conversations(index, view))
        out += _missing(WITHOUT_DEAL, index, view, rows)
        firsts = first_of_clients(index, rows)
        firsts["hit"] = hit_and_base(firsts["fate"])["hit"]
        out += share_parts(PER_10, index, view, firsts, factor=10.0)
    if WITHOUT_CALL.id not in done:
        out += _missing(WITHOUT_CALL, index, view, _deals(index, view), moment=False)
    return out


def _of_no_deal(index: Index, rows: Columns) -> Columns:
    """``rows`` without deal and pipeline: a conversation that came to nothing has neither, so shares
    by pipeline or source would be 0 or 1 whatever anybody did."""
    n = length(rows)
    return {**rows, "deal": np.full(n, -1), "pipeline": pipelines(index, np.full(n, -1))}


def _missing(
    spec: MetricSpec, index: Index, view: View, rows: Columns, *, moment: bool = True
) -> list[Part]:
    fate = rows["fate"]
    found = hit_and_base(fate)
    counted = {**rows, "n": found["base"] - found["hit"], "base": found["base"]}
    out = count_parts(spec, index, view, counted, moment=moment)
    for name, code in ((PENDING, _PENDING), (NO_CLIENT, _NOBODY)):
        left = taken(rows, fate == code)
        if length(left):
            part = count_parts(
                spec,
                index,
                view,
                left,
                [(np.zeros(length(left), np.int64), np.array([name], dtype=object))],
                moment=moment,
            )
            out.append(part[1])
    return out
