"""Formats by name and by file suffix. A format's module is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath

from funnelkpi.errors import UsageError
from funnelkpi.report.document import Report


@dataclass(frozen=True, slots=True)
class Options:
    """What a format may need to know of its destination (see ``render``)."""

    width: int
    color: bool
    to_file: bool


@dataclass(frozen=True, slots=True)
class Format:
    """One output format: its name, the file suffixes that mean it, what renders it."""

    name: str
    suffixes: tuple[str, ...]
    render: Callable[[Report, Options], bytes]


def _terminal(report: Report, options: Options) -> bytes:
    from funnelkpi.renderers import terminal

    shown = terminal.render(report, width=options.width, color=options.color)
    return shown.encode("utf-8")


def _ansi(report: Report, options: Options) -> bytes:
    """The terminal report with its colours wherever it goes, e.g. into ``less -R``."""
    return _terminal(report, replace(options, color=True))


def _json(report: Report, options: Options) -> bytes:
    from funnelkpi.renderers import json

    return json.render(report)


def _csv(report: Report, options: Options) -> bytes:
    from funnelkpi.renderers import csv

    return csv.render(report, to_file=options.to_file)


def _markdown(report: Report, options: Options) -> bytes:
    from funnelkpi.renderers import markdown

    return markdown.render(report)


FORMATS: dict[str, Format] = {
    format_.name: format_
    for format_ in (
        Format("terminal", (".txt",), _terminal),
        Format("ansi", (".ansi",), _ansi),
        Format("json", (".json",), _json),
        Format("csv", (".csv",), _csv),
        Format("markdown", (".md",), _markdown),
    )
}


def render(
    report: Report, name: str, *, width: int = 80, color: bool = False, to_file: bool = False
) -> bytes:
    """``report`` in the format ``name`` as UTF-8 bytes; each format takes what concerns it.

    width: cells of the screen; color: ANSI styles allowed; to_file: goes to a file, not to stdout.

    Raises:
        UsageError: there is no such format.
    """
    check_format(name)
    return FORMATS[name].render(report, Options(width, color, to_file))


def check_format(name: str) -> None:
    """Refuse a name that is no format's.

    Raises:
        UsageError: there is no format of this name; names those that exist.
    """
    if name not in FORMATS:
        known = ", ".join(FORMATS)
        raise UsageError.of("errors_delivery.format_name", name=name, known=known)


def format_of(path: str | PurePath) -> str:
    """The format a file name means, by its suffix in any case.

    Raises:
        UsageError: no suffix or an unknown one; names those that exist.
    """
    suffix = PurePath(path).suffix.lower()
    for format_ in FORMATS.values():
        if suffix in format_.suffixes:
            return format_.name
    known = ", ".join(s for format_ in FORMATS.values() for s in format_.suffixes)
    key = "format_unknown" if suffix else "format_missing"
    params = {"path": str(path), "known": known} | ({"suffix": suffix} if suffix else {})
    raise UsageError.of(f"errors_delivery.{key}", **params)
