"""Lags s -> t: how long deals take from one stage to a later one, how many within the limit, and who
is waiting now (docs/metrics.md, "Time")."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from funnelkpi.metrics._columns import Array, Columns, joined, length, matches
from funnelkpi.metrics._deals import seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._lag_ways import OUTCOMES, lag_ways
from funnelkpi.metrics._lags import SHOWN, TICK, Asked, asked
from funnelkpi.metrics._scopes import fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._stages import moments
from funnelkpi.metrics._ways import DAY, Endings, by_unit, year_before
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.survival import CENSORED, END, OTHER, Observations
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

LAG = MetricSpec("lag", "days", better="lower", level="step", needs=("created_at",))
SPECS = (LAG,)

_KEYS = ["slice", "pipeline", "stage", "to_stage"]
_CAUSES = np.array([CENSORED, END, OTHER], dtype=np.int8)


def _found(index: Index, view: View) -> list[tuple[Asked, Columns]]:
    out = []
    endings: dict[str, Endings] = {}
    for lag in asked(index.data, view):
        lane = index.lanes[index.data.funnel.pipeline_code[lag.pipeline.key]]
        if not lag.dated:
            continue
        if lag.pipeline.key not in endings:
            endings[lag.pipeline.key] = Endings(index, lane)
        out.append((lag, lag_ways(index, lane, endings[lag.pipeline.key], lag)))
    return out


_FACTS = {
    "deal": "i4", "manager": "i4", "pipeline": "i2", "stage": "i2", "at": "M8[s]",
    "to_stage": "i2", "days": "f8", "why": "O", "waited": "f8", "limit": "f8", "unit": "O",
    "over": "f8",
}  # fmt: skip


def facts(
    data: Dataset, view: View, metric: str = "lag", index: Index | None = None
) -> pd.DataFrame:
    """Deals that entered s in the last 365 days, one row per lag and deal.

    Columns: deal, manager (owner at the entry), pipeline, stage, at (the entry), to_stage, days
    (calendar days to t, to another end, or to ``as_of``), why (``OUTCOMES``), waited and limit (in
    ``unit`` of the lag), over (share of the limit by which it is passed).
    """
    tables = [{name: np.empty(0, kind) for name, kind in _FACTS.items()}]
    for lag, rows in _found(index or Index(data), view):
        size = length(rows)
        begin = seconds(rows["at"])
        whole = (begin % DAY == 0) | (rows["stop"] % DAY == 0)
        days = np.where(whole, rows["stop"] // DAY - begin // DAY, (rows["stop"] - begin) / DAY)
        waited = rows["ticks"] / TICK[lag.unit]
        tables.append(
            {
                **{name: rows[name] for name in _FACTS if name in rows},
                "days": np.maximum(days, 0),
                "why": np.array(OUTCOMES, dtype=object)[rows["outcome"]],
                "waited": waited,
                "limit": np.full(size, lag.limit),
                "unit": np.full(size, lag.unit, dtype=object),
                "over": waited / lag.limit - 1,
            }
        )
    return pd.DataFrame(joined(tables))


def listed(data: Dataset, view: View, index: Index | None = None) -> pd.DataFrame:
    """``facts`` as a list to act on: a deal that waits is its present owner's, whoever had it at the
    entry. The counts of ``compute`` stay with the owner at the entry."""
    found = facts(data, view, index=index)
    owner = data.deals["manager"].cat.codes.to_numpy()[found["deal"].to_numpy()]
    now = found["why"].to_numpy() == "waiting"
    manager = np.where(now, owner, found["manager"].to_numpy()).astype(np.int32)
    return found.assign(manager=manager)


def waiting(index: Index, view: View) -> pd.DataFrame:
    """The deals waiting at ``as_of``, the furthest past the limit first (then by deal).

    Columns: deal, manager (the present owner), pipeline, stage, to_stage, since (entry of s),
    waited, limit, unit, over.
    """
    found = listed(index.data, view, index)
    found = found[found["why"] == "waiting"].rename(columns={"at": "since"})
    order = np.lexsort((found["deal"].to_numpy(), -found["over"].to_numpy()))
    names = ["deal", "manager", "pipeline", "stage", "to_stage", "since", "waited", "limit"]
    return found.iloc[order][[*names, "unit", "over"]].reset_index(drop=True)


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Rows of every lag by scope and slice, by ``statistic``.

    within_limit (unit share): Aalen–Johansen incidence of t at the limit, low and high its interval;
    n: deals. median: of those who got there, in the lag's unit; n: how many they are. waiting: deals
    still before t; numerator: those of them past the limit. ended: deals that will not come to t
    any more. Where a moment is known only within an interval that the limit divides, value is
    missing and bound_low and bound_high say what it is at least and at most. period_start and
    period_end are the window of the entries of s.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    wanted = asked(index.data, view)
    if not wanted:
        return [not_evaluated(LAG, index, view, "lags")]
    out = []
    for lag, rows in _found(index, view):
        if length(rows):
            out += _rows(index, view, lag, rows)
        else:
            out.append(not_evaluated(LAG, index, view, "entries", _place(index, lag)))
    for lag in wanted:
        if not lag.dated:
            out.append(not_evaluated(LAG, index, view, "stage_times", _place(index, lag)))
    return out


def _place(index: Index, lag: Asked) -> Columns:
    funnel = index.data.funnel
    return {
        "pipeline": np.array([funnel.pipeline_code[lag.pipeline.key]]),
        "stage": np.array([funnel.code[lag.stage.id]]),
        "to_stage": np.array([funnel.code[lag.to_stage.id]]),
    }


def _rows(index: Index, view: View, lag: Asked, rows: Columns) -> list[Part]:
    window = {
        "period_start": moments(np.array([year_before(index.data)]))[0],
        "period_end": index.data.as_of,
        "definition": "lag",
    }
    got = rows["outcome"] == 1
    rows["cause"] = _CAUSES[rows["outcome"]]
    rows["late"] = (rows["outcome"] == 0) & (rows["least"] > lag.ticks)
    # the limit divides the interval of the moment; the interval is wider than the limit
    rows["vague"] = got & (rows["least"] <= lag.ticks) & (rows["most"] > lag.ticks)
    rows["wide"] = got & (rows["most"] - rows["least"] > lag.ticks)
    marks = ["late", "vague", "wide"]
    sliced = index.slices(view.by).applied(rows)
    counts = summed(fine(sliced, _KEYS, marks), index, _KEYS, marks)

    def by_span(name: str) -> Iterator[tuple[Columns, Observations]]:
        return by_unit({**sliced, "span": sliced[name]}, index, _KEYS, lag.coarser)

    names = ("ticks", "least", "most") if (rows["vague"] | rows["wide"]).any() else ("ticks",) * 3
    scopes = (
        zip(*(by_span(n) for n in names), strict=True)
        if len(set(names)) == 3
        else ((one, one, one) for one in by_span("ticks"))
    )
    out = []
    for (groups, seen), (_, soonest), (_, latest) in scopes:
        place = matches(groups, counts, ["who", *_KEYS])
        late, vague, wide = (counts[name][place] for name in marks)
        n, waits = seen.n, seen.total(2)
        waiting_ = {"n": n, "value": waits, "numerator": late, "denominator": waits}
        ended = {"n": n, "value": seen.total(1), "denominator": n}
        for statistic, unit, values in (
            ("within_limit", "share", _within(lag, seen, soonest, latest, vague > 0)),
            ("median", SHOWN[lag.unit], _median(lag, seen, soonest, latest, wide > 0)),
            ("waiting", "count", waiting_),
            ("ended", "count", ended),
        ):
            about = {**window, "statistic": statistic, "unit": unit}
            out.append(long_rows({**groups, **values}, LAG, index, view, **about))
    return out


def _within(
    lag: Asked, seen: Observations, soonest: Observations, latest: Observations, vague: Array
) -> Columns:
    """Share within the limit; its bounds where intervals, or deals not watched that long, leave it
    open."""
    found = seen.curves()
    low, high = found.interval_at(lag.ticks)
    same = soonest is seen
    at_least = (found if same else latest.curves()).incidence_at(lag.ticks)
    at_most = (found if same else soonest.curves()).incidence_at(lag.ticks)
    # nobody was watched up to the limit: those on their way may all come in time, or none
    last = np.full(seen.groups, -1)
    np.maximum.at(last, seen.group, seen.time)
    alive = found.survival_at(lag.ticks)
    short = (last * seen.resolution < lag.ticks) & (alive > 0)
    at_most = np.where(short, np.minimum(at_most + alive, 1), at_most)
    open_ = vague | short
    return {
        "n": found.n,
        "value": np.where(open_, np.nan, found.incidence_at(lag.ticks)),
        "low": np.where(open_, np.nan, low),
        "high": np.where(open_, np.nan, high),
        "bound_low": np.where(open_, at_least, np.nan),
        "bound_high": np.where(open_, at_most, np.nan),
    }


def _median(
    lag: Asked, seen: Observations, soonest: Observations, latest: Observations, wide: Array
) -> Columns:
    """Median of those who got there."""
    tick = TICK[lag.unit]
    return {
        "n": seen.total(0),
        "denominator": seen.n,
        "value": np.where(wide, np.nan, seen.medians() / tick),
        "bound_low": np.where(wide, soonest.medians() / tick, np.nan),
        "bound_high": np.where(wide, latest.medians() / tick, np.nan),
    }
