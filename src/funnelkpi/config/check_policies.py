"""Cross-checks of meetings, next steps, facts, categories and groups of sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from funnelkpi.config.check_norms import filter_problems, place_problems, unknown_stage
from funnelkpi.config.schema import Settings
from funnelkpi.config.yaml_tree import Path, Tree, shorten
from funnelkpi.errors import Problem


def check(settings: Settings, tree: Tree) -> list[Problem]:
    """Problems inside single parts: rules without a column, names given twice, conditions."""
    problems = [
        tree.at(("facts", i), "fact_rule_empty")
        for i, rule in enumerate(settings.facts)
        if not rule.fields and not rule.dates
    ]
    names = [c.name for c in settings.categories]
    paths: list[Path] = [("categories", i, "name") for i in range(len(names))]
    problems += _twice(zip(names, paths, strict=True), "same_category", tree)
    for i, category in enumerate(settings.categories):
        for j, condition in enumerate(category.where):
            problems += filter_problems(condition, ("categories", i, "where", j), tree)
    sources: list[tuple[str, Path]] = [
        (source, ("source_groups", group, i))
        for group, own in settings.source_groups.items()
        for i, source in enumerate(own)
    ]
    return [*problems, *_twice(sources, "same_source", tree)]


def _twice(named: Iterable[tuple[str, Path]], key: str, tree: Tree) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for name, path in named:
        folded = " ".join(name.split()).casefold()
        if folded in first:
            yield tree.at(path, key, name=shorten(name), first_line=tree.line(first[folded]))
        first.setdefault(folded, path)


def references(settings: Settings, tree: Tree) -> list[Problem]:
    """Stages and pipelines these parts name that the config does not have."""
    stages = {p.key: [s.key for s in p.stages] for p in settings.pipelines}
    every = list(dict.fromkeys(key for keys in stages.values() for key in keys))
    problems: list[Problem] = []
    for i, key in enumerate(settings.meetings.stages):
        problems += unknown_stage(key, every, ("meetings", "stages", i), tree)
    if settings.next_step.after is not None:
        problems += unknown_stage(settings.next_step.after, every, ("next_step", "after"), tree)
    for i, rule in enumerate(settings.facts):
        problems += place_problems(rule, ("facts", i), stages, tree)
    return problems
