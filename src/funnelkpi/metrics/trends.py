"""Trends: the last twelve periods of the main figures, at equal maturity (docs/metrics.md, "Trends").

What a figure is made of says how: deals (``_trend_deals``), cohorts (``_trend_cohorts``), calls
(``_trend_calls``), meetings, tasks and people (``_trend_people``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.metrics import _trend_calls, _trend_cohorts, _trend_deals, _trend_people, entries
from funnelkpi.metrics._columns import Columns, taken
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._points import points
from funnelkpi.metrics._scopes import long_rows
from funnelkpi.metrics._trend_series import POINT, Series
from funnelkpi.metrics.result import Part, typed_table
from funnelkpi.metrics.view import View

FIGURES = (
    *_trend_deals.FIGURES, entries.ENTRIES, *_trend_cohorts.FIGURES, *_trend_calls.FIGURES,
    *_trend_people.FIGURES,
)  # fmt: skip
"""The figures with a trend, in the order of its rows."""


def trends(index: Index, view: View) -> pd.DataFrame:
    """The long table of the points: company, departments and listed managers.

    ``period_start`` and ``period_end`` are the point's own: the period (of a running one its elapsed
    part), of conversions the cohort's window. Earlier points that the data do not cover have no
    value.
    """
    return table(series(index, view), index, view)


def table(found: list[Series], index: Index, view: View) -> pd.DataFrame:
    """The long rows of ``found``."""
    view = replace(view, by=())
    parts: list[Part] = []
    for one in found:
        own = taken(one.rows, one.rows[POINT] <= one.now)
        about = {"unit": one.unit, "statistic": one.statistic}
        parts.append(long_rows(own, one.spec, index, view, **about))
    return typed_table(parts)


def series(index: Index, view: View) -> list[Series]:
    """The points of every figure that the data date exactly."""
    spans = points(view)
    if not spans:
        return []
    view = replace(view, by=())
    found = _trend_deals.deal_series(index, view, spans)
    found += _trend_cohorts.cohort_series(index, view)
    found += _trend_calls.call_series(index, view, spans)
    found += _trend_people.people_series(index, view, spans)
    return [replace(s, rows=_shown(s.rows, index)) for s in found]


def _shown(rows: Columns, index: Index) -> Columns:
    """The rows of the company, the departments and the listed managers."""
    names = index.names
    listed = {m.name for m in index.data.roster.managers if m.listed}
    manager = [name in listed for name in names.manager]
    keep = np.isin(names.scope.astype("U10"), ("company", "department"))
    keep |= (names.scope == "manager") & np.array(manager)
    found: dict[str, Any] = taken(rows, keep[rows["who"]])
    return found
