"""Norms of the config against what was done, per manager, and summed per role or department.

Rows of a norm are separate from the plain rows of its metric: their ``slice`` is ``norm=<i>``, i
the norm's position in the config from 0, their ``definition`` ``norm:<i>`` or, if the norm is not
evaluated, ``needs.<reason>``. ``norm`` and ``great`` are scaled by working days. Without norms
nothing is judged.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.config.schema import Norm
from funnelkpi.metrics import _verdicts
from funnelkpi.metrics._figures import Figure, Figures
from funnelkpi.metrics._proration import OwedDays, earlier
from funnelkpi.metrics._scopes import long_rows
from funnelkpi.metrics._stages import Array
from funnelkpi.metrics.result import NOT_EVALUATED, conform, empty
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.period import Period

NORM_STREAK = MetricSpec("norm_streak", "count", better="lower")
SPECS = (NORM_STREAK,)
LOOK_BACK = 12
"""Earlier periods looked at for the streak."""


def facts(data: Dataset, view: View, metric: str) -> pd.DataFrame:
    """The deals behind all norms in the period, with ``norm`` = the norm's position in the
    config.
    """
    figures = Figures(data, view, view.period.start)
    parts = []
    for i, norm in enumerate(view.settings.norms):
        found = figures.of(norm)
        if found.facts is not None:
            rows = found.within(view.period)
            parts.append(rows[["deal", "manager", "pipeline"]].assign(norm=i))
    nothing = pd.DataFrame({n: pd.Series(dtype=np.int32) for n in ("deal", "manager", "pipeline")})
    return pd.concat([p for p in parts if len(p)] or [nothing.assign(norm=0)], ignore_index=True)


def judged(data: Dataset, norm: Norm) -> list[int]:
    """Codes of the listed managers a norm applies to: all, or those named, of a role, a
    department.
    """
    who = norm.who
    return [
        code
        for code, m in enumerate(data.roster.managers)
        if m.listed
        and (
            not who
            or m.name in who.get("manager", ())
            or m.role in who.get("role", ())
            or m.department in who.get("department", ())
        )
    ]


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows of every norm and of its streak."""
    if not view.settings.norms:
        return empty()
    view = replace(view, by=())
    before = earlier(view.period, LOOK_BACK)
    figures = Figures(data, view, before[-1].start)
    days = [OwedDays.of(p, data.calendar, view.as_of) for p in (view.period, *before)]
    parts = []
    for i, norm in enumerate(view.settings.norms):
        found = figures.of(norm)
        parts += _One(i, norm, found, data, view, [view.period, *before], days).rows()
    parts = [p for p in parts if len(p)]
    return conform(pd.concat(parts, ignore_index=True)) if parts else empty()


class _One:
    """One norm against its figure."""

    def __init__(
        self,
        position: int,
        norm: Norm,
        figure: Figure,
        data: Dataset,
        view: View,
        periods: list[Period],
        days: list[OwedDays],
    ) -> None:
        self.position, self.norm, self.figure = position, norm, figure
        self.data, self.view, self.periods, self.days = data, view, periods, days
        self.less = norm.less_is_better or figure.spec.better == "lower"
        self.who = judged(data, norm)

    def units(self, period: int) -> Array:
        """By how much each judged manager's norm is multiplied; NaN without a working day."""
        people = [self.data.roster.managers[m] for m in self.who]
        days = self.days[period]
        if self.figure.spec.scales:
            worked = np.array([days.units(m, self.norm.per) for m in people], dtype=np.float64)
        else:
            worked = np.array([float(days.units(m, "day") > 0) for m in people], dtype=np.float64)
        return np.where(worked > 0, worked, np.nan)

    def rows(self) -> list[pd.DataFrame]:
        """Rows of the managers, of the roles and departments named, and of the streaks."""
        if not self.who:
            return []
        people = self.data.roster.managers
        table = pd.DataFrame(
            {
                "scope": "manager",
                "department": [people[m].department for m in self.who],
                "role": [people[m].role for m in self.who],
                "manager": [people[m].name for m in self.who],
                "units": self.units(0),
            }
        )
        if self.figure.reason:
            norm = np.round(self.norm.normal * table["units"], 9)
            great = np.nan if self.norm.great is None else self.norm.great
            scaled = {"norm": norm, "great": np.round(great * table["units"], 9)}
            return [self._long(table.assign(reason=self.figure.reason, **scaled))]
        table = pd.concat(
            [table, self.figure.measured(self.who, self.view.period).reset_index(drop=True)], axis=1
        )
        groups = [self._group(table, "department"), self._group(table, "role")]
        done = self._judged(pd.concat([table, *groups], ignore_index=True))
        return [self._long(done), self._streaks(done)]

    def _group(self, table: pd.DataFrame, level: str) -> pd.DataFrame:
        """Sums over the judged managers of each role or department the norm names."""
        named = self.norm.who.get("role" if level == "role" else "department", ())
        parts = []
        for name in named:
            members = table[(table[level] == name) & table["units"].notna()]
            if len(members):
                total = self.figure.total(members)
                units = members["units"].sum() if self.figure.spec.scales else 1.0
                keys = {"department": None, "role": None, "manager": None, level: name}
                parts.append(total.assign(scope=level, units=units, **keys))
        return pd.concat(parts, ignore_index=True) if parts else table[:0]

    def _judged(self, table: pd.DataFrame) -> pd.DataFrame:
        table = self.figure.finished(table)
        table["norm"] = np.round(self.norm.normal * table["units"], 9)
        great = np.nan if self.norm.great is None else self.norm.great
        table["great"] = np.round(great * table["units"], 9)
        table["verdict"] = [self._verdict(row) for row in table.to_dict("records")]
        few = self.figure.kind == "share"
        table["mark"] = np.where(few & (table["n"] < _verdicts.MIN_BASE), "few", "")
        away = table["units"].isna()
        table.loc[away, ["value", "bound_low", "bound_high", "low", "high"]] = np.nan
        table["reason"] = np.where(table["verdict"].isna() & ~away, self._wanting(table), "")
        return table

    def _wanting(self, table: pd.DataFrame) -> Array:
        """What would give the verdicts that are missing."""
        if self.figure.least:
            return np.full(len(table), "stage_dates", dtype=object)
        if self.figure.kind != "share":
            return np.full(len(table), "more_deals", dtype=object)
        bounded = table["bound_low"].notna() & (table["n"] >= _verdicts.MIN_BASE)
        return np.where(bounded, "stage_history", "more_deals").astype(object)

    def _verdict(self, row: dict[Hashable, Any]) -> str | None:
        normal, great = row["norm"], None if self.norm.great is None else row["great"]
        if np.isnan(row["units"]):
            return None
        if self.figure.kind == "share":
            known = np.isnan(row["bound_low"])
            ends = (row["value"],) * 2 if known else (row["bound_low"], row["bound_high"])
            interval = (row["low"], row["high"])
            return _verdicts.of_share(ends, interval, row["n"], normal, great, self.less)
        if self.figure.least:
            return _verdicts.at_least(row["bound_low"], normal, great, self.less)
        if np.isnan(row["value"]):
            return None
        return _verdicts.band(row["value"], normal, great, self.less)

    def _streaks(self, table: pd.DataFrame) -> pd.DataFrame:
        """Consecutive periods below, ending with this one; periods without a working day are
        skipped.
        """
        own = table[table["scope"] == "manager"].reset_index(drop=True)
        if self.figure.least or not self.figure.periodic:
            return empty()
        streak = (own["verdict"] == _verdicts.BELOW).to_numpy().astype(np.float64)
        running = streak > 0
        start = self.data.deals["created_at"].min()
        for i, period in enumerate(self.periods[1:], 1):
            if not running.any() or pd.isna(start) or period.start < start.normalize():
                break
            units = self.units(i)
            worked = ~np.isnan(units)
            running &= self._below(period, units) | ~worked
            streak += running & worked
        rows = own[["scope", "department", "role", "manager"]].assign(value=streak)
        rows = rows[own["units"].notna()]
        return self._long(rows, NORM_STREAK)

    def _below(self, period: Period, units: Array) -> Array:
        """Who was below the norm in an earlier period."""
        if self.figure.kind in ("count", "money") and self.figure.lookup is None:
            value = self.figure.plain_values(self.who, period)
            above = value - np.round(self.norm.normal * units, 9)
            return (-above if self.less else above) < -_verdicts.TOLERANCE
        then = self.figure.measured(self.who, period).reset_index(drop=True)
        judged = self._judged(then.assign(units=units))
        return (judged["verdict"] == _verdicts.BELOW).to_numpy()

    def _long(self, table: pd.DataFrame, spec: MetricSpec | None = None) -> pd.DataFrame:
        if not len(table):
            return empty()
        codes = {"pipeline": self.figure.pipeline, "stage": self.figure.stage,
                 "to_stage": self.figure.to_stage}  # fmt: skip
        rows = table.drop(columns=["pipeline", "stage", "to_stage"], errors="ignore").assign(
            **codes
        )
        rows["slice"] = f"norm={self.position}"
        about = spec or self.figure.spec
        own = f"norm:{self.position}"
        out = long_rows(rows, about, self.data, self.view, definition=own)
        if self.figure.stage < 0:
            out["stage"], out["to_stage"] = self.norm.stage, self.norm.to_stage
        if spec is None:
            out["evidence"] = self.figure.evidence
            reason = table["reason"].to_numpy(dtype=object)
            wanting = reason != ""
            out["verdict"] = out["verdict"].where(~wanting, NOT_EVALUATED)
            out["definition"] = np.where(wanting, np.char.add("needs.", reason.astype(str)), own)
            out["mark"] = out["mark"].where(out["mark"] != "", None)
        return conform(out)
