"""The generated pages and pictures are the ones the code gives. Mend with: python docs/make.py"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

PAGES = ("cli.md", "cli.ru.md", "errors.md", "config.md", "report-schema.md")
PICTURES = ("report.svg", "report.ru.svg")


def test_these_are_all(make_docs):
    assert set(make_docs.pages()) == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_the_one_generated(make_docs, root, name):
    assert (root / "docs" / name).read_text("utf-8") == make_docs.pages()[name]


@pytest.mark.parametrize(("lang", "name"), [("en", "report.svg"), ("ru", "report.ru.svg")])
def test_the_picture_is_the_demo(make_docs, root, lang, name):
    kept = (root / "docs" / "images" / name).read_text("utf-8")
    plain = re.sub(r"\x1b\[[\d;]*m", "", "".join(make_docs.demo_lines(lang)))
    assert _words(kept) == "".join(plain.split())
    assert len(plain) > 1000


def _words(svg: str) -> str:
    """The text of the picture without blanks, line by line; the window's title left out."""
    tree = ET.fromstring(svg)
    lines = [e for e in tree.iter() if e.tag.endswith("text") and "clip-path" in e.attrib]
    return "".join("".join("".join(e.itertext()) for e in lines).split())


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_loads_nothing_and_shows_no_machine(root, name):
    svg = (root / "docs" / "images" / name).read_text("utf-8")
    addresses = set(re.findall(r"https?://[^\s\"')]+", svg))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert "/work" not in svg
    assert "/home" not in svg


def test_every_command_and_option_is_on_the_page(make_docs, root):
    for name in ("cli.md", "cli.ru.md"):
        page = (root / "docs" / name).read_text("utf-8")
        for command in (
            "report",
            "check",
            "deals",
            "explain",
            "inspect",
            "init",
            "demo",
            "config show",
        ):
            assert f"## funnelkpi {command}\n" in page
        for option in (
            "--period",
            "--as-of",
            "--by",
            "--fail-on",
            "--stalled",
            "--force",
            "--mask",
        ):
            assert option in page


def test_help_in_english_holds_no_russian(root):
    assert re.findall("[а-яё]+", (root / "docs" / "cli.md").read_text("utf-8"), re.I) == []


def test_cells_of_the_errors_page_stay_cells(root):
    page = (root / "docs" / "errors.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) > 150
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}
    assert not re.search(r"plural:|\{\{", page)
