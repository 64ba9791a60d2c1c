"""Deals handed from one manager, role or pipeline to another, and what the new owner did."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._calls import spoken
from funnelkpi.metrics._columns import Array, Columns, joined, length, taken
from funnelkpi.metrics._deals import NEVER, SPAN, keyed, second, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._lags import Clock
from funnelkpi.metrics._medians import medians
from funnelkpi.metrics._people import About, codes, counts, frame, inside, moments, numbers
from funnelkpi.metrics._scopes import all_pipelines, long_rows, not_evaluated
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence

HAND_OVERS = MetricSpec("hand_overs", "count", better="neither", scales=True)
DROPPED = MetricSpec("hand_overs_dropped", "count", better="lower", scales=True)
DELAY = MetricSpec("hand_over_delay", "hours", better="lower")
SPECS = (HAND_OVERS, DROPPED, DELAY)

KINDS = ("manager", "role", "pipeline")
_DAY = 86_400


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """Hand-overs of the period: deal, manager (the new owner), pipeline (of the deal now), at,
    days (to his first action, missing without one), why (to_manager, to_role, to_pipeline, joined).

    hand_overs_dropped: those without an action within ``hand_overs.dropped_after`` days, that time
    being over, unless the deal was handed on in it. hand_over_delay: those with an action.
    """
    index = index or Index(data)
    rows = _chosen(_rows(index, view), view, metric)
    wait = np.where(rows["first"] == NEVER, np.nan, (rows["first"] - rows["at"]) / _DAY)
    kinds = [",".join(f"to_{k}" for i, k in enumerate(KINDS) if bits >> i & 1) for bits in range(8)]
    return frame(
        {
            **{n: rows[n] for n in ("deal", "manager", "pipeline", "at")},
            "days": wait,
            "why": np.array(kinds, dtype=object)[rows["kind"]],
        }
    )


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    return None if _owners_told(index.data) else "owner_history"


def _owners_told(data: Dataset) -> bool:
    """Whether a change of owner would have been seen."""
    if len(data.owners):
        return True
    if data.history is None:
        return False
    told = (data.history["change"] == "owner").any()
    return bool(told or (data.history["evidence"].to_numpy() == Evidence.ARCHIVE).any())


def _rows(index: Index, view: View) -> Columns:
    """The hand-overs of the period with ``until`` (the next one of the deal) and ``first`` (the new
    owner's first action after it)."""
    rows = _merged(joined([_of_owners(index), _of_pipelines(index)]))
    deal = rows["deal"]
    after = np.full(length(rows), NEVER)
    after[:-1] = np.where(deal[1:] == deal[:-1], rows["at"][1:], NEVER)
    rows["until"] = after
    rows["pipeline"] = index.deals.codes("pipeline")[deal].astype(np.int16)
    rows = taken(rows, inside(rows["at"], view))
    rows["first"] = _first_action(index, rows)
    return rows


def _of_owners(index: Index) -> Columns:
    owners, people = index.data.owners, index.data.roster.managers
    deal, who = owners["deal"].to_numpy(), owners["manager"].to_numpy().astype(np.int64)
    at = seconds(owners["at"].to_numpy())
    rows = np.flatnonzero((deal[1:] == deal[:-1]) & (who[1:] != who[:-1])) + 1
    rows = rows[at[rows] != NEVER]
    roles = {r: i for i, r in enumerate(index.data.roster.roles)}
    role = np.array([*(roles.get(m.role or "", -1) for m in people), -1])
    before, now = role[who[rows - 1]], role[who[rows]]
    kind = 1 + 2 * ((before != now) & (before >= 0) & (now >= 0))
    return {
        "deal": deal[rows].astype(np.int64),
        "at": at[rows],
        "manager": who[rows],
        "kind": kind.astype(np.int64),
    }


def _of_pipelines(index: Index) -> Columns:
    visits, funnel = index.data.visits, index.data.funnel
    deal, stage = visits["deal"].to_numpy(), visits["stage"].to_numpy()
    home = np.array([*(funnel.pipeline_code[s.pipeline] for s in funnel.stages), -1])[stage]
    at = seconds(visits["start"].to_numpy())
    rows = np.flatnonzero((deal[1:] == deal[:-1]) & (home[1:] != home[:-1])) + 1
    rows = rows[at[rows] != NEVER]
    return {
        "deal": deal[rows].astype(np.int64),
        "at": at[rows],
        "manager": visits["manager"].to_numpy()[rows].astype(np.int64),
        "kind": np.full(len(rows), 4, np.int64),
    }


def _merged(rows: Columns) -> Columns:
    """A deal handed to another pipeline and to another manager on one day is handed over once, to
    him and at the later moment."""
    order = np.lexsort((rows["kind"], rows["at"], rows["deal"]))
    rows = taken(rows, order)
    deal, day = rows["deal"], rows["at"] // _DAY
    pipeline = rows["kind"] == 4
    same = (deal[1:] == deal[:-1]) & (day[1:] == day[:-1]) & (pipeline[1:] != pipeline[:-1])
    # pairs: the third of a day begins anew, and the fourth joins it
    begun = np.flatnonzero(np.append(True, ~same)) if len(deal) else np.empty(0, np.int64)
    place = np.arange(len(deal))
    place -= np.repeat(begun, np.diff(np.append(begun, len(deal))))
    joins = place % 2 == 1
    second_of = np.flatnonzero(joins)
    first_of = second_of - 1
    owner = np.where(pipeline[second_of], first_of, second_of)
    rows["manager"][first_of] = rows["manager"][owner]
    rows["kind"][first_of] |= rows["kind"][second_of]
    rows["at"][first_of] = rows["at"][second_of]
    return taken(rows, ~joins)


def _first_action(index: Index, rows: Columns) -> Array:
    """The first call, task put down or done, move of the deal, win or loss by the new owner after
    each hand-over; ``NEVER`` without one before the next."""
    deal, at, who = (np.concatenate(part) for part in zip(*_actions(index), strict=True))
    some = np.flatnonzero((deal >= 0) & (at != NEVER) & (who >= 0))
    people = np.int64(len(index.data.roster.managers) + 1)
    pair = deal[some].astype(np.int64) * people + who[some]
    asked = rows["deal"] * people + rows["manager"]
    # only actions on deals that were handed over, to those they were handed to
    wanted = np.isin(pair, asked)
    some, pair = some[wanted], pair[wanted]
    every, place = np.unique(np.concatenate([pair, asked]), return_inverse=True)
    keys = np.sort(keyed(place[: len(pair)], at[some]))
    own = place[len(pair) :]
    next_ = np.searchsorted(keys, own * SPAN + rows["at"], side="right")
    keys = np.append(keys, len(every) * SPAN)
    found = keys[next_]
    when = np.where(found // SPAN == own, found % SPAN, NEVER)
    return np.where(when <= rows["until"], when, NEVER)


def _actions(index: Index) -> list[tuple[Array, Array, Array]]:
    """deal, moment, manager of everything that is an action on a deal."""
    data = index.data
    visits = data.visits
    out = [
        (visits["deal"].to_numpy(), seconds(visits["start"].to_numpy()),
         visits["manager"].to_numpy()),
        (np.arange(len(index.deals)), index.deals.closed, index.deals.owner_when("closed")),
    ]  # fmt: skip
    if index.calls is not None:
        # a call of the client that he missed is nothing he did
        own = np.flatnonzero((index.calls.deal >= 0) & spoken(index.calls))
        out.append((index.calls.deal[own], index.calls.at[own], index.calls.manager[own]))
    if data.tasks is not None:
        for moment, person in (("created_at", "maker"), ("done_at", "manager")):
            put = (numbers(data.tasks, "deal"), moments(data.tasks, moment))
            out.append((*put, codes(data.tasks, person)))
    return out


def _chosen(rows: Columns, view: View, metric: str) -> Columns:
    if metric == DELAY.id:
        return taken(rows, rows["first"] != NEVER)
    if metric == HAND_OVERS.id:
        return rows
    limit = rows["at"] + round(view.settings.hand_overs.dropped_after * _DAY)
    late = np.minimum(rows["first"], rows["until"]) > limit
    return taken(rows, late & (limit <= second(view.as_of)))


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Rows by scope (the new owner's) and pipeline.

    hand_overs, hand_overs_dropped: counts, also by ``kind=manager``, ``kind=role``,
    ``kind=pipeline`` (one hand-over may be of several kinds). hand_over_delay: median working
    hours to the new owner's first action, of those he acted on; n: how many.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    reason = absent(index, view, HAND_OVERS.id)
    if reason is not None:
        return [not_evaluated(spec, index, view, reason) for spec in SPECS]
    every, out = _rows(index, view), []
    for spec in (HAND_OVERS, DROPPED):
        rows = _chosen(every, view, spec.id)
        about: About = {"definition": spec.id, "evidence": "history"}
        out.append(counts(spec, index, view, rows, **about))
        for i, kind in enumerate(KINDS):
            some = taken(rows, (rows["kind"] >> i & 1) > 0)
            by = {**some, "slice": np.zeros(length(some), np.int64)}
            title = np.array([f"kind={kind}"], dtype=object)
            out.append(counts(spec, index, view, by, names=title, **about))
    return [*out, _delay(index, view, every)]


def _delay(index: Index, view: View, every: Columns) -> Part:
    rows = _chosen(every, view, DELAY.id)
    if not length(rows):
        return not_evaluated(DELAY, index, view, "hand_overs")
    clock = Clock("working_hours", index.data.calendar)
    rows["hours"] = clock.between(rows["at"], rows["first"]) / 3600
    rows["slice"] = np.full(length(rows), UNSLICED)
    rows = all_pipelines(rows, index.data)
    found = medians(rows, index, ["slice", "pipeline"], "hours")
    about: About = {"definition": DELAY.id, "evidence": "history", "statistic": "median"}
    return long_rows(found, DELAY, index, view, **about)
