"""``funnelkpi deals``: the deals behind a figure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import typer

from funnelkpi.cli.help import Command
from funnelkpi.cli.options import Options, split
from funnelkpi.errors import UsageError
from funnelkpi.locale.catalogue import Lang, text

_LISTS = {
    "--stalled": "stalled",
    "--without-call": "deals_without_call",
    "--under-called": "under_called",
}
"""The lists that have an option of their own, and the figure they are of."""


def register(app: typer.Typer, lang: Lang) -> None:
    """Add the command to ``app``."""
    o = Options(lang)

    @app.command("deals", cls=Command, help=text("cli.deals", lang))
    def deals(
        files: list[Path] | None = o.files(),
        config: Path | None = o.config(),
        stalled: bool = o.flag("stalled"),
        without_call: bool = o.flag("without-call"),
        under_called: bool = o.flag("under-called"),
        metric: str | None = o.one("metric", "NAME"),
        norm: str | None = o.one("norm", "NAME"),
        stage: str | None = o.one("stage", "KEY"),
        to_stage: str | None = o.one("to-stage", "KEY"),
        outcome: str | None = o.one("class", "NAME"),
        manager: list[str] | None = o.many("manager"),
        pipeline: list[str] | None = o.many("pipeline"),
        period: str | None = o.one("period"),
        as_of: str | None = o.one("as-of", "DATE"),
        format_: str | None = o.one("format", "terminal|json|csv|markdown"),
        output: list[str] | None = o.many("output", "FILE", "-o"),
        crm: str | None = o.one("crm", "amocrm|bitrix24|generic"),
        archive: Path | None = o.one("archive", "FOLDER"),
        lang_: str = o.language(),
        mask: bool = o.flag("mask"),
        quiet: bool = o.flag("quiet"),
        debug: bool = o.flag("debug"),
    ) -> None:
        from funnelkpi.cli.output import check_targets, deliver
        from funnelkpi.cli.run import progress, request_of

        given = {"--stalled": stalled, "--without-call": without_call,
                 "--under-called": under_called, "--metric": metric, "--norm": norm}  # fmt: skip
        lists = [option for option, value in given.items() if value]
        if len(lists) > 1:
            raise UsageError.of("errors_cli.one_list", first=lists[0], second=lists[1])
        check_targets(format_, output)
        request = request_of(files, config, period=period, as_of=as_of, crm=crm, archive=archive)
        from funnelkpi.metrics.behind import LISTED, WINDOWED, Figure
        from funnelkpi.pipeline import deals_behind
        from funnelkpi.report.choice import norm_figure
        from funnelkpi.report.deal_list import build_deal_list

        name = metric or ("deals_in_stage" if stage else "open_deals")
        for option, figure_ in _LISTS.items():
            name = figure_ if given[option] else name
        figure = norm_figure(request.settings, norm) if norm is not None else Figure(name)
        figure = replace(
            figure,
            stage=stage,
            to_stage=to_stage,
            outcome=outcome or (LISTED if stalled else None),
            managers=split(manager),
            pipelines=split(pipeline),
            # The report gives these figures over a longer window than the week.
            window=period is None and name in WINDOWED and norm is None,
        )
        with progress(lang, quiet=quiet) as step:
            found = deals_behind(request, figure, step)
        deliver(
            build_deal_list(found, lang, mask=mask, link=request.settings.report.link),
            format_,
            output or (),
        )
