"""Norms of the config against what was done, per manager, and summed per role or department.

Rows of a norm are separate from the plain rows of its metric: their ``slice`` is ``norm=<i>``, i
the norm's position in the config from 0, their ``definition`` ``norm:<i>`` or, if the norm is not
evaluated, ``needs.<reason>``. ``norm`` and ``great`` are scaled by working days. Without norms
nothing is judged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.config.schema import Norm
from funnelkpi.metrics import _verdicts
from funnelkpi.metrics._columns import Array, Columns, either, joined, length, taken
from funnelkpi.metrics._figures import Figure, Figures
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._proration import OwedDays, earlier
from funnelkpi.metrics._scopes import long_rows
from funnelkpi.metrics.result import NOT_EVALUATED, Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.period import Period

NORM_STREAK = MetricSpec("norm_streak", "count", better="lower")
SPECS = (NORM_STREAK,)
LOOK_BACK = 12
"""Earlier periods looked at for the streak."""


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """The deals behind all norms in the period, with ``norm`` = the norm's position in the
    config.
    """
    figures = Figures(index or Index(data), view, view.period.start)
    types = {"deal": np.int32, "manager": np.int32, "pipeline": np.int16}
    parts = [{**{n: np.empty(0, t) for n, t in types.items()}, "norm": np.empty(0, np.int64)}]
    for i, norm in enumerate(view.settings.norms):
        found = figures.of(norm)
        if found.facts is not None:
            rows = found.within(view.period)
            parts.append({**{n: rows[n] for n in types}, "norm": np.full(length(rows), i)})
    return pd.DataFrame(joined(parts))


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
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    if not view.settings.norms:
        return []
    view = replace(view, by=())
    periods = [view.period, *earlier(view.period, LOOK_BACK)]
    figures = Figures(index, view, periods[-1].start)
    days = [OwedDays.of(p, index.data.calendar, view.as_of) for p in periods]
    out = []
    for i, norm in enumerate(view.settings.norms):
        out += _One(i, norm, figures.of(norm), index, view, periods, days).rows()
    return out


class _One:
    """One norm against its figure."""

    def __init__(
        self,
        position: int,
        norm: Norm,
        figure: Figure,
        index: Index,
        view: View,
        periods: list[Period],
        days: list[OwedDays],
    ) -> None:
        self.position, self.norm, self.figure = position, norm, figure
        self.index, self.view, self.periods, self.days = index, view, periods, days
        self.less = norm.less_is_better or figure.spec.better == "lower"
        self.who = judged(index.data, norm)

    def units(self, period: int) -> Array:
        """By how much each judged manager's norm is multiplied; NaN without a working day."""
        people = [self.index.data.roster.managers[m] for m in self.who]
        days = self.days[period]
        if self.figure.spec.scales:
            worked = np.array([days.units(m, self.norm.per) for m in people], dtype=np.float64)
        else:
            worked = np.array([float(days.units(m, "day") > 0) for m in people], dtype=np.float64)
        return np.where(worked > 0, worked, np.nan)

    def rows(self) -> list[Part]:
        """Rows of the managers, of the roles and departments named, and of the streaks."""
        if not self.who:
            return []
        who = self.index.names.nobody + 1 + np.array(self.who)
        table = {"who": who, "units": self.units(0)}
        if self.figure.reason:
            reason = np.full(len(who), self.figure.reason, dtype=object)
            return [self._long({**table, **self._bounds(table["units"]), "reason": reason})]
        table |= self.figure.measured(self.who, self.view.period)
        groups = [*self._groups(table, "department"), *self._groups(table, "role")]
        done = self._judged(joined([table, *groups]))
        return [self._long(done), *self._streaks(taken(done, np.arange(len(who))))]

    def _groups(self, table: Columns, level: str) -> list[Columns]:
        """Sums over the judged managers of each role or department the norm names."""
        names = self.index.names
        group = getattr(names, level)[table["who"]]
        sums = {name: values for name, values in table.items() if name not in ("who", "units")}
        out = []
        for name in self.norm.who.get("role" if level == "role" else "department", ()):
            own = (group == name) & ~np.isnan(table["units"])
            if own.any():
                units = table["units"][own].sum() if self.figure.spec.scales else 1.0
                place = {"who": np.array([names.unit(level, name)]), "units": np.array([units])}
                out.append({**place, **self.figure.total(taken(sums, own))})
        return out

    def _bounds(self, units: Array) -> Columns:
        great = np.nan if self.norm.great is None else self.norm.great
        return {
            "norm": np.round(self.norm.normal * units, 9),
            "great": np.round(great * units, 9),
        }

    def _judged(self, table: Columns) -> Columns:
        """Sums as figures with bounds, verdict, mark, and what would give a missing verdict."""
        units = table["units"]
        out = {**self.figure.finished(table), **self._bounds(units)}
        there = ~np.isnan(units)
        verdicts = [self._verdict(out, i) if is_there else None for i, is_there in enumerate(there)]
        out["verdict"] = np.array(verdicts, dtype=object)
        few = (out["n"] < _verdicts.MIN_BASE) & (self.figure.kind == "share")
        out["mark"] = either(few, "few")
        for name in ("value", "bound_low", "bound_high", "low", "high"):
            out[name] = np.where(there, out[name], np.nan)
        wanting = there & (out["verdict"] == None)  # noqa: E711 - elementwise
        out["reason"] = np.where(wanting, self._wanting(out), "")
        if "who" in table:
            out["who"] = table["who"]
        return {**out, "units": units}

    def _wanting(self, table: Columns) -> Array:
        """What would give the verdicts that are missing."""
        if self.figure.least:
            return np.full(len(table["n"]), "stage_dates", dtype=object)
        if self.figure.kind != "share":
            return np.full(len(table["n"]), "more_deals", dtype=object)
        bounded = ~np.isnan(table["bound_low"]) & (table["n"] >= _verdicts.MIN_BASE)
        return either(bounded, "stage_history", "more_deals")

    def _verdict(self, table: Columns, row: int) -> str | None:
        at = {name: float(values[row]) for name, values in table.items()}
        normal, great = at["norm"], None if self.norm.great is None else at["great"]
        if self.figure.kind == "share":
            known = np.isnan(at["bound_low"])
            ends = (at["value"],) * 2 if known else (at["bound_low"], at["bound_high"])
            interval = (at["low"], at["high"])
            return _verdicts.of_share(ends, interval, at["n"], normal, great, self.less)
        if self.figure.least:
            return _verdicts.at_least(at["bound_low"], normal, great, self.less)
        if np.isnan(at["value"]):
            return None
        return _verdicts.band(at["value"], normal, great, self.less)

    def _streaks(self, own: Columns) -> list[Part]:
        """Consecutive periods below, ending with this one; periods without a working day are
        skipped.
        """
        if self.figure.least or not self.figure.periodic:
            return []
        streak = (own["verdict"] == _verdicts.BELOW).astype(np.float64)
        running = streak > 0
        start = self.index.data.deals["created_at"].min()
        for i, period in enumerate(self.periods[1:], 1):
            if not running.any() or pd.isna(start) or period.start < start.normalize():
                break
            units = self.units(i)
            worked = ~np.isnan(units)
            running &= self._below(period, units) | ~worked
            streak += running & worked
        rows = taken({"who": own["who"], "value": streak}, ~np.isnan(own["units"]))
        return [self._long(rows, NORM_STREAK)]

    def _below(self, period: Period, units: Array) -> Array:
        """Who was below the norm in an earlier period."""
        if self.figure.kind in ("count", "money"):
            value = self.figure.finished(self.figure.measured(self.who, period))["value"]
            above = value - self._bounds(units)["norm"]
            return (-above if self.less else above) < -_verdicts.TOLERANCE
        then = self._judged({**self.figure.measured(self.who, period), "units": units})
        below: Array = then["verdict"] == _verdicts.BELOW
        return below

    def _long(self, table: Columns, spec: MetricSpec | None = None) -> Part:
        size = length(table)
        for name in ("pipeline", "stage", "to_stage"):
            table[name] = np.full(size, getattr(self.figure, name))
        own = f"norm:{self.position}"
        about: dict[str, Any] = {"slice": f"norm={self.position}", "definition": own}
        if self.figure.stage < 0:
            about |= {"stage": self.norm.stage, "to_stage": self.norm.to_stage}
        if spec is not None:
            return long_rows(table, spec, self.index, self.view, **about)
        wanting = table["reason"] != ""
        known = table.get("verdict", np.full(size, None))
        table["verdict"] = np.where(wanting, NOT_EVALUATED, known)
        about["definition"] = np.where(wanting, "needs." + table["reason"], own)
        about["evidence"] = self.figure.evidence
        return long_rows(table, self.figure.spec, self.index, self.view, **about)
