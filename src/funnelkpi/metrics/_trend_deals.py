"""Trends of the figures of deals that belong to a period: every period from one pass over the facts
of all of them."""

from __future__ import annotations

import numpy as np

from funnelkpi.metrics import entries, plain, win_rate
from funnelkpi.metrics._columns import Array, Columns, columns, distinct, length, taken
from funnelkpi.metrics._deals import NEVER, cents, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._points import data_begin, place, stage_begin
from funnelkpi.metrics._scopes import all_pipelines, fine
from funnelkpi.metrics._stages import counted_stages, exact, told
from funnelkpi.metrics._trend_series import POINT, Grid, Series
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.stats import share, wilson
from funnelkpi.metrics.view import View
from funnelkpi.model.period import Period

FIGURES = (
    plain.CREATED, plain.WON, plain.WON_AMOUNT, plain.LOST, plain.AVERAGE_CHECK, win_rate.WIN_RATE,
)  # fmt: skip


def deal_series(index: Index, view: View, spans: list[Period]) -> list[Series]:
    """Counts, sums and the win rate, then the entries of the stages whose every entry is dated."""
    counts = _Counts(Grid(index, view, spans))
    found = [s for spec in FIGURES if (s := counts.of(spec)) is not None]
    return [*found, *counts.entries()]


class _Counts:
    def __init__(self, grid: Grid) -> None:
        self.grid, self.index, self.view = grid, grid.index, grid.view
        self.begin = data_begin(grid.index)
        self.pipelines = grid.index.data.funnel.pipelines

    def of(self, spec: MetricSpec) -> Series | None:
        """A plain figure or the win rate; None if the files lack a column of it."""
        data = self.index.data
        if spec is win_rate.WIN_RATE:
            return self._win_rate() if told(data, "closed_at") else None
        if any(column not in data.available for column in spec.needs):
            return None
        facts = columns(plain.facts(data, self.view, spec.id, index=self.index))
        deals = self.index.deals
        at = deals.created if spec is plain.CREATED else deals.closed
        facts[POINT] = place(at[facts["deal"]], self.grid.spans)
        if spec.unit == "count":
            facts["n"] = np.ones(length(facts), np.int64)
            rows = self._summed(facts, ["pipeline"], ["n"])
            return self._series(spec, {**rows, "value": rows["n"]})
        facts["cents"], facts["n"] = cents(facts["amount"])
        rows = self._summed(facts, ["pipeline", "currency"], ["cents", "n"])
        total = rows["cents"] / 100
        rows["value"] = total
        if spec is plain.AVERAGE_CHECK:
            rows |= {"numerator": total, "denominator": rows["n"], "value": share(total, rows["n"])}
        return self._series(spec, rows)

    def _win_rate(self) -> Series:
        spec = win_rate.WIN_RATE
        facts = columns(win_rate.facts(self.index.data, self.view, spec.id, index=self.index))
        facts[POINT] = place(seconds(facts["at"]), self.grid.spans)
        facts["numerator"], facts["n"] = facts["hit"], np.ones(length(facts), np.int64)
        rows = self._summed(facts, ["pipeline"], ["numerator", "n"])
        rows |= {"denominator": rows["n"], "value": share(rows["numerator"], rows["n"])}
        rows["low"], rows["high"] = wilson(rows["numerator"], rows["n"])
        return self._series(spec, rows)

    def entries(self) -> list[Series]:
        """Entries of the stages whose every entry is dated."""
        data = self.index.data
        stages = [
            (code, data.funnel.code[s.id], s, p)
            for code, p in enumerate(self.pipelines)
            for s in counted_stages(p)
            if exact(data, p, s)
        ]
        if not stages:
            return []
        spec = entries.ENTRIES
        facts = columns(entries.facts(data, self.view, spec.id, index=self.index))
        known = np.zeros(len(data.funnel.stages) + 1, dtype=bool)
        known[[s for _, s, _, _ in stages]] = True
        facts = taken(facts, known[facts["stage"]])
        facts[POINT] = place(seconds(facts["at"]), self.grid.spans)
        facts["n"] = np.ones(length(facts), np.int64)
        grid = {
            "pipeline": np.array([p for p, *_ in stages]),
            "stage": np.array([s for _, s, *_ in stages]),
        }
        rows = self.grid.summed(facts, ["pipeline", "stage"], ["n"], grid)
        early = np.zeros((len(known), self.grid.size), dtype=bool)
        for _, s, stage, p in stages:
            own = self.begin.get(p.entity, NEVER)
            early[s] = self.grid.early(stage_begin(self.index, p, stage, own))
        rows["evidence"] = entries.weakest(self.index, self.view)[rows["stage"]]
        rows["value"] = rows["n"]
        return [self.grid.series(spec, rows, early[rows["stage"], rows[POINT]])]

    def _summed(self, facts: Columns, keys: list[str], sums: list[str]) -> Columns:
        """Sums by unit, ``keys`` and point: of each pipeline and of all together."""
        own = fine(taken(facts, facts[POINT] >= 0), [*keys, POINT], sums)
        own = all_pipelines(own, self.index.data)
        grid = plain.every_pipeline(self.pipelines)
        if "currency" in keys:
            grid = distinct(own, keys)
        return self.grid.spread(own, keys, sums, {k: grid[k] for k in keys})

    def _series(self, spec: MetricSpec, rows: Columns) -> Series:
        entities = [p.entity for p in self.pipelines]
        every: list[str] = [*entities, "deal" if "deal" in entities else "lead"]
        early: Array = np.array([self.grid.early(self.begin.get(e, NEVER)) for e in every])
        return self.grid.series(spec, rows, early[rows["pipeline"], rows[POINT]])
