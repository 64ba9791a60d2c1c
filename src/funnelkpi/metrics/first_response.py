"""First response: working minutes from an inbound deal to the first call anybody made to it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._call_arrays import AT_THE_CALL
from funnelkpi.metrics._calls import absent_calls, absent_parts, as_frame, calls_of
from funnelkpi.metrics._columns import Array, Columns
from funnelkpi.metrics._deals import NEVER
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
_SPAN = np.int64(1) << 34


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    why = absent_calls(index, phones=True)
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
    """Inbound deals and leads of the period with a known client: deal, manager (owner at the
    creation), pipeline, at (creation), why (``OUTCOMES``), minutes (working)."""
    index = index or Index(data)
    if absent(index, view, metric) is not None:
        return pd.DataFrame({n: np.empty(0, np.int64) for n in ("deal", "manager", "pipeline")})
    rows = _rows(index, view)
    cause = rows.pop("cause")
    why = np.array(["waiting", "called", "client_rang"], dtype=object)[cause]
    return as_frame({**rows, "why": why, "minutes": rows.pop("span") / 60})


def _rows(index: Index, view: View) -> Columns:
    calls, deals = calls_of(index), index.deals
    client = index.data.deals["client"].to_numpy().astype(np.int64)
    keep = inside(deals.created, view) & (deals.created >= calls.begin) & (client >= 0)
    rows = np.flatnonzero(keep & inbound(index, view) & ~deals.status("gone"))
    born = _first_after(index, calls.incoming, client[rows], deals.created[rows] - AT_THE_CALL)
    rows = rows[born > deals.created[rows]]
    created = deals.created[rows]
    out = _first_after(index, calls.outgoing, client[rows], created)
    rang = _first_after(index, calls.incoming, client[rows], created)
    until = np.maximum(calls.deals_end, created)
    end = np.minimum(np.minimum(out, rang), until)
    cause = np.where(
        np.minimum(out, rang) > until, CENSORED, np.where(out <= rang, END, OTHER)
    ).astype(np.int8)
    own = deals.facts(rows, when="created")
    own["pipeline"] = pipelines(index, rows)
    span = Clock("working_hours", index.data.calendar).between(created, end)
    return {**own, "at": created, "span": span, "cause": cause}


def _first_after(index: Index, wanted: Array, client: Array, at: Array) -> Array:
    """The second of the first of the ``wanted`` calls with each client not before ``at``."""
    calls = calls_of(index)
    own = np.flatnonzero(wanted & (calls.at >= int(at.min(initial=NEVER))))
    own = own[calls.client[own] >= 0]
    keys = np.sort(calls.client[own] * _SPAN + np.clip(calls.at[own], 0, _SPAN - 1))
    place = np.searchsorted(keys, client * _SPAN + np.clip(at, 0, _SPAN - 1), side="left")
    found = np.append(keys, -1)[place]
    same = (place < len(keys)) & (found // _SPAN == client)
    return np.where(same, found % _SPAN, NEVER)


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
    return duration_parts(RESPONSE, index, view, _rows(index, view), limit)
