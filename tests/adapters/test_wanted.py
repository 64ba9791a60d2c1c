"""Which columns a run reads."""

from __future__ import annotations

from typing import Any

import pytest

from funnelkpi.adapters.registry import recognise
from funnelkpi.adapters.wanted import wanted
from funnelkpi.config.schema import Settings

DEALS = "ID | Название сделки | Этап сделки | Дата закрытия"
CALLS = "Сотрудник | Номер телефона | Тип звонка | Время звонка | Дата вызова | Статус"


@pytest.fixture
def exports(make_table: Any) -> Any:
    return lambda *texts: [
        recognise(make_table(f"{i}.csv", t), Settings()) for i, t in enumerate(texts)
    ]


def test_wide_texts_are_read_on_request_only(exports: Any) -> None:
    plain = wanted(exports(DEALS), Settings(), ())
    assert {"stage", "amount", "closed_at", "title", "source"} <= plain.columns
    assert not plain.columns & {"phone", "company", "contact", "tags", "creator", "lead_id"}
    assert (plain.texts, plain.moments) == ((), ())


def test_calls_need_the_phones_of_the_deals(exports: Any) -> None:
    assert "phone" in wanted(exports(DEALS, CALLS), Settings(), ()).columns


def test_slices_filters_and_stage_dates_bring_their_columns(exports: Any) -> None:
    settings = Settings.model_validate(
        {
            "pipelines": [
                {"key": "p", "stages": [{"key": "a", "date_column": "Дата: А"}, {"key": "b"}]}
            ],
            "norms": [
                {"metric": "entries", "stage": "a", "normal": 1, "where": [
                    {"field": "Категория", "value": "A"}, {"field": "company", "op": "filled"},
                ]},
            ],
        }
    )  # fmt: skip
    got = wanted(exports(DEALS), settings, ("tag", "Регион", "month", "currency", "Категория"))
    assert {"tags", "company"} <= got.columns
    assert sorted(got.texts) == ["Категория", "Регион"]
    assert got.moments == ("Дата: А",)
