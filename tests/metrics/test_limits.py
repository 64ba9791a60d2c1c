"""Limits of the stage clock: config, p80 of good visits, default. As of 2026-11-16 08:30."""

import numpy as np
import pandas as pd
import pytest

from funnelkpi.metrics._limits import forward_visits, stage_limits


def limits(make, data, **stalled):
    frame = stage_limits(data, make.ask(data, stalled=stalled))
    keys = [data.funnel.stages[i].key for i in frame["stage"]]
    columns = zip(frame["limit"], frame["unit"], frame["n"], frame["basis"], strict=True)
    return dict(zip(keys, columns, strict=True))


def visits(data):
    frame = forward_visits(data)
    ids = data.deals["deal_id"].to_numpy()[frame["deal"]]
    stages = [data.funnel.stages[i].key for i in frame["stage"]]
    days = (frame["end"] - frame["start"]) / pd.Timedelta(days=1)
    return sorted(zip(ids, stages, days, strict=True))


def test_config_none_and_default(make):
    data = make.build("id | stage\n1 | base", funnel=make.funnel(base=5, kp=None))
    got = limits(make, data, default_limit=9)
    assert got["base"] == (5, "days", 0, "config")
    assert got["kp"][2:] == (0, "none")
    assert np.isnan(got["kp"][0])
    assert got["closing"] == (9, "days", 0, "default")


# Every stage after the first is dated. Day 0 of each deal is its creation.
DATED = """
id | stage   | created    | @lpr       | @needs     | @kp        | @closing   | closed
1  | closing | 2026-10-01 | 2026-10-03 | 2026-10-08 | 2026-10-09 | 2026-10-20 |
2  | won     | 2026-10-01 | 2026-10-05 | 2026-10-06 |            | 2026-10-10 | 2026-10-12
3  | lost    | 2026-10-01 | 2026-10-02 |            |            |            | 2026-10-30
4  | lpr     | 2026-10-01 | 2026-10-09 | 2026-10-04 |            |            |
5  | kp      | 2024-10-01 | 2025-11-10 | 2025-11-15 | 2026-01-01 |            |
"""


def test_visits_that_ended_by_moving_forward(make):
    data = make.build(DATED, funnel=make.funnel())
    assert visits(data) == [
        ("1", "base", 2), ("1", "kp", 11), ("1", "lpr", 5), ("1", "needs", 1),
        # The empty kp column of deal 2 means that it was skipped: the column was filled from
        # 2026-01-01 on.
        ("2", "base", 4), ("2", "closing", 2), ("2", "lpr", 1), ("2", "needs", 4),
        ("3", "base", 1),  # lpr ended with the loss: not forward
        ("4", "base", 3),  # base -> needs; then back to lpr: not forward
        ("5", "needs", 47),  # lpr ended on 2025-11-15, more than 365 days ago
    ]  # fmt: skip


def test_a_snapshot_gives_no_visits(make):
    """base -> won says nothing about base: nobody knows which stages came between."""
    data = make.build(
        """
        id | stage | created    | changed    | closed
        1  | won   | 2026-10-01 |            | 2026-10-30
        2  | lpr   | 2026-10-01 | 2026-10-20 |
        """,
        funnel=make.funnel(),
    )
    assert visits(data) == []


def test_one_stage_pipeline_needs_no_dates(make):
    data = make.build(
        "id | stage | created | closed\n1 | won | 2026-10-01 | 2026-10-04",
        funnel=make.funnel("base"),
    )
    assert visits(data) == [("1", "base", 3)]


def test_a_column_younger_than_the_visit_does_not_tell_a_skip(make):
    text = """
    id | stage | created    | @kp        | @closing   | closed
    1  | won   | 2026-08-01 |            | 2026-09-01 | 2026-10-01
    2  | kp    | 2026-08-05 | {filled}   |            |
    """
    three = make.funnel("base kp closing")
    late = make.build(text.format(filled="2026-08-10"), funnel=three)
    assert ("1", "base", 31) not in visits(late)
    early = make.build(text.format(filled="2026-08-01"), funnel=three)
    assert ("1", "base", 31) in visits(early)


@pytest.mark.parametrize(("wins", "basis"), [(19, "default"), (20, "auto")])
def test_auto_needs_twenty_visits(make, wins, basis):
    lines = [f"{i} | won | 2026-10-01 | 2026-10-{1 + i:02}" for i in range(1, wins + 1)]
    data = make.build(
        "\n".join(["id | stage | created | closed", *lines]), funnel=make.funnel("base")
    )
    # Visits of 1..20 days: p80 lies 0.2 of the way from the 16th to the 17th.
    expected = 16.2 if basis == "auto" else 14
    limit, unit, n, got = limits(make, data)["base"]
    assert (limit, unit, n, got) == (pytest.approx(expected), "days", wins, basis)


def test_order_of_entries_does_not_matter(make):
    data = make.build(DATED, funnel=make.funnel())
    expected = visits(data)
    entries = data.entries.sample(frac=1, random_state=3).reset_index(drop=True)
    object.__setattr__(data, "entries", entries)
    assert visits(data) == expected
