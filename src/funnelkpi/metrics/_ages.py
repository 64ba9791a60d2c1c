"""How long deals took to end, and from which age on an open deal is older than nearly all of them."""

from __future__ import annotations

import numpy as np

from funnelkpi.metrics._clocks import Floats, elapsed_days, moments
from funnelkpi.metrics._columns import Columns
from funnelkpi.metrics._deals import Deals, second
from funnelkpi.metrics._limits import window_start
from funnelkpi.model.dataset import Dataset

MIN_OBSERVATIONS = 20
"""Ended deals that p80 and p95 need; the median is given from one on."""


def ended_deals(data: Dataset, deals: Deals, ended: tuple[str, ...]) -> Columns:
    """Deals that ended as ``ended`` in the 365 days up to ``as_of``.

    Columns: deal, manager, pipeline (codes), days (creation to close; 0 on the same day where the
    file gives dates only; missing: an end is missing or the close comes before the creation), at
    (the close).
    """
    since = int(window_start(data).astype(np.int64))
    rows = np.flatnonzero((deals.closed > since) & (deals.closed <= second(data.as_of)))
    rows = rows[deals.status(*ended, rows=rows)]
    frame = data.deals
    coarse = frame["created_day"].to_numpy()[rows] | frame["closed_day"].to_numpy()[rows]
    closed = moments(data, "closed_at", rows)
    days = elapsed_days(moments(data, "created_at", rows), closed, coarse.astype(bool))
    return {
        **deals.facts(rows, when="closed"),
        "days": np.where(days < 0, np.nan, days),
        "at": closed,
    }


def age_limits(data: Dataset, deals: Deals) -> Floats:
    """The age in days past which an open deal of each pipeline is too old; NaN where unknown.

    p95 of the time from creation to the end of its pipeline's deals; unknown below 20 of them. In a
    pipeline of leads a conversion is the end that counts.
    """
    ended = ended_deals(data, deals, ("won", "converted"))
    known = ~np.isnan(ended["days"])
    pipeline, days = ended["pipeline"][known], ended["days"][known]
    limits = np.full(len(data.funnel.pipelines), np.nan)
    for code in range(len(limits)):
        own = days[pipeline == code]
        if len(own) >= MIN_OBSERVATIONS:
            limits[code] = np.quantile(own, 0.95)
    return limits
