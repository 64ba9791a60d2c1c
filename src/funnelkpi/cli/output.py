"""Where a report goes: stdout in one format, files by suffix."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from funnelkpi.errors import OutputError

if TYPE_CHECKING:
    from funnelkpi.report.document import Report


def deliver(report: Report, format_: str | None, files: Iterable[str]) -> None:
    """Write ``report`` to each file in the format of its suffix, and to stdout in ``format_``.

    Without ``format_``, stdout gets the terminal report unless files were asked for.

    Raises:
        UsageError: no such format. OutputError: a file cannot be written.
    """
    from funnelkpi.delivery.files import write_atomically
    from funnelkpi.renderers.registry import format_of, render

    files = list(files)
    targets = [(Path(f), format_of(Path(f))) for f in files]
    for path, name in targets:
        write_atomically(path, render(report, name, width=100, to_file=True))
    if format_ is not None or not files:
        content = render(report, format_ or "terminal", width=width(), color=color())
        write_stdout(content)


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
