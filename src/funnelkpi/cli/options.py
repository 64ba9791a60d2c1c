"""Options that several commands share, with their help in the language of the run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import typer

from funnelkpi.errors import UsageError
from funnelkpi.locale.catalogue import LANGS, Lang, text


class Options:
    """Factories of typer defaults: ``config: Path | None = o.config()``."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def _text(self, key: str) -> str:
        return text(f"cli.option_{key}", self.lang)

    def files(self) -> Any:
        """Files or folders to read."""
        metavar = text("cli.files", self.lang)
        return typer.Argument(None, help=self._text("files"), metavar=metavar, show_default=False)

    def config(self) -> Any:
        """-c funnelkpi.yaml."""
        return typer.Option(None, "--config", "-c", help=self._text("config"), metavar="FILE")

    def one(self, name: str, metavar: str = "TEXT") -> Any:
        """An option that takes one value."""
        return typer.Option(None, f"--{name}", help=self._text(_key(name)), metavar=metavar)

    def many(self, name: str, metavar: str = "NAME", short: str | None = None) -> Any:
        """An option that repeats and takes commas (see ``split``)."""
        names = [f"--{name}", *([short] if short else [])]
        help_ = self._text(_key(name))
        return typer.Option(None, *names, help=help_, metavar=metavar, show_default=False)

    def flag(self, name: str) -> Any:
        """A switch."""
        return typer.Option(False, f"--{name}", help=self._text(_key(name)))

    def language(self) -> Any:
        """--lang ru|en, accepted after the command too."""
        help_ = text("cli.lang", self.lang)
        return typer.Option("ru", "--lang", help=help_, metavar="ru|en", callback=known_language)


def known_language(value: str) -> str:
    """The value of ``--lang``; which language it is was read before the options were.

    Raises:
        UsageError: there are no texts in this language.
    """
    if value not in LANGS:
        raise UsageError.of("errors_cli.unknown_lang", value=value, known=", ".join(LANGS))
    return value


def _key(name: str) -> str:
    return name.replace("-", "_")


def split(values: Iterable[str] | None) -> tuple[str, ...]:
    """Repeated and comma-separated values of an option as one tuple."""
    return tuple(part.strip() for v in values or () for part in v.split(",") if part.strip())
