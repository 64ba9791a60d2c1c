"""Missed calls by what happened first, and the time to call back (docs/metrics.md, "Calls")."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._calls import (
    absent_calls,
    absent_parts,
    as_frame,
    call_rows,
    calls_of,
    count_parts,
    everywhere,
    first_after,
    named,
    timed,
)
from funnelkpi.metrics._columns import Array, Columns, length, taken
from funnelkpi.metrics._deals import NEVER
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import inside
from funnelkpi.metrics._lags import Clock
from funnelkpi.metrics._scopes import long_rows
from funnelkpi.metrics._ways import by_unit
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.survival import CENSORED, END, OTHER
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

MISSED = MetricSpec(
    "missed_calls", "count", better="lower", scales=True, anywhere=True, with_leads=True
)
TIME = MetricSpec("time_to_callback", "minutes", better="lower", anywhere=True, with_leads=True)
SPECS = (MISSED, TIME)
FATES = ("in_time", "same_day", "later", "rang_again", "never", "pending", "no_number")
"""Called back within the limit, on the same day, later; the client rang again himself first; none
of these; none, but still within the limit; nobody to call back. They add up to all missed calls."""
_IN_TIME, _SAME_DAY, _LATER, _RANG, _NEVER, _PENDING, _NO_NUMBER = range(len(FATES))
_DAY = 86_400


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    return absent_calls(index, view)


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """Missed incoming calls of the period: call, deal, manager, pipeline, at, why (``FATES``),
    minutes (working minutes to the first thing that happened, or to the end of the calls)."""
    index = index or Index(data)
    if index.calls is None:
        return pd.DataFrame({n: np.empty(0, np.int64) for n in ("deal", "manager", "at", "why")})
    rows = _rows(index, view)
    if metric == TIME.id:
        rows = taken(rows, rows["fate"] != _NO_NUMBER)
    why = np.array(FATES, dtype=object)[rows.pop("fate")]
    minutes = rows.pop("span") / 60
    del rows["cause"]
    return as_frame({**rows, "why": why, "minutes": minutes})


def _rows(index: Index, view: View) -> Columns:
    calls = calls_of(index)
    rows = missed(index, view)
    rows |= ended_by(index, rows, max(calls.end, 0))
    at, end, span = rows["at"], rows.pop("end"), rows["span"]
    called, rang = rows["cause"] == END, rows["cause"] == OTHER
    limit = view.settings.calls.callback_minutes * 60
    fate = np.where(span <= limit, _PENDING, _NEVER)
    fate[rang] = _RANG
    days = np.where(at // _DAY == end // _DAY, _SAME_DAY, _LATER)
    fate = np.where(called, np.where(span <= limit, _IN_TIME, days), fate)
    fate[calls.party[rows["call"]] < 0] = _NO_NUMBER
    del rows["next"], rows["back"]
    return {**rows, "fate": fate}


def missed(index: Index, view: View) -> Columns:
    """Missed incoming calls of the period: ``call_rows``, next (the second of the next call with the
    same party, ``NEVER`` without one), back (whether it was a call to him)."""
    calls = calls_of(index)
    rows = np.flatnonzero(inside(calls.at, view) & calls.incoming & ~calls.success)
    at, party = calls.at[rows], calls.party[rows]
    # many files give minutes only: a call to the client in the minute he was missed calls him back,
    # but two calls of his in one minute are no answer to each other
    back = first_after(calls, calls.outgoing, calls.party, party, at)
    again = first_after(calls, calls.incoming, calls.party, party, at + 1)
    found = {"next": np.minimum(back, again), "back": (back < NEVER) & (back <= again)}
    return {**call_rows(index, rows), **found}


def ended_by(index: Index, rows: Columns, until: int | Array) -> Columns:
    """end (second), span (working seconds) and cause (``survival``) of ``missed`` calls as seen at
    ``until``."""
    at = rows["at"]
    seen = (rows["next"] != NEVER) & (rows["next"] <= until)
    end = np.where(seen, rows["next"], until)
    span = Clock("working_hours", index.data.calendar).between(at, np.maximum(end, at))
    cause = np.where(seen, np.where(rows["back"], END, OTHER), CENSORED).astype(np.int8)
    return {"end": end, "span": span, "cause": cause}


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows: ``missed_calls`` also by slice ``fate=`` (``FATES``).

    ``time_to_callback`` in working minutes, Aalen–Johansen with the client's own next call as the
    other end: median of those called back (n: how many; denominator: all missed), ``within_limit``
    (share, within ``calls.callback_minutes``), ``waiting`` and ``ended`` (he rang again) counts.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    why = absent_calls(index, view)
    if why is not None:
        return absent_parts(SPECS, index, view, why)
    rows = _rows(index, view)
    fates = (rows["fate"], named("fate", *FATES))
    out = count_parts(MISSED, index, view, rows, [fates])
    known = taken(rows, rows["fate"] != _NO_NUMBER)
    hours = timed(index, known)
    known |= {} if hours is None else {"timed": hours}
    limit = view.settings.calls.callback_minutes * 60
    return [*out, *duration_parts(TIME, index, view, known, limit)]


def duration_parts(
    spec: MetricSpec, index: Index, view: View, rows: Columns, limit: float
) -> list[Part]:
    """Median in minutes, share within ``limit`` seconds, and counts of those waiting and ended
    otherwise. rows: manager, pipeline, deal, at, span (seconds), cause, perhaps timed (which ``at`` have
    a time of the day)."""
    names = ("deal", "manager", "pipeline", "span", "cause", "at", "timed")
    own = everywhere({n: rows[n] for n in names if n in rows}, index)
    at, hours = own.pop("at"), own.pop("timed", None)
    own = index.slices(view.by).applied(own, at, hours)
    if not length(own):
        return [long_rows(_empty(), spec, index, view, statistic="median", definition=spec.id)]
    out = []
    for groups, seen in by_unit(own, index, ["slice", "pipeline"], 60):
        groups.pop("evidence", None)
        curves = seen.curves()
        low, high = curves.interval_at(limit)
        got, waiting, ended = seen.total(0), seen.total(2), seen.total(1)
        for statistic, unit, values in (
            ("median", spec.unit,
             {"value": seen.medians() / 60, "n": got, "denominator": seen.n}),
            ("within_limit", "share",
             {"value": _settled(curves.incidence_at(limit), seen.n), "low": low, "high": high,
              "n": seen.n}),
            ("waiting", "count", {"value": waiting, "n": seen.n, "denominator": seen.n}),
            ("ended", "count", {"value": ended, "n": seen.n, "denominator": seen.n}),
        ):  # fmt: skip
            about = {"statistic": statistic, "unit": unit, "definition": spec.id}
            out.append(long_rows({**groups, **values}, spec, index, view, **about))
    return out


def _settled(value: Array, n: Array) -> Array:
    found: Array = np.where(n > 0, value, np.nan)
    return found


def _empty() -> Columns:
    return {"slice": np.array([0]), "n": np.array([0])}
