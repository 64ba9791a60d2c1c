"""The raw files of ``calls/`` against stories.json, read by the standard library only."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2] / "sample_data"
WEEK = (datetime(2026, 11, 9), datetime(2026, 11, 16))
Table = list[dict[str, str]]


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "stories.json").read_text("utf-8"))["calls"]
    return found


@pytest.fixture(scope="module")
def tables(told: dict[str, Any]) -> dict[str, Table]:
    """The CSV files; of equal captions the first one counts."""
    out = {}
    for kind, name in told["files"].items():
        if not name.endswith(".csv"):
            continue
        text = (ROOT / name).read_bytes().decode("utf-8-sig")
        delimiter = "," if kind in ("history", "activities") else ";"
        header, *body = list(csv.reader(io.StringIO(text), delimiter=delimiter))
        out[kind] = [dict(reversed(list(zip(header, row, strict=True)))) for row in body]
    return out


def _at(text: str) -> datetime:
    form = "%d.%m.%Y %H:%M:%S" if "." in text else "%Y-%m-%d %H:%M:%S"
    return datetime.strptime(text, form)


def _week(text: str) -> bool:
    return bool(text) and WEEK[0] <= _at(text) < WEEK[1]


def _seconds(call: dict[str, str]) -> int:
    hours, minutes, seconds = map(int, call["Разговор"].split(":"))
    return hours * 3600 + minutes * 60 + seconds


def _digits(phone: str) -> str:
    return "".join(c for c in phone if c.isdigit())[-10:]


def test_rows(told: dict[str, Any], tables: dict[str, Table]) -> None:
    for kind, rows in tables.items():
        assert len(rows) == told["rows"][kind], kind


def test_nothing_is_later_than_the_export(told: dict[str, Any], tables: dict[str, Table]) -> None:
    until = datetime.fromisoformat(told["as_of"])
    assert all(_at(r["Начало звонка"]) < until for r in tables["calls"])
    assert all(_at(r["DATE_CREATE"]) < until for r in tables["history"])
    assert all(_at(r["CREATED"]) < until for r in tables["activities"])
    assert all(_at(r["CLOSED_DATE"]) < until for r in tables["activities"] if r["CLOSED_DATE"])


def test_conversations_without_a_deal(told: dict[str, Any], tables: dict[str, Table]) -> None:
    """A number that is in no card and in no lead is a client nobody entered."""
    story = told["stories"]["never_enters"]
    known = {_digits(r["Рабочий телефон"]) for r in tables["contacts"]} - {""}
    lost: Counter[str] = Counter()
    for call in tables["calls"]:
        talk = call["Статус"] == "Отвечен" and _seconds(call) >= 30
        phone = _digits(call["Номер клиента"])
        if talk and _week(call["Начало звонка"]) and len(phone) == 10 and phone not in known:
            lost[call["Сотрудник"]] += 1
    assert lost["Санников Глеб"] == story["without_deal"]
    assert sum(lost.values()) == story["without_deal"] + story["others_without_deal"]


def test_missed_and_rung_back_the_next_day(told: dict[str, Any], tables: dict[str, Table]) -> None:
    story = told["stories"]["next_day"]
    calls = sorted(tables["calls"], key=lambda r: _at(r["Начало звонка"]))
    own = [r for r in calls if r["Сотрудник"] == "Южина Дарья" and r["Статус"] == "Не отвечен"
           and r["Тип"] == "входящий" and _week(r["Начало звонка"])]  # fmt: skip
    assert len(own) == story["missed"]
    for call in own:
        at, phone = _at(call["Начало звонка"]), _digits(call["Номер клиента"])
        then = next(r for r in calls if _digits(r["Номер клиента"]) == phone
                    and _at(r["Начало звонка"]) > at)  # fmt: skip
        assert then["Тип"] == "исходящий"
        assert _at(then["Начало звонка"]).date() == at.date() + timedelta(days=1)


def test_meetings_without_a_task(told: dict[str, Any], tables: dict[str, Table]) -> None:
    story = told["stories"]["no_next_step"]
    held = [r for r in tables["activities"] if r["TYPE_ID"] == "1" and r["COMPLETED"] == "Y"
            and r["RESPONSIBLE_NAME"] == story["manager"] and _week(r["START_TIME"])]  # fmt: skip
    assert {int(r["OWNER_ID"]) for r in held} == set(story["deals"])
    after = [
        task
        for task in tables["activities"]
        for meeting in held
        if task["TYPE_ID"] == "3"
        and task["OWNER_ID"] == meeting["OWNER_ID"]
        and max(_at(task["CREATED"]), _at(task["DEADLINE"])) >= _at(meeting["START_TIME"])
    ]
    assert after == []


def test_hand_overs(told: dict[str, Any], tables: dict[str, Table]) -> None:
    story = told["stories"]["hand_overs"]
    owners: dict[str, list[str]] = {}
    for row in tables["history"]:
        owners.setdefault(row["DEAL_ID"], []).append(row["ASSIGNED_BY_NAME"])
    moves = [(a, b) for names in owners.values() for a, b in itertools.pairwise(names) if a != b]
    assert len(moves) == story["count"]
    assert {a for a, _ in moves} == {story["from"]}
    assert dict(Counter(b for _, b in moves)) == story["to"]


def test_companies_of_category_a(told: dict[str, Any], tables: dict[str, Table]) -> None:
    story = told["stories"]["category_a"]
    found = [r for r in tables["companies"] if r["Кол-во сотрудников"] in story["employees"]
             and int(r["Годовой оборот"]) >= story["turnover"]]  # fmt: skip
    assert len(found) == story["companies"]["A"]
    week = Counter(r["Кем создана"] for r in found if _week(r["Дата создания"]))
    assert dict(week) == story["last_week"]


def test_contacts_without_a_phone(told: dict[str, Any], tables: dict[str, Table]) -> None:
    story = told["stories"]["no_phone"]
    bare = {int(r["ID"]) for r in tables["contacts"] if not r["Рабочий телефон"]}
    assert bare == set(story["contacts"])


def test_numbers_are_invented(tables: dict[str, Table]) -> None:
    """Exchange 000, which no subscriber has; the firm's own line, extensions, hidden ones."""
    for call in tables["calls"]:
        phone = _digits(call["Номер клиента"])
        assert len(phone) < 4 or phone[3:6] == "000", phone
