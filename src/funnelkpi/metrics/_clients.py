"""Who the client of a deal is, and which deal an event of a client belongs to."""

from __future__ import annotations

import numpy as np

from funnelkpi.metrics._columns import Array
from funnelkpi.metrics._deals import NEVER, keyed
from funnelkpi.metrics._index import Index
from funnelkpi.model.dataset import Dataset


def told(data: Dataset) -> bool:
    """Whether any deal names its client."""
    return bool((clients(data) >= 0).any())


def clients(data: Dataset) -> Array:
    """The client of each deal as a number, -1 unknown: the company; with none, the contact."""
    if "client" in data.deals:
        given: Array = data.deals["client"].to_numpy().astype(np.int64)
        return given
    company, contact = (_codes(data, name) for name in ("company", "contact"))
    more = int(company.max(initial=-1)) + 1
    derived: Array = np.where(company >= 0, company, np.where(contact >= 0, more + contact, -1))
    return derived


def _codes(data: Dataset, name: str) -> Array:
    if name not in data.deals:
        return np.full(len(data.deals), -1, np.int64)
    codes: Array = data.deals[name].array.codes.astype(np.int64)
    return codes


def deal_at(index: Index, whose: Array, client: Array, at: Array) -> Array:
    """The deal of each ``client`` at the second ``at``: his newest one created by then, else his
    first; of a client without deals the lead; -1 without any. whose: the client of each deal
    (``clients``). Of two created in one second it is the one with the lower ID."""
    known = (whose >= 0) & (index.deals.created != NEVER)
    lead = index.data.deals["entity"].eq("lead").to_numpy(dtype=bool)
    out = _newest(index, np.flatnonzero(known & ~lead), whose, client, at)
    left = np.flatnonzero(out < 0)
    out[left] = _newest(index, np.flatnonzero(known & lead), whose, client[left], at[left])
    return out


def _newest(index: Index, own: Array, whose: Array, client: Array, at: Array) -> Array:
    """``deal_at`` among the deals ``own``."""
    out = np.full(len(client), -1, np.int64)
    if not len(own) or not len(client):
        return out
    own, keys = _in_time(index, own, whose)
    asked = np.flatnonzero((client >= 0) & (client <= whose.max()))
    wanted = keyed(client[asked], at[asked])
    place = np.searchsorted(keys, wanted, side="right")
    before, after = np.maximum(place - 1, 0), np.minimum(place, len(own) - 1)
    after = np.searchsorted(keys, keys[after], side="right") - 1
    his = (place > 0) & (whose[own[before]] == client[asked])
    his_later = whose[own[after]] == client[asked]
    out[asked] = np.where(his, own[before], np.where(his_later, own[after], -1))
    return out


def _in_time(index: Index, own: Array, whose: Array) -> tuple[Array, Array]:
    """The deals ``own`` by client and creation, of one second the lowest ID last, and their keys."""
    keys = keyed(whose[own], index.deals.created[own])
    order = np.argsort(keys, kind="stable")
    own, keys = own[order], keys[order]
    same = keys[1:] == keys[:-1]
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if len(tied):
        ids = index.data.deals["deal_id"].take(own[tied]).fillna("").astype("object")
        texts, long = ids.to_numpy(), ids.str.len().to_numpy()
        rank = np.unique(texts.astype(str), return_inverse=True)[1]
        # numbers by value: the shorter one is the lower
        own[tied] = own[tied][np.lexsort((-rank, -long, keys[tied]))]
    return own, keys
