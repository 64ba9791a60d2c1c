"""``funnelkpi explain METRIC``: the definition of a figure."""

from __future__ import annotations

import typer

from funnelkpi.cli.help import Command
from funnelkpi.cli.options import Options
from funnelkpi.errors import UsageError
from funnelkpi.locale.catalogue import Lang, text


def register(app: typer.Typer, lang: Lang) -> None:
    """Add the command to ``app``."""
    o = Options(lang)

    @app.command("explain", cls=Command, help=text("cli.explain", lang))
    def explain(
        metric: str = typer.Argument(..., help=text("cli.explain_metric", lang), metavar="METRIC"),
        lang_: str = o.language(),
    ) -> None:
        from difflib import get_close_matches

        from funnelkpi.metrics.names import COMPUTED_METRICS, definition_key, title_key

        if metric not in COMPUTED_METRICS:
            near = get_close_matches(metric, sorted(COMPUTED_METRICS), n=1, cutoff=0)
            raise UsageError.of("errors_cli.unknown_metric", value=metric, near=near[0])
        print(f"{metric} — {text(title_key(metric), lang)}\n\n{text(definition_key(metric), lang)}")
