"""The dataset from canonical tables: what is put together, and what is refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from funnelkpi.adapters.assemble import assemble, work_calendar
from funnelkpi.config.schema import Settings
from funnelkpi.errors import InputError
from funnelkpi.model.evidence import Evidence

DEALS = """
ID | Название сделки | Стадия сделки | Предыдущая стадия | Сделка закрыта | Ответственный | Дата создания | Дата изменения стадии | Дата изменения | Сумма
1  | а | Новая            |                | нет | Лапина Зоя | 01.11.2026 10:00:00 | 01.11.2026 10:00:00 | 15.11.2026 10:00:00 | 100
2  | б | В работе         | Новая          | нет | Лапина Зоя | 01.10.2026 10:00:00 | 05.11.2026 10:00:00 | 05.11.2026 10:00:00 | 200
3  | в | Сделка успешна   | В работе       | да  | Орлов Пётр | 01.06.2026 10:00:00 | 10.11.2026 10:00:00 | 10.11.2026 10:00:00 | 300
4  | г | Сделка провалена | Новая          | да  | Старый Сотрудник | 01.01.2026 10:00:00 | 10.02.2026 10:00:00 | 10.02.2026 10:00:00 | 5
"""  # noqa: E501
LEADS = """
ID | Название лида | Стадия | Ответственный | Дата создания | Дата изменения стадии
1  | а | Не обработан     | Зоя Лапина | 02.11.2026 10:00:00 | 02.11.2026 10:00:00
2  | б | Качественный лид | Зоя Лапина | 02.11.2026 10:00:00 | 03.11.2026 10:00:00
"""
CALLS = """
Сотрудник | Номер телефона | Тип звонка | Время звонка | Дата вызова | Статус
Зоя Лапина | +79123456789 | исходящий | 4 мин, 53 сек | 14.11.2026 12:00:00 | Успешный звонок
Пётр Орлов | +79123456789 | исходящий | 4 мин, 53 сек | 18.11.2026 12:00:00 | Успешный звонок
"""


@pytest.fixture
def tables(make_table: Any, load_tables: Any) -> Any:
    def make(**texts: str) -> Any:
        names = {"deals": "deals.csv", "leads": "leads.csv", "calls": "calls.csv"}
        return load_tables(*(make_table(names[k], t) for k, t in texts.items()))

    return make


def test_deals_and_leads_in_one_frame(tables: Any) -> None:
    data = assemble(tables(deals=DEALS, leads=LEADS), Settings()).dataset
    deals = data.deals
    assert deals["entity"].tolist() == ["deal"] * 4 + ["lead"] * 2
    assert deals["pipeline"].tolist() == ["main"] * 4 + ["leads"] * 2
    assert deals["status"].tolist() == ["open", "open", "won", "lost", "open", "converted"]
    assert deals.index.tolist() == list(range(6))
    assert [m.name for m in data.roster.managers] == [
        "Зоя Лапина", "Орлов Пётр", "Старый Сотрудник",
    ]  # fmt: skip
    assert deals["manager"].cat.codes.tolist() == [0, 0, 1, 2, 0, 0]
    assert "owner" not in deals
    ids = [s.id for s in data.funnel.stages]
    assert deals["stage"].cat.categories.tolist() == ids  # the code is the stage's code


def test_listed_are_those_with_a_deal_in_90_days(tables: Any) -> None:
    roster = assemble(tables(deals=DEALS), Settings()).dataset.roster
    assert {m.name: m.listed for m in roster.managers} == {
        "Лапина Зоя": True, "Орлов Пётр": True, "Старый Сотрудник": False,
    }  # fmt: skip
    early = assemble(tables(deals=DEALS), Settings(), datetime(2026, 3, 1)).dataset
    assert {m.name: m.listed for m in early.roster.managers} == {"Старый Сотрудник": True}


def test_moment_coverage_and_calls(tables: Any) -> None:
    got = assemble(tables(deals=DEALS, calls=CALLS), Settings())
    data = got.dataset
    assert data.as_of == datetime(2026, 11, 15, 10, 0)  # the last edit; calls do not count
    assert data.covered == {
        "deals": data.as_of, "calls": datetime(2026, 11, 14, 12, 0),
    }  # fmt: skip
    assert data.calls is not None
    assert data.calls["manager"].tolist() == ["Лапина Зоя"]
    calls = next(a for a in got.accounts if a.kind == "calls")
    assert (calls.counted, calls.excluded, calls.balanced) == (1, 1, True)
    later = assemble(tables(deals=DEALS, calls=CALLS), Settings(), datetime(2026, 11, 20)).dataset
    assert later.covered["deals"] == datetime(2026, 11, 15, 10, 0)  # no later than the export


def test_entries_and_evidence_reach_the_dataset(tables: Any) -> None:
    data = assemble(tables(deals=DEALS), Settings()).dataset
    second = data.entries[data.entries["deal"].eq(1)]
    assert second["at"].dt.day.tolist() == [1, 5]
    assert set(data.entries["evidence"]) == {Evidence.SNAPSHOT}
    assert data.deals.loc[3, "reach_evidence"] == Evidence.PREVIOUS
    assert {"stage_changed_at", "previous_stage", "amount", "closed_at"} <= data.available
    assert "next_task_at" not in data.available


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"calls": CALLS}, "no_deals"),
        ({"deals": DEALS.splitlines()[1]}, "no_rows"),
        ({"deals": DEALS.splitlines()[1], "calls": CALLS}, "no_rows"),
        ({"deals": "\n".join(DEALS.splitlines()[1:3]).replace("\n1 ", "\n  ")}, "no_usable_rows"),
        (
            {"deals": "ID | Название сделки | Стадия сделки | Сделка закрыта\n1 | а | Новая | нет"},
            "no_moment",
        ),
    ],
)
def test_what_is_refused(given: dict[str, str], key: str, tables: Any) -> None:
    with pytest.raises(InputError) as error:
        assemble(tables(**given), Settings())
    assert error.value.problems[0].key == f"errors_data.{key}"


def test_before_the_first_deal(tables: Any) -> None:
    with pytest.raises(InputError) as error:
        assemble(tables(deals=DEALS), Settings(), datetime(2025, 1, 1))
    assert error.value.problems[0].params == {"as_of": "01.01.2025 00:00"}


def test_leads_without_a_pipeline_in_the_config_pass_their_built_in_stages(tables: Any) -> None:
    stages = [{"key": "new", "title": "Новая"}, {"key": "work", "title": "В работе"},
              {"key": "won", "title": "Сделка успешна", "kind": "won"}]  # fmt: skip
    config = Settings.model_validate(
        {"pipelines": [{"key": "leads", "title": "Сделки", "stages": stages}]}
    )
    data = assemble(tables(deals=DEALS, leads=LEADS), config).dataset
    assert [(p.key, p.entity, p.confirmed) for p in data.funnel.pipelines] == [
        ("leads", "deal", True), ("leads_2", "lead", False),
    ]  # fmt: skip
    assert data.deals["status"].tolist()[4:] == ["open", "converted"]


def test_leads_alone_are_a_report_too(tables: Any) -> None:
    data = assemble(tables(leads=LEADS), Settings()).dataset
    assert data.deals["entity"].tolist() == ["lead", "lead"]


def test_the_calendar_of_the_config() -> None:
    settings = Settings.model_validate(
        {"calendar": {"country": None, "work_days": ["tue", "sat"], "opens": "8:00",
                      "closes": "20:30", "holidays": ["2026-11-10"], "workdays": ["2026-11-09"]}}
    )  # fmt: skip
    calendar = work_calendar(settings)
    days = calendar.working_days(date(2026, 11, 9), date(2026, 11, 15))
    assert [d.day for d in days] == [9, 14]
    assert calendar.day_end(date(2026, 11, 9)) == datetime(2026, 11, 9, 20, 30)
