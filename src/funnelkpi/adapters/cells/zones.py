"""Moments of other zones in the configured one, and dates in file names."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd


def from_utc(
    values: npt.NDArray[np.datetime64], utc: npt.NDArray[np.bool_], zone: str
) -> npt.NDArray[np.datetime64]:
    """Values that are UTC where ``utc``, as naive moments of ``zone``; NaT elsewhere."""
    index = pd.DatetimeIndex(np.where(utc, values, np.datetime64("NaT", "s")))
    local = index.tz_localize("UTC").tz_convert(zone).tz_localize(None)
    out: npt.NDArray[np.datetime64] = local.to_numpy().astype("M8[s]")
    return out


def local_moment(moment: datetime, zone: str) -> datetime:
    """An aware moment as a naive one in ``zone``, to the second."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)


def zone_shift(offset: timedelta | None, at: datetime | None, zone: str) -> timedelta | None:
    """What to add to a file's local times to have them in ``zone``; None: nothing.

    offset: the account's own, which amoCRM's older writer leaves in the workbook.
    """
    if offset is None:
        return None
    here = ZoneInfo(zone).utcoffset((at or datetime(2026, 1, 1)).replace(tzinfo=None))
    return (here - offset) or None if here is not None else None


def date_of(text: str) -> date | None:
    """A date written YYYYMMDD or YYYY-MM-DD, or None."""
    try:
        return datetime.strptime(text.replace("-", ""), "%Y%m%d").date()
    except ValueError:
        return None
