"""Settings -> a readable, commented YAML file that loads back to the same settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from funnelkpi.config.schema import Settings
from funnelkpi.config.yaml_text import WIDTH, comment, inline, text

Path = tuple[str | int, ...]
Comments = Mapping[Path, str]
_Wanted = Callable[[Path, BaseModel, str], bool]


def render_config(settings: Settings, comments: Comments) -> str:
    """The config file for ``settings``: what differs from the defaults, in the order of the models.

    Args:
        settings: what the file has to mean.
        comments: text by path, e.g. ``("pipelines", 0, "stages", 1)``; it becomes comment lines
            above that key or list item. A key with a comment is written even if it has its default.
            The path ``()`` is the head of the file.

    Returns:
        YAML text; ``load.parse_settings`` gives ``settings`` back.
    """
    asked = {path[:n] for path in comments for n in range(1, len(path) + 1)}

    def wanted(path: Path, model: BaseModel, name: str) -> bool:
        field = type(model).model_fields[name]
        default = field.get_default(call_default_factory=True)
        return (
            path in asked
            or path == ("version",)
            or field.is_required()
            or getattr(model, name) != default
        )

    return _file(settings, comments, wanted)


def render_all(settings: Settings) -> str:
    """Every key of ``settings`` with its value, defaults too, as YAML."""
    return _file(settings, {}, lambda path, model, name: True)


def _file(settings: Settings, comments: Comments, wanted: _Wanted) -> str:
    head = [*comment(comments[()], ""), ""] if () in comments else []
    return "\n".join([*head, *_model(settings, (), "", comments, wanted)]) + "\n"


def _model(
    model: BaseModel, path: Path, indent: str, comments: Comments, wanted: _Wanted
) -> Iterator[str]:
    for name in type(model).model_fields:
        place = (*path, name)
        if not wanted(place, model, name):
            continue
        value = getattr(model, name)
        if path == () and (place in comments or isinstance(value, BaseModel) or _has_models(value)):
            yield ""
        if place in comments:
            yield from comment(comments[place], indent)
        yield from _entry(name, value, place, indent, comments, wanted)


def _entry(
    name: str, value: Any, path: Path, indent: str, comments: Comments, wanted: _Wanted
) -> Iterator[str]:
    """``name: value`` in as many lines as it needs."""
    key = f"{indent}{text(name)}:"
    deeper = indent + "  "
    if isinstance(value, BaseModel):
        lines = list(_model(value, path, deeper, comments, wanted))
        yield from [key, *lines] if lines else [f"{key} {{}}"]
    elif _has_models(value):
        yield key
        for i, item in enumerate(value):
            place = (*path, i)
            if place in comments:
                yield from comment(comments[place], deeper)
            yield from _item(item, place, deeper, comments, wanted)
    elif isinstance(value, Mapping | list | tuple) and value:
        yield from _collection(key, value, path, deeper, comments)
    else:
        yield f"{key} {inline(value)}"


def _item(
    item: BaseModel, path: Path, indent: str, comments: Comments, wanted: _Wanted
) -> Iterator[str]:
    """A list item that is a section: the dash goes before its first line that is no comment."""
    dashed = False
    lines = list(_model(item, path, indent + "  ", comments, wanted))
    for line in lines:
        if not dashed and not line.lstrip().startswith("#"):
            yield f"{indent}- {line[len(indent) + 2 :]}"
            dashed = True
        else:
            yield line if dashed else line[2:]
    if not lines:
        yield f"{indent}- {{}}"


def _collection(key: str, value: Any, path: Path, indent: str, comments: Comments) -> Iterator[str]:
    steps: list[Any] = list(value) if isinstance(value, Mapping) else list(range(len(value)))
    one_line = f"{key} {inline(value)}"
    if len(one_line) <= WIDTH and not any((*path, step) in comments for step in steps):
        yield one_line
        return
    yield key
    for step in steps:
        if (*path, step) in comments:
            yield from comment(comments[(*path, step)], indent)
        lead = f"{text(step)}:" if isinstance(value, Mapping) else "-"
        yield f"{indent}{lead} {inline(value[step])}"


def _has_models(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], BaseModel)
