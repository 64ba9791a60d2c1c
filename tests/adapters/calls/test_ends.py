from __future__ import annotations

import pytest

from funnelkpi.config.schema import Settings

ENDS = {"called_at": "Когда", "from_number": "От", "to_number": "Кому", "direction": "Куда"}
WANTED = ("direction", "phone", "internal", "hidden", "line")


def settings(columns, **changes):
    rule = {"match": "*", "kind": "calls", "crm": "generic", "columns": columns}
    return Settings.model_validate({"inputs": {"files": [rule]}} | changes)


def one(caller, called, way=""):
    return f"Когда|От|Кому|Куда\n05.02.2026|{caller}|{called}|{way}"


@pytest.mark.parametrize(
    ("caller", "called", "way", "call"),
    [
        # the end that is the company's own tells the direction
        ("101", "89120000001", "", ("out", "+79120000001", 0, 0, None)),
        ("89120000001", "101", "", ("in", "+79120000001", 0, 0, None)),
        ("+74950000000", "89120000001", "", ("out", "+79120000001", 0, 0, "+74950000000")),
        ("89120000001", "8 495 000-00-00", "", ("in", "+79120000001", 0, 0, "+74950000000")),
        ("kim@pbx.example.com", "89120000001", "", ("out", "+79120000001", 0, 0, None)),
        ("kim", "89120000001", "", ("out", "+79120000001", 0, 0, None)),
        # a manager's own mobile is the company's
        ("89150000009", "89120000001", "", ("out", "+79120000001", 0, 0, "+79150000009")),
        # without one the file's direction does
        ("89120000001", "89120000002", "исходящий", ("out", "+79120000002", 0, 0, "+79120000001")),
        ("89120000001", "89120000002", "входящий", ("in", "+79120000001", 0, 0, "+79120000002")),
        # the client's end is the one that is not ours, whatever the direction is said of
        ("101", "89120000001", "обратный", ("callback", "+79120000001", 0, 0, None)),
        ("89120000001", "101", "обратный", ("callback", "+79120000001", 0, 0, None)),
        # an address of SIP is its number
        ("sip:79120000001@host", "sip:101@pbx", "", ("in", "+79120000001", 0, 0, None)),
        ("sip:101@pbx", "sip:102@pbx", "", ("out", "102", 1, 0, None)),
        # between colleagues
        ("101", "102", "", ("out", "102", 1, 0, None)),
        ("101", "102", "входящий", ("in", "101", 1, 0, None)),
        ("101", "", "внутренний", ("out", None, 1, 0, None)),
        # hidden
        ("Номер скрыт", "89120000001", "", ("in", None, 0, 1, "+79120000001")),
        ("Anonymous", "101", "", ("in", None, 0, 1, None)),
        ("anonymous@10.0.0.1", "101", "", ("in", None, 0, 1, None)),
        ("Restricted", "101", "входящий", ("in", None, 0, 1, None)),
        # nothing to go by
        ("89120000001", "89120000002", "", (None, None, 0, 0, None)),
        ("", "101", "", ("in", None, 0, 0, None)),
    ],
)
def test_whose_end_is_whose(make_table, load_tables, rows, caller, called, way, call):
    given = settings(
        ENDS,
        telephony={"lines": ["+7 (495) 000-00-00"]},
        managers=[{"name": "Ким Анна", "logins": ["Kim"], "extensions": ["8 915 000-00-09"]}],
    )
    tables = load_tables(make_table("c.csv", one(caller, called, way)), settings=given)
    assert rows(tables.calls, *WANTED) == [call]


def test_lines_that_are_not_named_are_asked_for(make_table, load_tables, findings, rows):
    text = """Когда|От|Кому|Куда
05.02.2026|89120000001|+7 495 000-00-00|
05.02.2026|+7 495 000-00-00|89120000002|
05.02.2026|101|89120000002|"""
    tables = load_tables(make_table("c.csv", text), settings=settings(ENDS))
    found = findings(tables)["own_lines_unknown"]
    assert (found.count, found.rows, found.column) == (2, (2, 3), "От / Кому")
    assert found.value.split(", ")[0] == "+74950000000"
    assert rows(tables.calls, "direction") == [(None,), (None,), ("out",)]
    named = settings(ENDS, telephony={"lines": [74950000000]})
    tables = load_tables(make_table("c.csv", text), settings=named)
    assert set(findings(tables)) == {"days_only"}
    assert rows(tables.calls, "direction") == [("in",), ("out",), ("out",)]


PHONE = {"called_at": "Когда", "phone": "Номер", "direction": "Куда"}


def test_numbers_that_are_none(make_table, load_tables, rows, findings):
    text = """Когда|Номер|Куда
05.02.2026|+7 912 000-00-01 доб. 12|входящий
05.02.2026|79120|входящий
05.02.2026|Иванов|входящий
05.02.2026|—|входящий
05.02.2026||входящий
05.02.2026|1234|входящий
05.02.2026|withheld|входящий
05.02.2026|+1 202 555 0143|вперёд"""
    tables = load_tables(make_table("c.csv", text), settings=settings(PHONE))
    assert rows(tables.calls, "phone", "internal", "hidden") == [
        ("+79120000001", 0, 0), (None, 0, 0), (None, 0, 0), (None, 0, 0), (None, 0, 0),
        ("1234", 1, 0), (None, 0, 1), ("+12025550143", 0, 0),
    ]  # fmt: skip
    found = findings(tables)
    assert (found["bad_phone"].rows, found["bad_phone"].value) == ((3, 4), "79120")
    assert (found["unknown_direction"].rows, found["unknown_direction"].value) == ((9,), "вперёд")


def test_how_many_digits_an_extension_has(make_table, load_tables, rows):
    table = make_table("c.csv", "Когда|Номер|Куда\n05.02.2026|123456|вх")
    long = settings(PHONE, telephony={"extension_digits": 6})
    assert rows(load_tables(table, settings=settings(PHONE)).calls, "internal") == [(0,)]
    assert rows(load_tables(table, settings=long).calls, "internal") == [(1,)]


def test_a_flag_of_the_file(make_table, load_tables, rows):
    text = "Когда|Номер|Куда|Свой\n05.02.2026|89120000001|вх|да\n05.02.2026|89120000001|вх|нет"
    given = settings(PHONE | {"internal": "Свой"})
    calls = load_tables(make_table("c.csv", text), settings=given).calls
    assert rows(calls, "internal") == [(1,), (0,)]


def test_what_is_no_number_is_nobodys_and_a_local_one_its_own(
    make_table, load_tables, rows, findings
):
    text = """Когда|Номер|Куда
05.02.2026 10:00|0|вх
05.02.2026 10:01|+7|вх
05.02.2026 10:02|7,91656E+10|вх
05.02.2026 10:03|555 1234|вх
05.02.2026 10:04|8 485 212-34-56 вн. 12|пропущенный"""
    tables = load_tables(make_table("c.csv", text), settings=settings(PHONE))
    assert rows(tables.calls, "phone", "internal", "direction", "outcome") == [
        (None, 0, "in", "unknown"), (None, 0, "in", "unknown"), (None, 0, "in", "unknown"),
        ("5551234", 0, "in", "unknown"), ("+74852123456", 0, "in", "missed"),
    ]  # fmt: skip
    found = findings(tables)
    assert (found["bad_phone"].rows, found["local_phone"].rows) == ((2, 3, 4), (5,))
    assert "unknown_direction" not in found
