"""Rules for tables that look like calls: whose, and for which files."""

from __future__ import annotations

import pytest

from funnelkpi.adapters.guessed_rules import guessed_rules, pattern_of
from funnelkpi.config.schema import Settings

CALLS = "Начало|Номер клиента|Статус\n01.02.2026 10:00|+79160000000|Успешный"
OTHER = "Когда начало|Абонент|Статус\n01.02.2026 10:00|+79160000000|Успешный"
DEALS = "ID|Название сделки|Стадия сделки|Воронка\n1|Ремонт|Новая|Общая"


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("calls_2026-11-16.csv", "calls_*.csv"),
        ("Звонки 16.11.2026 - 22.11.2026.xlsx", "Звонки *.xlsx"),
        ("ats7-calls(3).csv", "ats*-calls(*).csv"),
        ("calls[2].csv", "calls?*?.csv"),
        ("2026-11-16.csv", "2026-11-16.csv"),
        ("calls.csv", "calls.csv"),
    ],
)
def test_patterns_of_names(name, pattern):
    assert pattern_of(name) == pattern


def test_one_rule_per_layout_and_none_for_what_is_known(make_table):
    tables = [make_table(f"calls_{n}.csv", CALLS) for n in (1, 2)]
    tables += [make_table("deals.csv", DEALS), make_table("odd.csv", "a|b\n1|2")]
    (rule,) = guessed_rules(tables, Settings(), "auto")
    assert (rule.match, rule.kind, rule.crm) == ("calls_*.csv", "calls", "generic")
    columns = {"called_at": "Начало", "phone": "Номер клиента", "outcome": "Статус"}
    assert rule.columns == columns


def test_another_layout_of_the_same_name_has_its_own_rule_before_the_pattern(make_table):
    tables = [make_table("calls_1.csv", CALLS), make_table("calls_2.csv", OTHER)]
    own, shared = guessed_rules(tables, Settings(), "auto")
    assert (own.match, shared.match) == ("calls_2.csv", "calls_*.csv")
