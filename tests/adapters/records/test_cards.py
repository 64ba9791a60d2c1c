"""Contacts and companies of every layout in canonical columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelkpi.adapters.interface import Wanted
from funnelkpi.adapters.load import load
from funnelkpi.adapters.registry import recognise
from funnelkpi.config.schema import Settings
from funnelkpi.model.tables import DEALS
from funnelkpi.readers.open import open_sources

FULL = Wanted(frozenset(c.name for c in DEALS), clients=frozenset({"phone", "email"}))
PERSON = ("contact_id", "name", "position", "company", "owner", "creator", "created_at", "phone",
          "email")  # fmt: skip
FIRM = ("company_id", "name", "owner", "creator", "created_at", "phone", "email")


def load_files(*paths: Path, wanted: Wanted = FULL):
    exports = [recognise(s, Settings()) for s in open_sources(paths).sources]
    tables = load(exports, wanted, Settings())
    assert all(a.balanced for a in tables.accounts), tables.accounts
    return tables


def write(folder: Path, name: str, data: str) -> Path:
    path = folder / name
    path.write_bytes(data.encode())
    return path


AMO_CSV = (
    "ID,Тип,\"Полное имя контакта\",Имя,Фамилия,\"Название компании\",Ответственный,"
    "\"Дата создания контакта\",\"Кем создан контакт\",Сделки,\"Дата редактирования\","
    "\"Кем редактирован\",Теги,\"Примечание 1\",\"Рабочий телефон\",\"Мобильный телефон\","
    "\"Рабочий email\",\"Личный email\",Адрес,Должность\n"
    "31,контакт,\"Мария Сом\",Мария,Сом,\"ООО Ромашка\",\"Анна Ким\",\"01.03.2026 10:00:00\","
    "\"Олег Рау\",\"Ремонт, Окна\",\"02.03.2026 10:00:00\",,,,'+79120000001,'+79120000002,m@x.ru,,,"
    "\"Генеральный директор\"\n"
    "30,компания,,,,\"ООО Ромашка\",\"Анна Ким\",\"28.02.2026 10:00:00\",,,"
    "\"28.02.2026 10:00:00\",,,,нет,,,,Тула,\n"
    "29,контакт,\"Пётр\",Пётр,,,\"Анна Ким\",\"27.02.2026 10:00:00\",,,,,,,,,,,,\n"
)  # fmt: skip


def test_amocrm_csv_of_contacts_and_companies(tmp_path, rows):
    path = write(tmp_path, "amocrm_export_contacts_2026-03-05.csv", AMO_CSV)
    tables = load_files(path)
    assert rows(tables.contacts, *PERSON) == [
        ("31", "Мария Сом", "Генеральный директор", "ООО Ромашка", "Анна Ким", "Олег Рау",
         "2026-03-01 10:00:00", "+79120000001, +79120000002", "m@x.ru"),
        ("29", "Пётр", None, None, "Анна Ким", None, "2026-02-27 10:00:00", None, None),
    ]  # fmt: skip
    assert rows(tables.companies, *FIRM, "has_phone") == [
        ("30", "ООО Ромашка", "Анна Ким", None, "2026-02-28 10:00:00", "нет", None, False)
    ]
    (account,) = tables.accounts
    assert (account.kind, account.rows, account.counted) == ("contacts", 3, 3)


def test_texts_of_phones_are_kept_only_when_asked_for(tmp_path):
    path = write(tmp_path, "contacts.csv", AMO_CSV)
    contacts = load_files(path, wanted=Wanted(frozenset())).contacts
    assert contacts["phone"].isna().all()
    assert contacts["email"].isna().all()
    assert contacts["has_phone"].tolist() == [True, False]
    assert contacts["has_email"].tolist() == [True, False]


XLSX = """ID|Тип|Наименование|Имя|Фамилия|Компания|Дата создания|Создатель|Дата изменения|Автор изменения|Теги|Ближайшая задача|Ответственный|Сделки|Должность (контакт)|Рабочий email|Рабочий телефон|Мобильный телефон|Адрес (компания)|Лет на рынке (компания)|Примечание 1
31|контакт|Мария Сом|Мария|Сом|ООО Ромашка|01.03.2026 10:00:00|Олег Рау|02.03.2026 10:00:00|||2026-03-10 10:00:00|Анна Ким|Ремонт|Директор|m@x.ru|'+79120000001||||
30|компания|ООО Ромашка||||28.02.2026 10:00:00|Анна Ким|28.02.2026 10:00:00||||Анна Ким|||||||12|"""  # noqa: E501


def test_amocrm_xlsx_of_contacts_and_companies(make_table, load_tables, rows):
    wanted = Wanted(frozenset(), (), (), frozenset({"phone", "email"}), ("Лет на рынке",))
    tables = load_tables(make_table("contacts.xlsx", XLSX, fmt="xlsx"), wanted=wanted)
    assert rows(tables.contacts, *PERSON) == [
        ("31", "Мария Сом", "Директор", "ООО Ромашка", "Анна Ким", "Олег Рау",
         "2026-03-01 10:00:00", "+79120000001", "m@x.ru"),
    ]  # fmt: skip
    assert rows(tables.companies, *FIRM, "field:Лет на рынке") == [
        ("30", "ООО Ромашка", "Анна Ким", "Анна Ким", "2026-02-28 10:00:00", None, None, "12")
    ]


@pytest.mark.parametrize(
    ("header", "company"),
    [
        ("ID|Tipo|Nome completo|Nome da empresa|Criado em|Criado por|Usuário responsável|Leads"
         "|Celular|Email comercial|Posição", "empresa"),
        ("ID|Tipo|Nombre completo|Empresa|Fecha de Creación|Creado por|Respons. usuario|Leads"
         "|Teléfono celular|Correo|Cargo", "compañía"),
    ],
    ids=["pt", "es"],
)  # fmt: skip
def test_kommo_contacts(make_table, load_tables, rows, header, company):
    person = (
        "7|contato|Maria Som|Rosa Ltda|01.03.2026 10:00:00|Olga|Ana|Obra|+5511981707495|m@x.br|CEO"
    )
    firm = f"8|{company}|Rosa Ltda||28.02.2026 10:00:00||Ana||||"
    table = make_table("kommo_export_contacts.csv", f"{header}\n{person}\n{firm}")
    tables = load_tables(table, wanted=FULL)
    assert rows(tables.contacts, *PERSON) == [
        ("7", "Maria Som", "CEO", "Rosa Ltda", "Ana", "Olga", "2026-03-01 10:00:00",
         "+5511981707495", "m@x.br"),
    ]  # fmt: skip
    assert rows(tables.companies, *FIRM)[0][:3] == ("8", "Rosa Ltda", "Ana")


AMO_API = """{"_embedded":{"contacts":[{"id":31,"name":"Мария Сом","first_name":"Мария",
"last_name":"Сом","responsible_user_id":7,"group_id":0,"created_by":8,"created_at":1772348400,
"updated_at":1772348400,"closest_task_at":null,"is_deleted":false,"custom_fields_values":[
{"field_id":1,"field_name":"Должность","field_code":"POSITION","values":[{"value":"Директор"}]},
{"field_id":2,"field_name":"Телефон","field_code":"PHONE","values":[{"value":"+79120000001"},
{"value":"+79120000002"}]},{"field_id":3,"field_name":"Email","field_code":"EMAIL","values":[
{"value":"m@x.ru"}]}],"_embedded":{"tags":[],"companies":[{"id":30,"_links":{}}]}}],
"companies":[{"id":30,"name":"ООО Ромашка","responsible_user_id":7,"group_id":0,"created_by":0,
"created_at":1772348400,"updated_at":1772348400,"closest_task_at":null,"custom_fields_values":[
{"field_id":2,"field_name":"Телефон","values":[{"value":"+74870000001"}]},
{"field_id":5,"field_name":"Лет на рынке","values":[{"value":12}]}],"_embedded":{"tags":[]}}],
"users":[{"id":7,"name":"Анна Ким","email":"a@x.ru","lang":"ru"},
{"id":8,"name":"Олег Рау","email":"o@x.ru","lang":"ru"}]}}"""


def test_amocrm_api_contacts_and_companies(tmp_path, rows):
    wanted = Wanted(frozenset(), (), (), frozenset({"phone", "email"}), ("Лет на рынке",))
    tables = load_files(write(tmp_path, "dump.json", AMO_API), wanted=wanted)
    assert rows(tables.contacts, *PERSON) == [
        ("31", "Мария Сом", "Директор", "ООО Ромашка", "Анна Ким", "Олег Рау",
         "2026-03-01 10:00:00", "+79120000001, +79120000002", "m@x.ru"),
    ]  # fmt: skip
    assert rows(tables.companies, *FIRM, "field:Лет на рынке") == [
        ("30", "ООО Ромашка", "Анна Ким", None, "2026-03-01 10:00:00", "+74870000001", None, "12"),
    ]


BITRIX_CONTACTS = (
    '\ufeff"ID";"Фотография";"Обращение";"Имя";"Фамилия";"Отчество";"Должность";"Тип контакта";'
    '"Ответственный";"Источник";"Участвует в экспорте контактов";"Кем создан";"Дата создания";'
    '"Дата изменения";"Рабочий телефон";"Мобильный телефон";"Рабочий e-mail";"Компания";\n'
    '"12";"";"";"Мария";"Сом";"Петровна";"Директор";"Клиенты";"Анна Ким";"Звонок";"Да";"Олег Рау";'
    '"01.03.2026 10:00:00";"01.03.2026 10:00:00";"+7 912 000-00-01";"";"m@x.ru";"ООО Ромашка";\n'
    '"11";"";"";"Пётр";"";"";"";"Клиенты";"Анна Ким";"";"Да";"";"27.02.2026 10:00:00";"";"";"";"";"";\n'
)
BITRIX_COMPANIES = (
    '\ufeff"ID";"Логотип";"Название компании";"Тип компании";"Кол-во сотрудников";"Ответственный";'
    '"Сфера деятельности";"Годовой оборот";"Валюта";"Кем создана";"Дата создания";'
    '"Рабочий телефон";"Лет на рынке";\n'
    '"3";"";"ООО Ромашка";"Клиент";"50-250";"Анна Ким";"Торговля";"1000000";"Российский рубль";'
    '"Олег Рау";"28.02.2026 10:00:00";"";"12";\n'
)


def test_bitrix24_contacts(tmp_path, rows):
    name = "CONTACT_20260305_0a1b2c3d_69a00000abcde.csv"
    tables = load_files(write(tmp_path, name, BITRIX_CONTACTS))
    assert rows(tables.contacts, *PERSON, "type", "source", "_row") == [
        ("12", "Мария Петровна Сом", "Директор", "ООО Ромашка", "Анна Ким", "Олег Рау",
         "2026-03-01 10:00:00", "+7 912 000-00-01", "m@x.ru", "Клиенты", "Звонок", 2),
        ("11", "Пётр", None, None, "Анна Ким", None, "2026-02-27 10:00:00", None, None, "Клиенты",
         None, 3),
    ]  # fmt: skip
    assert tables.companies is None


def test_bitrix24_companies(tmp_path, rows):
    wanted = Wanted(frozenset(), client_texts=("Лет на рынке",))
    tables = load_files(write(tmp_path, "COMPANY.csv", BITRIX_COMPANIES), wanted=wanted)
    columns = ("employees", "industry", "turnover", "type", "field:Лет на рынке")
    assert rows(tables.companies, *FIRM, *columns) == [
        ("3", "ООО Ромашка", "Анна Ким", "Олег Рау", "2026-02-28 10:00:00", None, None, "50-250",
         "Торговля", "1000000", "Клиент", "12"),
    ]  # fmt: skip
    assert tables.contacts is None
    assert tables.available["companies"] >= {"company_id", "name", "employees", "created_at"}


REST_CONTACTS = """{"result":[{"ID":"12","NAME":"Мария","SECOND_NAME":"","LAST_NAME":"Сом",
"POST":"Директор","TYPE_ID":"CLIENT","SOURCE_ID":"CALL","COMPANY_ID":"3","ASSIGNED_BY_ID":"7",
"CREATED_BY_ID":"8","DATE_CREATE":"2026-03-01T10:00:00+03:00","HAS_PHONE":"Y","HAS_EMAIL":"N",
"PHONE":[{"ID":"1","VALUE_TYPE":"WORK","VALUE":"+79120000001","TYPE_ID":"PHONE"}]}]}"""
REST_COMPANIES = """{"result":[{"ID":"3","TITLE":"ООО Ромашка","COMPANY_TYPE":"CUSTOMER",
"INDUSTRY":"IT","EMPLOYEES":"EMPLOYEES_1","REVENUE":"1000000","ASSIGNED_BY_ID":"7",
"CREATED_BY_ID":"0","DATE_CREATE":"2026-02-28T10:00:00+03:00","HAS_PHONE":"N"}]}"""
REST_STATUSES = """{"result":[
{"ID":"1","ENTITY_ID":"CONTACT_TYPE","STATUS_ID":"CLIENT","NAME":"Клиенты"},
{"ID":"2","ENTITY_ID":"SOURCE","STATUS_ID":"CALL","NAME":"Звонок"},
{"ID":"3","ENTITY_ID":"EMPLOYEES","STATUS_ID":"EMPLOYEES_1","NAME":"менее 50"}]}"""
REST_USERS = '{"result":[{"ID":"7","NAME":"Анна","LAST_NAME":"Ким"},{"ID":"8","NAME":"Олег","LAST_NAME":"Рау"}]}'  # noqa: E501
REST_DEALS = '{"result":[{"ID":"1","STAGE_ID":"NEW","CATEGORY_ID":"0","CONTACT_ID":"12","COMPANY_ID":"3","ASSIGNED_BY_ID":"7"}]}'  # noqa: E501


def test_bitrix24_rest_contacts_and_companies(tmp_path, rows):
    tables = load_files(
        write(tmp_path, "contacts.json", REST_CONTACTS),
        write(tmp_path, "companies.json", REST_COMPANIES),
        write(tmp_path, "statuses.json", REST_STATUSES), write(tmp_path, "users.json", REST_USERS),
        write(tmp_path, "deals.json", REST_DEALS),
    )  # fmt: skip
    assert rows(tables.contacts, *PERSON, "type", "source", "has_phone", "has_email") == [
        ("12", "Мария Сом", "Директор", "ООО Ромашка", "Анна Ким", "Олег Рау",
         "2026-03-01 10:00:00", "+79120000001", None, "Клиенты", "Звонок", True, False),
    ]  # fmt: skip
    assert rows(tables.companies, *FIRM, "employees", "industry") == [
        ("3", "ООО Ромашка", "Анна Ким", None, "2026-02-28 10:00:00", None, None, "менее 50", "IT"),
    ]
    # the deals' numbers are the cards' names
    assert rows(tables.deals, "contact", "company") == [("Мария Сом", "ООО Ромашка")]


def test_any_table_with_its_columns_named(make_table, load_tables, rows):
    columns = {"name": "Фирма", "employees": "Людей", "created_at": "Заведена", "owner": "Кто"}
    settings = Settings.model_validate({"inputs": {"columns": columns}})
    text = "Фирма|Людей|Заведена|Кто\nООО Ромашка|120|01.03.2026|Анна\n|||Олег"
    tables = load_tables(make_table("firms.csv", text), settings=settings)
    assert rows(tables.companies, "name", "employees", "created_at", "owner", "crm") == [
        ("ООО Ромашка", "120", "2026-03-01 00:00:00", "Анна", "generic"),
    ]
    (account,) = tables.accounts
    assert (account.kind, account.counted, account.rejected) == ("companies", 1, 1)


def test_the_newest_card_counts(make_table, load_tables, rows, findings):
    head = "ID|Фамилия|Тип контакта|Должность|Дата изменения\n"
    old = head + "1|Сом|К|менеджер|01.03.2026\n2|Лин|К||01.03.2026"
    new = head + "1|Сом|К|директор|04.03.2026\n1|Сом|К|директор|04.03.2026\n3|Рау|К||04.03.2026"
    tables = load_tables(make_table("CONTACT_a.csv", old), make_table("CONTACT_b.csv", new))
    assert rows(tables.contacts, "contact_id", "position", "_file") == [
        ("2", None, "CONTACT_a.csv"), ("1", "директор", "CONTACT_b.csv"),
        ("3", None, "CONTACT_b.csv"),
    ]  # fmt: skip
    assert [(a.rows, a.counted, a.merged) for a in tables.accounts] == [(2, 1, 1), (3, 2, 1)]
    assert findings(tables)["record_repeated"].rows == (3,)


def test_a_contact_and_a_company_of_one_number_are_two(make_table, load_tables):
    text = "ID|Тип|Наименование|Сделки\n7|контакт|Мария|\n7|компания|Ромашка|"
    tables = load_tables(make_table("x.csv", text))
    assert (len(tables.contacts), len(tables.companies)) == (1, 1)


def test_what_is_no_phone_and_no_json_stays_text(tmp_path):
    dump = REST_CONTACTS.replace(
        '"PHONE":[{"ID":"1","VALUE_TYPE":"WORK","VALUE":"+79120000001","TYPE_ID":"PHONE"}]',
        '"PHONE":"[нет","EMAIL":"на визитке"',
    )
    contacts = load_files(write(tmp_path, "contacts.json", dump)).contacts
    assert (contacts["phone"][0], contacts["email"][0]) == ("[нет", "на визитке")
    assert (contacts["has_phone"][0], contacts["has_email"][0]) == (False, False)


def test_rows_without_name_and_id_are_rejected(make_table, load_tables, findings):
    text = "ID|Фамилия|Тип контакта|Дата создания\n1|Сом|К|32.13.2026\n||К|01.03.2026\n||К|\n2||К|"
    tables = load_tables(make_table("CONTACT.csv", text))
    (account,) = tables.accounts
    assert (account.rows, account.counted, account.rejected) == (4, 2, 2)
    assert findings(tables)["card_without_name"].rows == (3, 4)
    assert findings(tables)["bad_date"].value == "32.13.2026"
