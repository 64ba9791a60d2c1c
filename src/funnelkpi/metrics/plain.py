"""The plain figures: created, won, lost, sums, average check, open deals.

Sums of different currencies are separate rows, never added (unless the config gives rates).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._scopes import all_pipelines, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import sliced
from funnelkpi.metrics.result import empty
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

CREATED = MetricSpec("deals_created", "count", scales=True, needs=("created_at",))
WON = MetricSpec("won", "count", scales=True, needs=("closed_at",))
WON_AMOUNT = MetricSpec("won_amount", "money", scales=True, needs=("closed_at", "amount"))
LOST = MetricSpec("lost", "count", better="lower", scales=True, needs=("closed_at",))
AVERAGE_CHECK = MetricSpec("average_check", "money", needs=("closed_at", "amount"))
OPEN = MetricSpec("open_deals", "count", better="neither")
OPEN_AMOUNT = MetricSpec("open_amount", "money", better="neither", needs=("amount",))
SPECS = (CREATED, WON, WON_AMOUNT, LOST, AVERAGE_CHECK, OPEN, OPEN_AMOUNT)


def facts(data: Dataset, view: View, metric: str) -> pd.DataFrame:
    """The deals behind one plain figure: deal, manager, pipeline, amount, currency (codes).

    deals_created: created in the period. won, won_amount, average_check: won, closed in the period
    (average_check: amount > 0). lost: lost, closed in the period. open_deals, open_amount: open now.
    """
    deals = data.deals
    start, end = np.datetime64(view.period.start, "s"), np.datetime64(view.period.end, "s")
    status = _status(deals)
    created, closed = deals["created_at"].to_numpy(), deals["closed_at"].to_numpy()
    in_period = (closed >= start) & (closed < end)
    amount = deals["amount"].to_numpy()
    where = {
        "deals_created": (created >= start) & (created < end),
        "won": status("won") & in_period,
        "won_amount": status("won") & in_period,
        "average_check": status("won") & in_period & (np.nan_to_num(amount) > 0),
        "lost": status("lost") & in_period,
        "open_deals": status("open"),
        "open_amount": status("open"),
    }[metric]
    rows = np.flatnonzero(where)
    return pd.DataFrame(
        {
            "deal": rows.astype(np.int32),
            "manager": deals["manager"].cat.codes.to_numpy()[rows].astype(np.int32),
            "pipeline": deals["pipeline"].cat.codes.to_numpy()[rows].astype(np.int16),
            "amount": amount[rows],
            "currency": deals["currency"].cat.codes.to_numpy()[rows].astype(np.int16),
        }
    )


def _status(deals: pd.DataFrame):  # type: ignore[no-untyped-def]
    codes, names = deals["status"].cat.codes.to_numpy(), list(deals["status"].cat.categories)
    return lambda name: codes == names.index(name)


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows of every plain figure; one of which the files lack a column is not evaluated."""
    parts = [_rows(spec, data, view) for spec in SPECS]
    return pd.concat(parts, ignore_index=True) if parts else empty()


def _rows(spec: MetricSpec, data: Dataset, view: View) -> pd.DataFrame:
    absent = [column for column in spec.needs if column not in data.available]
    if absent:
        return not_evaluated(spec, data, view, absent[0])
    rows = sliced(all_pipelines(facts(data, view, spec.id), data), data, view)
    keys = ["slice", "pipeline"]
    grid = rows[rows["slice"] == ""][keys].drop_duplicates()
    if spec.unit == "count":
        out = summed(rows.assign(n=1), data, keys, ["n"], _grid(data))
        out["value"] = out["n"]
        return long_rows(out, spec, data, view, definition=spec.id, evidence="snapshot")
    # Kopecks as integers: a sum that does not depend on the order of rows.
    amount = rows["amount"].to_numpy()
    cents = np.where(np.isnan(amount), 0, np.round(amount * 100)).astype(np.int64)
    facts_ = rows.assign(cents=cents, n=(~np.isnan(amount) & (amount != 0)).astype(np.int64))
    grid = rows[["slice", "pipeline", "currency"]].drop_duplicates()
    out = summed(facts_, data, [*keys, "currency"], ["cents", "n"], grid[grid["slice"] == ""])
    total = out["cents"] / 100
    if spec is AVERAGE_CHECK:
        out["numerator"], out["denominator"] = total, out["n"]
        out["value"] = total / out["n"].where(out["n"] > 0)
    else:
        out["value"] = total
    codes = np.array([*data.deals["currency"].cat.categories, None], dtype=object)
    out["currency"] = codes[out["currency"].to_numpy(dtype=np.int64)]
    return long_rows(out, spec, data, view, definition=spec.id, evidence="snapshot")


def _grid(data: Dataset) -> pd.DataFrame:
    codes = range(len(data.funnel.pipelines))
    several = [-1] if len(data.funnel.pipelines) > 1 else []
    return pd.DataFrame({"slice": "", "pipeline": np.array([*codes, *several], dtype=np.int16)})
