from __future__ import annotations

from funnelkpi.config.schema import Settings


def settings(**columns):
    rule = {"match": "*", "kind": "calls", "crm": "generic",
            "columns": {"called_at": "Когда"} | columns}  # fmt: skip
    return Settings.model_validate({"inputs": {"files": [rule]}})


def read(make_table, load_tables, text, **columns):
    return load_tables(make_table("c.csv", text), settings=settings(**columns))


WAITED = {"total_seconds": "Всего", "wait_seconds": "Ждали", "outcome": "Итог"}


def test_talk_is_the_whole_less_the_waiting(make_table, load_tables, rows, findings):
    text = """Когда|Всего|Ждали|Итог
05.02.2026|01:05|5|Отвечен
05.02.2026|20|20|Пропущен
05.02.2026|10|25|Отвечен
05.02.2026|65||Отвечен"""
    tables = read(make_table, load_tables, text, **WAITED)
    assert rows(tables.calls, "talk_seconds") == [(60,), (0,), (0,), (65,)]
    found = findings(tables)["negative_duration"]
    assert (found.rows, found.column, found.value) == ((4,), "Всего − Ждали", "10 − 25")


def test_negative_durations_are_named_and_nothing(make_table, load_tables, rows, findings):
    text = "Когда|Говорили\n05.02.2026|-00:05\n05.02.2026|-7\n05.02.2026|7"
    tables = read(make_table, load_tables, text, talk_seconds="Говорили")
    assert rows(tables.calls, "talk_seconds", "outcome") == [
        (0, "unknown"), (0, "unknown"), (7, "success"),
    ]  # fmt: skip
    found = findings(tables)["negative_duration"]
    assert (found.rows, found.count, found.value) == ((2, 3), 2, "-00:05")


def test_talk_given_wins(make_table, load_tables, rows):
    text = "Когда|Всего|Ждали|Итог|Говорили\n05.02.2026|65|5|Отвечен|58"
    tables = read(make_table, load_tables, text, **WAITED, talk_seconds="Говорили")
    assert rows(tables.calls, "talk_seconds") == [(58,)]


def test_an_empty_outcome_is_told_by_the_talk(make_table, load_tables, rows, findings):
    text = "Когда|Говорили|Итог\n05.02.2026|7|\n05.02.2026|0|\n05.02.2026|9|чудо"
    tables = read(make_table, load_tables, text, talk_seconds="Говорили", outcome="Итог")
    assert rows(tables.calls, "talk_seconds", "outcome") == [
        (7, "success"), (0, "unknown"), (0, "unknown"),
    ]  # fmt: skip
    assert findings(tables)["unknown_outcome"].value == "чудо"


def test_direction_and_outcome_in_one_column(make_table, load_tables, rows, findings):
    text = """Когда|Тип|Говорили
05.02.2026|Входящий пропущенный|20
05.02.2026|Входящий принятый|30
05.02.2026|Исходящий|40
05.02.2026|Исходящий|0"""
    one = {"talk_seconds": "Говорили", "outcome": "Тип", "direction": "Тип"}
    tables = read(make_table, load_tables, text, **one)
    assert rows(tables.calls, "direction", "outcome", "talk_seconds") == [
        ("in", "missed", 0), ("in", "success", 30), ("out", "success", 40), ("out", "unknown", 0),
    ]  # fmt: skip
    assert set(findings(tables)) == {"days_only"}


def test_no_call_lasts_a_day(make_table, load_tables, rows, findings):
    text = """Когда|Говорили
05.02.2026|100:00:00
05.02.2026|25:61:61
05.02.2026|999999999
05.02.2026|23:59:59"""
    tables = read(make_table, load_tables, text, talk_seconds="Говорили")
    assert rows(tables.calls, "talk_seconds") == [(0,), (0,), (0,), (86399,)]
    assert findings(tables)["bad_duration"].rows == (2, 3, 4)


def test_a_missed_direction_is_an_outcome(make_table, load_tables, rows, findings):
    text = """Когда|Тип|Итог|Сек
05.02.2026|Пропущенный||20
05.02.2026|missed||20
05.02.2026|входящий|Соединён|20
05.02.2026|исходящий|Не соединён|20"""
    columns = {"direction": "Тип", "outcome": "Итог", "talk_seconds": "Сек"}
    tables = read(make_table, load_tables, text, **columns)
    assert rows(tables.calls, "direction", "outcome", "talk_seconds") == [
        ("in", "missed", 0), ("in", "missed", 0), ("in", "success", 20), ("out", "failed", 0),
    ]  # fmt: skip
    assert "unknown_direction" not in findings(tables)


def test_all_unknown_outcomes_of_a_provider_are_named(make_table, load_tables, findings):
    words = ["раз", "два", "три", "четыре", "пять", "шесть", "семь"]
    text = "Когда|Итог\n" + "\n".join(f"05.02.2026|{w}" for w in words)
    found = findings(read(make_table, load_tables, text, outcome="Итог"))["unknown_outcomes"]
    assert (found.count, found.value, found.params["more"]) == (7, ", ".join(words[:5]), 2)
    few = findings(read(make_table, load_tables, text[: text.index("шесть")], outcome="Итог"))
    assert few["unknown_outcome"].code == "findings_calls.unknown_outcome"
