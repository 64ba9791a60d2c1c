"""Nothing later than ``as of``: the data are cut here, once, and every row left out is accounted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity
from funnelkpi.model.funnel import STATUSES

AFTER_AS_OF = "findings_data.after_as_of"
CALLS_AFTER_AS_OF = "findings_data.calls_after_as_of"
ENTERED_AFTER_AS_OF = "findings_records.entered_after_as_of"
_NAT = np.datetime64("NaT", "s")
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cut:
    """Rows not later than the moment, the account of the files, a finding per file cut."""

    rows: pd.DataFrame
    accounts: tuple[FileAccount, ...]
    findings: tuple[Finding, ...]


def cut_deals(
    deals: pd.DataFrame,
    accounts: Sequence[FileAccount],
    moment: datetime,
    exported: datetime | None,
) -> Cut:
    """Deals and leads as they stood at ``moment``; younger ones are excluded.

    A deal closed later is open again, a later stage change is forgotten. ``stage_unknown`` marks
    the deals whose stage at ``moment`` cannot be told from an export made later: those closed since
    and those whose stage (without a stage-change date: whose row) has changed since; where the file
    has neither date, every open deal of an export newer than ``moment``. An incoming deal was
    incoming before too. Such deals count as open.

    exported: the moment of the export, if it can be told.
    """
    now = np.datetime64(moment, "s")
    cut = _without(deals, _moments(deals, "created_at") > now, accounts, AFTER_AS_OF)
    deals = cut.rows.reset_index(drop=True)
    closed, changed = _moments(deals, "closed_at"), _moments(deals, "stage_changed_at")
    status = deals["status"].cat.codes.to_numpy().copy()
    ended = _among(status, "won", "lost", "converted") & ~np.isnat(closed)
    reopened = closed > now
    unknown: Mask = np.where(ended, reopened, reopened | _changed(deals, now, exported))
    unknown &= ~_among(status, "incoming")
    status[unknown] = STATUSES.index("open")
    deals["status"] = pd.Categorical.from_codes(status, pd.Index(STATUSES))
    deals["closed_at"] = np.where(reopened, _NAT, closed)
    deals["stage_changed_at"] = np.where(changed > now, _NAT, changed)
    deals["stage_unknown"] = unknown
    return replace(cut, rows=deals)


def _changed(deals: pd.DataFrame, now: np.datetime64, exported: datetime | None) -> Mask:
    """Whether the stage may have changed after ``now``: by its date, else by the last edit."""
    changed, edited = _moments(deals, "stage_changed_at"), _moments(deals, "modified_at")
    dated = np.where(np.isnat(changed), edited, changed)
    earlier = exported is not None and now < np.datetime64(exported, "s")
    out: Mask = np.where(np.isnat(dated), earlier, dated > now)
    return out


def cut_calls(
    calls: pd.DataFrame | None, accounts: Sequence[FileAccount], moment: datetime
) -> Cut | None:
    """The calls up to ``moment``; a call after it did not happen."""
    if calls is None:
        return None
    late = _moments(calls, "called_at") > np.datetime64(moment, "s")
    return _without(calls, late, accounts, CALLS_AFTER_AS_OF)


def cut_created(rows: pd.DataFrame, accounts: Sequence[FileAccount], moment: datetime) -> Cut:
    """Tasks, contacts or companies entered by ``moment``; one without a date stays."""
    late = _moments(rows, "created_at") > np.datetime64(moment, "s")
    return _without(rows, late, accounts, ENTERED_AFTER_AS_OF)


def _without(rows: pd.DataFrame, late: Mask, accounts: Sequence[FileAccount], code: str) -> Cut:
    """``rows`` without the late ones; their number per file moves from counted to excluded."""
    if not late.any():
        return Cut(rows.copy(deep=False), tuple(accounts), ())
    findings = []
    gone: dict[str, int] = {}
    for name, part in rows.loc[late, ["_file", "_row"]].groupby("_file", observed=True, sort=True):
        gone[str(name)] = len(part)
        shown = tuple(int(r) for r in part["_row"].head(ROWS_SHOWN))
        findings.append(Finding(code, Severity.NOTE, str(name), shown, count=len(part)))
    left = rows[~late].reset_index(drop=True)
    return Cut(left, tuple(excluded_from(a, gone, code) for a in accounts), tuple(findings))


def excluded_from(account: FileAccount, gone: dict[str, int], code: str) -> FileAccount:
    """``account`` with the rows of its file in ``gone`` moved from counted to excluded."""
    n = gone.get(account.file, 0)
    if not n:
        return account
    return replace(
        account,
        counted=account.counted - n,
        excluded=account.excluded + n,
        reasons=(*account.reasons, (code, n)),
    )


def _among(status: npt.NDArray[Any], *names: str) -> Mask:
    out: Mask = np.isin(status, [STATUSES.index(n) for n in names])
    return out


def _moments(frame: pd.DataFrame, name: str) -> npt.NDArray[Any]:
    return frame[name].to_numpy().astype("M8[s]")
