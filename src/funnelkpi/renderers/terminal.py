"""The report for a terminal: head, verdict, sections; nothing wider than the screen.

Colours are the terminal's own sixteen, so that its theme keeps them legible on light and dark; none
is yellow or white, and whatever a colour says is also said by a sign or a word. Without colour the
text carries no escape sequence at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style

from funnelkpi.locale.catalogue import text
from funnelkpi.renderers._clean import terminal_line
from funnelkpi.renderers._table import RULE, ScreenLine, Span, table_lines
from funnelkpi.renderers._wrap import wrap
from funnelkpi.report.document import Line, Report, Section, Table

LEAST_WIDTH = 40
TEXT_WIDTH = 110
"""Running text does not become longer than this on a wide screen."""
FIRST_SCREEN = 24

_STYLES = {
    "title": "bold",
    "section": "bold cyan",
    "strong": "bold",
    "good": "green",
    "bad": "bold red",
    "warn": "bold",
    "muted": "dim",
}
_SIGNS = {"bad": "✗", "warn": "!", "good": "✓"}
_OWN_SIGNS = tuple("✗✓!▲▼△▽•·–—→")


def render(report: Report, *, width: int = 80, color: bool = False) -> str:
    """The report as text for a screen of ``width`` cells (at least 40), ending in a line break.

    color: with ANSI styles and links behind deals; else plain text for pipes and ``NO_COLOR``.
    """
    width = max(width, LEAST_WIDTH)
    parts = [_opening(report, width)]
    parts += [_section(section, report, width) for section in report.sections]
    parts.append(_running(report.foot, width))
    lines: list[ScreenLine] = []
    for part in map(list, parts):
        lines += [[], *part] if lines and part else part
    return "".join(_printed(line, color) + "\n" for line in lines)


def wants_color(environ: Mapping[str, str], is_terminal: bool) -> bool:
    """Whether to use colour: on a terminal that is not dumb, unless ``NO_COLOR`` is set.

    ``NO_COLOR`` counts when it is not empty (no-color.org); it wins over ``FORCE_COLOR``, which
    asks for colour in a pipe.
    """
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return is_terminal and environ.get("TERM") != "dumb"


def _opening(report: Report, width: int) -> Iterator[ScreenLine]:
    """Title, head, verdict; a long head gives way: the verdict stands on the first screen."""
    title = [[Span(p, "title")] for p in wrap(terminal_line(report.title), width) if p]
    head = list(_running(report.head, width))
    verdict = list(_running(report.verdict, width, signs=True))
    room = max(3, FIRST_SCREEN - len(title) - len(verdict) - 2) if verdict else len(head)
    yield from title
    yield from head[:room]
    if verdict:
        yield []
        yield from verdict
    if head[room:]:
        yield []
        yield from head[room:]


def _section(section: Section, report: Report, width: int) -> Iterator[ScreenLine]:
    title = wrap(terminal_line(section.title), width)
    yield from ([Span(part, "section")] for part in title[:-1])
    last = title[-1] + " " if title[-1] else ""
    yield [Span(last, "section"), Span(RULE * (width - cell_len(last)), "muted")]
    if not section.blocks:
        yield [Span(text("renderers.empty_section", report.lang), "muted")]
    before: object = None
    for block in section.blocks:
        if isinstance(block, Table):
            if before is not None:
                yield []
            yield from _titled(block, report, width)
        else:
            if isinstance(before, Table):
                yield []
            yield from _running([block], width, signs=True)
        before = block


def _titled(table: Table, report: Report, width: int) -> Iterator[ScreenLine]:
    if table.title:
        yield from ([Span(part, "title")] for part in wrap(terminal_line(table.title), width))
    yield from table_lines(table, width, report.lang)
    yield from _running([Line(note, "muted") for note in table.notes], width)


def _running(lines: Iterable[Line], width: int, *, signs: bool = False) -> Iterator[ScreenLine]:
    """Running text, wrapped with a hanging indent; ``signs``: the tone is said by a sign too."""
    for line in lines:
        said = terminal_line(line.text)
        lead = " " * min(len(line.text) - len(line.text.lstrip(" ")), 8)
        signed = not signs or said.startswith(_OWN_SIGNS)
        sign = "" if signed else _SIGNS.get(line.tone, "")
        lead += sign + " " if sign else ""
        room = min(width, TEXT_WIDTH) - cell_len(lead)
        for i, part in enumerate(wrap(said, room)):
            yield [Span((lead if i == 0 else " " * cell_len(lead)) + part, line.tone)]


def _printed(line: ScreenLine, color: bool) -> str:
    if not color:
        return "".join(span.text for span in line).rstrip(" ")
    while line and not line[-1].text.strip(" "):
        line = line[:-1]
    return "".join(_styled(span) for span in line)


def _styled(span: Span) -> str:
    style = _style(span.tone)
    said = style.render(span.text, color_system=ColorSystem.STANDARD) if style else span.text
    if span.link:
        return f"\x1b]8;;{span.link}\x1b\\{said}\x1b]8;;\x1b\\"
    return said


@cache
def _style(tone: str) -> Style | None:
    return Style.parse(_STYLES[tone]) if tone in _STYLES else None
