"""Which columns are folded, in which order, counted by hand."""

from __future__ import annotations

from funnelkpi.renderers._columns import GAP, Shown, plan
from funnelkpi.report.document import Column


def _columns(*priorities: int) -> list[Column]:
    return [Column(f"столбец{i}", priority=p) for i, p in enumerate(priorities)]


def _plan(columns: list[Column], width: int, value: str = "1 000 000"):
    rows = [[Shown(value.replace(" ", "\u00a0"), is_text=False) for _ in columns]]
    return plan(columns, [c.title for c in columns], rows, width)


def test_all_columns_when_they_fit() -> None:
    # four columns of 9 cells and three gaps of 2
    layout = _plan(_columns(0, 1, 2, 3), 4 * 9 + 3 * GAP)
    assert [c.index for c in layout.columns] == [0, 1, 2, 3]
    assert layout.folded == ()


def test_highest_priority_number_is_folded_first_and_the_rightmost_of_equals() -> None:
    columns = _columns(0, 2, 1, 2)
    assert _plan(columns, 41).folded == ("столбец3",)
    assert _plan(columns, 30).folded == ("столбец1", "столбец3")
    assert _plan(columns, 19).folded == ("столбец1", "столбец2", "столбец3")


def test_full_width_shows_everything() -> None:
    columns = _columns(0, 2, 1, 2)
    assert _plan(columns, _plan(columns, 20).full_width).folded == ()
    assert _plan(columns, _plan(columns, 20).full_width - 1).folded != ()


def test_the_first_column_and_ids_stay() -> None:
    columns = _columns(9, 5, 5, 9)
    rows = [[Shown("менеджер"), Shown("1"), Shown("2"), Shown("48211093", is_id=True)]]
    layout = plan(columns, [c.title for c in columns], rows, 20)
    assert [c.index for c in layout.columns] == [0, 3]


def test_bars_are_longer_on_a_wide_screen_and_go_before_columns_of_priority_0() -> None:
    columns = _columns(0, 0, 0)
    rows = [[Shown("100\u00a0%", bar=0.5, is_text=False) for _ in columns]]
    titles = ["а", "б", "в"]
    assert [c.slots.bar for c in plan(columns, titles, rows, 120).columns] == [10, 10, 10]
    assert [c.slots.bar for c in plan(columns, titles, rows, 80).columns] == [8, 8, 8]
    assert [c.slots.bar for c in plan(columns, titles, rows, 38).columns] == [5, 5, 5]
    assert [c.slots.bar for c in plan(columns, titles, rows, 30).columns] == [0, 0, 0]


def test_long_titles_are_cut_only_beside_an_id() -> None:
    columns = [Column("Сделка", align="left", width=10)]
    assert not plan(columns, ["Сделка"], [[Shown("x" * 50)]], 40).columns[0].truncated
    columns = [Column("ID", align="left"), *columns]
    rows = [[Shown("1", is_id=True), Shown("x" * 50)]]
    assert plan(columns, ["ID", "Сделка"], rows, 40).columns[1].truncated


def test_no_columns() -> None:
    assert plan([], [], [], 80).width == 0
