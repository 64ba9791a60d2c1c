"""Where a report goes: stdout in one format, files by suffix."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from funnelkpi.cli.exit_codes import ExitCode
from funnelkpi.errors import OutputError, Problem
from funnelkpi.locale.catalogue import Lang

if TYPE_CHECKING:
    from funnelkpi.report.document import Report


def check_targets(format_: str | None, files: Iterable[str] | None) -> None:
    """Refuse unknown formats before minutes of work, not after.

    Raises:
        UsageError: no such format.
    """
    from funnelkpi.renderers.registry import check_format, format_of

    if format_ is not None:
        check_format(format_)
    for file in files or ():
        format_of(file)


def deliver(report: Report, format_: str | None, files: Iterable[str]) -> None:
    """Write ``report`` to each file in the format of its suffix, and to stdout in ``format_``.

    Without ``format_``, stdout gets the terminal report unless files were asked for. A file that
    cannot be written does not keep the others from being written.

    Raises:
        UsageError: no such format. OutputError: what could not be written, all of it.
    """
    from funnelkpi.delivery.files import write_atomically
    from funnelkpi.renderers.registry import format_of, render

    files = list(files)
    failed: list[Problem] = []
    for path, name in [(Path(f), format_of(Path(f))) for f in files]:
        try:
            write_atomically(path, render(report, name, width=100, to_file=True))
        except OutputError as error:
            failed += error.problems
    if format_ is not None or not files:
        content = render(report, format_ or "terminal", width=width(), color=color())
        write_stdout(content)
    if failed:
        raise OutputError(*failed)


def delivered(
    report: Report, format_: str | None, files: Iterable[str] | None, lang: Lang
) -> ExitCode:
    """As ``deliver``, but what failed is said here: a graver exit code may still win."""
    from funnelkpi.cli.errors import say

    try:
        deliver(report, format_, files or ())
    except OutputError as error:
        say(error, lang)
        return ExitCode.UNDELIVERED
    return ExitCode.OK


def data_only(format_: str | None, files: Iterable[str] | None) -> bool:
    """Whether nothing but machine formats is asked for: the parts for people need not be built."""
    from funnelkpi.renderers.registry import format_of

    names = [format_of(Path(f)) for f in files or ()]
    if format_ is not None or not names:
        names.append(format_ or "terminal")
    return all(name in ("json", "csv") for name in names)


def write_stdout(content: bytes) -> None:
    """Write the payload to stdout, all of it or an error."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError.of("errors_cli.stdout", reason=str(error.strerror)) from error


def width() -> int:
    """Columns of the terminal; 80 when there is none."""
    return max(40, shutil.get_terminal_size((80, 24)).columns)


def color() -> bool:
    """Colour only on a terminal that can show it, and never with ``NO_COLOR``."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()
