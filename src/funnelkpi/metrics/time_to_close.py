"""Time to close: days from the creation of a deal to its win (docs/metrics.md, "Time")."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from funnelkpi.metrics._clocks import Codes, elapsed_days, moments
from funnelkpi.metrics._limits import WINDOW_DAYS, window_start
from funnelkpi.metrics._scopes import all_pipelines, long_rows, not_evaluated
from funnelkpi.metrics._slices import sliced
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

TIME_TO_CLOSE = MetricSpec(
    "time_to_close", "days", better="lower", needs=("created_at", "closed_at")
)
SPECS = (TIME_TO_CLOSE,)

STATISTICS = {"median": 0.5, "p80": 0.8, "p95": 0.95}
MIN_OBSERVATIONS = 20
"""Wins that p80 and p95 need; the median is given from one win on."""

_KEYS = ["slice", "pipeline"]


def facts(
    data: Dataset, view: View, metric: str = "time_to_close", ended: tuple[str, ...] = ("won",)
) -> pd.DataFrame:
    """Deals that ended as ``ended`` in the 365 days up to ``as_of``, whatever the period asked for.

    Columns: deal, manager, pipeline (codes), days (creation to close; 0 on the same day where the
    file gives dates only; missing: an end is missing or the close comes before the creation), at
    (the close). A period's own wins are too few for a distribution, so the window is always a year.
    """
    deals = data.deals
    names = list(deals["status"].cat.categories)
    ends = np.array([name in ended for name in names] + [False])
    closed = deals["closed_at"].to_numpy()
    in_window = (closed > window_start(data)) & (closed <= np.datetime64(data.as_of, "s"))
    rows = np.flatnonzero(ends[deals["status"].cat.codes.to_numpy()] & in_window)
    coarse = (deals["created_day"].to_numpy() | deals["closed_day"].to_numpy())[rows].astype(bool)
    days = elapsed_days(moments(data, "created_at", rows), moments(data, "closed_at", rows), coarse)
    return pd.DataFrame(
        {
            "deal": rows.astype(np.int32),
            "manager": deals["manager"].cat.codes.to_numpy()[rows].astype(np.int32),
            "pipeline": deals["pipeline"].cat.codes.to_numpy()[rows].astype(np.int16),
            "days": np.where(days < 0, np.nan, days),
            "at": closed[rows],
        }
    )


def age_limits(data: Dataset, view: View) -> pd.DataFrame:
    """The age past which an open deal is too old: p95 of time to close of its pipeline.

    One row per pipeline in their order: pipeline (code), limit (days, missing below 20
    observations), n (observations). In a pipeline of leads a conversion is the end that counts.
    """
    ended = facts(data, view, ended=("won", "converted")).dropna(subset="days")
    code, days = ended["pipeline"].to_numpy(), ended["days"].to_numpy()
    rows = []
    for i in range(len(data.funnel.pipelines)):
        own = days[code == i]
        enough = len(own) >= MIN_OBSERVATIONS
        rows.append((i, float(np.quantile(own, 0.95)) if enough else np.nan, len(own)))
    out = pd.DataFrame(rows, columns=["pipeline", "limit", "n"])
    return out.astype({"pipeline": "int16", "limit": "float64", "n": "int64"})


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Median, p80 and p95 of time to close by scope, pipeline and slice.

    n: wins whose time is known, denominator: all wins of the window. period_start and period_end
    are the window's. p80 and p95 of fewer than 20 wins are not evaluated (``needs.twenty_wins``).
    """
    if "closed_at" not in data.available or "created_at" not in data.available:
        return not_evaluated(TIME_TO_CLOSE, data, view, "closed_at")
    rows = sliced(all_pipelines(facts(data, view), data), data, view)
    parts = [part for part in _levels(rows, data) if len(part)]
    if not parts:
        return not_evaluated(TIME_TO_CLOSE, data, view, "wins")
    out = pd.concat(parts, ignore_index=True)
    start = pd.Timestamp(data.as_of) - pd.Timedelta(days=WINDOW_DAYS)
    window = {"period_start": start, "period_end": pd.Timestamp(data.as_of)}
    table = long_rows(
        out, TIME_TO_CLOSE, data, view, definition="time_to_close", evidence="snapshot", **window
    )
    few = table["value"].isna()
    table.loc[few, "verdict"] = "not_evaluated"
    table.loc[few, "definition"] = "needs.twenty_wins"
    return table


def _levels(rows: pd.DataFrame, data: Dataset) -> Iterator[pd.DataFrame]:
    """Quantile rows of the company, the departments, the roles and the managers."""
    roster = data.roster
    department = _index([m.department for m in roster.managers], roster.departments)
    role = _index([m.role for m in roster.managers], roster.roles)
    manager = rows["manager"].to_numpy()
    names = np.array([*(m.name for m in roster.managers), ""], dtype=object)
    departments = np.array([*roster.departments, None], dtype=object)
    roles = np.array([*roster.roles, None], dtype=object)
    yield (
        _quantiles(rows, np.zeros(len(rows), np.int64)).assign(scope="company").drop(columns="who")
    )
    part = _quantiles(rows, department[manager], known=True)
    yield part.assign(scope="department", department=departments[part["who"]]).drop(columns="who")
    part = _quantiles(rows, role[manager], known=True)
    yield part.assign(scope="role", role=roles[part["who"]]).drop(columns="who")
    part = _quantiles(rows, manager.astype(np.int64))
    who = part["who"].to_numpy()
    people = {"manager": names[who], "department": departments[department[who]]}
    yield part.assign(scope="manager", role=roles[role[who]], **people).drop(columns="who")


def _index(values: list[str | None], names: tuple[str, ...]) -> Codes:
    """Codes of ``values`` in ``names``, and -1 for nobody at the end."""
    position = {name: i for i, name in enumerate(names)}
    return np.array([*(position.get(v, -1) if v else -1 for v in values), -1], dtype=np.int64)


def _quantiles(rows: pd.DataFrame, who: Codes, known: bool = False) -> pd.DataFrame:
    """One row per group and statistic: who, slice, pipeline, statistic, value, n, denominator.

    Quantiles are interpolated linearly between the two neighbouring observations.
    """
    frame = rows[[*_KEYS, "days"]].assign(who=who)
    frame = frame[frame["who"] >= 0] if known else frame
    keys = ["who", *_KEYS]
    frame = frame.sort_values([*keys, "days"], kind="stable", ignore_index=True)  # NaN last
    groups = frame.groupby(keys, sort=False, dropna=False)["days"].agg(["size", "count"])
    groups = groups.reset_index()
    days = frame["days"].to_numpy()
    size, n = groups["size"].to_numpy(), groups["count"].to_numpy()
    begin = np.cumsum(size) - size
    parts = []
    for name, share in STATISTICS.items():
        at = np.maximum(n - 1, 0) * share
        low, high = np.floor(at).astype(np.int64), np.ceil(at).astype(np.int64)
        value = days[begin + low] * (1 - (at - low)) + days[begin + high] * (at - low)
        enough = n >= (1 if name == "median" else MIN_OBSERVATIONS)
        part = groups[keys].assign(statistic=name, value=np.where(enough, value, np.nan))
        parts.append(part.assign(n=n, denominator=size))
    return pd.concat(parts, ignore_index=True)
