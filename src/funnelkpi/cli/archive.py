"""``funnelkpi archive add | list | verify``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from funnelkpi.cli.exit_codes import ExitCode, worst
from funnelkpi.cli.help import Command, Group
from funnelkpi.cli.options import Options
from funnelkpi.locale.catalogue import Lang, text

if TYPE_CHECKING:
    from funnelkpi.report.document import Report


def register(app: typer.Typer, lang: Lang) -> None:
    """Add the commands to ``app``."""
    o = Options(lang)
    group = typer.Typer(cls=Group, help=text("cli.archive", lang), no_args_is_help=True)

    @group.callback()
    def _archive(lang_: str = o.language()) -> None: ...

    @group.command("add", cls=Command, help=text("cli.archive_add", lang))
    def add(
        files: list[Path] | None = o.files(),
        archive: Path | None = o.one("archive", "FOLDER"),
        config: Path | None = o.config(),
        crm: str | None = o.one("crm", "amocrm|bitrix24|generic"),
        format_: str | None = o.one("format", "terminal|json|csv|markdown"),
        output: list[str] | None = o.many("output", "FILE", "-o"),
        lang_: str = o.language(),
        quiet: bool = o.flag("quiet"),
        debug: bool = o.flag("debug"),
    ) -> int:
        from funnelkpi.cli.output import check_targets, delivered
        from funnelkpi.cli.run import find_config, progress, request_of

        check_targets(format_, output)
        request = request_of(files, config, crm=crm, look_back=False)
        folder = archive or request.settings.archive.place(find_config(config, files))
        from funnelkpi.pipeline import add_to_archive
        from funnelkpi.report.kept_exports import build_additions

        with progress(lang, quiet=quiet) as step:
            added, findings = add_to_archive(request, folder, step)
        lost = any(a.status == "no_moment" for a in added)
        page = build_additions(folder, added, findings, lang)
        code = ExitCode.USER if lost else ExitCode.OK
        return worst(delivered(page, format_, output, lang), code)

    @group.command("list", cls=Command, help=text("cli.archive_list", lang))
    def list_(
        archive: Path | None = o.one("archive", "FOLDER"),
        config: Path | None = o.config(),
        format_: str | None = o.one("format", "terminal|json|csv|markdown"),
        output: list[str] | None = o.many("output", "FILE", "-o"),
        lang_: str = o.language(),
        debug: bool = o.flag("debug"),
    ) -> int:
        from funnelkpi.archive.read import list_snapshots
        from funnelkpi.report.kept_exports import build_listing

        return _looked_at(archive, config, format_, output, lang, list_snapshots, build_listing)

    @group.command("verify", cls=Command, help=text("cli.archive_verify", lang))
    def verify(
        archive: Path | None = o.one("archive", "FOLDER"),
        config: Path | None = o.config(),
        format_: str | None = o.one("format", "terminal|json|csv|markdown"),
        output: list[str] | None = o.many("output", "FILE", "-o"),
        lang_: str = o.language(),
        debug: bool = o.flag("debug"),
    ) -> int:
        from funnelkpi.archive.verify import verify as check
        from funnelkpi.report.kept_exports import build_verification

        return _looked_at(archive, config, format_, output, lang, check, build_verification)

    app.add_typer(group, name="archive")


def _looked_at(
    archive: Path | None,
    config: Path | None,
    format_: str | None,
    output: list[str] | None,
    lang: Lang,
    look: Callable[[Path], Any],
    build: Callable[[Path, Any, Lang], Report],
) -> int:
    """Print what ``look`` finds in the archive; damaged files are the user's to mend."""
    from funnelkpi.cli.output import check_targets, delivered

    check_targets(format_, output)
    folder = _folder(archive, config)
    found = look(folder)
    code = ExitCode.USER if found.damaged else ExitCode.OK
    return worst(delivered(build(folder, found, lang), format_, output, lang), code)


def _folder(archive: Path | None, config: Path | None) -> Path:
    """``--archive``, else the config's folder, else ./archive.

    Raises:
        UsageError: there is no such folder.
    """
    from funnelkpi.cli.run import find_config, settings_of
    from funnelkpi.errors import UsageError

    path = find_config(config, None)
    folder = archive or settings_of(path).archive.place(path)
    if not folder.exists():
        raise UsageError.of("errors_cli.no_archive", folder=str(folder))
    return folder
