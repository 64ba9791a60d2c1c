"""Cross-checks of pipelines and their stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from funnelkpi.config.fold import fold
from funnelkpi.config.nearest import listed, nearest
from funnelkpi.config.schema import PipelineSettings, Settings
from funnelkpi.config.yaml_tree import Path, Tree, shorten
from funnelkpi.errors import Problem


def check(settings: Settings, tree: Tree) -> list[Problem]:
    """Problems inside the pipelines and between them."""
    pipelines = settings.pipelines
    problems = list(
        _twice(
            ((("pipelines", i, "key"), p.key) for i, p in enumerate(pipelines)),
            "same_pipeline",
            tree,
        )
    )
    for entity in ("deal", "lead"):
        of_entity = [(i, p) for i, p in enumerate(pipelines) if p.entity == entity]
        names = (place for i, p in of_entity for place in _crm_names(("pipelines", i), p))
        problems += _twice(names, "same_pipeline_name", tree, names=True)
    for i, pipeline in enumerate(pipelines):
        problems += _pipeline(pipeline, ("pipelines", i), tree)
    problems += _moves(settings, tree)
    return problems


def _pipeline(pipeline: PipelineSettings, path: Path, tree: Tree) -> Iterator[Problem]:
    stages = list(enumerate(pipeline.stages))
    keys: list[tuple[Path, str]] = [((*path, "stages", j, "key"), s.key) for j, s in stages]
    yield from _twice(keys, "same_stage", tree)
    names = [place for j, s in stages for place in _crm_names((*path, "stages", j), s)]
    yield from _twice(names, "same_stage_name", tree, names=True)
    if not any(s.kind == "open" for _, s in stages):
        yield tree.at_key((*path, "stages"), "no_open_stage", pipeline=pipeline.key)
    goal = "won" if pipeline.entity == "deal" else "converted"
    goals = [j for j, s in stages if s.kind == goal]
    if not goals:
        key = f"no_{goal}_stage"
        yield tree.at_key((*path, "stages"), key, pipeline=pipeline.key)
    for j in goals[1:]:
        first = tree.line((*path, "stages", goals[0], "kind"))
        yield tree.at(
            (*path, "stages", j, "kind"),
            f"two_{goal}_stages",
            pipeline=pipeline.key,
            first_line=first,
        )


def _crm_names(path: Path, part: object) -> list[tuple[Path, str]]:
    """Where the CRM names of a stage or pipeline stand; without any, its title is the name."""
    crm: tuple[str, ...] = getattr(part, "crm", ())
    title: str | None = getattr(part, "title", None)
    if crm:
        return [((*path, "crm", k), name) for k, name in enumerate(crm)]
    return [((*path, "title"), title)] if title else []


def _twice(
    places: Iterable[tuple[Path, str]], key: str, tree: Tree, *, names: bool = False
) -> Iterator[Problem]:
    """A problem for each name already met; the same name twice in one ``crm`` list is harmless."""
    seen: dict[str, Path] = {}
    for path, name in places:
        first = seen.setdefault(fold(name) if names else name, path)
        if first == path or (names and first[:-1] == path[:-1] and path[-2:-1] == ("crm",)):
            continue
        yield tree.at(path, key, name=shorten(name), first_line=tree.line(first))


def _moves(settings: Settings, tree: Tree) -> Iterator[Problem]:
    known = [f"{p.key}/{s.key}" for p in settings.pipelines for s in p.stages]
    for i, pipeline in enumerate(settings.pipelines):
        for j, stage in enumerate(pipeline.stages):
            target = stage.moves_to
            if target is None or target in known:
                continue
            path: Path = ("pipelines", i, "stages", j, "moves_to")
            near = nearest(target, known)
            name = shorten(target)
            if near:
                yield tree.at(path, "unknown_move_near", name=name, nearest=near)
            else:
                yield tree.at(path, "unknown_move", name=name, known=listed(known))
