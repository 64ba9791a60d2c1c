"""What YAML 1.1 makes of texts that look like something else, and keys written twice."""

from __future__ import annotations

import pytest

from funnelkpi.config.load import parse_settings

TRAPS = {
    "clock time": ("calendar:\n  opens: 10:30\n", [(2, 10, "sexagesimal")]),
    "clock time, long": ("calls:\n  conversation_seconds: 1:30:00\n", [(2, 25, "sexagesimal")]),
    "underscore": ("norms:\n  - metric: won\n    normal: 1_000\n", [(3, 13, "underscore_number")]),
    "octal": ("stalled:\n  warn_days: 010\n", [(2, 14, "octal_number")]),
    "hexadecimal": ("stalled:\n  warn_days: 0x1F\n", [(2, 14, "odd_number")]),
    "infinite": ("stalled:\n  warn_days: .inf\n", [(2, 14, "odd_number")]),
    "no such month": ("calendar:\n  holidays: [2026-13-01]\n", [(2, 14, "no_such_date")]),
    "no such day in a text": ("preset: 2026-02-30\n", [(1, 9, "no_such_date")]),
    "own tag": ("preset: !text a\n", [(1, 9, "yaml_tag")]),
    "python tag": ("preset: !!python/name:os.system x\n", [(1, 9, "yaml_tag")]),
    "binary": ("preset: !!binary aGVsbG8=\n", [(1, 9, "yaml_tag")]),
    "set": ("managers: !!set {a, b}\n", [(1, 11, "yaml_tag")]),
    "key that is a list": ("? [a, b]\n: 1\n", [(1, 3, "key_not_text")]),
    "merge": ("calls: {}\n<<: {language: ru}\n", [(2, 1, "merge_key")]),
    "alias to itself": ("norms: &a\n  - *a\n", [(1, 8, "own_alias")]),
    "key twice": ("language: ru\ncurrency: RUB\nlanguage: en\n", [(3, 1, "duplicate_key")]),
    "key twice, nested": (
        "calendar:\n  opens: '9:00'\n  'opens': '8:00'\n",
        [(3, 3, "duplicate_key")],
    ),
    "key three times": (
        "version: 1\nversion: 1\nversion: 1\n",
        [(2, 1, "duplicate_key"), (3, 1, "duplicate_key")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TRAPS.values(), ids=TRAPS.keys())
def test_traps(text, expected, told):
    assert told(text) == expected


def test_a_trap_names_what_yaml_reads_and_what_to_write(problems_of):
    clock, grouped, octal = problems_of(
        "calendar:\n  opens: 10:30\nstalled:\n  warn_days: 1_000\n  silent_days: 010\n"
    )
    assert clock.params == {"value": "10:30", "read": "630"}
    assert grouped.params == {"value": "1_000", "read": "1000", "plain": "1000"}
    assert octal.params == {"value": "010", "read": "8", "plain": "10"}


def test_both_lines_of_a_repeated_key(problems_of):
    (problem,) = problems_of("language: ru\ncurrency: RUB\nlanguage: en\n")
    assert (problem.line, problem.params["first_line"]) == (3, 1)


def test_quoted_traps_are_texts():
    settings = parse_settings('preset: "no"\ncalendar:\n  opens: "7:30"\n', "f")
    assert (settings.preset, settings.calendar.opens) == ("no", "7:30")


def test_words_that_are_no_trap():
    text = "managers:\n  - name: Да\n    department: Нет\n    role: 1-я линия\n"
    (manager,) = parse_settings(text, "f").managers
    assert (manager.name, manager.department, manager.role) == ("Да", "Нет", "1-я линия")


def test_a_value_may_be_used_twice_by_its_anchor():
    text = (
        "norms:\n"
        "  - {metric: won, normal: 1, where: &mine [{field: source, value: Звонок}]}\n"
        "  - {metric: lost, normal: 2, where: *mine}\n"
    )
    first, second = parse_settings(text, "f").norms
    assert first.where == second.where
    assert first.where[0].value == "Звонок"


def test_columns_count_characters_not_bytes(told):
    assert told("managers: [{name: Ёлка Ш, nmae: x}]\n") == [(1, 27, "unknown_key_near")]
