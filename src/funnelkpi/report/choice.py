"""What the user asked to see, checked against the data: names as people write them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from difflib import get_close_matches

from funnelkpi.adapters._names import name_key
from funnelkpi.errors import UsageError
from funnelkpi.metrics.behind import Figure
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
        UsageError: an unknown figure, stage, manager or pipeline.
    """
    if figure.metric not in SPECS:
        near = get_close_matches(figure.metric, sorted(SPECS), n=1, cutoff=0)
        raise UsageError.of("errors_cli.unknown_metric", value=figure.metric, near=near[0])
    return replace(
        figure,
        stage=_stage(data, figure.stage),
        to_stage=_stage(data, figure.to_stage),
        managers=_managers(data, figure.managers),
        pipelines=_pipelines(data, figure.pipelines),
    )


def _managers(data: Dataset, asked: Iterable[str]) -> tuple[str, ...]:
    people = {name_key(n): m.name for m in data.roster.managers for n in (m.name, *m.aliases)}
    found = []
    for text in asked:
        key = name_key(text)
        # A surname is enough when only one manager has it.
        hits = (
            {people[key]} if key in people else {n for k, n in people.items() if key in k.split()}
        )
        if len(hits) != 1:
            known = ", ".join(m.name for m in data.roster.managers if m.listed)
            raise UsageError.of("errors_cli.unknown_manager", value=text, known=known)
        found.append(hits.pop())
    return tuple(found)


def _pipelines(data: Dataset, asked: Iterable[str]) -> tuple[str, ...]:
    known = {p.title.casefold(): p.key for p in data.funnel.pipelines}
    known |= {p.key: p.key for p in data.funnel.pipelines}
    found = []
    for text in asked:
        key = known.get(text) or known.get(text.casefold())
        if key is None:
            names = ", ".join(p.key for p in data.funnel.pipelines)
            raise UsageError.of("errors_cli.unknown_pipeline", value=text, known=names)
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
