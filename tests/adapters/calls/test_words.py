from __future__ import annotations

import pytest

from funnelkpi.adapters.calls.words import (
    INTERNAL,
    direction_of,
    known_outcome,
    outcome_of,
    seconds_of,
    time_of_day,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4 мин, 53 сек", 293), ("7 сек", 7), ("2 мин", 120), ("4 мин 53 сек", 293),
        ("0 сек", 0), ("75 мин, 1 сек", 4501), ("1 min, 31 s", 91), ("65", 65), ("65.0", 65),
        ("04:53", 293), ("01:04:53", 3893), ("долго", None), ("", None),
        ("1h 2m", 3720), ("1h2m3s", 3723), ("1 ч. 2 мин. 3 сек.", 3723), ("3 м 5 с", 185),
        ("2,6", 3), ("00:01:05.3", 65), ("-5", -5), ("−00:05", -5), ("-", None),
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


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Принят", "success"), ("Не принят", "missed"), ("Отвечен", "success"),
        ("Неотвеченный", "missed"), ("NO ANSWER", "missed"), ("ANSWERED", "success"),
        ("Дозвон", "success"), ("Недозвон", "missed"), ("Не состоялся", "failed"),
        ("Состоявшийся", "success"), ("да", "success"), ("0", "missed"), ("Потерян", "missed"),
        ("NotAvailable", "failed"), ("no money, no limit", "failed"), ("cancel", "cancelled"),
        ("Сброшен", "cancelled"), ("Голосовая почта", "missed"), ("Входящий принятый", "success"),
        ("Входящий пропущенный", "missed"), ("Исходящий", None), ("FAILED", "failed"),
    ],
)  # fmt: skip
def test_outcomes_of_telephony_programs(text, outcome):
    assert known_outcome(text, "generic") == outcome


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("внутренний", INTERNAL), ("Internal", INTERNAL), ("вх.", "in"), ("Исх.", "out"),
        ("Исходящий международный", "out"), ("international outbound", "out"), ("1", None),
    ],
)  # fmt: skip
def test_directions_of_telephony_programs(text, direction):
    assert direction_of(text, "generic") == direction


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("9:05", 32700), ("09:05:30", 32730), ("24:00", None), ("9:60", None), ("днём", None)],
)
def test_times_of_day(text, seconds):
    assert time_of_day(text) == seconds
