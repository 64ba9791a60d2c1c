"""Which times between two stages are asked for, and how long one is in the unit of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from funnelkpi.metrics._cohort import path_steps
from funnelkpi.metrics._columns import Array
from funnelkpi.metrics._stages import exact
from funnelkpi.metrics._ways import DAY
from funnelkpi.metrics.spec import Unit
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import Pipeline, Stage
from funnelkpi.model.workdays import WorkCalendar

HOUR = 3600
TICK = {"hours": HOUR, "working_hours": HOUR, "days": DAY, "working_days": 1}
"""Whole numbers that make one unit: seconds, or working days as they are."""
SHOWN: dict[str, Unit] = {
    "hours": "hours", "working_hours": "hours", "days": "days", "working_days": "days",
}  # fmt: skip
"""The long table's unit."""


@dataclass(frozen=True)
class Asked:
    """One time between two stages of a pipeline, its unit and limit. dated: both ends are."""

    pipeline: Pipeline
    stage: Stage
    to_stage: Stage
    unit: str
    limit: float
    dated: bool

    @property
    def ticks(self) -> float:
        """The limit in whole numbers of ``TICK``."""
        return self.limit * TICK[self.unit]

    @property
    def coarser(self) -> int:
        """To what the times of many deals are rounded up: a divisor of the limit."""
        steps = (HOUR, 60) if self.unit == "days" else (60,)
        return next((s for s in steps if self.unit != "working_days" and self.ticks % s == 0), 1)


def asked(data: Dataset, view: View) -> list[Asked]:
    """The lags of the config, then those that only norms name (in days, limit: the norm's normal)."""
    wanted: list[tuple[str | None, str, str | None, str, float]] = [
        (lag.pipeline, lag.stage, lag.to_stage, lag.unit, lag.limit) for lag in view.settings.lags
    ]
    wanted += [
        (norm.pipeline, norm.stage, norm.to_stage, "days", norm.normal)
        for norm in view.settings.norms
        if norm.metric == "lag" and norm.stage and norm.normal > 0
    ]
    found: dict[tuple[str, str, str], Asked] = {}
    for key, first, last, unit, limit in wanted:
        for pipeline in data.funnel.pipelines:
            if key not in (None, pipeline.key):
                continue
            by_key = {s.key: s for s in pipeline.path}
            target = last or next((t.key for s, t in path_steps(pipeline) if s.key == first), None)
            if first not in by_key or target not in by_key:
                continue
            stage, to_stage = by_key[str(first)], by_key[str(target)]
            if stage.rank >= to_stage.rank:
                continue
            dated = exact(data, pipeline, stage) and exact(data, pipeline, to_stage)
            place = (pipeline.key, stage.key, to_stage.key)
            found.setdefault(place, Asked(pipeline, stage, to_stage, unit, limit, dated))
    return list(found.values())


class Clock:
    """Time between moments (in seconds) in whole numbers of ``TICK`` of one unit."""

    def __init__(self, unit: str, calendar: WorkCalendar) -> None:
        self._unit, self._calendar = unit, calendar

    def between(self, start: Array, end: Array) -> Array:
        """From start to end as both stand; never negative."""
        if self._unit == "working_days":
            days = self._calendar.working_days_between(start.view("M8[s]"), end.view("M8[s]"))
            return np.maximum(days, 0).astype(np.int64)
        if self._unit == "working_hours":
            passed: Array = self._worked(start, end)
        else:
            passed = end - start
        return np.maximum(passed, 0)

    def _worked(self, start: Array, end: Array) -> Array:
        if not len(start):
            return np.empty(0, np.int64)
        least = min(int(start.min()), int(end.min()))
        origin: date = np.datetime64(least, "s").astype("M8[D]").astype(object)
        clock = self._calendar.working_seconds
        out: Array = clock(end.view("M8[s]"), origin) - clock(start.view("M8[s]"), origin)
        return out

    def bounds(self, start: tuple[Array, Array], end: tuple[Array, Array]) -> tuple[Array, Array]:
        """The least and the most it can have taken between two intervals (since, until).

        A moment at exactly 00:00:00 is a date. In days a date makes the time the difference of
        dates; in hours it may be any moment of that day.
        """
        (a, b), (c, d) = start, end
        if self._unit == "days":
            least, most = _in_days(b, c), _in_days(a, d)
        elif self._unit == "working_days":
            least, most = self.between(b, c), self.between(a, d)
        else:
            least = self.between(np.where(b % DAY == 0, b + DAY, b), c)
            most = self.between(a, np.where(d % DAY == 0, d + DAY, d))
        return least, np.maximum(most, least)


def _in_days(start: Array, end: Array) -> Array:
    whole = (start % DAY == 0) | (end % DAY == 0)
    dates = (end // DAY - start // DAY) * DAY
    return np.maximum(np.where(whole, dates, end - start), 0)
