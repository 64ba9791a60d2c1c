"""Explanations of the samples: every reason is a whole sentence with its numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from funnelkpi.errors import UsageError
from funnelkpi.locale.catalogue import text
from funnelkpi.metrics.definitions import STEPS, WHOLE
from funnelkpi.metrics.names import COMPUTED_METRICS
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


@pytest.mark.parametrize("name", ["amocrm", "bitrix24", "calls"])
@LANG
def test_every_figure_is_explained(sample: Callable[[str], Any], name: str, lang: Any) -> None:
    for metric in sorted(COMPUTED_METRICS):
        report = build_explanation(sample(name), metric, lang)
        lines = render(report, "terminal", width=80).decode().splitlines()
        assert text("explanation.section_rows", lang) in "\n".join(lines), metric
        assert max(map(len, lines)) <= 80, metric


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


@pytest.fixture(scope="module")
def timed() -> Any:
    """The Bitrix24 sample with its stage history."""
    from datetime import datetime
    from pathlib import Path

    from funnelkpi.config.load import load_settings
    from funnelkpi.pipeline import Request, analyze

    root = Path(__file__).parents[2] / "sample_data"
    settings = load_settings(root / "bitrix24" / "funnelkpi.yaml")
    files = (next((root / "bitrix24").glob("DEAL_*.csv")),
             root / "history" / "crm_deal_stage_history.csv")  # fmt: skip
    return analyze(Request(files, settings, as_of=datetime(2026, 11, 16, 8, 30)))


def test_visits_of_unknown_start_are_counted(timed: Any) -> None:
    rows = timed.metrics
    own = rows["metric"].eq("time_in_stage") & rows["scope"].eq("company")
    left_out = rows[own & rows["statistic"].eq("median")].head(1)
    left_out = left_out.assign(slice="start=unknown", statistic="value", value=None, n=3.0)
    analysis = replace(timed, metrics=pd.concat([rows, left_out], ignore_index=True))
    (table,) = build_explanation(analysis, "time_in_stage", "ru").sections[-1].blocks
    (found,) = (row for row in table.rows if "начало неизвестно" in str(row[0].value))
    assert (found[1].value, found[1].unit) == (3, "count")
    assert any("медиана" in str(row[0].value) for row in table.rows)


@pytest.mark.parametrize("source", ["amocrm", "timed"])
def test_who_does_not_count_is_said_only_of_a_smaller_base(
    sample: Callable[[str], Any], timed: Any, source: str
) -> None:
    analysis = timed if source == "timed" else sample(source)
    definitions = build_explanation(analysis, "conversion", "ru").data["definitions"]
    head, seen = None, 0
    for d in definitions:
        if d["why"].startswith("Цифра отчёта"):
            head = d
        if d["name"] != "strict" or d["value"] is None or d["difference"] is None:
            continue
        assert head is not None
        seen += 1
        assert ("Перескочившие" in d["why"]) == (d["n"] < head["n"]), d["why"]
    assert seen > 3
