"""The config file -> ``Settings``, or all its problems at once, each with line and column.

Only pydantic and PyYAML are imported here: every command reads the config.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from funnelkpi.config import check
from funnelkpi.config.explain import explain
from funnelkpi.config.schema import Settings
from funnelkpi.config.yaml_syntax import LINE_BREAK
from funnelkpi.config.yaml_tree import Path as TreePath
from funnelkpi.config.yaml_tree import Tree
from funnelkpi.errors import ConfigError, Problem

# A wrong item of these lists is left out of the cross-checks; of any other section, the section is.
_ITEMWISE = ("norms", "thresholds")


def load_settings(
    path: Path,
    *,
    known_metrics: frozenset[str] | None = None,
    known_sections: frozenset[str] | None = None,
) -> Settings:
    """Read and check the config file at ``path``.

    Args:
        path: the YAML file, UTF-8.
        known_metrics: the figures norms and thresholds may name; None: any.
        known_sections: the sections ``report.sections`` may name; None: any.

    Raises:
        ConfigError: the file cannot be read or is wrong; carries every problem found.
    """
    name = str(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise _file_error("no_file", name) from error
    except IsADirectoryError as error:
        raise _file_error("is_folder", name) from error
    except OSError as error:
        raise _file_error("unreadable", name) from error
    return parse_settings(
        _decode(raw, name), name, known_metrics=known_metrics, known_sections=known_sections
    )


def parse_settings(
    text: str,
    name: str,
    *,
    known_metrics: frozenset[str] | None = None,
    known_sections: frozenset[str] | None = None,
) -> Settings:
    """Check the YAML ``text``; ``name`` stands for the file in messages.

    Raises:
        ConfigError: with every problem found, in the order of the file.
    """
    tree = Tree(text.removeprefix("\ufeff"), name)
    data = tree.value()
    if tree.root is None or (data is None and not tree.problems):
        raise _file_error("empty_file", name)
    if not isinstance(data, dict):
        raise ConfigError(*(tree.problems or [tree.at((), "not_a_mapping")]))
    of_yaml = list(tree.problems)
    settings, problems, damaged = _validate(data, tree)
    if settings is not None:
        known = check.Known(metrics=known_metrics, sections=known_sections)
        problems += check.check(settings, tree, known, damaged)
    if of_yaml or problems or settings is None:
        raise ConfigError(*_in_order(of_yaml, problems))
    return settings


def _validate(
    data: dict[str, Any], tree: Tree
) -> tuple[Settings | None, list[Problem], frozenset[str]]:
    """The settings, the models' problems, and the sections left out because of them."""
    try:
        return Settings.model_validate(data, strict=True), [], frozenset()
    except ValidationError as error:
        found = explain(error.errors(include_url=False), tree)
    damaged = _leave_out([path for path, _ in found], tree)
    try:
        rest = Settings.model_validate(tree.value(), strict=True)
    except ValidationError:
        rest = None
    return rest, [problem for _, problem in found], damaged


def _leave_out(paths: list[TreePath], tree: Tree) -> frozenset[str]:
    """Take what is wrong out of the tree, so that the rest can be cross-checked in the same run."""
    items = {p[:2] for p in paths if p[0] in _ITEMWISE and len(p) > 1}
    sections = {str(p[0]) for p in paths if p[:2] not in items}
    for path in sorted(items, key=lambda p: (str(p[0]), int(p[1])), reverse=True):
        tree.remove(path)
    for section in sections:
        tree.remove((section,))
    return frozenset(sections)


def _in_order(of_yaml: list[Problem], others: list[Problem]) -> list[Problem]:
    """By position. Where YAML already changed a value, only that is told of it."""
    told = {(p.line, p.column) for p in of_yaml}
    problems = of_yaml + [p for p in others if (p.line, p.column) not in told]
    return sorted(problems, key=lambda p: (p.line or 0, p.column or 0))


def _decode(raw: bytes, name: str) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _file_error("utf16", name)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        lines = LINE_BREAK.split(raw[: error.start].decode("utf-8-sig"))
        whole = LINE_BREAK.split(raw.decode("utf-8-sig", errors="replace"))
        problem = Problem(
            key="errors_config.not_utf8",
            params={"byte": f"0x{raw[error.start]:02X}"},
            file=name,
            line=len(lines),
            column=len(lines[-1]) + 1,
            excerpt=whole[len(lines) - 1],
        )
        raise ConfigError(problem) from error


def _file_error(key: str, name: str) -> ConfigError:
    return ConfigError(Problem(key=f"errors_config.{key}", params={"name": name}, file=name))
