"""The frames of ``model.kept.Kept``: every column there, of one type, whatever the exports hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.adapters.part import missing, put_together, same_value
from funnelkpi.model.kept import Kept
from funnelkpi.model.tables import DEALS, HISTORY, Column

_FILE = Column("_file", "category", "the kept export")
_BEGIN = (
    *(c for c in DEALS if c.name in (
        "deal_id", "pipeline", "stage", "stage_code", "owner", "amount", "currency", "created_at",
        "stage_changed_at", "closed_at", "planned_close_at", "modified_at",
    )),
    Column("seen_at", "moment", "the first kept export that shows the deal"),
)  # fmt: skip


def complete(kept: Kept, key: tuple[str, str]) -> Kept:
    """One CRM's and entity's ``kept`` with every column, and with ``crm`` and ``entity``."""
    history = _typed(kept.history, HISTORY, {"evidence": "int8", "changed_day": "bool"})
    begin = _typed(kept.begin, _BEGIN, {"stage_changed_day": "bool"})
    gone = kept.gone
    if len(gone):
        gone = gone.assign(entity=same_value(key[1], len(gone)))
    history, begin = (
        f.assign(crm=same_value(key[0], len(f)), entity=same_value(key[1], len(f)))
        for f in (history, begin)
    )
    return replace(kept, history=history, begin=begin, gone=gone)


def _typed(frame: pd.DataFrame, columns: Sequence[Column], more: dict[str, str]) -> pd.DataFrame:
    out: dict[str, Any] = {}
    for column in (*columns, _FILE):
        out[column.name] = _as_column(frame, column)
    for name, kind in more.items():
        out[name] = (
            frame[name].to_numpy(dtype=kind) if name in frame else np.zeros(len(frame), kind)
        )
    out["_row"] = frame["_row"].to_numpy(dtype=np.int64) if len(frame) else np.empty(0, np.int64)
    return pd.DataFrame(out)


def _as_column(frame: pd.DataFrame, column: Column) -> Any:
    if column.name not in frame:
        return missing(column, len(frame))
    values = frame[column.name]
    if column.type == "category":
        return values.astype("category").array
    if column.type == "moment":
        return values.to_numpy().astype("M8[s]")
    if column.type == "money":
        return values.to_numpy(dtype=np.float64)
    return values.array


def put_kept(parts: Sequence[Kept]) -> Kept:
    """The past of several CRMs and entities as one."""
    gone = [p.gone for p in parts if len(p.gone)]
    return Kept(
        put_together([p.history for p in parts]),
        put_together([p.begin for p in parts]),
        put_together(gone) if gone else pd.DataFrame(),
        {k: v for p in parts for k, v in p.first.items()},
        {k: v for p in parts for k, v in p.moments.items()},
        {k: v for p in parts for k, v in p.before.items()},
    )


def no_kept() -> Kept:
    """Nothing of the past is known."""
    return complete(Kept(pd.DataFrame(), pd.DataFrame(), pd.DataFrame()), ("generic", "deal"))
