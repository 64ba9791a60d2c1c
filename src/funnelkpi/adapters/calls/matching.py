"""Calls and deals: which deal a call belongs to, and why if to none (docs/metrics.md, "Calls").

By the deal's ID, else by phone: the client's deal open at the call, else the one whose creation or
close is nearest within ``calls.match_days``. Deals come before leads. No loop over calls: the deals
of each client lie sorted behind one another, and a call finds its place among them by search.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.calls.nearest_deal import FAR, NAT, NONE, SPAN, DealTable, seconds
from funnelkpi.adapters.freed import give_back
from funnelkpi.adapters.records.clients import Clients, arrow, build_clients
from funnelkpi.adapters.records.phones_read import phone_findings
from funnelkpi.config.schema import CallSettings
from funnelkpi.model.calls import CLASSES
from funnelkpi.model.finding import Finding

Ints = npt.NDArray[np.int64]
Ints32 = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
_CALLS, _AT_ONCE = 1 << 18, 2
"""Calls matched at a time, and how many such portions at once: their keys stay small."""
(
    _MATCHED, _SEVERAL, _OUTSIDE, _NO_DEAL, _UNKNOWN, _INTERNAL, _HIDDEN, _NO_NUMBER,
) = range(len(CLASSES))  # fmt: skip


@dataclass(frozen=True)
class Matching:
    """The deals', contacts' and companies' clients, and of every call: deal (position, -1), klass,
    client, caller (row of ``callers``, -1).

    callers: one row per number that called or was called: client (the lowest, -1), first_deal and
    first_contact (when the first deal or lead, the first contact of its clients was entered).
    """

    clients: Clients
    deal: npt.NDArray[np.int32]
    klass: npt.NDArray[np.int8]
    client: npt.NDArray[np.int32]
    caller: npt.NDArray[np.int32]
    callers: pd.DataFrame


def link_clients(
    deals: pd.DataFrame,
    calls: pd.DataFrame | None,
    contacts: pd.DataFrame | None,
    companies: pd.DataFrame | None,
    settings: CallSettings,
    findings: list[Finding] | None = None,
) -> Matching | None:
    """Give the tables their ``client``, and the calls their deal, klass and caller, in place.

    The matching; None without calls. findings: grows by what is odd in the phones.
    """
    matching = None
    if calls is None:
        clients = build_clients(deals, contacts, companies, settings.phone_region)
    else:
        matching = match_calls(deals, calls, contacts, companies, settings)
        clients = matching.clients
        for name in ("deal", "klass", "client", "caller"):
            calls[name] = getattr(matching, name)
    if findings is not None:
        findings += phone_findings(clients, (deals, contacts, companies))
    deals["client"] = clients.deals
    for table, client in ((contacts, clients.contacts), (companies, clients.companies)):
        if table is not None:
            table["client"] = client
    return matching


def match_calls(
    deals: pd.DataFrame,
    calls: pd.DataFrame,
    contacts: pd.DataFrame | None,
    companies: pd.DataFrame | None,
    settings: CallSettings,
) -> Matching:
    """Match every call. deals and leads, contacts, companies: canonical tables, cut at ``as_of``."""
    clients = build_clients(deals, contacts, companies, settings.phone_region, calls["phone"])
    give_back()
    at = seconds(calls["called_at"])
    deal, klass = _by_id(deals, calls)
    begin = np.searchsorted(clients.phone, np.arange(clients.phones + 1))
    known = np.append(np.diff(begin) > 0, False)[clients.called]
    _without_client(klass, calls, clients, known)
    open_ = np.flatnonzero((klass < 0) & known)
    klass[open_] = _NO_DEAL
    ids = _id_rank(deals)
    within = int(settings.match_days * 86_400)
    for entity in ("deal", "lead"):
        rows = np.flatnonzero(deals["entity"].eq(entity).to_numpy() & (clients.deals >= 0))
        left = open_[deal[open_] < 0]
        if not len(rows) or not len(left):
            continue
        table = DealTable(deals, rows, clients.deals[rows].astype(np.int64), ids, within)
        _match(table, clients, begin, at, left, deal, klass)
    first = np.append(clients.client, -1)[np.minimum(begin[:-1], len(clients.client))]
    first = np.where(np.diff(begin) > 0, first, -1)
    client = np.append(first, -1).astype(np.int32)[clients.called]
    matched = np.flatnonzero(deal >= 0)
    client[matched] = clients.deals[deal[matched]]
    caller, callers = _callers(clients, first, deals, contacts)
    return Matching(
        clients, deal, klass, client, caller, callers,
    )  # fmt: skip


def _match(
    table: DealTable,
    clients: Clients,
    begin: Ints,
    at: Ints,
    left: Ints,
    deal: Ints32,
    klass: npt.NDArray[np.int8],
) -> None:
    """Write the deal and class of the calls at ``left`` that have one in ``table``.

    Some calls at a time, on two cores: numpy lets go of the interpreter while it sorts and searches.
    """

    def some_of(rows: Ints) -> None:
        found, count = _nearest(table, clients, begin, clients.called[rows], at[rows])
        some = found >= 0
        deal[rows[some]] = found[some]
        klass[rows[some]] = np.where(count[some] > 1, _SEVERAL, _MATCHED)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(some_of, (left[i : i + _CALLS] for i in range(0, len(left), _CALLS))))


def _by_id(deals: pd.DataFrame, calls: pd.DataFrame) -> tuple[Ints32, npt.NDArray[np.int8]]:
    """The deal each call names, and its class: -1 where it names none.

    IDs of two CRMs, or of deals and leads, may be equal. Calls of a provider outside the CRM name
    the deals of the only CRM there is.
    """
    n = len(calls)
    deal, klass = np.full(n, -1, np.int32), np.full(n, -1, np.int8)
    named = calls["deal_id"].notna().to_numpy()
    if not named.any():
        return deal, klass
    klass[named] = _OUTSIDE
    entity = deals["entity"].eq("deal").to_numpy()
    crms = [str(c) for c in deals["crm"].cat.categories[np.unique(deals["crm"].cat.codes)]]
    for crm in sorted({str(c) for c in calls["crm"].cat.categories}):
        own = crms[0] if crm == "generic" and len(crms) == 1 else crm
        mine = np.flatnonzero(entity & deals["crm"].eq(own).to_numpy())
        rows = np.flatnonzero(named & calls["crm"].eq(crm).to_numpy())
        if not len(mine) or not len(rows):
            continue
        ids = arrow(deals["deal_id"].iloc[mine])
        asked = arrow(calls["deal_id"].iloc[rows])
        place = pc.fill_null(pc.index_in(asked, value_set=ids), -1)
        place = place.to_numpy(zero_copy_only=False)
        found = place >= 0
        deal[rows[found]] = mine[place[found]]
        klass[rows[found]] = _MATCHED
    return deal, klass


def _without_client(
    klass: npt.NDArray[np.int8], calls: pd.DataFrame, clients: Clients, known: Mask
) -> None:
    """The classes of calls whose number is no client's."""
    called = clients.called
    left = klass < 0
    silent = left & (called < 0)
    klass[silent] = _NO_NUMBER
    if "hidden" in calls:
        klass[silent & _flag(calls["hidden"])] = _HIDDEN
    klass[left & (called >= 0) & ~known] = _UNKNOWN
    if "internal" in calls:
        klass[left & _flag(calls["internal"])] = _INTERNAL


def _flag(column: pd.Series) -> Mask:
    found: Mask = column.to_numpy(dtype=np.int8, na_value=0) > 0
    return found


def _id_rank(deals: pd.DataFrame) -> Ints:
    """The place of each deal by ID: numbers by value, then texts; equal ones as they stand."""
    ids = arrow(deals["deal_id"])
    digits = pc.match_substring_regex(ids, r"^\d{1,18}$")
    number = pc.if_else(digits, ids, pa.scalar(None, pa.large_string())).cast(pa.int64())
    value = pc.fill_null(number, NONE).to_numpy(zero_copy_only=False)
    if number.null_count:
        order = np.lexsort((pd.factorize(deals["deal_id"], sort=True)[0], value))
    else:
        order = np.argsort(value, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _nearest(
    table: DealTable, clients: Clients, begin: Ints, phone: Ints32, at: Ints
) -> tuple[Ints, Ints]:
    """The nearest deal of each call (-1: none) and how many fit, over all clients of its phone."""
    number = np.diff(begin)[phone]
    several = np.flatnonzero(number > 1)
    out, count = np.empty(len(phone), np.int64), np.empty(len(phone), np.int64)
    moment = np.clip(at, 1, FAR - 1)
    one = np.arange(len(phone)) if not len(several) else np.flatnonzero(number == 1)
    key = clients.client[begin[phone[one]]] * SPAN + moment[one]
    order = np.argsort(key)
    found, _, _, fits = table.find(key[order])
    out[one[order]], count[one[order]] = found, fits
    if len(several):
        call = np.repeat(np.arange(len(several)), number[several])
        nth = np.arange(len(call)) - np.repeat(
            np.cumsum(number[several]) - number[several], number[several]
        )
        client = clients.client[begin[phone[several]][call] + nth]
        key = client * SPAN + moment[several][call]
        order = np.argsort(key)
        out[several], count[several] = _of_any(
            call[order], table.find(key[order]), len(several), table.ids
        )
    return out, count


def _of_any(
    call: Ints, each: tuple[Ints, Ints, Mask, Ints], calls: int, ids: Ints
) -> tuple[Ints, Ints]:
    """The nearest deal over all clients of a phone: an open one of any of them before a near one."""
    found, far, is_open, count = each
    any_open = np.zeros(calls, bool)
    any_open[call[is_open]] = True
    counts = np.where(is_open | ~any_open[call], count, 0)
    total = np.bincount(call, weights=counts, minlength=calls).astype(np.int64)
    fits = np.flatnonzero((found >= 0) & (counts > 0))
    best = fits[np.lexsort((ids[found[fits]], far[fits], call[fits]))]
    out = np.full(calls, -1, np.int64)
    out[call[best][::-1]] = found[best][::-1]  # the first one that is written stays
    return out, total


def _callers(
    clients: Clients, first: Ints, deals: pd.DataFrame, contacts: pd.DataFrame | None
) -> tuple[npt.NDArray[np.int32], pd.DataFrame]:
    used = np.zeros(clients.phones + 1, bool)
    used[clients.called] = True
    rows = np.flatnonzero(used[:-1])
    place = np.full(clients.phones + 1, -1, np.int32)
    place[rows] = np.arange(len(rows))
    out: dict[str, Any] = {"client": first[rows].astype(np.int32)}
    sources = {"first_deal": (clients.deals, deals), "first_contact": (clients.contacts, contacts)}
    for name, (client, table) in sources.items():
        earliest = np.full(clients.count + 1, NONE)
        if table is not None:
            own = client >= 0
            created = seconds(table["created_at"])
            np.minimum.at(earliest, client[own], np.where(created == NAT, 0, created)[own])
        by_phone = np.full(clients.phones + 1, NONE)
        np.minimum.at(by_phone, clients.phone, earliest[clients.client])
        at = by_phone[rows]
        out[name] = np.where(at == NONE, NAT, at).view("M8[s]")
    return place[clients.called], pd.DataFrame(out)
