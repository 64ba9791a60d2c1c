"""``funnelkpi demo``: the report on the bundled sample data."""

from __future__ import annotations

import typer

from funnelkpi.cli.help import Command
from funnelkpi.cli.options import Options
from funnelkpi.locale.catalogue import Lang, text


def register(app: typer.Typer, lang: Lang) -> None:
    """Add the command to ``app``."""
    o = Options(lang)

    @app.command("demo", cls=Command, help=text("cli.demo", lang))
    def demo(
        crm: str | None = o.one("crm", "amocrm|bitrix24"),
        format_: str | None = o.one("format", "terminal|json|csv|markdown"),
        lang_: str = o.language(),
    ) -> None:
        from funnelkpi.cli.output import check_targets, deliver
        from funnelkpi.cli.run import CONFIG_NAME, progress, request_of
        from funnelkpi.config.bundled import sample_path

        check_targets(format_, ())
        folder = sample_path(crm or "amocrm")
        request = request_of([folder], folder / CONFIG_NAME, look_back=False)
        from funnelkpi.pipeline import analyze
        from funnelkpi.report.analysis import Choice
        from funnelkpi.report.build import build_report

        with progress(lang, quiet=False) as step:
            page = build_report(analyze(request, step), lang, Choice())
        deliver(page, format_, ())
