"""Columns of an unknown table of calls: what is guessed, and what is no table of calls."""

from __future__ import annotations

import pytest

from funnelkpi.adapters.calls.guessed import guess_calls


def guessed(table: str) -> dict[str, str] | None:
    header, *rows = [line.split("|") for line in table.strip().splitlines()]
    return guess_calls(header, rows)


BOTH_ENDS = """
Дата и время|Кто звонил|Кому звонили|Сотрудник|Длительность ожидания|Длительность разговора|Статус|ID
01.02.2026 10:00:01|101|74950001122|Ким|00:05|01:02|Успешный|1
01.02.2026 10:05:00|89160000000|102|Рау|5|0|Пропущенный|2
"""
ENGLISH = """
calldate|src|dst|duration|billsec|disposition|uniqueid
2026-02-01 10:00:01|101|74950001122|30|20|ANSWERED|12.1
"""
DAY_AND_TIME = """
Дата|Время|Тип|Абонент|Менеджер|Длительность
01.02.2026|10:00|Входящий|+7 916 000-00-00|Ким|4 мин, 53 сек
01.02.2026|10:20|Исходящий|Скрытый номер|Ким|10 сек
"""
ONE_COLUMN = """
Начало|Тип вызова|Номер клиента
01.02.2026 10:00|Входящий принятый|+79160000000
01.02.2026 10:20|Входящий пропущенный|+79160000000
"""


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (BOTH_ENDS, {
            "called_at": "Дата и время", "from_number": "Кто звонил", "to_number": "Кому звонили",
            "employee": "Сотрудник", "wait_seconds": "Длительность ожидания",
            "talk_seconds": "Длительность разговора", "outcome": "Статус", "call_id": "ID",
        }),
        (ENGLISH, {
            "called_at": "calldate", "from_number": "src", "to_number": "dst",
            "total_seconds": "duration", "talk_seconds": "billsec", "outcome": "disposition",
            "call_id": "uniqueid",
        }),
        (DAY_AND_TIME, {
            "called_at": "Дата", "called_time": "Время", "direction": "Тип", "phone": "Абонент",
            "employee": "Менеджер", "total_seconds": "Длительность",
        }),
        (ONE_COLUMN, {
            "called_at": "Начало", "direction": "Тип вызова", "outcome": "Тип вызова",
            "phone": "Номер клиента",
        }),
    ],
)  # fmt: skip
def test_tables_of_calls(table, expected):
    assert guessed(table) == expected


@pytest.mark.parametrize(
    "table",
    [
        "ID|Название|Этап|Телефон|Дата создания\n1|Окна|Новый|+79160000000|01.02.2026 10:00",
        "Номер|Статус|Дата создания|Телефон\n1|Новый|01.02.2026 10:00|+79160000000",  # a list of deals
        "Дата|Сотрудник|Длительность\n01.02.2026 10:00|Ким|00:10",  # whom?
        "Дата|Откуда|Длительность\n01.02.2026 10:00|101|00:10",  # one end only
        "Телефон|Статус\n+79160000000|Успешный",  # when?
        "Начало звонка|Номер клиента|Статус",  # captions alone
    ],
)
def test_what_is_no_table_of_calls(table):
    assert guessed(table) is None


def test_captions_alone_do_not_tell():
    """«Дата» with names in it is no date."""
    assert guessed("Дата|Телефон|Статус\nпонедельник|+79160000000|Успешный") is None
