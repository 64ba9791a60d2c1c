"""What to tell a user whose file is not YAML: PyYAML's errors as problems of our catalogue."""

from __future__ import annotations

import re
from typing import Any

import yaml

from funnelkpi.errors import Problem

LINE_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
"""What YAML counts as the end of a line."""

# (part of PyYAML's context, part of its problem, catalogue key); libyaml and the Python parser word
# the same mistake differently. The first match wins.
_KNOWN = (
    ("block scalar", "", "yaml_block_sign"),
    ("quoted scalar", "end of stream", "yaml_open_quote"),
    ("quoted scalar", "document separator", "yaml_open_quote"),
    ("quoted scalar", "document indicator", "yaml_open_quote"),
    ("scalar", "escape", "yaml_bad_escape"),
    ("flow sequence", "", "yaml_open_bracket"),
    ("flow mapping", "", "yaml_open_bracket"),
    ("", "mapping values are not allowed", "yaml_colon"),
    ("", "sequence entries are not allowed", "yaml_dash"),
    ("", "could not find expected ':'", "yaml_no_colon"),
    ("alias", "", "yaml_star"),
    ("anchor", "", "yaml_star"),
    ("", "undefined alias", "yaml_star"),
    ("", "second occurrence", "yaml_star"),
    ("", "another document", "yaml_documents"),
    ("", "block end", "yaml_indent"),
    ("", "expected key", "yaml_indent"),
    ("", "'-' indicator", "yaml_indent"),
)
# Here the opening mark is what has to be mended, not the place where the parser gave up.
_AT_CONTEXT = ("yaml_open_quote", "yaml_open_bracket", "yaml_block_sign", "yaml_star")


def syntax_problem(error: yaml.YAMLError, text: str, name: str) -> Problem:
    """The problem behind an exception of PyYAML. The parser stops at the first one."""
    lines = LINE_BREAK.split(text)
    if isinstance(error, yaml.reader.ReaderError):
        position = min(int(error.position), len(text))
        before = LINE_BREAK.split(text[:position])
        return _problem("yaml_control_char", name, lines, len(before) - 1, len(before[-1]), {})
    mark = getattr(error, "problem_mark", None)
    context_mark = getattr(error, "context_mark", None) or mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    key, params = _classify(error, lines, line, column)
    if key == "yaml_colon" and ":" not in lines[line][:column]:
        key, line, column = _before_first_colon(lines, line)
    if key == "yaml_bad_escape" and lines[line][column - 1 : column] == "\\":
        column -= 1  # the Python parser points behind the backslash, libyaml at it
    if key in _AT_CONTEXT and context_mark:
        line, column = context_mark.line, context_mark.column
        params = {"sign": lines[line][column : column + 1]}
    return _problem(key, name, lines, line, column, params)


def _before_first_colon(lines: list[str], line: int) -> tuple[str, int, int]:
    """A line's first colon is right: the line above lacks one, or the indentation is off."""
    above = next((n for n in range(line - 1, -1, -1) if lines[n].split("#")[0].strip()), line)
    key, place = ("yaml_indent", line) if ":" in lines[above] else ("yaml_no_colon", above)
    return key, place, len(lines[place]) - len(lines[place].lstrip())


def _classify(error: Any, lines: list[str], line: int, column: int) -> tuple[str, dict[str, Any]]:
    context, message = str(error.context or ""), str(error.problem or "")
    here = lines[line] if line < len(lines) else ""
    before, sign = here[:column], here[column : column + 1]
    if "\t" in here[: len(here) - len(here.lstrip())] or sign == "\t":
        return "yaml_tab", {}
    if "cannot start any token" in message:
        return "yaml_reserved_char", {"sign": sign}
    for part_of_context, part_of_message, key in _KNOWN:
        if part_of_context in context and part_of_message in message:
            if key == "yaml_indent" and before.rstrip()[-1:] in ("'", '"'):
                return "yaml_after_quote", {}
            return key, {}
    return "yaml_broken", {}


def _problem(
    key: str, name: str, lines: list[str], line: int, column: int, params: dict[str, Any]
) -> Problem:
    return Problem(
        key=f"errors_config.{key}",
        params=params,
        file=name,
        line=line + 1,
        column=column + 1,
        excerpt=lines[line] if line < len(lines) else "",
    )
