"""The reports of both samples, as JSON and as a terminal prints them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2] / "sample_data"
Row = dict[str, Any]


class Shown:
    """One CRM's report."""

    def __init__(self, crm: str, analysis: Any, stories: dict[str, Any]) -> None:
        self.crm, self.analysis, self._stories = crm, analysis, stories

    @cached_property
    def json(self) -> Any:
        """The JSON document."""
        return json.loads(self._api("ru").to_json())

    def page(self, lang: str = "ru", width: int = 200) -> str:
        """The terminal report with plain spaces; wide, so that no name is broken in two."""
        return re.sub("[\xa0\u202f]", " ", self._api(lang).to_text(width=width))

    def _api(self, lang: Any) -> Any:
        from funnelkpi.api import Analysis

        return Analysis(self.analysis, lang)

    def rows(self, metric: str, **where: Any) -> list[Row]:
        """Rows of the long table; slices and statistics only if asked for."""
        where = {"slice": None, "statistic": "value", **where}
        return [
            r
            for r in self.json["metrics"]
            if r["metric"] == metric and all(r[k] == v for k, v in where.items())
        ]

    def one(self, metric: str, **where: Any) -> Row:
        """The only such row."""
        found = self.rows(metric, **where)
        assert len(found) == 1, (metric, where, len(found))
        return found[0]

    def ids(self, story: Row) -> set[str]:
        """The deals of a story in this CRM."""
        return {str(i) for i in story[self.crm]}

    def listed(self, manager: str | None = None) -> dict[str, Row]:
        """The deals to open by ID."""
        rows = self.json["stalled"]
        return {r["deal_id"]: r for r in rows if manager in (None, r["manager"])}

    def finding(self, code: str, **where: Any) -> Row:
        """The only finding of this code."""
        found = [
            f
            for f in self.json["findings"]
            if f["code"] == code and all(f[k] == v for k, v in where.items())
        ]
        assert len(found) == 1, (code, where, found)
        return found[0]


@pytest.fixture(scope="session")
def told() -> dict[str, Any]:
    """stories.json."""
    found: dict[str, Any] = json.loads((ROOT / "stories.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="session")
def stories(told: dict[str, Any]) -> dict[str, Any]:
    """The stories by name."""
    found: dict[str, Any] = told["stories"]
    return found


@pytest.fixture(scope="session")
def amocrm(sample: Callable[[str], Any], told: dict[str, Any]) -> Shown:
    """The report of the amoCRM sample: every figure has its evidence."""
    return Shown("amocrm", sample("amocrm"), told)


@pytest.fixture(scope="session")
def bitrix24(sample: Callable[[str], Any], told: dict[str, Any]) -> Shown:
    """The report of the Bitrix24 sample: native columns only."""
    return Shown("bitrix24", sample("bitrix24"), told)


@pytest.fixture
def shown(request: pytest.FixtureRequest) -> Shown:
    """Either, by parameter."""
    found: Shown = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def calls(sample: Callable[[str], Any], told: dict[str, Any]) -> Shown:
    """The report of the sample with calls, meetings, contacts and companies."""
    return Shown("calls", sample("calls"), told)


@pytest.fixture(scope="session")
def spoken(told: dict[str, Any]) -> dict[str, Any]:
    """The stories of that sample by name."""
    found: dict[str, Any] = told["calls"]["stories"]
    return found
