"""The activity clock: the last conversation with a deal's client, from the calls table."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from funnelkpi.adapters._phones import normalise

Moments = npt.NDArray[Any]


def last_conversation(
    deals: pd.DataFrame, calls: pd.DataFrame, *, seconds: int, region: str, as_of: Any
) -> Moments:
    """Moment of the last conversation (successful, talk >= ``seconds``) on each deal, NaT if none.

    A call belongs to the deal it names, else to every deal of its phone that existed at the call: an
    activity with the client is an activity on his open deals.
    """
    talk = calls["talk_seconds"].to_numpy(dtype="float64", na_value=0.0) >= seconds
    real = talk & calls["outcome"].eq("success").to_numpy()
    at = calls["called_at"].to_numpy().astype("M8[s]")
    real &= ~np.isnat(at) & (at <= np.datetime64(as_of, "s"))
    out = np.full(len(deals), np.datetime64("NaT"), "M8[s]")
    if not real.any():
        return out
    real_calls, moments = calls.loc[real], at[real]
    _latest(out, deals["deal_id"], real_calls["deal_id"], moments)
    own_line = real_calls["deal_id"].isna().to_numpy()
    phones = deals["phone"]
    if own_line.any() and phones.notna().any():
        first, owner = _first_and_further(phones, region)
        found = np.full(len(first), np.datetime64("NaT"), "M8[s]")
        _latest(found, first, real_calls.loc[own_line, "phone"], moments[own_line])
        np.fmax.at(out, owner, found)
    return out


def _latest(out: Moments, keys: pd.Series, call_keys: pd.Series, moments: Moments) -> None:
    """Put the latest of ``moments`` per key into ``out``, aligned with ``keys``."""
    codes, names = pd.factorize(call_keys)
    named = codes >= 0
    if not named.any():
        return
    last = np.full(len(names), np.datetime64("NaT"), "M8[s]")
    np.fmax.at(last, codes[named], moments[named])
    place = pd.Index(names).get_indexer(pd.Index(keys))
    out[:] = np.fmax(out, np.where(place >= 0, last[place], np.datetime64("NaT")))


def _first_and_further(phones: pd.Series, region: str) -> tuple[pd.Series, npt.NDArray[np.int64]]:
    """Every phone of every deal, normalised, with the position of its deal."""
    several = phones.str.contains(",", regex=False).fillna(False).to_numpy(dtype=bool)
    owner = np.arange(len(phones))
    if several.any():
        split = phones[several].str.split(",").explode().str.strip()
        rest = phones[~several]
        owner = np.concatenate(
            [
                np.flatnonzero(~several),
                np.repeat(
                    np.flatnonzero(several),
                    phones[several].str.count(",").to_numpy(dtype=np.int64) + 1,
                ),
            ]
        )
        phones = pd.concat([rest, split])
    numbers = normalise(pa.array(phones, pa.large_string(), from_pandas=True), region)
    return numbers, owner
