"""The cohort of a conversion as earlier moments would have counted it.

``as_of`` is moved back; window and maturity stay as long as they are. A hit counts only if it had
happened by the moved moment, a loss whose reason is ignored only if it was lost by then: every point
has had equally long to mature. What was true at that moment and is not true now (a win since
reopened) is taken as it stands now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from funnelkpi.metrics._cohort import DAY, MAX_UNDATED, Step, steps
from funnelkpi.metrics._columns import Array, Columns, joined
from funnelkpi.metrics._deals import NEVER, second
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._lane import Lane
from funnelkpi.metrics._points import POINTS, back, covered, stage_begin
from funnelkpi.metrics._stages import exact
from funnelkpi.metrics.view import View


@dataclass(frozen=True)
class Moved:
    """One step at every point: ``POINTS`` moments, the oldest first, then the one before the window
    of the last (the windows do not overlap).

    counts: manager, point, n, hits, possible. about: per point start and end of the window (seconds)
    and whether it begins before the data do (``early``).
    """

    step: Step
    counts: Columns
    about: Columns
    size: int = POINTS + 1

    def key(self, index: Index) -> tuple[int, int, int]:
        """Codes of pipeline, stage and target."""
        funnel, step = index.data.funnel, self.step
        place = funnel.pipeline_code[step.pipeline.key]
        return place, funnel.code[step.stage.id], funnel.code[step.to_stage.id]


def moved(index: Index, view: View, begin: dict[str, int]) -> dict[str, list[Moved]]:
    """The steps (``conversion``) and the whole ways (``created_to_won``) both of whose ends are dated.

    begin: entity -> the moment its rows begin (``_points.data_begin``).
    """
    found = {
        name: [s for s in steps(index, view, whole=whole) if _dated(index, s)]
        for name, whole in (("conversion", False), ("created_to_won", True))
    }
    out: dict[str, list[Moved]] = {name: [] for name in found}
    for lane in index.lanes:
        own = [s for every in found.values() for s in every if s.pipeline is lane.pipeline]
        made = dict(zip(map(id, own), _lane(lane, index, own, view, begin), strict=True))
        for name, every in found.items():
            out[name] += [made[id(s)] for s in every if id(s) in made]
    return out


def _dated(index: Index, step: Step) -> bool:
    ends = (step.stage, step.to_stage)
    return step.form == "cohort" and all(exact(index.data, step.pipeline, s) for s in ends)


def _lane(
    lane: Lane, index: Index, own: list[Step], view: View, begin: dict[str, int]
) -> list[Moved]:
    if not own:
        return []
    stages, targets = ([s.stage for s in own], [s.to_stage for s in own])
    if view.settings.conversion.skipped == "strict":
        entered, reached = lane.entered(stages, "strict"), lane.entered(targets, "passed")
    else:
        entered = reached = lane.entered([*stages, *targets], "passed")
    since = begin.get(lane.pipeline.entity, NEVER)
    known = {s.id: stage_begin(index, lane.pipeline, s, since) for s in (*stages, *targets)}
    out = []
    for s in own:
        at, owner = entered[s.stage.id]
        points = _windows(s, view)
        base = _Base.of(lane, view, s, at, owner, reached[s.to_stage.id][0], points)
        since = max(known[s.stage.id], known[s.to_stage.id])
        out.append(_moved(base, s, points, index, since))
    return out


def _windows(step: Step, view: View) -> list[tuple[int, int, int]]:
    """Start and end of the window and the moment looked from (seconds) of every point."""
    length, wait = view.settings.conversion.window * DAY, step.maturity * DAY
    moments = [back(view, view.as_of, k) for k in range(POINTS)][::-1]
    moments.append(view.as_of - timedelta(seconds=length))
    out = [(second(m) - wait - length, second(m) - wait, second(m)) for m in moments]
    out[POINTS - 1] = (step.start, step.end, second(view.as_of))  # the headline itself
    return out


@dataclass(frozen=True)
class _Base:
    """The deals that entered the stage in any of the windows, in the order of the entries."""

    at: Array
    owner: Array
    hit: Array
    possible: Array
    reached: Array
    out: Array
    closed: Array

    @classmethod
    def of(
        cls,
        lane: Lane,
        view: View,
        step: Step,
        entered: Array,
        owner: Array,
        reached: Array,
        points: list[tuple[int, int, int]],
    ) -> _Base:
        deals = lane.deals
        since, until = min(p[0] for p in points), max(p[1] for p in points)
        rows = np.flatnonzero((entered >= since) & (entered < until))
        rows = rows[np.argsort(entered[rows], kind="stable")]
        intended = lane.intended_move(step.stage, rows)
        out = deals.status("unknown", rows=rows) & ~deals.stage_unknown[rows]
        reasons = view.settings.conversion.ignore_loss_reasons
        if reasons:
            out |= lane.ignored(reasons, rows)
        closed = deals.closed[rows]
        return cls(
            at=entered[rows],
            owner=owner[rows].astype(np.int64) + 1,
            hit=(lane.low[rows] >= step.to_stage.rank) | intended,
            possible=(lane.high[rows] >= step.to_stage.rank) | intended,
            reached=reached[rows],
            out=out,
            closed=np.where(closed == NEVER, -NEVER, closed),
        )


def _moved(
    base: _Base, step: Step, points: list[tuple[int, int, int]], index: Index, since: int
) -> Moved:
    """since: the moment from which both ends of the step are known."""
    people = len(index.data.roster.managers) + 1
    undated = int((base.hit & (base.reached == NEVER)).sum())
    vague = undated > MAX_UNDATED * max(1, int(base.hit.sum()))
    parts, early = [], []
    for point, (start, end, moment) in enumerate(points):
        last = point == POINTS - 1
        begin = datetime(1970, 1, 1) + timedelta(seconds=start)
        early.append(not last and (vague or not covered(index.data, begin, since)))
        rows = slice(*np.searchsorted(base.at, [start, end]).tolist())
        parts.append(_counts(base, rows, point, moment, people, last=last))
    about = {
        "point": np.arange(len(points)),
        "start": np.array([p[0] for p in points], dtype=np.int64),
        "end": np.array([p[1] for p in points], dtype=np.int64),
        "early": np.array(early, dtype=bool),
    }
    return Moved(step, joined(parts), about)


def _counts(
    base: _Base, rows: slice, point: int, moment: int, people: int, *, last: bool
) -> Columns:
    """The counts of one window by manager; ``last``: what is true now is true then."""
    owner, hit, possible = base.owner[rows], base.hit[rows], base.possible[rows]
    out = base.out[rows]
    if not last:
        closed, reached = base.closed[rows] <= moment, base.reached[rows]
        # a hit without a date may have happened by then, a lost deal of unknown reach if lost by then
        possible = (hit & ((reached <= moment) | (reached == NEVER))) | (possible & ~hit & closed)
        hit, out = hit & (reached <= moment), out & closed
    inside = ~out
    sums = {
        "n": np.bincount(owner[inside], minlength=people),
        "hits": np.bincount(owner[inside & hit], minlength=people),
        "possible": np.bincount(owner[inside & possible], minlength=people),
    }
    who = np.flatnonzero(sums["n"])
    table = {"manager": (who - 1).astype(np.int32), "point": np.full(len(who), point)}
    return {**table, **{name: values[who] for name, values in sums.items()}}
