"""Which columns a run reads."""

from __future__ import annotations

from typing import Any

import pytest

from funnelkpi.adapters.registry import recognise
from funnelkpi.adapters.wanted import check_slices, wanted
from funnelkpi.config.schema import Settings
from funnelkpi.errors import UsageError

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


LEADS = "ID | Название лида | Стадия"
TASKS = "ID | OWNER_TYPE_ID | OWNER_ID | SUBJECT | DEADLINE"
FULL = "ID | Название сделки | Стадия сделки | Контакт: Фамилия | Контакт: Дата создания"


@pytest.mark.parametrize(
    ("files", "needed"),
    [
        ((DEALS, CALLS), {"phone", "company", "contact", "creator"}),
        ((DEALS, LEADS), {"phone", "company", "contact", "lead_id"}),
        ((DEALS, TASKS), {"company", "contact"}),
    ],
    ids=["calls", "leads", "tasks"],
)
def test_what_tells_clients_apart_is_read_when_needed(
    exports: Any, files: Any, needed: Any
) -> None:
    on_request = {"tags", "contact", "company", "phone", "creator", "lead_id"}
    assert wanted(exports(*files), Settings(), ()).columns & on_request == needed


def test_clients_are_made_of_deals_for_the_figures_that_count_them(exports: Any) -> None:
    norm = {"metric": "decision_makers", "normal": 10}
    rules = [{"name": "A", "where": [{"field": "employees", "op": ">", "value": 50},
                                     {"field": "Лет на рынке", "op": ">", "value": 3}]}]  # fmt: skip
    settings = Settings.model_validate({"norms": [norm], "categories": rules})
    got = wanted(exports(DEALS), settings, ())
    assert got.from_deals == {"contacts", "companies"}
    assert (got.clients, got.client_texts) == ({"employees"}, ("Лет на рынке",))
    assert not wanted(exports(DEALS, CALLS), Settings(), ()).from_deals
    with_calls = wanted(exports(FULL, CALLS), Settings(), ())
    assert (with_calls.from_deals, with_calls.clients) == ({"contacts"}, {"phone"})


def test_hours_and_weekdays_are_no_columns(exports: Any) -> None:
    """They are of the calls, meetings and tasks; a slice nobody knows names them among the others."""
    given = exports(DEALS)
    check_slices(("hour", "weekday"), given)
    assert wanted(given, Settings(), ("hour", "weekday")) == wanted(given, Settings(), ())
    with pytest.raises(UsageError) as error:
        check_slices(("minute",), given)
    assert {"hour", "weekday"} <= set(str(error.value.problems[0].params["known"]).split(", "))
