"""The section of times: what it shows of the samples, and what it says where nothing is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from funnelkpi.config.schema import Settings
from funnelkpi.metrics import lag
from funnelkpi.metrics._index import Index
from funnelkpi.metrics.registry import compute
from funnelkpi.renderers.registry import render
from funnelkpi.report.analysis import Choice
from funnelkpi.report.build import build_report

LAG = {"stage": "needs", "to_stage": "proposal", "unit": "working_hours", "limit": 9}


@pytest.fixture(scope="module")
def lagged(sample: Callable[[str], Any]) -> Any:
    """The amoCRM sample with a limit from needs to proposal."""
    analysis = sample("amocrm")
    settings = analysis.settings.model_copy(
        update={"lags": Settings.model_validate({"lags": [LAG]}).lags}
    )
    view = replace(analysis.view, settings=settings)
    return replace(analysis, view=view, metrics=compute(analysis.data, view).table)


def lines(analysis: Any, lang: Any = "ru", **choice: Any) -> list[str]:
    report = build_report(analysis, lang, Choice(sections=("times",), **choice))
    return render(report, "terminal", width=80).decode().splitlines()


def test_stages_lags_and_the_longest_waiting(lagged: Any) -> None:
    page = lines(lagged)
    assert all(len(line) <= 80 for line in page)
    found = lagged.metrics
    median = found[found["metric"].eq("time_in_stage") & found["scope"].eq("company")
                   & found["stage"].eq("closing") & found["statistic"].eq("median")]  # fmt: skip
    (closing,) = (line for line in page if line.startswith("Дожим"))
    assert f"{median['value'].iat[0]:.0f} дн." in closing.replace("\u00a0", " ")
    step = next(line for line in page if line.startswith("Потребность →"))
    waiting = lag.waiting(Index(lagged.data), lagged.view)
    assert f" {len(waiting)} " in step
    assert "6,3" in step
    first = page.index("Ждут дольше всех")
    words = [line.split()[0] for line in page[first:] if line[:1].isdigit()]  # titles may wrap
    ids = [word for word in words if len(word) == 8]
    assert ids == lagged.data.deals["deal_id"].iloc[waiting["deal"].head(5)].tolist()
    assert any(f"Ещё ждут: {len(waiting) - 5}." in line for line in page)
    assert any(line.startswith("Скорость воронки «Продажи»") for line in page)


def test_one_manager(lagged: Any) -> None:
    who = lagged.data.roster.managers[0].name
    page = lines(lagged, managers=(who,))
    assert any(line.startswith(f"{who} · Воронка") for line in page)
    start = page.index("Ждут дольше всех") if "Ждут дольше всех" in page else len(page)
    others = {m.name for m in lagged.data.roster.managers} - {who}
    assert not [line for line in page[start:] for name in others if name in line]


def test_clients_are_masked(lagged: Any) -> None:
    titles = lagged.data.deals["title"].iloc[lagged.waiting["deal"].head(5)]
    shown = "\n".join(lines(lagged))
    masked = "\n".join(lines(lagged, mask=True))
    assert any(t[:8] in shown for t in titles)
    assert not any(t[:8] in masked for t in titles)


def test_nothing_known_is_one_line(sample: Callable[[str], Any]) -> None:
    page = lines(sample("bitrix24"), "en")
    begin = next(i for i, line in enumerate(page) if line.startswith("Times ─"))
    assert page[begin + 1].startswith("Velocity of ")
    text = " ".join(page[begin:])
    assert text.count("Time in stage is not evaluated: dates of the moves are needed") == 1


def test_lags_that_cannot_be_told_say_what_is_needed(sample: Callable[[str], Any]) -> None:
    analysis = sample("bitrix24")
    lags = Settings.model_validate({"lags": [LAG]}).lags
    view = replace(analysis.view, settings=analysis.settings.model_copy(update={"lags": lags}))
    found = replace(analysis, view=view, metrics=compute(analysis.data, view).table)
    assert any("»" in line and "не оценён" in line for line in lines(found))


def test_a_curve_per_step_in_the_data(lagged: Any) -> None:
    data = build_report(lagged, "ru").data["curves"].make()
    assert {(c["stage"], c["to_stage"]) for c in data if c["pipeline"] == "sales"} >= {
        ("base", "lpr"), ("needs", "proposal"), ("base", "won"),
    }  # fmt: skip
    assert all(len(c["days"]) == len(c["incidence"]) == len(c["at_risk"]) <= 200 for c in data)
    asked = build_report(lagged, "ru", Choice(pipelines=("service",))).data["curves"].make()
    assert {c["pipeline"] for c in asked} == {"service"}
    assert lagged.view.as_of == datetime(2026, 11, 16, 8, 30)
