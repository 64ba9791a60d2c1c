"""The activity clock: the later of the CRM's last activity and the last conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc

from funnelkpi.adapters.calls.matching import Matching
from funnelkpi.adapters.records.clients import arrow, build_clients
from funnelkpi.config.schema import CallSettings

Mask = npt.NDArray[np.bool_]
Moments = npt.NDArray[Any]
Seconds = npt.NDArray[np.int64]
_NAT = np.datetime64("NaT", "s")
_NEVER = np.iinfo(np.int64).min
"""NaT as whole seconds: less than any moment."""


def last_activity(
    deals: pd.DataFrame,
    calls: pd.DataFrame | None,
    settings: CallSettings,
    as_of: datetime,
    matching: Matching | None = None,
) -> Moments:
    """``activity_at`` of each deal: when somebody last spoke with the client or did something.

    Where the CRM's own last activity lies after ``as_of``, the one before it is unknown: such a
    deal counts as active at ``as_of``, so that nobody is called silent on a guess.
    """
    now = np.datetime64(as_of, "s")
    at = deals["last_activity_at"].to_numpy().astype("M8[s]")
    at = np.where(at > now, now, at)
    if calls is None or not len(calls):
        return at
    spoken = last_conversation(
        deals, calls, seconds=settings.conversation_seconds, region=settings.phone_region,
        as_of=as_of, matching=matching,
    )  # fmt: skip
    out: Moments = np.fmax(at, spoken)
    return out


def conversations(calls: pd.DataFrame, seconds: int) -> Mask:
    """Which calls are conversations: successful, and at least so many seconds of talk."""
    talk = calls["talk_seconds"].to_numpy(dtype="float64", na_value=0.0) >= seconds
    found: Mask = talk & calls["outcome"].eq("success").to_numpy()
    return found


def last_conversation(
    deals: pd.DataFrame,
    calls: pd.DataFrame,
    *,
    seconds: int,
    region: str,
    as_of: datetime,
    matching: Matching | None = None,
) -> Moments:
    """Moment of the last conversation (successful, talk >= ``seconds``) on each deal, NaT if none.

    A call belongs to the deal it names (of its own CRM; never to a lead), else to every deal of its
    phone that existed at the call, and to the one it is matched with: an activity with the client
    is an activity on his open deals.
    """
    real = conversations(calls, seconds)
    at = calls["called_at"].to_numpy().astype("M8[s]")
    real &= ~np.isnat(at) & (at <= np.datetime64(as_of, "s"))
    out = np.full(len(deals), _NEVER)
    if not real.any():
        return out.view("M8[s]")
    moments = at.astype(np.int64)
    named = calls["deal_id"].notna().to_numpy()
    if (real & named).any():
        _by_deal(out, deals, calls[real & named], moments[real & named])
    free = real & ~named
    if matching is None:
        clients = build_clients(deals, None, None, region, calls["phone"])
    else:
        clients = matching.clients
        matched = free & (matching.deal >= 0)
        np.maximum.at(out, matching.deal[matched], moments[matched])
    free &= clients.called >= 0
    last = np.full(clients.phones, _NEVER)
    np.maximum.at(last, clients.called[free], moments[free])
    np.maximum.at(out, clients.deal_row, last[clients.deal_phone])
    # the last call is the latest: if even it came before the deal, all of them did
    created = deals["created_at"].to_numpy().astype("M8[s]")
    spoken = out.view("M8[s]")
    return np.where(spoken < created, _NAT, spoken)


def _by_deal(out: Seconds, deals: pd.DataFrame, calls: pd.DataFrame, at: Seconds) -> None:
    """Calls that name their deal; IDs of two CRMs, or of deals and leads, may be equal."""
    deal = deals["entity"].eq("deal").to_numpy()
    for crm in sorted(str(c) for c in calls["crm"].cat.categories):
        mine = np.flatnonzero(deal & deals["crm"].eq(crm).to_numpy())
        theirs = calls["crm"].eq(crm).to_numpy()
        ids = arrow(deals["deal_id"].iloc[mine])
        found = _latest(ids, arrow(calls.loc[theirs, "deal_id"]), at[theirs])
        out[mine] = np.maximum(out[mine], found)


def _latest(keys: Any, call_keys: Any, at: Seconds) -> Seconds:
    """The latest of ``at`` per key, aligned with ``keys``; never where there is no call."""
    coded = keys.dictionary_encode()
    n = len(coded.dictionary)
    places = pc.fill_null(pc.index_in(call_keys, value_set=coded.dictionary), n)
    last = np.full(n + 1, _NEVER)
    np.maximum.at(last, places.to_numpy(zero_copy_only=False), at)
    last[-1] = _NEVER
    out: Seconds = last[pc.fill_null(coded.indices, n).to_numpy(zero_copy_only=False)]
    return out
