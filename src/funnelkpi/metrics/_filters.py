"""Structured filters (field, operator, value) over the columns of the deals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import ge, gt, le, lt
from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.config.schema import Filter
from funnelkpi.metrics._columns import Array
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.tables import FIELD

Compare = Callable[[str, Filter], bool]
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


class UnknownFieldError(LookupError):
    """The filter names a column no deals file has."""


def passing(data: Dataset, filters: Sequence[Filter]) -> Array:
    """Which deals pass all ``filters``.

    Texts are compared without regard to case and surrounding spaces. On ``tags``, = and in look at
    single tags. Numbers and dates are compared as such; a missing value passes only ``empty``, !=
    and not_in.

    Raises:
        UnknownFieldError: no such column among the canonical ones and the asked captions.
    """
    return rows_passing(data.deals, filters)


def rows_passing(
    frame: pd.DataFrame, filters: Sequence[Filter], compare: Compare | None = None
) -> Array:
    """Which rows of any table pass all ``filters``; see ``passing``.

    compare: how a text stands to the number of <, <=, > and >=; by default as one number.
    """
    keep = np.ones(len(frame), dtype=bool)
    for one in filters:
        name = column_of(frame, one.field)
        if name is None:
            raise UnknownFieldError(one.field)
        keep &= _test(frame[name], one, compare or _number_passes)
    return keep


def column_of(frame: pd.DataFrame, field: str) -> str | None:
    """The column a config means by a canonical name or a caption; None: no file has it."""
    name = field if field in frame else FIELD + field
    # a caption no file has is read as an empty column
    missing = name not in frame or (name.startswith(FIELD) and frame[name].isna().all())
    return None if missing else name


def _test(column: pd.Series, one: Filter, compare: Compare) -> Array:
    if one.op in ("filled", "empty"):
        filled = column.notna().to_numpy()
        if not pd.api.types.is_numeric_dtype(column) and column.dtype.kind != "M":
            filled = filled & _by_value(column, lambda text: bool(text.strip()))
        return np.asarray(filled if one.op == "filled" else ~filled)
    if column.dtype.kind == "M":
        return _moments(column, one)
    if pd.api.types.is_numeric_dtype(column):
        return _numbers(column.to_numpy(dtype=np.float64), one)
    if one.op in _COMPARE:
        return _by_value(column, lambda text: compare(text, one))
    wanted = {plain(v) for v in _values(one)}
    if one.op == "contains":
        return _by_value(column, lambda text: any(w in plain(text) for w in wanted))
    if column.name == "tags":
        found = _by_value(column, lambda text: bool({plain(t) for t in text.split(",")} & wanted))
    else:
        found = _by_value(column, lambda text: plain(text) in wanted)
    return ~found if one.op in ("!=", "not_in") else found


def _by_value(column: pd.Series, test: Callable[[str], bool]) -> Array:
    """``test`` once per distinct text; False where missing."""
    category = column.astype("category")
    hits = np.array([test(str(c)) for c in category.cat.categories] + [False], dtype=bool)
    found: Array = hits[category.cat.codes.to_numpy()]
    return found


def _values(one: Filter) -> list[Any]:
    return list(one.value) if isinstance(one.value, list | tuple) else [one.value]


def plain(value: Any) -> str:
    """A text as filters compare it: without regard to case, ё and surplus spaces."""
    return " ".join(str(value).split()).casefold().replace("ё", "е")


def _number(value: Any) -> float:
    try:
        return float(str(value).replace(" ", "").replace("\xa0", "").replace(",", "."))
    except ValueError:
        return float("nan")


def _number_passes(text: str, one: Filter) -> bool:
    return bool(_COMPARE[one.op](_number(text), _number(one.value)))


def _numbers(values: Array, one: Filter) -> Array:
    if one.op in _COMPARE:
        return np.asarray(_COMPARE[one.op](values, _number(one.value)))
    found = np.isin(values, [_number(v) for v in _values(one)])
    return np.asarray(~found if one.op in ("!=", "not_in") else found)


def _moments(column: pd.Series, one: Filter) -> Array:
    values = column.to_numpy().astype("M8[s]")
    wanted = [np.datetime64(pd.Timestamp(str(v)), "s") for v in _values(one)]
    if one.op in _COMPARE:
        return np.asarray(_COMPARE[one.op](values, wanted[0]) & ~np.isnat(values))
    found = np.isin(values, wanted)
    return np.asarray(~found if one.op in ("!=", "not_in") else found)
