"""The planted flaws, found in the raw files where stories.json says they are."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

Rows = list[Any]


def _at(text: str) -> datetime | None:
    return datetime.strptime(text, "%d.%m.%Y %H:%M:%S") if text[:1].isdigit() else None


def _numbers(rows: Rows, test: Any) -> list[int]:
    return [row.number for row in rows if test(row)]


def test_rows_of_amocrm(stories: dict[str, Any], amocrm: Rows) -> None:
    mess = stories["stories"]["mess"]
    twice = Counter(r[0] for r in amocrm)
    tests = {
        "duplicate": lambda r: twice[r[0]] == 2,
        "no_owner": lambda r: not r.of("Ответственный"),
        "unknown_stage": lambda r: r.of("Этап сделки") == "Архив 2024",
        "future_created": lambda r: r.of("Дата создания сделки").startswith("02.03.2027"),
        "future_stage_date": lambda r: r.of("Дата: КП").startswith("12.11.2062"),
        "closed_before_created": lambda r: (
            (closed := _at(r.of("Дата закрытия"))) is not None
            and (_at(r.of("Дата создания сделки")) - closed).days >= 1
        ),
    }
    for name, test in tests.items():
        assert _numbers(amocrm, test) == mess[name]["amocrm_rows"], name


def test_rows_of_bitrix24(stories: dict[str, Any], bitrix24: Rows) -> None:
    mess = stories["stories"]["mess"]
    twice = Counter(r[0] for r in bitrix24)
    tests = {
        "duplicate": lambda r: twice[r[0]] == 2,
        "no_owner": lambda r: not r.of("Ответственный"),
        "unknown_stage": lambda r: r.of("Стадия сделки") == "Архив 2024",
        "future_created": lambda r: r.of("Дата создания").startswith("02.03.2027"),
        "usd": lambda r: r.of("Валюта") == "Доллар США",
        "eur": lambda r: r.of("Валюта") == "Евро",
        "closed_before_created": lambda r: (
            r.of("Сделка закрыта") == "да"
            and (_at(r.of("Дата создания")) - _at(r.of("Дата изменения стадии"))).days >= 1
        ),
    }
    for name, test in tests.items():
        assert _numbers(bitrix24, test) == mess[name]["bitrix24_rows"], name


def test_every_flaw_is_there(stories: dict[str, Any]) -> None:
    assert all(flaw["count"] > 0 for flaw in stories["stories"]["mess"].values())


def test_amounts(stories: dict[str, Any], amocrm: Rows) -> None:
    mess = stories["stories"]["mess"]
    rows = {r[0]: r for r in amocrm if r.of("Этап сделки") != "Неразобранное"}.values()
    empty = {int(r[0]) for r in rows if r.of("Бюджет ") == ""}
    zero = {int(r[0]) for r in rows if r.of("Бюджет ") == "0"}
    assert empty == set(mess["no_amount"]["amocrm"])
    assert zero == set(mess["zero_amount"]["amocrm"])


def test_incoming(stories: dict[str, Any], amocrm: Rows) -> None:
    waiting = [r for r in amocrm if r.of("Этап сделки") == "Неразобранное"]
    assert {int(r[0]) for r in waiting} == set(stories["stories"]["mess"]["incoming"]["amocrm"])
    assert {r.of("Ответственный") for r in waiting} == {"Биржа заявок"}


def test_names_differ_between_files(bitrix24: Rows, calls: Rows) -> None:
    owners = {r.of("Ответственный") for r in bitrix24}
    callers = {r.of("Сотрудник") for r in calls}
    assert {"Чернышёва Марина", "Галеев Тимур", "Галеев\u00a0Тимур"} <= owners
    assert {"Марина Чернышева", "Тимур Галеев", "—", "Биллинг"} <= callers


def test_guards_and_markup(amocrm: Rows, bitrix24: Rows, leads: Rows) -> None:
    phones = {r.of("Рабочий телефон")[:3] for r in amocrm}
    assert phones == {"'+7"}
    notes = {r.of("Примечание") for r in amocrm}
    assert any(n.startswith("'=") for n in notes)
    assert any("\n" in n for n in notes)
    comments = {r.of("Комментарий") for r in bitrix24}
    assert any(c.startswith("[p]\n") for c in comments)
    assert any("&quot;" in c for c in comments)
    assert any("Город" in r.of("Комментарий") for r in leads)  # the nested table
    assert {"Cчёт на предоплату"} < {r.of("Стадия сделки") for r in bitrix24}


def test_ids_descend(amocrm: Rows, bitrix24: Rows, leads: Rows) -> None:
    for rows in (amocrm, bitrix24, leads):
        ids = [int(r[0]) for r in rows]
        assert ids == sorted(ids, reverse=True)
