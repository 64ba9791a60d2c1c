"""The activity clock: the later of the CRM's last activity and the last conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters._phones import keys_of, normalise
from funnelkpi.adapters._texts import flat
from funnelkpi.config.schema import CallSettings

Mask = npt.NDArray[np.bool_]
Moments = npt.NDArray[Any]
Seconds = npt.NDArray[np.int64]
_NAT = np.datetime64("NaT", "s")
_NEVER = np.iinfo(np.int64).min
"""NaT as whole seconds: less than any moment."""


def last_activity(
    deals: pd.DataFrame, calls: pd.DataFrame | None, settings: CallSettings, as_of: datetime
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
        as_of=as_of,
    )  # fmt: skip
    out: Moments = np.fmax(at, spoken)
    return out


def last_conversation(
    deals: pd.DataFrame, calls: pd.DataFrame, *, seconds: int, region: str, as_of: datetime
) -> Moments:
    """Moment of the last conversation (successful, talk >= ``seconds``) on each deal, NaT if none.

    A call belongs to the deal it names (of its own CRM; never to a lead), else to every deal of its
    phone that existed at the call: an activity with the client is an activity on his open deals.
    """
    talk = calls["talk_seconds"].to_numpy(dtype="float64", na_value=0.0) >= seconds
    real = talk & calls["outcome"].eq("success").to_numpy()
    at = calls["called_at"].to_numpy().astype("M8[s]")
    real &= ~np.isnat(at) & (at <= np.datetime64(as_of, "s"))
    out = np.full(len(deals), _NEVER)
    if not real.any():
        return out.view("M8[s]")
    moments = at.astype(np.int64)
    named = calls["deal_id"].notna().to_numpy()
    if (real & named).any():
        _by_deal(out, deals, calls[real & named], moments[real & named])
    phones = deals["phone"]
    own_line = real & ~named
    if own_line.any() and phones.notna().any():
        numbers, owner = _numbers(_arrow(phones), region)
        called = _arrow(calls["phone"]).filter(pa.array(own_line))
        own, theirs = (pa.array(k, mask=k < 0) for k in keys_of(numbers, called))
        np.maximum.at(out, owner, _latest(own, theirs, moments[own_line]))
    # the last call is the latest: if even it came before the deal, all of them did
    created = deals["created_at"].to_numpy().astype("M8[s]")
    last = out.view("M8[s]")
    return np.where(last < created, _NAT, last)


def _by_deal(out: Seconds, deals: pd.DataFrame, calls: pd.DataFrame, at: Seconds) -> None:
    """Calls that name their deal; IDs of two CRMs, or of deals and leads, may be equal."""
    deal = deals["entity"].eq("deal").to_numpy()
    for crm in sorted(str(c) for c in calls["crm"].cat.categories):
        mine = np.flatnonzero(deal & deals["crm"].eq(crm).to_numpy())
        theirs = calls["crm"].eq(crm).to_numpy()
        ids = _arrow(deals["deal_id"].iloc[mine])
        found = _latest(ids, _arrow(calls.loc[theirs, "deal_id"]), at[theirs])
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


def _numbers(texts: Any, region: str) -> tuple[Any, npt.NDArray[np.int64]]:
    """Every phone of every deal, normalised, with the position of its deal."""
    rows = np.arange(len(texts))
    several = pc.fill_null(pc.match_substring(texts, ","), False)
    if not pc.any(several).as_py():
        return normalise(texts, region), rows
    lists = pc.split_pattern(texts.filter(several), ",")
    split = several.to_numpy(zero_copy_only=False)
    owner = rows[split][pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)]
    parts = [texts.filter(pc.invert(several)), pc.utf8_trim_whitespace(pc.list_flatten(lists))]
    return normalise(pa.concat_arrays(parts), region), np.concatenate([rows[~split], owner])


def _arrow(texts: Any) -> Any:
    return flat(pa.array(texts, from_pandas=True))
