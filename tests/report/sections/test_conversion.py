"""The section of conversions: the note says over which days the steps are counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from funnelkpi.report.analysis import Choice
from funnelkpi.report.build import build_report
from funnelkpi.report.document import Table


def notes(analysis: Any, lang: Any = "ru") -> str:
    report = build_report(analysis, lang, Choice(sections=("conversion",), pipelines=("sales",)))
    (section,) = report.sections
    tables = [b for b in section.blocks if isinstance(b, Table)]
    return tables[0].notes[0]


def shortened(analysis: Any, days: int, steps: int) -> Any:
    """The analysis with windows of ``days`` in the first ``steps`` stages of the way."""
    rows = analysis.metrics.copy()
    stages = [s.key for s in analysis.data.funnel.pipeline("sales").path[:steps]]
    own = rows["metric"].eq("conversion") & rows["pipeline"].eq("sales")
    own &= rows["stage"].isin(stages)
    assert own.any()
    rows.loc[own, "period_start"] = rows.loc[own, "period_end"] - pd.Timedelta(days=days)
    return replace(analysis, metrics=rows)


def test_the_window_of_the_config(sample: Callable[[str], Any]) -> None:
    assert "за 180 дней (новые" in notes(sample("amocrm"))


@pytest.mark.parametrize(
    ("days", "steps", "ru", "en"),
    [
        (21, 99, "за 21 день: на полное окно, 180 дней,", "within 21 days: the history"),
        (22, 1, "за 22–180 дней: на полное окно, 180 дней,", "within 22–180 days: the history"),
    ],
)
def test_a_shorter_history_is_said(
    sample: Callable[[str], Any], days: int, steps: int, ru: str, en: str
) -> None:
    found = shortened(sample("amocrm"), days, steps)
    assert ru in notes(found)
    assert en in notes(found, "en")
