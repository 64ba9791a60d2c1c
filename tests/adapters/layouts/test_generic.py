"""Tables of any other program, through the captions named in the config."""

from __future__ import annotations

import pytest

from funnelkpi.adapters.registry import recognise
from funnelkpi.config.schema import Settings
from funnelkpi.errors import InputError

COLUMNS = {"deal_id": "Номер", "stage": "Шаг", "amount": "Цена", "created_at": "Заведена"}


def settings(**inputs) -> Settings:
    return Settings.model_validate({"inputs": inputs})


def test_deals(make_table, load_tables, rows):
    text = """Номер|Шаг|Цена|Заведена
A-2|Бриф (устный)|1 000 €|2026-02-13
A-1|Оплата|5,5|13.02.2026 10:00"""
    tables = load_tables(make_table("crm.csv", text), settings=settings(columns=COLUMNS))
    assert rows(tables.deals, "deal_id", "stage", "amount", "currency", "created_at", "crm") == [
        ("A-2", "Бриф (устный)", 1000.0, "EUR", "2026-02-13 00:00:00", "generic"),
        ("A-1", "Оплата", 5.5, "RUB", "2026-02-13 10:00:00", "generic"),
    ]
    assert tables.deals["created_day"].tolist() == [True, False]


def test_calls_by_a_rule(make_table, load_tables, rows):
    rule = {
        "match": "ats_*.csv", "date_order": "mdy",
        "columns": {"called_at": "When", "employee": "Who", "phone": "Number",
                    "direction": "Way", "talk_seconds": "Talk"},
    }  # fmt: skip
    text = """When|Who|Number|Way|Talk
02/03/2026 10:00|Анна Ким|8 912 000-00-01|Входящий|01:05
02/03/2026 11:00|Анна Ким|101|Исходящий|0"""
    tables = load_tables(make_table("ats_1.csv", text), settings=settings(files=[rule]))
    columns = ("called_at", "phone", "direction", "talk_seconds", "outcome")
    assert rows(tables.calls, *columns) == [
        ("2026-02-03 10:00:00", "+79120000001", "in", 65, "success"),
        ("2026-02-03 11:00:00", "101", "out", 0, "unknown"),
    ]


def test_users_by_a_rule(make_table, load_tables, rows):
    rule = {"match": "people.csv", "kind": "users", "crm": "bitrix24",
            "columns": {"id": "Код", "name": "Имя"}}  # fmt: skip
    deals = "ID|STAGE_ID|ASSIGNED_BY_ID\n1|NEW|8"
    tables = load_tables(
        make_table("deals.csv", deals), make_table("people.csv", "Код|Имя\n8|Анна Ким"),
        settings=settings(files=[rule]),
    )  # fmt: skip
    assert rows(tables.deals, "owner", "stage") == [("Анна Ким", "Новая")]


@pytest.mark.parametrize(
    ("inputs", "key", "like"),
    [
        ({"columns": {"deal_idd": "Номер"}}, "unknown_column", "deal_id"),
        ({"files": [{"match": "*", "columns": {"deal_id": "Номерр"}}]}, "caption_missing", "Номер"),
        ({"columns": {"deal_id": "Номер"}}, "column_not_mapped", None),
    ],
)
def test_a_wrong_mapping_is_explained(make_table, inputs, key, like):
    with pytest.raises(InputError) as error:
        recognise(make_table("crm.csv", "Номер|Шаг"), settings(**inputs))
    (problem,) = error.value.problems
    assert problem.key == f"errors_adapters.{key}"
    assert problem.params.get("like") == like


def test_a_global_caption_of_another_file_is_passed_over(make_table):
    export = recognise(make_table("x.csv", "ID|Этап сделки"), settings(columns=COLUMNS))
    assert (export.layout, set(export.mapping)) == ("amocrm-csv", {"deal_id", "stage"})
