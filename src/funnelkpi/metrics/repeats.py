"""Clients worked on twice: with two open deals, or by two managers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._clients import clients, told
from funnelkpi.metrics._columns import Array, Columns, taken
from funnelkpi.metrics._deals import NEVER, second
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._people import About, counts, frame
from funnelkpi.metrics._scopes import all_pipelines, long_rows, not_evaluated
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import MAX_STAGE_UNKNOWN, Dataset

REPEATS = MetricSpec("repeats", "count", better="lower")
SPECS = (REPEATS,)
_DAY = 86_400
_TWO_DEALS, _TWO_MANAGERS = 1, 2
_WHY = np.array([None, "two_deals", "two_managers", "two_deals,two_managers"], dtype=object)


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """The deals of clients worked on twice: deal, manager, pipeline, client, why.

    A client counts with two open deals, or with an open deal and another, open or closed in the last
    ``conversion.window`` days, of another manager. The open deals of the client are listed, and the
    closed ones of other managers.
    """
    rows = _facts(index or Index(data), view)
    rows["why"] = _WHY[rows["why"]]
    return frame(rows)


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    if index.data.stage_unknown_share > MAX_STAGE_UNKNOWN:
        return "history_for_as_of"
    return None if told(index.data) else "clients"


def _facts(index: Index, view: View) -> Columns:
    deals, whose = index.deals, clients(index.data)
    since = second(index.data.as_of) - view.settings.conversion.window * _DAY
    opened = deals.status("open", "incoming") & ~deals.stage_unknown
    recent = deals.status("won", "lost", "parked") & (deals.closed != NEVER)
    recent &= deals.closed >= since
    leads = [i for i, p in enumerate(index.data.funnel.pipelines) if p.entity == "lead"]
    rows = np.flatnonzero((opened | recent) & (whose >= 0))
    if leads:
        rows = rows[~np.isin(deals.codes("pipeline")[rows], leads)]
    place, size, own = whose[rows], int(whose.max(initial=-1)) + 1, opened[rows]
    open_deals = np.bincount(place[own], minlength=size)
    manager = deals.owner[rows].astype(np.int64)
    # the managers of a client: the least and the greatest code differ
    least, most = np.full(size, np.iinfo(np.int64).max), np.full(size, -1)
    known = manager >= 0
    np.minimum.at(least, place[known], manager[known])
    np.maximum.at(most, place[known], manager[known])
    why = (open_deals >= 2) * _TWO_DEALS
    why += ((open_deals >= 1) & (most > least) & (most >= 0)) * _TWO_MANAGERS
    why = why[place]
    # of a client with two open deals of one manager his closed ones are no repeat
    kept = np.where(own, why > 0, why >= _TWO_MANAGERS)
    at = np.flatnonzero(kept)
    return {**deals.facts(rows[at]), "client": whose[rows[at]], "why": why[at]}


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Deals by scope, pipeline and slice; ``repeat=deals``, ``repeat=managers`` by the reason (a
    deal may be in both); statistic ``clients``: how many clients they are of."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    reason = absent(index, view, REPEATS.id)
    if reason is not None:
        return [not_evaluated(REPEATS, index, view, reason)]
    rows = _facts(index, view)
    about: About = {"definition": REPEATS.id, "evidence": "snapshot"}
    own = {n: rows[n] for n in ("deal", "manager", "pipeline")}
    out = [counts(REPEATS, index, view, own, **about)]
    for bit, name in ((_TWO_DEALS, "deals"), (_TWO_MANAGERS, "managers")):
        some = taken(own, (rows["why"] & bit) > 0)
        title = np.array([f"repeat={name}"], dtype=object)
        by = {**some, "slice": np.zeros(len(some["deal"]), np.int64)}
        out.append(counts(REPEATS, index, view, by, names=title, **about))
    everywhere = _distinct(index, all_pipelines(rows, index.data))
    return [*out, long_rows(everywhere, REPEATS, index, view, **about, statistic="clients")]


def _distinct(index: Index, rows: Columns) -> Columns:
    """How many clients each unit has in each pipeline."""
    place = rows["pipeline"].astype(np.int64) + 1
    places, wide = int(place.max(initial=0)) + 1, int(rows["client"].max(initial=0)) + 1
    found: dict[str, list[Array]] = {"who": [], "pipeline": [], "value": []}
    for units in index.names.units:
        who = units[rows["manager"]]
        some = who >= 0
        pairs = (who[some] * places + place[some]) * wide + rows["client"][some]
        pairs.sort()
        new = np.ones(len(pairs), dtype=bool)
        new[1:] = pairs[1:] != pairs[:-1]
        count = np.bincount(pairs[new] // wide)
        cells = np.flatnonzero(count)
        found["who"].append(cells // places)
        found["pipeline"].append(cells % places - 1)
        found["value"].append(count[cells])
    out = {name: np.concatenate(values) for name, values in found.items()}
    return {**out, "n": out["value"], "pipeline": out["pipeline"].astype(np.int16)}
