"""Lines about calls on the first screen: at most two, only with something to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from funnelkpi.report.analysis import Choice
from funnelkpi.report.context import Context
from funnelkpi.report.verdict_calls import call_lines


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_two_lines_that_fit(sample: Callable[[str], Any], lang: Any) -> None:
    lines = call_lines(Context(sample("calls"), Choice(), lang))
    assert len(lines) == 2
    assert all(len(line.text) <= 76 and line.tone == "warn" for line in lines)
    assert "Глеб Санников" in lines[0].text
    assert "Дарья Южина" in lines[1].text


def test_none_without_calls(sample: Callable[[str], Any]) -> None:
    assert call_lines(Context(sample("amocrm"), Choice(), "ru")) == []


def test_none_where_everything_became_a_deal(sample: Callable[[str], Any]) -> None:
    analysis = sample("calls")
    table = analysis.metrics.copy()
    good = table["metric"].isin(["calls_without_deal", "missed_calls"])
    table.loc[good, "value"] = 0.0
    assert call_lines(Context(replace(analysis, metrics=table), Choice(), "ru")) == []
