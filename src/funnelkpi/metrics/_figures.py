"""The figure a norm speaks of, per manager: from the facts of its metric, filtered as the norm
says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.config.schema import Norm
from funnelkpi.metrics import _counts
from funnelkpi.metrics._cohort import path_steps
from funnelkpi.metrics._filters import UnknownFieldError, passing
from funnelkpi.metrics._stages import known
from funnelkpi.metrics.declared import DECLARED
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import Pipeline
from funnelkpi.model.period import Period

Kind = Literal["count", "money", "mean", "share", "row"]
_PERIODIC = ("win_rate", "average_check")
_ALWAYS = ("stage", "created_at")
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
    data: Dataset
    view: View
    facts: pd.DataFrame | None = None
    lookup: pd.DataFrame | None = None
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

    def within(self, period: Period) -> pd.DataFrame:
        """The facts of one period."""
        assert self.facts is not None
        if not self.periodic:
            return self.facts
        at = self.facts["at"].to_numpy()
        start, end = (np.datetime64(m, "s") for m in (period.start, period.end))
        return self.facts[(at >= start) & (at < end)]

    def measured(self, managers: Sequence[int], period: Period) -> pd.DataFrame:
        """Sums of each manager in the period, in the order of ``managers``; ``finished`` makes
        values.
        """
        if self.lookup is not None:
            names = [self.data.roster.managers[m].name for m in managers]
            rows = self.lookup.drop_duplicates("manager").set_index("manager").reindex(names)
            return rows[list(_EXTRA)].reset_index(drop=True)
        rows = self.within(period)
        if self.kind == "share":
            counts = self._share_counts(rows)
        else:
            amount = rows["amount"].to_numpy() if "amount" in rows else np.zeros(len(rows))
            cents = np.round(np.nan_to_num(amount) * 100).astype(np.int64)
            table = pd.DataFrame({"manager": rows["manager"], "cents": cents, "n": 1})
            counts = table.groupby("manager")[["cents", "n"]].sum()
        return counts.reindex(list(managers), fill_value=0).reset_index(drop=True)

    def _share_counts(self, rows: pd.DataFrame) -> pd.DataFrame:
        names = list(_counts.RATE)
        if "klass" in rows:
            return _counts.fine(rows, self.data, self.view).set_index("manager")[names]
        hit = rows["hit"].to_numpy().astype(np.int64)
        table = pd.DataFrame({name: np.ones(len(rows), np.int64) for name in names})
        table["hits"] = table["possible"] = hit
        return table.assign(manager=rows["manager"].to_numpy()).groupby("manager")[names].sum()

    def plain_values(self, managers: Sequence[int], period: Period) -> npt.NDArray[np.float64]:
        """Counts or sums (kinds ``count`` and ``money``) of each manager in one period."""
        assert self.facts is not None
        at = self.facts["at"].to_numpy()
        start, end = (np.datetime64(m, "s") for m in (period.start, period.end))
        inside = (at >= start) & (at < end)
        owner = self.facts["manager"].to_numpy()[inside].astype(np.int64) + 1
        people = len(self.data.roster.managers) + 1
        if self.kind == "count":
            sums = np.bincount(owner, minlength=people).astype(np.float64)
        else:
            amount = np.nan_to_num(self.facts["amount"].to_numpy()[inside])
            sums = np.bincount(owner, weights=np.round(amount * 100), minlength=people) / 100
        values: npt.NDArray[np.float64] = sums[np.asarray(managers, dtype=np.int64) + 1]
        return values

    def total(self, members: pd.DataFrame) -> pd.DataFrame:
        """The figure of several managers together: sums, never a mean of rates."""
        names = [c for c in (*_counts.RATE, "cents", "n") if c in members]
        if self.lookup is not None:
            return pd.DataFrame({name: [np.nan] for name in _EXTRA})
        return members[list(dict.fromkeys(names))].sum().to_frame().T

    def finished(self, table: pd.DataFrame) -> pd.DataFrame:
        """``table`` of sums with value, numerator, denominator, n, interval and bounds."""
        out = table.copy()
        if self.lookup is not None:
            return out
        if self.kind == "share":
            numbers = out[list(_counts.RATE)].astype(np.float64)
            made = _counts.rates(numbers, self.view.settings.conversion.max_gap)
            return out.drop(columns=list(_counts.RATE)).join(made.drop(columns="open_gap"))
        n, cents = out["n"].astype(np.float64), out["cents"].astype(np.float64)
        value = {"count": n, "money": cents / 100, "mean": cents / 100 / n.where(n > 0)}
        out = out.drop(columns="cents").assign(**dict.fromkeys(_EXTRA, np.nan))
        out["value"], out["n"] = value[self.kind], n
        if self.kind == "mean":
            out["numerator"], out["denominator"] = cents / 100, n
        if self.least:
            out["bound_low"], out["value"] = out["value"], np.nan
        return out


class Figures:
    """Makes the figures of norms; facts of a metric are taken once, from ``since`` to the period's
    end.
    """

    def __init__(self, data: Dataset, view: View, since: datetime) -> None:
        wide = Period(since, view.period.end, view.period.name)
        self.data, self.view = data, replace(view, by=())
        self.wide = replace(view, period=wide, by=())
        self._facts: dict[str, pd.DataFrame] = {}
        self._rows: dict[str, pd.DataFrame] = {}

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
            found.facts = found.facts[keep[found.facts["deal"].to_numpy()]]
        if len(places) == 1:
            pipeline, found.stage, found.to_stage = places[0]
            found.pipeline = self.data.funnel.pipeline_code[pipeline.key]
        return found

    def _without(self, norm: Norm, spec: MetricSpec, reason: str) -> Figure:
        code = self.data.funnel.pipeline_code.get(norm.pipeline or "", -1)
        return Figure(spec, "count", self.data, self.view, reason=reason, pipeline=code)

    def _figure(
        self, norm: Norm, spec: MetricSpec, places: list[tuple[Pipeline, int, int]]
    ) -> Figure:
        out = Figure(spec, "count", self.data, self.view, evidence="snapshot")
        rows = self._facts_of(spec)
        if spec.unit == "count":
            out.kind = "count"
        elif spec.unit == "money" and "amount" in rows:
            out.kind = "mean" if spec.id == "average_check" else "money"
            currencies = list(self.data.deals["currency"].cat.categories)
            wanted = self.view.settings.currency
            rows = rows[
                rows["currency"] == (currencies.index(wanted) if wanted in currencies else -2)
            ]
        elif spec.unit == "share" and "hit" in rows:
            out.kind = "share"
            out.evidence = None if "klass" in rows else "snapshot"
        else:
            return self._looked_up(norm, spec, places)
        pipelines = {self.data.funnel.pipeline_code[p.key] for p, _, _ in places}
        keep = np.isin(rows["pipeline"].to_numpy(), list(pipelines))
        for name, codes in (
            ("stage", {s for _, s, _ in places}),
            ("to_stage", {t for _, _, t in places}),
        ):
            if name in rows and codes != {-1}:
                keep &= np.isin(rows[name].to_numpy(), list(codes))
        out.facts = rows[keep]
        if spec.id in ("entries", "skipped_over"):
            self._evidence(out, places)
        return out

    def _evidence(self, out: Figure, places: list[tuple[Pipeline, int, int]]) -> None:
        stages = self.data.funnel.stages
        dated = [stages[s].id in self.data.dated for _, s, _ in places]
        levels = [known(self.data, p, stages[s]) for p, s, _ in places]
        if out.spec.id == "skipped_over":
            levels = ["exact" if d else "not_evaluated" for d in dated]
        out.evidence = "dates" if all(dated) else "snapshot"
        out.least = set(levels) != {"exact"}
        if set(levels) == {"not_evaluated"}:
            out.reason, out.least = "stage_dates", False

    def _facts_of(self, spec: MetricSpec) -> pd.DataFrame:
        from funnelkpi.metrics.registry import FAMILY_OF

        if spec.id not in self._facts:
            rows: pd.DataFrame = FAMILY_OF[spec.id].facts(self.data, self.wide, spec.id)
            if "at" not in rows:
                moment = "closed_at" if "closed_at" in spec.needs else "created_at"
                at = self.data.deals[moment].to_numpy()[rows["deal"].to_numpy()]
                rows = rows.assign(at=at.astype("M8[s]"))
            self._facts[spec.id] = rows
        return self._facts[spec.id]

    def _looked_up(
        self, norm: Norm, spec: MetricSpec, places: list[tuple[Pipeline, int, int]]
    ) -> Figure:
        """A figure that is no sum of facts (a median, say): the manager's row of the long table."""
        from funnelkpi.metrics.registry import FAMILY_OF

        family = FAMILY_OF[spec.id]
        if family.__name__ not in self._rows:
            self._rows[family.__name__] = family.compute(self.data, self.view)
        rows = self._rows[family.__name__]
        rows = rows[
            (rows["metric"] == spec.id) & (rows["scope"] == "manager") & rows["slice"].isna()
        ]
        for name, key in (("stage", norm.stage), ("to_stage", norm.to_stage)):
            rows = rows[rows[name] == key] if key else rows
        statistic = "value" if (rows["statistic"] == "value").any() else "median"
        rows = rows[(rows["statistic"] == statistic) & rows["verdict"].isna()]
        keys = [p.key for p, _, _ in places]
        one = rows["pipeline"] == keys[0] if len(keys) == 1 else rows["pipeline"].isna()
        out = Figure(spec, "row", self.data, self.view, lookup=rows[one], evidence="snapshot")
        out.reason = "" if one.any() else "norm_pipeline" if len(keys) > 1 else "too_few"
        return out


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
