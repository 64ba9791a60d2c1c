"""The presets of calls, of what to measure and of stage questions: what they hold, and that they run."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from funnelkpi.config.bundled import preset_path, root
from funnelkpi.config.load import load_settings
from funnelkpi.metrics.declared import DECLARED
from funnelkpi.metrics.names import KNOWN_METRICS
from funnelkpi.report.analysis import Choice

SAMPLE = root() / "sample_data" / "calls"
NAMES = ("calls-to-cash", "what-to-measure", "stage-questions")
EVERY = pytest.mark.parametrize("name", NAMES)


@cache
def preset(name: str) -> Any:
    return load_settings(preset_path(name), known_metrics=KNOWN_METRICS)


@cache
def ran(name: str) -> Any:
    """The preset on the sample: only people, own numbers and captions of files are the sample's."""
    from funnelkpi.pipeline import Request, analyze

    own = load_settings(SAMPLE / "funnelkpi.yaml", known_metrics=KNOWN_METRICS)
    update = {"inputs": own.inputs, "managers": own.managers, "telephony": own.telephony}
    return analyze(Request((SAMPLE,), preset(name).model_copy(update=update)))


def value(name: str, metric: str, **where: Any) -> Any:
    """The company's figure over all pipelines."""
    from funnelkpi.report.figures import Figures

    where = {"scope": "company", "pipeline": None, "statistic": "value", **where}
    row = Figures(ran(name).metrics).one(metric, **where)
    return None if row is None else row["value"]


@EVERY
def test_nothing_in_it_waits_for_a_later_version(name: str) -> None:
    """No plan, forecast, bonus, invoices, retention: the page says that they are missing."""
    settings = preset(name)
    assert settings.preset == name
    named = [n.metric for n in settings.norms] + [t.metric for t in settings.thresholds]
    assert named
    assert not set(named) & DECLARED


@EVERY
def test_every_stage_of_the_sample_finds_its_place(name: str) -> None:
    analysis = ran(name)
    deals = analysis.data.deals
    sales = deals[deals["pipeline"].astype(str) == "sales"]
    assert len(sales) == 379
    assert sales["stage"].notna().all()
    codes = {f.code for f in analysis.findings} if hasattr(analysis, "findings") else set()
    assert "findings_adapters.unknown_stage" not in codes or name != "calls-to-cash"


@EVERY
def test_every_norm_is_judged(name: str) -> None:
    metrics = ran(name).metrics
    for i, norm in enumerate(preset(name).norms):
        rows = metrics[metrics["slice"].eq(f"norm={i}") & metrics["scope"].eq("manager")]
        assert len(rows), norm.title
        verdicts = set(rows["verdict"].dropna().astype(str))
        assert verdicts & {"below", "normal", "great"}, (norm.title, verdicts)


@EVERY
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_its_sections_are_filled(name: str, lang: Any) -> None:
    from funnelkpi.report.build import build_report

    page = build_report(ran(name), lang, Choice())
    assert tuple(s.id for s in page.sections) == preset(name).report.sections
    assert all(s.blocks for s in page.sections)


def test_calls_to_cash() -> None:
    """Callers answered, conversations that never became a deal, the third call, what comes after."""
    name = "calls-to-cash"
    assert value(name, "calls_without_deal") == 7
    assert 0.5 < value(name, "answered_share") < 1
    assert value(name, "under_called", pipeline="sales") == 6
    assert value(name, "deals_in_stage", pipeline="service", stage="delivery") == 10
    assert value(name, "conversion", pipeline="sales", stage="needs", to_stage="closing") > 0.2


def test_what_to_measure() -> None:
    """First meetings by source group, deals in each stage, days from the first meeting, ratios."""
    name = "what-to-measure"
    groups = [value(name, "first_meetings", slice=f"source_group={g}")
              for g in preset(name).source_groups]  # fmt: skip
    assert all(groups)
    assert sum(groups) == value(name, "first_meetings")
    assert value(name, "calls_per_meeting") > 1
    assert value(name, "touches") > 100
    assert value(name, "time_to_close", pipeline="sales", statistic="median") > 10
    assert value(name, "conversion", pipeline="sales", stage="meeting", to_stage="won") > 0


def test_stage_questions() -> None:
    """The next step after the qualification, three facts by the proposal, three dates by the win."""
    name = "stage-questions"
    assert 0.5 < value(name, "next_step_share") < 0.9
    assert 0.3 < value(name, "facts_complete", pipeline="sales", stage="proposal") < 0.9
    assert 0.3 < value(name, "facts_complete", pipeline="sales", stage="won") < 0.9
    assert value(name, "facts_overdue", pipeline="sales", stage="proposal") > 0
    assert value(name, "repeats") == 2
    lag = {"pipeline": "sales", "stage": "closing", "to_stage": "won", "statistic": "median"}
    assert value(name, "lag", **lag) > 5


@EVERY
def test_init_writes_it_on_the_users_own_stages(name: str, cli_in: Any) -> None:
    """Stages, norms, pairs, lags, facts and limits of calls on the keys of the files' stages."""
    settings = cli_in(name)
    (sales,) = (p for p in settings.pipelines if p.title == "Продажи")
    keys = {s.key for s in sales.stages}
    assert settings.preset == name
    assert {m.name for m in settings.managers} >= {"Вера Тополева", "Нина Щеглова"}
    wanted = preset(name)
    assert len(settings.norms) == len(wanted.norms)
    assert len(settings.lags) == len(wanted.lags)
    assert len(settings.facts) == len(wanted.facts)
    assert len(settings.conversion.pairs) == len(wanted.conversion.pairs)
    assert len(settings.calls.at_stage) == len(wanted.calls.at_stage)
    assert {f.stage for f in settings.facts} | set(settings.calls.at_stage) <= keys
    assert settings.next_step.after in keys
    assert settings.report.sections == wanted.report.sections
    assert settings.source_groups == wanted.source_groups


@pytest.fixture
def cli_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """``funnelkpi init`` on the exports of the sample; the config it wrote."""
    import shutil

    from funnelkpi.cli.app import language, run

    (tmp_path / "exports").mkdir()
    for path in SAMPLE.iterdir():
        if path.suffix in (".csv", ".xls") and not path.name.startswith("ats_"):
            shutil.copy(path, tmp_path / "exports")
    monkeypatch.chdir(tmp_path)

    def call(name: str) -> Any:
        words = ["init", "exports", "--preset", name]
        assert run(words, language(words)) == 0
        return load_settings(tmp_path / "funnelkpi.yaml", known_metrics=KNOWN_METRICS)

    return call


@EVERY
def test_the_page_says_what_is_missing(name: str) -> None:
    for page, word in (("presets.md", "What is missing"), ("presets.ru.md", "Чего здесь нет")):
        text = (root() / "docs" / page).read_text("utf-8")
        part = re.split(r"^## ", text, flags=re.MULTILINE)
        (own,) = (p for p in part if p.startswith(f"{name}\n"))
        assert word in own
