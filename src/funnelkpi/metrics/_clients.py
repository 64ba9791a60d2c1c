"""Who the client of a deal is, and which deal an event of a client belongs to."""

from __future__ import annotations

import numpy as np

from funnelkpi.metrics._columns import Array
from funnelkpi.metrics._deals import NEVER
from funnelkpi.metrics._index import Index
from funnelkpi.model.dataset import Dataset

SPAN = np.int64(1) << 34
"""More than any moment in seconds: a client and a moment fit into one number."""


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
    first; -1 without any. whose: the client of each deal (``clients``)."""
    own = np.flatnonzero((whose >= 0) & (index.deals.created != NEVER))
    out = np.full(len(client), -1, np.int64)
    if not len(own) or not len(client):
        return out
    keys = whose[own] * SPAN + np.clip(index.deals.created[own], 0, SPAN - 1)
    order = np.argsort(keys, kind="stable")
    own, keys = own[order], keys[order]
    asked = np.flatnonzero((client >= 0) & (client <= whose.max()))
    wanted = client[asked] * SPAN + np.clip(at[asked], 0, SPAN - 1)
    place = np.searchsorted(keys, wanted, side="right")
    before, after = np.maximum(place - 1, 0), np.minimum(place, len(own) - 1)
    his = whose[own[before]] == client[asked]
    his_later = whose[own[after]] == client[asked]
    out[asked] = np.where(his, own[before], np.where(his_later, own[after], -1))
    return out
