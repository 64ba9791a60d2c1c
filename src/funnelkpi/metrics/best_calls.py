"""Calls to learn from: recordings of the managers who are marked higher at a step."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics import conversion
from funnelkpi.metrics._calls import absent_calls, as_frame, call_rows, calls_of
from funnelkpi.metrics._columns import Array, Columns, length, taken
from funnelkpi.metrics._deals import second
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import last_days, window
from funnelkpi.metrics._scopes import fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._stage_calls import stage_at
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

BEST = MetricSpec("best_calls", "count", better="neither")
SPECS = (BEST,)
_HIGHER = ("higher", "much_higher")


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    why = absent_calls(index)
    if why is None and not _recorded(index).any():
        return "recordings"
    return why


def _recorded(index: Index) -> Array:
    frame = index.data.calls
    if frame is None or "recording" not in frame:
        return np.zeros(0 if frame is None else len(frame), bool)
    found: Array = frame["recording"].notna().to_numpy()
    return found


def facts(
    data: Dataset, view: View, metric: str = "best_calls", index: Index | None = None
) -> pd.DataFrame:
    """Recorded conversations of the last ``conversion.window`` days held in the stage at which the
    manager is marked higher: call, deal, manager, pipeline, stage, at; the newest first."""
    index = index or Index(data)
    if absent(index, view, metric) is not None:
        types = {"deal": "i4", "manager": "i4", "pipeline": "i2", "stage": "i2"}
        return pd.DataFrame({n: np.empty(0, t) for n, t in types.items()})
    rows = _rows(index, view)
    return as_frame(taken(rows, np.lexsort((rows["call"], -rows["at"]))))


def _rows(index: Index, view: View) -> Columns:
    calls, roster = calls_of(index), index.data.roster
    since = second(last_days(view).start)
    rows = np.flatnonzero(
        calls.conversation & _recorded(index) & (calls.deal >= 0) & (calls.at > since)
    )
    stage = stage_at(index, rows)
    best = np.zeros((len(roster.managers) + 1, len(index.data.funnel.stages) + 1), bool)
    for manager, code in _marked(index, view):
        best[manager, code] = True
    keep = best[calls.manager[rows], stage]
    out = call_rows(index, rows[keep])
    out["stage"] = stage[keep].astype(np.int16)
    home = [index.data.funnel.pipeline_code[s.pipeline] for s in index.data.funnel.stages]
    out["pipeline"] = np.array([*home, -1], np.int16)[out["stage"]]
    return out


def _marked(index: Index, view: View) -> list[tuple[int, int]]:
    """Managers and the stages from which they lead more deals on than the others of their role."""
    table = long_table(conversion.parts(index, view))
    rows = table[
        table["metric"].eq("conversion") & table["scope"].eq("manager")
        & table["mark"].isin(_HIGHER) & table["slice"].isna()
    ]  # fmt: skip
    code, funnel = index.data.roster.code, index.data.funnel
    return [
        (code[str(name)], funnel.code[f"{pipeline}/{stage}"])
        for name, pipeline, stage in zip(
            rows["manager"], rows["pipeline"], rows["stage"], strict=True
        )
    ]


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows: how many such recordings there are, by manager and stage."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    why = absent(index, view, BEST.id)
    if why is not None:
        return [not_evaluated(BEST, index, view, why)]
    rows = _rows(index, view)
    if not length(rows):
        return [not_evaluated(BEST, index, view, "marked_higher")]
    rows["n"] = np.ones(length(rows), np.int64)
    keys = ["pipeline", "stage"]
    table = summed(fine(rows, keys, ["n"]), index, keys, ["n"])
    about = {"definition": BEST.id, **window(view)}
    return [long_rows({**table, "value": table["n"]}, BEST, index, view, **about)]
