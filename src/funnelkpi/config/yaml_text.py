"""Plain values as YAML text that any YAML reader reads back as the same values.

A text is written without quotes only where nothing could take it for something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

WIDTH = 100
_PLAIN = re.compile(r"[^\W_][\w «».()/+№-]*", re.UNICODE)
_UNSAFE = re.compile(
    r"[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
# YAML 1.2 readers and people take these for something else than a text too.
_NOT_TEXT = re.compile(r"[-+.\d].*|0[ox].*|y|n|yes|no|on|off|true|false|null|~", re.IGNORECASE)
_RESOLVER: Any = Resolver()


def scalar(value: Any) -> str:
    """A single value: text, number, date, true, false or null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    return text(str(value))


def text(value: str) -> str:
    """A text, in double quotes unless it is safe without."""
    plain = (
        _PLAIN.fullmatch(value)
        and value == value.strip()
        and not _NOT_TEXT.fullmatch(value)
        and not _UNSAFE.search(value)
        and _RESOLVER.resolve(ScalarNode, value, (True, False)) == "tag:yaml.org,2002:str"
    )
    if plain:
        return value
    return _UNSAFE.sub(_escape, json.dumps(value, ensure_ascii=False))


def inline(value: Any) -> str:
    """A value in one line: ``[a, b]``, ``{a: 1}`` or a scalar."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{text(str(k))}: {inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inline(v) for v in value) + "]"
    return scalar(value)


def comment(words: str, indent: str) -> list[str]:
    """Comment lines; what YAML could not hold even in a comment is replaced."""
    lines = [_UNSAFE.sub("\N{REPLACEMENT CHARACTER}", line) for line in words.split("\n")]
    return [f"{indent}# {line}".rstrip() for line in lines]


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    written = repr(value)
    if "e" in written and "." not in written:
        written = written.replace("e", ".0e")  # YAML 1.1 takes 1e-07 for a text
    return written


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
