"""Trends of meetings, tasks, people and companies: what was marked as done later than just as long
after the end of a point was not done then."""

from __future__ import annotations

import numpy as np

from funnelkpi.metrics import _meetings as every_meeting
from funnelkpi.metrics import categories, decision_makers, hand_overs, meetings, promises
from funnelkpi.metrics._columns import Array, Columns, joined, length, taken
from funnelkpi.metrics._counts import rates
from funnelkpi.metrics._deals import NEVER, second, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._points import data_begin, place, source_begin, stage_begin
from funnelkpi.metrics._trend_series import POINT, Grid, Series
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.period import Period

FIGURES = (
    meetings.FIRST, meetings.BOOKED, meetings.MEETINGS, meetings.WITH_STEP, promises.KEPT,
    decision_makers.DECISION_MAKERS, categories.NEW_A, categories.NEW_B, hand_overs.HAND_OVERS,
    hand_overs.DROPPED,
)  # fmt: skip


def people_series(index: Index, view: View, spans: list[Period]) -> list[Series]:
    """The figures the files give."""
    grid = Grid(index, view, spans)
    return [*_meetings(grid, view), *_promises(grid, view), *_cards(grid), *_hand_overs(grid, view)]


def _counted(grid: Grid, spec: MetricSpec, rows: Columns, early: Array) -> Series:
    """How many ``rows``; ``maybe`` among them makes bounds of the value."""
    maybe = rows.get("maybe", np.zeros(length(rows), dtype=bool))
    found = grid.whole({**rows, "n": ~maybe, "maybe": maybe}, ["n", "maybe"])
    sure, most = found["n"], found["n"] + found.pop("maybe")
    vague = most > sure
    found |= {
        "value": np.where(vague, np.nan, sure),
        "bound_low": np.where(vague, sure, np.nan),
        "bound_high": np.where(vague, most, np.nan),
    }
    return grid.series(spec, found, early[found[POINT]])


def _shared(grid: Grid, spec: MetricSpec, rows: Columns, early: Array) -> Series:
    """The share of ``rows`` with ``hit``; ``maybe``: perhaps a hit."""
    hit = rows["hit"]
    maybe = rows.get("maybe", np.zeros(length(rows), dtype=bool)) & ~hit
    counted = {"n": np.ones(length(rows), np.int64), "hits": hit, "known": ~maybe,
               "possible": hit | maybe}  # fmt: skip
    found = grid.whole({**rows, **counted}, list(counted))
    made = rates({**found, "floor": found["n"], "top": found["n"]},
                 grid.view.settings.conversion.max_gap)  # fmt: skip
    del made["open_gap"]
    keys = {name: found[name] for name in ("who", "pipeline", POINT)}
    return grid.series(spec, {**keys, **made}, early[keys[POINT]])


def _meetings(grid: Grid, view: View) -> list[Series]:
    index = grid.index
    if meetings.absent(index, view, meetings.MEETINGS.id) is not None:
        return []
    early = grid.early(*_sources(grid))
    every = every_meeting.meetings(index, view)
    seen = grid.seen(second(view.as_of))
    held = taken(every, every["held"] | every["maybe"])
    held[POINT] = place(held["at"], grid.spans)
    own = taken(held, held[POINT] >= 0)
    own = taken(own, own["done"] <= seen[own[POINT]])
    put_down = taken(every, meetings.firsts({**every, "at": every["booked"]}))
    booked = {"manager": put_down["manager"], POINT: place(put_down["booked"], grid.spans)}
    out = [
        _counted(grid, meetings.FIRST, _firsts(held, seen), early),
        _counted(grid, meetings.BOOKED, booked, early),
        _counted(grid, meetings.MEETINGS, own, early),
    ]
    if index.data.tasks is not None:  # the next task of a deal tells of its last meeting only
        own = taken(own, own["held"])
        now = np.where(seen == NEVER, second(view.as_of), seen)[own[POINT]]
        steps = every_meeting.next_steps(index, view, own, every, now)
        own["hit"] = steps["step"]
        own = {name: own[name] for name in ("manager", POINT, "hit")}
        out.append(_shared(grid, meetings.WITH_STEP, taken(own, steps["counts"]), early))
    return out


def _firsts(held: Columns, seen: Array) -> Columns:
    """The first meetings of their clients in every point, among those known to be held by then."""
    parts = []
    for point, until in enumerate(seen.tolist()):
        rows = taken(held, held["done"] <= until)
        rows = taken(rows, meetings.firsts(rows))
        parts.append(taken(rows, rows[POINT] == point))
    return joined(parts)


def _sources(grid: Grid) -> list[int]:
    """Since when the meetings are known: tasks, and the stages that mean a meeting."""
    data, asked = grid.index.data, set(grid.view.settings.meetings.stages)
    begin = data_begin(grid.index)
    out = [
        stage_begin(grid.index, p, s, begin.get(p.entity, NEVER))
        for p in data.funnel.pipelines
        for s in p.stages
        if s.key in asked
    ]
    return out if data.tasks is None else [*out, source_begin(grid.index, "tasks")]


def _promises(grid: Grid, view: View) -> list[Series]:
    if promises.absent(grid.index, view, promises.KEPT.id) is not None:
        return []
    rows = promises.due(grid.index, grid.view)
    rows[POINT] = place(rows["at"], grid.spans)
    rows = taken(rows, rows[POINT] >= 0)
    # due within the elapsed part of a running period, to the end of its day
    rows = taken(rows, rows["until"] < grid.ends()[rows[POINT]])
    early = grid.early(source_begin(grid.index, "tasks"))
    return [_shared(grid, promises.KEPT, rows, early)]


def _cards(grid: Grid) -> list[Series]:
    """Contacts and companies, as they stand now."""
    index, view, out = grid.index, grid.view, []
    for family, spec, source in (
        (decision_makers, decision_makers.DECISION_MAKERS, "contacts"),
        (categories, categories.NEW_A, "companies"),
        (categories, categories.NEW_B, "companies"),
    ):
        if family.absent(index, view, spec.id) is not None:
            continue
        facts = family.facts(index.data, view, spec.id, index)
        rows = {"manager": facts["manager"].to_numpy(), "n": np.ones(len(facts), np.int64)}
        rows[POINT] = place(seconds(facts["at"].to_numpy()), grid.spans)
        early = grid.early(source_begin(index, source))
        out.append(grid.counts(spec, grid.whole(rows, ["n"], places=False), early))
    return out


def _hand_overs(grid: Grid, view: View) -> list[Series]:
    index = grid.index
    if hand_overs.absent(index, view, hand_overs.HAND_OVERS.id) is not None:
        return []
    known = seconds(index.data.owners["at"].to_numpy())
    early = grid.early(int(known.min(initial=NEVER)))
    out = []
    for spec in (hand_overs.HAND_OVERS, hand_overs.DROPPED):
        facts = hand_overs.facts(index.data, grid.view, spec.id, index)
        of_deals = [p.entity == "deal" for p in index.data.funnel.pipelines]
        facts = facts[np.array([*of_deals, True])[facts["pipeline"].to_numpy()]]
        at = seconds(facts["at"].to_numpy())
        rows = {"manager": facts["manager"].to_numpy(), POINT: place(at, grid.spans)}
        rows["n"] = np.ones(len(facts), np.int64)
        if spec is hand_overs.DROPPED:
            limit = at + round(view.settings.hand_overs.dropped_after * 86_400)
            over = limit <= grid.moved(second(view.as_of))[rows[POINT]]
            rows = taken(rows, over)
        out.append(grid.counts(spec, grid.whole(rows, ["n"]), early))
    return out
