"""``funnelkpi init``: a commented funnelkpi.yaml from the user's own export."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from funnelkpi.cli.help import Command
from funnelkpi.cli.options import Options
from funnelkpi.errors import UsageError
from funnelkpi.locale.catalogue import Lang, text


def register(app: typer.Typer, lang: Lang) -> None:
    """Add the command to ``app``."""
    o = Options(lang)

    @app.command("init", cls=Command, help=text("cli.init", lang))
    def init(
        files: list[Path] | None = o.files(),
        preset: str | None = o.one("preset", "NAME"),
        output: str | None = typer.Option(
            None, "--output", "-o", help=text("cli.option_init_output", lang), metavar="FILE"
        ),
        force: bool = o.flag("force"),
        crm: str | None = o.one("crm", "amocrm|bitrix24|generic"),
        lang_: str = o.language(),
        quiet: bool = o.flag("quiet"),
        debug: bool = o.flag("debug"),
    ) -> None:
        from funnelkpi.cli.run import CONFIG_NAME, progress
        from funnelkpi.config.bundled import DEFAULT_PRESET, preset_path
        from funnelkpi.config.load import load_settings
        from funnelkpi.metrics.names import KNOWN_METRICS

        target = Path(output or CONFIG_NAME)
        if target.exists() and not force:
            raise UsageError.of("errors_cli.config_exists", file=str(target))
        source = preset_path(preset or DEFAULT_PRESET)
        from funnelkpi.config.schema import Settings
        from funnelkpi.delivery.files import write_atomically

        if not files:
            load_settings(source, known_metrics=KNOWN_METRICS)
            write_atomically(target, source.read_bytes())
        else:
            from funnelkpi.pipeline import Request, propose_config

            request = Request(tuple(files), Settings(), crm=crm or "auto")
            with progress(lang, quiet=quiet) as step:
                base = load_settings(source, known_metrics=KNOWN_METRICS)
                proposal = propose_config(request, base, lang, step)
            write_atomically(target, proposal.content.encode())
            for rule in proposal.guessed:
                print(text("cli.init_guessed_calls", lang, match=rule.match))
            for finding in proposal.unread:
                about = {"why": finding.code, "remedy": f"{finding.code}.remedy"}
                told = {name: text(key, lang, **finding.params) for name, key in about.items()}
                note = text("cli.init_unread", lang, file=finding.file, **told)
                print(note, file=sys.stderr)
        print(text("cli.init_done", lang, file=str(target)))
