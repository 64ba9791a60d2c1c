"""One person under several spellings is one manager."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from funnelkpi.adapters.funnel.people import build_people
from funnelkpi.config.schema import Settings


def column(*names: str | None) -> pd.Series:
    return pd.Series(pd.Categorical(names))


def settings(*managers: dict[str, Any]) -> Settings:
    return Settings.model_validate({"managers": managers})


def codes(people: Any, names: Sequence[str | None]) -> list[str | None]:
    roster = [m.name for m in people.roster.managers]
    return [roster[c] if c >= 0 else None for c in people.codes(column(*names))]


def test_spellings_of_one_person_are_one_manager() -> None:
    owners = column("Иванов Иван", "Иванов Иван", "Иван  Иванов", "Пётр Орлов", "Петр Орлов", None)
    people = build_people([owners], {"Иван  Иванов"}, Settings())
    assert [m.name for m in people.roster.managers] == ["Иванов Иван", "Петр Орлов"]
    names = ["Иван  Иванов", "Пётр Орлов", None, "Никто Такой"]
    assert codes(people, names) == ["Иванов Иван", "Петр Орлов", None, None]
    assert [m.listed for m in people.roster.managers] == [True, False]


def test_a_person_is_called_as_the_deals_call_him() -> None:
    calls = column(*["Зоя Лапина"] * 50, "Кто-то Ещё")
    people = build_people([column("Лапина Зоя"), calls], {"Лапина Зоя"}, Settings())
    assert [m.name for m in people.roster.managers] == ["Кто-то Ещё", "Лапина Зоя"]
    assert codes(people, ["Зоя Лапина"]) == ["Лапина Зоя"]


def test_the_config_names_managers_and_lists_only_them() -> None:
    given = settings(
        {"name": "Зоя Лапина", "department": "Юг", "role": "менеджер", "start": "2026-10-05",
         "absences": [{"first": "2026-11-01", "last": "2026-11-03"}]},
        {"name": "Игорь Завьялов", "aliases": ["zavyalov"]},
    )  # fmt: skip
    owners = column("Лапина Зоя", "zavyalov", "Чужой Человек", "Чужой Человек")
    people = build_people([owners], {"Чужой Человек"}, given)
    names = [(m.name, m.listed) for m in people.roster.managers]
    assert names == [("Зоя Лапина", True), ("Игорь Завьялов", True), ("Чужой Человек", False)]
    zoya = people.roster.managers[0]
    assert (zoya.department, zoya.role, str(zoya.start)) == ("Юг", "менеджер", "2026-10-05")
    assert [(str(a), str(b)) for a, b in zoya.absences] == [("2026-11-01", "2026-11-03")]
    assert codes(people, ["zavyalov"]) == ["Игорь Завьялов"]
    found = {f.code.rpartition(".")[2]: f for f in people.findings}
    assert (found["unknown_managers"].value, found["unknown_managers"].count) == (
        "Чужой Человек", 2,
    )  # fmt: skip


def test_a_manager_of_the_config_without_a_deal_is_there() -> None:
    people = build_people([column("Зоя Лапина")], set(), settings({"name": "Новый Сотрудник"}))
    assert people.roster.managers[0].name == "Новый Сотрудник"


def test_blank_names_are_nobody() -> None:
    people = build_people([column(" ", "\u00a0", "Зоя Лапина")], set(), Settings())
    assert [m.name for m in people.roster.managers] == ["Зоя Лапина"]
    assert codes(people, [" ", "\u00a0"]) == [None, None]


def test_spellings_are_one_note_and_blanks_no_spelling() -> None:
    owners = column("Иванов Иван", "Иван Иванов", "Пётр\u00a0Орлов", "Пётр Орлов")
    found = build_people([owners], set(), Settings()).findings
    assert [(f.code.rpartition(".")[2], f.count) for f in found] == [("name_spellings", 1)]
