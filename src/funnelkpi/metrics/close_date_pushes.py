"""Expected close dates moved later, and deals opened again after they had been won or lost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Array, Columns, length, taken
from funnelkpi.metrics._deals import seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import inside
from funnelkpi.metrics._scopes import all_pipelines, fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics._visits import weakest_level
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import StageKind

PUSHES = MetricSpec("close_date_pushes", "count", better="lower", scales=True)
REOPENED = MetricSpec("reopened", "count", better="neither", scales=True)
SPECS = (PUSHES, REOPENED)

_KEYS = ["slice", "pipeline"]
_FINAL = (StageKind.WON, StageKind.LOST, StageKind.AFTER, StageKind.CONVERTED)


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """What happened in the period: deal, manager (owner then), pipeline, at.

    close_date_pushes: a row per move of the expected close date to a later day. reopened: a row per
    deal that returned to an open stage (or Неразобранное) from a won, lost or later one; open
    (whether it is open at ``as_of``).
    """
    index = index or Index(data)
    rows = _pushes(index) if metric == PUSHES.id else _reopened(index)
    rows = taken(rows, _inside(rows, view))
    return pd.DataFrame(rows if metric == PUSHES.id else _once(rows))


def _inside(rows: Columns, view: View) -> Array:
    return inside(seconds(rows["at"]), view)


def _pushes(index: Index) -> Columns:
    frame = index.data.pushes
    before, after = frame["before"].to_numpy(), frame["after"].to_numpy()
    # NaT compares false: a date that was set for the first time or removed is no push
    rows = np.flatnonzero(after.astype("M8[D]") > before.astype("M8[D]"))
    deal = frame["deal"].to_numpy()[rows]
    return {
        "deal": deal.astype(np.int32),
        "manager": frame["manager"].to_numpy()[rows].astype(np.int32),
        "pipeline": index.deals.codes("pipeline")[deal].astype(np.int16),
        "at": frame["at"].to_numpy()[rows].astype("M8[s]"),
    }


def _reopened(index: Index) -> Columns:
    visits, funnel = index.data.visits, index.data.funnel
    deal, stage = visits["deal"].to_numpy(), visits["stage"].to_numpy()
    kinds = [s.kind for s in funnel.stages]
    final = np.array([k in _FINAL for k in kinds], dtype=bool)
    opens = np.array([k in (StageKind.OPEN, StageKind.INCOMING) for k in kinds], dtype=bool)
    rows = np.flatnonzero((deal[1:] == deal[:-1]) & final[stage[:-1]] & opens[stage[1:]]) + 1
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages], dtype=np.int16)
    # a won deal that goes on in another pipeline is a hand-over, not a deal opened again
    rows = rows[home[stage[rows]] == home[stage[rows - 1]]]
    whose = deal[rows]
    return {
        "deal": whose.astype(np.int32),
        "manager": visits["manager"].to_numpy()[rows].astype(np.int32),
        "pipeline": home[stage[rows]],
        "at": visits["start"].to_numpy()[rows].astype("M8[s]"),
        "open": index.deals.status("open", "incoming", rows=whose),
        "evidence": visits["evidence"].to_numpy()[rows],
    }


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Counts by scope, pipeline and slice.

    close_date_pushes: moves to a later day in the period; statistic ``deals``: the deals they are of.
    reopened: deals opened again in the period; statistic ``open``: those opened again at any time
    that are open at ``as_of``. Not evaluated without history or kept exports that could tell.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    data = index.data
    out = []
    if _dates_known(data):
        rows = _pushes(index)
        rows = taken(rows, _inside(rows, view))
        about = {"evidence": _push_evidence(data), "definition": PUSHES.id}
        out.append(_counts(PUSHES, index, view, rows, "value", about))
        out.append(_counts(PUSHES, index, view, _once(rows), "deals", about))
    else:
        out.append(not_evaluated(PUSHES, index, view, "close_date_history"))
    if len(data.visits):
        rows = _reopened(index)
        about = {"evidence": weakest_level(data.visits), "definition": REOPENED.id}
        within = _once(taken(rows, _inside(rows, view)))
        out.append(_counts(REOPENED, index, view, within, "value", about))
        now = _once(taken(rows, rows["open"]))
        now["at"] = np.full(length(now), np.datetime64(data.as_of, "s"))
        out.append(_counts(REOPENED, index, view, now, "open", about))
    else:
        out.append(not_evaluated(REOPENED, index, view, "stage_times"))
    return out


def _dates_known(data: Dataset) -> bool:
    """Whether a moved close date would have been seen."""
    if len(data.pushes):
        return True
    if data.history is None:
        return False
    told = (data.history["change"] == "planned_close").any()
    kept = (data.history["evidence"].to_numpy() == Evidence.ARCHIVE).any()
    return bool(told or (kept and "planned_close_at" in data.available))


def _push_evidence(data: Dataset) -> str:
    exact = data.pushes["since"].to_numpy() == data.pushes["until"].to_numpy()
    return (Evidence.HISTORY if exact.all() and len(exact) else Evidence.ARCHIVE).label


def _once(rows: Columns) -> Columns:
    """The last row of each deal: it counts once, for its latest owner."""
    place = np.lexsort((seconds(rows["at"]), rows["deal"]))
    deal = rows["deal"][place]
    last = np.ones(len(place), dtype=bool)
    last[:-1] = deal[1:] != deal[:-1]
    return taken(rows, place[last])


def _counts(
    spec: MetricSpec, index: Index, view: View, rows: Columns, statistic: str,
    about: dict[str, str],
) -> Part:  # fmt: skip
    own = {name: rows[name] for name in ("deal", "manager", "pipeline")}
    own = index.slices(view.by).applied(all_pipelines(own, index.data))
    own["n"] = np.ones(length(own), np.int64)
    pipelines = index.data.funnel.pipelines
    codes = [i for i, p in enumerate(pipelines)]
    if len(pipelines) > 1 or pipelines[0].entity != "deal":
        codes.append(-1)
    grid = {"pipeline": np.array(codes, np.int16), "slice": np.full(len(codes), UNSLICED)}
    table = summed(fine(own, _KEYS, ["n"]), index, _KEYS, ["n"], grid)
    table["value"] = table["n"]
    return long_rows(table, spec, index, view, statistic=statistic, **about)
