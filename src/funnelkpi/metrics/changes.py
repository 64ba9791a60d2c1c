"""Changes: every figure with a trend against the same length before (docs/metrics.md, "Trends and
changes").

A mark says that the difference is more than noise (95 %): shares by Newcombe's interval of the
difference, counts by the conditional binomial test. Sums and averages have no test and no mark;
neither has the share of a time that some were still waiting within.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Array, Columns, joined, length, matches, taken
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._marks import FEW
from funnelkpi.metrics._trend_series import POINT, Series
from funnelkpi.metrics.stats import binomial_test, newcombe
from funnelkpi.metrics.trends import series
from funnelkpi.metrics.view import View

LEVEL = 0.05
COLUMNS = (
    "metric", "scope", "department", "manager", "pipeline", "stage", "to_stage", "period_start",
    "period_end", "before_start", "before_end", "value", "before", "difference", "low", "high",
    "p_value", "mark", "n", "n_before", "numerator", "denominator", "numerator_before",
    "denominator_before", "unit", "currency", "definition", "statistic",
)  # fmt: skip
"""value, before: the figure now and in the same length before; missing where the data do not cover
it. low, high: 95 % interval of the difference of two shares, in the figure's own unit. p_value: of two
counts. mark: "up", "down", or missing: no more than noise, or no test."""
_TEXTS = (
    "metric", "scope", "department", "manager", "pipeline", "stage", "to_stage", "mark", "unit",
    "currency", "definition", "statistic",
)  # fmt: skip
_KEYS = ("who", "pipeline", "stage", "to_stage", "currency")
_NUMBERS = ("value", "n", "numerator", "denominator")


def changes(index: Index, view: View) -> pd.DataFrame:
    """One row per figure and scope (company, departments, listed managers); ``COLUMNS``."""
    return table(series(index, view), index)


def table(found: Sequence[Series], index: Index) -> pd.DataFrame:
    """The rows of ``found``, in its order."""
    names = index.names
    parts: list[Columns] = []
    for one in found:
        now = taken(one.rows, one.rows[POINT] == one.now)
        before = taken(one.rows, one.rows[POINT] == one.before)
        partner = matches(now, before, [name for name in _KEYS if name in now])
        # nobody of the unit counted anything then: there is nothing to compare with
        now, before = taken(now, partner >= 0), taken(before, partner[partner >= 0])
        rows = _compared(now, before, one)
        for name, text in (
            ("metric", one.spec.id), ("unit", one.unit), ("statistic", one.statistic),
        ):  # fmt: skip
            rows[name] = np.full(length(now), text, dtype=object)
        rows["definition"] = now["definition"]
        for name in ("scope", "department", "manager"):
            rows[name] = getattr(names, name)[now["who"]]
        rows["pipeline"] = names.pipelines[now["pipeline"]]
        for name in ("stage", "to_stage"):
            rows[name] = names.stages[now.get(name, np.full(length(now), -1))]
        rows["currency"] = names.currencies[now.get("currency", np.full(length(now), -1))]
        parts.append({name: rows[name] for name in COLUMNS})
    nothing = {name: np.empty(0, object if name in _TEXTS else np.float64) for name in COLUMNS}
    whole = joined(parts or [nothing])
    return pd.DataFrame(
        {n: pd.array(v, dtype="str") if n in _TEXTS else v for n, v in whole.items()}
    )


def _compared(now: Columns, before: Columns, one: Series) -> Columns:
    missing = np.full(length(now), np.nan)
    values = {name: now.get(name, missing).astype(np.float64) for name in _NUMBERS}
    earlier = {name: before.get(name, missing).astype(np.float64) for name in _NUMBERS}
    out: Columns = {
        "value": values["value"],
        "before": earlier["value"],
        "difference": values["value"] - earlier["value"],
        "low": missing,
        "high": missing,
        "p_value": missing,
        "mark": np.full(length(now), None, dtype=object),
    }
    for name in ("n", "numerator", "denominator"):
        out[name], out[f"{name}_before"] = values[name], earlier[name]
    for end in ("start", "end"):
        out[f"period_{end}"], out[f"before_{end}"] = now[f"period_{end}"], before[f"period_{end}"]
    if one.test == "share":
        low, high = newcombe(
            values["numerator"], values["denominator"],
            earlier["numerator"], earlier["denominator"],
        )  # fmt: skip
        out["low"], out["high"] = low * one.factor, high * one.factor
        sure = (values["denominator"] >= FEW) & (earlier["denominator"] >= FEW)
        for side in (now, before):  # deals of unknown reach could make the difference
            sure &= np.isnan(side.get("bound_low", missing))
        out["mark"] = _marks(sure & (out["low"] > 0), sure & (out["high"] < 0))
    elif one.test == "count":
        out["p_value"] = _p_values(out)
        beyond = out["p_value"] < LEVEL
        rate = values["value"] / _length(out, "period") - earlier["value"] / _length(out, "before")
        out["mark"] = _marks(beyond & (rate > 0), beyond & (rate < 0))
    return out


def _length(rows: Columns, name: str) -> Array:
    seconds: Array = (rows[f"{name}_end"] - rows[f"{name}_start"]).astype("m8[s]").astype(np.int64)
    return seconds


def _p_values(rows: Columns) -> Array:
    """Of the conditional binomial test: is the rate of events the same in both lengths?

    Months differ in length: of the events of both, the later month has its share of the days.
    """
    own, other = _length(rows, "period"), _length(rows, "before")
    cases = np.column_stack([rows["value"], rows["before"], own, other])
    different, place = np.unique(cases, axis=0, return_inverse=True)
    p = [
        np.nan
        if np.isnan(k) or np.isnan(rest)
        else binomial_test(round(k), round(k + rest), length_ / (length_ + before))
        for k, rest, length_, before in different.tolist()
    ]
    found: Array = np.array(p, dtype=np.float64)[place.reshape(-1)]
    return found


def _marks(up: Array, down: Array) -> Array:
    found: Array = np.array([None, "up", "down"], dtype=object)[np.where(up, 1, 2 * down)]
    return found
