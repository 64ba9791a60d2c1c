"""What a change was from and to, in the forms a list of events and the API write it."""

from __future__ import annotations

import json
from typing import Any

import pytest

EVENTS = "Дата|Объект|Событие|Значение до|Значение после|ID сделки"


@pytest.mark.parametrize(
    ("before", "after", "amounts"),
    [
        ("0", "15000", (0.0, 15000.0, "RUB")),
        ("", "15 000,50 ₽", (None, 15000.5, "RUB")),
        ("1 000 $", "2 000 $", (1000.0, 2000.0, "USD")),
        ("100", "", (100.0, None, "RUB")),
        ("100", "-", (100.0, None, "RUB")),
    ],
)
def test_amounts(
    make_table: Any, load_tables: Any, rows: Any, before: str, after: str, amounts: Any
) -> None:
    line = f"01.11.2026 10:00|Сделка|Изменение поля “Бюджет”|{before}|{after}|5"
    history = load_tables(make_table("e.csv", f"{EVENTS}\n{line}")).history
    assert rows(history, "from_amount", "amount", "currency") == [amounts]


def test_a_stage_is_no_bad_amount(make_table: Any, load_tables: Any, rows: Any) -> None:
    """One column holds stages, names and amounts: each is read by its event."""
    lines = [
        "01.11.2026 10:00|Сделка|Новый этап|5000|7000|5",
        "01.11.2026 10:01|Сделка|Изменение поля “Бюджет”|5000|7000|5",
        "01.11.2026 10:02|Сделка|Ответственный изменен|5000|7000|5",
    ]
    tables = load_tables(make_table("e.csv", "\n".join([EVENTS, *lines])))
    assert rows(tables.history, "stage", "amount", "owner") == [
        ("7000", None, None), (None, 7000.0, None), (None, None, "7000"),
    ]  # fmt: skip
    assert tables.findings == ()


API = "id|type|entity_id|entity_type|created_by|created_at|value_before|value_after"


@pytest.mark.parametrize(
    ("kind", "value", "column", "wanted"),
    [
        ("sale_field_changed", [{"sale_field_value": {"sale": 700}}], "amount", 700.0),
        ("sale_field_changed", [{"sale": 700}], "amount", 700.0),
        ("sale_field_changed", {"sale_field_value": {"sale": "700.5"}}, "amount", 700.5),
        ("sale_field_changed", [], "amount", None),
        ("entity_responsible_changed", [{"responsible_user": {"id": 9}}], "owner", "9"),
        ("entity_responsible_changed", [{"responsible_user": {"id": 0}}], "owner", None),
        ("entity_responsible_changed", "мусор", "owner", None),
        (
            "lead_status_changed",
            [{"lead_status": {"id": 142, "pipeline_id": 7}}],
            "stage",
            "Успешно реализовано",
        ),
    ],
)
def test_api_values(
    make_source: Any, load_tables: Any, rows: Any, kind: str, value: Any, column: str, wanted: Any
) -> None:
    cells = ["1", kind, "5", "lead", "9", "1794000000", "[]", json.dumps(value)]
    history = load_tables(make_source("e.csv", API.split("|"), [cells])).history
    assert rows(history, "deal_id", column, "actor") == [("5", wanted, "9")]


def test_api_stage_without_a_value_is_rejected(
    make_source: Any, load_tables: Any, findings: Any
) -> None:
    cells = ["1", "lead_status_changed", "5", "lead", "0", "1794000000", "[]", "[]"]
    tables = load_tables(make_source("e.csv", API.split("|"), [cells]))
    assert tables.accounts[0].rejected == 1
    assert findings(tables)["event_without_stage"].column == "value_after"
