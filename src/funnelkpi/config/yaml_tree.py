"""A YAML text as values that know their line and column.

The node tree of PyYAML is kept beside the values, so that a problem found in a value anywhere later
(by the models or by a cross-check) can be shown where it stands. What YAML 1.1 would silently turn
into something else (``10:30``, ``1_000``, ``010``) and keys written twice are found here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import yaml

from funnelkpi.config.yaml_syntax import LINE_BREAK, syntax_problem
from funnelkpi.errors import ConfigError, Problem

Path = tuple[str | int, ...]

_TAG = "tag:yaml.org,2002:"
_PLAIN_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_PLAIN_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*|)\.[0-9]*([eE][-+][0-9]+)?")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml: ten times faster
EXCERPT_CHARS = 60


class _Constructor(yaml.constructor.SafeConstructor):
    """PyYAML's own conversion of single scalars."""


class Tree:
    """The nodes of one YAML document. ``name`` is the file's name in messages."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.lines = LINE_BREAK.split(text)
        try:
            self.root = yaml.compose(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            raise ConfigError(syntax_problem(error, text, name)) from error
        self.problems: list[Problem] = []
        self._values: dict[int, Any] = {}
        self._open: set[int] = set()
        self._constructor = _Constructor()

    def value(self) -> Any:
        """Plain values: dict with text keys, tuple, str, int, float, bool, date, None.

        Fills ``problems`` with what is wrong whatever the models say of it.
        """
        self._values.clear()
        self.problems.clear()
        return None if self.root is None else self._build(self.root)

    def node(self, path: Sequence[str | int]) -> tuple[yaml.Node, Path]:
        """The deepest node on ``path``, and the part of the path that leads to it."""
        node, walked = self.root, 0
        assert node is not None  # an empty document is refused before anybody asks for a place
        for step in path:
            child = _child(node, step)
            if child is None:
                break
            node, walked = child, walked + 1
        return node, tuple(path[:walked])

    def at(self, path: Sequence[str | int], key: str, /, **params: Any) -> Problem:
        """A problem of the value at ``path`` (of the nearest parent that exists)."""
        return self.problem(self.node(path)[0].start_mark, key, params)

    def at_key(self, path: Sequence[str | int], key: str, /, **params: Any) -> Problem:
        """A problem of the key at ``path``, not of its value."""
        parent, _ = self.node(path[:-1])
        mark = parent.start_mark
        if isinstance(parent, yaml.MappingNode):
            mark = next((k.start_mark for k, _ in parent.value if k.value == path[-1]), mark)
        return self.problem(mark, key, params)

    def line(self, path: Sequence[str | int]) -> int:
        """1-based line of the value at ``path``."""
        return int(self.node(path)[0].start_mark.line) + 1

    def raw(self, path: Sequence[str | int]) -> str:
        """What stands at ``path`` in the file, shortened."""
        node, _ = self.node(path)
        if isinstance(node, yaml.ScalarNode):
            return shorten(str(node.value))
        return shorten(self.lines[node.start_mark.line][node.start_mark.column :])

    def quoted(self, path: Sequence[str | int]) -> bool:
        """Whether the scalar at ``path`` stands in quotes."""
        return getattr(self.node(path)[0], "style", None) in ("'", '"')

    def remove(self, path: Path) -> None:
        """Take a list item or a key with its value out of the tree."""
        parent, _ = self.node(path[:-1])
        last = path[-1]
        if isinstance(parent, yaml.SequenceNode) and isinstance(last, int):
            del parent.value[last]
        elif isinstance(parent, yaml.MappingNode):
            parent.value = [(k, v) for k, v in parent.value if k.value != last]

    def problem(self, mark: Any, key: str, params: dict[str, Any]) -> Problem:
        """A problem at a mark of PyYAML."""
        return Problem(
            key=f"errors_config.{key}",
            params=params,
            file=self.name,
            line=mark.line + 1,
            column=mark.column + 1,
            excerpt=self.lines[mark.line] if mark.line < len(self.lines) else "",
        )

    def _note(self, node: yaml.Node, key: str, /, **params: Any) -> None:
        self.problems.append(self.problem(node.start_mark, key, params))

    def _build(self, node: yaml.Node) -> Any:
        if id(node) in self._open:
            self._note(node, "own_alias")
            return None
        if id(node) not in self._values:
            self._open.add(id(node))
            self._values[id(node)] = self._construct(node)
            self._open.discard(id(node))
        return self._values[id(node)]

    def _construct(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return tuple(self._build(item) for item in node.value)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        self._note(node, "yaml_tag", tag=_tag_text(node.tag))
        return None

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        out: dict[str, Any] = {}
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._note(key_node, "key_not_text")
                continue
            key = key_node.value
            if key_node.tag == _TAG + "merge":
                self._note(key_node, "merge_key")
                continue
            if key in seen:
                self._note(key_node, "duplicate_key", key=shorten(key), first_line=seen[key])
                self._build(value_node)
                continue
            seen[key] = key_node.start_mark.line + 1
            out[key] = self._build(value_node)
        return out

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        kind, raw = node.tag.removeprefix(_TAG), node.value
        if kind in ("str", "value"):
            return raw
        if kind == "null":
            return None
        try:
            value = self._constructor.construct_object(node)
        except (ValueError, OverflowError, yaml.YAMLError):
            key = "no_such_date" if kind == "timestamp" else "yaml_tag"
            self._note(node, key, value=shorten(raw), tag=_tag_text(node.tag))
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            self._check_number(node, value)
        elif not isinstance(value, bool | date):
            self._note(node, "yaml_tag", tag=_tag_text(node.tag))
            return None
        return value

    def _check_number(self, node: yaml.ScalarNode, value: float) -> None:
        """Refuse the spellings of numbers that YAML reads otherwise than people do."""
        raw = node.value
        plain = _PLAIN_INT if isinstance(value, int) else _PLAIN_FLOAT
        if plain.fullmatch(raw):
            return
        read = str(value)
        if ":" in raw:
            self._note(node, "sexagesimal", value=shorten(raw), read=read)
        elif "_" in raw:
            plain_text = raw.replace("_", "")
            self._note(node, "underscore_number", value=shorten(raw), read=read, plain=plain_text)
        elif re.fullmatch(r"[-+]?0[0-7]+", raw):
            plain_text = raw.lstrip("+-0") or "0"
            self._note(node, "octal_number", value=shorten(raw), read=read, plain=plain_text)
        else:
            self._note(node, "odd_number", value=shorten(raw), read=read)


def shorten(text: str) -> str:
    """One line of at most ``EXCERPT_CHARS`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT_CHARS else line[: EXCERPT_CHARS - 1] + "…"


def _tag_text(tag: str) -> str:
    return shorten(tag.replace(_TAG, "!!"))


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if 0 <= step < len(node.value) else None
    if isinstance(node, yaml.MappingNode) and isinstance(step, str):
        return next((v for k, v in node.value if k.value == step), None)
    return None
