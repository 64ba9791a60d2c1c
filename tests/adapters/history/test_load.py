"""The tables of events of a run together: what is known of stages, and the order of rows."""

from __future__ import annotations

import random
from typing import Any

from funnelkpi.adapters.history.load import known_pairs

DEALS = """ID|Название сделки|Этап сделки|Воронка|Дата создания сделки
5|Окна|КП / Договор|Продажи|01.10.2026 10:00:00
6|Двери|База|Продажи|01.10.2026 10:00:00
7|Люк|База|Сервис|01.10.2026 10:00:00
8|Люк||Сервис|01.10.2026 10:00:00
9|Люк|Одна||01.10.2026 10:00:00
"""
EVENTS = [
    "Дата|Объект|Событие|Значение до|Значение после|ID сделки",
    "01.11.2026 10:00|Сделка|Новый этап|Продажи / База|Продажи / КП / Договор|5",
    "02.11.2026 10:00|Сделка|Новый этап|Сервис / База|Сервис / Одна|7",
    "03.11.2026 10:00|Сделка|Изменение поля “Бюджет”|5|7 500,50 $|6",
    "03.11.2026 10:00|Сделка|Изменение поля “Бюджет”|5|8000|6",
    "04.11.2026 10:00|Сделка|Ответственный изменен|Анна|Олег|6",
    "05.11.2026 10:00|Сделка|Теги добавлены||срочно|6",
    "05.11.2026|Контакт|Ответственный изменен|Анна|Олег|6",
    "нет|Сделка|Новый этап|База|КП / Договор|6",
]


def test_known_pairs(make_table: Any, load_tables: Any) -> None:
    deals = load_tables(make_table("d.csv", DEALS)).deals
    assert set(known_pairs([deals])) == {
        ("Продажи", "КП / Договор"), ("Продажи", "База"), ("Сервис", "База"), (None, "Одна"),
    }  # fmt: skip


def test_the_order_of_rows_does_not_matter(make_table: Any, load_tables: Any, rows: Any) -> None:
    columns = ("deal_id", "changed_at", "change", "pipeline", "stage", "from_stage", "owner",
               "amount", "currency")  # fmt: skip

    def told(lines: list[str]) -> Any:
        text = "\n".join([EVENTS[0], *lines])
        tables = load_tables(make_table("d.csv", DEALS), make_table("e.csv", text))
        account = tables.accounts[1]
        assert (account.counted, account.excluded, account.rejected) == (5, 2, 1)
        return sorted(rows(tables.history, *columns), key=str)

    wanted = told(EVENTS[1:])
    assert wanted[0] == (
        "5", "2026-11-01 10:00:00", "stage", "Продажи", "КП / Договор", "База", None, None, None,
    )  # fmt: skip
    assert [r[7:] for r in wanted if r[2] == "amount"] == [(7500.5, "USD"), (8000.0, "RUB")]
    for seed in range(5):
        lines = EVENTS[1:]
        random.Random(seed).shuffle(lines)
        assert told(lines) == wanted


def test_deals_of_another_crm_do_not_matter(make_table: Any, load_tables: Any) -> None:
    """Events and deals of both CRMs in one folder: each keeps its own CRM."""
    steps = (
        "ID|TYPE_ID|DEAL_ID|DATE_CREATE|STAGE_ID|STAGE_NAME\n1|1|5|2026-11-01 10:00:00|NEW|Новая"
    )
    tables = load_tables(
        make_table("d.csv", DEALS),
        make_table("e.csv", "\n".join(EVENTS)),
        make_table("s.csv", steps),
    )
    counts = tables.history["crm"].value_counts().to_dict()
    assert counts == {"amocrm": 5, "bitrix24": 1}
    assert tables.history["_file"].value_counts().to_dict() == {"e.csv": 5, "s.csv": 1}
