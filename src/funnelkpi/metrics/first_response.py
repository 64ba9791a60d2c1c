"""First response: working minutes from an inbound deal to the first call anybody made to it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._call_arrays import AT_THE_CALL
from funnelkpi.metrics._calls import (
    absent_calls,
    absent_parts,
    as_frame,
    calls_of,
    first_after,
    reachable,
)
from funnelkpi.metrics._columns import Array, Columns
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import inside, pipelines
from funnelkpi.metrics._lags import Clock
from funnelkpi.metrics.missed_calls import duration_parts
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.survival import CENSORED, END, OTHER
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

RESPONSE = MetricSpec(
    "first_response", "minutes", better="lower", needs=("created_at",), with_leads=True
)
SPECS = (RESPONSE,)
OUTCOMES = ("called", "waiting", "client_rang")


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    why = absent_calls(index, view, phones=True)
    if why is not None:
        return why
    if "created_at" not in index.data.available:
        return "created_at"
    asked = view.settings.calls.inbound_sources
    known = "source" in index.data.available if asked else _creators(index)
    return None if known else "inbound"


def _creators(index: Index) -> bool:
    """Whether the files name who created a deal."""
    deals = index.data.deals
    return "creator" in deals and bool(deals["creator"].notna().any())


def inbound(index: Index, view: View) -> Array:
    """Which deals and leads came by themselves: created by a robot or form, or of a listed source;
    not entered by a manager, not born of a call, not made of a lead."""
    data, deals = index.data, index.data.deals
    creator = np.full(len(deals), -1, np.int64)
    if "creator" in deals:
        column = deals["creator"].astype("category").array
        known = {m.name for m in data.roster.managers}
        known |= {a for m in data.roster.managers for a in m.aliases}
        table = np.array([*(2 if str(c) in known else 1 for c in column.categories), 0])
        creator = table[column.codes]
    asked = {s.casefold() for s in view.settings.calls.inbound_sources}
    if asked:
        source = deals["source"].array
        hits = [*(str(c).strip().casefold() in asked for c in source.categories), False]
        found: Array = np.array(hits, dtype=bool)[source.codes] & (creator != 2)
    else:
        found = creator == 0
    if "lead_id" in deals and deals["entity"].eq("lead").any():
        found &= deals["lead_id"].isna().to_numpy()
    return found


def facts(
    data: Dataset, view: View, metric: str = "first_response", index: Index | None = None
) -> pd.DataFrame:
    """Inbound deals and leads of the period whose client's number is known: deal, manager (owner at the
    creation), pipeline, at (creation), why (``OUTCOMES``), minutes (working)."""
    index = index or Index(data)
    if absent(index, view, metric) is not None:
        return pd.DataFrame({n: np.empty(0, np.int64) for n in ("deal", "manager", "pipeline")})
    rows = _rows(index, view)
    cause = rows.pop("cause")
    why = np.array(["waiting", "called", "client_rang"], dtype=object)[cause]
    return as_frame({**rows, "why": why, "minutes": rows.pop("span") / 60})


def _rows(index: Index, view: View) -> Columns:
    rows = arrivals(index, view)
    rows |= answered_by(index, rows, calls_of(index).deals_end)
    del rows["called"], rows["rang"]
    return rows


def arrivals(index: Index, view: View) -> Columns:
    """Inbound deals and leads of the period with a known client: deal, manager, pipeline, at, called,
    rang (the first call to the client and of him since, ``NEVER`` without one)."""
    calls, deals = calls_of(index), index.deals
    client = index.data.deals["client"].to_numpy().astype(np.int64)
    keep = inside(deals.created, view) & (deals.created >= calls.begin) & reachable(index)
    rows = np.flatnonzero(keep & inbound(index, view) & ~deals.status("gone"))
    begin = deals.created[rows] - AT_THE_CALL
    rang = first_after(calls, calls.incoming, calls.client, client[rows], begin)
    # telephony enters a deal for an outgoing call too; one of the very second answers the deal
    dialled = first_after(calls, calls.outgoing, calls.client, client[rows], begin)
    rows = rows[(rang > deals.created[rows]) & (dialled >= deals.created[rows])]
    created = deals.created[rows]
    own = deals.facts(rows, when="created")
    own["pipeline"] = pipelines(index, rows)
    called = first_after(calls, calls.outgoing, calls.client, client[rows], created)
    rang = first_after(calls, calls.incoming, calls.client, client[rows], created)
    return {**own, "at": created, "called": called, "rang": rang}


def answered_by(index: Index, rows: Columns, until: int | Array) -> Columns:
    """span (working seconds) and cause (``survival``) of ``arrivals`` as seen at ``until``."""
    called, rang, created = rows["called"], rows["rang"], rows["at"]
    until = np.maximum(until, created)
    end = np.minimum(np.minimum(called, rang), until)
    ended = np.where(called <= rang, END, OTHER)
    cause = np.where(np.minimum(called, rang) > until, CENSORED, ended).astype(np.int8)
    span = Clock("working_hours", index.data.calendar).between(created, end)
    return {"span": span, "cause": cause}


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows in working minutes: median of those called, ``within_limit`` (share, within
    ``calls.first_response_minutes``; the client's own call is the other end), ``waiting``,
    ``ended`` (he rang himself). Telephony alone is seen: e-mails and messages are not."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    why = absent(index, view, RESPONSE.id)
    if why is not None:
        return absent_parts(SPECS, index, view, why)
    limit = view.settings.calls.first_response_minutes * 60
    rows = _rows(index, view)
    rows["timed"] = ~index.data.deals["created_day"].to_numpy(dtype=bool)[rows["deal"]]
    return duration_parts(RESPONSE, index, view, rows, limit)
