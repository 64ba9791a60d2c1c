"""E(d,s): the first moment each deal was really seen to enter each stage, and the reach R(d).

The evidence of a snapshot export: creation (first open stage), close date (won, lost), the
stage-change date (current stage); and, stronger, a date column per stage. Reach may be filled in
from the current or previous stage, a date never (docs/metrics.md, "Words" and "Evidence"). Visits
known from history or kept exports join them: of a deal whose whole way is known they alone count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.model.date_only import date_only
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import Funnel, Pipeline, StageKind
from funnelkpi.model.visits import first_visits, lasting

Codes = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
Moments = npt.NDArray[Any]

_NAT = np.datetime64("NaT", "s")
_NOTHING = 127  # weaker than any evidence


def build_entries(
    deals: pd.DataFrame,
    stage_dates: dict[str, pd.Series],
    funnel: Funnel,
    visits: pd.DataFrame | None = None,
    whole: Mask | None = None,
) -> pd.DataFrame:
    """The entries frame of ``Dataset`` from resolved deals, the stages' date columns and visits.

    stage_dates: stage id -> moments aligned with ``deals`` (missing: not entered or not recorded).
    visits: the frame of ``Dataset``. whole: deals whose way is known since their creation: only
    their visits count. Of several sources for one deal and stage the strongest counts, of equal
    ones the earliest.
    """
    asked = np.ones(len(deals), bool) if whole is None else ~whole
    parts = [_pipeline(deals, stage_dates, funnel, p, asked) for p in funnel.pipelines]
    deal = np.concatenate([np.empty(0, np.int32), *(p.deal for p in parts)])
    # a deal is in one pipeline, so the stable order by deal keeps its stages in order
    order = np.argsort(deal, kind="stable")

    def column(name: str, dtype: str) -> Any:
        return np.concatenate([np.empty(0, dtype), *(getattr(p, name) for p in parts)])[order]

    at = column("at", "M8[s]")
    owner = deals["manager"].cat.codes.to_numpy()
    columns = {
        "deal": deal[order],
        "stage": column("stage", "int16"),
        "at": at,
        "since": at,
        "until": at,
        "day": column("day", "bool"),
        "evidence": column("evidence", "int8"),
        "manager": owner[deal[order]].astype(np.int32),
    }
    if visits is not None and len(visits):
        columns = _joined(columns, visits, whole, deals, funnel)
    return pd.DataFrame(columns, copy=False)


def _winning(funnel: Funnel) -> Mask:
    """Whether a stage (by code) is the goal or lies after it."""
    kinds = (StageKind.WON, StageKind.CONVERTED, StageKind.AFTER)
    return np.array([s.kind in kinds for s in funnel.stages], bool)


def _of_visits(visits: pd.DataFrame, funnel: Funnel) -> dict[str, Codes]:
    """The first visit of each deal to each stage; NaT where its start is unknown."""
    keep = lasting(visits, _winning(funnel))
    if keep.all():
        rows = first_visits(visits, len(funnel.stages))
    else:
        places = np.flatnonzero(keep)
        rows = places[first_visits(visits[["deal", "stage"]].iloc[places], len(funnel.stages))]
    every = len(rows) == len(visits)
    named = {"at": "start", "since": "start_since", "until": "start_until"}
    out = {
        name: visits[named.get(name, name)].to_numpy() if every
        else visits[named.get(name, name)].to_numpy()[rows]
        for name in ("deal", "stage", "at", "since", "until", "evidence", "manager")
    }  # fmt: skip
    out["day"] = date_only(out["at"])
    return out


def _joined(
    own: dict[str, Codes],
    visits: pd.DataFrame,
    whole: Mask | None,
    deals: pd.DataFrame,
    funnel: Funnel,
) -> dict[str, Codes]:
    """Entries of two sources, by deal; of one deal and stage the strongest, of equal the earliest."""
    seen = _of_visits(visits, funnel)
    keep, order = _weighed(own, visits, deals, funnel)
    own = own if keep.all() else {name: values[keep] for name, values in own.items()}
    # a visit that began nobody knows when: its stage's date of the last change is a return
    known = ~np.isnat(seen["at"])
    if len(own["deal"]):
        rank = np.where(known, seen["evidence"] * 2, 2 * Evidence.SNAPSHOT - 1).astype(np.int8)
        both = {name: np.concatenate([own[name], seen[name]]) for name in own}
        both["order"] = np.concatenate([order[keep], rank])
        place = np.argsort(both["deal"], kind="stable")
        both = {name: values[place] for name, values in both.items()}
        left = _strongest(both, whole) & ~np.isnat(both["at"])
        del both["order"]
        return {name: values[left] for name, values in both.items()}
    return seen if known.all() else {name: values[known] for name, values in seen.items()}


def _strongest(both: dict[str, Codes], whole: Mask | None) -> Mask:
    """Which of the entries of one deal and stage counts; those of whole deals have no other."""
    doubtful = np.ones(len(both["deal"]), bool) if whole is None else ~whole[both["deal"]]
    rows = np.flatnonzero(doubtful)
    keys = [both[name][rows] for name in ("at", "order", "stage", "deal")]
    place = rows[np.lexsort(keys)]
    deal, stage = both["deal"][place], both["stage"][place]
    repeated = np.zeros(len(place), bool)
    repeated[1:] = (deal[1:] == deal[:-1]) & (stage[1:] == stage[:-1])
    keep = np.ones(len(both["deal"]), bool)
    keep[place[repeated]] = False
    return keep


def _weighed(
    own: dict[str, Codes], visits: pd.DataFrame, deals: pd.DataFrame, funnel: Funnel
) -> tuple[Mask, Codes]:
    """Which entries of the export stand beside visits, and how strong each is (low: strong).

    A creation is the entry of the first stage unless the deal's first visit is to a stage it did not
    come to by that: not yet sorted, or in another pipeline. A visit to the first stage that is seen
    later is a return.
    """
    deal, stage = own["deal"], own["stage"]
    order = own["evidence"] * 2
    export = own["evidence"] == Evidence.SNAPSHOT
    goals = [funnel.code[p.goal.id] for p in funnel.pipelines if p.goal]
    order[export & np.isin(stage, goals)] = 2 * Evidence.SNAPSHOT - 2
    firsts = np.array([s.rank == 1 for s in funnel.stages], bool)
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages], np.int16)
    begin, begun = visits["deal"].to_numpy(), np.full(len(deals), -1, np.int16)
    top = np.flatnonzero(np.concatenate([[True], begin[1:] != begin[:-1]]))
    begun[begin[top]] = visits["stage"].to_numpy()[top]
    rows = np.flatnonzero(export & firsts[stage])
    came = begun[deal[rows]]
    incoming = np.array([s.rank == 0 for s in funnel.stages] + [False], bool)
    keep = np.ones(len(deal), bool)
    keep[rows] = (came < 0) | (~incoming[came] & (home[came] == home[stage[rows]]))
    order[rows[came >= 0]] = -1
    return keep, order.astype(np.int8)


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
    deals: pd.DataFrame,
    stage_dates: dict[str, pd.Series],
    funnel: Funnel,
    pipeline: Pipeline,
    asked: Mask,
) -> _Entries:
    codes = np.array([funnel.code[s.id] for s in pipeline.stages], np.int64)
    inside = deals["pipeline"].cat.codes.to_numpy() == funnel.pipeline_code[pipeline.key]
    rows = np.flatnonzero(inside & asked)
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
            day = date_only(at)
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
    deals: pd.DataFrame,
    entries: pd.DataFrame,
    stage_dates: dict[str, pd.Series],
    funnel: Funnel,
    visits: pd.DataFrame | None = None,
    whole: Mask | None = None,
) -> pd.DataFrame:
    """Reach R(d) of each deal: ``reach_low`` surely, ``reach_high`` possibly, and its evidence.

    A won deal reached the goal. An open deal's reach is the highest of its current stage, its
    previous stage and its dated entries. A lost, parked or unknown deal's is the highest of its
    previous stage and dated entries; without a previous stage it may have reached any stage above
    that no column dates (or whose column is younger than the deal). So may a deal whose stage the
    config does not know, or whose stage at ``as_of`` cannot be told: what the export calls its
    previous stage may lie after that moment too. A deal whose way is known since its creation
    (``whole``) reached what its visits say, no more and no less.
    """
    ranks = np.array([s.rank for s in funnel.stages] + [-1], dtype=np.int16)
    pipeline = deals["pipeline"].cat.codes.to_numpy()
    low = _highest(entries, pipeline, ranks, funnel)
    if visits is not None and len(visits):
        lasted = visits[["deal", "stage"]]
        keep = lasting(visits, _winning(funnel))
        lasted = lasted if keep.all() else lasted[keep]
        low = np.maximum(low, _highest(lasted, pipeline, ranks, funnel))
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
    if whole is not None:
        vague &= ~whole
    created = _moments(deals, "created_at")
    for p in funnel.pipelines:
        inside = vague & (pipeline == funnel.pipeline_code[p.key])
        for s in p.open_stages if inside.any() else ():
            possible = inside & ~(created >= _begun(stage_dates.get(s.id)))
            high[possible] = np.maximum(high[possible], s.rank)
    level = np.full(len(deals), Evidence.SNAPSHOT, np.int8)
    level[previous_rank >= 0] = Evidence.PREVIOUS
    deal, evidence = entries["deal"].to_numpy(), entries["evidence"].to_numpy()
    for known in (Evidence.ARCHIVE, Evidence.DATES, Evidence.HISTORY):
        level[deal[evidence == known]] = known
    if whole is not None:  # what its visits tell is all there is, however they are known
        own = whole[deal]
        weakest = np.full(len(deals), -1, np.int8)
        np.maximum.at(weakest, deal[own], evidence[own])
        level = np.where(whole & (weakest >= 0), weakest, level).astype(np.int8)
    return pd.DataFrame({"reach_low": low, "reach_high": high, "reach_evidence": level})


def _highest(frame: pd.DataFrame, pipeline: Codes, ranks: Codes, funnel: Funnel) -> Codes:
    """The highest rank each deal was seen at in the pipeline it is in now; -1 none."""
    deal, stage = frame["deal"].to_numpy(), frame["stage"].to_numpy()
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages] + [-1])
    low = np.full(len(pipeline), -1, np.int16)
    rank = ranks[stage]
    if len(funnel.pipelines) > 1:
        rank = np.where(home[stage] == pipeline[deal], rank, -1)
    if len(deal):
        first = np.flatnonzero(np.concatenate([[True], deal[1:] != deal[:-1]]))
        if (deal[1:] >= deal[:-1]).all():
            low[deal[first]] = np.maximum.reduceat(rank, first)
        else:
            np.maximum.at(low, deal, rank)
    return low


def _begun(dates: pd.Series | None) -> np.datetime64:
    """The first moment a stage's date column knows, NaT if none."""
    at = np.empty(0, "M8[s]") if dates is None else dates.to_numpy().astype("M8[s]")
    known = at[~np.isnat(at)]
    return known.min() if len(known) else _NAT


def _same_pipeline(stage: Codes, pipeline: Codes, funnel: Funnel) -> Mask:
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages] + [-1])
    same: Mask = (stage >= 0) & (home[stage] == pipeline)
    return same
