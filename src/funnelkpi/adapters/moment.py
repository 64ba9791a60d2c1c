"""The moment the report looks from, and what the data know beyond it."""

from __future__ import annotations

from datetime import date, datetime, time

import numpy as np
import pandas as pd

OF_THE_PAST = ("created_at", "modified_at", "stage_changed_at", "closed_at")
"""Only these tell how new an export is: planned, task and custom dates never do."""


def default_as_of(
    deals: pd.DataFrame, stated: datetime | None, day: date | None
) -> datetime | None:
    """The moment of the newest deals file: as the file states it (Bitrix24 file name, ``docProps``),
    else the latest creation, edit, stage change or close that is not after the file name's date;
    with no such moment the end of that day; None when nothing tells."""
    if stated is not None:
        return stated
    limit = None if day is None else np.datetime64(datetime.combine(day, time(23, 59, 59)), "s")
    latest = None
    for name in OF_THE_PAST:
        moments = deals[name].to_numpy().astype("M8[s]")
        moments = moments[~np.isnat(moments)]
        if limit is not None:
            moments = moments[moments <= limit]
        if len(moments) and (latest is None or moments.max() > latest):
            latest = moments.max()
    if latest is None:
        return None if limit is None else limit.astype(object)
    # A date without a time means the whole day is covered.
    moment: datetime = latest.astype(object)
    return datetime.combine(moment.date(), time(23, 59, 59)) if moment.time() == time(0) else moment
