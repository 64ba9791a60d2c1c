"""Limits of the stage clock: days from the config, or p80 of the visits that ended well."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._clocks import SECONDS_PER_DAY, Floats
from funnelkpi.metrics._columns import Columns
from funnelkpi.metrics._visits import spans, stage_visits, window_start
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import StageKind

__all__ = ["forward_visits", "stage_limits", "window_start"]

AUTO_QUANTILE = 0.8


def stage_limits(data: Dataset, view: View) -> pd.DataFrame:
    """The limit of every open stage, one row each, in the order of the stages.

    Columns: stage (stage code), limit (float, missing: none), unit ("days" or "working_days"), n
    (visits behind an automatic limit, also where they are too few), basis: "config" (days of the
    config), "auto" (p80 of the visits of the last 365 days that ended by moving forward), "default"
    (fewer than ``stalled.auto_min_visits`` of them), "none" (no limit).
    """
    stalled = view.settings.stalled
    stages = [(i, s) for i, s in enumerate(data.funnel.stages) if s.kind is StageKind.OPEN]
    visits = _forward(data) if any(s.limit == "auto" for _, s in stages) else None
    length = None if visits is None else _lengths(data, visits)
    rows = []
    for i, s in stages:
        if s.limit != "auto" or visits is None or length is None:
            rows.append((i, s.limit, s.limit_unit, 0, "none" if s.limit is None else "config"))
            continue
        days = length[visits["stage"] == i]
        enough = len(days) >= stalled.auto_min_visits
        limit = float(np.quantile(days, AUTO_QUANTILE)) if enough else stalled.default_limit
        rows.append((i, limit, s.limit_unit, len(days), "auto" if enough else "default"))
    out = pd.DataFrame(rows, columns=["stage", "limit", "unit", "n", "basis"])
    return out.astype({"stage": "int16", "limit": "float64", "n": "int64"})


def forward_visits(data: Dataset) -> pd.DataFrame:
    """Visits to open stages that ended in the last 365 days by moving forward.

    Columns: deal, stage (code), start, end, coarse (an end is a date only). From history or kept
    exports, else from the stages' date columns (``_visits``).
    """
    return pd.DataFrame(_forward(data))


def _forward(data: Dataset) -> Columns:
    visits = stage_visits(data, forward_only=True)
    known = ~np.isnat(visits["start"])
    names = ("deal", "stage", "start", "end", "coarse")
    return {name: visits[name] if known.all() else visits[name][known] for name in names}


def _lengths(data: Dataset, visits: Columns) -> Floats:
    start, end = visits["start"], visits["end"]
    length: Floats = spans(visits, np.datetime64(data.as_of, "s")) / SECONDS_PER_DAY
    working = np.array([s.limit_unit == "working_days" for s in data.funnel.stages], dtype=bool)
    counted = working[visits["stage"]]
    if counted.any():
        length[counted] = data.calendar.working_days_between(start[counted], end[counted])
    return length
