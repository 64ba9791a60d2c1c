"""The moment the report looks from: that of the newest deals file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

OF_THE_PAST = ("created_at", "modified_at", "stage_changed_at", "closed_at")
"""Only these tell how new an export is: planned, task and custom dates never do."""

Stamp = tuple[datetime | None, date | None]
"""What a file says of itself: the moment (Bitrix24 file name, ``docProps``), the day of its name."""

_NO_STAMP: Stamp = (None, None)
_SLACK = np.timedelta64(1, "D")
"""Close dates may have no time, clocks of integrations differ: within a day is no mistake."""


def newest_moment(deals: pd.DataFrame, stamps: Mapping[str, Stamp]) -> datetime | None:
    """The moment of the newest of the files ``deals`` come from; None when nothing tells.

    stamps: file (as in ``_file``) -> what it says of itself. Each file is asked on its own: the
    moment of a Bitrix24 export says nothing of an amoCRM export beside it.
    """
    files = deals["_file"].cat
    codes = files.codes.to_numpy()
    names = [str(c) for c in files.categories]
    moments = []
    for code, name in enumerate(names):
        own = deals if len(names) == 1 else deals[codes == code]
        if len(own):
            moments.append(default_as_of(own, *stamps.get(name, _NO_STAMP)))
    return max((m for m in moments if m is not None), default=None)


def default_as_of(
    deals: pd.DataFrame, stated: datetime | None, day: date | None
) -> datetime | None:
    """The moment of one deals file: as the file states it (Bitrix24 file name, ``docProps``), else
    the latest creation, edit, stage change or close that is not after the file name's date; with no
    such moment the end of that day; None when nothing tells.

    A date that lies after the last edit of its own deal is a slip (the CRM writes the edit last)
    and tells nothing: one deal "created" next year must not carry the whole report there.
    """
    if stated is not None:
        return stated
    limit = None if day is None else np.datetime64(datetime.combine(day, time(23, 59, 59)), "s")
    edited = _moments(deals, "modified_at")
    latest = None
    for name in OF_THE_PAST:
        moments = _moments(deals, name)
        known = ~np.isnat(moments) & ~(moments > edited + _SLACK)
        if limit is not None:
            known &= moments <= limit
        if known.any() and (latest is None or moments[known].max() > latest):
            latest = moments[known].max()
    if latest is None:
        return None if limit is None else limit.astype(object)
    # A date without a time means the whole day is covered.
    moment: datetime = latest.astype(object)
    whole_day = timedelta(hours=23, minutes=59, seconds=59)
    return moment + whole_day if moment.time() == time(0) else moment


def _moments(deals: pd.DataFrame, name: str) -> npt.NDArray[Any]:
    return deals[name].to_numpy().astype("M8[s]")
