from __future__ import annotations

import pytest
from rich.cells import cell_len

from funnelkpi.renderers._table import bar_text, table_lines
from funnelkpi.report.document import Cell, Column, Table


def _lines(table: Table, width: int = 80) -> list[str]:
    return ["".join(s.text for s in line).rstrip() for line in table_lines(table, width, "ru")]


@pytest.mark.parametrize(
    ("share", "bar"),
    [(0, ""), (-1, ""), (float("nan"), ""), (0.001, "▏"), (0.5, "██"), (1, "████"), (7, "████"),
     (0.625, "██▌")],
)  # fmt: skip
def test_bar(share: float, bar: str) -> None:
    assert bar_text(share, 4) == bar


def test_numbers_stand_below_each_other() -> None:
    table = Table(
        None,
        (Column("Кто", align="left"), Column("Доля")),
        (
            (Cell("А"), Cell(0.25, "share", mark="▼", note="3/12", bar=0.25)),
            (Cell("Б"), Cell(1.0, "share", note="120/120", bar=1.0)),
            (Cell("В"), Cell(None, "share")),
        ),
        (Cell("Итого"), Cell(0.93, "share")),
    )
    assert [line.replace("\u00a0", " ") for line in _lines(table)] == [
        "Кто     Доля",
        "─" * 31,
        "А       25 % ▼    3/12 ██",
        "Б      100 %   120/120 ████████",
        "В          —",
        "─" * 31,
        "Итого   93 %",
    ]


def test_folded_columns_are_named() -> None:
    columns = tuple(Column(f"Очень длинный столбец {i}", priority=i) for i in range(9))
    table = Table(None, columns, (tuple(Cell(10**9, "count") for _ in columns),))
    said = " ".join(_lines(table, 60)[3:])
    assert "Не поместились: " in said
    assert "Очень длинный столбец 8" in said
    assert "--format markdown" in said


def test_wide_characters_keep_the_columns_straight() -> None:
    rows = tuple(
        (Cell(name), Cell(1, "count")) for name in ("한국어", "👩\u200d👧 👍🏽", "Иванов", "🇰🇿")
    )
    lines = _lines(Table(None, (Column("Кто", align="left"), Column("n")), rows))
    assert len({cell_len(line) for line in lines}) == 1


def test_no_rows_is_said() -> None:
    assert _lines(Table(None, (Column("ID"),), ()))[-1] == "Строк нет."
    assert _lines(Table(None, (), ())) == ["Строк нет."]


def test_a_row_shorter_than_the_columns() -> None:
    assert _lines(Table(None, (Column("a"), Column("b")), ((Cell(1, "count"),),)))
