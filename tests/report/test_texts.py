"""Findings, figures and verdicts as sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from funnelkpi.checks.verdicts import Verdict
from funnelkpi.locale.catalogue import text
from funnelkpi.model.finding import Finding, Severity
from funnelkpi.report.texts import finding_text, stage_title, verdict_text, verdict_value


def made(**more: Any) -> Verdict:
    return Verdict("threshold", "won", "fail", bound="< 5", **more)


@pytest.mark.parametrize(
    ("verdict", "ru", "en"),
    [
        (made(value=1 / 58, unit="share", numerator=1, denominator=58), "1,7 % (1/58)",
         "1.7% (1/58)"),
        (made(value=0.5, unit="share"), "50 %", "50%"),
        (made(value=24_283_000, unit="money", currency="RUB"), "24,3 млн ₽", "24.3m ₽"),
        (made(value=3, unit="count"), "3", "3"),
        (made(value=2.345, unit="ratio"), "2,35", "2.35"),
        (made(value=31.4, unit="days"), "31 дн.", "31 d"),
        (made(value=None, unit="share", bound_low=0.09, bound_high=0.2), "9 %–20 %", "9%–20%"),
        (made(value=None, unit="count", bound_low=2), "2–…", "2–…"),
        (made(value=1000, unit="count"), "1000", "1000"),
    ],
)  # fmt: skip
def test_values(verdict: Verdict, ru: str, en: str) -> None:
    assert verdict_value(verdict, "ru") == ru
    assert verdict_value(verdict, "en") == en


@pytest.mark.parametrize("crm", ["amocrm", "bitrix24"])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_verdict_of_the_samples(sample: Callable[[str], Any], crm: str, lang: Any) -> None:
    analysis = sample(crm)
    for verdict in analysis.verdicts:
        sentence = verdict_text(verdict, analysis.data.funnel, lang)
        assert "None" not in sentence
        assert "e+0" not in sentence
        assert not sentence.endswith((": ", " "))
        assert (verdict.manager or text("report.company", lang)) in sentence


def test_marks_say_against_whom(sample: Callable[[str], Any]) -> None:
    analysis = sample("amocrm")
    weak = next(v for v in analysis.verdicts if v.word == "much_lower" and v.stage == "closing")
    assert verdict_text(weak, analysis.data.funnel, "ru") == (
        "Кирилл Басманов: "
        + text("metrics.conversion", "ru")
        + " Дожим → Успешно реализовано = 1,7 % (1/58), намного ниже остальных"
    )


def test_stage_titles(make: Any) -> None:
    funnel = make.funnel("base lpr")
    assert stage_title(funnel, "main", "lpr") == "Lpr"
    assert stage_title(funnel, None, "lpr") == "Lpr"
    assert stage_title(funnel, "main", "absent") == "absent"
    assert stage_title(funnel, "main", None) is None


def test_a_masked_finding_hides_phones() -> None:
    finding = Finding(
        "findings_data.after_as_of", Severity.NOTE, value="+7 (912) 345-67-89", count=1
    )
    assert "345" not in finding_text(finding, "ru", mask=True)


@pytest.mark.parametrize(
    ("n", "ru", "en"),
    [
        (1, "1 закрытая сделка (7) — 3\u00a0% —", "1 closed deal (7) — 3% —"),
        (3, "3 закрытые сделки (7) — 3\u00a0% —", "3 closed deals (7) — 3% —"),
        (11, "11 закрытых сделок (7) — 3\u00a0% —", "11 closed deals (7) — 3% —"),
    ],
)
def test_deals_without_history_are_counted_in_words(n: int, ru: str, en: str) -> None:
    found = Finding(
        "findings_history.deals_without_history", Severity.WARNING, count=n, value="7",
        params={"pipeline": "Продажи", "share": "3%"},
    )  # fmt: skip
    assert ru in finding_text(found, "ru")
    assert en in finding_text(found, "en")


@pytest.mark.parametrize(("n", "ends"), [(1, "1 прохождение, в расчёт не входит."),
                                         (2, "2 прохождения, в расчёт не входят."),
                                         (5, "5 прохождений, в расчёт не входят.")])  # fmt: skip
def test_visits_left_out_agree_with_their_number(n: int, ends: str) -> None:
    assert text("report_times.start_unknown", "ru", n=n).endswith(ends)


def test_long_cells_are_cut_in_findings() -> None:
    names = f"Ким Анна, {'Я' * 50_000}, Ли Борис"
    told = Finding("findings_calls.unknown_employees", value=names, params={"managers": 3})
    said = finding_text(told, "ru")
    assert f"(Ким Анна, {'Я' * 59}…, Ли Борис)" in said


def test_a_file_that_was_left_out_says_that_nothing_of_it_counts() -> None:
    params = {"column": "called_at", "caption": "Начало", "seen": "«Дата»"}
    said = finding_text(Finding("errors_adapters.caption_unlike", params=params), "ru")
    assert said.endswith("Ни одна строка этого файла не учтена.")
