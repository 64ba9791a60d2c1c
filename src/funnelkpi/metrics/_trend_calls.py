"""Trends of the figures of calls: what came of a call is taken as it was known just as long after
the end of every point."""

from __future__ import annotations

import numpy as np

from funnelkpi.metrics import (
    answered_share,
    calls,
    calls_and_deals,
    first_response,
    leads,
    missed_calls,
    touches,
)
from funnelkpi.metrics._calls import call_rows, calls_of
from funnelkpi.metrics._columns import Array, Columns, columns, length, taken
from funnelkpi.metrics._deals import NEVER, second, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._points import data_begin, place, points, reaching, source_begin
from funnelkpi.metrics._trend_series import POINT, Grid, Series
from funnelkpi.metrics._ways import by_unit
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.survival import CENSORED
from funnelkpi.metrics.view import View
from funnelkpi.model.period import Period

FIGURES = (
    leads.CREATED, leads.CONVERTED, calls.CALLS, calls.CONVERSATIONS, calls.WITHOUT_RESULT,
    answered_share.ANSWERED, missed_calls.MISSED, missed_calls.TIME, touches.TOUCHES,
    calls_and_deals.WITHOUT_DEAL, calls_and_deals.PER_10, calls_and_deals.WITHOUT_CALL,
    first_response.RESPONSE,
)  # fmt: skip
WITHIN = "within_limit"
"""``statistic`` of times: their medians are no sums, the share within the limit has a trend."""


def call_series(index: Index, view: View, spans: list[Period]) -> list[Series]:
    """Leads, the work on the telephone, and what came of it; only what the files give."""
    found = _leads(Grid(index, view, spans))
    if index.calls is None:
        return found
    data = index.data
    whole = Grid(index, view, spans)
    cut = points(reaching(view, data, data.covered.get("calls", data.as_of)))
    if cut:
        found += _work(Grid(index, view, cut), view)
        found += _with_clients(Grid(index, view, cut), view)
    return [*found, *_of_deals(whole, view)]


def _leads(grid: Grid) -> list[Series]:
    index = grid.index
    every = [i for i, p in enumerate(index.data.funnel.pipelines) if p.entity == "lead"]
    if leads.absent(index, grid.view, leads.CREATED.id) is not None or not every:
        return []
    early = grid.early(data_begin(index).get("lead", NEVER))
    out = []
    for spec in (leads.CREATED, leads.CONVERTED):
        if spec is leads.CONVERTED and "closed_at" not in index.data.available:
            continue
        facts = columns(leads.facts(index.data, grid.view, spec.id, index=index))
        rows = {name: facts[name] for name in ("manager", "pipeline")}
        rows |= {"n": np.ones(length(rows), np.int64), POINT: _place(facts, grid)}
        places = {"pipeline": np.array(every, np.int16)}
        out.append(grid.counts(spec, grid.summed(rows, ["pipeline"], ["n"], places), early))
    return out


def _place(facts: Columns, grid: Grid) -> Array:
    at = facts["at"]
    return place(seconds(at) if at.dtype.kind == "M" else at, grid.spans)


def _work(grid: Grid, view: View) -> list[Series]:
    """Everything that a call itself tells."""
    index, own = grid.index, calls_of(grid.index)
    begin = source_begin(index, "calls")
    early = grid.early(begin)
    inside = np.flatnonzero((own.at >= _first(grid)) & (own.at < grid.ends()[-1]))
    rows = call_rows(index, inside)
    rows[POINT] = _place(rows, grid)
    talked, came = own.conversation[inside], own.incoming[inside]
    told = calls.absent(index, view, calls.WITHOUT_RESULT.id) is None
    rows["n"] = np.ones(length(rows), np.int64)
    rows |= {"talked": talked, "came": came, "answered": came & own.success[inside]}
    sums = ["n", "talked", "came", "answered"]
    if told:
        rows["blank"] = talked & calls.without_result(index)[inside]
        sums.append("blank")
    found = grid.whole(rows, sums)
    keys = {name: found[name] for name in ("who", "pipeline", POINT)}

    def counted(spec: MetricSpec, n: Array) -> Series:
        return grid.counts(spec, {**keys, "n": n}, early)

    out = [counted(calls.CALLS, found["n"]), counted(calls.CONVERSATIONS, found["talked"])]
    if told:
        one = {**keys, "n": found["blank"]}
        out.append(grid.counts(calls.WITHOUT_RESULT, one, early, denominator=found["talked"]))
    out.append(grid.shares(answered_share.ANSWERED, found, "answered", "came", early))
    out.append(counted(missed_calls.MISSED, found["came"] - found["answered"]))
    return [*out, *_called_back(grid, view, early), _touches(grid, early)]


def _first(grid: Grid) -> int:
    return second(grid.spans[0].start)


def _called_back(grid: Grid, view: View, early: Array) -> list[Series]:
    """Missed calls answered by a call within the limit, seen equally long after each point."""
    index, own = grid.index, calls_of(grid.index)
    rows = missed_calls.missed(index, grid.view)
    rows = taken(rows, own.party[rows["call"]] >= 0)
    rows[POINT] = _place(rows, grid)
    rows = taken(rows, rows[POINT] >= 0)
    until = grid.moved(max(own.end, 0))[rows[POINT]]
    rows |= missed_calls.ended_by(index, rows, until)
    limit = view.settings.calls.callback_minutes * 60
    return _within(grid, missed_calls.TIME, rows, limit, early)


def _touches(grid: Grid, early: Array) -> Series:
    facts = columns(touches.facts(grid.index.data, grid.view, index=grid.index))
    rows = {"manager": facts["manager"], "n": np.ones(length(facts), np.int64)}
    rows[POINT] = _place(facts, grid)
    if (facts["call"] < 0).any():  # e-mails and messages are known from the tasks
        early = early | grid.early(source_begin(grid.index, "tasks"))
    return grid.counts(touches.TOUCHES, grid.whole(rows, ["n"]), early)


def _begins(grid: Grid, *more: int) -> Array:
    """Before calls, deals or leads begin it is unknown what became of whom. more: further beginnings;
    what is given nowhere, or nowhere with a date, hides nothing."""
    others = [b for b in (*data_begin(grid.index).values(), *more) if b != NEVER]
    return grid.early(source_begin(grid.index, "calls"), *others)


def _with_clients(grid: Grid, view: View) -> list[Series]:
    """Conversations with new clients, and whether a deal or lead followed."""
    index = grid.index
    if calls_and_deals.absent(index, view, calls_and_deals.WITHOUT_DEAL.id) is not None:
        return []
    own = calls_of(index)
    inside = (own.at >= _first(grid)) & (own.at < grid.ends()[-1])
    rows = calls_and_deals.with_new_clients(index, inside)
    rows[POINT] = _place(rows, grid)
    rows = taken(rows, rows[POINT] >= 0)
    at, end = rows[POINT], own.deals_until
    rows["fate"] = calls_and_deals.fate_of_conversations(
        view, rows, grid.moved(end)[at], grid.seen(end)[at]
    )
    # a client entered before his call is no new one
    early = _begins(grid, source_begin(index, "contacts"))
    firsts = calls_and_deals.first_of_clients(index, rows, rows[POINT])
    firsts |= calls_and_deals.hit_and_base(firsts["fate"])
    found = grid.whole(firsts, ["hit", "base"])
    per_10 = grid.shares(calls_and_deals.PER_10, found, "hit", "base", early, factor=10.0)
    return [_missing(grid, calls_and_deals.WITHOUT_DEAL, rows, early), per_10]


def _missing(grid: Grid, spec: MetricSpec, rows: Columns, early: Array) -> Series:
    """How many came to nothing, of those whose time was over."""
    rows = {**rows, **calls_and_deals.hit_and_base(rows["fate"])}
    found = grid.whole(rows, ["hit", "base"])
    base, hit = found.pop("base"), found.pop("hit")
    return grid.counts(spec, {**found, "n": base - hit}, early, denominator=base)


def _of_deals(grid: Grid, view: View) -> list[Series]:
    """What became of the deals of each point: whether anybody called, and how soon."""
    index, own, out = grid.index, calls_of(grid.index), []
    end = own.deals_end
    spec = calls_and_deals.WITHOUT_CALL
    if calls_and_deals.absent(index, view, spec.id) is None:
        rows = calls_and_deals.created_deals(index, grid.view)
        rows[POINT] = _place(rows, grid)
        at = rows[POINT]
        rows["fate"] = calls_and_deals.fate_of_deals(
            view, rows, grid.moved(end)[at], grid.seen(end)[at]
        )
        early = grid.early(own.begin, data_begin(index).get("deal", NEVER))
        out.append(_missing(grid, spec, rows, early))
    if first_response.absent(index, view, first_response.RESPONSE.id) is None:
        rows = first_response.arrivals(index, grid.view)
        rows[POINT] = _place(rows, grid)
        rows = taken(rows, rows[POINT] >= 0)
        until = grid.moved(end)[rows[POINT]]
        rows |= first_response.answered_by(index, rows, until)
        limit = view.settings.calls.first_response_minutes * 60
        early = _begins(grid)
        out += _within(grid, first_response.RESPONSE, rows, limit, early)
    return out


def _within(
    grid: Grid, spec: MetricSpec, rows: Columns, limit: float, early: Array
) -> list[Series]:
    """The share within ``limit`` seconds (Aalen–Johansen, as in the figure itself).

    numerator and denominator only where nobody was still waiting within the limit: then it is k of
    n, and two points can be compared.
    """
    index = grid.index
    facts = {name: rows[name] for name in ("manager", POINT, "span", "cause")}
    waiting = (rows["cause"] == CENSORED) & (rows["span"] < limit)
    # what comes after the limit does not matter for the share within it
    facts["cause"] = np.where(rows["span"] > limit, CENSORED, rows["cause"]).astype(np.int8)
    facts["span"] = np.minimum(rows["span"], int(limit) + 60)
    counted = {**facts, "n": np.ones(length(facts), np.int64), "waiting": waiting}
    frame = grid.whole(counted, ["n", "waiting"])
    value, low, high = (np.full(length(frame), np.nan) for _ in range(3))
    place_of = frame["who"].astype(np.int64) * grid.size + frame[POINT]
    order = np.argsort(place_of)
    for groups, seen in by_unit(facts, index, [POINT], 60) if length(facts) else ():
        curves = seen.curves()
        own = groups["who"].astype(np.int64) * grid.size + groups[POINT]
        at = order[np.searchsorted(place_of, own, sorter=order)]
        value[at] = curves.incidence_at(limit)
        low[at], high[at] = curves.interval_at(limit)
    sure = (frame["waiting"] == 0) & (frame["n"] > 0)
    made = {"value": value, "low": low, "high": high, "n": frame["n"]}
    made["denominator"] = np.where(sure, frame["n"], np.nan)
    made["numerator"] = np.where(sure, np.round(value * frame["n"]), np.nan)
    keys = {name: frame[name] for name in ("who", "pipeline", POINT)}
    return [grid.series(spec, {**keys, **made}, early[keys[POINT]], statistic=WITHIN, unit="share")]
