"""E(d,s): the first moment each deal was really seen to enter each stage, and the reach R(d).

The evidence of a snapshot export: creation (first open stage), close date (won, lost), the
stage-change date (current stage); and, stronger, a date column per stage. Reach may be filled in
from the current or previous stage, a date never (docs/metrics.md, "Words" and "Evidence").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import Funnel, Pipeline

Codes = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
Moments = npt.NDArray[Any]

_NAT = np.datetime64("NaT", "s")
_NOTHING = 127  # weaker than any evidence


def build_entries(
    deals: pd.DataFrame, stage_dates: dict[str, pd.Series], funnel: Funnel
) -> pd.DataFrame:
    """The entries frame of ``Dataset`` from resolved deals and the stages' date columns.

    stage_dates: stage id -> moments aligned with ``deals`` (missing: not entered or not recorded).
    Of several sources for one deal and stage the strongest counts, of equal ones the earliest.
    """
    parts = [_pipeline(deals, stage_dates, funnel, p) for p in funnel.pipelines]
    deal = np.concatenate([np.empty(0, np.int32), *(p.deal for p in parts)])
    # a deal is in one pipeline, so the stable order by deal keeps its stages in order
    order = np.argsort(deal, kind="stable")
    deal = deal[order]

    def column(name: str, dtype: str) -> Any:
        return np.concatenate([np.empty(0, dtype), *(getattr(p, name) for p in parts)])[order]

    return pd.DataFrame(
        {
            "deal": deal,
            "stage": column("stage", "int16"),
            "at": column("at", "M8[s]"),
            "day": column("day", "bool"),
            "evidence": column("evidence", "int8"),
            "manager": deals["manager"].cat.codes.to_numpy()[deal].astype(np.int32),
        }
    )


class _Grid:
    """The deals of one pipeline by its stages: for each pair the best moment found so far."""

    def __init__(self, rows: Codes, stages: Codes) -> None:
        shape = (len(rows), len(stages))
        self._rows, self._stages = rows, stages
        self._first = int(stages[0]) if len(stages) else 0  # codes of a pipeline are neighbours
        self._at = np.full(shape, _NAT)
        self._day = np.zeros(shape, bool)
        self._level = np.full(shape, _NOTHING, np.int8)

    def add(self, where: Mask, stage: Codes | int, at: Moments, day: Mask, level: int) -> None:
        """Note that the deals of ``where`` entered ``stage`` (code, or one per deal) at ``at``.

        All arrays are aligned with the pipeline's deals.
        """
        hit = np.flatnonzero(where & ~np.isnat(at))
        if isinstance(stage, np.ndarray):
            column = stage[hit] - self._first
        else:
            column = np.full(len(hit), stage - self._first)
        known, moment = self._level[hit, column], at[hit]
        better = (level < known) | ((level == known) & (moment < self._at[hit, column]))
        hit, column = hit[better], column[better]
        self._at[hit, column], self._day[hit, column] = at[hit], day[hit]
        self._level[hit, column] = level

    def entries(self) -> _Entries:
        """What was found, deal by deal, stages in order."""
        deal, column = np.nonzero(self._level != _NOTHING)
        return _Entries(
            self._rows[deal].astype(np.int32),
            self._stages[column].astype(np.int16),
            self._at[deal, column],
            self._day[deal, column],
            self._level[deal, column],
        )


@dataclass(frozen=True)
class _Entries:
    deal: Codes
    stage: Codes
    at: Moments
    day: Mask
    evidence: Codes


def _pipeline(
    deals: pd.DataFrame, stage_dates: dict[str, pd.Series], funnel: Funnel, pipeline: Pipeline
) -> _Entries:
    codes = np.array([funnel.code[s.id] for s in pipeline.stages], np.int64)
    inside = deals["pipeline"].cat.codes.to_numpy() == funnel.pipeline_code[pipeline.key]
    rows = np.flatnonzero(inside)
    grid = _Grid(rows, codes)
    stage = deals["stage"].cat.codes.to_numpy()[rows].astype(np.int64)
    status = _Statuses(deals, rows)
    closed, closed_day = _moments(deals, "closed_at")[rows], deals["closed_day"].to_numpy()[rows]
    first = funnel.code[pipeline.first.id] if pipeline.first else -1
    goal = funnel.code[pipeline.goal.id] if pipeline.goal else -1
    if first >= 0:
        created, day = _moments(deals, "created_at")[rows], deals["created_day"].to_numpy()[rows]
        grid.add(~status.among("incoming"), first, created, day, Evidence.SNAPSHOT)
    if goal >= 0:
        grid.add(status.among("won", "converted"), goal, closed, closed_day, Evidence.SNAPSHOT)
    known = (stage >= 0) & ~deals["stage_unknown"].to_numpy()[rows]
    lost = known & status.among("lost")
    grid.add(lost, stage, closed, closed_day, Evidence.SNAPSHOT)
    changed = _moments(deals, "stage_changed_at")[rows]
    current = known & ~lost & (stage != goal) & (stage != first)
    changed_day = deals["stage_changed_day"].to_numpy()[rows]
    grid.add(current, stage, changed, changed_day, Evidence.SNAPSHOT)
    everyone = np.ones(len(rows), bool)
    for s in pipeline.stages:
        if s.id in stage_dates:
            at = stage_dates[s.id].to_numpy()[rows].astype("M8[s]")
            day = at == at.astype("M8[D]")  # a stage date at exactly 00:00:00 is a date
            grid.add(everyone, funnel.code[s.id], at, day, Evidence.DATES)
    return grid.entries()


class _Statuses:
    """The status of some deals, by codes."""

    def __init__(self, deals: pd.DataFrame, rows: Codes | slice = slice(None)) -> None:
        column = deals["status"].cat
        self._codes = column.codes.to_numpy()[rows]
        self._names = [str(c) for c in column.categories]

    def among(self, *names: str) -> Mask:
        """Deals that have one of the statuses."""
        table = np.array([*(n in names for n in self._names), False])
        out: Mask = table[self._codes]
        return out


def _moments(deals: pd.DataFrame, name: str) -> Moments:
    return deals[name].to_numpy().astype("M8[s]")


def reach(
    deals: pd.DataFrame, entries: pd.DataFrame, stage_dates: dict[str, pd.Series], funnel: Funnel
) -> pd.DataFrame:
    """Reach R(d) of each deal: ``reach_low`` surely, ``reach_high`` possibly, and its evidence.

    A won deal reached the goal. An open deal's reach is the highest of its current stage, its
    previous stage and its dated entries. A lost, parked or unknown deal's is the highest of its
    previous stage and dated entries; without a previous stage it may have reached any stage above
    that no column dates (or whose column is younger than the deal). So may a deal whose stage the
    config does not know, or whose stage at ``as_of`` cannot be told: what the export calls its
    previous stage may lie after that moment too.
    """
    ranks = np.array([s.rank for s in funnel.stages] + [-1], dtype=np.int16)
    low = np.full(len(deals), -1, np.int16)
    np.maximum.at(low, entries["deal"].to_numpy(), ranks[entries["stage"].to_numpy()])
    pipeline = deals["pipeline"].cat.codes.to_numpy()
    later = deals["stage_unknown"].to_numpy().astype(bool)
    stage = np.where(later, -1, deals["stage"].cat.codes.to_numpy())
    previous = np.where(later, -1, deals["previous_stage"].cat.codes.to_numpy())
    same = _same_pipeline(previous, pipeline, funnel)
    previous_rank = np.where(same, ranks[previous], -1).astype(np.int16)
    low = np.maximum(low, ranks[stage])
    low = np.maximum(low, previous_rank)
    status = _Statuses(deals)
    won = status.among("won", "converted")
    goals = np.array([p.goal.rank if p.goal else -1 for p in funnel.pipelines] + [-1], np.int16)
    low = np.where(won, np.maximum(low, goals[pipeline]), low).astype(np.int16)
    high = low.copy()
    vague = status.among("lost", "parked", "unknown") & (previous_rank < 0)
    vague |= ~won & (later | ((stage < 0) & status.among("open", "parked", "unknown")))
    created = _moments(deals, "created_at")
    for p in funnel.pipelines:
        inside = vague & (pipeline == funnel.pipeline_code[p.key])
        for s in p.open_stages if inside.any() else ():
            possible = inside & ~(created >= _begun(stage_dates.get(s.id)))
            high[possible] = np.maximum(high[possible], s.rank)
    level = np.full(len(deals), Evidence.SNAPSHOT, np.int8)
    level[previous_rank >= 0] = Evidence.PREVIOUS
    dated = entries["deal"].to_numpy()[entries["evidence"].to_numpy() <= Evidence.DATES]
    level[dated] = Evidence.DATES
    return pd.DataFrame({"reach_low": low, "reach_high": high, "reach_evidence": level})


def _begun(dates: pd.Series | None) -> np.datetime64:
    """The first moment a stage's date column knows, NaT if none."""
    at = np.empty(0, "M8[s]") if dates is None else dates.to_numpy().astype("M8[s]")
    known = at[~np.isnat(at)]
    return known.min() if len(known) else _NAT


def _same_pipeline(stage: Codes, pipeline: Codes, funnel: Funnel) -> Mask:
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages] + [-1])
    same: Mask = (stage >= 0) & (home[stage] == pipeline)
    return same
