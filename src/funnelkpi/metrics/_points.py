"""The moments a trend is made of: the last periods at equal maturity, and since when data reach.

A running period is compared with the same elapsed part of the earlier ones: Wednesday with
Wednesdays. A point that begins before the data do is missing, not zero.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Array
from funnelkpi.metrics._deals import NEVER, second, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._proration import earlier
from funnelkpi.metrics._stages import observed_since
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import Pipeline, Stage
from funnelkpi.model.period import Period

POINTS = 12
"""Points of a trend, the asked period's among them."""
_TOLERANCE = timedelta(days=31)


def points(view: View) -> list[Period]:
    """The last twelve periods, the oldest first; of a running one every period's same elapsed part.

    Empty if the period lies in the future.
    """
    whole = [*reversed(earlier(view.period, POINTS - 1)), view.period]
    passed = view.as_of + timedelta(seconds=1) - view.period.start  # as_of itself still counts
    if passed <= timedelta(0):
        return []
    if view.as_of >= view.period.end:
        return whole
    return [Period(p.start, min(p.end, p.start + passed), p.name) for p in whole]


def back(view: View, moment: datetime, count: int) -> datetime:
    """``moment``, ``count`` of the view's periods earlier; of whole months the same day, at most the
    last of its month."""
    period = view.period
    first = earlier(period, 1)[0].start
    months = (period.start.year - first.year) * 12 + period.start.month - first.month
    whole = first.day == period.start.day == 1 and period.end.day == 1
    if not (whole and months):
        return moment - count * (period.end - period.start)
    index = moment.year * 12 + moment.month - 1 - months * count
    year, month = index // 12, index % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def place(at: Array, spans: list[Period]) -> Array:
    """The number of the span each moment (in seconds) lies in; -1 in none. The spans are in order."""
    starts = np.array([second(p.start) for p in spans], dtype=np.int64)
    ends = np.array([second(p.end) for p in spans], dtype=np.int64)
    found = np.searchsorted(starts, at, side="right") - 1
    found[(found >= 0) & (at >= ends[found])] = -1
    out: Array = found
    return out


def data_begin(index: Index) -> dict[str, int]:
    """Entity (deal, lead) -> the first creation or close its rows know, in seconds; ``NEVER`` without
    any."""
    deals = index.deals
    names = [str(c) for c in index.data.deals["entity"].cat.categories]
    entity = deals.codes("entity")
    first = np.minimum(deals.created, deals.closed)
    return {name: int(first[entity == i].min(initial=NEVER)) for i, name in enumerate(names)}


def source_begin(index: Index, name: str) -> int:
    """The moment from which ``calls``, ``tasks``, ``contacts`` or ``companies`` are known, in seconds;
    ``NEVER`` without any.

    Of tasks the later of the first that was put down and the first that was due: a list of tasks may
    be cut by either.
    """
    if name == "calls":
        return NEVER if index.calls is None else index.calls.begin
    frame: pd.DataFrame | None = getattr(index.data, name)
    if frame is None:
        return NEVER
    columns = ("created_at", "due_at") if name == "tasks" else ("created_at",)
    first = [int(seconds(frame[c].to_numpy()).min(initial=NEVER)) for c in columns if c in frame]
    return max((f for f in first if f != NEVER), default=NEVER)


def reaching(view: View, data: Dataset, end: datetime) -> View:
    """``view`` from the moment ``end`` at which a source ends, if working hours have passed since the
    end of that day: then every period is taken only as far as the source comes in the last one."""
    day = datetime.combine(end.date() + timedelta(days=1), datetime.min.time())
    until = min(view.as_of, view.period.end)
    if until <= day:
        return view
    moments = np.array([day, until], dtype="M8[s]")
    passed = np.diff(data.calendar.working_seconds(moments, day.date()))[0]
    return replace(view, as_of=end) if passed else view


def stage_begin(index: Index, pipeline: Pipeline, stage: Stage, own: int) -> int:
    """The moment from which the entries of ``stage`` are known, in seconds.

    own: that of the pipeline's rows, which is also that of the first open stage (creation) and of the
    goal (close date).
    """
    if stage in (pipeline.first, pipeline.goal):
        return own
    return max(own, observed_since(index.data, stage))


def covered(data: Dataset, start: datetime, since: int) -> bool:
    """Whether data known from ``since`` (seconds) cover what begins at ``start``: they begin no
    later, or no working day lies between.

    A company's first deal of January is entered after the holidays; January is whole all the same.
    """
    if since == NEVER:
        return False
    first = datetime(1970, 1, 1) + timedelta(seconds=since)
    if first <= start or first.date() == start.date():
        return True
    if first - start > _TOLERANCE:
        return False
    return not data.calendar.working_days(start.date(), first.date() - timedelta(days=1))
