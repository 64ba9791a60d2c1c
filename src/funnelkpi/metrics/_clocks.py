"""Clocks of open deals: elapsed days at the coarser precision of both ends, and the stage clock.

The stage clock runs since the current visit to the stage began; the activity clock
(``activity_at``) since somebody last spoke with the client or did something. The two never mix: an
edit is neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from funnelkpi.model.dataset import Dataset
from funnelkpi.model.date_only import date_only
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import StageKind
from funnelkpi.model.visits import RUNNING
from funnelkpi.model.workdays import WorkCalendar

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[Any]
Moments = npt.NDArray[Any]

SECONDS_PER_DAY = 86_400
NEVER = np.datetime64("NaT", "s")


def moments(data: Dataset, column: str, rows: Codes) -> Moments:
    """One moment column of the deals at ``rows``, as ``datetime64[s]``."""
    values: Moments = data.deals[column].to_numpy()[rows].astype("M8[s]")
    return values


def elapsed_days(start: Moments, end: Moments | np.datetime64, coarse: Mask | bool) -> Floats:
    """Days from start to end: elapsed / 24 h, or the difference of dates where ``coarse``.

    NaN where an end is missing; negative where the end comes first.
    """
    exact = (end - start).astype("m8[s]")
    dates = end.astype("M8[D]") - start.astype("M8[D]")
    days = np.where(coarse, dates.astype(np.float64), exact.astype(np.float64) / SECONDS_PER_DAY)
    return np.where(np.isnat(exact), np.nan, days)


def working_days(calendar: WorkCalendar, start: Moments, as_of: datetime) -> Floats:
    """Working days passed after the day of ``start``; today counts once its working hours ended."""
    today = as_of.date()
    last = today if calendar.day_end(today) <= as_of else today - timedelta(days=1)
    end = np.full(len(start), np.datetime64(last, "s"))
    return np.maximum(calendar.working_days_between(start, end), 0)


def age(data: Dataset, start: Moments, coarse: Mask, working: Mask) -> Floats:
    """Days from ``start`` to ``as_of``, in working days where ``working``; never negative."""
    days = np.maximum(elapsed_days(start, np.datetime64(data.as_of, "s"), coarse), 0)
    if working.any():
        days[working] = working_days(data.calendar, start[working], data.as_of)
    return days


@dataclass(frozen=True)
class StageClock:
    """The age of the current visit of each deal, in the unit of its stage's limit.

    days: known age, NaN when the start of the visit is unknown. low, high: the age surely and at
    most; both equal ``days`` when that is known. low counts from the last edit (entering the stage
    was an edit), high from the creation or the last dated moment at which the deal was seen in
    another stage; high is NaN when neither is known. snapshot: the start does not come from a
    column that dates the stage.
    """

    days: Floats
    low: Floats
    high: Floats
    snapshot: Mask


def stage_clock(data: Dataset, rows: Codes, working: Mask) -> StageClock:
    """The stage clock of the deals at ``rows``; ``working``: whose limit is in working days.

    The visit began at ``stage_changed_at``; else where history or kept exports saw it begin (within
    the bounds of an interval); else at the dated entry of the current stage, unless
    the deal was dated in another stage after that (it came back, nobody knows when); else, for a
    deal in the first open stage that was never seen elsewhere, at its creation; else it is unknown.
    """
    deals, stage = data.deals, data.deals["stage"].cat.codes.to_numpy()[rows]
    start = moments(data, "stage_changed_at", rows)
    coarse = deals["stage_changed_day"].to_numpy()[rows].astype(bool)
    created = moments(data, "created_at", rows)
    created_coarse = deals["created_day"].to_numpy()[rows].astype(bool)
    open_start = np.isnat(start)
    snapshot = np.ones(len(rows), dtype=bool)
    elsewhere = np.full(len(rows), NEVER)
    since, until, day = _running(data, rows, stage)
    exact = open_start & ~np.isnat(since) & (since == until)
    start[exact], coarse[exact], snapshot[exact] = since[exact], day[exact], False
    open_start &= np.isnat(since)
    if open_start.any():
        own, own_coarse, elsewhere = _dated(data, rows, stage)
        later = np.where(
            own_coarse, elsewhere.astype("M8[D]") > own.astype("M8[D]"), elsewhere > own
        )
        dated = open_start & ~np.isnat(own) & ~later
        start[dated], coarse[dated], snapshot[dated] = own[dated], own_coarse[dated], False
        fresh = (
            open_start & np.isnat(own) & np.isnat(elsewhere) & _in_first_stage(data, rows, stage)
        )
        start[fresh], coarse[fresh] = created[fresh], created_coarse[fresh]
    days = age(data, start, coarse, working)
    low, high = days.copy(), days.copy()
    vague = np.flatnonzero(np.isnat(start))
    if len(vague):
        edited = moments(data, "modified_at", rows[vague])
        seen = np.fmax(created[vague], elsewhere[vague])
        seen_coarse = np.where(seen == created[vague], created_coarse[vague], date_only(seen))
        least = age(data, edited, date_only(edited), working[vague])
        high[vague] = age(data, seen, seen_coarse, working[vague])
        low[vague] = np.fmin(np.nan_to_num(least), high[vague])
        within = vague[~np.isnat(since[vague])]
        low[within] = age(data, until[within], day[within], working[within])
        high[within] = age(data, since[within], day[within], working[within])
        snapshot[within] = False
    return StageClock(days, low, high, snapshot)


def _running(data: Dataset, rows: Codes, stage: Codes) -> tuple[Moments, Moments, Mask]:
    """The interval in which the current visit was seen to begin; whether its ends are dates only."""
    since, until = np.full(len(rows), NEVER), np.full(len(rows), NEVER)
    day = np.zeros(len(rows), dtype=bool)
    visits = data.visits
    if not len(visits):
        return since, until, day
    last = np.flatnonzero(visits["next"].to_numpy() == RUNNING)
    place = np.full(len(data.deals), -1, dtype=np.int64)
    place[visits["deal"].to_numpy()[last]] = last
    found = place[rows]
    own = (found >= 0) & (visits["stage"].to_numpy()[found] == stage)
    at = found[own]
    since[own] = visits["start_since"].to_numpy()[at]
    until[own] = visits["start_until"].to_numpy()[at]
    since[np.isnat(until)] = NEVER
    day[own] = visits["day"].to_numpy()[at]
    return since, until, day


def _dated(data: Dataset, rows: Codes, stage: Codes) -> tuple[Moments, Mask, Moments]:
    """Dated entry of the current stage, whether it is a date only, latest dated entry of
    another."""
    own, elsewhere = np.full(len(rows), NEVER), np.full(len(rows), NEVER)
    coarse = np.zeros(len(rows), dtype=bool)
    slot = np.full(len(data.deals), -1, dtype=np.int64)
    slot[rows] = np.arange(len(rows))
    entries = data.entries
    asked, deal = slot >= 0, entries["deal"].to_numpy()
    known = np.flatnonzero(asked[deal])
    known = known[entries["evidence"].to_numpy()[known] <= Evidence.DATES]
    at_slot = slot[deal[known]]
    at = entries["at"].to_numpy()[known].astype("M8[s]")
    here = entries["stage"].to_numpy()[known] == stage[at_slot]
    own[at_slot[here]] = at[here]
    coarse[at_slot[here]] = entries["day"].to_numpy()[known][here]
    np.fmax.at(elsewhere, at_slot[~here], at[~here])
    return own, coarse, elsewhere


def _in_first_stage(data: Dataset, rows: Codes, stage: Codes) -> Mask:
    """Deals in the first open stage that no «previous stage» shows to have come back to it."""
    funnel = data.funnel
    first = np.zeros(len(funnel.stages) + 1, dtype=bool)
    for pipeline in funnel.pipelines:
        if pipeline.first:
            first[funnel.code[pipeline.first.id]] = True
    moved = np.array([s.kind is not StageKind.INCOMING for s in funnel.stages] + [False])
    previous = data.deals["previous_stage"].cat.codes.to_numpy()[rows]
    back: Mask = moved[previous] & (previous != stage)
    return first[stage] & ~back
