# ruff: noqa: E501 (headers stand as the CRMs write them)
"""Bitrix24 layouts: lists, product rows, telephony, REST and BI dumps, with invented people."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from funnelkpi.adapters.layouts.bitrix24 import bare_code
from funnelkpi.adapters.registry import recognise
from funnelkpi.config.schema import Settings

ALL_FIELDS = """ID|Воронка|Повторная сделка|Повторное обращение|Стадия сделки|Наблюдатели|Вероятность|Статус оплаты|Статус доставки|Ответственный|Привязка|Название сделки|Тип|Источник|Дополнительно об источнике|Сумма|Валюта|Компания|Контакт|Сделка закрыта|Дата создания|Кем создана|Дата изменения|Кем изменена|Дата начала|Предполагаемая дата закрытия|Комментарий|Кто изменил стадию|Дата изменения стадии|Последняя активность|Дата последней коммуникации|Контакт: Рабочий телефон|Контакт: Мобильный телефон|Компания: Рабочий телефон"""
ROWS = [
    "52|Общая воронка|N|Y|Сделка успешна||||| Ким Анна||Цех|Продажа|Звонок||7000.05|Российский рубль|ООО Цех|Олег|да|01.02.2026 10:00:00|Ким Анна|05.02.2026 12:00:00||01.02.2026|28.02.2026||1|05.02.2026 11:30:00|04.02.2026 10:00:00|05.02.2026 09:00:00|+79120000001|8 912 000-00-02|+73430000000",
    "51|Общая воронка|N|N|Cчёт на предоплату||||| Ли Борис||Дом|Продажа|Веб-сайт||266|Рубль|||нет|02.02.2026 10:00:00||05.02.2026 12:00:00||02.02.2026|28.02.2026||1|03.02.2026 11:30:00|||",
    "50|Общая воронка|N|N|Сделка провалена||||| Ли Борис||Бор|Продажа|||2000.00|Brazilian Real|||да|02.02.2026 10:00:00||05.02.2026 12:00:00||02.02.2026|04.02.2026|||||",
]


def test_all_fields(make_table, load_tables, rows):
    # 69831680 hex is 1770198656 s = 2026-02-04 09:50:56 UTC, 12:50:56 in Moscow
    name = "DEAL_20260204_0a1b2c3d_6983168000abc.csv"
    tables = load_tables(make_table(name, "\n".join([ALL_FIELDS, *ROWS])))
    deals = tables.deals
    assert rows(deals, "deal_id", "closed", "closed_at", "closed_day", "planned_close_at") == [
        ("52", 1, "2026-02-05 11:30:00", False, None),
        ("51", 0, None, False, "2026-02-28 00:00:00"),
        ("50", 1, "2026-02-04 00:00:00", True, None),
    ]
    assert rows(deals, "amount", "currency") == [(7000.05, "RUB"), (266.0, "RUB"), (2000.0, "BRL")]
    assert rows(deals, "last_activity_at", "stage_changed_at")[0] == (
        "2026-02-05 09:00:00", "2026-02-05 11:30:00",
    )  # fmt: skip
    assert deals["phone"].tolist()[0] == "+79120000001, 8 912 000-00-02, +73430000000"
    assert rows(deals, "owner", "source", "contact", "company")[0] == (
        "Ким Анна", "Звонок", "Олег", "ООО Цех",
    )  # fmt: skip
    assert tables.moments["deals"] == datetime(2026, 2, 4, 12, 50, 56)
    assert tables.days["deals"] == date(2026, 2, 4)
    assert {"closed_at", "stage_changed_at", "closed"} <= tables.available["deals"]
    assert "loss_reason" not in tables.available["deals"]


def test_browser_copy_keeps_its_moment(make_table):
    text = "\n".join([ALL_FIELDS, *ROWS])
    export = recognise(make_table("DEAL_20260204_0a1b2c3d_6983168000abc (1).xls", text), Settings())
    assert (export.moment, export.layout) == (datetime(2026, 2, 4, 12, 50, 56), "bitrix24-list")


def test_product_rows_are_one_deal(make_table, load_tables, rows, findings):
    text = """ID|Стадия сделки|Название сделки|Сумма|Валюта|Дата создания|Товар|Цена|Количество
8|Новая|Цех|0.1|Рубль|01.02.2026 10:00:00|Болт|0.1|1
8|Новая|Цех|0.2|Рубль|01.02.2026 10:00:00|Гайка|0.1|2
8|Новая|Цех|-50|Рубль|01.02.2026 10:00:00|Скидка|-50|1
7|Новая|Дом|300|Рубль|01.02.2026 10:00:00|Дверь|300|1
6|Новая|Бор||Рубль|01.02.2026 10:00:00|||"""
    tables = load_tables(make_table("deals.csv", text))
    assert rows(tables.deals, "deal_id", "amount", "_row") == [
        ("8", -49.7, 2), ("7", 300.0, 5), ("6", None, 6),
    ]  # fmt: skip
    (account,) = tables.accounts
    assert (account.rows, account.counted, account.merged) == (5, 3, 2)
    assert findings(tables)["product_rows"].params == {"deals": 3}


def test_current_columns(make_table, load_tables, rows):
    """No pipeline, no closed flag, no stage-change date: nothing is invented."""
    text = """Название сделки|Тип|Стадия сделки|Контакт|Компания|Сумма|Валюта|Ответственный|Дата создания|Путь клиента|UTM Source|Тип|ID|
Цех|Продажа|Сделка успешна|Олег||100|Рубль|Ким Анна|01.02.2026 10:00:00|||частный|3|"""
    tables = load_tables(make_table("deals.csv", text))
    assert rows(tables.deals, "deal_id", "pipeline", "closed", "closed_at", "stage") == [
        ("3", None, None, None, "Сделка успешна"),
    ]
    assert "closed_at" not in tables.available["deals"]


def test_a_closed_stage_dates_the_close_without_the_flag(make_table, load_tables, rows):
    text = """ID|Стадия сделки|Дата изменения стадии|Предполагаемая дата закрытия
3|Сделка успешна|05.02.2026 11:00:00|28.02.2026
2|Новая|05.02.2026 11:00:00|28.02.2026"""
    tables = load_tables(make_table("deals.csv", text))
    assert rows(tables.deals, "closed_at", "planned_close_at") == [
        ("2026-02-05 11:00:00", None), (None, "2026-02-28 00:00:00"),
    ]  # fmt: skip


def test_older_captions(make_table, load_tables, rows):
    text = """ID|Направление|Стадия сделки|Название сделки|Сумма|Валюта|Сделка закрыта|Дата создания|Ответственный
3|Сервис|Сделка заключена|Цех|1 241 000,00 |Рубль|Да|01.02.2019 10:00:00|Ким Анна"""
    tables = load_tables(make_table("deals.csv", text))
    assert rows(tables.deals, "pipeline", "amount", "closed", "owner") == [
        ("Сервис", 1241000.0, 1, "Ким Анна"),
    ]


def test_english_list(make_table, load_tables, rows):
    text = """ID|Pipeline|Stage|Deal Name|Income|Currency|Closed|Created|Responsible|Assumed close date|Source
3|General|Deal won|Shop|1,241,000.50|US Dollar|Y|02/13/2026 01:05:00 pm|Ann Kim|02/20/2026|Call
2|General|New|House|5|US Dollar|N|02/03/2026 12:05:00 am|Ann Kim|02/21/2026|Call"""
    tables = load_tables(make_table("deals.csv", text))
    assert rows(tables.deals, "amount", "currency", "created_at", "closed_at", "closed") == [
        (1241000.5, "USD", "2026-02-13 13:05:00", "2026-02-20 00:00:00", 1),
        (5.0, "USD", "2026-02-03 00:05:00", None, 0),
    ]


def test_portuguese_list(make_table, load_tables, rows):
    text = """Nome do negócio|Tipo|Fase|Contato|Empresa|Renda|Moeda|Responsável|Criado|ID
Loja|Venda|Nova|Ana|Loja SA|100.50|Brazilian Real|Rui Costa|13/02/2026 10:00:00|4"""
    tables = load_tables(make_table("deals.csv", text))
    assert rows(tables.deals, "deal_id", "owner", "created_at", "currency", "company") == [
        ("4", "Rui Costa", "2026-02-13 10:00:00", "BRL", "Loja SA"),
    ]


def test_leads_current_columns(make_table, load_tables, rows):
    text = """Название лида|Стадия|Дата создания|Источник|Дополнительно об источнике|ID
Лид #7|Качественный лид|01.02.2026 10:00:00|Звонок||7"""
    tables = load_tables(make_table("LEAD_20260204_0a1b2c3d_6983168000abc.csv", text))
    assert tables.deals is None
    assert rows(tables.leads, "deal_id", "stage", "source") == [("7", "Качественный лид", "Звонок")]


def test_leads_all_fields_older(make_table, load_tables, rows):
    text = """ID|Статус|Имя|Отчество|Фамилия|Название лида|Дата создания|Источник|Рабочий телефон|Мобильный телефон|Ответственный|Название компании|Сумма|Валюта|Дата изменения стадии|Последняя активность
7|Некачественный лид|Олег||Юн|Лид #7|01.02.2026 10:00:00|Звонок|+79120000001|+79120000002|Ким Анна|ООО Цех|5|Рубль|02.02.2026 10:00:00|
6|Не обработан|||Пак|Лид #6|01.02.2026 10:00:00|Звонок|||Ким Анна||||02.02.2026 10:00:00|"""
    tables = load_tables(make_table("leads.csv", text))
    assert rows(tables.leads, "closed_at", "phone", "company", "contact") == [
        ("2026-02-02 10:00:00", "+79120000001, +79120000002", "ООО Цех", "Юн"),
        (None, None, None, "Пак"),
    ]


def test_english_leads(make_table, load_tables, rows):
    text = """ID|Status|Lead Name|Created|Source|Responsible|First Name|Last Name|Company Name
7|Good lead|Shop|02/13/2026 10:00:00|Call|Ann Kim|Al|Poe|Shop Ltd"""
    tables = load_tables(make_table("leads.csv", text))
    assert rows(tables.leads, "stage", "company", "created_at") == [
        ("Good lead", "Shop Ltd", "2026-02-13 10:00:00"),
    ]


CALLS = """Сотрудник|Номер в Битрикс24|Номер телефона|Тип звонка|Время звонка|Дата вызова|Статус|Стоимость|Стоимость расшифровки|Оценка|CRM|Описание|Комментарий
Анна Ким|Офис|+7 912 000-00-01|исходящий|4 мин, 53 сек|05.02.2026 11:00:00|Успешный звонок|$0|-|5|Контакт: Олег||
Анна Ким|Офис|8 (912) 000-00-02|исходящий|55 сек|05.02.2026 10:00:00|Вызов отменен|$0|-|-|-||
—|Виртуальная АТС (1)|Номер скрыт|входящий с перенаправлением||05.02.2026 09:00:00|Пропущенный звонок|$0|-|-|-||
Биллинг|||||05.02.2026 08:00:00||12 руб.|-|-|-||
Борис Ли|Офис|9120000003|обратный|2 мин|05.02.2026 07:00:00|Занято|$0|-|-|-||"""


def test_telephony(make_table, load_tables, rows, findings):
    tables = load_tables(make_table("calls_detail_20260205_0a1b2c3d_6983168000abc.xls", CALLS))
    columns = ("employee", "phone", "direction", "talk_seconds", "outcome", "called_at", "_row")
    assert rows(tables.calls, *columns) == [
        ("Анна Ким", "+79120000001", "out", 293, "success", "2026-02-05 11:00:00", 2),
        ("Анна Ким", "+79120000002", "out", 0, "cancelled", "2026-02-05 10:00:00", 3),
        (None, None, "in", 0, "missed", "2026-02-05 09:00:00", 4),
        ("Борис Ли", "+79120000003", "callback", 0, "busy", "2026-02-05 07:00:00", 6),
    ]
    (account,) = tables.accounts
    assert account.reasons == (("findings_adapters.billing_rows", 1),)
    assert findings(tables)["billing_rows"].rows == (5,)
    assert tables.moments["calls"] == datetime(2026, 2, 4, 12, 50, 56)


def test_telephony_older(make_table, load_tables, rows):
    text = """Сотрудник|Номер портала|Номер телефона|Тип звонка|Время звонка|Дата вызова|Статус|Стоимость|Оценка|CRM|Комментарий
Анна Ким|Офис|+79120000001|входящий|60 сек|05.02.2017 11:00:00|Успешный звонок|-|-|-|
Анна Ким|Офис|+79120000001|информационный|0 сек|05.02.2017 11:05:00|Временно не доступен|-|-|-|"""
    tables = load_tables(make_table("calls.xls", text))
    assert rows(tables.calls, "direction", "talk_seconds", "outcome") == [
        ("in", 60, "success"), ("info", 0, "failed"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Employee|Bitrix24 phone|Phone|Call type|Call duration|Call date|Status|Cost|CRM",
         "Ann Kim|Office|+7 912 000-00-01|incoming|1 min, 5 s|05.02.2026 11:00:00|Successful call||"),
        ("Colaborador|Telefone Bitrix24|Telefone|Tipo de chamada|Duração da chamada|Data da chamada|Status|Custo|CRM",
         "Ann Kim|Office|+7 912 000-00-01|entrada|1 min, 5 seg|05/02/2026 11:00:00|Chamada bem-sucedida||"),
    ],
    ids=["en", "pt"],
)  # fmt: skip
def test_telephony_in_other_languages(make_table, load_tables, rows, header, row):
    tables = load_tables(make_table("calls.xls", f"{header}\n{row}"))
    assert rows(tables.calls, "employee", "direction", "talk_seconds", "outcome", "called_at") == [
        ("Ann Kim", "in", 65, "success", "2026-02-05 11:00:00"),
    ]


def test_rest_deals_with_lookups(make_table, load_tables, rows):
    text = """ID|TITLE|STAGE_ID|STAGE_SEMANTIC_ID|CATEGORY_ID|OPPORTUNITY|CURRENCY_ID|ASSIGNED_BY_ID|CREATED_BY_ID|DATE_CREATE|DATE_MODIFY|CLOSEDATE|CLOSED|MOVED_TIME|LAST_ACTIVITY_TIME|SOURCE_ID|LEAD_ID
9|Цех|C2:WON|S|2|19999.99|RUB|8|8|2026-02-01T10:00:00+03:00|2026-02-05T10:00:00+03:00|2026-02-28T03:00:00+03:00|Y|2026-02-05T12:30:00+05:00|2026-02-04T10:00:00+03:00|CALL|77
8|Дом|PREPAYMENT_INVOICE|P|0|0.00|RUB|8|0|2026-02-01T10:00:00+03:00|2026-02-05T10:00:00+03:00|2026-02-28T03:00:00+03:00|N|2026-02-05T12:30:00+05:00||WEB|"""
    users = "ID|ACTIVE|NAME|LAST_NAME|EMAIL\n8|true|Анна|Ким|a@example.com"
    stages = """ENTITY_ID|STATUS_ID|NAME|SORT|SEMANTICS
DEAL_STAGE_2|C2:WON|Договор подписан|10|S
SOURCE|CALL|Звонок|10|"""
    categories = "id|name|sort|entityTypeId|isDefault\n2|Сервис|10|2|N"
    tables = load_tables(
        make_table("deals.csv", text), make_table("users.csv", users),
        make_table("stages.csv", stages), make_table("categories.csv", categories),
    )  # fmt: skip
    assert rows(tables.deals, "stage", "pipeline", "owner", "creator", "source", "stage_code") == [
        ("Договор подписан", "Сервис", "Анна Ким", "Анна Ким", "Звонок", "C2:WON"),
        ("Cчёт на предоплату", "Общая воронка", "Анна Ким", None, "WEB", "PREPAYMENT_INVOICE"),
    ]
    # 12:30 at +05:00 is 10:30 in Moscow
    assert rows(tables.deals, "closed_at", "planned_close_at", "closed", "lead_id") == [
        ("2026-02-05 10:30:00", None, 1, "77"), (None, "2026-02-28 03:00:00", 0, None),
    ]  # fmt: skip


def test_rest_items_in_camel_case(make_table, load_tables, rows):
    text = """id|title|stageId|categoryId|opportunity|currencyId|assignedById|createdTime|movedTime
9|Цех|C2:LOSE|2|5|RUB|8|2026-02-01T10:00:00+03:00|2026-02-05T10:00:00+03:00"""
    tables = load_tables(make_table("items.csv", text))
    assert rows(tables.deals, "stage", "closed_at", "owner") == [
        ("Сделка провалена", "2026-02-05 10:00:00", "8"),
    ]


def test_rest_leads(make_table, load_tables, rows):
    text = """ID|TITLE|STATUS_ID|STATUS_SEMANTIC_ID|OPPORTUNITY|ASSIGNED_BY_ID|DATE_CREATE|DATE_CLOSED
9|Лид|CONVERTED|S|5|8|2026-02-01T10:00:00+03:00|2026-02-05T10:00:00+03:00
8|Лид|IN_PROCESS|P|5|8|2026-02-01T10:00:00+03:00|"""
    tables = load_tables(make_table("leads.csv", text))
    assert rows(tables.leads, "stage", "closed", "closed_at") == [
        ("Качественный лид", 1, "2026-02-05 10:00:00"), ("В работе", 0, None),
    ]  # fmt: skip


def test_bi_deals(make_table, load_tables, rows):
    text = """ID|DATE_CREATE|ASSIGNED_BY_ID|ASSIGNED_BY|ASSIGNED_BY_NAME|CATEGORY_ID|CATEGORY_NAME|STAGE_ID|STAGE_NAME|STAGE|OPPORTUNITY|CURRENCY_ID|CLOSED
9|2026-02-01 10:00:00|8|[8] Анна Ким|Анна Ким|0|Общая воронка|NEW|Новая|[NEW] Новая|5|RUB|N"""
    tables = load_tables(make_table("crm_deal.csv", text))
    assert recognise(make_table("crm_deal.csv", text), Settings()).layout == "bitrix24-bi"
    assert rows(tables.deals, "owner", "pipeline", "stage", "closed") == [
        ("Анна Ким", "Общая воронка", "Новая", 0),
    ]


@pytest.mark.parametrize(
    ("start", "status", "user"),
    [("CALL_START_TIME", "CALL_STATUS_CODE", "PORTAL_USER"),
     ("CALL_START_DATE", "CALL_FAILED_CODE", "PORTAL_USER_NAME")],
    ids=["bi", "rest"],
)  # fmt: skip
def test_dumped_calls(make_table, load_tables, rows, start, status, user):
    text = f"""CALL_ID|PORTAL_USER_ID|{user}|PHONE_NUMBER|CALL_TYPE|CALL_DURATION|{start}|{status}|CRM_ENTITY_TYPE|CRM_ENTITY_ID
a|8|[8] Анна Ким|+79120000001|1|65|2026-02-05T10:00:00+03:00|[200] Успешный звонок|DEAL|9
b|8||79120000002|2|9|2026-02-05T10:00:00+03:00|304|LEAD|5"""
    users = "ID|ACTIVE|NAME|LAST_NAME|EMAIL\n8|true|Анна|Ким|a@example.com"
    tables = load_tables(make_table("calls.csv", text), make_table("users.csv", users))
    columns = ("employee", "phone", "direction", "talk_seconds", "outcome", "deal_id")
    assert rows(tables.calls, *columns) == [
        ("Анна Ким", "+79120000001", "out", 65, "success", "9"),
        ("Анна Ким", "+79120000002", "in", 0, "missed", None),
    ]


def test_bare_code():
    assert [bare_code(c) for c in ("C2:WON", "lose", "[C1:NEW] Новая")] == ["WON", "LOSE", "NEW"]


def test_empty_notice_is_a_finding(make_source, load_tables, findings):
    notice = "Список лидов пуст!"
    tables = load_tables(make_source("LEAD.csv", [], empty_notice=notice))
    assert tables.leads is None
    assert tables.accounts[0].kind == "leads"
    assert findings(tables)["empty_export"].value == notice
