from __future__ import annotations

import pytest

from funnelkpi.config.load import parse_settings

TEAM = """\
managers:
  - {name: Анна Петрова, role: closer, department: Север}
  - {name: Олег Ким, aliases: [О. Ким]}
norms:
"""

WRONG = {
    "two of one name": (
        "managers:\n  - name: Анна Петрова\n  - name: Петрова Анна\n",
        [(3, 11, "same_manager")],
    ),
    "alias is another's name": (
        "managers:\n  - name: Семён Ли\n  - name: Олег Ким\n    aliases: [Ким О., семен  ли]\n",
        [(4, 23, "same_manager")],
    ),
    "two of one extension": (
        "managers:\n  - {name: А, extensions: [101]}\n  - {name: Б, extensions: ['101']}\n",
        [(3, 28, "same_extension")],
    ),
    "two of one login": (
        "managers:\n  - {name: А, logins: [kim]}\n  - {name: Б, logins: [Kim]}\n",
        [(3, 24, "same_extension")],
    ),
    "absence": (
        "managers:\n  - name: А\n    absences:\n"
        "      - {first: 2026-07-10, last: 2026-07-09}\n",
        [(4, 35, "first_after_last")],
    ),
    "left before coming": (
        "managers:\n  - {name: А, start: 2026-02-01, end: 2026-01-01}\n",
        [(2, 39, "first_after_last")],
    ),
    "unknown manager": (
        TEAM + "  - {metric: won, normal: 1, who: {manager: [Анна Петровна]}}\n",
        [(5, 46, "unknown_manager_near")],
    ),
    "unknown role": (
        TEAM + "  - {metric: won, normal: 1, who: {role: [finder]}}\n",
        [(5, 43, "unknown_role")],
    ),
    "unknown department": (
        TEAM + "  - {metric: won, normal: 1, who: {department: [Север, Севр]}}\n",
        [(5, 56, "unknown_department_near")],
    ),
    "no roles at all": (
        "managers: [{name: А}]\nnorms: [{metric: won, normal: 1, who: {role: [a]}}]\n",
        [(2, 47, "no_role")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG.keys())
def test_place_and_reason(text, expected, told):
    assert told(text) == expected


def test_both_lines_of_a_manager_named_twice(problems_of):
    (problem,) = problems_of(WRONG["two of one name"][0])
    assert problem.params == {"name": "Петрова Анна", "first_line": 2}


def test_norms_find_managers_by_alias_and_in_any_order():
    text = TEAM + "  - {metric: won, normal: 1, who: {manager: [О. Ким, Петрова Анна]}}\n"
    assert len(parse_settings(text, "f").norms) == 1


def test_own_name_as_alias_is_harmless():
    text = "managers: [{name: Анна Петрова, aliases: [Петрова Анна]}]"
    assert len(parse_settings(text, "f").managers) == 1


def test_without_managers_names_may_come_from_the_files():
    text = "norms: [{metric: won, normal: 1, who: {manager: [Олег Ким]}}]"
    assert len(parse_settings(text, "f").norms) == 1
