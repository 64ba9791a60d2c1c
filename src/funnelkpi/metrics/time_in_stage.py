"""Time in stage: Kaplan–Meier over visits, the running ones included (docs/metrics.md, "Time")."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Columns, either, joined, length, taken
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._scopes import fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics._visits import (
    STANDING,
    derivable,
    elapsed,
    spans,
    stage_visits,
    window_start,
)
from funnelkpi.metrics._ways import DAY, by_unit
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.survival import CENSORED, END
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import StageKind

TIME_IN_STAGE = MetricSpec("time_in_stage", "days", better="lower", level="stage")
SPECS = (TIME_IN_STAGE,)

STATISTICS = {"median": 0.5, "p80": 0.8}
_KEYS = ["slice", "stage"]
START_UNKNOWN = "start=unknown"
"""``slice`` of the visits whose start nobody knows: ``n`` counts them."""


def facts(
    data: Dataset, view: View, metric: str = "time_in_stage", index: Index | None = None
) -> pd.DataFrame:
    """Visits to open stages that were running at some moment of the last 365 days.

    Columns: deal, manager (owner when it began), pipeline, stage, at (its start), days (to its end,
    or to ``as_of``), finished. Visits of unknown start are left out.
    """
    rows = _known(data, _typed(data))
    names = ("deal", "manager", "pipeline", "stage", "at", "days", "finished")
    return pd.DataFrame({name: rows[name] for name in names})


def _known(data: Dataset, visits: Columns) -> Columns:
    """The visits whose start is known, and seconds from it to the end and to the observation."""
    known = ~np.isnat(visits["start"])
    rows = _timed(data, visits if known.all() else taken(visits, known))
    # a visit that ended before it could have been seen was never at risk
    seen = (rows["entry"] <= 0) | (rows["entry"] < rows["span"])
    return rows if seen.all() else taken(rows, seen)


def _typed(data: Dataset) -> Columns:
    visits = stage_visits(data)
    home = np.array([data.funnel.pipeline_code[s.pipeline] for s in data.funnel.stages], np.int16)
    return {
        **visits,
        "deal": visits["deal"].astype(np.int32, copy=False),
        "manager": visits["manager"].astype(np.int32, copy=False),
        "stage": visits["stage"].astype(np.int16, copy=False),
        "pipeline": home[visits["stage"]] if len(home) else visits["stage"],
    }


def _timed(data: Dataset, visits: Columns) -> Columns:
    length_ = spans(visits, np.datetime64(data.as_of, "s"))
    begin = np.maximum(visits["observed"], window_start(data))
    late = np.flatnonzero(begin > visits["start"])
    entry = np.zeros(len(length_), np.int64)
    entry[late] = elapsed(visits["start"][late], begin[late], visits["coarse"][late])
    return {
        **visits,
        "at": visits["start"],
        "days": length_ / DAY,
        "span": length_,
        "entry": entry,
        "finished": visits["how"] != STANDING,
    }


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Median and p80 of the days of a visit, by scope, stage and slice.

    n, denominator: visits; numerator: those that ended in the last 365 days (period_start to
    period_end). A visit that began before that, or before it was observed, is at risk from then on.
    A quantile that the curve does not reach is missing (``time_in_stage.not_reached``): more than
    half (a fifth) still stand there. Slice ``start=unknown``: ``n`` visits of unknown start, left
    out. Stages whose visits nothing tells are not evaluated (``needs.stage_times``).
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    data = index.data
    visits = _typed(data)
    unknown = np.isnat(visits["start"])
    rows = _known(data, visits)
    window = {"period_start": window_start(data), "period_end": data.as_of}
    out = []
    if length(rows):
        rows["cause"] = np.where(rows["finished"], END, CENSORED).astype(np.int8)
        names = ("deal", "manager", "stage", "span", "entry", "cause", "evidence")
        sliced = index.slices(view.by).applied({name: rows[name] for name in names})
        table = _with_pipeline(data, joined(_tables(index, sliced)))
        out.append(long_rows(table, TIME_IN_STAGE, index, view, **window))
    out += _left_out(index, view, taken(visits, unknown), window)
    absent = _absent(data, visits)
    if length(absent):
        out.append(not_evaluated(TIME_IN_STAGE, index, view, "stage_times", absent))
    return out


def _tables(index: Index, rows: Columns) -> list[Columns]:
    """Per scope one table of medians and one of p80."""
    tables = []
    for groups, seen in by_unit(rows, index, _KEYS):
        found = seen.curves()
        ended, size = seen.total(0), found.groups
        for name, share in STATISTICS.items():
            days = found.quantile(share) / DAY
            definition = either(np.isnan(days), "time_in_stage.not_reached", "time_in_stage")
            tables.append(
                {
                    **groups,
                    "value": days,
                    "n": found.n,
                    "numerator": ended,
                    "denominator": found.n,
                    "statistic": np.full(size, name, dtype=object),
                    "definition": definition,
                }
            )
    return tables


def _with_pipeline(data: Dataset, table: Columns) -> Columns:
    home = np.array([data.funnel.pipeline_code[s.pipeline] for s in data.funnel.stages])
    return {**table, "pipeline": home[table["stage"]]}


def _left_out(index: Index, view: View, unknown: Columns, window: dict[str, object]) -> list[Part]:
    """How many visits of each stage have an unknown start."""
    if not length(unknown):
        return []
    rows = {name: unknown[name] for name in ("deal", "manager", "stage")}
    rows["n"] = np.ones(length(rows), np.int64)
    table = _with_pipeline(
        index.data, summed(fine(rows, ["stage"], ["n"]), index, ["stage"], ["n"])
    )
    about = {"slice": START_UNKNOWN, "definition": "time_in_stage.start_unknown"}
    return [long_rows(table, TIME_IN_STAGE, index, view, **about, **window)]


def _absent(data: Dataset, visits: Columns) -> Columns:
    """Open stages whose visits nothing tells."""
    told = derivable(data)
    told[np.unique(data.visits["stage"].to_numpy())] = True
    told[np.unique(visits["stage"][~np.isnat(visits["start"])])] = True
    stages = data.funnel.stages
    absent = [i for i, s in enumerate(stages) if s.kind is StageKind.OPEN and not told[i]]
    return {
        "pipeline": np.array(
            [data.funnel.pipeline_code[stages[i].pipeline] for i in absent], dtype=np.int16
        ),
        "stage": np.array(absent, dtype=np.int16),
        "slice": np.full(len(absent), UNSLICED),
    }
