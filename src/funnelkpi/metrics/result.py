"""The long table: the shape of every figure (docs/metrics.md, "The long table")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

COLUMNS: tuple[str, ...] = (
    "metric", "scope", "department", "role", "manager", "pipeline", "stage", "to_stage", "slice",
    "period_start", "period_end", "value", "numerator", "denominator", "n", "low", "high",
    "bound_low", "bound_high", "unit", "currency", "statistic", "mark", "verdict", "norm", "great",
    "evidence", "definition",
)  # fmt: skip

NUMBERS = (
    "value",
    "numerator",
    "denominator",
    "n",
    "low",
    "high",
    "bound_low",
    "bound_high",
    "norm",
    "great",
)
MOMENTS = ("period_start", "period_end")
NOT_EVALUATED = "not_evaluated"
"""``verdict`` of a figure whose data are absent; ``definition`` then says which export would give it."""


TEXTS = tuple(c for c in COLUMNS if c not in NUMBERS and c not in MOMENTS)


def empty() -> pd.DataFrame:
    """A long table without rows."""
    return long_frame({}, 0)


def long_frame(columns: Mapping[str, Any], n: int) -> pd.DataFrame:
    """A long table of ``n`` rows from arrays, series or single values by column name.

    Texts are objects, missing ones None; the public table gets its types once, in ``typed``. Built
    from two arrays: column by column pandas would cost more than all the figures of a small export.
    """
    texts = np.full((n, len(TEXTS)), None, dtype=object)
    numbers = np.full((n, len(NUMBERS)), np.nan)
    moments = np.full((n, len(MOMENTS)), np.datetime64("NaT"), dtype="datetime64[s]")
    for i, name in enumerate(TEXTS):
        if name in columns:
            texts[:, i] = _texts(columns[name])
    for i, name in enumerate(NUMBERS):
        if name in columns:
            numbers[:, i] = _numbers(columns[name])
    for i, name in enumerate(MOMENTS):
        if name in columns:
            moments[:, i] = _moments(columns[name])
    parts = [
        pd.DataFrame(texts, columns=list(TEXTS), dtype=object),
        pd.DataFrame(numbers, columns=list(NUMBERS)),
        pd.DataFrame(moments, columns=list(MOMENTS)),
    ]
    return pd.concat(parts, axis=1)[list(COLUMNS)]


def _numbers(values: Any) -> Any:
    array = np.asarray(values)
    return array.astype(np.float64) if array.dtype != object else pd.to_numeric(array)


def _moments(values: Any) -> Any:
    if isinstance(values, pd.Series):
        return values.to_numpy().astype("datetime64[s]")
    return np.asarray(values, dtype="datetime64[s]")


def _texts(values: Any) -> Any:
    """Texts as objects with None for every kind of missing."""
    if values is None or isinstance(values, str):
        return values
    array = np.array(values, dtype=object)
    array[pd.isna(array)] = None
    return array


def conform(frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with exactly the long table's columns, in order and with their types."""
    types = frame.dtypes
    fits = tuple(frame.columns) == COLUMNS and all(
        types[name]
        == ("float64" if name in NUMBERS else "datetime64[s]" if name in MOMENTS else "O")
        for name in COLUMNS
    )
    if fits:
        return frame.reset_index(drop=True)
    return long_frame({name: frame[name] for name in COLUMNS if name in frame}, len(frame))


def typed(table: pd.DataFrame) -> pd.DataFrame:
    """The public long table: texts of pandas' own string type."""
    return table.astype(dict.fromkeys(TEXTS, "str"))
