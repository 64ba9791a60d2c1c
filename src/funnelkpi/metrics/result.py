"""The long table: the shape of every figure (docs/metrics.md, "The long table")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Array

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


@dataclass(frozen=True)
class Part:
    """``n`` rows of the long table: arrays or single values by column name; texts, missing None."""

    n: int
    columns: Mapping[str, Any]


def long_table(parts: Sequence[Part]) -> pd.DataFrame:
    """The long table of ``parts``; texts are objects. Built from three arrays: column by column
    pandas would cost more than all the figures of a small export."""
    texts, numbers, moments = _blocks(parts)
    blocks = [
        pd.DataFrame(texts.T, columns=list(TEXTS), dtype=object, copy=False),
        pd.DataFrame(numbers.T, columns=list(NUMBERS), copy=False),
        pd.DataFrame(moments.T, columns=list(MOMENTS), copy=False),
    ]
    return pd.concat(blocks, axis=1)[list(COLUMNS)]


def typed_table(parts: Sequence[Part]) -> pd.DataFrame:
    """The public long table of ``parts``: texts of pandas' own string type."""
    import pyarrow as pa

    texts, numbers, moments = _blocks(parts)
    strings = [pa.array(column, pa.large_string(), from_pandas=True) for column in texts]
    found = {
        **{n: pd.array(s, dtype="str") for n, s in zip(TEXTS, strings, strict=True)},
        **dict(zip(NUMBERS, numbers, strict=True)),
        **dict(zip(MOMENTS, moments, strict=True)),
    }
    return pd.DataFrame({name: found[name] for name in COLUMNS}, copy=False)


def _blocks(parts: Sequence[Part]) -> list[Array]:
    """Texts, numbers and moments of all parts, one row per column."""
    size = sum(part.n for part in parts)
    kinds = ((TEXTS, None), (NUMBERS, np.nan), (MOMENTS, np.datetime64("NaT", "s")))
    out = []
    for names, missing in kinds:
        block: Array = np.full((len(names), size), missing)
        begin = 0
        for part in parts:
            for i, name in enumerate(names):
                if name in part.columns:
                    block[i, begin : begin + part.n] = part.columns[name]
            begin += part.n
        out.append(block)
    return out


def conform(frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with exactly the long table's columns, in order and with their types."""
    found: dict[str, Any] = {}
    for name in (c for c in COLUMNS if c in frame):
        if name in NUMBERS:
            found[name] = pd.to_numeric(frame[name]).to_numpy(dtype=np.float64)
        elif name in MOMENTS:
            found[name] = frame[name].to_numpy().astype("M8[s]")
        else:
            found[name] = frame[name].astype(object).where(frame[name].notna(), None).to_numpy()
    return long_table([Part(len(frame), found)])
