"""Read back by a Markdown parser: what a reader sees is what stood in the CRM."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from funnelkpi.renderers._clean import one_line
from funnelkpi.renderers._format import full_text
from funnelkpi.renderers.markdown import escape, render
from funnelkpi.report.document import Cell, Column, Line, Report, Section, Table

PARSER = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def _tokens(source: str) -> list[Token]:
    flat = []
    for token in PARSER.parse(source):
        flat += [token, *(token.children or [])]
    return flat


def _cells(source: str) -> list[str]:
    tokens, cells = PARSER.parse(source), []
    for opened, inside in pairwise(tokens):
        if opened.type in ("td_open", "th_open"):
            parts = inside.children or []
            cells.append("".join(t.content for t in parts if t.type in ("text", "text_special")))
    return cells


def test_every_report_without_html(report: Report) -> None:
    tokens = _tokens(render(report).decode("utf-8"))
    assert not [t for t in tokens if t.type.startswith("html")]
    assert len([t for t in tokens if t.type == "heading_open" and t.tag == "h2"]) == len(
        report.sections
    )


def test_all_cells_come_back(full: Report) -> None:
    tables = [b for s in full.sections for b in s.blocks if isinstance(b, Table)]
    expected = []
    for table in tables:
        expected += [one_line(c.title) for c in table.columns]
        for row in (*table.rows, *([table.total] if table.total else [])):
            expected += [one_line(full_text(cell, "ru")) for cell in row]
    assert _cells(render(full).decode("utf-8")) == expected


def test_links_and_emphasis(full: Report) -> None:
    source = render(full).decode("utf-8")
    assert "[48211093](<https://demo.example/leads/0?a=1%7C2>)" in source
    hrefs = [t.attrs["href"] for t in _tokens(source) if t.type == "link_open"]
    assert len(hrefs) == 12  # the deals, and none out of their titles
    assert "**Кузьмин-Заречный: ЛПР 4 из 10" in source


def test_no_rows_is_said() -> None:
    report = Report("T", (), (), (Section("a", "A", (Table("B", (), ()),)),), (), "ru")
    assert render(report).decode("utf-8") == "# T\n\n## A\n\n### B\n\nСтрок нет.\n"


@given(st.text(alphabet=st.characters()))
def test_any_text_is_read_as_it_stands(value: str) -> None:
    cell = Cell(value or "x")
    table = Table(None, (Column("a"), Column("b")), ((cell, cell),))
    report = Report(value, (Line(value),), (), (Section("s", value, (table,)),), (), "ru")
    source = render(report).decode("utf-8")
    assert not [t for t in _tokens(source) if t.type.startswith(("html", "code", "fence", "image"))]
    # a table's reader strips blanks around a cell, no-break ones too
    assert [c.strip() for c in _cells(source)[2:]] == [one_line(value or "x").strip()] * 2


@given(st.text(alphabet="1.)-+#=>*_ `[]()!|~\\&<a"))
def test_a_line_stays_a_paragraph(value: str) -> None:
    types = [t.type for t in PARSER.parse(escape(value))]
    assert types in ([], ["paragraph_open", "inline", "paragraph_close"])
