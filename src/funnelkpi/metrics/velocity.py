"""Velocity: how much money a day the open pipeline is worth (docs/metrics.md, "Time")."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._ages import MIN_OBSERVATIONS, ended_deals
from funnelkpi.metrics._cohort import DAY, MAX_UNDATED, whole_way
from funnelkpi.metrics._columns import Array, Columns, either, joined, length, taken
from funnelkpi.metrics._deals import cents
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._lane import Lane
from funnelkpi.metrics._limits import window_start
from funnelkpi.metrics._scopes import long_rows, not_evaluated
from funnelkpi.metrics._stages import told
from funnelkpi.metrics._ways import MANY, Ways
from funnelkpi.metrics.conversion_mature import FEW_AT_RISK, HOUR, MIN_AT_RISK
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.survival import observations
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

VELOCITY = MetricSpec("velocity", "money_per_day", needs=("created_at", "closed_at", "amount"))
SPECS = (VELOCITY,)
MIN_WINS = MIN_OBSERVATIONS


def facts(
    data: Dataset, view: View, metric: str = "velocity", index: Index | None = None
) -> pd.DataFrame:
    """The open deals: deal, manager, pipeline, amount, currency (codes)."""
    deals = (index or Index(data)).deals
    rows = np.flatnonzero(deals.status("open"))
    return pd.DataFrame(deals.facts(rows, "amount", "currency"))


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Rows per pipeline and currency, for the company and for managers with at least 20 wins.

    value = open deals x probability of a win at entry x average check / mean days to close; n: open
    deals of the currency. The probability is the Aalen-Johansen incidence of created -> won where
    the curve ends to be reliable (fewer than 10 deals at risk); check (amounts above 0) and days
    are those of the wins of the last 365 days (period_start to period_end), all currencies together
    but for the check.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    data = index.data
    for column in ("created_at", "closed_at"):
        if not told(data, column):
            return [not_evaluated(VELOCITY, index, view, "closed_at")]
    if "amount" not in data.available:
        return [not_evaluated(VELOCITY, index, view, "amount")]
    tables = [t for lane in index.lanes for t in _pipeline(index, view, lane)]
    if not tables:
        return [not_evaluated(VELOCITY, index, view, "twenty_wins")]
    out = joined(tables)
    window = {"period_start": window_start(data), "period_end": data.as_of}
    return [long_rows(out, VELOCITY, index, view, evidence="snapshot", **window)]


def _pipeline(index: Index, view: View, lane: Lane) -> list[Columns]:
    """The company's and the managers' rows of one pipeline; none without an open deal."""
    if lane.pipeline.entity != "deal":
        return []
    deals = index.deals
    open_ = deals.facts(np.flatnonzero(deals.status("open") & lane.inside), "currency")
    if not length(open_):
        return []
    wins = ended_deals(index.data, deals, ("won",))
    wins = taken(wins, wins["pipeline"] == lane.code)
    wins["cents"], wins["filled"] = cents(deals.amount[wins["deal"]])
    wins["currency"] = deals.codes("currency")[wins["deal"]]
    way, reliable = _way(index, lane, view)
    units = index.names.units
    company, manager = units[0], units[-1]
    out = []
    for unit in (company, manager):
        out.append(_rows(open_, wins, way if reliable else None, unit, lane.code))
    out[1] = taken(out[1], out[1]["who"] != index.names.nobody)
    return out


def _way(index: Index, lane: Lane, view: View) -> tuple[Columns, bool]:
    """The ways from creation to the win; whether nearly all of them have a known end."""
    pairs = whole_way(lane.pipeline)
    if not pairs:
        return {}, False
    found, unknown = Ways(index, lane, view).between(*pairs[0])
    return found, unknown <= MAX_UNDATED * (length(found) + unknown) and length(found) > 0


def _rows(
    open_: Columns, wins: Columns, way: Columns | None, unit: Array, pipeline: int
) -> Columns:
    """One row per unit and currency that has an open deal of the currency."""
    who, size = unit[open_["manager"]], int(unit.max()) + 1
    chance = np.full(size, np.nan)
    if way is not None:
        coarser = HOUR if length(way) > MANY else 1
        whose = unit[way["manager"]]
        found = observations(way["span"], way["cause"], None, whose, size, coarser).curves()
        until = found.reliable_until(MIN_AT_RISK)
        chance = np.where(np.isnan(until), np.nan, found.incidence_at(np.nan_to_num(until)))
    winner = unit[wins["manager"]]
    count = np.bincount(winner, minlength=size)
    timed = ~np.isnan(wins["days"])
    # whole seconds: their sum does not depend on the order of rows
    whole = np.rint(wins["days"][timed] * DAY)
    days = np.bincount(winner[timed], weights=whole, minlength=size) / DAY
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = days / np.bincount(winner[timed], minlength=size)
    currencies = int(max(open_["currency"].max(), wins["currency"].max(initial=0))) + 1
    paid = np.flatnonzero(wins["filled"] & (wins["currency"] >= 0))
    cell = winner[paid] * currencies + wins["currency"][paid]
    cells = size * currencies
    with np.errstate(divide="ignore", invalid="ignore"):
        check = np.bincount(cell, weights=wins["cents"][paid], minlength=cells) / 100
        check /= np.bincount(cell, minlength=cells)
    named = np.flatnonzero(open_["currency"] >= 0)
    found_cell, n = np.unique(
        who[named] * currencies + open_["currency"][named], return_counts=True
    )
    whose = found_cell // currencies
    with np.errstate(divide="ignore", invalid="ignore"):
        value = n * chance[whose] * check[found_cell] / mean[whose]
    few = count[whose] < MIN_WINS
    missing = few | ~np.isfinite(value)
    why = np.select(
        [few, np.isnan(chance[whose]), missing],
        ["needs.twenty_wins", "needs.closed_at" if way is None else f"needs.{FEW_AT_RISK}",
         "needs.won_amounts"],
        "velocity",
    )  # fmt: skip
    return {
        "who": whose,
        "pipeline": np.full(len(n), pipeline),
        "currency": found_cell % currencies,
        "value": np.where(missing, np.nan, value),
        "n": n,
        "definition": why.astype(object),
        "verdict": either(missing, "not_evaluated"),
    }
