"""The first screen: who is below, whom to talk to, which deals to open, what is at stake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from funnelkpi.locale.catalogue import text

SCREEN = 24
CRM_AND_LANG = pytest.mark.parametrize(
    ("crm", "lang"), [(c, x) for c in ("amocrm", "bitrix24") for x in ("ru", "en")]
)
BIGGEST = {"amocrm": "#31888020", "bitrix24": "#1901"}


@CRM_AND_LANG
def test_fits_the_first_screen(page: Callable[..., list[str]], crm: str, lang: str) -> None:
    lines = page(crm, lang, 80)
    for width in (80, 100, 160):
        screen = page(crm, lang, width)[:SCREEN]
        text_ = "\n".join(screen)
        talk = text("report.verdict_talk", lang)
        assert talk in text_
        assert "Кирилл Басманов" in text_[text_.index(talk) :]
        today = text("report.verdict_open_today", lang)
        assert sum(line.lstrip().startswith("#") for line in screen) == 5
        assert BIGGEST[crm] in text_[text_.index(today) :]
        stake = text("report.verdict_stake", lang, money="|", share="", n=1).split("|")[0]
        assert any(line.startswith(stake) for line in screen)
    first_section = text("report.section_norms", lang)
    assert next(i for i, line in enumerate(lines) if line.startswith(first_section)) <= SCREEN


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_who_is_below(page: Callable[..., list[str]], lang: str) -> None:
    screen = page("amocrm", lang, 80)[:SCREEN]
    below = [line for line in screen if "Ольга Вересова" in line or "Зоя Лапина" in line]
    assert len(below) == 2
    assert "ЛПР 1 / 2" in below[0]
    title = next(line for line in screen if text("report.verdict_below_weeks", lang, n=2) in line)
    assert screen.index(title) < screen.index(below[0])


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_at_least_is_never_below(page: Callable[..., list[str]], lang: str) -> None:
    """Bitrix24 without history: nobody is said to be below, and how many cells are unknown."""
    screen = "\n".join(page("bitrix24", lang, 160)[:SCREEN])
    assert text("report.verdict_part_judged", lang, n=6, all=24) in screen
    below = text("report.verdict_below_weeks", lang, n=1).partition(":")[0]
    assert f"{below}:" not in screen


def test_sum_at_stake_is_the_sum_of_the_list(report: Any) -> None:
    """25,5 млн: the deals with a surely broken limit, those about to pass theirs left out."""
    made = report("amocrm")
    rows = [r for r in made.data["stalled"] if r["reasons"] and r["pipeline"] == "sales"]
    whole = sum(r["amount"] or 0 for r in rows)
    (line,) = [x.text for x in made.verdict if x.text.startswith("Под угрозой")]
    assert f"{whole / 1e6:.1f}".replace(".", ",") + " млн ₽" in line
    assert f" {len(rows)} " in line


def test_chosen_manager_only(report: Any) -> None:
    made = report("amocrm", managers=("Вересова",))
    words = "\n".join(line.text for line in made.verdict)
    assert "Ольга Вересова" in words
    for other in ("Басманов", "Дроздова", "Ракитин", "Лапина"):
        assert other not in words
    assert text("report.verdict_talk", "ru") not in words  # her steps are within chance


def test_sections_alone_have_no_verdict(report: Any) -> None:
    assert report("amocrm", sections=("stock",)).verdict == ()


def test_without_norms_nobody_is_judged(make: Any, sample: Any) -> None:
    from dataclasses import replace

    from funnelkpi.report.build import build_report

    analysis = sample("amocrm")
    table = analysis.metrics[~analysis.metrics["slice"].fillna("").str.startswith("norm=")]
    settings = analysis.settings.model_copy(update={"norms": ()})
    bare = replace(analysis, metrics=table, view=replace(analysis.view, settings=settings))
    made = build_report(bare, "en")
    assert made.verdict[0].text == text("report.verdict_no_norms", "en")
    assert not any("below" in line.text for line in made.verdict)


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_worst_week_fits_too(sample: Callable[[str], Any], lang: Any) -> None:
    """Everybody below every norm, many bottlenecks: the deals and the sum stay on the screen."""
    from dataclasses import replace

    from funnelkpi.renderers.registry import render
    from funnelkpi.report.build import build_report

    analysis = sample("amocrm")
    table = analysis.metrics.copy()
    norms = table["slice"].fillna("").str.startswith("norm=") & table["norm"].notna()
    table.loc[norms, ["value", "verdict"]] = [0.0, "below"]
    table.loc[table["metric"] == "norm_streak", "value"] = 12
    marked = table["metric"].isin(["bottleneck", "strength"])
    table.loc[marked, ["metric", "mark"]] = ["bottleneck", "much_lower"]
    made = build_report(replace(analysis, metrics=table), lang)
    lines = render(made, "terminal", width=80).decode().splitlines()
    screen = "\n".join(lines[:SCREEN])
    assert max(map(len, lines[:SCREEN])) <= 80
    assert text("report.verdict_below_weeks", lang, n=8) in screen
    assert text("report.and_more", lang, n=3) in screen
    assert sum(line.lstrip().startswith("#") for line in lines[:SCREEN]) == 5
    assert text("report.verdict_stake", lang, money="|", share="", n=1).split("|")[0] in screen


def test_deals_that_cannot_be_judged_are_not_called_fine(sample):
    """Looked at from long ago the export knows too few stages: silence is no good news."""
    from funnelkpi.pipeline import Request, analyze
    from funnelkpi.report.analysis import Choice
    from funnelkpi.report.context import Context
    from funnelkpi.report.verdict import verdict_lines

    now = sample("bitrix24")
    then = analyze(
        Request(
            tuple({e.source.path for e in now.exports}),
            now.view.settings,
            as_of=datetime(2026, 3, 1, 18, 0),
        )
    )
    text = "\n".join(line.text for line in verdict_lines(Context(then, Choice(), "ru")))
    assert "не оценены" in text
    assert "Зависших сделок нет" not in text
