"""``funnelkpi config validate | schema | show``."""

from __future__ import annotations

from pathlib import Path

import typer

from funnelkpi.cli.help import Command, Group
from funnelkpi.cli.options import Options
from funnelkpi.errors import UsageError
from funnelkpi.locale.catalogue import Lang, text


def register(app: typer.Typer, lang: Lang) -> None:
    """Add the commands to ``app``."""
    o = Options(lang)
    group = typer.Typer(cls=Group, help=text("cli.config", lang), no_args_is_help=True)

    @group.callback()
    def _config(lang_: str = o.language()) -> None: ...

    @group.command("validate", cls=Command, help=text("cli.config_validate", lang))
    def validate(config: Path | None = o.config(), lang_: str = o.language()) -> None:
        path = _path(config)
        from funnelkpi.cli.run import settings_of

        settings = settings_of(path)
        pipelines, stages = len(settings.pipelines), sum(len(p.stages) for p in settings.pipelines)
        print(
            text(
                "cli.config_valid",
                lang,
                file=str(path),
                pipelines=pipelines,
                stages=stages,
                managers=len(settings.managers),
                norms=len(settings.norms),
            )
        )

    @group.command("schema", cls=Command, help=text("cli.config_schema", lang))
    def schema(lang_: str = o.language()) -> None:
        import json

        from funnelkpi.config.json_schema import json_schema

        print(json.dumps(json_schema(), ensure_ascii=False, indent=2))

    @group.command("show", cls=Command, help=text("cli.config_show", lang))
    def show(config: Path | None = o.config(), lang_: str = o.language()) -> None:
        from funnelkpi.cli.run import find_config, settings_of
        from funnelkpi.config.show import show as as_yaml

        print(as_yaml(settings_of(find_config(config, None))), end="")

    app.add_typer(group, name="config")


def _path(config: Path | None) -> Path:
    from funnelkpi.cli.run import find_config

    path = find_config(config, None)
    if path is None:
        raise UsageError.of("errors_cli.no_config")
    return path
