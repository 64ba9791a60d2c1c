"""The converted rows of one table, before tables of one kind are put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from funnelkpi.adapters.cells.texts import CHUNK, TEXT, Coded, text_array
from funnelkpi.adapters.interface import Export
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.finding import Finding
from funnelkpi.model.tables import Column

TOTALS = "findings_readers.totals_row"


@dataclass(frozen=True)
class Part:
    """Rows of one table in canonical columns and what became of the others.

    excluded: finding code -> rows left out for that reason. read: rows the reader saw.
    """

    export: Export
    frame: pd.DataFrame
    read: int
    merged: int = 0
    rejected: int = 0
    excluded: tuple[tuple[str, int], ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    def keep(self, mask: npt.NDArray[np.bool_], **changes: Any) -> Part:
        """The part with only the rows of ``mask``."""
        frame = self.frame if mask.all() else self.frame[mask].reset_index(drop=True)
        return replace(self, frame=frame, **changes)

    def account(self) -> FileAccount:
        """What became of the table's rows; totals the reader has left out are excluded ones."""
        totals = sum(f.count for f in self.findings if f.code == TOTALS)
        reasons = (*self.excluded, (TOTALS, totals)) if totals else self.excluded
        return FileAccount(
            file=self.export.source.name,
            kind=self.export.kind,
            crm=self.export.crm,
            rows=self.read + totals,
            counted=len(self.frame),
            merged=self.merged,
            excluded=sum(n for _, n in reasons),
            rejected=self.rejected,
            reasons=reasons,
        )


def missing(column: Column, n: int) -> Any:
    """``n`` missing values of a canonical column's type."""
    if column.type == "category":
        return Coded.nothing(n).categorical()
    if column.type == "text":
        return pd.array([None] * n, dtype=TEXT) if n < 1000 else _no_text(n)
    if column.type == "moment":
        return np.full(n, np.datetime64("NaT", "s"))
    if column.type == "flag":
        return flags(np.full(n, -1, np.int8))
    if column.type == "int":
        return np.zeros(n, np.int64)
    return np.full(n, np.nan)


def _no_text(n: int) -> Any:
    import pyarrow as pa

    none = pa.nulls(CHUNK, pa.large_string())  # the same nothing again and again
    parts = [none.slice(0, min(CHUNK, n - start)) for start in range(0, n, CHUNK)]
    return text_array(pa.chunked_array(parts))


def flags(values: npt.NDArray[np.int8]) -> Any:
    """1, 0 and -1 (missing) as pandas Int8."""
    return pd.arrays.IntegerArray(np.maximum(values, np.int8(0)), values < 0)


def same_value(text: str, n: int) -> pd.Categorical:
    """A categorical column that holds one text in every row."""
    dtype = pd.CategoricalDtype(pd.Index([text], dtype=TEXT))
    return pd.Categorical.from_codes(np.zeros(n, np.int8), dtype=dtype, validate=False)


def put_together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of several frames; categoricals keep the union of their categories."""
    if len(frames) == 1:
        return frames[0].reset_index(drop=True)
    columns: dict[str, Any] = {}
    for name in frames[0].columns:
        series = [f[name] for f in frames]
        if isinstance(series[0].dtype, pd.CategoricalDtype):
            columns[name] = union_categoricals(series)
        else:
            columns[name] = pd.concat(series, ignore_index=True)
    return pd.DataFrame(columns)
