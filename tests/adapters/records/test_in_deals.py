"""Contacts and companies made of the client columns of the deals export."""

from __future__ import annotations

from funnelkpi.adapters.interface import Wanted
from funnelkpi.model.tables import DEALS

WANTED = Wanted(
    frozenset(c.name for c in DEALS),
    clients=frozenset({"phone", "email"}),
    client_texts=("Лет на рынке",),
    from_deals=frozenset({"contacts", "companies"}),
)
BITRIX = """ID|Стадия сделки|Название сделки|Компания|Контакт|Контакт: ID|Контакт: Имя|Контакт: Фамилия|Контакт: Отчество|Контакт: Должность|Контакт: Ответственный|Контакт: Кем создан|Контакт: Дата создания|Контакт: Рабочий телефон|Контакт: Рабочий e-mail|Компания: ID|Компания: Название компании|Компания: Кол-во сотрудников|Компания: Ответственный|Компания: Дата создания|Компания: Лет на рынке
3|Новая|Окна|ООО Ромашка|Мария Сом|12|Мария|Сом||Директор|Анна Ким|Олег Рау|01.03.2026 10:00:00|+79120000001|m@x.ru|5|ООО Ромашка|50-250|Анна Ким|28.02.2026 10:00:00|12
2|Новая|Двери|ООО Ромашка|Мария Сом|12|Мария|Сом||Директор|Анна Ким|Олег Рау|01.03.2026 10:00:00|+79120000001|m@x.ru|5|ООО Ромашка|50-250|Анна Ким|28.02.2026 10:00:00|12
1|Новая|Пол||||||||||||||||||"""  # noqa: E501


def test_bitrix24(make_table, load_tables, rows, findings):
    tables = load_tables(make_table("DEAL.csv", BITRIX), wanted=WANTED)
    columns = ("contact_id", "name", "position", "owner", "creator", "created_at", "phone", "email")
    assert rows(tables.contacts, *columns) == [
        ("12", "Мария Сом", "Директор", "Анна Ким", "Олег Рау", "2026-03-01 10:00:00",
         "+79120000001", "m@x.ru"),
    ]  # fmt: skip
    columns = ("company_id", "name", "employees", "created_at", "field:Лет на рынке")
    assert rows(tables.companies, *columns) == [
        ("5", "ООО Ромашка", "50-250", "2026-02-28 10:00:00", "12"),
    ]
    (account,) = tables.accounts
    assert (account.kind, account.rows, account.counted) == ("deals", 3, 3)
    assert findings(tables)["contacts_of_deals"].count == 1
    assert findings(tables)["companies_of_deals"].count == 1
    assert tables.available["contacts"] >= {"name", "position", "created_at", "phone"}


AMO = """ID|Название сделки|Этап сделки|Полное имя контакта|Компания контакта|Ответственный за контакт|Компания|Рабочий телефон|Рабочий email|Должность
3|Окна|Новая|Мария Сом|ООО Ромашка|Анна Ким|ООО Ромашка|'+79120000001|m@x.ru|Директор
2|Двери|Новая|Мария Сом|ООО Ромашка|Анна Ким|ООО Ромашка|'+79120000001|m@x.ru|Директор
1|Пол|Новая|Мария Сом|||ООО Лилия|'+79120000009||"""  # noqa: E501


def test_amocrm(make_table, load_tables, rows):
    tables = load_tables(make_table("leads.csv", AMO), wanted=WANTED)
    columns = ("contact_id", "name", "position", "company", "owner", "created_at", "phone", "email")
    assert rows(tables.contacts, *columns) == [
        (None, "Мария Сом", "Директор", "ООО Ромашка", "Анна Ким", None, "+79120000001", "m@x.ru"),
        (None, "Мария Сом", None, None, None, None, "+79120000009", None),
    ]
    assert rows(tables.companies, "name") == [("ООО Ромашка",), ("ООО Лилия",)]
    assert "created_at" not in tables.available["contacts"]


def test_a_list_of_its_own_comes_first(make_table, load_tables, rows, findings):
    contacts = make_table("c.csv", "ID|Фамилия|Тип контакта\n12|Сом|К\n13|Лин|К")
    tables = load_tables(make_table("DEAL.csv", BITRIX), contacts, wanted=WANTED)
    assert rows(tables.contacts, "contact_id", "name") == [("12", "Сом"), ("13", "Лин")]
    assert rows(tables.companies, "name") == [("ООО Ромашка",)]
    assert "contacts_of_deals" not in findings(tables)


def test_nothing_is_made_unless_asked_for(make_table, load_tables):
    tables = load_tables(make_table("DEAL.csv", BITRIX))
    assert (tables.contacts, tables.companies) == (None, None)
