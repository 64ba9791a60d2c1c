"""Data quality of the deals as findings: what a head of sales should have mended in the CRM."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity

Mask = npt.NDArray[np.bool_]


def quality_findings(deals: pd.DataFrame, as_of: datetime) -> list[Finding]:
    """Deals without owner or amount, with dates in the future, closed before they were created."""
    now = np.datetime64(as_of, "s")
    status = deals["status"].astype("str")
    ended = status.isin(["won", "lost", "converted"]).to_numpy()
    deal = ~deals["is_lead"].to_numpy()
    created, closed = _moments(deals, "created_at"), _moments(deals, "closed_at")
    amount = deals["amount"].to_numpy()
    won = status.eq("won").to_numpy()
    out = [
        *_each(deals, deals["owner"].isna().to_numpy(), "no_owner", Severity.WARNING),
        *_each(deals, deal & won & ~(amount > 0), "won_without_amount", Severity.WARNING),
        *_each(deals, deal & ~ended & ~(amount > 0), "open_without_amount", Severity.NOTE),
        *_each(deals, deal & (amount < 0), "negative_amount", Severity.WARNING, "amount"),
        *_each(deals, np.isnat(created), "no_creation", Severity.WARNING),
        *_each(deals, ended & np.isnat(closed), "closed_without_date", Severity.WARNING),
        *_each(deals, created > now, "created_in_future", Severity.WARNING, "created_at"),
        *_each(deals, closed > now, "closed_in_future", Severity.WARNING, "closed_at"),
        *_each(
            deals,
            _closed_before_created(deals),
            "closed_before_created",
            Severity.WARNING,
            "closed_at",
        ),
    ]
    return out


def _closed_before_created(deals: pd.DataFrame) -> Mask:
    """Compared at the coarser precision: dates if either has no time, else minutes (amoCRM's close
    times have no seconds)."""
    created, closed = _moments(deals, "created_at"), _moments(deals, "closed_at")
    by_day = deals["created_day"].to_numpy() | deals["closed_day"].to_numpy()
    days = closed.astype("M8[D]") < created.astype("M8[D]")
    minutes = closed.astype("M8[m]") < created.astype("M8[m]")
    out: Mask = np.where(by_day, days, minutes)
    return out


def _moments(deals: pd.DataFrame, name: str) -> npt.NDArray[Any]:
    return deals[name].to_numpy().astype("M8[s]")


def _each(
    deals: pd.DataFrame, where: Mask, code: str, severity: Severity, column: str | None = None
) -> list[Finding]:
    """One finding per file with the rows concerned."""
    if not where.any():
        return []
    out = []
    shown = ["_file", "_row", *([column] if column else [])]
    for name, part in deals.loc[where, shown].groupby("_file", observed=True, sort=True):
        rows = tuple(int(r) for r in part["_row"].head(ROWS_SHOWN))
        value = str(part[column].iloc[0]) if column else None
        out.append(
            Finding(f"findings_data.{code}", severity, str(name), rows, column, value, len(part))
        )
    return out
