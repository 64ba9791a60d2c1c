"""Reports of both samples as plain data and as pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from funnelkpi.renderers.registry import render
from funnelkpi.report.analysis import Choice
from funnelkpi.report.build import build_report
from funnelkpi.report.document import Report


@pytest.fixture(scope="session")
def report(sample: Callable[[str], Any]) -> Callable[..., Report]:
    """``report("amocrm", "ru", managers=(...))``."""

    @cache
    def build(crm: str, lang: Any = "ru", *, configured: bool = True, **choice: Any) -> Report:
        analysis = replace(sample(crm), configured=configured)
        return build_report(analysis, lang, Choice(**choice))

    return build


@pytest.fixture(scope="session")
def page(report: Callable[..., Report]) -> Callable[..., list[str]]:
    """Lines of the terminal report."""

    @cache
    def lines(crm: str, lang: str, width: int) -> list[str]:
        return render(report(crm, lang), "terminal", width=width).decode().splitlines()

    return lines
