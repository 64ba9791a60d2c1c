"""The trends of the sample against two other ways to the same numbers: the report of back then, and SQL
over the files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from funnelkpi.config.load import load_settings
from funnelkpi.metrics import _trend_calls, _trend_people
from funnelkpi.metrics.names import KNOWN_METRICS
from funnelkpi.pipeline import Request, analyze

FOLDER = Path(__file__).parents[2] / "sample_data" / "calls"
KEYS = ["metric", "statistic", "scope", "department", "manager", "pipeline"]
NOW = datetime(2026, 11, 12, 11)


def thursday(weeks: int) -> Any:
    """This week seen on a Thursday at 11, so many weeks ago."""
    settings = load_settings(FOLDER / "funnelkpi.yaml", known_metrics=KNOWN_METRICS)
    as_of = NOW - timedelta(weeks=weeks)
    return analyze(Request((FOLDER,), settings, period="this-week", as_of=as_of))


@pytest.fixture(scope="module")
def now() -> Any:
    return thursday(0)


def test_a_point_is_what_the_report_of_back_then_said(now: Any) -> None:
    """Every figure of everybody: conversations whose time was not over, meetings nobody had marked,
    deals nobody had called yet. The report of three weeks ago saw only what was known then."""
    weeks = 3
    found = now.trends
    own = [s.id for s in (*_trend_calls.FIGURES, *_trend_people.FIGURES)]
    found = found[found["metric"].isin(own)]
    points = found.groupby(KEYS, dropna=False, sort=False).nth(-1 - weeks)
    then = thursday(weeks).metrics
    both = points.merge(then[then["slice"].isna()], on=KEYS, how="left", suffixes=("", "_then"))
    assert len(both) == len(points)
    assert set(both["metric"]) == set(own)
    assert both["value"].notna().sum() > 150
    for name in ("value", "numerator", "denominator"):
        rows = both[both["statistic"].eq("value")] if name != "value" else both
        left, right = rows[name], rows[f"{name}_then"]
        assert (left.eq(right) | (left.isna() & right.isna())).all(), name


def points(analysis: Any, metric: str, scope: str = "company") -> dict[Any, list[float]]:
    """Who -> the values of the 12 points."""
    rows = analysis.trends
    rows = rows[rows["metric"].eq(metric) & rows["scope"].eq(scope)]
    return {
        who: own["value"].tolist() for who, own in rows.groupby("manager", dropna=False, sort=False)
    }


@pytest.fixture(scope="module")
def base() -> duckdb.DuckDBPyConnection:
    """The files as tables, and the twelve weeks before Monday 2026-11-16."""
    found = duckdb.connect()
    for name, file, sep in (("calls", "ats_calls_2026-11-16", ";"), ("acts", "crm_activity", ",")):
        found.execute(
            f"create table {name} as select * from read_csv('{FOLDER / file}.csv', delim='{sep}', "
            "header=true, all_varchar=true)"
        )
    found.execute(
        "create table weeks as select i, timestamp '2026-11-09' - (11 - i) * interval 7 day as a "
        "from range(12) r(i)"
    )
    found.execute("""
        create view heard as
        select strptime("Начало звонка", '%d.%m.%Y %H:%M:%S') at_, "Сотрудник" who,
               "Тип" = 'входящий' and length("Номер клиента") is distinct from 3 incoming,
               "Статус" = 'Отвечен' answered, coalesce(length("Номер клиента"), 9) > 3 outside,
               epoch(cast("Разговор" as time)) talk
        from calls
    """)
    return found


OF_CALLS = {
    "calls": "count(*)",
    "conversations": "count(*) filter (answered and outside and talk >= 30)",
    "answered_share": "count(*) filter (incoming and answered) / count(*) filter (incoming)",
    "missed_calls": "count(*) filter (incoming and not answered)",
}


@pytest.mark.parametrize("metric", OF_CALLS)
def test_calls_by_sql(
    sample: Callable[[str], Any], base: duckdb.DuckDBPyConnection, metric: str
) -> None:
    rows = base.execute(
        f"select {OF_CALLS[metric]} from weeks left join heard on at_ >= a and "
        "at_ < a + interval 7 day group by i order by i"
    ).fetchall()
    (found,) = points(sample("calls"), metric).values()
    assert found == pytest.approx([r[0] for r in rows])
    people = points(sample("calls"), metric, "manager")
    own = base.execute(
        f"select {OF_CALLS[metric]} from weeks left join heard on at_ >= a and "
        "at_ < a + interval 7 day and who = 'Ильин Захар' group by i order by i"
    ).fetchall()
    assert people["Захар Ильин"] == pytest.approx([r[0] for r in own])


def test_meetings_and_promises_by_sql(
    sample: Callable[[str], Any], base: duckdb.DuckDBPyConnection
) -> None:
    """A meeting counts if it was marked by the Monday after its week, 08:30; a task if it was due in
    the week, and is kept if it was closed on that day or before."""
    meetings = base.execute("""
        select count(ID) from weeks left join acts
            on PROVIDER_ID = 'CRM_MEETING' and COMPLETED = 'Y'
            and cast(START_TIME as timestamp) >= a
            and cast(START_TIME as timestamp) < a + interval 7 day
            and cast(CLOSED_DATE as timestamp) <= a + interval '7 days 8 hours 30 minutes'
        group by i order by i
    """).fetchall()
    assert points(sample("calls"), "meetings") == {
        who: [r[0] for r in meetings] for who in points(sample("calls"), "meetings")
    }
    kept = base.execute("""
        select RESPONSIBLE_NAME,
               count(*) filter (cast(CLOSED_DATE as date) <= cast(DEADLINE as date)),
               count(*)
        from weeks join acts on cast(DEADLINE as timestamp) >= a
            and cast(DEADLINE as timestamp) < a + interval 7 day
        group by i, RESPONSIBLE_NAME order by i
    """).fetchall()
    people = points(sample("calls"), "promise_kept", "manager")
    seen: dict[str, list[float]] = {}
    for who, k, n in kept:
        seen.setdefault(who, []).append(k / n)
    for who, values in people.items():
        assert [v for v in values if not pd.isna(v)] == pytest.approx(seen[who])
