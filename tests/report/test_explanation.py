"""Explanations of the samples: every reason is a whole sentence with its numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from funnelkpi.errors import UsageError
from funnelkpi.metrics.definitions import STEPS, WHOLE
from funnelkpi.renderers.registry import render
from funnelkpi.report.analysis import Choice
from funnelkpi.report.explanation import build_explanation

CRM = pytest.mark.parametrize("crm", ["amocrm", "bitrix24"])
LANG = pytest.mark.parametrize("lang", ["ru", "en"])


@CRM
@LANG
def test_it_fits_80_columns_and_every_row_is_whole(
    sample: Callable[[str], Any], crm: str, lang: Any
) -> None:
    report = build_explanation(sample(crm), "conversion", lang)
    lines = render(report, "terminal", width=80).decode().splitlines()
    assert max(map(len, lines)) <= 80
    assert [s.id for s in report.sections] == ["definition", "steps", "whole", "rows"]
    for section in report.sections:
        for block in section.blocks:
            widths = {len(row) for row in getattr(block, "rows", ())}
            assert widths <= {len(getattr(block, "columns", ()))}


@CRM
def test_the_headline_is_the_report_s_figure(sample: Callable[[str], Any], crm: str) -> None:
    analysis = sample(crm)
    report = build_explanation(analysis, "conversion", "ru")
    metrics = analysis.metrics
    rows = metrics[metrics["scope"].eq("company") & metrics["slice"].isna()]
    rows = rows[rows["statistic"].eq("value")]
    seen = 0
    for d in report.data["definitions"]:
        if not d["why"].startswith("Цифра отчёта"):
            continue
        metric = "created_to_won" if d["name"] == "created_to_won" else "conversion"
        own = rows[rows["metric"].eq(metric)]
        for column in ("pipeline", "stage", "to_stage"):
            own = own[own[column].isna() if d[column] is None else own[column].eq(d[column])]
        assert own["n"].tolist() == [d["n"]]
        assert f"{d['n']:.0f} " in d["why"]
        seen += 1
    assert seen >= 8


def test_json_can_be_read_and_says_why(sample: Callable[[str], Any]) -> None:
    report = build_explanation(sample("amocrm"), "conversion", "en", Choice(pipelines=("sales",)))
    data = json.loads(render(report, "json"))
    assert {d["pipeline"] for d in data["definitions"]} == {"sales"}
    flow = [d for d in data["definitions"] if d["name"] == "flow"]
    assert len(flow) == 5
    assert all("inflow is" in d["why"] for d in flow)
    strict = [d for d in data["definitions"] if d["name"] == "strict" and d["difference"]]
    assert strict
    for d in strict:
        assert f"{d['n']:.0f} instead of" in d["why"]


def test_other_figures_have_rows_alone(sample: Callable[[str], Any]) -> None:
    report = build_explanation(sample("amocrm"), "stalled", "ru")
    assert [s.id for s in report.sections] == ["definition", "rows"]
    assert report.data["definitions"] == []
    assert not {"stalled"} & {*STEPS, *WHOLE}


def test_a_figure_without_rows_says_so(sample: Callable[[str], Any]) -> None:
    report = build_explanation(
        sample("amocrm"), "deals_in_stage", "ru", Choice(managers=("Зоя Лапина",))
    )
    assert report.sections[-1].blocks
    with pytest.raises(UsageError):
        build_explanation(sample("amocrm"), "won", "ru", Choice(managers=("Никто",)))
