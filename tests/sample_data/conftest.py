"""The raw sample files, read by the standard library only."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2] / "sample_data"


class Row(list[str]):
    """A row with its captions; of equal captions the last one counts."""

    def __init__(self, header: list[str], cells: list[str], number: int) -> None:
        super().__init__(cells)
        self.header, self.number = header, number

    def of(self, caption: str) -> str:
        """The cell under the caption."""
        return self[len(self.header) - 1 - self.header[::-1].index(caption)]


@pytest.fixture(scope="session")
def stories() -> dict[str, Any]:
    """stories.json."""
    found: dict[str, Any] = json.loads((ROOT / "stories.json").read_text("utf-8"))
    return found


def _rows(name: str, delimiter: str) -> list[Row]:
    text = (ROOT / name).read_bytes().decode("utf-8-sig")
    header, *body = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    return [Row(header, line, n) for n, line in enumerate(body, start=2)]


@pytest.fixture(scope="session")
def amocrm(stories: dict[str, Any]) -> list[Row]:
    """Rows of the amoCRM deals."""
    return _rows(stories["files"]["amocrm_deals"], ",")


@pytest.fixture(scope="session")
def bitrix24(stories: dict[str, Any]) -> list[Row]:
    """Rows of the Bitrix24 deals."""
    return _rows(stories["files"]["bitrix24_deals"], ";")


class _Table(HTMLParser):
    """Cells of the outermost table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.depth += tag == "table"
        if self.depth == 1 and tag == "tr":
            self.rows.append([])
        if self.depth == 1 and tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "table"

    def handle_data(self, data: str) -> None:
        if self.depth and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


def _table(name: str) -> Iterator[Row]:
    parser = _Table()
    parser.feed((ROOT / name).read_bytes().decode("utf-8-sig"))
    header, *body = parser.rows
    for number, cells in enumerate(body, start=2):
        assert len(cells) == len(header)
        yield Row(header, cells, number)


@pytest.fixture(scope="session")
def leads(stories: dict[str, Any]) -> list[Row]:
    """Rows of the leads."""
    return list(_table(stories["files"]["bitrix24_leads"]))


@pytest.fixture(scope="session")
def calls(stories: dict[str, Any]) -> list[Row]:
    """Rows of the telephony detail."""
    return list(_table(stories["files"]["bitrix24_calls"]))
