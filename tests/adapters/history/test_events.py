"""Names and codes of events."""

from __future__ import annotations

import pytest

from funnelkpi.adapters.history.events import change_of, is_deal, planned_fields

OFFICIAL = {
    "Новая сделка": "created", "Сделка удалена": "deleted", "Сделка восстановлена": "restored",
    "Изменение этапа продажи": "stage", "Изменение поля “Бюджет”": "amount",
    "Ответственный изменен": "owner", "Прикрепление сделки": "other",
    "Открепление сделки": "other", "Новый контакт": "not_deal", "Контакт удален": "not_deal",
    "Контакт восстановлен": "not_deal", "Новая компания": "not_deal",
    "Новый покупатель": "not_deal", "Изменение этапа покупателя": "not_deal",
    "Новая задача": "other", "Задача удалена": "other", "Завершение задачи": "other",
    "Изменение типа задачи": "other", "Изменение текста задачи": "other",
    "Изменение даты исполнения задачи": "other", "Результат по задаче": "other",
    "Входящий звонок": "other", "Исходящий звонок": "other", "Входящее сообщение": "other",
    "Исходящее сообщение": "other", "Сообщение внутреннего чата": "other",
    "Входящее SMS": "other", "Исходящее SMS": "other", "Теги добавлены": "other",
    "Теги убраны": "other", "Прикрепление": "other", "Открепление": "other",
    "Изменение поля “Название”": "other", "Сумма покупок": "not_deal", "Изменение поля": "other",
    "Ответ робота": "other",
}  # fmt: skip


@pytest.mark.parametrize(("name", "change"), OFFICIAL.items())
def test_official_names(name: str, change: str) -> None:
    assert change_of(name, planned_fields()) == change
    assert change_of(f" {name.upper()} ", planned_fields()) == change


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("Смена этапа", "stage"), ("Новый этап", "stage"), ("Ответственный изменён", "owner"),
        ('Изменение поля "Бюджет"', "amount"), ("Изменение поля «Бюджет»", "amount"),
        ("Изменение поля: Бюджет", "amount"), ("Изменение поля Бюджет", "amount"),
        ("lead_status_changed", "stage"), ("lead_added", "created"), ("lead_deleted", "deleted"),
        ("lead_restored", "restored"), ("entity_responsible_changed", "owner"),
        ("sale_field_changed", "amount"), ("incoming_call", "other"), ("task_added", "other"),
        ("custom_field_123_value_changed", "other"), ("lead_linked", "other"),
        ("Полнолуние", None), ("full moon", None),
        ("Изменение поля “Предполагаемая дата закрытия”", "planned_close"),
    ],
)  # fmt: skip
def test_other_spellings_and_codes(name: str, change: str | None) -> None:
    assert change_of(name, planned_fields()) == change


def test_planned_close_of_the_config() -> None:
    planned = planned_fields(["Подпишем", "custom_field_7_value_changed"])
    assert change_of("Изменение поля “Подпишем”", planned) == "planned_close"
    assert change_of("custom_field_7_value_changed", planned) == "planned_close"
    assert change_of("custom_field_8_value_changed", planned) == "other"


@pytest.mark.parametrize(
    ("text", "deal"),
    [
        ("Сделка", True), ("lead", True), ("Сделка #15", True), ("Контакт", False),
        ("company", False), ("Задача", False), ("Компания Ромашка", None), ("Окна", None),
        ("https://x.amocrm.ru/leads/detail/5", None),
    ],
)  # fmt: skip
def test_objects(text: str, deal: bool | None) -> None:
    assert is_deal(text) is deal
