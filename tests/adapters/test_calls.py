from __future__ import annotations

import pytest

from funnelkpi.adapters.calls import direction_of, outcome_of, seconds_of
from funnelkpi.model.tables import CALLS


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4 мин, 53 сек", 293), ("7 сек", 7), ("2 мин", 120), ("4 мин 53 сек", 293),
        ("0 сек", 0), ("75 мин, 1 сек", 4501), ("1 min, 31 s", 91), ("65", 65), ("65.0", 65),
        ("04:53", 293), ("01:04:53", 3893), ("долго", None), ("", None),
    ],
)  # fmt: skip
def test_seconds(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Успешный звонок", "success"), ("Пропущенный звонок", "missed"), ("Отклонено", "declined"),
        ("Вызов отменен", "cancelled"), ("Занято", "busy"), ("Неверный номер", "failed"),
        ("Данное направление не доступно", "failed"), ("Временно недоступен", "failed"),
        ("Недостаточно средств на счету", "failed"), ("Заблокировано", "failed"),
        ("Не определен", "unknown"), ("200", "success"), ("603-S", "cancelled"), ("480", "failed"),
        ("[304] Пропущенный звонок", "missed"), ("Unsuccessful", "failed"),
        ("Chamada perdida", "missed"), ("что-то новое", "unknown"),
    ],
)  # fmt: skip
def test_outcomes(text, outcome):
    assert outcome_of(text, "bitrix24") == outcome


def test_amocrm_statuses():
    assert [outcome_of(c, "amocrm") for c in "1467"] == ["missed", "success", "missed", "busy"]


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("исходящий", "out"), ("Исходящий звонок", "out"), ("входящий с перенаправлением", "in"),
        ("обратный", "callback"), ("информационный", "info"), ("call_in", "in"), ("outbound", "out"),
        ("3", "in"), ("?", None),
    ],
)  # fmt: skip
def test_directions(text, direction):
    assert direction_of(text) == direction


HEADER = "Сотрудник|Номер телефона|Тип звонка|Время звонка|Дата вызова|Статус"


def test_what_cannot_be_read_is_named(make_table, load_tables, rows, findings):
    text = f"""{HEADER}
Анна Ким|1|исходящий|долго|05.02.2026 11:00:00|Успешный звонок
Анна Ким|1|исходящий|5 сек|05.02.2026 11:00:00|Новый статус
Анна Ким|1|исходящий|5 сек||Успешный звонок"""
    tables = load_tables(make_table("c.xls", text))
    assert rows(tables.calls, "talk_seconds", "outcome") == [(0, "success"), (0, "unknown")]
    named = {k: f.rows for k, f in findings(tables).items()}
    assert named == {"bad_duration": (2,), "unknown_outcome": (3,), "call_without_time": (4,)}
    assert tables.accounts[0].rejected == 1


def test_columns_and_types(make_table, load_tables):
    types = {"category": "category", "text": "str", "moment": "datetime64[s]", "int": "int64"}
    calls = load_tables(make_table("c.xls", HEADER)).calls
    found = {c: str(t) for c, t in calls.dtypes.items()}
    assert {c.name: types[c.type] for c in CALLS}.items() <= found.items()
