"""Breaking text into lines by the cells it takes on a screen, not by characters."""

from __future__ import annotations

from rich.cells import cell_len

ELLIPSIS = "…"
_VOWELS = frozenset("аеёиоуыэюяaeiouy")
_NEVER_FIRST = frozenset("ьъй")
_BREAK_AFTER = frozenset("-/_.,;:@·—")


def wrap(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, broken at spaces (not at no-break ones).

    A word wider than a line is broken after its own hyphens or slashes, else between syllables with
    a hyphen, else anywhere; nothing is ever left out.
    """
    if cell_len(text) <= width:
        return [text]
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        longer = f"{current} {word}" if current else word
        if cell_len(longer) <= width:
            current = longer
            continue
        if current:
            lines.append(current)
        current = word
        while cell_len(current) > width:
            head, rest = _break_word(current, width)
            if not rest:
                break
            lines.append(head)
            current = rest
    return [*lines, current] if current else lines


def truncate(text: str, width: int) -> str:
    """``text`` cut to ``width`` cells, the cut shown as "…"."""
    if cell_len(text) <= width:
        return text
    return text[: _fitting(text, width - cell_len(ELLIPSIS))].rstrip() + ELLIPSIS


def longest_word(text: str) -> int:
    """Cells of the widest part that has no natural place to break."""
    return max((cell_len(part) for word in text.split(" ") for part in _parts(word)), default=0)


def _parts(word: str) -> list[str]:
    """A word split after its own hyphens and slashes."""
    parts, start = [], 0
    for i in range(1, len(word)):
        if word[i - 1] in "-/" and word[i] not in "-/":
            parts.append(word[start:i])
            start = i
    return [*parts, word[start:]]


def _fitting(text: str, width: int) -> int:
    """How many characters of ``text`` fit into ``width`` cells."""
    taken = 0
    for i, char in enumerate(text):
        taken += cell_len(char)
        if taken > width:
            return i
    return len(text)


def _break_word(word: str, width: int) -> tuple[str, str]:
    """A first part that fits, of at least one character, and the rest."""
    fits = max(1, _fitting(word, width))
    for i in range(fits, 1, -1):
        if word[i - 1] in _BREAK_AFTER:
            return word[:i], word[i:]
    if word.isalpha():
        low = word.lower()
        for i in range(min(fits - 1, len(word) - 2), 1, -1):
            syllable = low[i] not in _VOWELS | _NEVER_FIRST and low[i + 1] in _VOWELS
            if syllable and not _VOWELS.isdisjoint(low[:i]):
                return word[:i] + "-", word[i:]
    return word[:fits], word[fits:]
