"""Pipeline, stage and status of every deal, from tables like the CRMs'."""

from __future__ import annotations

from typing import Any

import pytest

from funnelkpi.adapters.funnel.build import funnel_from_settings
from funnelkpi.adapters.funnel.resolve import resolve_stages
from funnelkpi.config.schema import Settings
from funnelkpi.model.funnel import STATUSES

SALES: dict[str, Any] = {
    "key": "sales", "title": "Продажи", "stages": [
        {"key": "incoming", "title": "Неразобранное", "kind": "incoming"},
        {"key": "base", "title": "База"},
        {"key": "closing", "title": "Дожим", "crm": ["Дожим", "Согласование договора"]},
        {"key": "won", "title": "Успешно реализовано", "kind": "won"},
        {"key": "lost", "title": "Закрыто и не реализовано", "kind": "lost"},
        {"key": "parked", "title": "Отложено", "kind": "parked"},
        {"key": "delivery", "title": "Отгрузка", "kind": "after"},
    ],
}  # fmt: skip
SERVICE: dict[str, Any] = {
    "key": "service", "title": "Сервис", "stages": [
        {"key": "request", "title": "Заявка"},
        {"key": "won", "title": "Успешно реализовано", "kind": "won"},
        {"key": "lost", "title": "Закрыто и не реализовано", "kind": "lost"},
    ],
}  # fmt: skip


@pytest.fixture
def resolve(make_table: Any, load_tables: Any) -> Any:
    """Rows of (deal, pipeline, stage, status) and findings by code."""

    def run(text: str, *pipelines: dict[str, Any], entity: str = "deal", **options: Any) -> Any:
        settings = Settings.model_validate({"pipelines": pipelines or [SALES, SERVICE]})
        tables = load_tables(make_table("deals.csv", text), settings=settings, **options)
        frame = tables.deals if entity == "deal" else tables.leads
        funnel = funnel_from_settings(settings)
        got = resolve_stages(frame, funnel, entity)
        keys = [*(p.key for p in funnel.pipelines), None]
        stages = [*(s.key for s in funnel.stages), None]
        rows = [
            (i, keys[p], stages[s], STATUSES[st])
            for i, p, s, st in zip(
                frame["deal_id"], got.pipeline, got.stage, got.status, strict=True
            )
        ]
        return rows, [(f.code.rpartition(".")[2], f.value, f.count) for f in got.findings]

    return run


def test_names_old_names_and_spellings_within_the_pipeline(resolve: Any) -> None:
    rows, found = resolve("""
    ID | Название сделки | Дата закрытия       | Этап сделки                      | Воронка
    1  | а               | не закрыта          | База                             | Продажи
    2  | б               | не закрыта          | согласование  договора           | ПРОДАЖИ
    3  | в               | 01.11.2026 10:00:00 | Успешно реализовано              | Сервис
    4  | г               | 01.11.2026 10:00:00 | Закрыто и не реализовано (Дорого)| Продажи
    5  | д               | не закрыта          | Отложено                         | Продажи
    6  | е               | не закрыта          | Отгрузка                         | Продажи
    7  | ж               | не закрыта          | Неразобранное                    | Продажи
    """)
    assert rows == [
        ("1", "sales", "base", "open"),
        ("2", "sales", "closing", "open"),
        ("3", "service", "won", "won"),
        ("4", "sales", "lost", "lost"),
        ("5", "sales", "parked", "parked"),
        ("6", "sales", "delivery", "won"),  # after the win
        ("7", "sales", "incoming", "incoming"),
    ]
    assert found == []


def test_an_unknown_stage_of_amocrm(resolve: Any) -> None:
    """Open is open; closed is lost with a loss reason, or as its name says; each is a finding."""
    rows, found = resolve("""
    ID | Название сделки | Дата закрытия       | Этап сделки    | Воронка
    1  | а               | не закрыта          | Замер          | Продажи
    2  | б               | 01.11.2026 10:00:00 | Оплачено       | Продажи
    3  | в               | 01.11.2026 10:00:00 | Слив (Дорого)  | Продажи
    4  | г               | 01.11.2026 10:00:00 | Слив           | Продажи
    """)
    assert [r[1:] for r in rows] == [
        ("sales", None, "open"), ("sales", None, "won"), ("sales", None, "lost"),
        ("sales", None, "lost"),  # its stage has loss reasons, though this deal has none
    ]  # fmt: skip
    assert found == [
        ("unknown_stage", "Замер", 1), ("taken_as_won", "Оплачено", 1), ("taken_as_lost", "Слив", 2),
    ]  # fmt: skip


def closed_in(*stages: str) -> str:
    day = "01.11.2026 10:00:00"
    rows = [f"{i} | а | {day} | {s} | Продажи" for i, s in enumerate(stages, 1)]
    return "\n".join(["ID|Название сделки|Дата закрытия|Этап сделки|Воронка", *rows])


@pytest.mark.parametrize("name", ["Отказ", "Perdido", "ПРОВАЛ", "Не успешно"])
def test_a_word_of_loss_is_lost_without_a_reason(resolve: Any, name: str) -> None:
    rows, found = resolve(closed_in("Успешно реализовано", name))
    assert [r[3] for r in rows] == ["won", "lost"]
    assert found == [("lost_by_name", name, 1)]


def test_the_only_closed_stage_left_is_taken_as_won(resolve: Any) -> None:
    rows, found = resolve(closed_in("Финиш", "финиш", "Закрыто и не реализовано"))
    assert [r[3] for r in rows] == ["won", "won", "lost"]
    assert {f[0] for f in found} == {"taken_as_won"}


@pytest.mark.parametrize(
    "other", ["Архив", "Успешно реализовано", "Оплачено"], ids=["unknown", "known", "by words"]
)
def test_an_ambiguous_closed_stage_has_no_outcome(resolve: Any, other: str) -> None:
    rows, found = resolve(closed_in("Финиш", other))
    assert rows[0][3] == "unknown"
    assert ("outcome_unknown", "Финиш", 1) in found


def test_a_stage_with_open_deals_is_no_final_one(resolve: Any) -> None:
    text = closed_in("Финиш", "Замер") + "\n3 | а | не закрыта | Замер | Продажи"
    rows, _ = resolve(text)
    assert [r[3] for r in rows] == ["won", "unknown", "open"]


def test_a_closed_deal_without_a_stage_has_no_outcome(resolve: Any) -> None:
    rows, found = resolve(closed_in("", "Успешно реализовано"))
    assert [r[3] for r in rows] == ["unknown", "won"]
    assert found == [("no_stage", None, 1)]


def test_an_unknown_closed_stage_of_bitrix24_has_no_outcome(resolve: Any) -> None:
    rows, found = resolve("""
    ID | Название сделки | Стадия сделки    | Воронка | Сделка закрыта
    1  | а               | Архив            | Продажи | да
    2  | б               | Архив            | Продажи | нет
    3  | в               | Сделка провалена | Продажи | да
    4  | г               | Сделка успешна   | Продажи | да
    """)
    assert [r[3] for r in rows] == ["unknown", "open", "lost", "won"]
    assert found == [
        ("unknown_stage", "Архив", 1), ("unknown_stage", "Сделка провалена", 1),
        ("unknown_stage", "Сделка успешна", 1), ("outcome_unknown", "Архив", 1),
    ]  # fmt: skip


def test_a_pipeline_the_config_does_not_have(resolve: Any) -> None:
    """The stage has a namesake in the config, but in another pipeline."""
    rows, found = resolve("""
    ID | Название сделки | Дата закрытия | Этап сделки | Воронка
    1  | а               | не закрыта    | База        | Закупки
    """)
    assert rows == [("1", None, None, "open")]
    assert found == [("unknown_stage", "База", 1)]


def test_without_a_pipeline_column_the_only_one(resolve: Any) -> None:
    text = """
    ID | Название сделки | Дата закрытия       | Этап сделки
    1  | а               | не закрыта          | База
    2  | б               | 01.11.2026 10:00:00 | Успешно реализовано
    """
    rows, found = resolve(text, SALES)
    assert [r[1:] for r in rows] == [("sales", "base", "open"), ("sales", "won", "won")]
    assert found == []


def test_without_a_pipeline_column_the_one_that_has_the_stage(resolve: Any) -> None:
    """«Успешно реализовано» is in both: won, but of which pipeline nobody can tell."""
    rows, found = resolve("""
    ID | Название сделки | Дата закрытия       | Этап сделки
    1  | а               | не закрыта          | База
    2  | б               | не закрыта          | Заявка
    3  | в               | 01.11.2026 10:00:00 | Успешно реализовано
    """)
    assert [r[1:] for r in rows] == [
        ("sales", "base", "open"), ("service", "request", "open"), (None, None, "won"),
    ]  # fmt: skip
    assert found == [("pipeline_unclear", "Успешно реализовано", 1)]


def test_a_row_without_a_stage(resolve: Any) -> None:
    rows, found = resolve("""
    ID | Название сделки | Дата закрытия       | Этап сделки | Воронка
    1  | а               | не закрыта          |             | Продажи
    2  | б               | не закрыта          | База        | Продажи
    """)
    assert rows[0] == ("1", "sales", None, "open")
    assert found == [("no_stage", None, 1)]


def test_codes_of_an_api_dump(resolve: Any) -> None:
    pipeline = {
        "key": "main", "crm": ["Общая воронка"], "stages": [
            {"key": "new", "crm": ["NEW"]}, {"key": "offer", "crm": ["UC_1"]},
        ],
    }  # fmt: skip
    rows, found = resolve(
        """
    ID | TITLE | CATEGORY_ID | STAGE_ID | ASSIGNED_BY_ID | CLOSED
    1  | а     | 0           | NEW      | 1              | N
    2  | б     | 0           | UC_1     | 1              | N
    3  | в     | 0           | WON      | 1              | Y
    4  | г     | 0           | LOSE     | 1              | Y
    """,
        pipeline,
    )
    assert [r[1:] for r in rows] == [
        ("main", "new", "open"), ("main", "offer", "open"), ("main", None, "won"),
        ("main", None, "lost"),
    ]  # fmt: skip
    assert [f[0] for f in found] == ["unknown_stage", "unknown_stage"]


def test_codes_of_amocrm_tell_won_and_lost_under_any_name(resolve: Any) -> None:
    rows, _ = resolve("""
    id | name | price | status_id | pipeline_id | responsible_user_id | status_name | pipeline_name | closed_at
    1  | а    | 5     | 142       | 7           | 1                   | Отказ       | Продажи       | 1793520000
    2  | б    | 5     | 143       | 7           | 1                   | Победа      | Продажи       | 1793520000
    """)  # noqa: E501
    assert [r[3] for r in rows] == ["won", "lost"]


def test_leads_pass_their_own_pipeline_only(resolve: Any) -> None:
    leads = {
        "key": "leads", "entity": "lead", "title": "Лиды", "stages": [
            {"key": "new", "title": "Не обработан"},
            {"key": "done", "title": "Качественный лид", "kind": "converted"},
        ],
    }  # fmt: skip
    rows, found = resolve(
        """
    ID | Название лида | Стадия           | Ответственный
    1  | а             | Не обработан     | Иванов
    2  | б             | Качественный лид | Иванов
    3  | в             | Некачественный лид | Иванов
    4  | г             | База             | Иванов
    """,
        SALES,
        leads,
        entity="lead",
    )
    assert [r[1:] for r in rows] == [
        ("leads", "new", "open"), ("leads", "done", "converted"), ("leads", None, "lost"),
        ("leads", None, "open"),
    ]  # fmt: skip
    assert {f[:2] for f in found} == {
        ("unknown_stage", "База"), ("unknown_stage", "Некачественный лид"),
    }  # fmt: skip
