"""E(d,s): the first moment each deal was really seen to enter each stage, and the reach R(d).

The evidence of a snapshot export: creation (first open stage), close date (won, lost), the
stage-change date (current stage); and, stronger, a date column per stage. Reach may be filled in from
the current or previous stage, a date never (docs/metrics.md, "Words" and "Evidence").
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import Funnel, Pipeline, Stage, StageKind

Codes = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
Moments = npt.NDArray[Any]

_GOALS = (StageKind.WON, StageKind.CONVERTED)


def build_entries(
    deals: pd.DataFrame, stage_dates: dict[str, pd.Series], funnel: Funnel
) -> pd.DataFrame:
    """The entries frame of ``Dataset`` from resolved deals and the stages' date columns.

    stage_dates: stage id -> moments aligned with ``deals`` (missing: not entered or not recorded).
    Of several sources for one deal and stage the strongest counts, of equal ones the earliest.
    """
    parts = [part for p in funnel.pipelines for part in _pipeline(deals, stage_dates, funnel, p)]
    parts = [part for part in parts if len(part)]
    if not parts:
        nothing = np.empty(0, np.int64)
        return _frame(nothing, nothing, np.empty(0, "M8[s]"), False, 0)
    out = pd.concat(parts, ignore_index=True)
    out = out.sort_values(["deal", "stage", "evidence", "at"], kind="stable")
    out = out.drop_duplicates(["deal", "stage"]).reset_index(drop=True)
    out["manager"] = deals["manager"].cat.codes.to_numpy()[out["deal"]].astype(np.int32)
    return out


def _frame(deal: Codes, stage: Codes, at: Moments, day: Mask | bool, evidence: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "deal": deal.astype(np.int32),
            "stage": stage.astype(np.int16),
            "at": at.astype("M8[s]"),
            "day": np.broadcast_to(np.asarray(day, dtype=bool), len(deal)),
            "evidence": np.full(len(deal), evidence, np.int8),
            "manager": np.full(len(deal), -1, np.int32),
        }
    )


def _pipeline(
    deals: pd.DataFrame, stage_dates: dict[str, pd.Series], funnel: Funnel, pipeline: Pipeline
) -> list[pd.DataFrame]:
    inside = deals["pipeline"].cat.codes.to_numpy() == funnel.pipeline_code[pipeline.key]
    stage = deals["stage"].cat.codes.to_numpy()
    status = deals["status"].astype("str").to_numpy()
    created, closed = _moments(deals, "created_at"), _moments(deals, "closed_at")
    changed = _moments(deals, "stage_changed_at")
    parts: list[pd.DataFrame] = []

    def add(where: Mask, target: Stage | Codes, at: Moments, day: Mask | bool, level: int) -> None:
        rows = np.flatnonzero(where & ~np.isnat(at))
        codes = (
            target[rows]
            if isinstance(target, np.ndarray)
            else np.full(len(rows), funnel.code[target.id])
        )
        days = day[rows] if isinstance(day, np.ndarray) else day
        parts.append(_frame(rows, codes, at[rows], days, level))

    if pipeline.first:
        moved = inside & (status != "incoming")
        add(moved, pipeline.first, created, deals["created_day"].to_numpy(), Evidence.SNAPSHOT)
    if pipeline.goal:
        won = inside & np.isin(status, ("won", "converted"))
        add(won, pipeline.goal, closed, deals["closed_day"].to_numpy(), Evidence.SNAPSHOT)
    known = inside & (stage >= 0) & ~deals["stage_unknown"].to_numpy()
    lost = known & (status == "lost")
    add(lost, stage, closed, deals["closed_day"].to_numpy(), Evidence.SNAPSHOT)
    first = funnel.code[pipeline.first.id] if pipeline.first else -1
    goal = funnel.code[pipeline.goal.id] if pipeline.goal else -1
    current = known & ~lost & (stage != goal) & (stage != first)
    add(current, stage, changed, deals["stage_changed_day"].to_numpy(), Evidence.SNAPSHOT)
    for s in pipeline.stages:
        if s.id in stage_dates:
            at = stage_dates[s.id].to_numpy().astype("M8[s]")
            day = at == at.astype("M8[D]")  # a stage date at exactly 00:00:00 is a date
            add(inside, s, at, day, Evidence.DATES)
    return parts


def _moments(deals: pd.DataFrame, name: str) -> Moments:
    return deals[name].to_numpy().astype("M8[s]")


def reach(
    deals: pd.DataFrame, entries: pd.DataFrame, stage_dates: dict[str, pd.Series], funnel: Funnel
) -> pd.DataFrame:
    """Reach R(d) of each deal: ``reach_low`` surely, ``reach_high`` possibly, and its evidence.

    A won deal reached the goal. An open deal's reach is the highest of its current stage, its
    previous stage and its dated entries. A lost, parked or unknown deal's is the highest of its
    previous stage and dated entries; without a previous stage it may have reached any stage above
    that no column dates (or whose column is younger than the deal).
    """
    ranks = np.array([s.rank for s in funnel.stages] + [-1], dtype=np.int16)
    low = np.full(len(deals), -1, np.int16)
    seen = ranks[entries["stage"].to_numpy()]
    np.maximum.at(low, entries["deal"].to_numpy(), seen)
    stage = np.where(deals["stage_unknown"], -1, deals["stage"].cat.codes.to_numpy())
    previous = deals["previous_stage"].cat.codes.to_numpy()
    same = _same_pipeline(previous, deals["pipeline"].cat.codes.to_numpy(), funnel)
    previous_rank = np.where(same, ranks[previous], -1).astype(np.int16)
    low = np.maximum(low, ranks[stage])
    low = np.maximum(low, previous_rank)
    high = low.copy()
    status = deals["status"].astype("str").to_numpy()
    vague = np.isin(status, ("lost", "parked", "unknown")) & (previous_rank < 0)
    vague |= deals["stage_unknown"].to_numpy() & ~np.isin(status, ("won", "converted"))
    created = _moments(deals, "created_at")
    for p in funnel.pipelines:
        inside = vague & (deals["pipeline"].cat.codes.to_numpy() == funnel.pipeline_code[p.key])
        for s in p.open_stages:
            at = stage_dates.get(s.id)
            begun = at.min() if at is not None else pd.NaT
            undated = (
                np.full(len(deals), True) if begun is pd.NaT else created < np.datetime64(begun)
            )
            high = np.where(inside & undated, np.maximum(high, s.rank), high).astype(np.int16)
    level = np.full(len(deals), Evidence.SNAPSHOT, np.int8)
    level[previous_rank >= 0] = Evidence.PREVIOUS
    dated = entries.loc[entries["evidence"] <= Evidence.DATES, "deal"].to_numpy()
    level[dated] = Evidence.DATES
    return pd.DataFrame({"reach_low": low, "reach_high": high, "reach_evidence": level})


def _same_pipeline(stage: Codes, pipeline: Codes, funnel: Funnel) -> Mask:
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages] + [-1])
    same: Mask = (stage >= 0) & (home[stage] == pipeline)
    return same
