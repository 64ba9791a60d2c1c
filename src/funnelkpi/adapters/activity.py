"""The activity clock: the later of the CRM's last activity and the last conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters._phones import normalise
from funnelkpi.adapters._texts import flat, text_array
from funnelkpi.config.schema import CallSettings

Mask = npt.NDArray[np.bool_]
Moments = npt.NDArray[Any]
_NAT = np.datetime64("NaT", "s")


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
    out = np.full(len(deals), _NAT)
    if not real.any():
        return out
    named = calls["deal_id"].notna().to_numpy()
    if (real & named).any():
        _by_deal(out, deals, calls[real & named], at[real & named])
    phones = deals["phone"]
    own_line = real & ~named
    if own_line.any() and phones.notna().any():
        numbers, owner = _numbers(phones, region)
        np.fmax.at(out, owner, _latest(numbers, calls.loc[own_line, "phone"], at[own_line]))
    # the last call is the latest: if even it came before the deal, all of them did
    created = deals["created_at"].to_numpy().astype("M8[s]")
    return np.where(out < created, _NAT, out)


def _by_deal(out: Moments, deals: pd.DataFrame, calls: pd.DataFrame, at: Moments) -> None:
    """Calls that name their deal; IDs of two CRMs, or of deals and leads, may be equal."""
    deal = deals["entity"].eq("deal").to_numpy()
    for crm in sorted(str(c) for c in calls["crm"].cat.categories):
        mine = np.flatnonzero(deal & deals["crm"].eq(crm).to_numpy())
        theirs = calls["crm"].eq(crm).to_numpy()
        found = _latest(deals["deal_id"].iloc[mine], calls.loc[theirs, "deal_id"], at[theirs])
        out[mine] = np.fmax(out[mine], found)


def _latest(keys: pd.Series, call_keys: pd.Series, at: Moments) -> Moments:
    """The latest of ``at`` per key, aligned with ``keys``; NaT where there is no call."""
    codes, names = pd.factorize(call_keys)
    last = np.full(len(names) + 1, _NAT)
    named = codes >= 0
    np.fmax.at(last, codes[named], at[named])
    last[-1] = _NAT
    places = pc.index_in(_arrow(keys), value_set=_arrow(names))
    out: Moments = last[pc.fill_null(places, len(names)).to_numpy(zero_copy_only=False)]
    return out


def _numbers(phones: pd.Series, region: str) -> tuple[pd.Series, npt.NDArray[np.int64]]:
    """Every phone of every deal, normalised, with the position of its deal."""
    texts = _arrow(phones)
    owner = np.arange(len(texts))
    if pc.any(pc.match_substring(texts, ",")).as_py():
        several = pc.split_pattern(texts, ",")
        owner = pc.list_parent_indices(several).to_numpy(zero_copy_only=False)
        texts = pc.utf8_trim_whitespace(pc.list_flatten(several))
    coded = texts.dictionary_encode()
    numbers = normalise(coded.dictionary, region).take(coded.indices)
    return pd.Series(text_array(numbers)), owner


def _arrow(texts: Any) -> Any:
    return flat(pa.array(texts, from_pandas=True))
