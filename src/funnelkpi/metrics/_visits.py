"""Visits of deals to open stages: from history or kept exports, else from the stages' date columns.

A column dates the first entry of a stage only. So without history a visit is E(t) - E(s) where t is
the next stage entered, and it is known only if every later open stage has a date column that was
already being filled when the visit began: its empty cell then means "not entered" and not "nobody
wrote it down".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._clocks import Codes, Mask, Moments
from funnelkpi.metrics._columns import Array, Columns, joined, taken
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import Stage, StageKind
from funnelkpi.model.visits import RUNNING

FORWARD, OTHERWISE, STANDING = 0, 1, 2
"""How a visit ended: by moving forward (to a later stage, the goal, or where the config intends);
otherwise (lost, parked, back, out of the pipeline, gone); not yet."""

WINDOW_DAYS = 365
_LAST = 32_767
_FAR = np.datetime64("9999-12-31", "s")
_ALWAYS = np.datetime64("0001-01-01", "s")
_NAT = np.datetime64("NaT", "s")


def window_start(data: Dataset) -> np.datetime64:
    """The moment 365 days before ``as_of``."""
    return np.datetime64(data.as_of, "s") - np.timedelta64(WINDOW_DAYS, "D")


def stage_visits(data: Dataset, *, forward_only: bool = False) -> Columns:
    """Visits to open stages that were running at some moment of the last 365 days before ``as_of``.

    Columns: deal, stage (codes), start (NaT: unknown), end (NaT: still running), observed (the
    moment from which the visit was seen), coarse (an end is a date only), how (``FORWARD``,
    ``OTHERWISE``, ``STANDING``), evidence, manager (owner when it began). Deals whose visits are
    known give those; the others what their dated entries tell. forward_only: only those.
    """
    seen = _seen(data, forward_only)
    derived = _derived(data, forward_only)
    if not len(derived["deal"]):
        return seen
    return joined([seen, derived]) if len(seen["deal"]) else derived


def _seen(data: Dataset, forward_only: bool) -> Columns:
    """Visits known from history or kept exports."""
    visits, funnel = data.visits, data.funnel
    stage, end = visits["stage"].to_numpy(), visits["end"].to_numpy()
    following = visits["next"].to_numpy()
    opens = np.array([s.kind is StageKind.OPEN for s in funnel.stages], dtype=bool)
    ahead = np.zeros((len(funnel.stages), len(funnel.stages) + 1), dtype=bool)  # last: no stage
    ahead[:, :-1] = _forward(data)
    for i, s in enumerate(funnel.stages):
        if s.moves_to in funnel.code:
            ahead[i, funnel.code[s.moves_to]] = opens[i]
    # NaT is later than nothing: a running visit fails the comparison and passes by its ``next``
    keep = end > window_start(data)
    if not forward_only:
        keep |= following == RUNNING
    rows = np.flatnonzero(keep & opens[stage] if len(stage) else keep)
    stage, following = stage[rows], following[rows]
    forward = ahead[stage, np.maximum(following, -1)]
    how = np.where(forward, FORWARD, np.where(following == RUNNING, STANDING, OTHERWISE))
    if forward_only:
        rows, stage, how = rows[forward], stage[forward], how[forward]
    return {
        "deal": visits["deal"].to_numpy()[rows],
        "stage": stage,
        "start": visits["start"].to_numpy()[rows],
        "end": end[rows],
        "observed": visits["observed"].to_numpy()[rows],
        "coarse": visits["day"].to_numpy()[rows],
        "how": how.astype(np.int8),
        "evidence": visits["evidence"].to_numpy()[rows],
        "manager": visits["manager"].to_numpy()[rows],
    }


def derivable(data: Dataset) -> Mask:
    """Open stages whose visits the date columns tell, ended in whatever way (by stage code)."""
    since, _, _ = _direct(data)
    known: Mask = np.diagonal(since) < _FAR
    return known


def _derived(data: Dataset, forward_only: bool) -> Columns:
    """Visits of the other deals, from dated entries."""
    entries = data.entries
    since, first, goal = _direct(data)
    if not (since < _FAR).any():
        return _visits_of(entries["deal"].to_numpy()[:0], {})
    names = ("deal", "stage", "at", "evidence", "day", "manager")
    columns = {name: entries[name].to_numpy() for name in names}
    if len(data.visits):
        known = np.zeros(len(data.deals), dtype=bool)
        known[data.visits["deal"].to_numpy()] = True
        columns = taken(columns, ~known[columns["deal"]])
    else:
        known = None
    order = _in_time(data, columns["deal"], columns["stage"], columns["at"])
    if order is not None:
        columns = taken(columns, order)
    ended = _ended(data, columns, since, first, goal, forward_only)
    if forward_only:
        return ended
    return joined([ended, _standing(data, columns, since, first, known)])


def _ended(
    data: Dataset, entries: Columns, since: Moments, first: Mask, goal: Mask, forward_only: bool
) -> Columns:
    deal, stage, at = (entries[name] for name in ("deal", "stage", "at"))
    dated = entries["evidence"] == Evidence.DATES
    i = np.flatnonzero((deal[1:] == deal[:-1]) & (at[1:] > window_start(data)))
    s, t = stage[i], stage[i + 1]
    forward = _forward(data)[s, t]
    start = dated[i] | first[s]
    known = forward & start & (dated[i + 1] | goal[t]) & (since[s, t] <= at[i])
    if not forward_only:
        opens = np.array([x.kind is StageKind.OPEN for x in data.funnel.stages], dtype=bool)
        home = np.array([data.funnel.pipeline_code[x.pipeline] for x in data.funnel.stages])
        # lost, parked or back: nothing later was entered between, all later stages being dated
        known |= ~forward & opens[s] & (home[s] == home[t]) & start
        # visits to one stage are known whatever their end, or not at all
        known &= since[s, s] <= at[i]
    i = i[known]
    return _visits_of(
        deal[i],
        {
            "stage": stage[i],
            "start": at[i],
            "end": at[i + 1],
            "coarse": entries["day"][i] | entries["day"][i + 1],
            "how": np.where(forward[known], FORWARD, OTHERWISE),
            "manager": entries["manager"][i],
        },
    )


def _standing(
    data: Dataset, entries: Columns, since: Moments, first: Mask, known: Mask | None
) -> Columns:
    """The visits running now: since the last change of stage, else since the last entry seen."""
    deals = data.deals
    stage = deals["stage"].cat.codes.to_numpy()
    whole = np.append(np.diagonal(since) < _FAR, False)
    status = deals["status"].array
    running = status.codes == list(status.categories).index("open")
    running &= whole[stage] & ~deals["stage_unknown"].to_numpy(dtype=bool)
    if known is not None:
        running &= ~known
    rows = np.flatnonzero(running)
    if not len(rows) or not len(entries["deal"]):
        return _visits_of(rows[:0].astype(np.int32), {})
    last = np.full(len(deals), -1)
    last[entries["deal"]] = np.arange(len(entries["deal"]))  # by deal and time: the last one stays
    place = last[rows]
    own = (place >= 0) & (entries["stage"][place] == stage[rows])
    own &= (entries["evidence"][place] == Evidence.DATES) | first[stage[rows]]
    start = np.where(own, entries["at"][place], _NAT)
    day = np.where(own, entries["day"][place], False)
    changed = deals["stage_changed_at"].to_numpy()[rows].astype("M8[s]")
    later = ~np.isnat(changed) & (np.isnat(start) | (changed > start))
    start = np.where(later, changed, start)
    day = np.where(later, deals["stage_changed_day"].to_numpy()[rows], day)
    # a visit older than the columns of the later stages may have had another end
    covered = np.isnat(start) | (start >= np.diagonal(since)[stage[rows]])
    rows, start, day = rows[covered], start[covered], day[covered]
    return _visits_of(
        rows.astype(np.int32),
        {
            "stage": stage[rows].astype(np.int16),
            "start": start,
            "end": np.full(len(rows), _NAT),
            "coarse": day.astype(bool),
            "how": np.full(len(rows), STANDING),
            "manager": deals["manager"].cat.codes.to_numpy()[rows].astype(np.int32),
        },
    )


def _visits_of(deal: Codes, own: Columns) -> Columns:
    """Visits known from dates: observed from their start."""
    n = len(deal)
    none = np.full(n, _NAT)
    start = own.get("start", none)
    return {
        "deal": deal,
        "stage": own.get("stage", np.empty(n, np.int16)),
        "start": start,
        "end": own.get("end", none),
        "observed": start,
        "coarse": own.get("coarse", np.zeros(n, dtype=bool)),
        "how": own.get("how", np.zeros(n)).astype(np.int8),
        "evidence": np.full(n, Evidence.DATES, np.int8),
        "manager": own.get("manager", np.zeros(n, np.int32)),
    }


def _direct(data: Dataset) -> tuple[Moments, Mask, Mask]:
    """From when on a step s -> t is known to be direct (stage × stage); first stages; goals.

    The latest first date of the columns between s and t; far in the future where one is not dated.
    At s -> s: the same of all later open stages, from when on any end of a visit is known.
    """
    funnel, entries = data.funnel, data.entries
    size = len(funnel.stages)
    begun = np.full(size, _FAR)
    dated = entries["evidence"].to_numpy() == Evidence.DATES
    if dated.any():
        stage, at = entries["stage"].to_numpy()[dated], entries["at"].to_numpy()[dated]
        np.minimum.at(begun, stage, at)
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
                if not goal[t]:
                    latest = max(latest, begun[t])
            if not goal[s]:
                since[s, s] = latest
    return since, first, goal


def _forward(data: Dataset) -> Mask:
    """Whether going from stage s (open) to stage t (open or the goal) is moving forward."""
    stages = data.funnel.stages
    goals = (StageKind.OPEN, StageKind.WON, StageKind.CONVERTED)
    rank = np.array([s.rank for s in stages])
    home = np.array([data.funnel.pipeline_code[s.pipeline] for s in stages])
    starts = np.array([s.kind is StageKind.OPEN for s in stages], dtype=bool)
    ends = np.array([s.kind in goals for s in stages], dtype=bool)
    ahead: Mask = (rank[None, :] > rank[:, None]) & (home[None, :] == home[:, None])
    ahead &= starts[:, None] & ends[None, :]
    return ahead


def _in_time(data: Dataset, deal: Codes, stage: Codes, at: Moments) -> Codes | None:
    """The order of entries by deal, moment and rank; None if they stand in it already.

    Only deals whose entries are out of order are sorted: most deals walk their stages in order.
    """
    if not len(deal):
        return None
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


def spans(visits: Columns, as_of: np.datetime64) -> Array:
    """Seconds from the start of each visit to its end, or to ``as_of`` while it runs; whole days
    where an end is a date only. 0 where the end comes first."""
    end = np.where(np.isnat(visits["end"]), as_of, visits["end"])
    return elapsed(visits["start"], end, visits["coarse"])


def elapsed(start: Moments, end: Moments, coarse: Mask) -> Array:
    """Whole seconds from start to end, the difference of dates where ``coarse``; at least 0."""
    exact = (end - start).astype("m8[s]").astype(np.int64)
    if coarse.any():
        dates = (end.astype("M8[D]") - start.astype("M8[D]")).astype("m8[s]").astype(np.int64)
        exact = np.where(coarse, dates, exact)
    return np.maximum(exact, 0)


def weakest_level(visits: pd.DataFrame) -> str:
    """The weakest evidence of visits."""
    levels = visits["evidence"].to_numpy()
    return Evidence(int(levels.max(initial=Evidence.HISTORY))).label
