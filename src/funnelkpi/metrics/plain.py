"""The plain figures: created, won, lost, sums, average check, open deals.

Sums of different currencies are separate rows, never added (unless the config gives rates).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Columns, distinct, length, taken
from funnelkpi.metrics._deals import cents
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import inside
from funnelkpi.metrics._scopes import all_pipelines, fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.stats import share
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import Pipeline

CREATED = MetricSpec("deals_created", "count", scales=True, needs=("created_at",))
WON = MetricSpec("won", "count", scales=True, needs=("closed_at",))
WON_AMOUNT = MetricSpec("won_amount", "money", scales=True, needs=("closed_at", "amount"))
LOST = MetricSpec("lost", "count", better="lower", scales=True, needs=("closed_at",))
AVERAGE_CHECK = MetricSpec("average_check", "money", needs=("closed_at", "amount"))
OPEN = MetricSpec("open_deals", "count", better="neither")
OPEN_AMOUNT = MetricSpec("open_amount", "money", better="neither", needs=("amount",))
SPECS = (CREATED, WON, WON_AMOUNT, LOST, AVERAGE_CHECK, OPEN, OPEN_AMOUNT)


_STATUS = {"won": "won", "won_amount": "won", "average_check": "won", "lost": "lost"}
_KEYS = ["slice", "pipeline"]


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """The deals behind one plain figure: deal, manager, pipeline, amount, currency (codes).

    deals_created: created in the period and still in the CRM; the owner then. won, won_amount,
    average_check: won, closed in the period (average_check: amount > 0); the owner at the close.
    lost: likewise. open_deals, open_amount: open now.
    """
    return pd.DataFrame(_facts(index or Index(data), view, metric))


def _facts(index: Index, view: View, metric: str) -> Columns:
    deals, when = index.deals, None
    if metric in (OPEN.id, OPEN_AMOUNT.id):
        rows = np.flatnonzero(deals.status("open"))
    elif metric == CREATED.id:
        rows, when = np.flatnonzero(inside(deals.created, view)), "created"
        rows = rows[~deals.status("gone", rows=rows)]
    else:
        rows, when = np.flatnonzero(inside(deals.closed, view)), "closed"
        rows = rows[deals.status(_STATUS[metric], rows=rows)]
    if metric == AVERAGE_CHECK.id:
        rows = rows[deals.amount[rows] > 0]
    return deals.facts(rows, "amount", "currency", when=when)


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows of every plain figure; one of which the files lack a column is not evaluated."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    return [_rows(spec, index, view) for spec in SPECS]


def _rows(spec: MetricSpec, index: Index, view: View) -> Part:
    absent = [column for column in spec.needs if column not in index.data.available]
    if absent:
        return not_evaluated(spec, index, view, absent[0])
    rows = index.slices(view.by).applied(_facts(index, view, spec.id))
    about = {"definition": spec.id, "evidence": "snapshot"}
    if spec.unit == "count":
        rows["n"] = np.ones(length(rows), np.int64)
        table = all_pipelines(fine(rows, _KEYS, ["n"]), index.data)
        out = summed(table, index, _KEYS, ["n"], every_pipeline(index.data.funnel.pipelines))
        return long_rows({**out, "value": out["n"]}, spec, index, view, **about)
    keys = [*_KEYS, "currency"]
    rows["cents"], rows["n"] = cents(rows["amount"])
    table = all_pipelines(fine(rows, keys, ["cents", "n"]), index.data)
    grid = distinct(taken(table, table["slice"] == UNSLICED), keys)
    out = summed(table, index, keys, ["cents", "n"], grid)
    out["value"] = total = out["cents"] / 100
    if spec is AVERAGE_CHECK:
        out["numerator"], out["denominator"] = total, out["n"]
        out["value"] = share(total, out["n"])
    return long_rows(out, spec, index, view, **about)


def every_pipeline(pipelines: tuple[Pipeline, ...]) -> Columns:
    """Each pipeline and, of several, all together, unsliced."""
    codes = [*range(len(pipelines)), *([-1] if len(pipelines) > 1 else [])]
    return {"slice": np.full(len(codes), UNSLICED), "pipeline": np.array(codes, dtype=np.int16)}
