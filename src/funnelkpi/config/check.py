"""What no single value shows: whether the parts of a config fit together.

``check`` runs all the cross-checks; each family stands in a file of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from funnelkpi.config import (
    check_norms,
    check_people,
    check_pipelines,
    check_places,
    check_policies,
)
from funnelkpi.config.nearest import listed, nearest
from funnelkpi.config.schema import Settings
from funnelkpi.config.yaml_tree import Path, Tree
from funnelkpi.errors import Problem

CHECK_FIGURES = frozenset({"stalled", "stalled_amount", "norms_below"})
"""What a threshold may name beside the figures of docs/metrics.md."""


@dataclass(frozen=True, slots=True)
class Known:
    """Names that parts above the config know. None: not known, anything goes."""

    metrics: frozenset[str] | None = None
    sections: frozenset[str] | None = None


def check(
    settings: Settings, tree: Tree, known: Known, damaged: frozenset[str] = frozenset()
) -> list[Problem]:
    """Every problem between the parts, with its place in ``tree``.

    ``damaged`` are sections left out because something in them is wrong already: what would need
    them is not checked, so that one mistake does not bring forth others.
    """
    problems = check_places.check(settings, tree)
    problems += check_people.check(settings, tree)
    problems += check_pipelines.check(settings, tree)
    if "pipelines" not in damaged and settings.pipelines:
        problems += check_norms.references(settings, tree)
        problems += check_policies.references(settings, tree)
    if "managers" not in damaged and settings.managers:
        problems += check_people.references(settings, tree)
    problems += check_norms.check(settings, tree)
    problems += check_policies.check(settings, tree)
    problems += _known_names(settings, tree, known)
    return problems


def _known_names(settings: Settings, tree: Tree, known: Known) -> list[Problem]:
    problems = []
    if known.metrics is not None:
        places: list[tuple[Path, str, frozenset[str]]] = [
            (("norms", i, "metric"), norm.metric, known.metrics)
            for i, norm in enumerate(settings.norms)
        ]
        places += [
            (("thresholds", i, "metric"), bound.metric, known.metrics | CHECK_FIGURES)
            for i, bound in enumerate(settings.thresholds)
        ]
        problems += [
            _unknown(tree, path, "unknown_metric", name, names)
            for path, name, names in places
            if name not in names
        ]
    if known.sections is not None:
        problems += [
            _unknown(tree, ("report", "sections", i), "unknown_section", name, known.sections)
            for i, name in enumerate(settings.report.sections)
            if name not in known.sections
        ]
    return problems


def _unknown(tree: Tree, path: Path, key: str, name: str, names: frozenset[str]) -> Problem:
    near = nearest(name, sorted(names))
    if near:
        return tree.at(path, f"{key}_near", name=name, nearest=near)
    return tree.at(path, key, name=name, known=listed(sorted(names)))
