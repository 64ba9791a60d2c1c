"""Data quality of the deals as findings: what a head of sales should have mended in the CRM."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity
from funnelkpi.model.funnel import STATUSES

Mask = npt.NDArray[np.bool_]


def quality_findings(
    deals: pd.DataFrame, exported: datetime, available: Collection[str]
) -> list[Finding]:
    """Deals without owner or amount, with dates in the future, closed before they were created.

    exported: the moment of the export; what lies after it is in the future, whatever the report's
    own moment. available: the columns the files have: an absent column is one finding of its own, no
    fault of the deals.
    """
    return [f for check in _checks(deals, exported, available) for f in check]


def _checks(
    deals: pd.DataFrame, exported: datetime, available: Collection[str]
) -> Iterator[list[Finding]]:
    now = np.datetime64(exported, "s")
    ended, won = _among(deals, "won", "lost", "converted"), _among(deals, "won")
    deal = ~deals["is_lead"].to_numpy()
    created, closed = _moments(deals, "created_at"), _moments(deals, "closed_at")
    yield [
        Finding(f"findings_data.no_{name}_column", Severity.WARNING)
        for name, column in (("owner", "owner"), ("amount", "amount"), ("creation", "created_at"))
        if column not in available
    ]
    if "owner" in available:
        no_owner = deals["owner"].cat.codes.to_numpy() < 0
        yield found(deals, no_owner, "no_owner", Severity.WARNING)
    if "amount" in available:
        amount = deals["amount"].to_numpy()
        empty = deal & ~(amount > 0)
        negative = deal & (amount < 0)
        yield found(deals, won & empty, "won_without_amount", Severity.WARNING)
        yield found(deals, ~ended & empty, "open_without_amount", Severity.NOTE)
        yield found(deals, negative, "negative_amount", Severity.WARNING, "amount")
    if "created_at" in available:
        yield found(deals, np.isnat(created), "no_creation", Severity.WARNING)
    if "closed_at" in available:
        undated = ended & np.isnat(closed)
        yield found(deals, undated, "closed_without_date", Severity.WARNING)
    for column, at, code in (
        ("created_at", created, "created_in_future"),
        ("closed_at", closed, "closed_in_future"),
    ):
        yield found(deals, at > now, code, Severity.WARNING, column)
    early = _closed_before_created(deals)
    yield found(deals, early, "closed_before_created", Severity.WARNING, "closed_at")


def stage_dates_in_future(
    deals: pd.DataFrame, columns: Mapping[str, str], exported: datetime
) -> list[Finding]:
    """Dates of stage entries (column -> caption) that lie after the export: they are not counted."""
    now = np.datetime64(exported, "s")
    return [
        f
        for column, caption in columns.items()
        for f in found(
            deals,
            _moments(deals, column) > now,
            "stage_date_in_future",
            Severity.WARNING,
            column,
            caption,
        )
    ]


def _among(deals: pd.DataFrame, *names: str) -> Mask:
    codes = [STATUSES.index(n) for n in names]
    out: Mask = np.isin(deals["status"].cat.codes.to_numpy(), codes)
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


def found(
    deals: pd.DataFrame,
    where: Mask,
    code: str,
    severity: Severity,
    column: str | None = None,
    caption: str | None = None,
    **params: Any,
) -> list[Finding]:
    """One finding per file about the rows of ``where``; ``column``: whose first value is shown."""
    if not where.any():
        return []
    out = []
    shown = ["_file", "_row", *([column] if column else [])]
    for name, part in deals.loc[where, shown].groupby("_file", observed=True, sort=True):
        out.append(
            Finding(
                f"findings_data.{code}",
                severity,
                str(name),
                tuple(int(r) for r in part["_row"].head(ROWS_SHOWN)),
                caption or column,
                str(part[column].iloc[0]) if column else None,
                len(part),
                params,
            )
        )
    return out
