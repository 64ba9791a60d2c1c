"""Calls at stage: on how many days a deal was called while it stood there (docs/metrics.md)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._calls import absent_calls, as_frame
from funnelkpi.metrics._columns import Columns, length, taken
from funnelkpi.metrics._deals import second
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import window
from funnelkpi.metrics._medians import medians
from funnelkpi.metrics._scopes import fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics._stage_calls import (
    below_norm,
    counted,
    norms,
    open_stages,
    recent,
    under_called,
    visits,
)
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.stats import share, wilson
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

AT_STAGE = MetricSpec("calls_at_stage", "ratio", level="stage")
UNDER_CALLED = MetricSpec("under_called", "count", better="lower")
SPECS = (AT_STAGE, UNDER_CALLED)
_DAY = 86_400
_KEYS = ["slice", "pipeline", "stage"]


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    why = absent_calls(index)
    if why is None and metric == UNDER_CALLED.id:
        why = under_called(index, view)[1]
        return "call_norm" if why == "" else why
    return why


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """calls_at_stage: visits to open stages (finished, or running for ``calls.stage_days``): deal,
    manager, pipeline, stage, at (its start), calls, called (different days), norm (of the stage, if
    it has one), hit (the norm is met; where there is none: called at all). under_called: open deals
    below the norm of their stage, with called, norm and days (in the stage).
    """
    index = index or Index(data)
    if absent(index, view, metric) is not None:
        types = {"deal": "i4", "manager": "i4", "pipeline": "i2", "stage": "i2"}
        return pd.DataFrame({n: np.empty(0, t) for n, t in types.items()})
    if metric == UNDER_CALLED.id:
        return pd.DataFrame(_under(index, view))
    rows = _rows(index, view)
    rows["at"] = rows["start"]
    names = ("deal", "manager", "pipeline", "stage", "at", "calls", "called", "norm", "hit")
    return as_frame({n: rows[n] for n in names})


def _under(index: Index, view: View) -> Columns:
    below = below_norm(index, view)[0]
    order = np.argsort(below["deal"], kind="stable")
    rows = below["deal"][order]
    counts = {n: below[n][order] for n in ("called", "norm")}
    days = (second(view.as_of) - below["start"][order]) / _DAY
    return {**index.deals.facts(rows, "stage"), **counts, "days": days}


def _rows(index: Index, view: View) -> Columns:
    rows = counted(index, view, recent(index, view, visits(index)))
    funnel = index.data.funnel
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages], np.int16)
    rows["pipeline"] = home[rows["stage"]] if len(home) else rows["stage"]
    bound = np.ones(len(funnel.stages) + 1)
    wanted = norms(index, view)
    bound[wanted["stage"]] = wanted["norm"]
    rows["hit"] = rows["called"] >= bound[rows["stage"]]
    rows["norm"] = np.full(len(bound), np.nan)[rows["stage"]]
    stated = np.isin(rows["stage"], wanted["stage"])
    rows["norm"][stated] = bound[rows["stage"][stated]]
    return rows


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows by stage. Statistics of ``calls_at_stage``: median (of the different days with a
    call per visit; numerator: calls, denominator and n: visits), met (share of visits that meet the
    norm of the stage; only where there is one). ``under_called``: open deals below it."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    why = absent_calls(index)
    if why is not None:
        return [not_evaluated(spec, index, view, why) for spec in SPECS]
    rows = _rows(index, view)
    out = _medians(index, view, rows)
    missing = absent(index, view, UNDER_CALLED.id)
    if missing is not None:
        return [*out, not_evaluated(UNDER_CALLED, index, view, missing)]
    return [*out, *_met(index, view, rows), *_under_parts(index, view)]


def _medians(index: Index, view: View, rows: Columns) -> list[Part]:
    out = []
    if length(rows):
        names = ("deal", "manager", "pipeline", "stage", "called", "calls")
        sliced = index.slices(view.by).applied({n: rows[n] for n in names})
        found = medians(sliced, index, _KEYS, "called")
        found["denominator"] = found["n"]
        about = {"statistic": "median", "definition": AT_STAGE.id, **window(view)}
        out.append(long_rows(found, AT_STAGE, index, view, **about))
    absent_ = np.setdiff1d(open_stages(index), rows["stage"])
    if len(absent_):
        funnel = index.data.funnel
        home = [funnel.pipeline_code[funnel.stages[i].pipeline] for i in absent_]
        place = {
            "pipeline": np.array(home, np.int16),
            "stage": absent_.astype(np.int16),
            "slice": np.full(len(absent_), UNSLICED),
        }
        out.append(not_evaluated(AT_STAGE, index, view, "stage_times", place))
    return out


def _met(index: Index, view: View, rows: Columns) -> list[Part]:
    wanted = norms(index, view)
    rows = taken(rows, np.isin(rows["stage"], wanted["stage"]))
    if not length(rows):
        return []
    names = ("deal", "manager", "pipeline", "stage", "hit")
    sliced = index.slices(view.by).applied({n: rows[n] for n in names})
    sliced["n"] = np.ones(length(sliced), np.int64)
    table = summed(fine(sliced, _KEYS, ["n", "hit"]), index, _KEYS, ["n", "hit"])
    hits, n = table.pop("hit"), table["n"]
    low, high = wilson(hits, n)
    bound = np.full(len(index.data.funnel.stages) + 1, np.nan)
    bound[wanted["stage"]] = wanted["norm"]
    values = {"value": share(hits, n), "numerator": hits, "denominator": n, "low": low,
              "high": high, "norm": bound[table["stage"]]}  # fmt: skip
    about = {"statistic": "met", "unit": "share", "definition": f"{AT_STAGE.id}.met"}
    about |= window(view)
    return [long_rows({**table, **values}, AT_STAGE, index, view, **about)]


def _under_parts(index: Index, view: View) -> list[Part]:
    rows = _under(index, view)
    rows["n"] = np.ones(length(rows), np.int64)
    sliced = index.slices(view.by).applied(rows)
    pipelines = np.unique(
        [index.data.funnel.pipeline_code[index.data.funnel.stages[s].pipeline]
         for s in norms(index, view)["stage"]]
    )  # fmt: skip
    keys = ["slice", "pipeline"]
    grid = {"slice": np.full(len(pipelines), UNSLICED), "pipeline": pipelines.astype(np.int16)}
    table = summed(fine(sliced, keys, ["n"]), index, keys, ["n"], grid)
    return [
        long_rows({**table, "value": table["n"]}, UNDER_CALLED, index, view,
                  definition=UNDER_CALLED.id)
    ]  # fmt: skip
