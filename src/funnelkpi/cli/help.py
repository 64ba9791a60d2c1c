"""Help pages in the user's language: click writes their headings in English."""

from __future__ import annotations

import re
from typing import Any

from typer.core import TyperCommand, TyperGroup

from funnelkpi.locale.catalogue import Lang, text

_TYPE = re.compile(r" +<(?:list\[)?\w+\]?>")
_HEADINGS = (
    "Usage:",
    "Options:",
    "Arguments:",
    "Commands:",
    "[OPTIONS]",
    "COMMAND [ARGS]...",
    "[required]",
    "[default: ",
    "Show this message and exit.",
)


def translated(page: str, lang: Lang) -> str:
    """``page`` with click's own words in ``lang``, without the Python types of arguments."""
    page = _TYPE.sub(lambda type_: " " * len(type_[0]), page)
    if lang == "en":
        return page
    for i, words in enumerate(_HEADINGS):
        page = page.replace(words, text(f"cli.heading_{i}", lang))
    return page


class Command(TyperCommand):
    """A command whose help page is in the language of the run."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return translated(super().get_help(ctx), ctx.obj or "ru")


class Group(TyperGroup):
    """A group of commands whose help page is in the language of the run."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return translated(super().get_help(ctx), ctx.obj or "ru")
