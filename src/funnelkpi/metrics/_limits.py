"""Limits of the stage clock: days from the config, or p80 of the visits that ended well."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._clocks import Codes, Floats, Mask, Moments, elapsed_days
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import Stage, StageKind

WINDOW_DAYS = 365
AUTO_QUANTILE = 0.8
_LAST = 32_767
_FAR = np.datetime64("9999-12-31", "s")
_ALWAYS = np.datetime64("0001-01-01", "s")


def window_start(data: Dataset) -> np.datetime64:
    """The moment 365 days before ``as_of``."""
    return np.datetime64(data.as_of, "s") - np.timedelta64(WINDOW_DAYS, "D")


def stage_limits(data: Dataset, view: View) -> pd.DataFrame:
    """The limit of every open stage, one row each, in the order of the stages.

    Columns: stage (stage code), limit (float, missing: none), unit ("days" or "working_days"), n
    (visits behind an automatic limit, also where they are too few), basis: "config" (days of the
    config), "auto" (p80 of the visits of the last 365 days that ended by moving forward), "default"
    (fewer than ``stalled.auto_min_visits`` of them), "none" (no limit).
    """
    stalled = view.settings.stalled
    stages = [(i, s) for i, s in enumerate(data.funnel.stages) if s.kind is StageKind.OPEN]
    visits = forward_visits(data) if any(s.limit == "auto" for _, s in stages) else _no_visits()
    length = _lengths(data, visits)
    code = visits["stage"].to_numpy()
    rows = []
    for i, s in stages:
        if s.limit != "auto":
            rows.append((i, s.limit, s.limit_unit, 0, "none" if s.limit is None else "config"))
            continue
        days = length[code == i]
        enough = len(days) >= stalled.auto_min_visits
        limit = float(np.quantile(days, AUTO_QUANTILE)) if enough else stalled.default_limit
        rows.append((i, limit, s.limit_unit, len(days), "auto" if enough else "default"))
    out = pd.DataFrame(rows, columns=["stage", "limit", "unit", "n", "basis"])
    return out.astype({"stage": "int16", "limit": "float64", "n": "int64"})


def forward_visits(data: Dataset) -> pd.DataFrame:
    """Visits to open stages that ended in the last 365 days by moving forward.

    Columns: deal, stage (code), start, end, coarse (an end is a date only). A visit is E(t) - E(s)
    where t, the next stage entered, is known: both moments are dated (or s is the first open stage,
    t the won one), and every open stage between them has a date column that was already being
    filled when the visit began, so that its empty cell means "skipped" and not "nobody wrote it
    down".
    """
    entries = data.entries
    if not len(entries):
        return _no_visits()
    deal, stage, at, evidence = (
        entries[name].to_numpy() for name in ("deal", "stage", "at", "evidence")
    )
    since, first, goal = _direct(data)
    if not (since < _FAR).any() and not (evidence == Evidence.HISTORY).any():
        return _no_visits()
    order = _in_time(data, deal, stage, at)
    if order is not None:
        deal, stage, at, evidence = deal[order], stage[order], at[order], evidence[order]
    pair = (deal[1:] == deal[:-1]) & (at[1:] > window_start(data))
    i = np.flatnonzero(pair)
    i = i[_forward(data)[stage[i], stage[i + 1]]]
    s, t = stage[i], stage[i + 1]
    sure_start = (evidence[i] <= Evidence.DATES) | first[s]
    sure_end = (evidence[i + 1] <= Evidence.DATES) | goal[t]
    known = sure_start & sure_end & (since[s, t] <= at[i])
    known |= (evidence[i] == Evidence.HISTORY) & (evidence[i + 1] == Evidence.HISTORY)
    i = i[known]
    day = entries["day"].to_numpy()
    day = day if order is None else day[order]
    return pd.DataFrame(
        {
            "deal": deal[i],
            "stage": stage[i],
            "start": at[i],
            "end": at[i + 1],
            "coarse": day[i] | day[i + 1],
        }
    )


def _no_visits() -> pd.DataFrame:
    none = np.empty(0, "M8[s]")
    frame = pd.DataFrame({"deal": [], "stage": [], "start": none, "end": none, "coarse": []})
    return frame.astype({"deal": "int32", "stage": "int16", "coarse": "bool"})


def _lengths(data: Dataset, visits: pd.DataFrame) -> Floats:
    start, end = visits["start"].to_numpy(), visits["end"].to_numpy()
    length = elapsed_days(start, end, visits["coarse"].to_numpy())
    working = np.array([s.limit_unit == "working_days" for s in data.funnel.stages], dtype=bool)
    counted = working[visits["stage"].to_numpy()]
    if counted.any():
        length[counted] = data.calendar.working_days_between(start[counted], end[counted])
    return length


def _direct(data: Dataset) -> tuple[Moments, Mask, Mask]:
    """From when on a step s -> t is known to be direct (stage × stage); first stages; goals.

    The latest first date of the columns between s and t; far in the future where one is not dated.
    """
    funnel, entries = data.funnel, data.entries
    size = len(funnel.stages)
    begun = np.full(size, _FAR)
    dated = entries["evidence"].to_numpy() <= Evidence.DATES
    np.minimum.at(begun, entries["stage"].to_numpy()[dated], entries["at"].to_numpy()[dated])
    first, goal = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    since = np.full((size, size), _FAR)
    for pipeline in funnel.pipelines:
        path = [funnel.code[s.id] for s in pipeline.path]
        if pipeline.first:
            first[path[0]] = True
        if pipeline.goal:
            goal[path[-1]] = True
        for a, s in enumerate(path):
            if not (first[s] or begun[s] < _FAR):
                continue
            latest = _ALWAYS
            for t in path[a + 1 :]:
                if goal[t] or begun[t] < _FAR:
                    since[s, t] = latest
                latest = max(latest, begun[t])
    return since, first, goal


def _forward(data: Dataset) -> Mask:
    """Whether going from stage s (open) to stage t (open or the goal) is moving forward."""
    stages = data.funnel.stages
    goals = (StageKind.OPEN, StageKind.WON, StageKind.CONVERTED)
    rank = np.array([s.rank for s in stages])
    home = np.array([data.funnel.pipeline_code[s.pipeline] for s in stages])
    starts = np.array([s.kind is StageKind.OPEN for s in stages])
    ends = np.array([s.kind in goals for s in stages])
    ahead: Mask = (rank[None, :] > rank[:, None]) & (home[None, :] == home[:, None])
    ahead &= starts[:, None] & ends[None, :]
    return ahead


def _in_time(data: Dataset, deal: Codes, stage: Codes, at: Moments) -> Codes | None:
    """The order of entries by deal, moment and rank; None if they stand in it already.

    Only deals whose entries are out of order are sorted: most deals walk their stages in order.
    """
    tie = np.array([_tie(s) for s in data.funnel.stages], dtype=np.int16)[stage]
    same = deal[1:] == deal[:-1]
    wrong = same & ((at[1:] < at[:-1]) | ((at[1:] == at[:-1]) & (tie[1:] < tie[:-1])))
    if (deal[1:] < deal[:-1]).any():
        return np.lexsort((tie, at, deal))
    if not wrong.any():
        return None
    bad = np.zeros(int(deal[-1]) + 1, dtype=bool)
    bad[deal[1:][wrong]] = True
    rows = np.flatnonzero(bad[deal])
    order = np.arange(len(deal))
    order[rows] = rows[np.lexsort((tie[rows], at[rows], deal[rows]))]
    return order


def _tie(stage: Stage) -> int:
    return stage.rank if stage.rank >= 0 else _LAST
