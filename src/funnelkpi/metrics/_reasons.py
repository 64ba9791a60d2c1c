"""Why an open deal needs attention: the reasons of docs/metrics.md, "Stalled deals", one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from funnelkpi.metrics._clocks import (
    Codes,
    Floats,
    Mask,
    StageClock,
    elapsed_days,
    moments,
    stage_clock,
)
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._limits import stage_limits
from funnelkpi.metrics._stage_calls import under_called
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import MAX_STAGE_UNKNOWN, Dataset
from funnelkpi.model.date_only import date_only

REASONS = ("stalled", "silent", "no_next_step", "overdue", "too_old", "under_called")
"""In the order they are named; the position is the bit in ``Judged.flags``."""

STATUSES = ("other", "soon", "perhaps", "stalled")
"""What the stage clock says: past the limit, perhaps past it, about to pass it, none of these."""

_ACTIVITY = ("last_activity_at", "activity_at")
_PLANNED = ("planned_close_at", "next_task_at")


@dataclass(frozen=True)
class Judged:
    """Every open deal with its clocks, limits and reasons, in arrays of equal length.

    rows: positions in ``data.deals``; limit and the clock in the unit of the stage; over: how far
    past the stage's limit, as a share of the limit (of ``days_high`` where only perhaps past);
    worst: the largest such share among the limits surely passed (stage, silence, age), 0 if none;
    due: days until the limit of those that pass it soon; silent_days, overdue_days, age_days: days
    since the last activity, the missed date, the creation. absent: reason -> what it would need
    (``needs.<...>``), for reasons that could not be evaluated.
    """

    rows: Codes
    stage: Codes
    clock: StageClock
    limit: Floats
    working: Mask
    status: Codes
    flags: Codes
    over: Floats
    worst: Floats
    due: Floats
    silent_days: Floats
    overdue_days: Floats
    age_days: Floats
    age_limit: Floats
    absent: dict[str, str]

    def has(self, reason: str) -> Mask:
        """Which deals have ``reason``."""
        mask: Mask = (self.flags >> REASONS.index(reason)) & 1 == 1
        return mask


def evaluable(data: Dataset) -> bool:
    """Whether enough stages are known at ``as_of`` for stock and stalled deals."""
    return data.stage_unknown_share <= MAX_STAGE_UNKNOWN


def judge(index: Index, view: View) -> Judged:
    """Judge every open deal whose stage is known; parked and incoming deals have no clock."""
    data, deals = index.data, index.deals
    rows = np.flatnonzero(deals.status("open") & ~deals.stage_unknown)
    stage = deals.codes("stage")[rows]
    limit, working = _limits(data, view, stage)
    clock = stage_clock(data, rows, working)
    absent: dict[str, str] = {}
    status, over, due = _stage_status(clock, limit, view.settings.stalled.warn_days)
    silent_days, silence = _silence(data, view, rows, absent)
    overdue_days = _overdue(data, rows, absent)
    age_days, age_limit = _age(index, view, rows, absent)
    masks = {
        "stalled": status == STATUSES.index("stalled"),
        "silent": silent_days > silence,
        "no_next_step": _no_next_step(data, rows, absent),
        "overdue": overdue_days > 0,
        "too_old": age_days > age_limit,
        "under_called": _under_called(index, view, rows, absent),
    }
    flags = np.zeros(len(rows), dtype=np.uint8)
    for bit, reason in enumerate(REASONS):
        flags |= masks[reason].astype(np.uint8) << bit
    worst = np.where(masks["stalled"], over, 0)
    worst = np.fmax(worst, np.where(masks["silent"], silent_days / silence - 1, 0))
    excess = (age_days - age_limit) / np.maximum(age_limit, 1)
    worst = np.fmax(worst, np.where(masks["too_old"], excess, 0))
    return Judged(
        rows, stage, clock, limit, working, status, flags, over, worst, due,
        silent_days, overdue_days, age_days, age_limit, absent,
    )  # fmt: skip


def _limits(data: Dataset, view: View, stage: Codes) -> tuple[Floats, Mask]:
    table = stage_limits(data, view)
    limit = np.full(len(data.funnel.stages) + 1, np.nan)
    working = np.zeros(len(data.funnel.stages) + 1, dtype=bool)
    code = table["stage"].to_numpy()
    limit[code] = table["limit"].to_numpy()
    working[code] = (table["unit"] == "working_days").to_numpy()
    return limit[stage], working[stage]


def _stage_status(clock: StageClock, limit: Floats, warn: float) -> tuple[Codes, Floats, Floats]:
    """Status, how far over the limit, days left. Past a limit means more days than the limit."""
    bounded = ~np.isnan(limit)
    stalled = clock.low > limit
    perhaps = bounded & ~stalled & ~(clock.high <= limit)
    soon = bounded & (clock.high <= limit) & (clock.low + warn > limit)
    status = np.select([stalled, perhaps, soon], [3, 2, 1], 0).astype(np.int8)
    days = np.select([stalled, perhaps], [clock.low, clock.high], np.nan)
    # A limit under a day (visits of minutes) must not make a deal infinitely late.
    over = (days - limit) / np.maximum(limit, 1)
    return status, over, np.where(soon, limit - clock.low, np.nan)


def _silence(
    data: Dataset, view: View, rows: Codes, absent: dict[str, str]
) -> tuple[Floats, float]:
    """Days without activity, and their limit.

    A deal without any activity is silent since its creation; where calls are the source, since the
    first call known, as earlier ones may be missing. Calls alone tell of silence only until the
    moment they cover.
    """
    nothing = np.full(len(rows), np.nan)
    limit = view.settings.stalled.silent_days
    if limit is None:
        return nothing, np.inf
    recorded = any(name in data.available for name in _ACTIVITY)
    if not recorded and data.calls is None:
        absent["silent"] = "last_activity"
        return nothing, np.inf
    start = moments(data, "activity_at", rows)
    coarse = date_only(start)
    never = np.isnat(start)
    created = moments(data, "created_at", rows)
    end = np.datetime64(data.as_of, "s")
    if data.calls is not None and len(data.calls):
        first_call = np.datetime64(data.calls["called_at"].min(), "s")
        created = np.where(np.isnat(created), created, np.maximum(created, first_call))
        if not recorded:
            end = min(end, np.datetime64(data.covered.get("calls", data.as_of), "s"))
    start[never] = created[never]
    coarse[never] = data.deals["created_day"].to_numpy()[rows][never]
    days = np.maximum(elapsed_days(start, end, coarse), 0)
    return np.where(_kept(data, "activity_at", rows), days, np.nan), limit


def _no_next_step(data: Dataset, rows: Codes, absent: dict[str, str]) -> Mask:
    if "next_task_at" not in data.available:
        absent["no_next_step"] = "next_task"
        return np.zeros(len(rows), dtype=bool)
    return np.isnat(moments(data, "next_task_at", rows)) & _kept(data, "next_task_at", rows)


def _overdue(data: Dataset, rows: Codes, absent: dict[str, str]) -> Floats:
    """Days since the earlier of a missed task and a missed expected close date; NaN: none
    missed."""
    out = np.full(len(rows), np.nan)
    sources = [name for name in _PLANNED if name in data.available]
    if not sources:
        absent["overdue"] = "planned_close"
    for name in sources:
        planned = moments(data, name, rows)
        days = elapsed_days(planned, np.datetime64(data.as_of, "s"), date_only(planned))
        out = np.fmax(out, np.where(days > 0, days, np.nan))
    return out


def _age(index: Index, view: View, rows: Codes, absent: dict[str, str]) -> tuple[Floats, Floats]:
    """Days since the creation, and the age past which a deal of its pipeline is too old."""
    created = moments(index.data, "created_at", rows)
    coarse = index.data.deals["created_day"].to_numpy()[rows].astype(bool)
    age = np.maximum(elapsed_days(created, np.datetime64(index.data.as_of, "s"), coarse), 0)
    if not view.settings.stalled.too_old:
        return age, np.full(len(rows), np.nan)
    limits = np.append(index.age_limits, np.nan)
    if np.isnan(limits).all():
        absent["too_old"] = "twenty_wins"
    return age, limits[index.deals.codes("pipeline")[rows]]


def _under_called(index: Index, view: View, rows: Codes, absent: dict[str, str]) -> Mask:
    """Deals called on fewer days in their stage than its norm; none where no stage has a norm."""
    below, why = under_called(index, view)
    if why:
        absent["under_called"] = why
    return below[rows]


def _kept(data: Dataset, column: str, rows: Codes) -> Mask:
    """Deals from files that have ``column`` at all: in a folder of two CRMs one may lack it.

    A file in which no deal has it filled is taken to lack it, unless no file has it filled.
    """
    files = data.deals["_file"].array
    if len(files.categories) == 1:
        return np.ones(len(rows), dtype=bool)
    file = files.codes
    filled = data.deals[column].notna().to_numpy()
    kept = np.bincount(file[filled] + 1, minlength=int(file.max(initial=-1)) + 2) > 0
    if not kept.any():
        return np.ones(len(rows), dtype=bool)
    own: Mask = kept[file[rows] + 1]
    return own
