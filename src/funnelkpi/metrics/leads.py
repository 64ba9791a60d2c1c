"""Leads (Bitrix24) and their way into deals: by LEAD_ID, else by client within a day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._calls import as_frame, named
from funnelkpi.metrics._columns import Array, Columns, length
from funnelkpi.metrics._deals import NEVER, SPAN, keyed
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import inside
from funnelkpi.metrics._scopes import fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

CREATED = MetricSpec("leads_created", "count", scales=True, anywhere=True, with_leads=True)
CONVERTED = MetricSpec("leads_converted", "count", scales=True, anywhere=True, with_leads=True)
SPECS = (CREATED, CONVERTED)
LINKS = ("id", "client", "unmatched")
"""``slice`` ``link=`` of ``leads_converted``: how the deal of the lead was found."""
_DAY = 86_400


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    return None if _leads(index).any() else "leads"


def _leads(index: Index) -> Array:
    found: Array = index.data.deals["entity"].eq("lead").to_numpy()
    return found


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """leads_created: leads created in the period. leads_converted: those converted in it, with
    why: how the deal was found (``LINKS``) and to_deal (position, -1)."""
    index = index or Index(data)
    rows = _rows(index, view, metric)
    if "link" in rows:
        rows["why"] = np.array(LINKS, dtype=object)[rows.pop("link")]
    return as_frame(rows)


def _rows(index: Index, view: View, metric: str) -> Columns:
    deals, lead = index.deals, _leads(index)
    if metric == CREATED.id:
        rows = np.flatnonzero(lead & inside(deals.created, view) & ~deals.status("gone"))
        return {**deals.facts(rows, when="created"), "at": deals.created[rows]}
    converted = lead & deals.status("converted")
    at = np.where(deals.closed != NEVER, deals.closed, NEVER)
    rows = np.flatnonzero(converted & inside(at, view))
    found, link = to_deals(index, rows)
    own = deals.facts(rows, when="closed")
    return {**own, "at": at[rows], "to_deal": found, "link": link}


def to_deals(index: Index, rows: Array) -> tuple[Array, Array]:
    """The deal of each lead (position, -1) and how it was found (``LINKS``)."""
    frame, deals = index.data.deals, index.deals
    found = np.full(len(rows), -1, np.int64)
    link = np.full(len(rows), LINKS.index("unmatched"), np.int64)
    deal = np.flatnonzero(~_leads(index))
    if not len(deal) or not len(rows):
        return found, link
    if "lead_id" in frame and frame["lead_id"].notna().any():
        named_ = deal[frame["lead_id"].iloc[deal].notna().to_numpy()]
        codes = pd.factorize(
            pd.concat([frame["lead_id"].iloc[named_], frame["deal_id"].iloc[rows]])
        )[0]
        crm = frame["crm"].cat.codes.to_numpy().astype(np.int64)
        key = codes * 1000 + crm[np.concatenate([named_, rows])]
        theirs, own = key[: len(named_)], key[len(named_) :]
        order = np.argsort(theirs, kind="stable")
        place = np.minimum(np.searchsorted(theirs[order], own), max(len(order) - 1, 0))
        if len(order):
            hit = theirs[order][place] == own
            found[hit] = named_[order][place[hit]]
            link[hit] = LINKS.index("id")
    if "client" in frame:
        _by_client(index, rows, deal, found, link, deals.closed)
    return found, link


def _by_client(
    index: Index, rows: Array, deal: Array, found: Array, link: Array, closed: Array
) -> None:
    """The first deal of the lead's client created within a day of its conversion."""
    client = index.data.deals["client"].to_numpy().astype(np.int64)
    created = index.deals.created
    own = deal[(client[deal] >= 0) & (created[deal] != NEVER)]
    if "lead_id" in index.data.deals:  # a deal that names its lead is no other lead's
        own = own[index.data.deals["lead_id"].iloc[own].isna().to_numpy()]
    key = keyed(client[own], created[own])
    order = np.argsort(key, kind="stable")
    left = np.flatnonzero((found < 0) & (client[rows] >= 0) & (closed[rows] != NEVER))
    if not len(left) or not len(own):
        return
    base = client[rows[left]] * SPAN
    since = np.maximum(closed[rows[left]] - _DAY, created[rows[left]])
    since = np.where(created[rows[left]] == NEVER, closed[rows[left]] - _DAY, since)
    place = np.searchsorted(key[order], base + np.maximum(since, 0), side="left")
    at = np.minimum(place, len(own) - 1)
    hit = key[order][at] <= base + closed[rows[left]] + _DAY
    hit &= (place < len(own)) & (key[order][at] >= base)
    found[left[hit]] = own[order][at[hit]]
    link[left[hit]] = LINKS.index("client")


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows; ``leads_converted`` also by slice ``link=`` (``LINKS``), which add up."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    why = absent(index, view, CREATED.id)
    if why is not None:
        return [not_evaluated(spec, index, view, why) for spec in SPECS]
    out = _counted(CREATED, index, view, _rows(index, view, CREATED.id))
    if "closed_at" not in index.data.available:
        return [*out, not_evaluated(CONVERTED, index, view, "closed_at")]
    return [*out, *_counted(CONVERTED, index, view, _rows(index, view, CONVERTED.id))]


def _counted(spec: MetricSpec, index: Index, view: View, rows: Columns) -> list[Part]:
    rows["n"] = np.ones(length(rows), np.int64)
    keys = ["slice", "pipeline"]
    every = [i for i, p in enumerate(index.data.funnel.pipelines) if p.entity == "lead"]
    grid = {"slice": np.full(len(every), UNSLICED), "pipeline": np.array(every, np.int16)}
    sliced = index.slices(view.by).applied(rows)
    table = summed(fine(sliced, keys, ["n"]), index, keys, ["n"], grid)
    out = [long_rows({**table, "value": table["n"]}, spec, index, view, definition=spec.id)]
    if "link" in rows:
        names = named("link", *LINKS)
        own = {**rows, "slice": rows["link"]}
        table = summed(fine(own, keys, ["n"]), index, keys, ["n"])
        table["slice"] = names[table["slice"]]
        out.append(long_rows({**table, "value": table["n"]}, spec, index, view, definition=spec.id))
    return out
