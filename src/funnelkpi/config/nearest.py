"""The known word a user probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LISTED = 40


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like ``word`` whatever its case; None if none is near enough."""
    by_fold = {k.casefold(): k for k in known}
    found = get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def listed(known: Iterable[str]) -> str:
    """The known words as one text, cut short when there are many."""
    words = list(known)
    return ", ".join(words[:LISTED]) + (", …" if len(words) > LISTED else "")
