"""pydantic's errors as problems of our catalogue, each where it stands in the file.

Every error type the models can raise is named here; none of pydantic's own English text gets out.
The models are run strictly (a quoted "5" is no number, ``no`` is no text), so that what YAML or the
user mixed up is explained and not guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic import BaseModel

from funnelkpi.config.nearest import listed, nearest
from funnelkpi.config.schema import Settings
from funnelkpi.config.yaml_tree import Path, Tree, shorten
from funnelkpi.errors import Problem

PATTERNS = {
    r"^[a-z][a-z0-9_]*$": "need_key",
    r"^([01]?\d|2[0-3]):[0-5]\d$": "need_clock_time",
    r"^\d+(h|d|w)$": "need_span",
}
"""Catalogue key for each pattern of the models."""

_RANGES = {
    "greater_than": ("must_be_over", "gt"),
    "greater_than_equal": ("must_be_at_least", "ge"),
    "less_than": ("must_be_under", "lt"),
    "less_than_equal": ("must_be_at_most", "le"),
}
_QUOTED_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
_RUSSIAN_DATE = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


class _Found(NamedTuple):
    """One of pydantic's errors: its path as far as it stands in the file, and the rest of it."""

    type: str
    path: Path
    rest: Path
    ctx: dict[str, Any]
    value: Any


def explain(errors: Sequence[Any], tree: Tree) -> list[tuple[Path, Problem]]:
    """The problems behind ``errors``, with the path of each; one for each place."""
    groups: dict[Path, list[_Found]] = defaultdict(list)
    for error in errors:
        found = _place(error, tree)
        groups[(*found.path, *found.rest) if _names_a_key(found) else found.path].append(found)
    out = []
    misspelt = {
        (place[:-1], nearest(str(place[-1]), known_keys(place[:-1])))
        for place, group in groups.items()
        if group[0].type == "extra_forbidden"
    }
    for place, group in groups.items():
        if group[0].type == "missing" and (place[:-1], place[-1]) in misspelt:
            continue  # it is there, misspelt
        problem = _explain(group, tree)
        if problem is not None:
            out.append((group[0].path or group[0].rest[:1], problem))
    return out


def _place(error: Any, tree: Tree) -> _Found:
    loc = tuple(error["loc"])
    _, path = tree.node(loc)
    return _Found(error["type"], path, loc[len(path) :], error.get("ctx") or {}, error["input"])


def _names_a_key(found: _Found) -> bool:
    return found.type == "missing" or found.rest[-1:] == ("[key]",)


def _explain(group: list[_Found], tree: Tree) -> Problem | None:
    """One problem for the errors of one place: a union reports each of its branches."""
    types = {f.type: f for f in group}
    first = group[0]
    if first.rest[-1:] == ("[key]",):
        return _unknown_key(first.path, _choices(first.ctx), tree)
    if "extra_forbidden" in types:
        return _unknown_key(first.path, known_keys(first.path[:-1]), tree)
    if "missing" in types:
        return _missing(first, tree)
    if first.value is None:
        return tree.at(first.path, "empty_value")
    for names, handler in _HANDLERS:
        if types.keys() & names:
            return handler(types, first, tree)
    key = next((k for t, k in _PLAIN.items() if t in types), "wrong_value")
    return tree.at(first.path, key, value=tree.raw(first.path))


def _missing(first: _Found, tree: Tree) -> Problem:
    name = first.rest[-1]
    if isinstance(name, int):
        return tree.at(first.path, "need_pair", value=tree.raw(first.path))
    return tree.at(first.path, "missing_key", key=name)


def _range(types: dict[str, _Found], first: _Found, tree: Tree) -> Problem:
    kind = next(t for t in types if t in _RANGES)
    key, bound = _RANGES[kind]
    limit = types[kind].ctx[bound]
    return tree.at(first.path, key, value=tree.raw(first.path), bound=f"{limit:g}")


def _literal(types: dict[str, _Found], first: _Found, tree: Tree) -> Problem:
    raw = tree.raw(first.path)
    choices = _choices(types["literal_error"].ctx)
    params = {"value": raw, "choices": listed(choices)}
    near = nearest(raw, choices)
    if near:
        return tree.at(first.path, "need_choice_near", nearest=near, **params)
    return tree.at(first.path, "need_choice", **params)


def _text(types: dict[str, _Found], first: _Found, tree: Tree) -> Problem:
    """A value that is no text: mostly because YAML made something else of it."""
    value = first.value
    if isinstance(value, bool):
        key = "text_is_bool"
    elif isinstance(value, int | float):
        key = "text_is_number"
    else:
        key = "text_is_date" if isinstance(value, date) else "need_text"
    return tree.at(first.path, key, value=tree.raw(first.path))


def _pattern(types: dict[str, _Found], first: _Found, tree: Tree) -> Problem:
    key = PATTERNS[types["string_pattern_mismatch"].ctx["pattern"]]
    return tree.at(first.path, key, value=tree.raw(first.path))


def _short_list(types: dict[str, _Found], first: _Found, tree: Tree) -> Problem | None:
    # Also reported for a list whose items are all wrong: those have their own problems.
    return None if first.value else tree.at(first.path, "empty_list")


def _number(types: dict[str, _Found], first: _Found, tree: Tree) -> Problem:
    raw = tree.raw(first.path)
    if isinstance(first.value, str) and _QUOTED_NUMBER.fullmatch(first.value):
        if tree.quoted(first.path):
            return tree.at(first.path, "number_in_quotes", value=raw)
        return tree.at(first.path, "number_comma", value=raw, plain=raw.replace(",", "."))
    if "literal_error" in types:
        choices = listed(_choices(types["literal_error"].ctx))
        return tree.at(first.path, "need_number_or_choice", value=raw, choices=choices)
    whole = "int_type" in types
    return tree.at(first.path, "need_whole_number" if whole else "need_number", value=raw)


def _date(types: dict[str, _Found], first: _Found, tree: Tree) -> Problem:
    value, path = first.value, first.path
    raw = tree.raw(path)
    if isinstance(value, datetime):
        return tree.at(path, "date_with_time", value=raw, plain=value.date().isoformat())
    match = _RUSSIAN_DATE.fullmatch(raw)
    if match:
        day, month, year = (int(part) for part in match.groups())
        try:
            plain = date(year, month, day).isoformat()
        except ValueError:
            return tree.at(path, "no_such_date", value=raw)
        return tree.at(path, "date_order", value=raw, plain=plain)
    if re.fullmatch(r"\d{4}-\d\d?-\d\d?", raw):
        return tree.at(path, "no_such_date", value=raw)
    return tree.at(path, "need_date", value=raw)


def _unknown_key(path: Path, known: Sequence[str], tree: Tree) -> Problem:
    word = str(path[-1])
    near = nearest(word, known)
    params = {"key": shorten(word), "known": listed(known)}
    if near:
        return tree.at_key(path, "unknown_key_near", nearest=near, **params)
    return tree.at_key(path, "unknown_key", **params)


def _choices(ctx: dict[str, Any]) -> tuple[str, ...]:
    """The values of a Literal from pydantic's listing "'a', 'b' or 'c'"."""
    expected = str(ctx["expected"])
    return tuple(a or b for a, b in re.findall(r"'([^']*)'|(\d+)", expected))


def known_keys(path: Path) -> tuple[str, ...]:
    """The keys of the models at ``path``."""
    model: Any = Settings
    for step in path:
        if isinstance(step, str):
            model = _model_of(model.model_fields[step].annotation)
    return tuple(model.model_fields)


def _model_of(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _model_of(part)
        if found is not None:
            return found
    return None


_HANDLERS: tuple[tuple[frozenset[str], Callable[..., Problem | None]], ...] = (
    (frozenset(_RANGES), _range),
    (frozenset({"int_type", "float_type", "finite_number"}), _number),
    (frozenset({"literal_error"}), _literal),
    (frozenset({"string_type"}), _text),
    (frozenset({"date_type"}), _date),
    (frozenset({"string_pattern_mismatch"}), _pattern),
    (frozenset({"too_short"}), _short_list),
)
_PLAIN = {
    "string_too_short": "empty_text",
    "bool_type": "need_true_false",
    "tuple_type": "need_list",
    "dict_type": "need_mapping",
    "model_type": "need_mapping",
    "too_long": "need_pair",
}
