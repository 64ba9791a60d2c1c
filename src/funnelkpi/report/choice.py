"""What the user asked to see, checked against the data: names as people write them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from difflib import get_close_matches

from funnelkpi.adapters.cells.names import name_key
from funnelkpi.config.schema import Settings
from funnelkpi.errors import UsageError
from funnelkpi.locale.catalogue import LANGS, text
from funnelkpi.metrics.behind import OUTCOMES, Figure
from funnelkpi.metrics.registry import SPECS
from funnelkpi.model.dataset import Dataset
from funnelkpi.report.analysis import Choice


def check_choice(data: Dataset, choice: Choice) -> Choice:
    """``choice`` with managers and pipelines as the data name them.

    Raises:
        UsageError: an unknown manager or pipeline.
    """
    return replace(
        choice,
        managers=_managers(data, choice.managers),
        pipelines=_pipelines(data, choice.pipelines),
    )


def check_sections(names: Iterable[str], known: Collection[str]) -> None:
    """Every name is a section of the report, else UsageError."""
    for name in names:
        if name not in known:
            raise UsageError.of("errors_cli.unknown_section", value=name, known=", ".join(known))


def check_figure(data: Dataset, figure: Figure) -> Figure:
    """``figure`` with names as the data write them.

    Raises:
        UsageError: an unknown figure, class, stage, manager or pipeline.
    """
    if figure.metric not in SPECS:
        near = get_close_matches(figure.metric, sorted(SPECS), n=1, cutoff=0)
        raise UsageError.of("errors_cli.unknown_metric", value=figure.metric, near=near[0])
    return replace(
        figure,
        outcome=_outcome(data, figure),
        stage=_stage(data, figure.stage),
        to_stage=_stage(data, figure.to_stage),
        managers=_managers(data, figure.managers),
        pipelines=_pipelines(data, figure.pipelines),
    )


def norm_figure(settings: Settings, asked: str) -> Figure:
    """The figure of the norm that has this title, or, without a title, is on this stage or metric.

    Raises:
        UsageError: no norm, or several, are called so.
    """
    names = [n.title or n.stage or n.metric for n in settings.norms]
    hits = [i for i, name in enumerate(names) if name.casefold() == asked.casefold()]
    if len(hits) != 1 or settings.norms[hits[0]].metric not in SPECS:
        known = ", ".join(names) or "—"
        raise UsageError.of("errors_cli.unknown_norm", value=asked, known=known)
    return Figure(settings.norms[hits[0]].metric, norm=hits[0])


def _outcome(data: Dataset, figure: Figure) -> str | None:
    """The class, reason or loss reason asked for, as the facts name it."""
    asked = figure.outcome
    if asked is None:
        return None
    if figure.metric == "loss_reasons":
        own = {str(c).casefold(): str(c) for c in data.deals["loss_reason"].cat.categories}
        names = tuple(own.values())
        own |= {text("report.no_reason", lang): "" for lang in LANGS}
    else:
        names = OUTCOMES.get(figure.metric, ())
        own = {name: name for name in names}
    if asked.casefold() not in own:
        known = ", ".join(names) or "—"
        raise UsageError.of("errors_cli.unknown_class", value=asked, known=known)
    return own[asked.casefold()]


def _managers(data: Dataset, asked: Iterable[str]) -> tuple[str, ...]:
    people = {name_key(n): m.name for m in data.roster.managers for n in (m.name, *m.aliases)}
    found = []
    for given in asked:
        key = name_key(given)
        # A surname is enough when only one manager has it.
        hits = (
            {people[key]} if key in people else {n for k, n in people.items() if key in k.split()}
        )
        if len(hits) != 1:
            known = ", ".join(m.name for m in data.roster.managers if m.listed)
            raise UsageError.of("errors_cli.unknown_manager", value=given, known=known)
        found.append(hits.pop())
    return tuple(found)


def _pipelines(data: Dataset, asked: Iterable[str]) -> tuple[str, ...]:
    known = {p.title.casefold(): p.key for p in data.funnel.pipelines}
    known |= {p.key: p.key for p in data.funnel.pipelines}
    found = []
    for given in asked:
        key = known.get(given) or known.get(given.casefold())
        if key is None:
            names = ", ".join(p.key for p in data.funnel.pipelines)
            raise UsageError.of("errors_cli.unknown_pipeline", value=given, known=names)
        found.append(key)
    return tuple(found)


def _stage(data: Dataset, asked: str | None) -> str | None:
    if asked is None:
        return None
    known = {s.title.casefold(): s.key for s in data.funnel.stages}
    known |= {s.key: s.key for s in data.funnel.stages}
    key = known.get(asked) or known.get(asked.casefold())
    if key is None:
        names = ", ".join(dict.fromkeys(s.key for s in data.funnel.stages))
        raise UsageError.of("errors_cli.unknown_stage", value=asked, known=names)
    return key
