"""Texts by key in Russian and English, with plural forms.

The texts stand in ``locale/texts/<domain>.py`` as ``TEXTS = {"key": ("по-русски", "in English")}``:
each next to its translation, with the same placeholders (tested). A key is looked up as
``"<domain>.<key>"``; the domain's file is imported when first asked for.

Plural forms: ``{n:plural:сделка,сделки,сделок}`` in Russian, ``{n:plural:deal,deals}`` in English.
"""

from __future__ import annotations

import string
from functools import cache
from importlib import import_module
from typing import Any, Literal

Lang = Literal["ru", "en"]
LANGS: tuple[Lang, ...] = ("ru", "en")


def plural(n: int, forms: list[str], lang: Lang) -> str:
    """The form of a noun for ``n`` by the CLDR rules of Russian (one, few, many) or English."""
    n = abs(int(n))
    if lang == "en":
        return forms[0] if n == 1 else forms[1]
    if n % 10 == 1 and n % 100 != 11:
        return forms[0]
    if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14:
        return forms[1]
    return forms[2]


class _Formatter(string.Formatter):
    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec.startswith("plural:"):
            return plural(int(value), format_spec.removeprefix("plural:").split(","), self.lang)
        return str(super().format_field(value, format_spec))


@cache
def _texts(domain: str) -> dict[str, tuple[str, str]]:
    texts: dict[str, tuple[str, str]] = import_module(f"funnelkpi.locale.texts.{domain}").TEXTS
    return texts


def has(key: str) -> bool:
    """Whether the catalogue holds ``key``."""
    domain, _, name = key.partition(".")
    return name in _texts(domain)


def text(key: str, lang: Lang, /, **params: Any) -> str:
    """The text of ``key`` in ``lang`` with ``params`` filled in.

    Raises:
        KeyError: the key or a parameter is missing (a bug, caught by the catalogue's tests).
    """
    domain, _, name = key.partition(".")
    template = _texts(domain)[name][LANGS.index(lang)]
    return _Formatter(lang).vformat(template, (), params)
