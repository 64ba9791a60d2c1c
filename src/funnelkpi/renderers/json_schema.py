"""The published JSON Schema of the JSON report."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "report.schema.json"


@cache
def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of ``funnelkpi.report/1``; not to be changed by the caller."""
    loaded: dict[str, Any] = json.loads(schema_bytes())
    return loaded


def schema_bytes() -> bytes:
    """The schema as published, byte for byte."""
    return files("funnelkpi.renderers").joinpath(FILE).read_bytes()


def row_schema(part: str) -> dict[str, Any]:
    """The schema of one row of a top-level list: inputs, metrics, stalled, findings, verdicts, trends,
    changes."""
    reference: str = schema()["properties"][part]["items"]["$ref"]
    row: dict[str, Any] = schema()["$defs"][reference.rpartition("/")[2]]
    return row


def columns_of(part: str) -> tuple[str, ...]:
    """The names of a row of ``part``, in order."""
    return tuple(row_schema(part)["properties"])


def reference() -> str:
    """docs/report-schema.md: every key of the JSON report in a table."""
    whole = schema()
    parts = [f"# {whole['title']}", whole["description"], "## Top level", _table(whole)]
    for name, part in whole["properties"].items():
        if "properties" in part:
            parts += [f"## `{name}`", _table(part)]
            parts += _lists(name, part)
        elif "$ref" in part.get("items", {}):
            row = row_schema(name)
            parts += [f"## `{name}[]`", row["description"], _table(row)]
            parts += _lists(f"{name}[]", row)
    return "\n\n".join(parts) + "\n"


def _lists(name: str, part: dict[str, Any]) -> list[str]:
    """The rows of lists inside ``part`` that are described nowhere else, each kind once."""
    whole = schema()
    top = {p.get("items", {}).get("$ref") for p in whole["properties"].values()}
    found: dict[str, list[str]] = {}
    for key, value in part["properties"].items():
        reference = value.get("items", {}).get("$ref")
        if reference and reference not in top:
            found.setdefault(reference, []).append(f"`{name}.{key}[]`")
    parts = []
    for reference, names in found.items():
        row = whole["$defs"][reference.rpartition("/")[2]]
        parts += [f"## {', '.join(names)}", row["description"], _table(row)]
    return parts


def _table(part: dict[str, Any]) -> str:
    required = part.get("required", ())
    lines = ["| key | type | always | meaning |", "|---|---|---|---|"]
    lines += [
        f"| `{name}` | {_type(value)} | {'yes' if name in required else ''} "
        f"| {value.get('description', '')} |"
        for name, value in part["properties"].items()
    ]
    return "\n".join(lines)


def _type(value: dict[str, Any]) -> str:
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return ", ".join(f"`{json.dumps(v)}`" if v is None else f"`{v}`" for v in value["enum"])
    types = value["type"] if isinstance(value["type"], list) else [value["type"]]
    form = f" ({value['format']})" if "format" in value else ""
    return " or ".join(types) + form
