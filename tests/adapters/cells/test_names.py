from __future__ import annotations

import pytest

from funnelkpi.adapters.cells.names import match_names, name_key


@pytest.mark.parametrize(
    "other",
    ["Иванов Пётр", "петр  иванов", "Пётр\u00a0Иванов", " ПЁТР ИВАНОВ ", "Иванов, Петр", "Пeтр Ивaнов"],
)  # fmt: skip
def test_one_name_has_one_key(other):
    assert name_key(other) == name_key("Пётр Иванов")


def test_different_names_have_different_keys():
    assert name_key("Пётр Иванов") != name_key("Пётр Петров")
    assert name_key("Иван Иван") != name_key("Иван")


def test_commonest_spelling_names_the_person():
    out = match_names({"Иванов Иван": 2, "Иван Иванов": 5, "Олег Пак": 1}, [])
    assert out == {
        "Иванов Иван": "Иван Иванов",
        "Иван Иванов": "Иван Иванов",
        "Олег Пак": "Олег Пак",
    }


def test_config_and_aliases_win():
    given = [("Пак Олег", "О. Пак"), ("Ким Анна",)]
    out = match_names({"Олег Пак": 9, "О. Пак": 1, "Анна Ким": 2, "Ли Ян": 1}, given)
    assert out == {
        "Олег Пак": "Пак Олег",
        "О. Пак": "Пак Олег",
        "Анна Ким": "Ким Анна",
        "Ли Ян": "Ли Ян",
    }


def test_patronymic_matches_only_if_unambiguous():
    full, short = "Иванов Иван Иванович", "Иван Иванов"
    assert match_names({full: 1, short: 5}, []) == {full: short, short: short}
    assert match_names({full: 9, short: 5}, []) == {full: full, short: full}
    other = "Иванов Иван Петрович"
    out = match_names({full: 1, other: 1, short: 5}, [])
    assert out == {full: full, other: other, short: short}


def test_patronymic_of_a_configured_name():
    out = match_names({"Иванов Иван Петрович": 9}, [("Иван Иванов",)])
    assert out == {"Иванов Иван Петрович": "Иван Иванов"}
