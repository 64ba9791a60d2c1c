"""Short Latin keys from titles, for pipelines and stages that come from the files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_LETTERS = dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeeziyklmnoprstufye", strict=True))
_LETTERS |= {
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
}
_LETTERS |= {"ъ": "", "ь": ""}


def key_of(title: str) -> str:
    """``title`` in small Latin letters, digits and underscores, starting with a letter."""
    text = "".join(_LETTERS.get(c, c) for c in title.casefold())
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "_", text).strip("_")[:40].strip("_")
    return key if key[:1].isalpha() else f"s_{key}".rstrip("_")


def unique_keys(titles: Sequence[str]) -> list[str]:
    """A key for each title; equal ones get _2, _3 ..."""
    keys: dict[str, None] = {}
    for title in titles:
        key = first = key_of(title)
        n = 1
        while key in keys:
            n += 1
            key = f"{first}_{n}"
        keys[key] = None
    return list(keys)
