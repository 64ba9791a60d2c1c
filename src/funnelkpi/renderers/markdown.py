"""The report as Markdown (tables as GitHub, GitLab and most wikis read them)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from funnelkpi.locale.catalogue import Lang, text
from funnelkpi.renderers._clean import one_line, web_link
from funnelkpi.renderers._format import full_text
from funnelkpi.report.document import Cell, Column, Line, Report, Section, Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]|~$])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LIST_OR_HEADING = re.compile(r"^(\d*)([-+#=]|(?<=\d)[.)])")
_STRONG = ("bad", "strong")


def render(report: Report) -> bytes:
    """The whole report as UTF-8 Markdown; all columns, text from the CRM escaped."""
    parts = [f"# {escape(report.title)}", _lines(report.head), _lines(report.verdict, listed=True)]
    for section in report.sections:
        parts += _section(section, report.lang)
    parts.append(_lines(report.foot))
    return ("\n\n".join(part for part in parts if part) + "\n").encode("utf-8", "replace")


def escape(value: str) -> str:
    """``value`` as one line of Markdown that reads exactly as ``value``."""
    line = _SPECIAL.sub(r"\\\1", one_line(value)).translate(_ENTITIES)
    return _LIST_OR_HEADING.sub(r"\1\\\2", line)


def _lines(lines: Sequence[Line], *, listed: bool = False) -> str:
    """Lines below each other: as a list, or with hard breaks."""
    said = [_toned(escape(line.text), line.tone) for line in lines if line.text.strip()]
    return "\n".join(f"- {line}" for line in said) if listed else "  \n".join(said)


def _toned(said: str, tone: str) -> str:
    return f"**{said}**" if said and tone in _STRONG else said


def _section(section: Section, lang: Lang) -> Iterator[str]:
    yield f"## {escape(section.title)}"
    if not section.blocks:
        yield text("renderers.empty_section", lang)
    running: list[Line] = []
    for block in section.blocks:
        if isinstance(block, Line):
            running.append(block)
            continue
        yield _lines(running)
        running = []
        yield from _table(block, lang)
    yield _lines(running)


def _table(table: Table, lang: Lang) -> Iterator[str]:
    if table.title:
        yield f"### {escape(table.title)}"
    if table.columns:
        rows = [_row(row, table.columns, lang) for row in table.rows]
        if table.total is not None:
            rows.append(_row(table.total, table.columns, lang, strong=True))
        titles = [escape(column.title) or " " for column in table.columns]
        rules = ["---:" if column.align == "right" else ":---" for column in table.columns]
        yield "\n".join([_piped(titles), _piped(rules), *rows])
    if not table.rows:
        yield text("renderers.empty_table", lang)
    if table.notes:
        yield _lines([Line(note) for note in table.notes])


def _row(
    row: Sequence[Cell], columns: Sequence[Column], lang: Lang, *, strong: bool = False
) -> str:
    cells = [*row, *[Cell("")] * (len(columns) - len(row))][: len(columns)]
    return _piped([_cell(cell, lang, strong=strong) for cell in cells])


def _cell(cell: Cell, lang: Lang, *, strong: bool) -> str:
    said = escape(full_text(cell, lang))
    if said and (link := web_link(cell.link)):
        said = f"[{said}](<{link}>)"
    return _toned(said, "strong" if strong else cell.tone) or " "


def _piped(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
