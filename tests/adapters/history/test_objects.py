"""Whose event it is: IDs, addresses, numbers in the object's name."""

from __future__ import annotations

from typing import Any

import pytest

HEADER = "Дата|Объект|Название|Событие|Значение до|Значение после|Ссылка|ID объекта"


@pytest.mark.parametrize(
    ("thing", "name", "link", "number", "deal"),
    [
        ("Сделка", "Окна", "", "15", "15"),
        ("Сделка", "Окна", "", "15.0", "15"),  # a workbook saved again
        ("Сделка", "Окна", "https://x.amocrm.ru/leads/detail/15", "", "15"),
        ("Сделка", "Окна", "/leads/detail/15/?tab=2", "", "15"),
        ("Сделка", "Окна", "https://x.amocrm.ru/leads/detail/99", "15", "15"),
        ("https://x.amocrm.ru/leads/detail/15", "Окна", "", "", "15"),
        ("Сделка", "Окна https://x.kommo.com/leads/detail/15", "", "", "15"),
        ("Сделка #15", "Окна", "", "", "15"),
        ("", "Окна", "https://x.amocrm.ru/contacts/detail/15", "", None),
        ("Контакт", "Окна", "", "15", None),
        ("Компания", "Окна", "", "15", None),
    ],
)
def test_ids(
    make_table: Any, load_tables: Any, thing: str, name: str, link: str, number: str, deal: Any
) -> None:
    row = f"01.11.2026 10:00|{thing}|{name}|Новый этап|База|КП|{link}|{number}"
    tables = load_tables(make_table("e.csv", f"{HEADER}\n{row}"))
    assert tables.history["deal_id"].tolist() == ([deal] if deal else [])
    reasons = dict(tables.accounts[0].reasons)
    assert reasons == ({} if deal else {"findings_adapters.events_not_of_deals": 1})


def test_a_code_and_a_name_complete_each_other(make_table: Any, load_tables: Any) -> None:
    """A code of a custom field tells nothing, the event's name says which field it is."""
    header = "Дата|Тип события|Событие|Значение после|ID сделки"
    rows = [
        "01.11.2026|custom_field_7_value_changed|Изменение поля “Ожидаемая дата закрытия”|02.12.2026|5",
        "01.11.2026|lead_status_changed|Что-то своё|База|5",
        "01.11.2026|task_added|Что-то своё||5",
        "01.11.2026||Что-то своё||5",
        "01.11.2026||||5",
    ]
    tables = load_tables(make_table("e.csv", "\n".join([header, *rows])))
    assert tables.history["change"].tolist() == ["planned_close", "stage"]
    assert dict(tables.accounts[0].reasons) == {
        "findings_adapters.unknown_events": 2, "findings_adapters.other_events": 1,
    }  # fmt: skip
