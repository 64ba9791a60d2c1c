"""Small tables as named arrays of equal length.

Figures are made in hundreds of steps on tables of a few hundred rows. As data frames each step
would cost a hundred times the arithmetic in it; a data frame is made once, for the reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[Any]
Columns = dict[str, Array]

_ROOM = 65_536
"""Codes up to this number are counted in a table of all of them, seen or not."""


def length(table: Mapping[str, Array]) -> int:
    """Number of rows."""
    return len(next(iter(table.values()), ()))


def taken(table: Mapping[str, Array], rows: Array) -> Columns:
    """The rows at positions ``rows``, or those of a mask."""
    where = np.flatnonzero(rows) if rows.dtype == bool else rows
    return {name: values[where] for name, values in table.items()}


def joined(tables: Sequence[Columns]) -> Columns:
    """The rows of all tables, with the columns of the first; there must be one."""
    if len(tables) == 1:
        return tables[0]
    return {name: np.concatenate([t[name] for t in tables]) for name in tables[0]}


def columns(frame: pd.DataFrame) -> Columns:
    """The columns of a data frame as arrays."""
    return {str(name): frame[name].to_numpy() for name in frame.columns}


def either(where: Array, text: str | None, other: str | None = None) -> Array:
    """A text column: ``text`` where the mask is true, else ``other``."""
    found: Array = np.array([other, text], dtype=object)[where.astype(np.int8)]
    return found


def coded(tables: Sequence[Mapping[str, Array]], keys: Iterable[str]) -> tuple[list[Array], int]:
    """One code per combination of whole-number ``keys``, in their order, the same in all tables.

    Also the number of codes there can be.
    """
    codes = [np.zeros(length(t), np.int64) for t in tables]
    size = 1
    for key in keys:
        filled = [t[key] for t in tables if len(t[key])]
        least = min((int(v.min()) for v in filled), default=0)
        width = max((int(v.max()) for v in filled), default=0) - least + 1
        codes = [
            code * width + (table[key].astype(np.int64) - least)
            for code, table in zip(codes, tables, strict=True)
        ]
        size *= width
    return codes, size


def grouped(code: Array, size: int) -> tuple[Array, Array]:
    """The codes (from 0 to ``size`` - 1) that occur, in order, and each row's place among them."""
    if size > 4 * len(code) + _ROOM:
        found, place = np.unique(code, return_inverse=True)
        return found, place
    seen = np.zeros(size, dtype=bool)
    seen[code] = True
    found = np.flatnonzero(seen)
    places = np.zeros(size, np.int64)
    places[found] = np.arange(len(found))
    return found, places[code]


def firsts(place: Array, count: int) -> Array:
    """The first row of each of ``count`` places."""
    rows = np.empty(count, np.int64)
    rows[place[::-1]] = np.arange(len(place))[::-1]
    return rows


def distinct(table: Columns, keys: Sequence[str]) -> Columns:
    """The combinations of ``keys`` that occur, in their order."""
    (code,), size = coded([table], keys)
    found, place = grouped(code, size)
    return taken({k: table[k] for k in keys}, firsts(place, len(found)))


def matches(table: Columns, among: Columns, keys: Sequence[str]) -> Array:
    """For each row the position in ``among`` of the row with the same ``keys``; -1 where none."""
    (own, others), _ = coded([table, among], keys)
    if not len(others):
        return np.full(len(own), -1)
    order = np.argsort(others, kind="stable")
    at = np.minimum(np.searchsorted(others, own, sorter=order), len(others) - 1)
    found: Array = np.where(others[order[at]] == own, order[at], -1)
    return found
