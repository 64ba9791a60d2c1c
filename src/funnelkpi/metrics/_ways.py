"""How each deal went on from a stage: when it reached another, or what else became of it, and when.

What ends a way is the deal's state at ``as_of``: a deal that was lost and reopened is open again.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from funnelkpi.metrics import _stages
from funnelkpi.metrics._cohort import CLASSES
from funnelkpi.metrics._columns import Array, Columns, coded, firsts, grouped, taken
from funnelkpi.metrics._deals import NEVER, second, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._lane import Lane
from funnelkpi.metrics._visits import WINDOW_DAYS
from funnelkpi.metrics.survival import CENSORED, END, OTHER, Observations, observations
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import Pipeline, Stage
from funnelkpi.model.visits import GONE

DAY = 86_400
ADVANCED, LOST, PARKED, LEFT, GONE_CLASS, UNKNOWN, STILL_THERE = (
    CLASSES.index(name)
    for name in ("advanced", "lost", "parked", "left", "gone", "unknown", "still_there")
)
COMPETING = (LOST, LEFT, GONE_CLASS)


def observed_since(index: Index, pipeline: Pipeline, stage: Stage) -> int:
    """The second from which the entries of a dated stage are known; of the first stage (creation)
    and the goal (close date) always."""
    data = index.data
    ends = ((pipeline.first, "created_at"), (pipeline.goal, "closed_at"))
    if any(stage is end and _stages.told(data, column) for end, column in ends):
        return -NEVER
    return _stages.observed_since(data, stage)


def year_before(data: Dataset) -> int:
    """The second 365 days before ``as_of``."""
    return second(data.as_of) - WINDOW_DAYS * DAY


class Endings:
    """What became of the deals of one pipeline by ``as_of``, and when.

    klass: index into ``_cohort.CLASSES`` (lost, parked, left, gone, unknown, still_there). at: the
    second of a loss, parking or leaving; ``NEVER`` where the deal still stands or nobody knows when.
    """

    def __init__(self, index: Index, lane: Lane) -> None:
        self._index, self._lane, self._data = index, lane, index.data
        deals = lane.deals
        size = len(deals)
        self.klass = np.full(size, STILL_THERE, np.int8)
        self.at = np.full(size, NEVER, np.int64)
        outside = lane.ever & ~lane.inside
        self.klass[outside] = LEFT
        self.klass[deals.status("unknown") & ~outside] = UNKNOWN
        self.klass[deals.stage_unknown & ~outside] = UNKNOWN
        for name, klass in (("parked", PARKED), ("lost", LOST)):
            rows = np.flatnonzero(deals.status(name) & lane.inside)
            self.klass[rows] = klass
            stood = self._current(rows)
            closed = deals.closed[rows]
            self.at[rows] = np.where((klass == LOST) & (closed != NEVER), closed, stood)
        self._left(np.flatnonzero(outside))
        self._gone(np.flatnonzero(deals.status("gone") & lane.ever))

    def _current(self, rows: Array) -> Array:
        """When the deals of ``rows`` entered the stage they stand in, as far as it was seen."""
        stage = self._lane.deals.codes("stage")[rows]
        out = np.full(len(rows), NEVER, np.int64)
        for code in np.unique(stage[stage >= 0]):
            own = stage == code
            out[own] = self._index.entries.moments(int(code))[rows[own]]
        return out

    def _left(self, rows: Array) -> None:
        """The first moment in another pipeline after the last one seen in this one."""
        if not len(rows):
            return
        frame, funnel = self._data.entries, self._data.funnel
        wanted = np.zeros(len(self.at), dtype=bool)
        wanted[rows] = True
        deal = frame["deal"].to_numpy()
        own = np.flatnonzero(wanted[deal])
        deal, at = deal[own], seconds(frame["at"].to_numpy()[own])
        home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages])
        here = home[frame["stage"].to_numpy()[own]] == self._lane.code
        last = np.full(len(self.at), -NEVER, np.int64)
        np.maximum.at(last, deal[here], at[here])
        later = ~here & (at >= last[deal])
        np.minimum.at(self.at, deal[later], at[later])
        changed = seconds(self._data.deals["stage_changed_at"].to_numpy()[rows])
        self.at[rows] = np.where(self.at[rows] == NEVER, changed, self.at[rows])

    def _gone(self, rows: Array) -> None:
        self.klass[rows] = GONE_CLASS
        self.at[rows] = NEVER
        visits = self._data.visits
        ended = np.flatnonzero(visits["next"].to_numpy() == GONE)
        if len(ended):
            deal = visits["deal"].to_numpy()[ended]
            own = self.klass[deal] == GONE_CLASS
            self.at[deal[own]] = seconds(visits["end"].to_numpy()[ended][own])


def moved_as_intended(lane: Lane, stage: Stage, at: Array, left: Array) -> Array:
    """The second each deal made a move the config intends (``moves_to``) after ``at``, else
    ``NEVER``; ``left``: when it left the pipeline."""
    funnel = lane.data.funnel
    out = np.full(len(at), NEVER, np.int64)
    targets = [
        s.moves_to
        for s in lane.pipeline.stages
        if s.moves_to in funnel.code and s.rank >= stage.rank
    ]
    if not targets:
        return out
    for target in targets:
        seen = lane.entries.moments(funnel.code[str(target)])
        out = np.minimum(out, np.where(seen >= at, seen, NEVER))
    rows = np.arange(len(at))
    moved = lane.intended_move(stage, rows)
    return np.where(moved, np.minimum(out, np.where(left >= at, left, NEVER)), NEVER)


def coarse(*moments: Array) -> Array:
    """Where one of the moments (in seconds) is a date only: it stands at exactly 00:00:00."""
    out = np.zeros(len(moments[0]), dtype=bool)
    for at in moments:
        out |= at % DAY == 0
    return out


def span(start: Array, end: Array) -> Array:
    """Seconds from start to end, whole days where one of them is a date only; at least 0."""
    dates = (end // DAY - start // DAY) * DAY
    return np.maximum(np.where(coarse(start, end), dates, end - start), 0)


class Ways:
    """The ways of the deals of one pipeline between its stages."""

    def __init__(self, index: Index, lane: Lane, view: View) -> None:
        self._index, self._lane, policy = index, lane, view.settings.conversion
        self.endings = Endings(index, lane)
        self._ignored = policy.ignore_loss_reasons
        self._skipped = policy.skipped
        path = lane.pipeline.path
        self._passed = lane.entered(path, "passed")
        same = self._skipped == "passed"
        self._entered = self._passed if same else lane.entered(path, self._skipped)

    def reached(self, stage: Stage) -> Array:
        """The first second each deal was at the rank of ``stage`` or beyond; ``NEVER`` if it was
        not. The goal only of deals that stand won now."""
        at, _ = self._passed[stage.id]
        if stage is self._lane.pipeline.goal:
            return np.where(self._index.deals.status("won", "converted"), at, NEVER)
        return at

    def between(self, stage: Stage, to_stage: Stage) -> tuple[Columns, int]:
        """Deals that entered ``stage`` in the last 365 days; how many of them have an unknown end.

        Columns: deal, manager (owner at the entry), at, klass (``_cohort.ALL_CLASSES``), cause
        (``survival``), span (seconds to the end, or to ``as_of``). Left out and counted: deals
        without the moment of their entry or end. Left out: those of unknown outcome or lost for an
        ignored reason. The window begins no earlier than both stages were observed.
        """
        index, lane, now = self._index, self._lane, second(self._index.data.as_of)
        deals = lane.deals
        at, owner = self._entered[stage.id]
        since = (observed_since(index, lane.pipeline, s) for s in (stage, to_stage))
        start = max(year_before(index.data), *since)
        sure = lane.surely_in(stage, at, self._skipped) & (at == NEVER)
        undated = int((sure & (deals.created >= start) & (deals.created <= now)).sum())
        rows = np.flatnonzero((at >= start) & (at <= now))
        rows = rows[~(deals.status("unknown", rows=rows) & ~deals.stage_unknown[rows])]
        if self._ignored:
            rows = rows[~lane.ignored(self._ignored, rows)]
        end = self.reached(to_stage)
        end = np.minimum(end, moved_as_intended(lane, stage, at, self.endings.at))[rows]
        advanced = end != NEVER
        klass = np.where(advanced, ADVANCED, self.endings.klass[rows]).astype(np.int8)
        competing = np.isin(klass, COMPETING)
        stop = np.where(competing, self.endings.at[rows], np.where(advanced, end, now))
        # a deal that got there at a moment nobody knows has no place on the curve
        known = (stop != NEVER) & (advanced | (lane.low[rows] < to_stage.rank))
        cause = np.where(advanced, END, np.where(competing, OTHER, CENSORED)).astype(np.int8)
        facts = {
            "deal": rows.astype(np.int32),
            "manager": owner[rows].astype(np.int32),
            "at": at[rows],
            "klass": klass,
            "cause": cause,
            "span": span(at[rows], stop),
        }
        unknown = undated + int((~known).sum())
        return (facts if known.all() else taken(facts, known)), unknown


MANY = 200_000
"""Observations from which on times are counted in whole hours (or as asked) instead of seconds: a
day more or less is seen, an hour is not, and a million deals cost a tenth."""


def by_unit(
    rows: Columns, index: Index, keys: list[str], coarser: int = 3600
) -> Iterator[tuple[Columns, Observations]]:
    """The observations of ``rows`` by company, department, role, manager and ``keys``.

    rows: manager, keys, cause, span, perhaps entry (``survival``) and evidence. Gives per scope the
    table of its groups (who, keys, evidence: the weakest, as a label) and their observations.
    coarser: what the spans are rounded up to where there are many.
    """
    own = {"manager": rows["manager"], **{k: rows[k] for k in keys}}
    (code,), size = coded([own], ["manager", *keys])
    found, place = grouped(code, size)
    fine = taken(own, firsts(place, len(found)))
    resolution = coarser if len(place) > MANY else 1
    seen = observations(
        rows["span"], rows["cause"], rows.get("entry"), place, len(found), resolution
    )
    level = _weakest(rows, place, len(found))
    (cell,), cells = coded([fine], keys)
    for units in index.names.units:
        if (units < 0).all():
            continue
        who = units[fine["manager"]]
        some = np.flatnonzero(who >= 0)
        groups, group = grouped(who[some] * cells + cell[some], int(units.max() + 1) * cells)
        table = {"who": groups // cells} | taken(
            {k: fine[k][some] for k in keys}, firsts(group, len(groups))
        )
        weakest = np.zeros(len(groups), np.int64)
        np.maximum.at(weakest, group, level[some])
        table["evidence"] = _LABELS[weakest]
        unit = np.full(len(found), -1)
        unit[some] = group
        yield table, seen.joined_as(unit[seen.group], len(groups))


_LABELS = np.array([e.label for e in Evidence], dtype=object)


def _weakest(rows: Columns, place: Array, size: int) -> Array:
    """The weakest evidence of each group."""
    out = np.zeros(size, np.int64)
    level = rows.get("evidence")
    if level is None or not len(level):
        return out
    if (level == level[0]).all():
        return np.full(size, int(level[0]))
    for each in range(len(Evidence)):
        out[np.bincount(place[level == each], minlength=size) > 0] = each
    return out
