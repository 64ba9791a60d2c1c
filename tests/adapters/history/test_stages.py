"""Stages in events: the known names decide how a cell is taken apart."""

from __future__ import annotations

import pytest

from funnelkpi.adapters.history.stages import KnownStages
from funnelkpi.config.schema import Settings

PAIRS = [
    ("Продажи", "База"), ("Продажи", "КП / Договор"), ("Продажи", "Договор"),
    ("Продажи", "Отказ клиента"), ("Сервис / тендеры", "Заявка"),
    ("Сервис / тендеры", "База (старая)"), (None, "Одна"),
]  # fmt: skip
KNOWN = KnownStages.of(PAIRS, Settings())
LOST = "Закрыто и не реализовано"


@pytest.mark.parametrize(
    ("text", "pipeline", "stage", "reason"),
    [
        ("Продажи / База", "Продажи", "База", None),
        ("Продажи/База", "Продажи", "База", None),
        ("продажи  /  БАЗА", "продажи", "БАЗА", None),
        ("Продажи > База", "Продажи", "База", None),
        ("Продажи База", "Продажи", "База", None),
        ("База", None, "База", None),
        ("КП / Договор", None, "КП / Договор", None),  # a stage with a slash of its own
        ("Продажи / КП / Договор", "Продажи", "КП / Договор", None),  # the longest stage
        ("Продажи / Договор", "Продажи", "Договор", None),
        ("Сервис / тендеры / Заявка", "Сервис / тендеры", "Заявка", None),
        ("Удалённая воронка / База", "Удалённая воронка", "База", None),
        ("Продажи / Удалённый этап", "Продажи", "Удалённый этап", None),
        ("Сервис / тендеры / Удалённый", "Сервис / тендеры", "Удалённый", None),
        ("Что-то / совсем / чужое", None, "Что-то / совсем / чужое", None),
        ("Смета: Договор", None, "Смета: Договор", None),  # only a slash parts unknown pipelines
        ("Продажи\nБаза", "Продажи", "База", None),
        ("Продажи\r\nУдалённый", "Продажи", "Удалённый", None),
        (f"Продажи\n{LOST}\nДорого", "Продажи", LOST, "Дорого"),
        (f"Продажи\n{LOST} (Дорого)", "Продажи", LOST, "Дорого"),
        ("База\nДорого", None, "База", "Дорого"),
        (f"{LOST} (Дорого)", None, LOST, "Дорого"),
        (f"Продажи / {LOST} (Дорого (не смог))", "Продажи", LOST, "Дорого (не смог)"),
        ("Продажи / Отказ клиента (Дорого)", "Продажи", "Отказ клиента", "Дорого"),
        ("База (старая)", None, "База (старая)", None),
        ("Сервис / тендеры / База (старая)", "Сервис / тендеры", "База (старая)", None),
        ("Новый (этап)", None, "Новый (этап)", None),
    ],
)  # fmt: skip
def test_split(text: str, pipeline: str | None, stage: str, reason: str | None) -> None:
    assert KNOWN.split(text) == (pipeline, stage, reason)


def test_a_stage_the_config_calls_open_keeps_its_brackets() -> None:
    """«Договор (срочно)» is no loss: the config knows «Договор» as an open stage."""
    config = {"pipelines": [{"key": "sales", "title": "Продажи", "stages": [
        {"key": "contract", "title": "Договор"}, {"key": "no", "title": "Отказ", "kind": "lost"},
    ]}]}  # fmt: skip
    known = KnownStages.of([], Settings.model_validate(config))
    assert known.split("Договор (срочно)") == (None, "Договор (срочно)", None)
    assert known.split("Продажи / Отказ (срочно)") == ("Продажи", "Отказ", "срочно")


def test_without_deals_built_in_names_are_known() -> None:
    known = KnownStages.of([], Settings())
    assert known.split(f"Продажи / {LOST} (Дорого)") == ("Продажи", LOST, "Дорого")
    assert known.split("Продажи / База") == (None, "Продажи / База", None)
