"""Deals that are gone from the CRM: kept exports held them, the state of the run does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from funnelkpi.adapters.part import put_together
from funnelkpi.model.funnel import STATUSES
from funnelkpi.model.kept import Kept

GONE_COLUMNS = ("gone_since", "gone_at")
"""Of a deal that is gone: last seen (exclusive), first missed; missing for all others."""


def with_gone(
    frames: Sequence[pd.DataFrame], kept: Kept | None, moment: datetime
) -> list[pd.DataFrame]:
    """Canonical deals and leads with those that are gone, as last seen, behind them.

    A deal first missed after ``moment`` is still there then; its later state is cut as any other's.
    """
    if kept is None or not len(kept.gone):
        return list(frames)
    out = []
    for frame in frames:
        lead = bool(frame["is_lead"].iloc[0])
        gone = kept.gone[kept.gone["entity"].eq("lead" if lead else "deal").to_numpy()]
        if not len(gone):
            out.append(frame)
            continue
        gone = gone.reset_index(drop=True).assign(is_lead=lead)
        late = gone["gone_at"].to_numpy() > np.datetime64(moment, "s")
        never = np.datetime64("NaT", "s")
        own = frame.assign(**{name: np.full(len(frame), never) for name in GONE_COLUMNS})
        for name in GONE_COLUMNS:
            gone[name] = np.where(late, never, gone[name].to_numpy().astype("M8[s]"))
        columns = {c: gone[c] if c in gone else _missing(own[c], len(gone)) for c in own.columns}
        out.append(put_together([own, pd.DataFrame(columns)]))
    return out


def _missing(column: pd.Series, n: int) -> pd.Series:
    """``n`` missing values of a column older exports did not have."""
    return column.iloc[:0].reindex(range(n))


def mark_gone(deals: pd.DataFrame) -> None:
    """Give the deals that are gone by now their status; ``deals`` is filled in place."""
    if "gone_at" not in deals:
        return
    gone = ~np.isnat(deals["gone_at"].to_numpy().astype("M8[s]"))
    status = deals["status"].cat.codes.to_numpy().copy()
    status[gone] = STATUSES.index("gone")
    deals["status"] = pd.Categorical.from_codes(status, pd.Index(STATUSES))
    deals["stage_unknown"] = deals["stage_unknown"].to_numpy() & ~gone
