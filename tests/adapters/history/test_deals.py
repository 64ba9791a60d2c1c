"""Events that name their deal: the name tells the ID only if one deal has it."""

from __future__ import annotations

from typing import Any

DEALS = "ID|Название сделки|Этап сделки|Воронка|Дата создания сделки"
EVENTS = "Дата|Объект|Название|Событие|Значение до|Значение после"
ONE = "01.11.2026 10:00|Сделка|{}|Новый этап|База|КП"


def test_unique_names_only(make_table: Any, load_tables: Any, findings: Any) -> None:
    deals = make_table(
        "deals.csv",
        DEALS
        + """
        5|Окна|База|Продажи|01.10.2026 10:00:00
        6|Двери|База|Продажи|01.10.2026 10:00:00
        7|Двери|База|Продажи|01.10.2026 10:00:00
        8||База|Продажи|01.10.2026 10:00:00
    """,
    )
    names = ["Окна", "Двери", "Забор", "Двери", "Крыльцо", "Ворота", "Люк"]
    events = make_table("e.csv", "\n".join([EVENTS, *(ONE.format(n) for n in names)]))
    tables = load_tables(deals, events)
    assert tables.history["deal_id"].tolist() == ["5"]
    account = tables.accounts[1]
    assert (account.rows, account.counted, account.excluded, account.rejected) == (7, 1, 6, 0)
    assert dict(account.reasons) == {
        "findings_adapters.event_deal_not_found": 4, "findings_adapters.event_deal_unclear": 2,
    }  # fmt: skip
    told = findings(tables)
    assert told["event_deal_not_found"].value == "«Забор», «Крыльцо», «Ворота»…"
    assert told["event_deal_unclear"].rows == (3, 5)


def test_names_of_several_files(make_table: Any, load_tables: Any) -> None:
    first = make_table("a.csv", DEALS + "\n5|Окна|База|Продажи|01.10.2026 10:00:00")
    second = make_table("b.csv", DEALS + "\n6|Двери|База|Сервис|01.10.2026 10:00:00")
    events = make_table("e.csv", "\n".join([EVENTS, ONE.format("Двери"), ONE.format("Окна")]))
    assert load_tables(first, second, events).history["deal_id"].tolist() == ["6", "5"]


def test_without_deals_no_name_is_known(make_table: Any, load_tables: Any) -> None:
    tables = load_tables(make_table("e.csv", "\n".join([EVENTS, ONE.format("Окна")])))
    assert len(tables.history) == 0
    assert tables.accounts[0].excluded == 1
