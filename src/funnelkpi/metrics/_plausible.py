"""Whether a field holds a fact or something typed to get past it: "n/a", ".", "123", "нет"."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Array
from funnelkpi.metrics._filters import plain

_NOTHING = frozenset(
    {
        *("n/a", "na", "none", "null", "nil", "no", "unknown", "tbd", "todo", "test", "asdf"),
        *("qwerty", "not known", "not set", "no data", "not specified"),
        *("нет", "неизвестно", "не известно", "не знаю", "н/д", "нд", "н.д", "б/н", "пусто"),
        *("уточнить", "уточняется", "тест", "йцукен", "фыва", "нет данных"),
        *("не указано", "не указан", "не указана"),
    }
)
_DUMMY = frozenset({"123", "1234", "12345", "123456", "1234567", "321", "0"})
_EARLIEST = np.datetime64("2000-01-01", "s")
_LATEST = np.datetime64("2100-01-01", "s")


def plausible_text(text: str) -> bool:
    """Whether a text says something: at least one letter or digit, no filler, not one character
    over and over ("1", "5" alone are numbers and pass)."""
    bare = plain(text)
    signs = re.sub(r"[\W_]", "", bare)
    if not signs or bare in _NOTHING or bare.strip(".-? ") in _NOTHING or signs in _DUMMY:
        return False
    if len(signs) > 1 and len(set(signs)) == 1:
        # a round number of months, say 11, is no filler: three of a digit are
        return signs.isdigit() and len(signs) < 3 and signs != "00"
    return True


def plausible(column: pd.Series) -> Array:
    """Which rows of a column hold a fact: texts by ``plausible_text``, numbers above 0, moments of
    this century."""
    if column.dtype.kind == "M":
        at = column.to_numpy().astype("M8[s]")
        return np.asarray((at >= _EARLIEST) & (at < _LATEST))
    if pd.api.types.is_numeric_dtype(column):
        return np.asarray(column.to_numpy(dtype=np.float64) > 0)
    found = column.astype("category").array
    fits = np.array([plausible_text(str(v)) for v in found.categories] + [False], dtype=bool)
    return np.asarray(fits[found.codes])
