"""The long table: the shape of every figure (docs/metrics.md, "The long table")."""

from __future__ import annotations

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


def empty() -> pd.DataFrame:
    """A long table without rows."""
    return conform(pd.DataFrame())


def conform(frame: pd.DataFrame) -> pd.DataFrame:
    """``frame`` with exactly the long table's columns, in order, missing ones filled with missing."""
    out = frame.reindex(columns=list(COLUMNS))
    for name in NUMBERS:
        out[name] = out[name].astype("float64")
    for name in MOMENTS:
        out[name] = pd.to_datetime(out[name]).astype("datetime64[s]")
    texts = [c for c in COLUMNS if c not in NUMBERS and c not in MOMENTS]
    for name in texts:
        out[name] = out[name].astype("str").where(out[name].notna(), None)
    return out.reset_index(drop=True)
