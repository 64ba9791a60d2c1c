from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from funnelkpi.renderers._clean import terminal_line
from funnelkpi.renderers._format import full_text
from funnelkpi.renderers.terminal import FIRST_SCREEN, render, wants_color
from funnelkpi.report.document import Cell, Column, Line, Report, Section, Table

ESCAPES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[!-~]*\x1b\\")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 160, 200])
def test_no_line_is_wider_than_the_screen(report: Report, width: int) -> None:
    for line in render(report, width=width).splitlines():
        assert cell_len(line) <= width, line


def test_every_word_of_every_cell_is_there_when_no_column_is_folded(full: Report) -> None:
    shown = render(full, width=200)
    assert "Не поместились" not in shown
    tables = [b for s in full.sections for b in s.blocks if isinstance(b, Table)]
    for cell in (cell for table in tables for row in table.rows for cell in row):
        for word in terminal_line(full_text(cell, "ru")).split(" "):
            assert word in shown


@pytest.mark.parametrize("width", [40, 80, 100])
def test_on_a_narrow_screen_each_column_is_shown_or_named(full: Report, width: int) -> None:
    shown = render(full, width=width).replace("-\n", "")
    for title in ("Менеджер", "Дошли", "Вошли", "Медиана", "Свежие", "Сумма", "Почему", "Этап"):
        assert title in shown
    for i in range(12):
        assert str(48211093 + i * 7) in shown


@pytest.mark.parametrize("width", [80, 100, 160])
def test_verdict_on_the_first_screen(full: Report, width: int) -> None:
    long_head = replace(full, head=tuple(Line(f"Файл {i}: " + "слово " * 20) for i in range(30)))
    for report in (full, long_head):
        first = "\n".join(render(report, width=width).splitlines()[:FIRST_SCREEN])
        assert "✗ Кузьмин-Заречный" in first
        assert "! Застряли 12 сделок" in first
        assert "✓ Ли Ян" in first
    assert "Файл 29" in render(long_head, width=width)


def test_no_ansi_without_color(report: Report) -> None:
    assert not CONTROL.search(render(report, width=80, color=False))


def test_color_changes_nothing_but_escapes(report: Report) -> None:
    plain = render(report, width=100, color=False)
    colored = render(report, width=100, color=True)
    assert [line.rstrip() for line in ESCAPES.sub("", colored).splitlines()] == plain.splitlines()


def test_colors_are_legible_on_light_and_dark(full: Report) -> None:
    used = set(re.findall(r"\x1b\[([0-9;]*)m", render(full, color=True)))
    codes = {code for sequence in used for code in sequence.split(";")}
    assert codes <= {"0", "1", "2", "31", "32", "36"}  # bold, dim, red, green, cyan
    assert {"0", "1", "2", "31", "32", "36"} <= codes


def test_links_stand_behind_deals_in_color_only(full: Report) -> None:
    link = "https://demo.example/leads/3?a=1%7C2"
    assert f"\x1b]8;;{link}\x1b\\" in render(full, color=True)
    assert link not in render(full, color=False)


def test_same_bytes_twice(full: Report) -> None:
    assert render(full, color=True) == render(full, color=True)


def test_signs_say_what_colors_say() -> None:
    lines = (Line("a", "bad"), Line("▼ b", "bad"), Line("c", "warn"), Line("d"))
    report = Report("T", (), lines, (), (), "en")
    assert render(report).splitlines()[-4:] == ["✗ a", "▼ b", "! c", "d"]


def test_markup_is_text(full: Report) -> None:
    assert "[red]Скидка[/red]" in render(full, width=160)


ANY = st.text(alphabet=st.characters(), max_size=40)


@settings(max_examples=150, deadline=None)
@given(ANY, ANY, ANY, st.integers(40, 200), st.booleans())
def test_any_text_renders(a: str, b: str, c: str, width: int, color: bool) -> None:
    table = Table(a, (Column(b, align="left"), Column(c, width=9, align="left"), Column(a)),
                  ((Cell(a, "id", link=f"https://x.example/{c}"), Cell(b), Cell(c, note=a, mark=b)),
                   (Cell("1", "id"), Cell(a, "text", note=c), Cell(3, "money", currency=b))),
                  notes=(c,))  # fmt: skip
    report = Report(
        a, (Line(b),), (Line(c, "bad"),), (Section("s", b, (table, Line(a))),), (), "ru"
    )
    shown = render(report, width=width, color=color)
    bare = ESCAPES.sub("", shown) if color else shown
    assert not CONTROL.search(bare)
    assert all(cell_len(line) <= width for line in bare.split("\n"))
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("environ", "is_terminal", "wanted"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_wants_color(environ: dict[str, str], is_terminal: bool, wanted: bool) -> None:
    assert wants_color(environ, is_terminal) is wanted
