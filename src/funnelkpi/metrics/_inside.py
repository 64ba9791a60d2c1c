"""What lies in the period asked for, and the pipeline a row is counted in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np

from funnelkpi.metrics._columns import Array
from funnelkpi.metrics._deals import second
from funnelkpi.metrics._index import Index
from funnelkpi.metrics.view import View
from funnelkpi.model.period import Period


def inside(at: Array, view: View) -> Array:
    """Which seconds lie in the period."""
    found: Array = (at >= second(view.period.start)) & (at < second(view.period.end))
    return found


def last_days(view: View) -> Period:
    """The last ``conversion.window`` days; *as of* itself still counts."""
    start = view.as_of - timedelta(days=view.settings.conversion.window)
    return Period(start, view.as_of + timedelta(seconds=1), "window")


def window(view: View) -> dict[str, Any]:
    """period_start and period_end of figures of ``last_days``."""
    return {"period_start": last_days(view).start, "period_end": view.as_of}


def alone(index: Index) -> bool:
    """Whether there is just one pipeline, of deals."""
    every = index.data.funnel.pipelines
    return len(every) == 1 and every[0].entity == "deal"


def pipelines(index: Index, deal: Array) -> Array:
    """The pipeline of each deal; of an event without a deal the only one there is, else -1."""
    if alone(index):
        return np.zeros(len(deal), np.int16)
    own: Array = np.append(index.deals.codes("pipeline"), -1)[deal].astype(np.int16)
    return own
