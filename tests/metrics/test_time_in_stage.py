"""Time in stage; as of 2026-11-16 08:30, so the risk set begins on 2025-11-16 08:30."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from funnelkpi.metrics import time_in_stage
from funnelkpi.metrics._limits import stage_limits
from funnelkpi.metrics._visits import FORWARD, OTHERWISE, STANDING, stage_visits
from funnelkpi.model.visits import GONE, RUNNING

DEALS = """
id | manager | stage | created
1  | Анна    | base  | 2026-01-01
2  | Анна    | base  | 2026-01-01
3  | Борис   | base  | 2026-01-01
4  | Борис   | base  | 2026-01-01
"""


def with_visits(make, text, funnel=None):
    """A dataset whose visits are those of ``text``: deal (from 0), stage, start, end, next,
    observed (default: the start), evidence. Owners: Анна of deals 0 and 1, Борис of the others."""
    data = make.build(DEALS, funnel=funnel or make.funnel())
    raw = make.table(text)
    code = {s.key: i for i, s in enumerate(data.funnel.stages)} | {"gone": GONE}

    def moment(name):
        return pd.to_datetime(raw[name], format="ISO8601").astype("datetime64[s]")

    start, end = moment("start"), moment("end")
    deal = raw["deal"].astype("int32")
    both = [f"{a or ''} {b or ''}".split() for a, b in zip(raw["start"], raw["end"], strict=True)]
    visits = pd.DataFrame(
        {
            "deal": deal,
            "stage": raw["stage"].map(code).astype("int16"),
            "start": start,
            "start_since": start,
            "start_until": start,
            "end": end,
            "end_since": end,
            "end_until": end,
            "next": [RUNNING if v is None else code[v] for v in raw["next"]],
            "observed": moment("observed").fillna(start) if "observed" in raw else start,
            "day": [not any(":" in part for part in parts) for parts in both],
            "evidence": np.int8(0),
            "manager": np.where(deal < 2, 0, 1).astype(np.int32),
        }
    ).astype({"next": "int16"})
    return replace(data, visits=visits)


VISITS = """
deal | stage | start            | end              | next
0    | base  | 2026-03-01 10:00 | 2026-03-03 10:00 | lpr
0    | lpr   | 2026-03-03 10:00 | 2026-03-09 10:00 | base
0    | base  | 2026-03-09 10:00 | 2026-03-13 10:00 | parked
1    | base  | 2026-04-01 10:00 | 2026-04-09 10:00 | lost
2    | base  | 2026-11-10 08:30 |                  |
3    | base  | 2026-04-01 10:00 | 2026-04-11 10:00 | kp
3    | kp    | 2026-04-11 10:00 | 2026-04-12 10:00 | gone
"""


def test_visits_end_in_three_ways(make):
    data = with_visits(make, VISITS)
    got = stage_visits(data)
    assert got["how"].tolist() == [
        FORWARD, OTHERWISE, OTHERWISE, OTHERWISE, STANDING, FORWARD, OTHERWISE,
    ]  # fmt: skip
    forward = stage_visits(data, forward_only=True)
    assert list(zip(forward["deal"].tolist(), forward["stage"].tolist(), strict=True)) == [
        (0, 1), (3, 1),
    ]  # fmt: skip


def test_median_and_p80_with_the_running_visit(make, row):
    """base: 2, 4, 8 and 10 days; one runs for 6. S: 4/5, 3/5, then 3/5 x 1/2 = 3/10, then 0."""
    data = with_visits(make, VISITS)
    out = time_in_stage.compute(data, make.ask(data))
    where = {"scope": "company", "stage": "base"}
    median = row(out, **where, statistic="median")
    assert (median["value"], median["n"], median["numerator"], median["denominator"]) == (
        8,
        5,
        4,
        5,
    )
    assert (median["evidence"], median["definition"]) == ("history", "time_in_stage")
    assert median["period_start"] == pd.Timestamp("2025-11-16 08:30")
    assert row(out, **where, statistic="p80")["value"] == 10
    anna = row(out, manager="Анна", stage="base", statistic="median")
    assert (anna["value"], anna["n"]) == (4, 3)
    kp = row(out, scope="company", stage="kp", statistic="median")  # being deleted ends a visit
    assert (kp["value"], kp["numerator"]) == (1, 1)


def test_not_reached_is_an_answer(make, row):
    data = with_visits(
        make,
        """
        deal | stage | start            | end              | next
        0    | base  | 2026-03-01 10:00 | 2026-03-03 10:00 | lpr
        1    | base  | 2026-03-01 10:00 |                  |
        2    | base  | 2026-03-01 10:00 |                  |
        """,
    )
    got = row(
        time_in_stage.compute(data, make.ask(data)),
        scope="company", stage="base", statistic="median",
    )  # fmt: skip
    assert pd.isna(got["value"])
    assert (got["definition"], got["n"], got["numerator"]) == ("time_in_stage.not_reached", 3, 1)
    assert pd.isna(got["verdict"])


def test_delayed_entry(make, row):
    """0 began on 6 November 2025 and enters the year after 10 days: at 5 days only 1 and 2 are at
    risk, at 20 days 0 and 2, at 30 days 2. S: 1/2, 1/4, 0. 3 ended before it was observed."""
    data = with_visits(
        make,
        """
        deal | stage | start            | end              | next | observed
        0    | base  | 2025-11-06 08:30 | 2025-11-26 08:30 | lpr  |
        1    | base  | 2026-03-01 10:00 | 2026-03-06 10:00 | lpr  |
        2    | base  | 2026-03-01 10:00 | 2026-03-31 10:00 | lpr  |
        3    | base  | 2026-03-01 10:00 | 2026-03-04 10:00 | lpr  | 2026-03-04 10:00
        """,
    )
    out = time_in_stage.compute(data, make.ask(data))
    where = {"scope": "company", "stage": "base"}
    assert row(out, **where, statistic="median")["value"] == 5
    assert row(out, **where, statistic="p80")["value"] == 30
    assert row(out, **where, statistic="median")["n"] == 3
    assert len(time_in_stage.facts(data, make.ask(data))) == 3


def test_visits_of_unknown_start_are_counted(make, row):
    data = with_visits(
        make,
        """
        deal | stage | start      | end        | next | observed
        0    | base  |            | 2026-03-03 | lpr  | 2026-02-01
        1    | base  |            |            |      | 2026-02-01
        2    | base  | 2026-03-01 | 2026-03-04 | lpr  |
        3    | base  |            | 2025-03-04 | lpr  | 2025-02-01
        """,
    )
    out = time_in_stage.compute(data, make.ask(data))
    got = row(out, scope="company", slice="start=unknown", stage="base")
    assert (got["n"], got["definition"]) == (2, "time_in_stage.start_unknown")
    assert pd.isna(got["value"])
    own = row(out, scope="company", slice=None, stage="base", statistic="median")
    assert (own["value"], own["n"]) == (3, 1)


DATED = """
id | stage   | created    | @lpr       | @needs     | @kp        | @closing   | closed     | changed
1  | closing | 2026-10-01 | 2026-10-03 | 2026-10-08 | 2026-10-09 | 2026-10-20 |            |
2  | won     | 2026-10-01 | 2026-10-05 | 2026-10-06 |            | 2026-10-10 | 2026-10-12 |
3  | lost    | 2026-10-21 | 2026-10-22 |            |            |            | 2026-10-30 |
4  | base    | 2026-10-25 | 2026-10-30 |            |            |            |            | 2026-11-02
5  | lpr     | 2026-10-31 | 2026-11-05 |            |            |            |            |
6  | lpr     | 2026-10-31 |            |            |            |            |            |
"""


def test_date_columns_give_visits_too(make, row):
    """All columns are filled from 10 October on (closing). base of 1 and 2 began before that.

    4 went back to base on 2 November; nobody knows when 6 came to lpr."""
    data = make.build(DATED, funnel=make.funnel())
    got = time_in_stage.facts(data, make.ask(data))
    stages = [s.key for s in data.funnel.stages]
    found = sorted(
        (data.deals["deal_id"].iat[r["deal"]], stages[r["stage"]], r["days"], r["finished"])
        for r in got.to_dict("records")
    )
    assert found == [
        ("1", "closing", 27, False),
        ("2", "closing", 2, True),
        ("3", "base", 1, True),
        ("3", "lpr", 8, True),
        ("4", "base", 5, True),
        ("4", "base", 14, False),
        ("5", "base", 5, True),
        ("5", "lpr", 11, False),
    ]
    out = time_in_stage.compute(data, make.ask(data))
    assert row(out, scope="company", stage="base", statistic="median")["evidence"] == "dates"
    unknown = row(out, scope="company", slice="start=unknown")
    assert (unknown["stage"], unknown["n"]) == ("lpr", 1)


def test_a_snapshot_gives_no_times(make):
    data = make.build("id|stage|created|changed\n1|lpr|2026-10-01|2026-10-20", funnel=make.funnel())
    out = time_in_stage.compute(data, make.ask(data))
    assert set(out["stage"]) == {"base", "lpr", "needs", "kp", "closing"}
    assert set(out["definition"]) == {"needs.stage_times"}


def test_auto_limit_from_visits(make):
    """p80 of 1..20 days: 16.2; the visits that ended otherwise do not count."""
    lines = [
        f"{i % 4} | base | 2026-03-01 10:00 | {pd.Timestamp('2026-03-01 10:00') + pd.Timedelta(days=i)}"
        " | lpr"
        for i in range(1, 21)
    ]
    lost = [
        f"{i % 4} | base | 2026-03-01 10:00 | 2026-07-01 10:00 | {end}"
        for i, end in enumerate(["lost", "parked", "gone", "incoming"] * 3)
    ]
    old = ["0 | base | 2025-03-01 10:00 | 2025-11-16 08:30 | lpr"]
    data = with_visits(make, "\n".join(["deal|stage|start|end|next", *lines, *lost, *old]))
    limits = stage_limits(data, make.ask(data))
    base = limits[limits["stage"] == 1].iloc[0]
    assert (base["limit"], base["n"], base["basis"]) == (pytest.approx(16.2), 20, "auto")


def test_a_move_the_config_intends_is_forward(make):
    funnel = make.funnel()
    pipeline = funnel.pipelines[0]
    stages = tuple(
        replace(s, moves_to="main/after") if s.key == "kp" else s for s in pipeline.stages
    )
    funnel = replace(funnel, pipelines=(replace(pipeline, stages=stages),))
    data = with_visits(
        make,
        """
        deal | stage | start      | end        | next
        0    | kp    | 2026-03-01 | 2026-03-03 | after
        1    | lpr   | 2026-03-01 | 2026-03-03 | after
        """,
        funnel,
    )
    assert stage_visits(data)["how"].tolist() == [FORWARD, OTHERWISE]
