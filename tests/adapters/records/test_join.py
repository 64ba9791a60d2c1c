"""Tasks, contacts and companies of the dataset: cut, owners, makers, deals, clients."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from funnelkpi.adapters.assemble import Assembled, assemble
from funnelkpi.config.schema import Settings

DEALS = """
ID | Название сделки | Стадия сделки | Ответственный | Компания | Контакт | Дата создания | Дата изменения
1 | Окна  | Новая | Лапина Зоя | ООО Ромашка | Мария Сом | 01.11.2026 10:00:00 | 15.11.2026 10:00:00
2 | Двери | Новая | Орлов Пётр |             | Лин Анна  | 01.11.2026 10:00:00 | 05.11.2026 10:00:00
3 | Пол   | Новая | Орлов Пётр |             | Мария Сом | 01.11.2026 10:00:00 | 05.11.2026 10:00:00
"""
LEADS = """
ID | Название лида | Стадия | Ответственный | Дата создания
1 | лид | Не обработан | Лапина Зоя | 02.11.2026 10:00:00
"""
TASKS = """
ID | OWNER_TYPE_ID | OWNER_ID | TYPE_ID | SUBJECT | CREATED | DEADLINE | COMPLETED | LAST_UPDATED | RESPONSIBLE_NAME | AUTHOR_NAME
1 | 2 | 1  | 1 | а | 2026-11-02 10:00 | 2026-11-03 10:00 | Y | 2026-11-03 11:00 | Зоя Лапина | Робот
2 | 1 | 1  | 3 | б | 2026-11-02 10:00 | 2026-11-20 10:00 | N | 2026-11-02 10:00 | Орлов Пётр | Лапина Зоя
3 | 2 | 99 | 3 | в | 2026-11-12 10:00 | 2026-11-13 10:00 | Y | 2026-11-14 10:00 | Орлов Пётр | Орлов Пётр
4 | 2 | 2  | 3 | г | 2026-11-16 10:00 | 2026-11-17 10:00 | N |                  | Новый Человек | Орлов Пётр
"""  # noqa: E501
CONTACTS = """
ID | Фамилия | Тип контакта | Должность | Компания | Ответственный | Кем создан | Дата создания
7 | Сом Мария | К | Директор | ООО Ромашка | Лапина Зоя | Импорт | 01.11.2026 09:00:00
8 | Лин Анна  | К |          |             | Орлов Пётр | Орлов Пётр | 14.11.2026 09:00:00
9 | Рау Олег  | К |          |             | Орлов Пётр | Орлов Пётр | 17.11.2026 09:00:00
"""
FILES = {"deals": DEALS, "leads": LEADS, "tasks": TASKS, "contacts": CONTACTS}


@pytest.fixture
def put(make_table: Any, load_tables: Any) -> Any:
    def _put(*kinds: str, as_of: datetime | None = None, **settings: Any) -> Assembled:
        tables = load_tables(*(make_table(f"{k}.csv", FILES[k]) for k in kinds))
        return assemble(tables, Settings.model_validate(settings), as_of)

    return _put


def names(column: Any) -> list[str | None]:
    return [None if c < 0 else column.cat.categories[c] for c in column.cat.codes]


def test_tasks_have_their_people_and_deals(put, rows):
    got = put("deals", "leads", "tasks")
    tasks = got.dataset.tasks
    assert tasks["task_id"].tolist() == ["1", "2", "3"]  # the fourth is entered later
    assert names(tasks["manager"]) == ["Лапина Зоя", "Орлов Пётр", "Орлов Пётр"]
    assert names(tasks["maker"]) == ["Робот", "Лапина Зоя", "Орлов Пётр"]
    assert tasks["manager"].cat.categories.equals(got.dataset.deals["manager"].cat.categories)
    assert tasks["deal"].tolist() == [0, 3, -1]  # the lead of ID 1, no deal of ID 99
    client = got.dataset.deals["client"].tolist()
    assert tasks["client"].tolist() == [client[0], client[3], -1]
    account = next(a for a in got.accounts if a.kind == "tasks")
    assert (account.rows, account.counted, account.excluded) == (4, 3, 1)
    assert account.reasons == (("findings_records.entered_after_as_of", 1),)


def test_what_is_done_later_is_not_done(put, rows):
    tasks = put("deals", "tasks", as_of=datetime(2026, 11, 13)).dataset.tasks
    assert rows(tasks, "task_id", "done", "done_at") == [
        ("1", 1, "2026-11-03 11:00:00"), ("2", 0, None), ("3", 0, None),
    ]  # fmt: skip


def test_done_nobody_knows_when_is_unknown_of_an_earlier_moment(make_table, load_tables, rows):
    tasks = TASKS.replace("LAST_UPDATED", "Прочее")
    tables = load_tables(make_table("d.csv", DEALS), make_table("t.csv", tasks))
    now = assemble(tables, Settings()).dataset.tasks
    assert rows(now, "done", "done_at") == [(1, None), (0, None), (1, None)]
    earlier = assemble(tables, Settings(), datetime(2026, 11, 13)).dataset.tasks
    assert rows(earlier, "done", "done_at") == [(None, None), (0, None), (None, None)]


def test_contacts_are_cut_and_share_clients_with_deals(put):
    got = put("deals", "contacts")
    contacts, deals = got.dataset.contacts, got.dataset.deals
    assert contacts["contact_id"].tolist() == ["7", "8"]
    assert names(contacts["manager"]) == ["Лапина Зоя", "Орлов Пётр"]
    assert names(contacts["maker"]) == ["Импорт", "Орлов Пётр"]
    assert contacts["client"].tolist()[1] == deals["client"].tolist()[1] >= 0
    assert got.dataset.companies is None
    assert all(a.balanced for a in got.accounts)


def test_who_only_entered_something_is_no_unknown_manager(put):
    managers = [{"name": "Лапина Зоя"}, {"name": "Орлов Пётр"}]
    got = put("deals", "contacts", "tasks", managers=managers)
    codes = {f.code.rpartition(".")[2] for f in got.findings}
    assert "unknown_managers" not in codes
    roster = {m.name: m.listed for m in got.dataset.roster.managers}
    assert roster == {"Лапина Зоя": True, "Орлов Пётр": True, "Импорт": False, "Робот": False}


def test_a_task_without_a_crm_belongs_to_the_only_one(make_table, load_tables):
    columns = {"due_at": "Когда", "title": "Что", "deal_id": "Сделка", "client": "Клиент"}
    settings = Settings.model_validate({"inputs": {"columns": columns}})
    text = (
        "Когда|Что|Сделка|Клиент\n10.11.2026|Показ|2|\n11.11.2026|Счёт||ооо ромашка\n"
        "12.11.2026|КП||Мария Сом\n13.11.2026|КП||Кто-то"
    )
    tables = load_tables(make_table("d.csv", DEALS), make_table("t.csv", text), settings=settings)
    data = assemble(tables, settings).dataset
    client = data.deals["client"].tolist()
    assert data.tasks["deal"].tolist() == [1, -1, -1, -1]
    # two deals name Мария Сом, of two clients: the name tells neither
    assert data.tasks["client"].tolist() == [client[1], client[0], -1, -1]


def test_a_company_only_a_contact_tells_of(make_table, load_tables):
    """The task names a company that stands in no deal and in no list but on a contact's card."""
    deals = DEALS.replace("ООО Ромашка", "           ")
    tasks = """
    Название | Тип | Ответственный | Срок | Компания
    Встреча  | Встреча | Лапина Зоя | 20.11.2026 10:00 | ООО Ромашка
    """
    config = {"files": [{"match": "t.csv", "kind": "tasks", "crm": "generic", "columns": {
        "title": "Название", "type": "Тип", "owner": "Ответственный", "due_at": "Срок",
        "client": "Компания"}}]}  # fmt: skip
    settings = Settings.model_validate({"inputs": config})
    sources = [make_table(n, t) for n, t in (("deals.csv", deals), ("contacts.csv", CONTACTS),
                                             ("t.csv", tasks))]  # fmt: skip
    data = assemble(load_tables(*sources, settings=settings), settings).dataset
    assert data.tasks["client"].tolist() == [data.contacts["client"].iloc[0]]
    assert data.tasks["client"].iloc[0] >= 0


def test_tasks_of_deals_in_no_file_are_counted(put):
    (found,) = (
        f
        for f in put("deals", "leads", "tasks").findings
        if f.code.endswith("tasks_of_absent_deals")
    )
    assert (found.rows, found.count, found.value) == ((4,), 1, "99")
