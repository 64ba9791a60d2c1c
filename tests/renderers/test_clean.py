from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.renderers._clean import one_line, terminal_line, web_link

STEERING = {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"}


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Обычный «текст» — № 1", "Обычный «текст» — № 1"),
        ("a\r\nb\tc", "a b c"),
        ("  a   b ", "a b"),
        ("\x1b[31mx\x00\x7f", "␛[31mx␀␡"),
        ("\x9b31m", "\ufffd31m"),
        ("\u202eабв\u2066", "\ufffdабв\ufffd"),
        ("a\u200bb\ufeff\u00adc", "abc"),
        ("\udcff", "\ufffd"),
        ("a\u2028b", "a b"),
    ],
)
def test_one_line(raw: str, clean: str) -> None:
    assert one_line(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("👩\u200d👧", "👩👧"),
        ("👍🏽", "👍"),
        ("❤\ufe0f", "❤"),
        ("🇰🇿", "KZ"),
        ("и\u0306", "й"),
        ("1\ufe0f\u20e3", "1"),
        ("\ue000", "\ufffd"),
    ],
)
def test_terminal_line(raw: str, clean: str) -> None:
    assert terminal_line(raw) == clean


@given(st.text(alphabet=st.characters()))
def test_nothing_that_steers_is_left(raw: str) -> None:
    for clean in (one_line, terminal_line):
        line = clean(raw)
        assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in line)
        assert not STEERING & {unicodedata.bidirectional(c) for c in line}
        assert clean(line) == line
        line.encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "link"),
    [
        ("https://demo.example/leads/1?a=1&b=2#x", "https://demo.example/leads/1?a=1&b=2#x"),
        ("https://demo.example/a b|c>d\x1b\\", "https://demo.example/a%20b%7Cc%3Ed%1B%5C"),
        (
            "https://demo.example/сделка",
            "https://demo.example/%D1%81%D0%B4%D0%B5%D0%BB%D0%BA%D0%B0",
        ),
        ("javascript:alert(1)", None),
        ("file:///etc/hosts", None),
        ("", None),
        (None, None),
    ],
)
def test_web_link(raw: str | None, link: str | None) -> None:
    assert web_link(raw) == link
