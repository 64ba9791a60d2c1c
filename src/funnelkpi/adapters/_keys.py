"""Short Latin keys from titles, for pipelines and stages that come from the files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya".split(),
        strict=True,
    )
)


def key_of(title: str) -> str:
    """``title`` in small Latin letters, digits and underscores, starting with a letter."""
    text = "".join(_CYRILLIC.get(c, c) if c not in "ъь" else "" for c in title.casefold())
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "_", text).strip("_")[:40].strip("_")
    return key if key[:1].isalpha() else f"s_{key}".rstrip("_")


def unique_keys(titles: Sequence[str]) -> list[str]:
    """A key for each title; equal ones get _2, _3 ..."""
    seen: dict[str, int] = {}
    keys = []
    for title in titles:
        key = key_of(title)
        seen[key] = seen.get(key, 0) + 1
        keys.append(key if seen[key] == 1 else f"{key}_{seen[key]}")
    return keys
