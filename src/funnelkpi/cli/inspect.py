"""``funnelkpi inspect``: what was recognised in the files, and what was not."""

from __future__ import annotations

from pathlib import Path

import typer

from funnelkpi.cli.help import Command
from funnelkpi.cli.options import Options
from funnelkpi.locale.catalogue import Lang, text


def register(app: typer.Typer, lang: Lang) -> None:
    """Add the command to ``app``."""
    o = Options(lang)

    @app.command("inspect", cls=Command, help=text("cli.inspect", lang))
    def inspect(
        files: list[Path] | None = o.files(),
        config: Path | None = o.config(),
        format_: str | None = o.one("format", "terminal|json|csv|markdown"),
        output: list[str] | None = o.many("output", "FILE", "-o"),
        crm: str | None = o.one("crm", "amocrm|bitrix24|generic"),
        lang_: str = o.language(),
        quiet: bool = o.flag("quiet"),
        debug: bool = o.flag("debug"),
    ) -> None:
        from funnelkpi.cli.output import check_targets, deliver
        from funnelkpi.cli.run import progress, request_of

        check_targets(format_, output)
        request = request_of(files, config, crm=crm, look_back=False)
        from funnelkpi.pipeline import inspect as look
        from funnelkpi.report.inspection import build_inspection

        with progress(lang, quiet=quiet) as step:
            found = look(request, step)
        page = build_inspection(
            found.assembled, found.exports, found.accounts, found.findings, found.calls, lang
        )
        deliver(page, format_, output or ())
