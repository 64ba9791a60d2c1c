"""The figure a norm speaks of, per manager: from the facts of its metric, filtered as the norm
says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

import numpy as np

from funnelkpi.config.schema import Norm
from funnelkpi.metrics import _counts
from funnelkpi.metrics._cohort import path_steps
from funnelkpi.metrics._columns import Array, Columns, columns, length, taken
from funnelkpi.metrics._filters import UnknownFieldError, passing
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._stages import known
from funnelkpi.metrics.declared import DECLARED
from funnelkpi.metrics.entries import weakest
from funnelkpi.metrics.result import long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.stats import share
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import Pipeline
from funnelkpi.model.period import Period

Kind = Literal["count", "money", "mean", "share", "row"]
_PERIODIC = (
    "win_rate",
    "average_check",
    "meetings_with_next_step",
    "promise_kept",
    "answered_share",
)
_ALWAYS = ("stage", "created_at")
_SUMMED = ("deal", "manager", "amount", "klass", "hit", "possible", "sure")
_EXTRA = ("value", "numerator", "denominator", "n", "low", "high", "bound_low", "bound_high")


@dataclass
class Figure:
    """One norm's figure. ``reason``: why it is not evaluated (key under ``metrics.needs``).

    least: the facts are only some of those that count ("at least"). periodic: it belongs to a
    period and can be asked for earlier ones. pipeline, stage, to_stage: codes, -1 for several or
    none.
    """

    spec: MetricSpec
    kind: Kind
    index: Index
    view: View
    facts: Columns | None = None
    lookup: Columns | None = None
    reason: str = ""
    least: bool = False
    pipeline: int = -1
    stage: int = -1
    to_stage: int = -1
    evidence: str | None = None

    @property
    def periodic(self) -> bool:
        """Whether the figure can be asked for another period."""
        return self.facts is not None and (self.spec.scales or self.spec.id in _PERIODIC)

    def within(self, period: Period, names: Sequence[str] | None = None) -> Columns:
        """The facts of one period; of its columns only ``names`` if given."""
        assert self.facts is not None
        facts = self.facts if names is None else {n: self.facts[n] for n in names}
        if not self.periodic:
            return facts
        at = self.facts["at"]
        start, end = (np.datetime64(m, "s") for m in (period.start, period.end))
        return taken(facts, (at >= start) & (at < end))

    def measured(self, managers: Sequence[int], period: Period) -> Columns:
        """Sums of each manager in the period, in the order of ``managers``; ``finished`` makes
        values.
        """
        if self.lookup is not None:
            row_of: dict[str, int] = {}
            for row, name in enumerate(self.lookup["manager"]):
                row_of.setdefault(name, row)
            people = self.index.data.roster.managers
            at = np.array([row_of.get(people[m].name, -1) for m in managers], dtype=np.int64)
            return {name: np.append(self.lookup[name], np.nan)[at] for name in _EXTRA}
        assert self.facts is not None
        rows = self.within(period, [n for n in _SUMMED if n in self.facts])
        at = np.asarray(managers, dtype=np.int64) + 1
        return {name: sums[at] for name, sums in self._sums(rows).items()}

    def _sums(self, rows: Columns) -> Columns:
        """Sums by manager, nobody first."""
        owner, people = rows["manager"].astype(np.int64) + 1, len(self.index.data.roster.managers)
        weights: dict[str, Array | None]
        if self.kind == "share" and "klass" in rows:
            counts = _counts.fine(rows, self.index.slices(()))
            owner = counts["manager"].astype(np.int64) + 1
            weights = {name: counts[name] for name in _counts.RATE}
        elif self.kind == "share":
            weights = dict.fromkeys(_counts.RATE)
            weights["hits"] = weights["possible"] = rows["hit"]
        else:
            weights = {"n": None}
            if "amount" in rows:
                weights["cents"] = np.round(np.nan_to_num(rows["amount"]) * 100)
        return {
            name: np.bincount(owner, weights=each, minlength=people + 1).astype(np.int64)
            for name, each in weights.items()
        }

    def total(self, sums: Columns) -> Columns:
        """The figure of several managers together: sums, never a mean of rates."""
        if self.lookup is not None:
            return {name: np.array([np.nan]) for name in _EXTRA}
        return {name: values.sum(keepdims=True) for name, values in sums.items()}

    def finished(self, sums: Columns) -> Columns:
        """value, numerator, denominator, n, interval and bounds from sums."""
        if self.lookup is not None:
            return sums
        if self.kind == "share":
            made = _counts.rates(sums, self.view.settings.conversion.max_gap)
            return {name: made[name].astype(np.float64) for name in _EXTRA}
        n = sums["n"].astype(np.float64)
        out = {name: np.full(len(n), np.nan) for name in _EXTRA}
        out["value"], out["n"] = n, n
        if self.kind != "count":
            out["value"] = sums["cents"] / 100
        if self.kind == "mean":
            out["numerator"], out["denominator"] = out["value"], n
            out["value"] = share(out["value"], n)
        if self.least:
            out["bound_low"], out["value"] = out["value"], np.full(len(n), np.nan)
        return out


class Figures:
    """Makes the figures of norms; facts of a metric are taken once, from ``since`` to the period's
    end.
    """

    def __init__(self, index: Index, view: View, since: datetime) -> None:
        wide = Period(since, view.period.end, view.period.name)
        self.index, self.data = index, index.data
        self.view, self.wide = replace(view, by=()), replace(view, period=wide, by=())
        self._facts: dict[str, Columns] = {}
        self._rows: dict[str, Columns] = {}

    def of(self, norm: Norm) -> Figure:  # noqa: PLR0911 - one return per reason
        """The figure a norm speaks of, or the reason why it cannot be evaluated."""
        from funnelkpi.metrics.registry import SPECS  # the registry lists this family too

        spec = SPECS.get(norm.metric)
        if spec is None:
            why = "later_version" if norm.metric in DECLARED else "unknown_metric"
            return self._without(norm, MetricSpec(norm.metric, "count"), why)
        missing = [c for c in spec.needs if c not in self.data.available and c not in _ALWAYS]
        if missing:
            return self._without(norm, spec, missing[0])
        absent = self._absent(spec)
        if absent is not None:
            return self._without(norm, spec, absent)
        places = _places(self.data, norm, spec)
        if not places:
            return self._without(norm, spec, "norm_stage")
        if spec.level == "step" and not all(p.confirmed for p, _, _ in places):
            return self._without(norm, spec, "confirmed_order")
        try:
            keep = passing(self.data, norm.where) if norm.where else None
        except UnknownFieldError:
            return self._without(norm, spec, "norm_field")
        found = self._figure(norm, spec, places)
        if keep is not None and found.lookup is not None:
            return self._without(norm, spec, "norm_filter")
        if keep is not None and found.facts is not None:
            # what belongs to no deal (-1) passes no filter of deals
            found.facts = taken(found.facts, np.append(keep, False)[found.facts["deal"]])
        if len(places) == 1:
            pipeline, found.stage, found.to_stage = places[0]
            found.pipeline = self.data.funnel.pipeline_code[pipeline.key]
        return found

    def _absent(self, spec: MetricSpec) -> str | None:
        """What would give the figure, where its family can tell (``absent``)."""
        from funnelkpi.metrics.registry import FAMILY_OF

        asked = getattr(FAMILY_OF[spec.id], "absent", None)
        return None if asked is None else asked(self.index, self.wide, spec.id)

    def _without(self, norm: Norm, spec: MetricSpec, reason: str) -> Figure:
        code = self.data.funnel.pipeline_code.get(norm.pipeline or "", -1)
        return Figure(spec, "count", self.index, self.view, reason=reason, pipeline=code)

    def _figure(
        self, norm: Norm, spec: MetricSpec, places: list[tuple[Pipeline, int, int]]
    ) -> Figure:
        out = Figure(spec, "count", self.index, self.view, evidence="snapshot")
        rows = self._facts_of(spec)
        if spec.unit == "count":
            out.kind = "count"
        elif spec.unit == "money" and "amount" in rows:
            out.kind = "mean" if spec.id == "average_check" else "money"
            currencies = list(self.data.deals["currency"].cat.categories)
            wanted = self.view.settings.currency
            code = currencies.index(wanted) if wanted in currencies else -2
            rows = taken(rows, rows["currency"] == code)
        elif spec.unit == "share" and "hit" in rows:
            out.kind = "share"
            out.evidence = None if "klass" in rows else "snapshot"
        else:
            return self._looked_up(norm, spec, places)
        keep = np.ones(length(rows), dtype=bool)
        for name, codes in (
            ("pipeline", self._pipelines(norm, spec, places)),
            ("stage", {s for _, s, _ in places}),
            ("to_stage", {t for _, _, t in places}),
        ):
            if name in rows and codes != {-1}:
                keep &= np.isin(rows[name], list(codes))
        out.facts = taken(rows, keep)
        if spec.id in ("entries", "skipped_over"):
            self._evidence(out, places)
        return out

    def _pipelines(
        self, norm: Norm, spec: MetricSpec, places: list[tuple[Pipeline, int, int]]
    ) -> set[int]:
        """Codes of the pipelines asked for; with those of facts that belong to none."""
        codes = {self.data.funnel.pipeline_code[p.key] for p, _, _ in places}
        if norm.pipeline is None and spec.with_leads:
            codes = set(self.data.funnel.pipeline_code.values())
        return codes | {-1} if spec.anywhere and norm.pipeline is None else codes

    def _evidence(self, out: Figure, places: list[tuple[Pipeline, int, int]]) -> None:
        stages = self.data.funnel.stages
        dated = [stages[s].id in self.data.dated for _, s, _ in places]
        levels = [known(self.data, p, stages[s], self.wide.period.end) for p, s, _ in places]
        if out.spec.id == "skipped_over":
            levels = ["exact" if d else "not_evaluated" for d in dated]
        words = self._weakest
        out.evidence = max((words[s] for _, s, _ in places), key=lambda w: Evidence[w.upper()])
        out.least = set(levels) != {"exact"}
        if set(levels) == {"not_evaluated"}:
            out.reason, out.least = "stage_dates", False

    @cached_property
    def _weakest(self) -> Array:
        return weakest(self.index, self.view)

    def _facts_of(self, spec: MetricSpec) -> Columns:
        from funnelkpi.metrics.registry import FAMILY_OF

        if spec.id not in self._facts:
            family = FAMILY_OF[spec.id]
            rows = columns(family.facts(self.data, self.wide, spec.id, index=self.index))
            if "at" not in rows:
                moment = "closed_at" if "closed_at" in spec.needs else "created_at"
                at = self.data.deals[moment].to_numpy()[rows["deal"]]
                rows["at"] = at.astype("M8[s]")
            self._facts[spec.id] = rows
        return self._facts[spec.id]

    def _looked_up(
        self, norm: Norm, spec: MetricSpec, places: list[tuple[Pipeline, int, int]]
    ) -> Figure:
        """A figure that is no sum of facts (a median, say): the manager's row of the long table."""
        from funnelkpi.metrics.registry import FAMILY_OF

        family = FAMILY_OF[spec.id]
        if family.__name__ not in self._rows:
            self._rows[family.__name__] = columns(long_table(family.parts(self.index, self.view)))
        rows = self._rows[family.__name__]
        asked: dict[str, str | None] = {"metric": spec.id, "scope": "manager", "slice": None}
        asked |= {n: key for n, key in (("stage", norm.stage), ("to_stage", norm.to_stage)) if key}
        rows = _where(rows, **asked)
        statistic = "value" if (rows["statistic"] == "value").any() else "median"
        keys = [p.key for p, _, _ in places]
        pipeline = keys[0] if len(keys) == 1 else None
        rows = _where(rows, statistic=statistic, verdict=None, pipeline=pipeline)
        out = Figure(spec, "row", self.index, self.view, lookup=rows, evidence="snapshot")
        if not length(rows):
            out.reason = "norm_pipeline" if len(keys) > 1 else "too_few"
        return out


def _where(rows: Columns, **asked: str | None) -> Columns:
    """Rows of the long table whose texts are those asked for (None: missing)."""
    keep = [rows[name] == text for name, text in asked.items()]
    return taken(rows, np.logical_and.reduce(keep))


def _places(data: Dataset, norm: Norm, spec: MetricSpec) -> list[tuple[Pipeline, int, int]]:
    """Pipelines of a norm with the codes of its stage and to_stage (-1: none asked)."""
    out = []
    for pipeline in data.funnel.pipelines:
        if norm.pipeline is not None and pipeline.key != norm.pipeline:
            continue
        if norm.stage is None:
            if norm.pipeline is not None or pipeline.entity == "deal":
                out.append((pipeline, -1, -1))
            continue
        by_key = {s.key: s for s in pipeline.stages}
        if norm.stage not in by_key:
            continue
        target = norm.to_stage
        if target is None and spec.level == "step":
            target = next((t.key for s, t in path_steps(pipeline) if s.key == norm.stage), None)
        if target is not None and target not in by_key:
            continue
        to_code = data.funnel.code[by_key[target].id] if target else -1
        out.append((pipeline, data.funnel.code[by_key[norm.stage].id], to_code))
    return out
