"""Who is answered: successful incoming calls ÷ incoming ones, per call and per caller."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._calls import (
    absent_calls,
    absent_parts,
    acquaintance,
    as_frame,
    call_rows,
    calls_of,
    named,
    parties,
    rate,
    share_parts,
)
from funnelkpi.metrics._columns import Columns
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import inside
from funnelkpi.metrics._scopes import long_rows
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

ANSWERED = MetricSpec("answered_share", "share", anywhere=True, with_leads=True)
SPECS = (ANSWERED,)
CALLERS = "callers"
"""``statistic``: share of the callers of whom at least one call was answered."""


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    return absent_calls(index, view)


def facts(
    data: Dataset, view: View, metric: str = "answered_share", index: Index | None = None
) -> pd.DataFrame:
    """Incoming calls of the period: call, deal, manager, pipeline, at, hit (answered)."""
    index = index or Index(data)
    if index.calls is None:
        return pd.DataFrame({n: np.empty(0, np.int64) for n in ("deal", "manager", "at", "hit")})
    return as_frame(_rows(index, view))


def _rows(index: Index, view: View) -> Columns:
    calls = calls_of(index)
    rows = np.flatnonzero(inside(calls.at, view) & calls.incoming)
    return {**call_rows(index, rows), "hit": calls.success[rows]}


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows: per call, by slice ``client=existing|new`` too; ``callers``: different numbers or
    clients, each answered if one of its calls was."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    why = absent_calls(index, view)
    if why is not None:
        return absent_parts(SPECS, index, view, why)
    calls, rows = calls_of(index), _rows(index, view)
    groups = []
    if calls.clients_known:
        own = rows["call"]
        new = acquaintance(index, own).new
        new = np.where(calls.party[own] < 0, -1, new.astype(np.int64))
        groups.append((new, named("client", "existing", "new")))
    out = share_parts(ANSWERED, index, view, rows, groups)
    found = parties(index, rows, calls.party[rows["call"]])
    found["slice"] = np.full(len(found["who"]), UNSLICED)
    table = {**found, **rate(found["hits"], found["n"])}
    about = {"statistic": CALLERS, "definition": f"{ANSWERED.id}.{CALLERS}"}
    return [*out, long_rows(table, ANSWERED, index, view, **about)]
