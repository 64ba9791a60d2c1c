"""Slices and statistics of the long table in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from funnelkpi.config.schema import Settings
from funnelkpi.report.row_words import slice_words, statistic_words

NORMS = [{"title": "КП отправлено", "metric": "won", "per": "week", "normal": 1},
         {"metric": "won", "per": "week", "normal": 1}]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "ru", "en"),
    [
        (None, None, None),
        ("class=still_there", "стоят", "still there"),
        ("reason=any", "по любой причине", "for any reason"),
        ("reason=silent", "молчит", "silent"),
        ("start=unknown", "начало неизвестно", "start unknown"),
        ("evidence=history", "история", "history"),
        ("norm=0", "норма «КП отправлено»", "norm “КП отправлено”"),
        ("norm=1", "норма", "norm"),
        ("loss_reason=Дорого", "Причина отказа: Дорого", "Loss reason: Дорого"),
        ("source=", "Источник: не указано", "Source: not given"),
        ("Регион=Юг = море", "Регион: Юг = море", "Регион: Юг = море"),
    ],
)
def test_slices(value: str | None, ru: str | None, en: str | None) -> None:
    settings = Settings.model_validate({"norms": NORMS})
    assert slice_words(value, settings, "ru") == ru
    assert slice_words(value, settings, "en") == en


def test_the_value_itself_has_no_word() -> None:
    assert statistic_words("value", "ru") is None
    assert statistic_words("without_ignore_rule", "ru") == "со всеми причинами отказа"


@pytest.mark.parametrize("crm", ["amocrm", "bitrix24", "calls"])
def test_every_row_of_the_samples_has_russian_words(sample: Callable[[str], Any], crm: str) -> None:
    analysis = sample(crm)
    statistics = set(analysis.metrics["statistic"].dropna())
    assert len(statistics) > 5
    for one in statistics - {"value"}:
        assert not re.search("[a-z_]{3}", statistic_words(one, "ru") or "x_x"), one
    slices = set(analysis.metrics["slice"].dropna())
    assert len(slices) > 10
    for one in slices:
        assert not re.search("[a-z]_|^[a-z]+=", slice_words(one, analysis.settings, "ru") or ""), (
            one
        )
