from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from funnelkpi.renderers._clean import terminal_line
from funnelkpi.renderers._wrap import longest_word, truncate, wrap


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("один два три", 8, ["один два", "три"]),
        ("", 5, [""]),
        ("от\u00a09 до\u00a098\u00a0%", 8, ["от\u00a09", "до\u00a098\u00a0%"]),
        ("Договор-счёт", 9, ["Договор-", "счёт"]),
        ("Согласование", 9, ["Согласо-", "вание"]),
        ("48211093", 5, ["48211", "093"]),
        ("한국어", 4, ["한국", "어"]),
    ],
)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


@given(st.text().map(terminal_line), st.integers(2, 40))
def test_lines_fit_and_nothing_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "").replace("-", "") == text.replace(" ", "").replace(
        "-", ""
    )


@given(st.text().map(terminal_line), st.integers(2, 40))
def test_truncated_text_fits_and_says_so(text: str, width: int) -> None:
    short = truncate(text, width)
    assert cell_len(short) <= width
    assert short == text or short.endswith("…")


def test_longest_word_breaks_at_hyphens() -> None:
    assert longest_word("Договор-счёт отправлен") == len("отправлен")
