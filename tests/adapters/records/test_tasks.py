"""Tasks and activities of every source in canonical columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelkpi.adapters.load import load
from funnelkpi.adapters.registry import recognise
from funnelkpi.adapters.wanted import wanted
from funnelkpi.config.schema import Settings
from funnelkpi.errors import InputError
from funnelkpi.readers.open import open_sources

SHOWN = ("task_id", "deal_id", "entity", "title", "type", "owner", "creator", "created_at", "due_at",
         "done", "done_at")  # fmt: skip


def settings(**inputs) -> Settings:
    return Settings.model_validate({"inputs": inputs})


def load_files(*paths: Path, given: Settings | None = None):
    given = given or Settings()
    exports = [recognise(s, given) for s in open_sources(paths).sources]
    tables = load(exports, wanted(exports, given, ()), given)
    assert all(a.balanced for a in tables.accounts), tables.accounts
    return tables


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


USERS = '{"result":[{"ID":"7","NAME":"Анна","LAST_NAME":"Ким"},{"ID":"8","NAME":"Олег","LAST_NAME":"Рау"}]}'
REST = """{"result":[
{"ID":"901","OWNER_TYPE_ID":"2","OWNER_ID":"55","TYPE_ID":"1","PROVIDER_ID":"CRM_MEETING",
 "SUBJECT":"Показ","CREATED":"2026-03-01T10:00:00+03:00","START_TIME":"2026-03-03T12:00:00+03:00",
 "END_TIME":"2026-03-03T13:00:00+03:00","DEADLINE":"2026-03-03T13:00:00+03:00",
 "LAST_UPDATED":"2026-03-03T13:05:00+03:00","COMPLETED":"Y","STATUS":"2","RESPONSIBLE_ID":"7",
 "AUTHOR_ID":"8"},
{"ID":"902","OWNER_TYPE_ID":"1","OWNER_ID":"55","TYPE_ID":"6","PROVIDER_ID":"CRM_TODO",
 "SUBJECT":"Перезвонить","CREATED":"2026-03-01T11:00:00+06:00","START_TIME":"",
 "END_TIME":"2026-03-04T09:00:00+03:00","DEADLINE":"9999-12-31T00:00:00+03:00",
 "LAST_UPDATED":"2026-03-01T08:00:00+03:00","COMPLETED":"N","STATUS":"1","RESPONSIBLE_ID":"8",
 "AUTHOR_ID":"0"},
{"ID":"903","OWNER_TYPE_ID":"3","OWNER_ID":"12","TYPE_ID":"2","PROVIDER_ID":"VOXIMPLANT_CALL",
 "SUBJECT":"Звонок","CREATED":"2026-03-02T11:00:00+03:00","START_TIME":"2026-03-02T11:00:00+03:00",
 "END_TIME":"2026-03-02T11:04:00+03:00","DEADLINE":"2026-03-02T11:04:00+03:00",
 "LAST_UPDATED":"2026-03-02T11:05:00+03:00","COMPLETED":"Y","STATUS":"3","RESPONSIBLE_ID":"9",
 "AUTHOR_ID":"7"}]}"""
CONTACTS = """{"result":[{"ID":"12","NAME":"Мария","LAST_NAME":"Сом","POST":"Директор",
"COMPANY_ID":"3","ASSIGNED_BY_ID":"7","DATE_CREATE":"2026-02-01T09:00:00+03:00"}]}"""


def test_bitrix24_rest_activities(tmp_path, rows, findings):
    tables = load_files(
        write(tmp_path, "activities.json", REST), write(tmp_path, "users.json", USERS),
        write(tmp_path, "contacts.json", CONTACTS),
    )  # fmt: skip
    assert rows(tables.tasks, *SHOWN) == [
        ("901", "55", "deal", "Показ", "Встреча", "Анна Ким", "Олег Рау", "2026-03-01 10:00:00",
         "2026-03-03 12:00:00", 1, "2026-03-03 13:05:00"),
        ("902", "55", "lead", "Перезвонить", "Дело", "Олег Рау", None, "2026-03-01 08:00:00",
         "2026-03-04 09:00:00", 0, None),
        ("903", None, "deal", "Звонок", "Звонок", "9", "Анна Ким", "2026-03-02 11:00:00",
         "2026-03-02 11:04:00", 1, "2026-03-02 11:05:00"),
    ]  # fmt: skip
    assert tables.tasks["client"].tolist()[2] == "Мария Сом"
    assert tables.available["tasks"] >= {"deal_id", "type", "due_at", "done", "done_at"}
    assert findings(tables)["ids_without_names"].value == "9"


def test_bitrix24_bi_activities(tmp_path, rows):
    text = (
        "ID,OWNER_TYPE_ID,OWNER_ID,TYPE_ID,PROVIDER_ID,SUBJECT,CREATED,START_TIME,END_TIME,"
        "DEADLINE,COMPLETED,RESPONSIBLE_ID,RESPONSIBLE_NAME,AUTHOR_ID,AUTHOR_NAME\n"
        "901,2,55,1,CRM_MEETING,Показ,2026-03-01 10:00:00,2026-03-03 12:00:00,"
        "2026-03-03 13:00:00,2026-03-03 13:00:00,N,7,Анна Ким,8,Олег Рау\n"
    )
    tables = load_files(write(tmp_path, "crm_activity.csv", text))
    assert rows(tables.tasks, *SHOWN) == [
        ("901", "55", "deal", "Показ", "Встреча", "Анна Ким", "Олег Рау", "2026-03-01 10:00:00",
         "2026-03-03 12:00:00", 0, None),
    ]  # fmt: skip


GRID = """ID|Название|Начало|Конец|Срок|Сделка/Лид|Клиент|Описание|Ответственный|Статус|Дата создания|Тип|Важность
5|Показ|03.03.2026 12:00|03.03.2026 13:00|03.03.2026 13:00|Сделка: Ремонт|Мария Сом||Анна Ким|Выполнено|01.03.2026 10:00|Встреча с клиентом|Обычная
6|Счёт|||04.03.2026 09:00|Окна||||Не выполнено|01.03.2026 11:00|Задача|Высокая
7|Письмо|||05.03.2026 09:00|Двери||||||Письмо клиенту|"""  # noqa: E501
DEALS = "ID|Название сделки|Стадия сделки|Воронка\n1|Ремонт|Новая|Общая\n2|Окна|Новая|Общая\n3|Окна|Новая|Общая"  # noqa: E501


def test_pasted_grid_finds_deals_by_their_names(make_table, load_tables, rows):
    tables = load_tables(make_table("grid.csv", GRID), make_table("deals.csv", DEALS))
    columns = ("task_id", "deal_id", "type", "client", "due_at", "done", "owner")
    assert rows(tables.tasks, *columns) == [
        ("5", "1", "Встреча с клиентом", "Мария Сом", "2026-03-03 12:00:00", 1, "Анна Ким"),
        ("6", None, "Задача", None, "2026-03-04 09:00:00", 0, None),
        ("7", None, "Письмо клиенту", None, "2026-03-05 09:00:00", None, None),
    ]


AMO = """{"_page":1,"_embedded":{"tasks":[
{"id":31,"created_by":7,"created_at":1772348400,"updated_at":1772541900,"responsible_user_id":7,
 "entity_id":55,"entity_type":"leads","duration":0,"is_completed":true,"task_type_id":2,
 "text":"Показ","result":{"text":"Договорились"},"complete_till":1772528400},
{"id":32,"created_by":0,"created_at":1772348400,"updated_at":1772348400,"responsible_user_id":8,
 "entity_id":12,"entity_type":"contacts","duration":0,"is_completed":false,"task_type_id":2741,
 "text":"Поздравить","result":[],"complete_till":1772614800}]}}"""


def test_amocrm_api_tasks(tmp_path, rows):
    users = '{"_embedded":{"users":[{"id":7,"name":"Анна Ким","email":"a@x.ru","lang":"ru"}]}}'
    contacts = """{"_embedded":{"contacts":[{"id":12,"name":"Мария Сом","first_name":"",
    "last_name":"","responsible_user_id":7,"created_at":1772000000}]}}"""
    tables = load_files(
        write(tmp_path, "tasks.json", AMO), write(tmp_path, "users.json", users),
        write(tmp_path, "contacts.json", contacts),
    )  # fmt: skip
    assert rows(tables.tasks, *SHOWN, "result", "client") == [
        ("31", "55", "deal", "Показ", "Встреча", "Анна Ким", "Анна Ким", "2026-03-01 10:00:00",
         "2026-03-03 12:00:00", 1, "2026-03-03 15:45:00", "Договорились", None),
        ("32", None, "deal", "Поздравить", "2741", "8", None, "2026-03-01 10:00:00",
         "2026-03-04 12:00:00", 0, None, None, "Мария Сом"),
    ]  # fmt: skip


def test_calendar_of_tasks(tmp_path, rows, findings):
    body = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nCONTACT:Мария Сом\r\nSUMMARY:Встреча: показ\r\n"
        "DESCRIPTION:https://x.amocrm.ru/leads/detail/55\r\nDTSTART:20260302T100000Z\r\n"
        "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Связаться\r\n"
        "DTSTART;TZID=Нигде:20260303T100000\r\nEND:VEVENT\r\nBEGIN:VTODO\r\nUID:3\r\n"
        "SUMMARY:КП\r\nDTSTART;VALUE=DATE:20260304\r\nSTATUS:COMPLETED\r\n"
        "COMPLETED:20260304T080000Z\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
    )
    tables = load_files(write(tmp_path, "KommoTasks.ics", body))
    columns = ("task_id", "deal_id", "client", "title", "due_at", "done", "done_at")
    assert rows(tables.tasks, *columns) == [
        ("1", "55", "Мария Сом", "Встреча: показ", "2026-03-02 13:00:00", None, None),
        ("2", None, None, "Связаться", "2026-03-03 10:00:00", None, None),
        ("3", None, None, "КП", "2026-03-04 00:00:00", 1, "2026-03-04 11:00:00"),
    ]
    assert findings(tables)["ics_unknown_zone"].rows == (2,)
    assert "type" in tables.available["tasks"]
    assert rows(tables.tasks, "type") == [("Встреча",), ("Связаться",), ("КП",)]


def test_a_long_summary_of_a_calendar_names_no_kind(tmp_path, rows):
    summary = "Позвонить насчёт договора и выяснить всё про оплату до пятницы"
    body = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:{summary}\r\n"
    body += "DTSTART:20260302T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    tables = load_files(write(tmp_path, "KommoTasks.ics", body))
    assert rows(tables.tasks, "type", "title") == [(None, summary)]


def test_an_empty_calendar_is_a_finding(tmp_path, findings):
    tables = load_files(write(tmp_path, "a.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
    assert tables.tasks is None
    assert (tables.accounts[0].kind, set(findings(tables))) == ("tasks", {"empty_export"})


def test_any_table_with_its_columns_named(make_table, load_tables, rows):
    columns = {
        "due_at": "Когда",
        "title": "Что",
        "owner": "Кто",
        "deal_id": "Заказ",
        "done": "Готово",
    }
    text = "Когда|Что|Кто|Заказ|Готово\n02.03.2026|Показ|Анна Ким|A-1|да\n03.03.2026|Счёт|||нет"
    tables = load_tables(make_table("plan.csv", text), settings=settings(columns=columns))
    assert rows(tables.tasks, "due_at", "title", "owner", "deal_id", "done", "crm") == [
        ("2026-03-02 00:00:00", "Показ", "Анна Ким", "A-1", 1, "generic"),
        ("2026-03-03 00:00:00", "Счёт", None, None, 0, "generic"),
    ]


def test_rows_that_say_nothing_are_rejected(make_table, load_tables, findings):
    columns = {"due_at": "Когда", "title": "Что", "owner": "Кто"}
    text = "Когда|Что|Кто\n02.03.2026|Показ|Анна\n||Олег\nвчера||Олег\nпозавчера|Счёт|Олег"
    tables = load_tables(make_table("plan.csv", text), settings=settings(columns=columns))
    (account,) = tables.accounts
    assert (account.kind, account.rows, account.counted, account.rejected) == ("tasks", 4, 2, 2)
    assert findings(tables)["task_without_date"].rows == (3, 4)
    assert (findings(tables)["bad_date"].value, findings(tables)["bad_date"].count) == ("вчера", 2)


def test_the_newer_of_two_exports_counts(make_table, load_tables, rows, findings):
    head = "ID|OWNER_TYPE_ID|OWNER_ID|SUBJECT|CREATED|DEADLINE|COMPLETED\n"
    old = head + "1|2|5|Показ|2026-03-01 10:00|2026-03-03 10:00|N\n2|2|5|Счёт|2026-03-01 11:00||N"
    new = head + "1|2|5|Показ|2026-03-01 10:00|2026-03-03 10:00|Y\n3|2|5|КП|2026-03-02 10:00||N"
    tables = load_tables(
        make_table("a_2026-03-05.csv", new), make_table("b_2026-03-02.csv", old),
    )  # fmt: skip
    assert rows(tables.tasks, "task_id", "done", "_file") == [
        ("1", 1, "a_2026-03-05.csv"), ("3", 0, "a_2026-03-05.csv"), ("2", 0, "b_2026-03-02.csv"),
    ]  # fmt: skip
    assert [(a.counted, a.merged) for a in tables.accounts] == [(2, 0), (1, 1)]
    assert findings(tables)["record_in_newer"].file == "b_2026-03-02.csv"


@pytest.mark.parametrize("kind", ["tasks", "contacts", "companies"])
def test_a_rule_may_name_the_kind(make_table, kind):
    rule = {"match": "x*", "kind": kind, "columns": {"name": "А", "due_at": "Б"}}
    export = recognise(make_table("x.csv", "А|Б"), settings(files=[rule]))
    assert (export.kind, export.layout) == (kind, "generic")


def test_a_mapping_that_names_a_missing_column(make_table):
    rule = {"match": "plan*", "kind": "tasks", "columns": {"due_at": "Срокк", "title": "Что"}}
    with pytest.raises(InputError) as error:
        recognise(make_table("plan.csv", "Срок|Что"), settings(files=[rule]))
    (problem,) = error.value.problems
    assert (problem.key, problem.params["like"]) == ("errors_adapters.caption_missing", "Срок")


def test_a_task_table_without_any_date_is_refused(make_table):
    rule = {"match": "plan*", "kind": "tasks", "columns": {"title": "Что"}}
    with pytest.raises(InputError) as error:
        recognise(make_table("plan.csv", "Срок|Что"), settings(files=[rule]))
    assert error.value.problems[0].key == "errors_adapters.column_not_mapped"


def test_events_that_will_not_be_or_have_no_date_are_no_tasks(tmp_path, rows, findings):
    events = (
        "SUMMARY:Показ\r\nUID:1\r\nDTSTART:20261120T070000Z\r\nRRULE:FREQ=WEEKLY;COUNT=3",
        "SUMMARY:Встреча\r\nUID:2\r\nDTSTART:20261120T070000Z\r\nSTATUS:CANCELLED",
        "SUMMARY:Звонок\r\nUID:3",
    )
    body = "".join(f"BEGIN:VEVENT\r\n{e}\r\nEND:VEVENT\r\n" for e in events)
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n"
    tables = load_files(write(tmp_path, "k.ics", text))
    assert rows(tables.tasks, "title") == [("Показ",)]
    (account,) = tables.accounts
    assert (account.rows, account.counted, account.excluded) == (3, 1, 2)
    found = findings(tables)
    assert (found["task_cancelled"].rows, found["event_without_date"].rows) == ((2,), (3,))
    assert (found["ics_repeats"].rows, found["ics_repeats"].value) == ((1,), "Показ")
