"""The finder's list: how many of its clients came to a meeting, and how many contacts became
clients."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._clients import clients, deal_at
from funnelkpi.metrics._columns import Array, Columns, joined, length, taken
from funnelkpi.metrics._deals import NEVER, second
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._meetings import meetings, missing, stage_levels
from funnelkpi.metrics._people import About, frame, maker, moments, numbers, shares
from funnelkpi.metrics._scopes import not_evaluated
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

LIST = MetricSpec("list_conversion", "share", anywhere=True)
TO_CLIENT = MetricSpec("contact_to_client", "share", anywhere=True)
SPECS = (LIST, TO_CLIENT)
_OWN = np.int64(1) << 41
"""Contacts and companies that no deal, call or task shares a client with count from here."""


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """One row per client: deal (his newest, -1 none), manager (who entered the first of his cards;
    of no manager the responsible), pipeline (-1), at (the entry), hit.

    list_conversion: clients of the companies and contacts; hit: a meeting was put down for him.
    contact_to_client: clients of the contacts that had no won deal before the entry; hit: a deal of
    his was won on that day or later.
    """
    index = index or Index(data)
    if absent(index, view, metric) is not None:
        rows: Columns = {n: np.empty(0, np.int64) for n in ("deal", "manager", "pipeline", "at")}
        return frame({**rows, "hit": np.empty(0, dtype=bool)})
    return frame(_facts(index, view, metric))


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    data = index.data
    if metric == TO_CLIENT.id:
        if data.contacts is None:
            return "contacts"
        return None if _entered(data.contacts) else "contact_created_at"
    if not _entered(data.contacts) and not _entered(data.companies):
        return "lists"
    if any(level != "exact" for level in stage_levels(index, view)):
        return "stage_dates"
    return missing(index, view)


def _entered(table: pd.DataFrame | None) -> bool:
    """Whether a table is a list that somebody entered: one made of the columns of the deals has no
    date of entry, and everybody on it has a deal."""
    return table is not None and bool((moments(table, "created_at") != NEVER).any())


def _facts(index: Index, view: View, metric: str) -> Columns:
    rows = _cards(index, with_companies=metric == LIST.id)
    if metric == LIST.id:
        met = np.unique(meetings(index, view)["client"])
        rows["hit"] = np.isin(rows["client"], met)
    else:
        first, last = _won(index, rows["client"])
        day = np.where(rows["at"] == NEVER, 0, rows["at"] // 86_400 * 86_400)
        rows["hit"] = (last != NEVER) & (last >= day)
        rows = taken(rows, (first == NEVER) | (first >= day))
    now = np.where(rows["at"] == NEVER, second(index.data.as_of), rows["at"])
    rows["deal"] = deal_at(index, clients(index.data), rows["client"], now)
    rows.pop("client")
    return rows


def _cards(index: Index, *, with_companies: bool) -> Columns:
    """The clients on the list, each with his first card."""
    data = index.data
    tables = [data.companies, data.contacts] if with_companies else [data.contacts]
    parts: list[Columns] = []
    base = _OWN
    for table in tables:
        if table is None or not _entered(table):
            continue
        size = len(table)
        client = numbers(table, "client")
        parts.append(
            {
                "client": np.where(client >= 0, client, base + np.arange(size)),
                "manager": maker(data, table).astype(np.int64),
                "at": moments(table, "created_at"),
                "list": np.full(size, len(parts)),
            }
        )
        base += size
    rows = joined(parts)
    # of two cards of one moment the company's; else the order of the rows decides nothing
    order = np.lexsort((rows["manager"], rows.pop("list"), rows["at"], rows["client"]))
    client = rows["client"][order]
    first = np.ones(len(client), dtype=bool)
    first[1:] = client[1:] != client[:-1]
    rows = taken(rows, np.sort(order[first]))
    return {**rows, "pipeline": np.full(length(rows), -1, np.int64)}


def _won(index: Index, client: Array) -> tuple[Array, Array]:
    """The first and the last win of each client in seconds, ``NEVER`` without any."""
    won = np.flatnonzero(index.deals.status("won") & (index.deals.closed != NEVER))
    whose, at = clients(index.data)[won], index.deals.closed[won]
    order = np.lexsort((at, whose))
    whose, at = whose[order], np.append(at[order], NEVER)
    begin = np.searchsorted(whose, client)
    end = np.searchsorted(whose, client, side="right")
    none = begin == end
    return np.where(none, NEVER, at[begin]), np.where(none, NEVER, at[end - 1])


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Both shares by scope and slice; of everything there is, not of the period."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    out = []
    for spec in SPECS:
        reason = absent(index, view, spec.id)
        if reason is not None:
            out.append(not_evaluated(spec, index, view, reason))
            continue
        rows = _facts(index, view, spec.id)
        about: About = {"definition": spec.id, "evidence": "snapshot"}
        out.append(shares(spec, index, view, rows, places=False, **about))
    return out
