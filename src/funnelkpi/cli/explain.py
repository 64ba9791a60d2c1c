"""``funnelkpi explain METRIC [FILES]``: the definition of a figure, and with files what it gives there."""

from __future__ import annotations

from pathlib import Path

import typer

from funnelkpi.cli.help import Command
from funnelkpi.cli.options import Options, split
from funnelkpi.errors import UsageError
from funnelkpi.locale.catalogue import Lang, text


def register(app: typer.Typer, lang: Lang) -> None:
    """Add the command to ``app``."""
    o = Options(lang)

    @app.command("explain", cls=Command, help=text("cli.explain", lang))
    def explain(
        metric: str = typer.Argument(..., help=text("cli.explain_metric", lang), metavar="METRIC"),
        files: list[Path] | None = o.files(),
        config: Path | None = o.config(),
        manager: str | None = o.one("manager", "NAME"),
        pipeline: list[str] | None = o.many("pipeline"),
        period: str | None = o.one("period"),
        as_of: str | None = o.one("as-of", "DATE"),
        archive: Path | None = o.one("archive", "FOLDER"),
        format_: str | None = o.one("format", "terminal|json|csv|markdown"),
        output: list[str] | None = o.many("output", "FILE", "-o"),
        crm: str | None = o.one("crm", "amocrm|bitrix24|generic"),
        lang_: str = o.language(),
        quiet: bool = o.flag("quiet"),
        debug: bool = o.flag("debug"),
    ) -> None:
        from difflib import get_close_matches

        from funnelkpi.metrics.names import COMPUTED_METRICS, definition_key, title_key

        if metric not in COMPUTED_METRICS:
            near = get_close_matches(metric, sorted(COMPUTED_METRICS), n=1, cutoff=0)
            raise UsageError.of("errors_cli.unknown_metric", value=metric, near=near[0])
        asked = (files, config, manager, pipeline, period, as_of, archive, format_, output, crm)
        if not any(asked):
            title, definition = (text(k(metric), lang) for k in (title_key, definition_key))
            print(f"{metric} — {title}\n\n{definition}")
            return
        from funnelkpi.cli.output import check_targets, deliver
        from funnelkpi.cli.run import progress, request_of

        check_targets(format_, output)
        request = request_of(files, config, period=period, as_of=as_of, crm=crm, archive=archive)
        from funnelkpi.pipeline import analyze
        from funnelkpi.report.analysis import Choice
        from funnelkpi.report.explanation import build_explanation

        with progress(lang, quiet=quiet) as step:
            analysis = analyze(request, step)
            choice = Choice(managers=(manager,) if manager else (), pipelines=split(pipeline))
            page = build_explanation(analysis, metric, lang, choice)
        deliver(page, format_, output or ())
