"""``funnelkpi check``: only what is breached, and an exit code for cron."""

from __future__ import annotations

from pathlib import Path

import typer

from funnelkpi.cli.exit_codes import ExitCode, worst
from funnelkpi.cli.help import Command
from funnelkpi.cli.options import Options, split
from funnelkpi.errors import UsageError
from funnelkpi.locale.catalogue import Lang, text

STALE_AFTER = "7d"


def register(app: typer.Typer, lang: Lang) -> None:
    """Add the command to ``app``."""
    o = Options(lang)

    @app.command("check", cls=Command, help=text("cli.check", lang))
    def check(
        files: list[Path] | None = o.files(),
        config: Path | None = o.config(),
        period: str | None = o.one("period"),
        as_of: str | None = o.one("as-of", "DATE"),
        manager: list[str] | None = o.many("manager"),
        pipeline: list[str] | None = o.many("pipeline"),
        format_: str | None = o.one("format", "terminal|json|csv|markdown"),
        output: list[str] | None = o.many("output", "FILE", "-o"),
        crm: str | None = o.one("crm", "amocrm|bitrix24|generic"),
        archive: Path | None = o.one("archive", "FOLDER"),
        lang_: str = o.language(),
        mask: bool = o.flag("mask"),
        quiet: bool = o.flag("quiet"),
        fail_on: str | None = o.one("fail-on", "warn"),
        debug: bool = o.flag("debug"),
    ) -> int:
        from funnelkpi.cli.output import check_targets, delivered
        from funnelkpi.cli.run import keep_given, progress, request_of, say_stale, stale_by
        from funnelkpi.cli.verdict import breached, check_fail_on, exit_code

        check_fail_on(fail_on)
        check_targets(format_, output)
        request = request_of(files, config, period=period, as_of=as_of, crm=crm, archive=archive)
        if not request.settings.thresholds:
            raise UsageError.of("errors_cli.no_thresholds")
        from funnelkpi.pipeline import analyze
        from funnelkpi.report.analysis import Choice
        from funnelkpi.report.breaches import build_breaches
        from funnelkpi.report.choice import check_choice
        from funnelkpi.report.data import wanted

        with progress(lang, quiet=quiet) as step:
            analysis = analyze(request, step)
        choice = Choice((), split(manager), split(pipeline), mask)
        choice = check_choice(analysis.data, choice)
        verdicts = [v for v in analysis.verdicts if wanted(v, choice)]
        code = exit_code(verdicts, fail_on=fail_on, judge=True)
        late = stale_by(analysis, request.as_of, STALE_AFTER)
        if late is not None:
            say_stale(late, lang)
            code = ExitCode.USER
        if breached(verdicts) or format_ or output:
            page = build_breaches(analysis, lang, choice)
            code = worst(delivered(page, format_, output, lang), code)
        return worst(keep_given(request, analysis, lang), code)
