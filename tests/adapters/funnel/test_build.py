"""The funnel from the config, and the one the files suggest."""

from __future__ import annotations

from typing import Any

import pytest

from funnelkpi.adapters.funnel.build import funnel_from_guess, funnel_from_settings, guess_pipelines
from funnelkpi.config.schema import Settings
from funnelkpi.model.funnel import NO_RANK, StageKind


def config(*pipelines: dict[str, Any]) -> Settings:
    return Settings.model_validate({"pipelines": pipelines})


def test_ranks_by_kind_and_order() -> None:
    kinds = ["won", "open", "lost", "incoming", "after", "open", "parked"]
    stages = [{"key": f"s{i}", "kind": k} for i, k in enumerate(kinds)]
    found = funnel_from_settings(config({"key": "p", "stages": stages})).pipelines[0]
    assert {s.key: s.rank for s in found.stages} == {
        "s3": 0, "s1": 1, "s5": 2, "s0": 3, "s4": 4, "s2": NO_RANK, "s6": NO_RANK,
    }  # fmt: skip
    assert [s.key for s in found.path] == ["s1", "s5", "s0"]


def test_titles_and_names_default_to_each_other() -> None:
    given = config(
        {"key": "p", "crm": ["", "Воронка"], "order": "guessed", "stages": [
            {"key": "a", "crm": ["Этап А", "Старый А"]}, {"key": "b"}, {"key": "c", "title": "В"},
        ]},
        {"key": "q", "stages": [{"key": "a"}]},
    )  # fmt: skip
    p, q = funnel_from_settings(given).pipelines
    assert (p.title, q.title, p.confirmed, q.confirmed) == ("Воронка", "q", False, True)
    assert [(s.title, s.crm_names) for s in p.stages] == [
        ("Этап А", ("Этап А", "Старый А")), ("b", ("b",)), ("В", ("В",)),
    ]  # fmt: skip
    assert [s.id for s in p.stages] == ["p/a", "p/b", "p/c"]


AMO = """
ID | Название сделки | Дата создания сделки | Дата редактирования | Дата закрытия | Этап сделки | Воронка
1  | а | 01.10.2026 10:00:00 | 20.10.2026 10:00:00 | не закрыта | Дожим | Продажи
2  | б | 01.10.2026 10:00:00 | 02.10.2026 10:00:00 | не закрыта | База | Продажи
3  | в | 01.10.2026 10:00:00 | 02.10.2026 10:00:00 | не закрыта | база  | продажи
4  | г | 01.10.2026 10:00:00 | 12.10.2026 10:00:00 | 12.10.2026 10:00:00 | Оплачено | Продажи
5  | д | 01.10.2026 10:00:00 | 12.10.2026 10:00:00 | 12.10.2026 10:00:00 | Слив (Дорого) | Продажи
6  | е | 01.10.2026 10:00:00 | 12.10.2026 10:00:00 | 12.10.2026 10:00:00 | Слив | Продажи
7  | ж | 01.10.2026 10:00:00 | 02.10.2026 10:00:00 | не закрыта | Неразобранное | Продажи
8  | з | 01.10.2026 10:00:00 | 02.10.2026 10:00:00 | не закрыта | Первичный контакт | Сервис
"""


@pytest.fixture
def guess(make_table: Any, load_tables: Any) -> Any:
    def run(*texts: str) -> Any:
        tables = load_tables(*(make_table(f"{i}.csv", t) for i, t in enumerate(texts)))
        return guess_pipelines(tables.frames())

    return run


def test_pipelines_and_stages_of_amocrm(guess: Any) -> None:
    sales, service = guess(AMO)
    assert (sales.title, sales.entity, service.title) == ("Продажи", "deal", "Сервис")
    assert [(s.title, s.kind and s.kind.value, s.basis, s.deals) for s in sales.stages] == [
        ("Неразобранное", "incoming", "known", 1),
        ("База", "open", "order", 2),  # two spellings, the commoner or first one
        ("Дожим", "open", "order", 1),
        ("Оплачено", "won", "words", 1),
        ("Слив", "lost", "closed", 2),
    ]
    assert [s.basis for s in service.stages] == ["known"]


def test_closed_stages_of_bitrix24_by_their_words(guess: Any) -> None:
    (found,) = guess("""
    ID | Название сделки | Стадия сделки | Сделка закрыта
    1  | а | Договор заключён | да
    2  | б | Отказ клиента | да
    3  | в | Архив | да
    4  | г | Новая | нет
    """)
    kinds = {s.title: (s.kind and s.kind.value, s.basis) for s in found.stages}
    assert kinds == {
        "Договор заключён": ("won", "words"), "Отказ клиента": ("lost", "words"),
        "Архив": (None, "unknown"), "Новая": ("open", "known"),
    }  # fmt: skip


def amo_closed(*stages: str) -> str:
    """An amoCRM export of one open deal and a closed one in each of ``stages``."""
    day = "01.10.2026 10:00:00"
    rows = [f"{i} | а | {day} | {s}" for i, s in enumerate(stages, 2)]
    head = "ID | Название сделки | Дата закрытия | Этап сделки"
    return "\n".join([head, "1 | а | не закрыта | Переговоры", *rows])


def kinds_of(found: Any) -> dict[str, Any]:
    return {s.title: (s.kind and s.kind.value, s.basis) for p in found for s in p.stages}


@pytest.mark.parametrize("name", ["Отказ", "Perdido", "Провал", "Неуспешно", "Не оплачен", "Lost"])
def test_a_word_of_loss_decides_in_amocrm(guess: Any, name: str) -> None:
    assert kinds_of(guess(amo_closed(name)))[name] == ("lost", "words")
    found = kinds_of(guess(amo_closed(name, "Ура")))
    assert (found[name], found["Ура"]) == (("lost", "words"), ("won", "closed"))


def test_two_closed_stages_and_nothing_tells_which_is_won(guess: Any) -> None:
    found = kinds_of(guess(amo_closed("Архив", "Финиш")))
    assert found["Архив"] == found["Финиш"] == (None, "unknown")


@pytest.mark.parametrize("won", ["Успешно реализовано", "Оплачено"])
def test_a_closed_stage_beside_a_won_one_is_not_won(guess: Any, won: str) -> None:
    found = kinds_of(guess(amo_closed(won, "Архив")))
    assert (found[won][0], found["Архив"]) == ("won", (None, "unknown"))


def test_amocrm_ids_of_won_and_lost_under_any_name(guess: Any) -> None:
    found = guess("""
    id | name | price | status_id | pipeline_id | responsible_user_id | status_name | closed_at
    1  | а    | 5     | 142       | 7           | 1                   | Отказ       | 1793520000
    2  | б    | 5     | 143       | 7           | 1                   | Победа      | 1793520000
    3  | в    | 5     | 142       | 8           | 1                   | Готово      | 1793520000
    4  | г    | 5     | 143       | 8           | 1                   | Готово      | 1793520000
    """)
    assert kinds_of(found) == {
        "Отказ": ("won", "known"), "Победа": ("lost", "known"), "Готово": (None, "unknown"),
    }  # fmt: skip


def test_two_crms_with_a_pipeline_of_one_name(guess: Any) -> None:
    """Each stage is asked about its own CRM."""
    found = guess(
        """
    ID | Название сделки | Дата закрытия | Этап сделки | Воронка
    1  | а | 01.10.2026 10:00:00 | Успешно реализовано | Продажи
    2  | б | не закрыта | Первичный контакт | Продажи
    """,
        """
    ID | Название сделки | Стадия сделки | Сделка закрыта | Воронка
    1  | а | Сделка успешна | да | Продажи
    2  | б | Новая | нет | Продажи
    """,
    )
    kinds = {s.title: s.kind for p in found for s in p.stages}
    assert kinds["Успешно реализовано"] == kinds["Сделка успешна"] == StageKind.WON
    assert kinds["Новая"] == kinds["Первичный контакт"] == StageKind.OPEN


LEADS = "ID | Название лида | Стадия\n1 | а | Не обработан\n2 | б | Качественный лид"


def test_a_guessed_funnel(guess: Any) -> None:
    funnel = funnel_from_guess(guess(AMO, LEADS))
    assert [(p.key, p.title, p.entity, p.confirmed) for p in funnel.pipelines] == [
        ("prodazhi", "Продажи", "deal", False), ("servis", "Сервис", "deal", False),
        ("leads", "Лиды", "lead", False),
    ]  # fmt: skip
    assert [s.rank for s in funnel.pipelines[0].stages] == [0, 1, 2, 3, NO_RANK]
    leads = funnel.pipeline("leads")
    assert leads.goal is not None
    assert leads.goal.kind is StageKind.CONVERTED
    assert funnel_from_guess(guess(LEADS), "en").pipelines[0].title == "Leads"


def test_a_guessed_key_never_takes_one_of_the_config(guess: Any) -> None:
    funnel = funnel_from_guess(guess(LEADS), taken=["leads", "prodazhi"])
    assert [p.key for p in funnel.pipelines] == ["leads_2"]


def test_a_stage_of_unknown_outcome_is_no_stage(guess: Any) -> None:
    funnel = funnel_from_guess(
        guess("""
    ID | Название сделки | Стадия сделки | Сделка закрыта
    1  | а | Архив | да
    2  | б | Новая | нет
    """)
    )
    assert [s.title for s in funnel.stages] == ["Новая"]


def test_a_table_without_rows_suggests_nothing(guess: Any) -> None:
    assert guess("ID | Название сделки | Дата закрытия | Этап сделки") == ()
