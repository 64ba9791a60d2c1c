"""Texts in both languages, and their plural forms."""

from __future__ import annotations

import string
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from funnelkpi.locale import texts
from funnelkpi.locale.catalogue import LANGS, has, plural, text

DOMAINS = sorted(m.name for m in iter_modules(texts.__path__))
TEXTS = {d: import_module(f"funnelkpi.locale.texts.{d}").TEXTS for d in DOMAINS}


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_text_is_in_both_languages(domain: str) -> None:
    assert TEXTS[domain]
    for key, pair in TEXTS[domain].items():
        assert len(pair) == 2, key
        assert all(isinstance(t, str) and t.strip() for t in pair), key


def fields(template: str) -> list[tuple[str, str]]:
    """Placeholders with their format."""
    return [(name, spec or "") for _, name, spec, _ in string.Formatter().parse(template) if name]


@pytest.mark.parametrize("domain", DOMAINS)
def test_plural_forms_are_complete(domain: str) -> None:
    """Three forms in Russian, two in English; the form goes with a number that exists."""
    for key, pair in TEXTS[domain].items():
        for lang, template, forms in zip(LANGS, pair, (3, 2), strict=True):
            for _, spec in fields(template):
                if spec.startswith("plural:"):
                    given = spec.removeprefix("plural:").split(",")
                    assert len(given) == forms, (key, lang)
                    assert all(given), (key, lang)


@pytest.mark.parametrize("domain", [d for d in DOMAINS if d.startswith("errors_")])
def test_every_error_says_what_to_do(domain: str) -> None:
    for key in TEXTS[domain]:
        if not key.endswith(".remedy"):
            assert f"{key}.remedy" in TEXTS[domain], key


ONE = [1, 21, 31, 101, 121, 1001]
FEW = [2, 3, 4, 22, 33, 104, 1002]
MANY = [0, 5, 9, 10, 11, 12, 13, 14, 15, 19, 20, 25, 100, 111, 112, 113, 114, 1011, 1014]


@pytest.mark.parametrize(("numbers", "form"), [(ONE, "сделка"), (FEW, "сделки"), (MANY, "сделок")])
def test_russian_plurals(numbers: list[int], form: str) -> None:
    forms = ["сделка", "сделки", "сделок"]
    assert {plural(n, forms, "ru") for n in numbers} == {form}
    assert {plural(-n, forms, "ru") for n in numbers} == {form}


def test_russian_plurals_are_those_of_cldr() -> None:
    """The same rule in an independent implementation (babel's CLDR data), to 10,000."""
    from babel import Locale

    rule = Locale("ru").plural_form
    forms = ["one", "few", "many"]
    assert [plural(n, forms, "ru") for n in range(10_001)] == [rule(n) for n in range(10_001)]


def test_english_plurals() -> None:
    assert [plural(n, ["deal", "deals"], "en") for n in (0, 1, 2, 11, 21, -1)] == [
        "deals", "deal", "deals", "deals", "deals", "deal",
    ]  # fmt: skip


def test_text_with_plurals() -> None:
    assert text("report.verdict_open_today", "ru") != text("report.verdict_open_today", "en")
    params: dict[str, Any] = {"money": "1 ₽", "share": "5 %"}
    assert text("report.verdict_stake", "ru", n=1, **params).endswith("1 сделка")
    assert text("report.verdict_stake", "ru", n=3, **params).endswith("3 сделки")
    assert text("report.verdict_stake", "ru", n=11, **params).endswith("11 сделок")
    assert text("report.verdict_stake", "en", n=1, **params).endswith("1 deal")


def test_missing_keys_and_parameters_are_bugs() -> None:
    assert has("report.title")
    assert not has("report.no_such_text")
    with pytest.raises(KeyError):
        text("report.no_such_text", "ru")
    with pytest.raises(KeyError):
        text("report.title", "ru")


def test_text_of_a_file_is_no_template() -> None:
    """Braces in a stage's name are text, not a placeholder."""
    shown = text("errors_cli.unknown_stage", "ru", value="{0} {n:plural:a,b,c}")
    assert "{0} {n:plural:a,b,c}" in shown
