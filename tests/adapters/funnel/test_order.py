"""The order of stages that the data suggest."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.adapters.funnel.order import ordered


def part(*rows: tuple[str, str | None, int | None, int | None]) -> pd.DataFrame:
    """stage, previous stage, days to the stage change, days to the last edit."""
    created = pd.Timestamp("2026-01-01")

    def after(days: int | None) -> pd.Timestamp | None:
        return None if days is None else created + pd.Timedelta(days=days)

    return pd.DataFrame(
        {
            "stage": pd.Categorical([r[0] for r in rows]),
            "previous_stage": pd.Categorical([r[1] for r in rows]),
            "created_at": pd.Series([created] * len(rows)).astype("datetime64[s]"),
            "stage_changed_at": pd.to_datetime(pd.Series([after(r[2]) for r in rows])),
            "modified_at": pd.to_datetime(pd.Series([after(r[3]) for r in rows])),
        }
    )


def test_stages_stand_by_the_age_at_which_deals_enter_them() -> None:
    frame = part(("Дожим", None, 30, 40), ("База", None, 0, 90), ("КП", None, 12, 12),
                 ("КП", None, 14, 14), ("Дожим", None, 20, 21))  # fmt: skip
    unknown = dict.fromkeys(("Дожим", "База", "КП"))
    assert ordered(frame, unknown) == ["База", "КП", "Дожим"]


def test_without_a_stage_change_the_last_edit_tells() -> None:
    frame = part(("Б", None, None, 9), ("А", None, None, 2))
    assert ordered(frame, {"Б": None, "А": None}) == ["А", "Б"]


def test_built_in_stages_keep_their_own_order() -> None:
    frame = part(("Переговоры", None, 50, 50), ("Принимают решение", None, 3, 3),
                 ("Замер", None, 20, 20))  # fmt: skip
    got = ordered(frame, {"Принимают решение": 3, "Переговоры": 2, "Замер": None})
    assert got.index("Переговоры") < got.index("Принимают решение")
    assert set(got) == {"Переговоры", "Принимают решение", "Замер"}


def test_moves_correct_what_the_ages_suggest() -> None:
    """Deals come from «Б» to «А», whatever their age says."""
    frame = part(("А", "Б", 5, 5), ("А", "Б", 6, 6), ("Б", "А", 20, 20))
    assert ordered(frame, {"А": None, "Б": None}) == ["Б", "А"]


def test_a_former_stage_may_be_spelled_another_way() -> None:
    frame = part(("А", "б ", 5, 5), ("А", "б ", 6, 6), ("Б", None, 20, 20))
    assert ordered(frame, {"А": None, "Б": None}) == ["Б", "А"]


def test_moves_do_not_turn_built_in_stages() -> None:
    frame = part(("Новая", "В работе", 1, 1), ("В работе", None, 2, 2))
    assert ordered(frame, {"Новая": 0, "В работе": 3}) == ["Новая", "В работе"]


NAME = st.sampled_from("АБВГД")
ROWS = st.lists(st.tuples(NAME, st.none() | NAME, st.none() | st.integers(0, 50), st.none()),
                min_size=1, max_size=20)  # fmt: skip


@given(ROWS, st.dictionaries(NAME, st.none() | st.integers(0, 5), min_size=1))
def test_every_stage_once_and_built_in_ones_in_order(
    rows: list[tuple[str, str | None, int | None, None]], stages: dict[str, int | None]
) -> None:
    got = ordered(part(*rows), stages)
    assert sorted(got) == sorted(stages)
    places = [stages[t] for t in got if stages[t] is not None]
    assert places == sorted(places)  # type: ignore[type-var]
    assert ordered(part(*rows[::-1]), stages) == got
