"""The median of a number by unit: exact, over the rows themselves."""

from __future__ import annotations

import numpy as np

from funnelkpi.metrics._columns import Array, Columns, coded, firsts, grouped, joined, taken
from funnelkpi.metrics._index import Index


def medians(rows: Columns, index: Index, keys: list[str], value: str) -> Columns:
    """who (a unit of ``Names``), keys, n and the median of ``value`` over the rows of each.

    Of an even number of rows the mean of the two in the middle.
    """
    (place,), places = coded([rows], keys)
    found = []
    for units in index.names.units:
        who = units[rows["manager"]]
        some = np.flatnonzero(who >= 0)
        if not len(some):
            continue
        size = int(who.max() + 1) * places
        groups, group = grouped(who[some] * places + place[some], size)
        table = {"who": groups // places}
        table |= taken({k: rows[k][some] for k in keys}, firsts(group, len(groups)))
        found.append({**table, **_middle(group, rows[value][some], len(groups))})
    if not found:
        empty = np.empty(0, np.int64)
        return {"who": empty, **{k: rows[k][:0] for k in keys}, "n": empty, "value": empty * 1.0}
    return joined(found)


def _middle(group: Array, values: Array, size: int) -> Columns:
    ordered = values[np.lexsort((values, group))]
    n = np.bincount(group, minlength=size)
    begin = np.cumsum(n) - n
    return {"n": n, "value": (ordered[begin + (n - 1) // 2] + ordered[begin + n // 2]) / 2}
