"""The report as JSON (``report.schema.json``): what programs read."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import Any

import orjson

from funnelkpi.report.document import Later, Report, Rows

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS

CHUNK = 4096
"""Rows made into bytes at a time: fast, and no second copy of the whole table in memory."""


def render(report: Report) -> bytes:
    """``Report.data`` as UTF-8 JSON, keys in the order given, ending in a line break.

    Each top-level key starts a line, and so does each row of a list: two reports can be compared
    line by line. Moments are ISO 8601 without zone (the report's), NaN and infinity are null.
    """
    lines = [_dumps(key) + b":" + _value(value) for key, value in report.data.items()]
    return b"{" + b",\n".join(lines) + b"}\n"


def _value(value: Any) -> bytes:
    if isinstance(value, Later):
        value = value.make()
    if isinstance(value, Rows):
        return _rows(value)
    if not isinstance(value, (list, tuple)):
        return _dumps(value)
    rows, parts = iter(value), []
    while chunk := list(islice(rows, CHUNK)):
        parts.append(_one_per_line(_dumps(chunk)[1:-1], chunk[0]))
    return b"[\n" + b",\n".join(parts) + b"]" if parts else b"[]"


def _rows(rows: Rows) -> bytes:
    """A table kept by column: column by column in chunks of rows, then a line per row."""
    if not len(rows):
        return b"[]"
    keys = [_dumps(name).replace(b"%", b"%%") for name in rows.columns]
    line = b"{" + b",".join(key + b":%b" for key in keys) + b"}"
    parts = []
    for start in range(0, len(rows), CHUNK):
        columns = [_cells(c[start : start + CHUNK]) for c in rows.columns.values()]
        parts.append(b",\n".join([line % row for row in zip(*columns, strict=True)]))
    return b"[\n" + b",\n".join(parts) + b"]"


def _cells(column: Sequence[Any]) -> Sequence[bytes]:
    """The values of one column; texts that repeat are written once."""
    kinds = set(map(type, column))
    if kinds <= {str, type(None)}:
        written = {value: _dumps(value) for value in set(column)}
        return [written[value] for value in column]
    if kinds <= {int, float, bool, type(None)}:  # none of them holds a comma
        return _dumps(list(column))[1:-1].split(b",")
    return [_dumps(value) for value in column]


def _one_per_line(rows: bytes, first: Any) -> bytes:
    """A line break before each object that starts with the first key of ``first``.

    Writing objects one by one would take ten times as long. No string can hold the bytes looked
    for: within a string a quote is escaped, and after its closing quote stands no letter.
    """
    if not isinstance(first, Mapping) or not first:
        return rows
    key = _dumps(next(iter(first))) + b":"
    if not key[1:2].isalnum():
        return rows
    return rows.replace(b"},{" + key, b"},\n{" + key)


def _dumps(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=_plain, option=_OPTIONS)
    except orjson.JSONEncodeError:
        # a lone surrogate (a file name in a broken encoding) or an integer beyond 64 bits
        exact = json.dumps(_walk(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return exact.encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    """What orjson does not know: pandas' moments and missing values, Decimal, sets, paths, Rows."""
    plain: Any = str(value)
    if type(value).__name__ in ("NAType", "NaTType"):
        plain = None
    elif isinstance(value, date):
        plain = value.isoformat()
    elif isinstance(value, Decimal):
        plain = float(value)
    elif isinstance(value, Mapping):
        plain = dict(value)
    elif is_dataclass(value) and not isinstance(value, Rows):
        plain = {field.name: getattr(value, field.name) for field in fields(value)}
    elif isinstance(value, (set, frozenset)):
        plain = sorted(value, key=str)
    elif isinstance(value, Iterable):
        plain = list(value)
    return plain


def _walk(value: Any) -> Any:
    """``value`` in the types of the standard library's JSON, for what orjson refuses."""
    if value is None or (isinstance(value, (int, str)) and not isinstance(value, Enum)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _walk(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, Rows)):
        return [_walk(item) for item in value]
    if isinstance(value, Enum):
        return _walk(value.value)
    return _walk(value.tolist() if hasattr(value, "tolist") else _plain(value))
