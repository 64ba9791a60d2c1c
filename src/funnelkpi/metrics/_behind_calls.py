"""The calls behind a figure of calls: when, who, which number, which deal, the recording."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.model.dataset import Dataset

CALLS = (
    "called_at", "manager", "phone", "direction", "outcome", "talk_seconds", "deal_id", "recording",
    "class", "_file", "_row",
)  # fmt: skip
"""Columns of ``behind.Behind.calls``; phone and recording are the client's. deal_id: of the matched deal."""


def calls_among(
    data: Dataset, facts: pd.DataFrame, classes: npt.NDArray[Any], keep: npt.NDArray[np.bool_]
) -> pd.DataFrame | None:
    """The calls among the facts, with and without a deal, the newest first; None: it has none."""
    if data.calls is None or "call" not in facts:
        return None
    own = np.flatnonzero(keep & (facts["call"].to_numpy() >= 0))
    rows = facts["call"].to_numpy()[own]
    found = pd.DataFrame(index=pd.RangeIndex(len(rows)))
    for name in CALLS:
        if name in ("deal_id", "class"):
            continue
        column = (
            data.calls[name] if name in data.calls else pd.Series(None, data.calls.index, object)
        )
        found[name] = column.take(rows).array
    deal = facts["deal"].to_numpy()[own]
    ids = data.deals["deal_id"].take(np.maximum(deal, 0)).astype("object").to_numpy().copy()
    ids[deal < 0] = None
    found["deal_id"] = ids
    found["class"] = classes[own]
    order = np.argsort(-found["called_at"].to_numpy().astype("M8[s]").view(np.int64), kind="stable")
    return found.iloc[order][[*CALLS]].reset_index(drop=True)
