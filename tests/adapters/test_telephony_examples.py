"""Every example of configs/telephony reads a small file in the layout it assumes."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from funnelkpi.config.bundled import root
from funnelkpi.config.load import load_settings
from funnelkpi.readers.open import open_sources

FOLDER = root() / "configs" / "telephony"
COLUMNS = ("called_at", "employee", "phone", "direction", "talk_seconds", "outcome", "internal")
MANAGERS = [
    {"name": "Ким Анна", "extensions": ["101"], "logins": ["kim"]},
    {"name": "Ли Борис", "extensions": ["102"], "logins": ["lee@vats.example.com"]},
]
ANNA, BORIS = "Ким Анна", "Ли Борис"
FIRST, SECOND, THIRD = (f"2026-02-05 {t}:00" for t in ("10:00", "10:05", "10:10"))

MANGO = [
    "Дата и время;Кто звонил;Кому звонили;Сотрудник;Длительность ожидания;Длительность разговора;"
    "Статус;ID звонка",
    "05.02.2026 10:00:00;101;79120000001;Ким Анна;00:00:09;00:01:05;Успешный;m1",
    "05.02.2026 10:05:00;79120000002;74950000000;;00:00:20;00:00:00;Пропущенный;m2",
    "05.02.2026 10:10:00;102;101;Ли Борис;00:00:03;00:00:30;Успешный;m3",
]
MEGAFON = [
    "Дата и время;Тип;Статус;Клиент;Сотрудник;Через номер;Ожидание;Длительность;Запись",
    "05.02.2026 10:00;исходящий;Отвечен;8 912 000-00-01;kim;74950000000;9;65;https://x.example/1",
    "05.02.2026 10:05;пропущенный;Пропущен;+7 912 000-00-02;;74950000000;20;20;",
    "05.02.2026 10:10;входящий;Занято;9120000003;lee@vats.example.com;74950000000;3;0;",
]
UIS = [
    "Дата;Время;Направление;Результат;Номер абонента;Виртуальный номер;Сотрудник;"
    "Длительность ожидания;Общая длительность;Ссылка на запись;ID сессии",
    "05.02.2026;10:00:00;Исходящий;Отвечен;79120000001;74950000000;Анна Ким;00:09;01:14;;s1",
    "05.02.2026;10:05:00;Входящий;Потерян;79120000002;74950000000;;00:20;00:20;;s2",
    "05.02.2026;10:10:00;Внутренний;Отвечен;101;;Борис Ли;00:03;00:33;;s3",
]
ZADARMA = [
    "Время;Откуда;Куда;Статус;Длительность;ID звонка",
    "2026-02-05 10:00:00;101;+79120000001;answered;65;z1",
    "2026-02-05 10:05:00;+79120000002;74950000000;no answer;0;z2",
    "2026-02-05 10:10:00;102;101;answered;30;z3",
]
BEELINE = [
    "Дата и время;Тип вызова;Номер клиента;Добавочный;Абонент;Длительность",
    "05.02.2026 10:00:00;Исходящий;79120000001;101;;00:01:05",
    "05.02.2026 10:05:00;Входящий пропущенный;79120000002;;;00:00:20",
    "05.02.2026 10:10:00;Входящий принятый;79120000003;102;Ли Борис (102);00:00:30",
]
OUT = (FIRST, ANNA, "+79120000001", "out", 65, "success", 0)
MISSED = (SECOND, None, "+79120000002", "in", 0, "missed", 0)
CASES = {
    "mango": (MANGO, [OUT, MISSED, (THIRD, BORIS, "101", "out", 30, "success", 1)]),
    "megafon": (MEGAFON, [OUT, MISSED, (THIRD, BORIS, "+79120000003", "in", 0, "busy", 0)]),
    "uis": (UIS, [
        (FIRST, "Анна Ким", *OUT[2:]), MISSED,
        (THIRD, "Борис Ли", "101", None, 30, "success", 1),
    ]),
    "zadarma": (ZADARMA, [OUT, MISSED, (THIRD, BORIS, "101", "out", 30, "success", 1)]),
    "beeline": (BEELINE, [OUT, MISSED, (THIRD, BORIS, "+79120000003", "in", 30, "success", 0)]),
}  # fmt: skip


def as_cp1251(lines):
    return "\r\n".join(lines).encode("cp1251")


def as_xlsx(lines):
    book = openpyxl.Workbook()
    for row in csv.reader(lines, delimiter=";"):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_every_example_is_read_here():
    assert {p.stem for p in FOLDER.glob("*.yml")} == set(CASES)


@pytest.mark.parametrize(("ending", "write"), [("csv", as_cp1251), ("xlsx", as_xlsx)])
@pytest.mark.parametrize("name", CASES)
def test_example(name, ending, write, tmp_path, load_tables, rows, findings):
    lines, wanted = CASES[name]
    example = load_settings(FOLDER / f"{name}.yml").model_dump()
    changes = {"managers": MANAGERS, "telephony": {"lines": ["+7 495 000-00-00"]}}
    settings = load_settings(FOLDER / f"{name}.yml").model_validate(example | changes)
    path = tmp_path / f"{name}_2026.{ending}"
    path.write_bytes(write(lines))
    tables = load_tables(*open_sources([path]).sources, settings=settings)
    assert rows(tables.calls, *COLUMNS) == wanted
    assert findings(tables) == {}


@pytest.mark.parametrize("name", CASES)
def test_example_says_that_its_captions_are_assumed(name):
    text = (FOLDER / f"{name}.yml").read_text("utf-8")
    rule = text.partition("columns:\n")[2].partition("telephony:")[0]
    assert all("# assumed" in line for line in rule.splitlines() if line.strip())
    assert "an example to adapt" in text
