"""E(d,s) and reach, counted by hand from small tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.model.evidence import Evidence


def seen(data: Any, deal: str) -> dict[str, tuple[str, str]]:
    """Stage key -> moment and evidence of one deal's entries."""
    at = data.deals.index[data.deals["deal_id"].eq(deal)][0]
    mine = data.entries[data.entries["deal"].eq(at)]
    return {
        data.funnel.stages[s].key: (f"{m:%m-%d %H:%M}", Evidence(e).label)
        for s, m, e in zip(mine["stage"], mine["at"], mine["evidence"], strict=True)
    }


def reached(data: Any) -> dict[str, tuple[int, int, str]]:
    """Deal -> reach low, high and evidence."""
    d = data.deals
    return {
        i: (int(a), int(b), Evidence(e).label)
        for i, a, b, e in zip(
            d["deal_id"], d["reach_low"], d["reach_high"], d["reach_evidence"], strict=True
        )
    }


SNAPSHOT = """
id | stage    | created          | closed           | changed
A  | needs    | 2026-10-01 10:00 |                  | 2026-10-20 12:00
B  | won      | 2026-10-02 10:00 | 2026-11-01 15:00 | 2026-11-01 15:00
C  | lost     | 2026-10-03 10:00 | 2026-11-02 16:00 | 2026-11-02 16:00
D  | base     | 2026-10-04 10:00 |                  | 2026-10-30 09:00
E  | incoming | 2026-10-05 10:00 |                  |
F  | parked   | 2026-10-06 10:00 |                  | 2026-10-21 12:00
G  | after    | 2026-10-07 10:00 | 2026-10-25 11:00 | 2026-11-03 12:00
H  | kp       | 2026-10-08 10:00 |                  |
"""


def test_a_snapshot_knows_creation_close_and_the_current_visit(make: Any) -> None:
    data = make.build(SNAPSHOT, funnel=make.funnel())
    snap = "snapshot"
    assert seen(data, "A") == {"base": ("10-01 10:00", snap), "needs": ("10-20 12:00", snap)}
    assert seen(data, "B") == {"base": ("10-02 10:00", snap), "won": ("11-01 15:00", snap)}
    assert seen(data, "C") == {"base": ("10-03 10:00", snap), "lost": ("11-02 16:00", snap)}
    # back in the first stage: the first entry is the creation, the return is none
    assert seen(data, "D") == {"base": ("10-04 10:00", snap)}
    assert seen(data, "E") == {}  # never moved out of Неразобранное
    assert seen(data, "F") == {"base": ("10-06 10:00", snap), "parked": ("10-21 12:00", snap)}
    assert seen(data, "G") == {
        "base": ("10-07 10:00", snap), "won": ("10-25 11:00", snap), "after": ("11-03 12:00", snap),
    }  # fmt: skip
    assert seen(data, "H") == {"base": ("10-08 10:00", snap)}  # no date of its stage: none made up


def test_reach_of_a_snapshot(make: Any) -> None:
    data = make.build(SNAPSHOT, funnel=make.funnel())  # base 1, lpr 2, needs 3, kp 4, closing 5
    assert {k: v[:2] for k, v in reached(data).items()} == {
        "A": (3, 3), "B": (6, 6), "C": (1, 5), "D": (1, 1), "E": (0, 0), "F": (1, 5), "G": (7, 7),
        "H": (4, 4),
    }  # fmt: skip


def test_the_previous_stage_tells_the_reach_of_a_lost_deal(make: Any) -> None:
    table = """
    id | stage  | previous | created    | closed
    A  | lost   | kp       | 2026-10-01 | 2026-10-20
    B  | parked | lpr      | 2026-10-01 |
    C  | base   | needs    | 2026-10-01 |
    D  | lost   | parked   | 2026-10-01 | 2026-10-20
    """
    data = make.build(table, funnel=make.funnel())
    assert reached(data) == {
        "A": (4, 4, "previous"),
        "B": (2, 2, "previous"),
        "C": (3, 3, "previous"),  # moved back
        "D": (1, 5, "snapshot"),  # «Отложено» is no rank
    }


DATED = """
id | stage | created          | closed     | @lpr             | @needs
A  | kp    | 2026-10-01 10:00 |            | 2026-10-05       | 2026-10-09 12:00
B  | lost  | 2026-10-02 10:00 | 2026-10-30 | 2026-10-06 09:00 |
C  | lost  | 2026-09-01 10:00 | 2026-10-30 |                  |
"""


def test_date_columns_are_stronger_and_bound_the_reach_of_lost_deals(make: Any) -> None:
    data = make.build(DATED, funnel=make.funnel())
    assert seen(data, "A")["lpr"] == ("10-05 00:00", "dates")
    assert seen(data, "A")["base"] == ("10-01 10:00", "snapshot")
    entries = data.entries
    assert entries.loc[entries["evidence"].eq(Evidence.DATES), "day"].tolist() == [
        True, False, False,
    ]  # fmt: skip
    # B: lpr is dated, needs has a column and no date; kp and closing have no column
    assert reached(data)["B"] == (2, 5, "dates")
    # C is older than both columns: anything may have happened
    assert reached(data)["C"] == (1, 5, "snapshot")


def test_a_dated_first_stage_beats_the_creation(make: Any) -> None:
    table = """
    id | stage | created          | @base
    A  | base  | 2026-10-01 10:00 | 2026-10-03 09:00
    """
    data = make.build(table, funnel=make.funnel())
    assert seen(data, "A") == {"base": ("10-03 09:00", "dates")}


def test_a_stage_changed_after_the_moment_tells_nothing(make: Any) -> None:
    table = """
    id | stage   | previous | created    | changed    | unknown
    A  | closing | kp       | 2026-10-01 | 2026-10-09 | 1
    B  | closing | kp       | 2026-10-01 | 2026-10-09 |
    """
    data = make.build(table, funnel=make.funnel())
    assert list(seen(data, "A")) == ["base"]
    assert list(seen(data, "B")) == ["base", "closing"]
    # neither the stage nor the one before it: both may have come later
    assert reached(data)["A"] == (1, 5, "snapshot")
    assert reached(data)["B"] == (5, 5, "previous")


def test_a_deal_in_a_stage_the_config_does_not_know_may_have_reached_any(make: Any) -> None:
    funnel = make.funnel()
    data = make.build("id | stage | created\nA | ? | 2026-10-01", funnel=funnel)
    assert reached(data) == {"A": (1, 5, "snapshot")}


def test_a_deal_won_without_a_date_reached_the_goal_and_entered_it_never(make: Any) -> None:
    data = make.build("id | stage | created | closed\nA | won | 2026-10-01 |", funnel=make.funnel())
    assert list(seen(data, "A")) == ["base"]
    assert reached(data)["A"][:2] == (6, 6)


def test_a_base_without_rows_has_no_entries(make: Any) -> None:
    data = make.build("id | stage | created\nA | incoming | 2026-10-01", funnel=make.funnel())
    assert len(data.entries) == 0
    assert data.entries["at"].dtype == "datetime64[s]"


STAGES = ["incoming", "base", "lpr", "needs", "kp", "closing", "won", "after", "lost", "parked"]
MOMENT = st.none() | st.integers(1, 300)
DEAL = st.tuples(
    st.sampled_from(STAGES), st.sampled_from([*STAGES, None]), MOMENT, MOMENT, MOMENT, MOMENT,
    MOMENT, st.booleans(),
)  # fmt: skip


def text(deals: list[tuple[Any, ...]]) -> str:
    def moment(hours: int | None) -> str:
        return "" if hours is None else str(pd.Timestamp("2026-10-01") + pd.Timedelta(hours, "h"))

    lines = ["id | stage | previous | created | closed | changed | @lpr | @kp | unknown"]
    for i, (stage, previous, *moments, unknown) in enumerate(deals):
        cells = [f"d{i}", stage, previous or "", *map(moment, moments), "1" if unknown else ""]
        lines.append(" | ".join(cells))
    return "\n".join(lines)


@given(st.lists(DEAL, min_size=1, max_size=12))
def test_entries_against_the_definition(deals: list[tuple[Any, ...]]) -> None:
    """Of the sources of a deal and stage the strongest counts, of equal ones the earliest."""
    from tests.conftest import build, funnel

    data = build(text(deals), funnel=funnel())
    wanted: dict[tuple[int, str], tuple[int, np.datetime64]] = {}

    def add(deal: int, stage: str, at: Any, level: int) -> None:
        if pd.isna(at):
            return
        key, value = (deal, stage), (level, np.datetime64(at, "s"))
        wanted[key] = min(wanted.get(key, value), value)

    dates = {"lpr": 5, "kp": 6}
    for i, row in enumerate(data.deals.itertuples()):
        stage = row.stage.partition("/")[2]
        if row.status != "incoming":
            add(i, "base", row.created_at, 4)
        if row.status == "won":
            add(i, "won", row.closed_at, 4)
        if not row.stage_unknown and row.status == "lost":
            add(i, "lost", row.closed_at, 4)
        if not row.stage_unknown and stage not in ("lost", "base", "won"):
            add(i, stage, row.stage_changed_at, 4)
        for name, place in dates.items():
            hours = deals[i][place]
            if hours is not None:
                add(i, name, pd.Timestamp("2026-10-01") + pd.Timedelta(hours, "h"), 1)
    got = {
        (int(d), data.funnel.stages[s].key): (int(e), np.datetime64(at, "s"))
        for d, s, e, at in data.entries[["deal", "stage", "evidence", "at"]].itertuples(index=False)
    }
    assert got == wanted
    keys = list(zip(data.entries["deal"], data.entries["stage"], strict=True))
    assert keys == sorted(keys)
    low, high = data.deals["reach_low"], data.deals["reach_high"]
    assert (low <= high).all()
