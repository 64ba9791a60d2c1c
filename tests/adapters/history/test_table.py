"""Tables of deal events, byte by byte as people have them, in canonical columns."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from funnelkpi.adapters.interface import Wanted
from funnelkpi.adapters.load import Tables, load
from funnelkpi.adapters.registry import recognise
from funnelkpi.config.schema import Settings
from funnelkpi.errors import InputError
from funnelkpi.model.tables import DEALS, HISTORY
from funnelkpi.readers.open import open_sources

ALL = Wanted(frozenset(c.name for c in DEALS))
DEALS_CSV = """\
ID,Название сделки,Бюджет,Ответственный,Дата создания сделки,Дата закрытия,Этап сделки,Воронка
11,Окна для школы,1000,Анна Белова,10.11.2026 10:00:00,не закрыта,КП / Договор,Продажи
12,Двери,1000,Анна Белова,10.11.2026 10:00:00,не закрыта,База,Продажи
13,Двери,1000,Анна Белова,10.11.2026 10:00:00,не закрыта,Заявка,Сервис / тендеры
14,Ворота,0,Анна Белова,10.11.2026 10:00:00,11.11.2026 10:00:00,Закрыто и не реализовано (Дорого),Продажи
"""
Files = Callable[..., Tables]


@pytest.fixture
def read(tmp_path: Path) -> Files:
    """``read(name=text or bytes or JSON data, ...)``: the tables of files with these contents."""

    def make(settings: Settings | None = None, crm: str = "auto", **files: Any) -> Tables:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        for key, content in files.items():
            path = folder / key.replace("__", ".")
            text = content if isinstance(content, str) else json_text(content)
            path.write_bytes(content if isinstance(content, bytes) else text.encode("utf-8"))
        own = settings or Settings()
        sources = sorted(open_sources([folder]).sources, key=lambda s: s.name)
        tables = load([recognise(s, own, crm) for s in sources], ALL, own)
        assert all(a.balanced for a in tables.accounts), tables.accounts
        counted = sum(a.counted for a in tables.accounts if a.kind == "history")
        assert counted == (0 if tables.history is None else len(tables.history))
        return tables

    return make


def json_text(content: Any) -> str:
    return "" if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False)


def history(tables: Tables) -> pd.DataFrame:
    assert tables.history is not None
    return tables.history


EVENTS = """\
Дата,Автор,Объект,Название,Событие,Значение до,Значение после
14.11.2026 17:20,Анна Белова,Сделка,https://x.amocrm.ru/leads/detail/14,Новый этап,Продажи / База,\
Продажи / Закрыто и не реализовано (Дорого (не смог продать))
14.11.2026 17:19,Робот,Сделка,Окна для школы,Изменение этапа продажи,"Продажи
База","Продажи
КП / Договор"
14.11.2026 17:18,Анна Белова,Сделка,Окна для школы,Изменение поля “Бюджет”,0,"15 000 ₽"
14.11.2026 17:17,Анна Белова,Сделка,Окна для школы,Ответственный изменен,Анна Белова,Олег Чистов
14.11.2026 17:16,Анна Белова,Сделка,Окна для школы,Новая сделка,,
"""


def test_amocrm_events(read: Files, rows: Any) -> None:
    """The list of events as the page shows it; IDs by an address or by the deal's name."""
    tables = read(leads__csv=DEALS_CSV, events__csv=EVENTS)
    assert rows(
        history(tables), "deal_id", "changed_at", "change", "pipeline", "stage", "from_stage",
        "loss_reason", "actor", "_row",
    ) == [
        ("14", "2026-11-14 17:20:00", "stage", "Продажи", "Закрыто и не реализовано", "База",
         "Дорого (не смог продать)", "Анна Белова", 2),
        ("11", "2026-11-14 17:19:00", "stage", "Продажи", "КП / Договор", "База", None, None, 3),
        ("11", "2026-11-14 17:18:00", "amount", None, None, None, None, "Анна Белова", 4),
        ("11", "2026-11-14 17:17:00", "owner", None, None, None, None, "Анна Белова", 5),
        ("11", "2026-11-14 17:16:00", "created", None, None, None, None, "Анна Белова", 6),
    ]  # fmt: skip
    assert rows(history(tables), "amount", "from_amount", "currency", "owner", "from_owner") == [
        (None, None, None, None, None), (None, None, None, None, None),
        (15000, 0, "RUB", None, None), (None, None, None, "Олег Чистов", "Анна Белова"),
        (None, None, None, None, None),
    ]  # fmt: skip
    first = history(tables).iloc[0]
    assert (first["entity"], first["crm"], first["evidence"]) == ("deal", "amocrm", 0)
    assert (first["_file"], tables.accounts[0].kind) == ("events.csv", "history")
    assert tables.findings == ()


def test_columns_are_the_canonical_ones(read: Files) -> None:
    names = [c.name for c in HISTORY]
    frame = history(read(leads__csv=DEALS_CSV, events__csv=EVENTS))
    assert list(frame.columns) == [*names, "entity", "crm", "evidence", "_file", "_row"]
    for column in HISTORY:
        kind = str(frame[column.name].dtype)
        wanted = {"text": "str", "category": "category", "moment": "datetime64[s]",
                  "money": "float64"}  # fmt: skip
        assert kind == wanted[column.type], column.name


def test_scripted_events_in_another_order(read: Files, rows: Any) -> None:
    """«Значения после», link, object ID and event codes; semicolons and cp1251, as Excel saves."""
    text = (
        "Значения после;Тип события;Событие;ID объекта;Ссылка;Название;Объект;Автор;Дата\r\n"
        "Продажи / КП / Договор;lead_status_changed;Смена этапа;11;"
        "https://romashka.amocrm.ru/leads/detail/11;Окна;Сделка;Система;14.11.2026 17:20\r\n"
        "Продажи / База;lead_status_changed;Новый этап;;"
        "https://romashka.amocrm.ru/leads/detail/12;Двери;Сделка;Анна;14.11.2026 17:10\r\n"
    )
    tables = read(leads__csv=DEALS_CSV, events__csv=text.encode("cp1251"))
    assert rows(history(tables), "deal_id", "pipeline", "stage", "from_stage", "actor") == [
        ("11", "Продажи", "КП / Договор", None, None), ("12", "Продажи", "База", None, "Анна"),
    ]  # fmt: skip


def test_events_by_code_only(read: Files, rows: Any) -> None:
    text = (
        "date_create,author,object,name,type,value_before,value_after,entity_id\n"
        "2026-11-14 17:20:05,Анна,lead,Двери,lead_status_changed,База,КП / Договор,12\n"
        "2026-11-14 17:20:04,Анна,lead,Двери,entity_responsible_changed,Анна,Олег,12\n"
        "2026-11-14 17:20:03,Анна,lead,Двери,lead_deleted,,,12\n"
        "2026-11-14 17:20:02,Анна,lead,Двери,lead_restored,,,12\n"
    )
    found = rows(history(read(leads__csv=DEALS_CSV, e__csv=text)), "deal_id", "change", "owner")
    assert found == [
        ("12", "stage", None), ("12", "owner", "Олег"), ("12", "deleted", None),
        ("12", "restored", None),
    ]  # fmt: skip


def test_what_is_no_change_of_a_deal_is_excluded_with_a_reason(read: Files, findings: Any) -> None:
    text = """\
Дата,Автор,Объект,Название,Событие,Значение до,Значение после,ID объекта
14.11.2026 17:20,Анна,Сделка,Окна,Входящий звонок,,,11
14.11.2026 17:20,Анна,Сделка,Окна,Теги добавлены,,горячий,11
14.11.2026 17:20,Анна,Сделка,Окна,Изменение поля “Адрес”,,Тверь,11
14.11.2026 17:20,Анна,Контакт,Пётр,Ответственный изменен,Анна,Олег,77
14.11.2026 17:20,Анна,Контакт,Пётр,Новый контакт,,,77
14.11.2026 17:20,Анна,,https://romashka.amocrm.ru/companies/detail/5,Ответственный изменен,Анна,Олег,5
14.11.2026 17:20,Анна,Сделка,Окна,Полнолуние,,,11
14.11.2026 17:20,Анна,Сделка,Окна,Изменение этапа продажи,База,КП / Договор,11
"""
    tables = read(leads__csv=DEALS_CSV, events__csv=text)
    account = tables.accounts[0]
    assert (account.rows, account.counted, account.excluded, account.rejected) == (8, 1, 7, 0)
    assert dict(account.reasons) == {
        "findings_adapters.unknown_events": 1,
        "findings_adapters.events_not_of_deals": 3,
        "findings_adapters.other_events": 3,
    }
    strange = findings(tables)["unknown_events"]
    assert (strange.column, strange.value, strange.rows) == ("Событие", "«Полнолуние»", (8,))


def test_planned_close_date(read: Files, rows: Any, findings: Any) -> None:
    """A field with the planned close date: by its usual names, and by the config's own."""
    text = """\
Дата,Объект,Событие,Значение до,Значение после,ID сделки
14.11.2026 17:20,Сделка,Изменение поля “Ожидаемая дата закрытия”,01.12.2026,15.12.2026,11
14.11.2026 17:21,Сделка,Изменение поля «Подпишем»,,не скоро,11
"""
    settings = Settings.model_validate({"inputs": {"columns": {"planned_close_at": "Подпишем"}}})
    tables = read(settings, leads__csv=DEALS_CSV, e__csv=text)
    assert rows(history(tables), "change", "planned_close_at", "from_planned_close_at") == [
        ("planned_close", "2026-12-15 00:00:00", "2026-12-01 00:00:00"),
        ("planned_close", None, None),
    ]
    bad = findings(tables)["bad_date"]
    assert (bad.rows, bad.column, bad.value) == ((3,), "Значение после", "не скоро")


def test_bad_rows_are_rejected_and_named(read: Files, findings: Any) -> None:
    text = """\
Дата,Объект,Название,Событие,Значение до,Значение после
31.02.2026 10:00,Сделка,Окна для школы,Новый этап,База,КП / Договор
,Сделка,Окна для школы,Новый этап,База,КП / Договор
14.11.2026 10:00,Сделка,,Новый этап,База,КП / Договор
14.11.2026 10:00,Сделка,Окна для школы,Новый этап,База,
14.11.2026 10:01,Сделка,Окна для школы,Изменение поля “Бюджет”,100,много
14.11.2026 10:02,Сделка,Двери,Новый этап,База,КП / Договор
14.11.2026 10:03,Сделка,Забор,Новый этап,База,КП / Договор
14.11.2026 10:04,Сделка,Окна для школы,Новый этап,База,Совсем новый этап
"""
    tables = read(leads__csv=DEALS_CSV, events__csv=text)
    account = tables.accounts[0]
    assert (account.counted, account.excluded, account.rejected) == (2, 2, 4)
    told = findings(tables)
    assert told["event_without_time"].rows == (2, 3)
    assert told["event_without_deal"].rows == (4,)
    assert told["event_without_stage"].rows == (5,)
    assert told["bad_amount"].value == "много"
    assert (told["event_deal_unclear"].value, told["event_deal_unclear"].rows) == ("«Двери»", (7,))
    assert told["event_deal_not_found"].value == "«Забор»"
    assert history(tables)["stage"].tolist()[1] == "Совсем новый этап"  # told of when resolved


LEADS = [
    {"id": 11, "name": "Окна", "price": 5, "status_id": 502, "pipeline_id": 7,
     "responsible_user_id": 91, "created_at": 1794000000, "updated_at": 1794000000},
]  # fmt: skip
PIPELINES = [
    {"id": 7, "name": "Продажи", "is_main": True, "_embedded": {"statuses": [
        {"id": 501, "name": "База"}, {"id": 502, "name": "Договор"},
        {"id": 142, "name": "Успешно реализовано"}]}},
]  # fmt: skip
USERS = [{"id": 91, "name": "Анна Белова", "email": "a@example.test"},
         {"id": 92, "name": "Олег Чистов", "email": "o@example.test"}]  # fmt: skip


def event(number: str, kind: str, at: int, before: Any, after: Any, by: int = 91) -> dict[str, Any]:
    return {"id": number, "type": kind, "entity_id": 11, "entity_type": "lead", "created_by": by,
            "created_at": at, "value_after": after, "value_before": before, "account_id": 1,
            "_embedded": {"entity": {"id": 11}}}  # fmt: skip


def status(number: int) -> list[dict[str, Any]]:
    return [{"lead_status": {"id": number, "pipeline_id": 7}}]


API = [
    event("01j2", "lead_status_changed", 1794301202, status(501), status(502), by=0),
    event("01j1", "sale_field_changed", 1794301201, [{"sale_field_value": {"sale": 0}}],
          [{"sale_field_value": {"sale": 25000}}]),
    event("01j0", "entity_responsible_changed", 1794301200, [{"responsible_user": {"id": 91}}],
          [{"responsible_user": {"id": 92}}]),
    event("01i9", "lead_added", 1794301100, [], []),
    event("01i8", "custom_field_991_value_changed", 1794301000, [], [{"custom_field_value": {}}]),
    event("01i7", "incoming_call", 1794301000, [], [{"note": {"id": 5}}]),
]  # fmt: skip


def test_amocrm_api_events(read: Files, rows: Any) -> None:
    """API v4: pages of events, with leads, pipelines and users beside them for the names."""
    pages = [{"_page": 1, "_embedded": {"events": API[:3]}},
             {"_page": 2, "_embedded": {"events": API[3:]}}]  # fmt: skip
    tables = read(
        events__json=pages, leads__json={"_embedded": {"leads": LEADS}},
        pipelines__json={"_embedded": {"pipelines": PIPELINES}},
        users__json={"_embedded": {"users": USERS}},
    )  # fmt: skip
    columns = ("deal_id", "changed_at", "change", "pipeline", "stage", "stage_code", "from_stage",
               "actor", "event_id")  # fmt: skip
    assert rows(history(tables), *columns) == [
        ("11", "2026-11-10 12:00:02", "stage", "Продажи", "Договор", "502", "База", None, "01j2"),
        ("11", "2026-11-10 12:00:01", "amount", None, None, None, None, "Анна Белова", "01j1"),
        ("11", "2026-11-10 12:00:00", "owner", None, None, None, None, "Анна Белова", "01j0"),
        ("11", "2026-11-10 11:58:20", "created", None, None, None, None, "Анна Белова", "01i9"),
    ]
    assert rows(history(tables), "owner", "from_owner", "amount", "from_amount")[1:3] == [
        (None, None, 25000, 0), ("Олег Чистов", "Анна Белова", None, None),
    ]  # fmt: skip
    assert dict(tables.accounts[0].reasons) == {"findings_adapters.other_events": 2}


def test_api_lists_in_one_file(read: Files, rows: Any) -> None:
    """Several lists in one file; a bare list; without names the numbers stay and are told of."""
    whole = {"events": API, "leads": LEADS, "pipelines": PIPELINES, "users": USERS}
    wanted = rows(history(read(all__json=whole)), "deal_id", "stage", "owner", "changed_at")
    pages = {"events": {"_embedded": {"events": API}}, "leads": {"_embedded": {"leads": LEADS}},
             "pipelines": {"_embedded": {"pipelines": PIPELINES}}, "users": USERS}  # fmt: skip
    assert rows(history(read(a__json=pages)), "deal_id", "stage", "owner", "changed_at") == wanted
    bare = read(events__json=API)
    assert history(bare)["stage"].tolist()[0] == "502"
    told = [f.params["what"] for f in bare.findings if f.code.endswith("ids_without_names")]
    assert sorted(told) == ["actor", "owner", "pipeline"]


def test_events_of_other_entities(read: Files) -> None:
    other = [e | {"entity_type": "contact"} for e in API]
    tables = read(events__json=[*API, *other], leads__json={"leads": LEADS})
    assert dict(tables.accounts[0].reasons)["findings_adapters.events_not_of_deals"] == 6
    assert len(history(tables)) == 4


@pytest.mark.parametrize("body", [{"events": []}, {"_embedded": {"events": []}}])
def test_no_events_is_a_finding(read: Files, findings: Any, body: Any) -> None:
    tables = read(leads__csv=DEALS_CSV, events__json=body)
    assert tables.history is None
    assert [(a.kind, a.rows) for a in tables.accounts] == [("history", 0), ("deals", 4)]
    assert findings(tables)["empty_export"].file == "events.json"


BI_COLUMNS = (
    "ID,TYPE_ID,DEAL_ID,DATE_CREATE,START_DATE,END_DATE,ASSIGNED_BY_ID,ASSIGNED_BY_NAME,ASSIGNED_BY,"
    "ASSIGNED_BY_DEPARTMENT,CATEGORY_ID,CATEGORY_NAME,CATEGORY,STAGE_SEMANTIC_ID,STAGE_SEMANTIC,"
    "STAGE_ID,STAGE_NAME,STAGE"
)


def bi_row(n: int, kind: int, day: int, user: str, category: str, semantic: str, stage: str) -> str:
    """A row of the data set; user, category, stage as ``[id] name``."""
    parts = [text.removeprefix("[").split("] ") for text in (user, category, stage)]
    who, line, step = (f"{number},{name},[{number}] {name}" for number, name in parts)
    return (
        f"{n},{kind},501,2026-11-{day} 12:00:00,2026-11-10,2026-12-01,{who},Продажи,{line},"
        f"{semantic},{step}"
    )


BI = "\n".join((
    BI_COLUMNS,
    bi_row(1, 1, 10, "[5] Олег Чистов", "[0] Общая воронка", "P,В работе", "[NEW] Новая"),
    bi_row(2, 2, 11, "[5] Олег Чистов", "[0] Общая воронка", "P,В работе", "[PREPARATION] КП"),
    bi_row(3, 5, 12, "[6] Ия Лось", "[3] Сервис", "P,В работе", "[C3:NEW] Заявка"),
    bi_row(4, 3, 13, "[6] Ия Лось", "[3] Сервис", "S,Успех", "[C3:WON] Сделка успешна"),
))  # fmt: skip
STEPS = [
    ("501", "2026-11-10 12:00:00", "created", "Общая воронка", "Новая", "NEW", "Олег Чистов", "1"),
    ("501", "2026-11-11 12:00:00", "stage", "Общая воронка", "КП", "PREPARATION", "Олег Чистов",
     "2"),
    ("501", "2026-11-12 12:00:00", "stage", "Сервис", "Заявка", "C3:NEW", "Ия Лось", "3"),
    ("501", "2026-11-13 12:00:00", "stage", "Сервис", "Сделка успешна", "C3:WON", "Ия Лось", "4"),
]  # fmt: skip
STEP = ("deal_id", "changed_at", "change", "pipeline", "stage", "stage_code", "owner", "event_id")


def test_bitrix24_bi_stage_history(read: Files, rows: Any) -> None:
    """crm_deal_stage_history as a BI tool saves it: commas, semicolons, bracketed columns only."""
    assert rows(history(read(h__csv=BI)), *STEP) == STEPS
    assert rows(history(read(h__csv=BI.replace(",", ";"))), *STEP) == STEPS
    lines = [line.split(",") for line in BI.splitlines()]
    keep = [i for i, c in enumerate(lines[0]) if c in
            ("ID", "TYPE_ID", "DEAL_ID", "DATE_CREATE", "ASSIGNED_BY", "CATEGORY", "STAGE")]  # fmt: skip
    short = "\n".join(",".join(line[i] for i in keep) for line in lines)
    assert rows(history(read(h__csv=short)), *STEP) == STEPS


STATUSES = [
    {"ENTITY_ID": "DEAL_STAGE", "STATUS_ID": "NEW", "NAME": "Новая"},
    {"ENTITY_ID": "DEAL_STAGE", "STATUS_ID": "PREPARATION", "NAME": "КП"},
    {"ENTITY_ID": "DEAL_STAGE_3", "STATUS_ID": "C3:NEW", "NAME": "Заявка"},
    {"ENTITY_ID": "STATUS", "STATUS_ID": "UC_9", "NAME": "Дозвонились"},
]


def test_bitrix24_rest_stage_history(read: Files, rows: Any) -> None:
    """crm.stagehistory.list: UTC offsets are converted; names by crm.status.list, else built in."""
    items = [
        {"ID": str(i), "TYPE_ID": t, "OWNER_ID": "501", "CREATED_TIME": at, "CATEGORY_ID": c,
         "STAGE_SEMANTIC_ID": "P", "STAGE_ID": s}
        for i, t, at, c, s in (
            (1, "1", "2026-11-10T12:00:00+03:00", "0", "NEW"),
            (2, "2", "2026-11-11T10:00:00+01:00", "0", "PREPARATION"),
            (3, "5", "2026-11-12T12:00:00+03:00", "3", "C3:NEW"),
            (4, "3", "2026-11-13T09:00:00Z", "3", "C3:WON"),
        )
    ]  # fmt: skip
    invoice = items[0] | {"ID": "5", "STAGE_ID": "DT31_1:N"}
    tables = read(
        history__json={"result": {"items": [*items, invoice]}, "total": 5},
        statuses__json={"result": STATUSES},
    )
    assert rows(history(tables), *STEP) == [
        (*step[:3], "Общая воронка" if i < 2 else "3", *step[4:6], None, step[7])
        for i, step in enumerate(STEPS)
    ]
    assert dict(tables.accounts[0].reasons) == {"findings_adapters.events_not_of_deals": 1}


def test_bitrix24_rest_history_of_leads(read: Files, rows: Any) -> None:
    items = [
        {"ID": str(i), "TYPE_ID": str(t), "OWNER_ID": "77", "CREATED_TIME": at,
         "STATUS_SEMANTIC_ID": "P", "STATUS_ID": s}
        for i, t, at, s in (
            (1, 1, "2026-11-10T12:00:00+03:00", "NEW"), (2, 2, "2026-11-10T12:30:00+03:00", "UC_9"),
            (3, 3, "2026-11-11T12:00:00+03:00", "CONVERTED"),
        )
    ]  # fmt: skip
    frame = history(read(h__json={"result": {"items": items}}, s__json={"result": STATUSES}))
    assert frame["stage"].tolist() == ["Не обработан", "Дозвонились", "Качественный лид"]
    assert set(frame["entity"]) == {"lead"}


def test_event_log(read: Files, rows: Any) -> None:
    """A log of process mining needs no mapping; only completed activities count."""
    text = """\
case:concept:name,concept:name,time:timestamp,org:resource,lifecycle:transition
11,База,2026-11-10T09:00:00.000+00:00,Анна Белова,complete
11,КП / Договор,2026-11-11T09:00:00.123+00:00,Олег Чистов,start
11,КП / Договор,2026-11-11T09:30:00.000+00:00,Олег Чистов,COMPLETE
"""
    tables = read(leads__csv=DEALS_CSV, log__csv=text)
    assert rows(history(tables), "deal_id", "changed_at", "stage", "owner", "actor") == [
        ("11", "2026-11-10 12:00:00", "База", "Анна Белова", "Анна Белова"),
        ("11", "2026-11-11 12:30:00", "КП / Договор", "Олег Чистов", "Олег Чистов"),
    ]
    assert dict(tables.accounts[1].reasons) == {"findings_adapters.unfinished_events": 1}


@pytest.mark.parametrize("crm", ["auto", "amocrm", "generic"])
def test_event_log_beside_deals_of_any_crm(read: Files, crm: str) -> None:
    text = "concept:name,case:concept:name,time:timestamp\nБаза,11,2026-11-10 09:00:00\n"
    frame = history(read(Settings(), crm, log__csv=text))
    assert (frame["deal_id"][0], frame["owner"].isna()[0]) == ("11", True)


RULE = {"inputs": {"files": [{"match": "log*", "columns": {
    "deal_id": "Заказ", "changed_at": "Когда", "stage": "Куда", "from_stage": "Откуда",
    "pipeline": "Линия", "owner": "Чей", "actor": "Кто", "event_id": "№", "amount": "Деньги",
}}]}}  # fmt: skip


def test_any_table_with_its_columns_named(read: Files, rows: Any) -> None:
    text = """\
№,Заказ,Когда,Откуда,Куда,Линия,Чей,Кто,Деньги,Прочее
9,11,10/13/2026 09:15,База,Договор,Продажи,Анна,Олег,"1 500,50",x
10,11,10/14/2026 09:15,Договор,-,Продажи,Анна,Олег,,x
"""
    tables = read(Settings.model_validate(RULE), log__csv=text, leads__csv=DEALS_CSV)
    assert rows(
        history(tables), "event_id", "deal_id", "changed_at", "change", "stage", "from_stage",
        "pipeline", "owner", "actor", "amount",
    ) == [("9", "11", "2026-10-13 09:15:00", "stage", "Договор", "База", "Продажи", "Анна", "Олег",
           1500.5)]  # fmt: skip
    assert tables.accounts[1].rejected == 1  # no stage in row 3


def test_a_mapped_table_may_name_its_events(read: Files, rows: Any) -> None:
    columns = {"deal_id": "d", "changed_at": "t", "change": "what", "stage": "s", "owner": "o"}
    settings = Settings.model_validate({"inputs": {"columns": columns}})
    text = (
        "d,t,what,s,o\n1,2026-11-10 10:00:00,created,База,Анна\n"
        "1,2026-11-10 11:00:00,Смена этапа,КП,\n1,2026-11-10 12:00:00,Смена ответственного,,Олег\n"
        "1,2026-11-10 12:00:00,Входящий звонок,,\n"
    )
    tables = read(settings, log__csv=text)
    assert rows(history(tables), "change", "stage", "owner") == [
        ("created", "База", "Анна"), ("stage", "КП", None), ("owner", None, "Олег"),
    ]  # fmt: skip
    assert tables.accounts[0].excluded == 1


def test_a_history_without_a_deal_column_is_refused(read: Files) -> None:
    columns = {"changed_at": "Когда", "stage": "Куда"}
    rule = {"inputs": {"files": [{"match": "*", "columns": columns}]}}
    with pytest.raises(InputError) as caught:
        read(Settings.model_validate(rule), log__csv="Когда,Куда\n10.11.2026,База\n")
    problem = caught.value.problems[0]
    assert problem.key == "errors_adapters.column_not_mapped"
    assert (problem.params["kind"], problem.params["column"]) == ("history", "deal_id")
