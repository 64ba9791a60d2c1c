"""Cross-checks of managers, and of the managers, roles and departments that norms name."""

from __future__ import annotations

from collections.abc import Iterator

from funnelkpi.config.fold import fold_person
from funnelkpi.config.nearest import listed, nearest
from funnelkpi.config.schema import ManagerSettings, Settings
from funnelkpi.config.yaml_tree import Path, Tree, shorten
from funnelkpi.errors import Problem


def check(settings: Settings, tree: Tree) -> list[Problem]:
    """Problems of the managers themselves."""
    problems = [*_names(settings, tree), *_numbers(settings, tree)]
    for i, manager in enumerate(settings.managers):
        problems += _days(manager, ("managers", i), tree)
    return problems


def _names(settings: Settings, tree: Tree) -> Iterator[Problem]:
    """One spelling may mean one manager only."""
    owner: dict[str, tuple[int, Path]] = {}
    for i, manager in enumerate(settings.managers):
        places: list[tuple[Path, str]] = [(("managers", i, "name"), manager.name)]
        places += [(("managers", i, "aliases", j), a) for j, a in enumerate(manager.aliases)]
        for path, name in places:
            other, first = owner.setdefault(fold_person(name), (i, path))
            if other != i:
                line = tree.line(first)
                yield tree.at(path, "same_manager", name=shorten(name), first_line=line)


def _numbers(settings: Settings, tree: Tree) -> Iterator[Problem]:
    """An extension or login is one manager's: else his calls would be the other's."""
    owner: dict[str, tuple[int, Path]] = {}
    for i, manager in enumerate(settings.managers):
        for key in ("extensions", "logins"):
            for j, value in enumerate(getattr(manager, key)):
                path: Path = ("managers", i, key, j)
                other, first = owner.setdefault(value.casefold(), (i, path))
                if other != i:
                    line = tree.line(first)
                    yield tree.at(path, "same_extension", name=shorten(value), first_line=line)


def _days(manager: ManagerSettings, path: Path, tree: Tree) -> Iterator[Problem]:
    if manager.start and manager.end and manager.start > manager.end:
        yield tree.at(
            (*path, "end"),
            "first_after_last",
            first=manager.start.isoformat(),
            last=manager.end.isoformat(),
        )
    for i, absence in enumerate(manager.absences):
        if absence.first > absence.last:
            yield tree.at(
                (*path, "absences", i, "last"),
                "first_after_last",
                first=absence.first.isoformat(),
                last=absence.last.isoformat(),
            )


def references(settings: Settings, tree: Tree) -> list[Problem]:
    """Norms that apply to nobody the config knows."""
    managers = settings.managers
    names = [n for m in managers for n in (m.name, *m.aliases)]
    known = {
        "manager": names,
        "role": [m.role for m in managers if m.role],
        "department": [m.department for m in managers if m.department],
    }
    problems = []
    for i, norm in enumerate(settings.norms):
        for kind, wanted in norm.who.items():
            folded = {fold_person(n) for n in known[kind]}
            for j, name in enumerate(wanted):
                if fold_person(name) not in folded:
                    path: Path = ("norms", i, "who", kind, j)
                    problems.append(_unknown(kind, name, known[kind], path, tree))
    return problems


def _unknown(kind: str, name: str, known: list[str], path: Path, tree: Tree) -> Problem:
    names = list(dict.fromkeys(known))
    near = nearest(name, names)
    if near:
        return tree.at(path, f"unknown_{kind}_near", name=shorten(name), nearest=near)
    if not names:
        return tree.at(path, f"no_{kind}", name=shorten(name))
    return tree.at(path, f"unknown_{kind}", name=shorten(name), known=listed(names))
