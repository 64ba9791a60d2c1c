"""Yes and no as the CRMs write them, and the words that stand for nothing."""

from __future__ import annotations

from collections.abc import Iterable

from funnelkpi.adapters.captions import text_key

_YES = frozenset({"да", "y", "yes", "1", "1.0", "true", "истина", "sim", "si", "sí"})
_NO = frozenset({"нет", "n", "no", "0", "0.0", "false", "ложь", "não", "nao"})
OPEN_WORDS = frozenset(
    {"не закрыта", "не закрыт", "não fechado", "nao fechado", "no cerrado", "not closed"}
)
"""What amoCRM writes in the close date of an open deal."""
BLANK_WORDS = frozenset({"-", "—", "–", "null", "none", "n/a"})
"""Cells that a person or a program fills in for nothing."""


def parse_flag(text: str) -> int | None:
    """1, 0, or None for a text that is neither yes nor no."""
    key = text_key(text)
    return 1 if key in _YES else 0 if key in _NO else None


def parse_flags(texts: Iterable[str]) -> list[int | None]:
    """``parse_flag`` of each text (distinct values of a column)."""
    return [parse_flag(t) for t in texts]


def says_nothing(text: str) -> bool:
    """Whether a cell holds a mark for "no value" or "open" in place of a date."""
    key = text_key(text)
    return key in OPEN_WORDS or key in BLANK_WORDS
