"""Tasks done by the day they were due."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Columns, taken
from funnelkpi.metrics._deals import NEVER, second
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import pipelines
from funnelkpi.metrics._meetings import done_flag
from funnelkpi.metrics._people import About, codes, frame, moments, numbers, shares
from funnelkpi.metrics._scopes import not_evaluated
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

KEPT = MetricSpec("promise_kept", "share", anywhere=True, with_leads=True)
SPECS = (KEPT,)
_DAY = 86_400


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """Tasks due in the period: deal (-1 none), manager (responsible), pipeline, at (when due), hit
    (done by the end of the day it was due). Those done at an unknown moment are left out."""
    index = index or Index(data)
    if data.tasks is None:
        return frame(
            {n: np.empty(0, np.int64) for n in ("deal", "manager", "pipeline", "at", "hit")}
        )
    rows = due(index, view)
    rows = taken(rows, ~rows["maybe"])
    del rows["maybe"], rows["until"]
    return frame(rows)


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    tasks = index.data.tasks
    if tasks is None:
        return "tasks"
    # open tasks alone say nothing of those that were done
    return None if (done_flag(tasks) > 0).any() else "done_tasks"


def due(index: Index, view: View) -> Columns:
    """``facts`` in seconds; until: the last second in time, maybe: perhaps it was done by then."""
    tasks = index.data.tasks
    assert tasks is not None
    moment = moments(tasks, "due_at")
    # kept is what was done on the day: a meeting is due when it begins and done when it ends
    until = np.where(moment != NEVER, moment // _DAY * _DAY + _DAY - 1, moment)
    end = min(second(view.period.end) - 1, second(view.as_of))
    known = (moment >= second(view.period.start)) & (moment != NEVER)
    rows = np.flatnonzero(known & (until <= end))
    done = moments(tasks, "done_at")[rows]
    deal = numbers(tasks, "deal")[rows]
    hit = done <= until[rows]
    return {
        "deal": deal,
        "manager": codes(tasks, "manager")[rows],
        "pipeline": pipelines(index, deal),
        "at": moment[rows],
        "until": until[rows],
        "hit": hit,
        "maybe": (done == NEVER) & (done_flag(tasks)[rows] != 0),
    }


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Tasks done by the end of the day they were due ÷ tasks due in the period, by scope, pipeline and slice.

    Tasks done at an unknown moment, or of which it is unknown whether they are done, make bounds.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    reason = absent(index, view, KEPT.id)
    if reason is not None:
        return [not_evaluated(KEPT, index, view, reason)]
    about: About = {"definition": KEPT.id, "evidence": "snapshot"}
    return [shares(KEPT, index, view, due(index, view), moment=True, **about)]
