"""Trends counted by hand; as of Monday 2026-11-16 08:30, last week is 9-15 November."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest

from funnelkpi.metrics import (
    _trend_deals,
    answered_share,
    calls,
    conversion,
    plain,
    win_rate,
)
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._points import points
from funnelkpi.metrics.conversion import CREATED_TO_WON
from funnelkpi.metrics.result import COLUMNS
from funnelkpi.metrics.trends import FIGURES, trends

DEALS = """
id | manager | stage | amount | created          | closed
0  | Анна    | lost  |        | 2026-10-19 09:00 | 2026-10-20 10:00
1  | Анна    | won   | 100    | 2026-10-19 10:00 | 2026-10-28 10:00
2  | Анна    | won   | 300    | 2026-10-20 10:00 | 2026-11-09 00:00
3  | Анна    | won   | 0      | 2026-10-27 10:00 | 2026-11-15 23:59
4  | Борис   | lost  | 50     | 2026-11-03 10:00 | 2026-11-12 10:00
5  | Борис   | base  | 70     | 2026-11-08 23:59 |
6  | Борис   | base  | 70     | 2026-11-09 00:00 |
7  |         | base  |        | 2026-11-16 00:00 |
"""


def last(frame, metric, count=5, **where):
    """The values of the last points."""
    rows = frame[frame["metric"].eq(metric)]
    for name, value in {"scope": "company", **where}.items():
        rows = rows[rows[name].isna() if value is None else rows[name].eq(value)]
    assert len(rows) == 12, f"{len(rows)} points of {metric}"
    return [None if pd.isna(v) else round(v, 4) for v in rows["value"]][-count:]


def test_counts_and_sums_by_week(make):
    """Weeks from 12, 19, 26 October, 2 and 9 November; the data begin on Monday 19 October."""
    data = make.build(DEALS, funnel=make.funnel())
    out = trends(Index(data), make.ask(data))
    assert list(out.columns) == list(COLUMNS)
    assert last(out, "deals_created") == [None, 3, 1, 2, 1]
    assert last(out, "won") == [None, 0, 1, 0, 2]
    assert last(out, "lost") == [None, 1, 0, 0, 1]
    assert last(out, "won_amount") == [None, 0, 100, 0, 300]
    assert last(out, "average_check") == [None, None, 100, None, 300]
    assert last(out, "win_rate") == [None, 0, 1, None, 0.6667]
    assert last(out, "entries", stage="base") == [None, 3, 1, 2, 1]
    assert last(out, "won", scope="manager", manager="Борис") == [None, 0, 0, 0, 0]
    assert set(out["scope"].unique()) == {"company", "manager"}
    assert "" not in set(out["manager"].dropna())  # nobody's deals stand in the company's sum only


def test_stages_without_dates_have_no_trend(make):
    data = make.build(DEALS, funnel=make.funnel())
    out = trends(Index(data), make.ask(data))
    assert set(out["stage"].dropna()) == {"base", "won"}


def test_the_running_week_is_compared_with_the_same_hours(make):
    """Monday until 08:30: only deal 7 of this week, deal 6 of the week before."""
    data = make.build(DEALS, funnel=make.funnel())
    out = trends(Index(data), make.ask(data, "this-week"))
    assert last(out, "deals_created", 4) == [0, 0, 1, 1]
    assert last(out, "won", 2) == [1, 0]


def test_months_are_calendar_months(make):
    data = make.build(DEALS, funnel=make.funnel(), as_of="2026-11-30 20:00")
    out = trends(Index(data), make.ask(data, "this-month"))
    rows = out[out["metric"].eq("won") & out["scope"].eq("company")]
    assert [f"{d:%Y-%m}" for d in rows["period_start"]][-3:] == ["2026-09", "2026-10", "2026-11"]
    # October begins before the data do
    assert last(out, "won", 2) == [None, 2]


def test_leads_do_not_hide_when_the_deals_begin(make):
    """What covers a period is told by rows of the same kind."""
    data = make.build(DEALS, funnel=make.funnel())
    early = data.deals.copy()
    early.loc[0, ["created_at", "closed_at"]] = [pd.Timestamp("2026-01-01")] * 2
    early.loc[0, "entity"] = "lead"
    out = trends(Index(replace(data, deals=early)), make.ask(data))
    assert last(out, "won", 5)[0] is None


# --- conversions: base -> lpr -> ...; window 14 days, maturity 7 days

COHORT = """
id | manager | stage | created    | closed     | @lpr
0  | Анна    | base  | 2026-09-01 |            | 2026-09-01
1  | Анна    | lpr   | 2026-10-20 |            | 2026-10-22
2  | Анна    | lost  | 2026-10-21 | 2026-11-14 | 2026-11-15
3  | Анна    | lost  | 2026-10-30 | 2026-11-02 |
4  | Борис   | lpr   | 2026-11-01 |            | 2026-11-03
5  | Борис   | base  | 2026-11-02 |            |
6  | Борис   | lpr   | 2026-11-08 |            | 2026-11-08
7  | Борис   | base  | 2026-11-12 |            |
"""
RULES = {"conversion": {"window": 14, "maturity": 7}}


def test_conversion_counts_what_had_happened_by_then(make):
    """As of 16.11 08:30 the window is 26.10 08:30 - 09.11 08:30: deals 3, 4, 5, 6, advanced 4 and 6.
    A week earlier, as of 09.11: 19.10 - 02.11: deals 1, 2, 3, 4, 5 entered; of them 1 and 4 had
    reached by 09.11 08:30, deal 2 only on 15.11. Two weeks earlier, as of 02.11: 12.10 - 26.10:
    deals 1 and 2, and 1 had reached."""
    data = make.build(COHORT, funnel=make.funnel("base lpr"))
    out = trends(Index(data), make.ask(data, **RULES))
    step = {"stage": "base", "to_stage": "lpr"}
    assert last(out, "conversion", 3, **step) == [0.5, 0.4, 0.5]
    rows = out[out["metric"].eq("conversion") & out["to_stage"].eq("lpr")]
    rows = rows[rows["scope"].eq("company")].tail(3)
    assert rows["numerator"].tolist() == [1, 2, 2]
    assert rows["denominator"].tolist() == [2, 5, 4]
    assert [f"{d:%d.%m %H:%M}" for d in rows["period_start"]] == [
        "12.10 08:30", "19.10 08:30", "26.10 08:30",
    ]  # fmt: skip


def test_windows_before_the_first_deal_or_the_column_are_missing(make):
    """Deal 0 is of 1 September: as of eight weeks earlier (21.09) the window is 31.08 - 14.09, whose
    Monday is a working day without data."""
    data = make.build(COHORT, funnel=make.funnel("base lpr"))
    out = trends(Index(data), make.ask(data, **RULES))
    found = last(out, "conversion", 12, stage="base", to_stage="lpr")
    assert found[:4] == [None] * 4
    assert found[4] is None or found[4] >= 0
    # the column begins later than the deals: nothing is known of lpr before 22.10
    later = make.build(COHORT.replace("| 2026-09-01\n", "|\n"), funnel=make.funnel("base lpr"))
    out = trends(Index(later), make.ask(later, **RULES))
    assert last(out, "conversion", 3, stage="base", to_stage="lpr")[:2] == [None, None]
    assert last(out, "created_to_won", 2)[0] is not None


IGNORED = """
id | manager | stage | reason | created    | closed     | @lpr
0  | Анна    | base  |        | 2026-09-01 |            | 2026-09-01
1  | Анна    | lpr   |        | 2026-10-20 |            | 2026-10-22
2  | Анна    | lost  | Дубль  | 2026-10-21 | 2026-11-14 | 2026-11-15
3  | Анна    | lost  | Дубль  | 2026-10-30 | 2026-11-02 |
4  | Борис   | lpr   |        | 2026-11-01 |            | 2026-11-03
"""


def test_ignored_reasons_leave_the_base_only_once_lost(make):
    """As of 09.11 deal 3 (lost on 02.11) is left out, deal 2 (lost on 14.11) is still in the base:
    1, 2, 4. As of 16.11 the window holds 3 and 4, and only 4 counts."""
    data = make.build(IGNORED, funnel=make.funnel("base lpr"))
    rules = {"conversion": {**RULES["conversion"], "ignore_loss_reasons": ["дубль"]}}
    out = trends(Index(data), make.ask(data, **rules))
    rows = out[out["metric"].eq("conversion") & out["to_stage"].eq("lpr")]
    rows = rows[rows["scope"].eq("company")].tail(2)
    assert rows["denominator"].tolist() == [3, 1]
    assert rows["numerator"].tolist() == [2, 1]


@pytest.mark.parametrize(
    ("crm", "figures"),
    [
        ("amocrm", [*_trend_deals.FIGURES, CREATED_TO_WON]),
        ("bitrix24", [*_trend_deals.FIGURES, calls.CALLS, answered_share.ANSWERED]),
        ("calls", FIGURES),
    ],
)
def test_the_last_point_is_the_report_s_figure(sample, crm, figures):
    """On the samples, for every figure and scope, with numerator, denominator, window."""
    analysis = sample(crm)
    found = trends(Index(analysis.data), analysis.view)
    keys = ["metric", "statistic", "scope", "department", "manager", "pipeline", "stage",
            "to_stage", "currency"]  # fmt: skip
    now = found.groupby(keys, dropna=False, sort=False).tail(1)
    rows = analysis.metrics
    rows = rows[rows["slice"].isna() & rows["statistic"].isin(["value", "within_limit"])]
    both = now.merge(rows, on=keys, how="left", suffixes=("", "_report"))
    assert len(both) == len(now)
    assert set(both["metric"]) >= {s.id for s in figures}
    # a time's share has no k of n in the report, and nobody's time has no row
    times = both["statistic"].ne("value")
    assert both["value_report"][times & both["n"].gt(0)].notna().all()
    for name in ("value", "numerator", "denominator", "n", "low", "high", "period_start"):
        left, right = both[name], both[f"{name}_report"]
        if name != "value":
            left, right = left[~times], right[~times]
        assert (left.eq(right) | (left.isna() & right.isna())).all(), name


def test_points_are_the_figures_of_their_own_periods(sample):
    """Another way to the same numbers: a run per week."""
    analysis = sample("amocrm")
    data, view = analysis.data, analysis.view
    found = trends(Index(data), view)
    keys = ["metric", "scope", "manager", "pipeline", "currency"]
    for span in points(view)[::3]:
        asked = replace(view, period=span)
        single = pd.concat([plain.compute(data, asked), win_rate.compute(data, asked)])
        single = single[single["statistic"].eq("value")]
        own = found[found["period_start"].eq(span.start) & found["scope"].eq("manager")]
        own = own[own["metric"].isin([s.id for s in _trend_deals.FIGURES])]
        both = own.merge(single, on=keys, how="left", suffixes=("", "_single"))
        assert len(both) == len(own)
        left, right = both["value"], both["value_single"]
        # a sum of nothing has no row of its own and is 0 in a trend
        right = right.mask(right.isna() & both["metric"].eq("won_amount"), 0.0)
        assert (left.eq(right) | (left.isna() & right.isna())).all()


def test_conversions_agree_with_duckdb_on_3_000_deals(make):
    """The cohort of every moved moment, by SQL over the dates alone."""
    rng = np.random.default_rng(7)
    day = date(2025, 1, 6)
    lines = ["id | manager | stage | created | @lpr | @needs"]
    for i in range(3000):
        made = day + timedelta(days=int(rng.integers(0, 670)))
        lpr = made + timedelta(days=int(rng.geometric(0.1))) if rng.random() < 0.6 else None
        needs = None
        if lpr is not None and rng.random() < 0.5:
            needs = lpr + timedelta(days=int(rng.geometric(0.1)))
        limit = date(2026, 11, 15)
        lpr, needs = (None if d is None or d > limit else d for d in (lpr, needs))
        stage = "needs" if needs else "lpr" if lpr else "base"
        cells = (i, "АБ"[i % 2], stage, made, lpr or "", needs or "")
        lines.append(" | ".join(map(str, cells)))
    data = make.build("\n".join(lines), funnel=make.funnel("base lpr needs"))
    view = make.ask(data, conversion={"window": 60, "maturity": 10})
    found = trends(Index(data), view)
    entries = pd.DataFrame(
        {
            "deal": data.entries["deal"],
            "stage": [data.funnel.stages[s].key for s in data.entries["stage"]],
            "moment": data.entries["at"],
        }
    )
    asked = found[found["metric"].eq("conversion") & found["to_stage"].isin(["lpr", "needs"])]
    asked = asked[asked["scope"].eq("company")]
    assert len(asked) == 24
    base = duckdb.connect()
    base.register("entries", entries)
    counted = Counter()
    for row in asked.to_dict("records"):
        if pd.isna(row["value"]):
            continue
        n, k = base.execute(
            """
            with s as (select deal, moment from entries where stage = $stage),
                 t as (select deal, moment from entries where stage = $target)
            select count(*), count(*) filter (t.moment <= $until::timestamp)
            from s left join t using (deal)
            where s.moment >= $first::timestamp and s.moment < $last::timestamp
            """,
            {
                "stage": row["stage"], "target": row["to_stage"],
                "first": row["period_start"], "last": row["period_end"],
                "until": row["period_end"] + pd.Timedelta(days=10),
            },
        ).fetchone()  # fmt: skip
        assert (row["denominator"], row["numerator"]) == (n, k)
        counted[row["to_stage"]] += 1
    assert counted == {"lpr": 12, "needs": 12}


def test_strict_policy_and_bounds_follow_the_headline(make):
    data = make.build(COHORT, funnel=make.funnel("base lpr"))
    view = make.ask(data, conversion={"window": 14, "maturity": 7, "skipped": "strict"})
    found = trends(Index(data), view)
    table = conversion.compute(data, view)
    for metric in ("conversion", "created_to_won"):
        now = found[found["metric"].eq(metric) & found["scope"].eq("company")]
        for row in now.groupby("to_stage", dropna=False).tail(1).to_dict("records"):
            same = table[table["metric"].eq(metric) & table["scope"].eq("company")]
            same = same[same["to_stage"].eq(row["to_stage"]) & same["statistic"].eq("value")].iloc[
                0
            ]
            assert (row["n"], row["numerator"]) == (same["n"], same["numerator"])


MOVES = """
id | at | from | to
0 | 2026-09-03 10:00 | Base | Lpr
1 | 2026-10-22 10:00 | Base | Lpr
1 | 2026-10-25 10:00 | Lpr | Needs
2 | 2026-11-10 10:00 | Base | Lpr
2 | 2026-11-14 00:00 | Lpr | Lost
4 | 2026-11-03 10:00 | Base | Lpr
6 | 2026-11-08 10:00 | Base | Lpr
"""
MOVED = """
id | manager | stage | created    | closed
0  | Анна    | lpr   | 2026-09-01 |
1  | Анна    | needs | 2026-10-20 |
2  | Анна    | lost  | 2026-10-21 | 2026-11-14
4  | Борис   | lpr   | 2026-11-01 |
5  | Борис   | base  | 2026-11-02 |
6  | Борис   | lpr   | 2026-11-08 |
"""


def test_by_a_recorded_history(make):
    """Last two points of Base -> Lpr: as of 09.11 deals 1, 2, 4, 5, of which 1 and 4 had reached; as of
    16.11 deals 4, 5, 6, of which 4 and 6. Nothing is known of Lpr before the first event of 3.09."""
    data = make.build(MOVED, funnel=make.funnel("base lpr needs"), history=MOVES)
    out = trends(Index(data), make.ask(data, **RULES))
    found = last(out, "conversion", 12, stage="base", to_stage="lpr")
    assert found[-2:] == [0.5, 0.6667]
    assert last(out, "conversion", 2, stage="lpr", to_stage="needs") == [1, 0]
    rows = out[out["metric"].eq("conversion") & out["stage"].eq("lpr") & out["scope"].eq("company")]
    known = rows["denominator"].notna()
    assert rows["period_start"][known].min() > pd.Timestamp("2026-09-03")
    assert rows["period_start"][~known].max() < pd.Timestamp("2026-09-03")
    assert set(rows["evidence"]) == {"history"}
    # entries: the week of 31 August begins before the first event
    entries = out[out["metric"].eq("entries") & out["stage"].eq("lpr") & out["scope"].eq("company")]
    weeks = dict(zip(entries["period_start"].dt.strftime("%d.%m"), entries["value"], strict=True))
    assert pd.isna(weeks["31.08"])
    assert (weeks["07.09"], weeks["02.11"], weeks["09.11"]) == (0, 2, 1)
