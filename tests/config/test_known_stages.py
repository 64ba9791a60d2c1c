from __future__ import annotations

from funnelkpi.config.known_stages import KnownStage, known_stages


def _path(pipeline: str, crm: str) -> list[tuple[str, str]]:
    found = [s for s in known_stages() if (s.pipeline, s.crm) == (pipeline, crm)]
    assert [s.order for s in found] == list(range(len(found)))
    return [(s.names[0], s.kind) for s in found]


def _by_name(name: str, entity: str) -> list[KnownStage]:
    return [s for s in known_stages() if name in s.names and s.entity == entity]


def test_amocrm():
    assert _path("main", "amocrm") == [
        ("Неразобранное", "incoming"),
        ("Первичный контакт", "open"),
        ("Переговоры", "open"),
        ("Принимают решение", "open"),
        ("Согласование договора", "open"),
        ("Успешно реализовано", "won"),
        ("Закрыто и не реализовано", "lost"),
    ]


def test_bitrix24_deals():
    assert _path("general", "bitrix24") == [
        ("Новая", "open"),
        ("Подготовка документов", "open"),
        ("Счёт на предоплату", "open"),
        ("В работе", "open"),
        ("Финальный счёт", "open"),
        ("Сделка успешна", "won"),
        ("Сделка провалена", "lost"),
        ("Анализ причины провала", "lost"),
    ]


def test_bitrix24_leads_are_converted_or_junk():
    kinds = {s.names[0]: s.kind for s in known_stages() if s.entity == "lead"}
    assert kinds["Качественный лид"] == kinds["Сконвертирован"] == "converted"
    assert kinds["Некачественный лид"] == "lost"
    assert "won" not in kinds.values()


def test_names_in_other_languages_and_codes():
    (won,) = _by_name("Venda ganha", "deal")
    assert (won.kind, won.crm) == ("won", "amocrm")
    assert _by_name("142", "deal") == [won]
    (apology,) = _by_name("APOLOGY", "deal")
    assert apology.names[0] == "Анализ причины провала"


def test_a_name_has_one_kind_within_a_crm_and_entity():
    kinds: dict[tuple[str, str, str], set[str]] = {}
    for stage in known_stages():
        for name in stage.names:
            kinds.setdefault((stage.crm, stage.entity, name), set()).add(stage.kind)
    assert {k: v for k, v in kinds.items() if len(v) > 1} == {}
