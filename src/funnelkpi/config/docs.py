"""docs/config.md, written from the models and the comments of ``defaults.yml``.

``python -m funnelkpi.config.docs docs/config.md`` writes the page; a test compares it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from funnelkpi.config.json_schema import json_schema
from funnelkpi.config.schema import Settings
from funnelkpi.config.yaml_text import inline

DEFAULTS = Path(__file__).with_name("defaults.yml")
_EXAMPLE = "#| "
_ENGLISH = "# EN: "

_LIMITS = {"exclusiveMinimum": ">", "minimum": "≥", "maximum": "≤"}
_WORDS = {
    "string": "text",
    "integer": "whole number",
    "boolean": "`true` / `false`",
    "null": "`null`",
    "object": "key: value",
}

_HEAD = """# Файл настроек · The config file

Один файл YAML, по умолчанию `funnelkpi.yaml`. Создать свой: `funnelkpi init exports/`; проверить:
`funnelkpi config validate`; увидеть всё, что действует: `funnelkpi config show`. Пишите только то,
что отличается от значений по умолчанию. Неизвестные и повторные ключи — ошибка, все ошибки
показываются сразу, со строкой и столбцом.

One YAML file, `funnelkpi.yaml` by default. Make yours: `funnelkpi init exports/`; check it:
`funnelkpi config validate`; see all that applies: `funnelkpi config show`. Write only what differs
from the defaults. Unknown and repeated keys are errors; all errors are shown at once, with line and
column. Editors complete the keys with the JSON Schema of `funnelkpi config schema`.

В кавычки берите (put in quotes): время `"09:00"`, границы `"< 0.25"`, тексты `"no"`, `"yes"`,
`"on"`, `"1"`, `"*.csv"`.

Границы порогов (bounds of thresholds): `<`, `<=`, `>`, `>=` и число; `"< 25 %"` — то же, что
`"< 0.25"`.
"""


def expanded(text: str) -> str:
    """``defaults.yml`` with the examples of list items switched on."""
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        if line.startswith(_EXAMPLE) and not inside:
            lines[-1] = lines[-1].removesuffix(" []")
        inside = line.startswith(_EXAMPLE)
        lines.append(line.removeprefix(_EXAMPLE))
    return "\n".join(lines)


def comments(text: str) -> dict[tuple[str, ...], tuple[str, str]]:
    """The Russian and English comment above each key, by the key's path without list positions."""
    lines = text.split("\n")
    out: dict[tuple[str, ...], tuple[str, str]] = {}
    for path, line in _keys(yaml.compose(text, Loader=yaml.SafeLoader), ()):
        first = line
        while first > 0 and lines[first - 1].lstrip().startswith("#"):
            first -= 1
        block = [part.strip() for part in lines[first:line]]
        start = next((i for i, part in enumerate(block) if part.startswith(_ENGLISH)), len(block))
        russian = " ".join(part.removeprefix("# ") for part in block[:start])
        english = " ".join(part.removeprefix(_ENGLISH).removeprefix("# ") for part in block[start:])
        out[path] = (russian, english)
    return out


def _keys(node: yaml.Node | None, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _keys(item, path)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), key.start_mark.line
            yield from _keys(value, (*path, key.value))


def config_page() -> str:
    """The whole page as Markdown."""
    words = comments(expanded(DEFAULTS.read_text(encoding="utf-8")))
    schema = json_schema()
    parts = [_HEAD]
    for title, model, path in _sections(Settings, "", ()):
        spec = schema if model is Settings else schema["$defs"][model.__name__]
        parts.append(f"## {title}\n" if title else "## Верхний уровень · Top level\n")
        parts.append(
            "| ключ · key | значения · values | по умолчанию · default | смысл · meaning |"
        )
        parts.append("|---|---|---|---|")
        for name, field in model.model_fields.items():
            russian, english = words[(*path, name)]
            values = _values(spec["properties"][name], schema)
            default = "**нужен · required**" if field.is_required() else _default(field.default)
            cells = (f"`{name}`", values, default, f"{russian}<br>{english}")
            parts.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
        parts.append("")
    return "\n".join(parts)


def _default(value: Any) -> str:
    if isinstance(value, BaseModel):
        return ""
    return f"`{inline(value)}`"


def _sections(
    model: type[BaseModel], title: str, path: tuple[str, ...]
) -> Iterator[tuple[str, type[BaseModel], tuple[str, ...]]]:
    yield title, model, path
    for name, field in model.model_fields.items():
        inner, many = _inner(field.annotation)
        if inner is not None:
            deeper = f"{title}.{name}" if title else name
            yield from _sections(inner, deeper + ("[]" if many else ""), (*path, name))


def _inner(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The model inside an annotation, and whether it is an item of a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    args = getattr(annotation, "__args__", ())
    if args and getattr(annotation, "__origin__", None) is tuple:
        return _inner(args[0])[0], True
    return None, False


def _values(spec: dict[str, Any], schema: dict[str, Any]) -> str:
    """What a key may hold, in words of YAML."""
    if "anyOf" in spec:
        return " / ".join(_values(part, schema) for part in spec["anyOf"])
    if "$ref" in spec or "allOf" in spec:
        return "section"
    if "enum" in spec or "const" in spec:
        return " / ".join(f"`{v}`" for v in spec.get("enum", [spec.get("const")]))
    kind = "date" if spec.get("format") == "date" else spec.get("type", "any")
    if kind == "array":
        items = spec.get("items", {})
        return f"list of {_values(items, schema)}" if items.get("type") != "array" else "pairs"
    limits = [f"{sign} {spec[k]:g}" for k, sign in _LIMITS.items() if k in spec]
    return " ".join([_WORDS.get(kind, kind), ", ".join(limits)]).strip()


def main() -> None:
    """Write the page to the file named on the command line."""
    Path(sys.argv[1]).write_text(config_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
