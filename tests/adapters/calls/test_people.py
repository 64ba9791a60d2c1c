from __future__ import annotations

from datetime import datetime

import pytest

from funnelkpi.adapters.assemble import assemble
from funnelkpi.config.schema import Settings

MANAGERS = [
    {"name": "Ким Анна", "extensions": [101, "8 915 000-00-09"], "logins": ["a.kim"]},
    {"name": "Ли Борис", "aliases": ["Boris Lee"], "extensions": ["102"]},
]
RULE = {
    "match": "c*", "kind": "calls", "crm": "generic",
    "columns": {"called_at": "Когда", "employee": "Кто", "extension": "Доб", "login": "Логин"},
}  # fmt: skip


def settings(managers=MANAGERS):
    return Settings.model_validate({"inputs": {"files": [RULE]}, "managers": managers})


@pytest.mark.parametrize(
    ("who", "extension", "login", "employee"),
    [
        ("Анна Ким", "", "", "Анна Ким"),
        ("101", "", "", "Ким Анна"),
        ("a.kim", "", "", "Ким Анна"),
        ("A.Kim@company.example", "", "", "Ким Анна"),
        ("Анна К. (101)", "", "", "Ким Анна"),
        ("101 - Анна К.", "", "", "Ким Анна"),
        ("Вера Ни (доб. 190)", "", "", "Вера Ни"),
        ("", "102", "", "Ли Борис"),
        ("—", "102.0", "", "Ли Борис"),
        ("", "sip:102@pbx.example.com", "", "Ли Борис"),
        ("", "+7 915 000 00 09", "", "Ким Анна"),
        ("", "", "A.KIM", "Ким Анна"),
        # the login tells more than an extension nobody knows
        ("", "199", "a.kim", "Ким Анна"),
        ("", "199", "", "199"),
        ("", "", "", None),
    ],
)
def test_whose_call(make_table, load_tables, rows, who, extension, login, employee):
    text = f"Когда|Кто|Доб|Логин\n05.02.2026|{who}|{extension}|{login}"
    tables = load_tables(make_table("c.csv", text), settings=settings())
    assert rows(tables.calls, "employee") == [(employee,)]


DEALS = """ID|Название сделки|Этап сделки|Ответственный|Дата создания сделки|Воронка
1|А|Переговоры|Анна Ким|01.02.2026 10:00:00|Воронка"""
CALLS = """Когда|Кто|Доб|Логин
02.02.2026|Анна Ким||
02.02.2026||102|
02.02.2026||199|
03.02.2026||199|
03.02.2026|Вера Ни||"""


def people(make_table, load_tables, given):
    tables = load_tables(make_table("d.csv", DEALS), make_table("c.csv", CALLS), settings=given)
    done = assemble(tables, given, datetime(2026, 2, 10, 12))
    found = {f.code: f for f in done.findings}
    return found, done.dataset.calls["manager"].astype(object).tolist()


def test_employees_nobody_knows_are_named(make_table, load_tables):
    found, managers = people(make_table, load_tables, settings())
    finding = found["findings_calls.unknown_employees"]
    assert (finding.value, finding.count, finding.params) == ("199, Вера Ни", 3, {"managers": 2})
    assert (finding.file, finding.rows) == ("c.csv", (4, 5, 6))
    assert managers == ["Ким Анна", "Ли Борис", "199", "199", "Вера Ни"]
    assert "findings_data.unknown_managers" not in found


def test_without_managers_in_the_config_owners_are_known(make_table, load_tables):
    found, _ = people(make_table, load_tables, settings([]))
    finding = found["findings_calls.unknown_employees"]
    assert (finding.value, finding.severity.value) == ("199, 102, Вера Ни", "note")


def test_everybody_known_is_no_finding(make_table, load_tables):
    known = [*MANAGERS, {"name": "Вера Ни", "extensions": [199]}]
    found, managers = people(make_table, load_tables, settings(known))
    assert "findings_calls.unknown_employees" not in found
    assert set(managers) == {"Ким Анна", "Ли Борис", "Вера Ни"}
