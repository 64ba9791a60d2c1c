"""Calls on a deal while it stood in a stage: the stage at the moment of the call."""

from __future__ import annotations

import numpy as np

from funnelkpi.metrics._calls import calls_of, spoken
from funnelkpi.metrics._columns import Array, Columns, joined, length, taken
from funnelkpi.metrics._deals import NEVER, SPAN, keyed, second, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import last_days
from funnelkpi.metrics._visits import STANDING, stage_visits
from funnelkpi.metrics.view import View
from funnelkpi.model.funnel import StageKind

_DAY = 86_400


def norms(index: Index, view: View) -> Columns:
    """Stages with a norm (stage code, norm: days with a call): of ``calls.at_stage``, else of the
    norms on ``calls_at_stage``."""
    wanted: dict[int, float] = {}
    funnel = index.data.funnel
    asked: list[tuple[str | None, str, float]] = [
        (None, key, days) for key, days in view.settings.calls.at_stage.items()
    ]
    asked += [
        (norm.pipeline, norm.stage, norm.normal)
        for norm in view.settings.norms
        if norm.metric == "calls_at_stage" and norm.stage
    ]
    for pipeline, key, days in asked:
        for code, stage in enumerate(funnel.stages):
            if stage.key == key and pipeline in (None, stage.pipeline):
                wanted.setdefault(code, float(days))
    return {
        "stage": np.array(list(wanted), np.int64),
        "norm": np.array(list(wanted.values()), np.float64),
    }


def visits(index: Index) -> Columns:
    """Visits to open stages of known start that calls could be seen in: deal, manager, stage,
    start, end (seconds; ``NEVER`` running).

    The running visits of deals without a history are those since their last change of stage.
    """
    calls = calls_of(index)
    found = stage_visits(index.data)
    own: Columns = {
        "deal": found["deal"].astype(np.int64),
        "manager": found["manager"].astype(np.int32),
        "stage": found["stage"].astype(np.int64),
        "start": seconds(found["start"]),
        "end": np.where(found["how"] == STANDING, NEVER, seconds(found["end"])),
    }
    own = joined([own, _current(index, own)])
    return taken(own, (own["start"] != NEVER) & (own["start"] >= calls.begin))


def _current(index: Index, known: Columns) -> Columns:
    """The current visits of open deals that have none among ``known``."""
    deals, data = index.deals, index.data
    has = np.zeros(len(deals), bool)
    has[known["deal"][known["end"] == NEVER]] = True
    rows = np.flatnonzero(deals.status("open") & ~deals.stage_unknown & ~has)
    stage = deals.codes("stage")[rows].astype(np.int64)
    start = seconds(data.deals["stage_changed_at"].to_numpy()[rows])
    first = np.zeros(len(data.funnel.stages) + 1, bool)
    for pipeline in data.funnel.pipelines:
        if pipeline.first is not None:
            first[data.funnel.code[pipeline.first.id]] = True
    start = np.where((start == NEVER) & first[stage], deals.created[rows], start)
    out = {
        "deal": rows.astype(np.int64), "manager": deals.owner[rows], "stage": stage,
        "start": start, "end": np.full(len(rows), NEVER),
    }  # fmt: skip
    return taken(out, (start != NEVER) & (stage >= 0))


def counted(index: Index, view: View, rows: Columns) -> Columns:
    """``rows`` (visits) with calls (made or answered), called (different days with one), and those
    left out that run for less than ``calls.stage_days``."""
    calls = calls_of(index)
    until = calls.deals_end
    running = rows["end"] == NEVER
    end = np.where(running, until + 1, rows["end"])
    old = (until - rows["start"]) >= view.settings.calls.stage_days * _DAY
    rows = {**rows, "until": end}
    rows = taken(rows, (~running | old) & (rows["start"] <= until))
    own = _on_deals(index, rows)
    key = keyed(calls.deal[own], calls.at[own])
    key = key[np.argsort(key, kind="stable")]
    day = key // SPAN * (SPAN // _DAY + 1) + key % SPAN // _DAY
    new = np.ones(len(key) + 1, np.int64)
    new[1 : len(key)] = day[1:] != day[:-1]
    begun = np.concatenate([[0], np.cumsum(new[: len(key)])])
    low = np.searchsorted(key, rows["deal"] * SPAN + rows["start"], side="left")
    high = np.searchsorted(key, rows["deal"] * SPAN + rows["until"], side="left")
    high = np.maximum(high, low)
    # a day that began before the visit counts for it, too
    late = (high > low) & (new[np.minimum(low, len(key))] == 0)
    return {**rows, "calls": high - low, "called": begun[high] - begun[low] + late}


def _on_deals(index: Index, rows: Columns) -> Array:
    """The calls (``spoken``) on the deals of ``rows`` (visits) since the first of them began."""
    calls = calls_of(index)
    asked = np.zeros(len(index.deals) + 1, bool)  # the last one: no deal
    asked[rows["deal"]] = True
    own = np.flatnonzero(calls.at >= rows["start"].min(initial=NEVER))
    own = own[asked[calls.deal[own]]]
    found: Array = own[spoken(calls)[own]]
    return found


def recent(index: Index, view: View, rows: Columns) -> Columns:
    """Visits that still run or ended in the last ``conversion.window`` days."""
    since = second(last_days(view).start)
    return taken(rows, rows["end"] > since)


def under_called(index: Index, view: View) -> tuple[Array, str | None]:
    """Open deals (flags by position) standing below the norm of their stage; why they cannot be
    told (key under ``needs``; "" if no stage has a norm)."""
    rows, why = below_norm(index, view)
    out = np.zeros(len(index.deals), bool)
    out[rows["deal"]] = True
    return out, why


def below_norm(index: Index, view: View) -> tuple[Columns, str | None]:
    """The running visits of ``under_called``: deal, start (seconds), called (days with a call) and
    norm; and why they cannot be told."""
    none = {n: np.empty(0, np.int64) for n in ("deal", "start", "called", "norm")}
    wanted = norms(index, view)
    if not length(wanted):
        return none, ""
    if index.calls is None:
        return none, "calls"
    rows = visits(index)
    rows = taken(rows, rows["end"] == NEVER)
    if not length(rows) and not index.calls.clients_known:
        return none, "stage_times"
    bound = np.full(len(index.data.funnel.stages) + 1, -np.inf)
    bound[wanted["stage"]] = wanted["norm"]
    rows = counted(index, view, taken(rows, bound[rows["stage"]] > 0))
    standing = index.deals.status("open", rows=rows["deal"])
    rows["norm"] = bound[rows["stage"]]
    rows = taken(rows, (rows["called"] < rows["norm"]) & standing)
    return {n: rows[n] for n in none}, None


def open_stages(index: Index) -> Array:
    """Codes of the open stages."""
    stages = index.data.funnel.stages
    return np.array([i for i, s in enumerate(stages) if s.kind is StageKind.OPEN], np.int64)


def stage_at(index: Index, rows: Array) -> Array:
    """The open stage the deal of each call (at ``rows``) stood in at the call; -1 unknown."""
    calls = calls_of(index)
    seen = visits(index)
    key = keyed(seen["deal"], seen["start"])
    order = np.argsort(key, kind="stable")
    own = keyed(calls.deal[rows], calls.at[rows])
    place = np.searchsorted(key[order], own, side="right") - 1
    at = order[np.maximum(place, 0)] if len(order) else np.zeros(len(rows), np.int64)
    if not len(order):
        return np.full(len(rows), -1, np.int64)
    fits = (place >= 0) & (seen["deal"][at] == calls.deal[rows])
    fits &= calls.at[rows] < seen["end"][at]
    return np.where(fits, seen["stage"][at], -1)
