"""Meetings, the first one of each client, and whether a meeting ended with a next step."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Array, Columns, length, taken
from funnelkpi.metrics._filters import plain
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._meetings import meetings, missing, next_steps, stage_levels, steps_known
from funnelkpi.metrics._people import About, counts, frame, shares, texts, within
from funnelkpi.metrics._scopes import not_evaluated
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

MEETINGS = MetricSpec("meetings", "count", scales=True, anywhere=True, with_leads=True)
FIRST = MetricSpec("first_meetings", "count", scales=True, anywhere=True, with_leads=True)
BOOKED = MetricSpec("first_meetings_booked", "count", scales=True, anywhere=True, with_leads=True)
WITH_STEP = MetricSpec("meetings_with_next_step", "share", anywhere=True, with_leads=True)
SPECS = (FIRST, BOOKED, MEETINGS, WITH_STEP)


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """Meetings: deal (-1 none), client, manager, pipeline, at.

    meetings: held in the period. first_meetings: those of them that are the first of their client
    ever. first_meetings_booked: the first meeting ever put down for a client, ``at`` when it was
    put down. meetings_with_next_step: held ones whose deal did not end with them; hit: a next step
    was planned in time.
    """
    index = index or Index(data)
    rows = meetings_of(index, view, metric)
    del rows["done"]
    if "maybe" in rows:
        rows = taken(rows, ~rows["maybe"])
    return frame(rows)


def meetings_of(index: Index, view: View, metric: str, every: Columns | None = None) -> Columns:
    """The rows of ``facts`` in seconds; ``maybe``: nobody says whether it was held.

    every: all meetings, where they are known already.
    """
    every = meetings(index, view) if every is None else every
    rows = dict(every)
    if metric == BOOKED.id:
        rows["at"] = rows["booked"]
        rows["maybe"] = np.zeros(length(rows), dtype=bool)
        return within(taken(rows, firsts(rows)), view)
    rows = taken(rows, rows["held"] | rows["maybe"])
    if metric == WITH_STEP.id:
        rows = within(taken(rows, rows["held"]), view)
        steps = next_steps(index, view, rows, every)
        rows["hit"] = steps["step"]
        return taken(rows, steps["counts"])
    return within(taken(rows, firsts(rows)) if metric == FIRST.id else rows, view)


def firsts(rows: Columns) -> Array:
    """The first row of each known client, by ``at``; rows without a client are left out."""
    # of two of one second the order of the rows decides nothing
    ties = (rows["pipeline"], rows["manager"], rows["maybe"])
    order = np.lexsort((*ties, rows["at"], rows["client"]))
    client = rows["client"][order]
    first = np.ones(len(client), dtype=bool)
    first[1:] = client[1:] != client[:-1]
    return order[first & (client >= 0)]


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure for a norm (key under ``needs``)."""
    found = missing(index, view)
    if found is None and metric == WITH_STEP.id and not steps_known(index):
        return "next_task"
    if found is None and any(level != "exact" for level in stage_levels(index, view)):
        return "stage_dates"
    return found


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Rows of the meetings by scope, pipeline and slice.

    first_meetings also by ``source_group=<group>`` of the config, as statistic ``next_step`` (those
    with a next step planned in time) and ``no_client`` (held meetings of nobody known, which cannot
    be first ones). Where it is open whether a meeting was held: bounds instead of a value.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    absent = missing(index, view)
    if absent is not None:
        return [not_evaluated(spec, index, view, absent) for spec in SPECS]
    levels = stage_levels(index, view)
    about: About = {"evidence": "snapshot", "definition": "meetings"}
    least = any(level != "exact" for level in levels)
    out, every = [], meetings(index, view)
    for spec in (FIRST, BOOKED, MEETINGS):
        rows = meetings_of(index, view, spec.id, every)
        about["definition"] = "meetings.at_least" if least else spec.id
        out.append(_bounded(counts(spec, index, view, rows, moment=True, **about), least))
        if spec is not MEETINGS:
            out += _by_group(spec, index, view, rows, about, least)
        if spec is FIRST:
            out += _more(index, view, rows, every, about, least)
    about["definition"] = WITH_STEP.id
    if steps_known(index):
        rows = meetings_of(index, view, WITH_STEP.id, every)
        out.append(shares(WITH_STEP, index, view, rows, moment=True, **about))
    else:
        out.append(not_evaluated(WITH_STEP, index, view, "next_task"))
    return out


def _bounded(part: Part, least: bool) -> Part:
    """At least so many, where the entries of a stage are known only in part."""
    if not least:
        return part
    value, low = part.columns["value"], part.columns["bound_low"]
    size = len(value)
    found = {"value": np.full(size, np.nan), "bound_low": np.where(np.isnan(value), low, value)}
    return Part(part.n, {**part.columns, **found, "bound_high": np.full(size, np.nan)})


def _more(
    index: Index, view: View, rows: Columns, every: Columns, about: About, least: bool
) -> list[Part]:
    out = []
    if steps_known(index):
        step = next_steps(index, view, rows, every)["step"]
        step_rows = taken(rows, step)
        part = counts(FIRST, index, view, step_rows, moment=True, **about, statistic="next_step")
        out.append(_bounded(part, least))
    held = meetings_of(index, view, MEETINGS.id, every)
    nobody = taken(held, held["client"] < 0)
    if length(nobody):
        part = counts(FIRST, index, view, nobody, moment=True, **about, statistic="no_client")
        out.append(_bounded(part, least))
    return out


def _by_group(
    spec: MetricSpec,
    index: Index,
    view: View,
    rows: Columns,
    about: About,
    least: bool,
) -> list[Part]:
    """By group of sources; ``source_group=`` are the sources of no group."""
    groups = view.settings.source_groups
    if not groups or "source" not in index.data.available:
        return []
    number = {plain(s): i for i, sources in enumerate(groups.values(), 1) for s in sources}
    code, names = texts(index.data.deals, "source")
    table = np.array([*(number.get(plain(n), 0) for n in names), 0])
    own = {**rows, "slice": np.append(table[code], 0)[rows["deal"]]}
    titles = np.array([f"source_group={g}" for g in ("", *groups)], dtype=object)
    return [_bounded(counts(spec, index, view, own, names=titles, **about), least)]
