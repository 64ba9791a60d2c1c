"""What the commands that compute have in common: config, request, progress, staleness."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from funnelkpi.cli.exit_codes import ExitCode
from funnelkpi.cli.options import split
from funnelkpi.errors import OutputError, UsageError
from funnelkpi.locale.catalogue import Lang, text

if TYPE_CHECKING:
    from funnelkpi.config.schema import Settings
    from funnelkpi.pipeline import Progress, Request
    from funnelkpi.report.analysis import Analysis

CONFIG_NAME = "funnelkpi.yaml"
CRMS = ("amocrm", "bitrix24", "generic", "auto")


def find_config(given: Path | None, files: list[Path] | None) -> Path | None:
    """The config to use: ``-c``, else funnelkpi.yaml here, else beside the given files."""
    if given is not None:
        return given
    places = [Path(), *(f if f.is_dir() else f.parent for f in files or [])]
    return next((p / CONFIG_NAME for p in places if (p / CONFIG_NAME).is_file()), None)


def settings_of(config: Path | None) -> Settings:
    """The settings of a config file; without one, the defaults (nothing is judged)."""
    from funnelkpi.config.load import load_settings
    from funnelkpi.config.schema import Settings
    from funnelkpi.metrics.names import KNOWN_METRICS
    from funnelkpi.report.build import KNOWN_SECTIONS

    if config is None:
        return Settings()
    return load_settings(config, known_metrics=KNOWN_METRICS, known_sections=KNOWN_SECTIONS)


def request_of(
    files: list[Path] | None,
    config: Path | None,
    *,
    period: str | None = None,
    as_of: str | None = None,
    by: list[str] | None = None,
    crm: str | None = None,
    archive: Path | None = None,
    look_back: bool = True,
) -> Request:
    """The request behind the options of a command.

    archive: ``--archive``; else the config says whether kept exports are used. Without files they
    are the input. look_back: whether the command uses kept exports at all.

    Raises:
        UsageError: no files, an unknown CRM, or a moment that is none.
    """
    from hashlib import sha256

    from funnelkpi.pipeline import Request
    from funnelkpi.report.sections.slices import SCOPES

    if crm is not None and crm not in CRMS:
        raise UsageError.of("errors_cli.unknown_crm", value=crm, known=", ".join(CRMS))
    path = find_config(config, files)
    settings = settings_of(path)
    folder = archive_of(settings, path, archive) if look_back else None
    if not files and folder is None:
        raise UsageError.of("errors_cli.no_files")
    return Request(
        paths=tuple(files or ()),
        settings=settings,
        configured=path is not None,
        config_sha256=sha256(path.read_bytes()).hexdigest() if path else None,
        period=period,
        as_of=parse_moment(as_of, settings.time_zone),
        by=tuple(b for b in split(by) if b not in SCOPES),
        crm=crm or "auto",
        archive=folder,
        keep=settings.archive.mode == "auto" and folder is not None,
    )


def archive_of(settings: Settings, config: Path | None, given: Path | None) -> Path | None:
    """The folder of kept exports to look back with; None: none is asked for.

    Raises:
        UsageError: ``--archive`` names no folder.
    """
    if given is not None:
        if not given.exists():
            raise UsageError.of("errors_cli.no_archive", folder=str(given))
        return given
    return None if settings.archive.mode == "off" else settings.archive.place(config)


def keep_given(request: Request, analysis: Analysis, lang: Lang) -> ExitCode:
    """With ``archive: auto`` the exports given are kept, now that the report stands."""
    from funnelkpi.cli.errors import say
    from funnelkpi.pipeline import keep_exports_of

    try:
        keep_exports_of(request, analysis)
    except OutputError as error:
        say(error, lang)
        return ExitCode.UNDELIVERED
    return ExitCode.OK


def parse_moment(value: str | None, time_zone: str) -> datetime | None:
    """``--as-of`` in the zone of the config (``api.moment_of``); None if not given."""
    from funnelkpi.api import moment_of

    return None if value is None else moment_of(value, time_zone)


@contextmanager
def progress(lang: Lang, *, quiet: bool) -> Iterator[Progress]:
    """A spinner on stderr that says what is being done: only on a terminal, never on stdout."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda step: status.update(text(f"cli.progress_{step}", lang))


def stale_by(analysis: Analysis, as_of: datetime | None, default: str | None) -> timedelta | None:
    """How much older than allowed the export is, by the clock; None if it is fresh enough."""
    from zoneinfo import ZoneInfo

    allowed = analysis.settings.inputs.stale_after or default
    if allowed is None or as_of is not None:
        return None
    units = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
    limit = int(allowed[:-1]) * units[allowed[-1]]
    zone = ZoneInfo(analysis.settings.time_zone)
    age = datetime.now(zone).replace(tzinfo=None) - analysis.view.as_of
    return age - limit if age > limit else None


def say_stale(late: timedelta, lang: Lang) -> None:
    """Say on stderr that the export is too old."""
    print(text("cli.stale", lang, days=max(1, round(late / timedelta(days=1)))), file=sys.stderr)
