"""Captions, stage names and words of cells in one comparable form.

Portals and re-saving change case, blanks, quotes and ё, and some built-in names hold Latin
look-alikes («Cчёт на предоплату» starts with a Latin C).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from funnelkpi.model.finding import shortened

CAPTIONS_SHOWN = 12
_LOOK_ALIKES = str.maketrans("aceopxykmtbhiё", "асеорхукмтвнiе")
_WORD = re.compile(r"\w+")
_CYRILLIC = re.compile(r"[а-яё]")
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2007\u200b\ufeff]+")
_QUOTES = "\"'«»“”„`’"


def _cyrillic_word(found: re.Match[str]) -> str:
    word = found[0]
    return word.translate(_LOOK_ALIKES) if _CYRILLIC.search(word) else word


def text_key(text: str) -> str:
    """``text`` in NFC and small letters, ё as е, single blanks, look-alikes in Cyrillic words made
    Cyrillic: two texts a person reads as the same have the same key."""
    folded = _BLANKS.sub(" ", unicodedata.normalize("NFC", text)).strip().casefold()
    return _WORD.sub(_cyrillic_word, folded).replace("ё", "е")


@lru_cache(maxsize=4096)
def caption_key(text: str) -> str:
    """A column's caption in comparable form: ``text_key`` without BOM, outer quotes, leading '."""
    return text_key(text.strip("\ufeff \t\r\n\u00a0").strip(_QUOTES)).strip(_QUOTES + " ")


@lru_cache(maxsize=4096)
def stage_key(text: str) -> str:
    """A stage's or pipeline's name in comparable form; quotes are part of a name."""
    return text_key(text)


def caption_keys(*captions: str) -> tuple[str, ...]:
    """Keys of several captions, in order, without repeats."""
    return tuple(dict.fromkeys(caption_key(c) for c in captions))


def shown(header: Iterable[str]) -> str:
    """The captions of a file as a message lists them: «A», «B», … (+3)."""
    named = [c.strip() for c in header if c.strip()]
    more = f", … (+{len(named) - CAPTIONS_SHOWN})" if len(named) > CAPTIONS_SHOWN else ""
    return ", ".join(f"«{shortened(c)}»" for c in named[:CAPTIONS_SHOWN]) + more


def nearest(caption: str, captions: Iterable[str]) -> str | None:
    """The caption most like ``caption``, as it stands in the file, or None."""
    by_key = {caption_key(c): c for c in captions if c.strip()}
    found = difflib.get_close_matches(caption_key(caption), sorted(by_key), n=1, cutoff=0.6)
    return by_key[found[0]] if found else None
