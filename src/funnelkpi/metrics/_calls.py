"""From calls to rows of the long table: the caller's, his department's, role's and company's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from funnelkpi.metrics._call_arrays import AT_THE_CALL, OUTSIDE, Calls
from funnelkpi.metrics._clients import clients
from funnelkpi.metrics._columns import Array, Columns, grouped, joined, length, taken
from funnelkpi.metrics._deals import NEVER, SPAN, keyed, second, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import alone, pipelines
from funnelkpi.metrics._scopes import fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics.result import Part
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.stats import share, wilson
from funnelkpi.metrics.view import View

KEYS = ["slice", "pipeline"]
_DAY = 86_400
Group = tuple[Array, Array]
"""A further slice: a code per row (-1: in none) and the texts of the codes."""
NO_CALLS = "calls"
NO_PHONES = "client_phones"
EARLIER = "calls_of_period"
"""The calls in the files begin after the period: nobody knows how many there were."""


def calls_of(index: Index) -> Calls:
    """The calls; asked only where there are any."""
    calls = index.calls
    assert calls is not None
    return calls


def absent_calls(index: Index, view: View | None = None, *, phones: bool = False) -> str | None:
    """What is missing (key under ``needs``); None: nothing. view: of a figure of a period, which may
    lie before the first call. phones: clients must have theirs."""
    if index.calls is None:
        return NO_CALLS
    if view is not None and second(view.period.end) <= index.calls.begin:
        return EARLIER
    return NO_PHONES if phones and not index.calls.clients_known else None


def absent_parts(specs: Sequence[MetricSpec], index: Index, view: View, why: str) -> list[Part]:
    """One row per figure that says what would give it."""
    return [not_evaluated(spec, index, view, why) for spec in specs]


def call_rows(index: Index, rows: Array) -> Columns:
    """Facts about the calls at ``rows``: call, deal, manager, pipeline, at (seconds)."""
    calls = calls_of(index)
    deal = calls.deal[rows]
    return {
        "call": rows.astype(np.int64),
        "deal": deal.astype(np.int32),
        "manager": calls.manager[rows],
        "pipeline": pipelines(index, deal),
        "at": calls.at[rows],
    }


class Acquaintance(NamedTuple):
    """Of some calls: when the first deal or lead and the first contact of the other side were entered
    (``NEVER``: never), and whether it was new: neither before the call."""

    deal: Array
    contact: Array
    new: Array


def acquaintance(index: Index, rows: Array) -> Acquaintance:
    """How well the other side of the calls at ``rows`` was known.

    The other side is everybody whose number it is, and the client of the call's deal: the CRM may
    hang a call with a number it does not know on a deal.
    """
    calls, data = calls_of(index), index.data
    client = np.where(calls.deal[rows] >= 0, calls.client[rows], -1)
    created = np.append(index.deals.created, NEVER)[calls.deal[rows]]
    deal = np.minimum(calls.first_deal(rows), created)
    contact = calls.first_contact(rows)
    for table in (data.deals, data.contacts):
        if table is None or "client" not in table:
            continue
        whose = table["client"].to_numpy()
        entered = seconds(table["created_at"].to_numpy())
        least = np.full(int(max(whose.max(initial=-1), client.max(initial=-1))) + 2, NEVER)
        # what was entered at an unknown moment was there before
        np.minimum.at(least, whose, np.where(entered == NEVER, 0, entered))
        least[-1] = NEVER  # the place of client -1
        if table is data.deals:
            deal = np.minimum(deal, least[client])
        else:
            contact = np.minimum(contact, least[client])
    # of a deal that is in no file nobody knows how old its client is: older than the call
    known = (calls.party[rows] >= 0) & ~calls.internal[rows] & (calls.klass[rows] != OUTSIDE)
    new = known & (np.minimum(deal, contact) >= calls.at[rows] - AT_THE_CALL)
    return Acquaintance(deal, contact, new)


def spoken(calls: Calls) -> Array:
    """Calls by which somebody called the client or answered him; one that was missed is neither."""
    found: Array = calls.outgoing | (calls.incoming & calls.success)
    return found


def reachable(index: Index) -> Array:
    """Of which deals any table tells a number of the client: of others no call can be found."""
    data = index.data
    whose = clients(data)
    known = np.zeros(int(whose.max(initial=-1)) + 2, dtype=bool)
    for table in (data.deals, data.contacts, data.companies):
        if table is None or "client" not in table:
            continue
        client = table["client"].to_numpy()
        if "phone" in table:
            own = table["phone"].notna().to_numpy(dtype=bool)
        elif "has_phone" in table:
            own = table["has_phone"].to_numpy(dtype=bool)
        else:
            continue
        own = own & (client >= 0) & (client < len(known) - 1)
        known[client[own]] = True
    known[-1] = False  # the place of client -1
    found: Array = known[whose]
    return found


def as_frame(rows: Columns) -> pd.DataFrame:
    """Facts for the reader: ``at`` as moments."""
    return pd.DataFrame({n: v.view("M8[s]") if n == "at" else v for n, v in rows.items()})


def everywhere(rows: Columns, index: Index) -> Columns:
    """``rows`` per pipeline, and all together (-1), those without a deal with them."""
    if alone(index):
        return rows
    total = {**rows, "pipeline": np.full(length(rows), -1, np.int16)}
    return joined([taken(rows, rows["pipeline"] >= 0), total])


def timed(index: Index, rows: Columns) -> Array | None:
    """Which rows have a time of the day beside their day: of calls all, unless no call of the files has
    one; of anything else those not at exactly 00:00:00. None: all."""
    found: Array = rows["at"] % _DAY != 0
    if not bool((calls_of(index).at % _DAY != 0).any()):
        return found
    others = rows["call"] < 0
    return found | ~others if others.any() else None


def tables(
    index: Index,
    view: View,
    rows: Columns,
    sums: Sequence[str],
    groups: Sequence[Group] = (),
    *,
    moment: bool = False,
) -> list[Columns]:
    """Sums by unit, slice and pipeline: sliced as the view asks, then once per group.

    Every listed manager has a row of the whole, also without a call. moment: the rows have a moment
    of their own (``at``) whose hour and weekday can be asked for.
    """
    slices = index.slices(view.by)
    whole = 0 if alone(index) else -1
    out = []
    for code, names in [(None, None), *groups]:
        if code is None or names is None:
            known = moment and slices.timed
            at, hours = (rows["at"], timed(index, rows)) if known else (None, None)
            own = slices.applied(rows, at, hours)
            every = np.array([UNSLICED])
        else:
            own = {**taken(rows, code >= 0), "slice": code[code >= 0].astype(np.int64)}
            every = np.arange(len(names))
        grid = {"slice": every, "pipeline": np.full(len(every), whole, np.int16)}
        table = everywhere(fine(own, KEYS, sums), index)
        found = summed(table, index, KEYS, sums, grid)
        if names is not None:
            found["slice"] = names[found["slice"]]
        out.append(found)
    return out


def count_parts(
    spec: MetricSpec,
    index: Index,
    view: View,
    rows: Columns,
    groups: Sequence[Group] = (),
    *,
    moment: bool = True,
    **about: Any,
) -> list[Part]:
    """How many of ``rows`` there are; ``base`` (a number) among the columns is the denominator."""
    based = "base" in rows
    rows = {**rows, "n": rows.get("n", np.ones(length(rows), np.int64))}
    sums = ["n", "base"] if based else ["n"]
    about = {"definition": spec.id, **about}
    out = []
    for table in tables(index, view, rows, sums, groups, moment=moment):
        found = {**table, "value": table["n"]}
        if based:
            found["denominator"] = found.pop("base")
        out.append(long_rows(found, spec, index, view, **about))
    return out


def share_parts(
    spec: MetricSpec,
    index: Index,
    view: View,
    rows: Columns,
    groups: Sequence[Group] = (),
    factor: float = 1.0,
    **about: Any,
) -> list[Part]:
    """Share of ``rows`` with ``hit``, times ``factor``, with Wilson's interval."""
    rows = {**rows, "n": np.ones(length(rows), np.int64)}
    about = {"definition": spec.id, **about}
    return [
        long_rows(
            {**table, **rate(table.pop("hit"), table["n"], factor)}, spec, index, view, **about
        )
        for table in tables(index, view, rows, ["n", "hit"], groups, moment=True)
    ]


def rate(hits: Array, n: Array, factor: float = 1.0) -> Columns:
    """value, numerator, denominator, n, low, high."""
    low, high = wilson(hits, n)
    return {
        "value": share(hits, n) * factor, "numerator": hits, "denominator": n, "n": n,
        "low": low * factor, "high": high * factor,
    }  # fmt: skip


def first_after(calls: Calls, wanted: Array, of: Array, who: Array, at: Array) -> Array:
    """The second of the first of the ``wanted`` calls (flags) with each of ``who`` not before ``at``;
    ``NEVER`` without one. of: whose each call is (``calls.client`` or ``calls.party``)."""
    asked = np.zeros(int(max(who.max(initial=-1), of.max(initial=-1))) + 2, bool)
    asked[who] = True
    asked[-1] = False  # nobody
    # those asked for alone: a week is about few of millions of calls
    own = np.flatnonzero(wanted & (calls.at >= at.min(initial=NEVER)))
    own = own[asked[of[own]]]
    keys = np.sort(keyed(of[own], calls.at[own]))
    place = np.searchsorted(keys, keyed(who, at), side="left")
    found = np.append(keys, -1)[place]
    same = (place < len(keys)) & (found // SPAN == who) & (who >= 0)
    return np.where(same, found % SPAN, NEVER)


def parties(index: Index, rows: Columns, party: Array) -> Columns:
    """Different parties by unit: who, n, hits (of those with any ``hit``)."""
    found = []
    size = int(party.max(initial=-1)) + 1
    for units in index.names.units:
        who = units[rows["manager"]]
        own = np.flatnonzero((who >= 0) & (party >= 0))
        if not len(own):
            continue
        code = who[own] * np.int64(size) + party[own]
        pairs, place = grouped(code, int(who.max() + 1) * size)
        hit = np.bincount(place, weights=rows["hit"][own], minlength=len(pairs)) > 0
        who, place = np.unique(pairs // size, return_inverse=True)
        n = np.bincount(place, minlength=len(who))
        hits = np.bincount(place, weights=hit, minlength=len(who)).astype(np.int64)
        found.append({"who": who, "n": n, "hits": hits})
    if not found:
        return {n: np.empty(0, np.int64) for n in ("who", "n", "hits")}
    out = joined(found)
    whole = 0 if alone(index) else -1
    return {**out, "pipeline": np.full(length(out), whole, np.int16)}


def named(prefix: str, *values: str) -> Array:
    """The texts of a further slice."""
    return np.array([f"{prefix}={v}" for v in values], dtype=object)
