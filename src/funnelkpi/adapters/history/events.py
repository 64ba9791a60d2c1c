"""What an event of a CRM's list means: by its name, or by its code in the API."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from funnelkpi.adapters.captions import caption_key, text_key

CHANGES = ("created", "stage", "owner", "amount", "planned_close", "deleted", "restored")
"""What a change of history is of (``model.tables.HISTORY``)."""
OTHER = "other"
"""An event of the CRM that changes nothing a figure needs: a call, a task, a tag."""
NOT_DEAL = "not_deal"
"""An event of a contact, a company, a customer, a task."""

_NAMES = {
    "created": (
        "Новая сделка", "Сделка создана", "Создание сделки", "Создана", "New lead", "lead_added",
    ),
    "stage": (
        "Изменение этапа продажи", "Смена этапа", "Новый этап", "Изменение этапа", "Этап изменен",
        "Изменение статуса", "Смена статуса", "Lead stage changed", "Sales stage changed",
        "lead_status_changed", "stage_changed",
    ),
    "owner": (
        "Ответственный изменен", "Смена ответственного", "Изменение ответственного",
        "Изменение поля Ответственный", "Responsible user changed", "entity_responsible_changed",
        "responsible_changed",
    ),
    "amount": (
        "Изменение поля Бюджет", "Изменение бюджета", "Бюджет изменен", "sale_field_changed",
    ),
    "deleted": ("Сделка удалена", "Удаление сделки", "Lead deleted", "lead_deleted"),
    "restored": ("Сделка восстановлена", "Восстановление сделки", "Lead restored", "lead_restored"),
    "planned_close": (),
    NOT_DEAL: (
        "Новый контакт", "Контакт удален", "Контакт восстановлен", "Новая компания",
        "Компания удалена", "Компания восстановлена", "Новый покупатель", "Покупатель удален",
        "Изменение этапа покупателя", "Сумма покупок",
    ),
    OTHER: (
        "Прикрепление сделки", "Открепление сделки", "Новая задача", "Задача удалена",
        "Завершение задачи", "Изменение типа задачи", "Изменение текста задачи",
        "Изменение даты исполнения задачи", "Результат по задаче", "Входящий звонок",
        "Исходящий звонок", "Входящее сообщение", "Исходящее сообщение",
        "Сообщение внутреннего чата", "Входящее SMS", "Исходящее SMS", "Теги добавлены",
        "Теги убраны", "Прикрепление", "Открепление", "Изменение поля", "Ответ робота",
        "Новое примечание", "Примечание удалено", "Объединение", "Слияние",
    ),
}  # fmt: skip
_BY_NAME = {text_key(name): change for change, names in _NAMES.items() for name in names}
_PLANNED = (
    "Предполагаемая дата закрытия", "Планируемая дата закрытия", "Плановая дата закрытия",
    "Ожидаемая дата закрытия", "Дата закрытия (план)", "План закрытия", "Expected close date",
)  # fmt: skip
_FIELD = re.compile(r"(?:изменение поля|поле изменено|field changed)\b\s*(.+)")
_OTHER_CODES = re.compile(
    r"(?:contact|company|customer|task|talk|note|incoming|outgoing|entity|link|unlink|common|name|"
    r"custom_field|ltv|nps|robot|intent|geo|service|site|dropbox|fax|key_action|ai|sms|mail|"
    r"attachment|targeting|zoom|conversation|lead)[a-z0-9_]*"
)
_QUOTES = re.compile("[\"'«»“”„`’:]+")
_NOT_DEALS = re.compile(
    r"(?:контакт|компания|покупатель|задача|contact|company|customer|task|каталог|элемент списка|"
    r"catalog|catalog_element|contacts|companies|customers|tasks)(?:\s*[#№:]?\s*\d*)?"
)
_DEALS = re.compile(r"(?:сделка|сделки|lead|leads|deal|deals)(?:\s*[#№:]?\s*\d*)?")


def planned_fields(captions: Iterable[str] = ()) -> frozenset[str]:
    """Keys of the fields that hold the planned close date; captions: those the config names."""
    return frozenset(caption_key(c) for c in (*_PLANNED, *captions))


def change_of(text: str, planned: Collection[str]) -> str | None:
    """A change of ``CHANGES``, ``OTHER``, ``NOT_DEAL``; None for a name nobody knows.

    «Изменение поля “Бюджет”» is a change of the amount, of one of the fields ``planned`` a change
    of the planned close date, of any other field another event.
    """
    key = " ".join(_QUOTES.sub(" ", text_key(text)).split())
    if key in _BY_NAME:
        return _BY_NAME[key]
    if caption_key(key) in planned:  # custom_field_123_value_changed, named in the config
        return "planned_close"
    if key in CHANGES:
        return key
    if field := _FIELD.fullmatch(key):
        return "planned_close" if caption_key(field[1]) in planned else OTHER
    return OTHER if "_" in key and _OTHER_CODES.fullmatch(key) else None


def is_deal(text: str) -> bool | None:
    """Whether the text of an event's object says a deal, or something else; None: it says neither
    (the deal's own name or its address may stand there)."""
    key = text_key(text)
    if _NOT_DEALS.fullmatch(key):
        return False
    return True if _DEALS.fullmatch(key) else None
