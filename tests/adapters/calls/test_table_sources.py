# ruff: noqa: E501 (headers stand as the CRMs write them)
"""Files of calls byte by byte, from the disk to the canonical table."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from funnelkpi.adapters.registry import recognise
from funnelkpi.config.schema import Settings
from funnelkpi.readers.open import open_sources

WHO = ("called_at", "employee", "phone", "direction", "talk_seconds", "outcome")


@pytest.fixture
def read(tmp_path, load_tables):
    """Files (name -> bytes) as tables; their accounts balance."""

    def files(contents, settings=None):
        for name, data in contents.items():
            (tmp_path / name).write_bytes(data)
        paths = [tmp_path / name for name in contents]
        return load_tables(*open_sources(paths).sources, settings=settings)

    return files


DETAIL_HEADER = [
    "Сотрудник", "Номер в Битрикс24", "Номер телефона", "Тип звонка", "Время звонка",
    "Дата вызова", "Статус", "Стоимость", "Стоимость расшифровки", "Оценка", "CRM", "Описание",
    "Комментарий",
]  # fmt: skip
DETAIL = [
    ["Анна Ким", "Офис", "+7 912 000-00-01", "исходящий", "4 мин, 53 сек", "05.02.2026 11:00:00",
     "Успешный звонок", "0 руб.", "-", "5", "Контакт: Олег Дюжев", "", "перезвонить в среду"],
    ["—", "Виртуальная АТС (1)", "Номер скрыт", "входящий с перенаправлением", "55 сек",
     "05.02.2026 09:00:00", "Пропущенный звонок", "-", "-", "-", "-", "", ""],
    ["Борис Ли", "Офис", "102", "исходящий", "7 сек", "05.02.2026 08:30:00", "Успешный звонок",
     "-", "-", "-", "-", "", ""],
    ["Биллинг", "", "", "", "", "05.02.2026 08:00:00", "", "12 руб.", "-", "-", "-", "", ""],
    ["Борис Ли", "Офис", "8 (912) 000-00-03", "обратный", "2 мин", "05.02.2026 07:00:00",
     "Занято", "-", "-", "-", "Сделка: Сайт", "", ""],
]  # fmt: skip
DETAIL_CALLS = [
    ("2026-02-05 11:00:00", "Анна Ким", "+79120000001", "out", 293, "success"),
    ("2026-02-05 09:00:00", None, None, "in", 0, "missed"),
    ("2026-02-05 08:30:00", "Борис Ли", "102", "out", 7, "success"),
    ("2026-02-05 07:00:00", "Борис Ли", "+79120000003", "callback", 0, "busy"),
]


def detail_html() -> bytes:
    """The native file: cells of the head are <td>, data padded with blanks, names in markup."""

    def cell(text: str, column: int) -> str:
        if column == 0 and text not in ("—", "Биллинг"):
            text = (
                '<span class="tel-stat-user-img"><i style="background:url(/a.png)"></i></span>'
                f'<span class="tel-stat-user-name">{text}</span>'
            )
        return f"<td>\n\t\t\t\t{text.replace('—', '&mdash;')}\n\t\t\t</td>"

    head = "".join(f"<td>{c}</td>" for c in DETAIL_HEADER)
    body = "\n".join(
        "<tr>" + "".join(cell(t, i) for i, t in enumerate(row)) + "</tr>" for row in DETAIL
    )
    return (
        '\ufeff\n<html><head><meta http-equiv="Content-type" content="text/html;charset=UTF-8" />'
        "<style>td {mso-number-format:\\@;}</style></head><body>"
        f'<table border="1"><thead><tr>{head}</tr></thead><tbody>{body}\n\n</tbody></table>'
        "</body></html>"
    ).encode()


def as_csv(rows, encoding="cp1251", delimiter=";") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def resaved():
    """What Excel makes of the detail: real dates and numbers."""
    date = DETAIL_HEADER.index("Дата вызова")
    rows = [list(r) for r in DETAIL]
    for row in rows:
        row[date] = datetime.strptime(row[date], "%d.%m.%Y %H:%M:%S")
    rows[2][2] = 102
    return [DETAIL_HEADER, *rows]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("calls_detail_20260205_0a1b2c3d_6983168000abc.xls", detail_html()),
        ("resaved.xlsx", as_xlsx(resaved())),
        ("resaved.csv", as_csv([DETAIL_HEADER, *DETAIL])),
    ],
    ids=["html", "xlsx", "csv"],
)
def test_telephony_detail(read, rows, findings, name, data):
    tables = read({name: data})
    assert rows(tables.calls, *WHO) == DETAIL_CALLS
    assert rows(tables.calls, "hidden", "internal", "line", "client", "result") == [
        (0, 0, "Офис", "contact:Олег Дюжев", "перезвонить в среду"),
        (1, 0, "Виртуальная АТС (1)", None, None),
        (0, 1, "Офис", None, None),
        (0, 0, "Офис", "deal:Сайт", None),
    ]
    (account,) = tables.accounts
    assert (account.rows, account.counted) == (5, 4)
    assert account.reasons == (("findings_adapters.billing_rows", 1),)
    assert set(findings(tables)) == {"billing_rows"}


BI_HEADER = (
    "CALL_ID,PORTAL_USER_ID,PORTAL_USER,PORTAL_USER_DEPARTMENT,PORTAL_NUMBER,PHONE_NUMBER,CALL_TYPE,"
    "CALL_DURATION,CALL_START_TIME,CALL_STATUS_CODE,CALL_STATUS_CODE_ID,CALL_STATUS_CODE_NAME,"
    "CALL_STATUS_REASON,RECORD_FILE_ID,CALL_VOTE,COST,COST_CURRENCY,CRM_ENTITY_TYPE,CRM_ENTITY_ID,"
    "CRM_ACTIVITY_ID,REST_APP_ID,REST_APP_NAME,TRANSCRIPT_PENDING,TRANSCRIPT_ID,REDIAL_ATTEMPT,COMMENT"
)
BI = (
    BI_HEADER
    + """
externalCall.1,1,[1] Анна Ким,[3] Отдел продаж,reg100,+79120000001,1,65,2026-02-05 11:00:00,[200] Успешный звонок,200,Успешный звонок,,771,5,0.0000,RUB,DEAL,9,15,,,N,,0,"Просит КП, до среды"
externalCall.2,2,[2] Борис Ли,[3] Отдел продаж,reg100,79120000002,2,31,2026-02-05 10:00:00,[304] Пропущенный звонок,304,Пропущенный звонок,,,0,0.0000,RUB,CONTACT,40,16,,,N,,0,
externalCall.3,,,,reg100,anonymous,3,0,2026-02-05 09:00:00,[603-S] Вызов отменен,603-S,Вызов отменен,,0,0,0.0000,RUB,,0,,,,N,,0,
externalCall.4,1,[1] Анна Ким,[3] Отдел продаж,reg100,+79120000004,4,12,2026-02-05 08:00:00,[200] Успешный звонок,200,Успешный звонок,,772,0,0.0000,RUB,LEAD,7,17,,,N,,0,
externalCall.5,1,[1] Анна Ким,[3] Отдел продаж,reg100,+79120000005,5,4,2026-02-05 07:00:00,[486] Занято,486,Занято,,,0,0.0000,RUB,COMPANY,5,18,,,N,,0,
"""
)


def test_bi_calls(read, rows, findings):
    tables = read({"telephony_call.csv": BI.encode()})
    assert rows(tables.calls, *WHO) == [
        ("2026-02-05 11:00:00", "Анна Ким", "+79120000001", "out", 65, "success"),
        ("2026-02-05 10:00:00", "Борис Ли", "+79120000002", "in", 0, "missed"),
        ("2026-02-05 09:00:00", None, None, "in", 0, "cancelled"),
        ("2026-02-05 08:00:00", "Анна Ким", "+79120000004", "callback", 12, "success"),
        ("2026-02-05 07:00:00", "Анна Ким", "+79120000005", "info", 0, "busy"),
    ]
    columns = ("deal_id", "client", "call_id", "line", "recording", "result", "hidden")
    assert rows(tables.calls, *columns) == [
        ("9", None, "externalCall.1", "reg100", "771", "Просит КП, до среды", 0),
        (None, "contact#40", "externalCall.2", "reg100", None, None, 0),
        (None, None, "externalCall.3", "reg100", None, None, 1),
        (None, "lead#7", "externalCall.4", "reg100", "772", None, 0),
        (None, "company#5", "externalCall.5", "reg100", None, None, 0),
    ]
    assert findings(tables) == {}


def test_bi_calls_of_spreadsheets_with_semicolons(read, rows):
    text = "\r\n".join(",".join(f'"{c}"' for c in line) for line in csv.reader(io.StringIO(BI)))
    one, other = (
        read({"a.csv": data}).calls
        for data in (text.encode("utf-8-sig"), as_csv(csv.reader(io.StringIO(BI)), "utf-8"))
    )
    assert rows(one, *WHO) == rows(other, *WHO) == rows(read({"b.csv": BI.encode()}).calls, *WHO)


def statistic(number: int, **changes):
    return {
        "ID": str(number), "PORTAL_USER_ID": "8", "PORTAL_NUMBER": "reg100",
        "PHONE_NUMBER": "+79120000001", "CALL_ID": f"externalCall.{number}",
        "EXTERNAL_CALL_ID": None, "CALL_CATEGORY": "external", "CALL_DURATION": "65",
        "CALL_START_DATE": "2026-02-05T10:00:00+03:00", "CALL_RECORD_URL": "",
        "CALL_VOTE": None, "COST": "0.0000", "COST_CURRENCY": "RUR", "CALL_FAILED_CODE": "200",
        "CALL_FAILED_REASON": "Success call", "CRM_ENTITY_TYPE": "DEAL", "CRM_ENTITY_ID": "9",
        "CRM_ACTIVITY_ID": "3", "CALL_TYPE": "1", "RECORD_FILE_ID": "55", "TRANSCRIPT_ID": None,
        "SESSION_ID": "1", "COMMENT": None,
    } | changes  # fmt: skip


def test_saved_voximplant_statistic(read, rows, findings):
    pages = [
        {"result": [statistic(1), statistic(2, CALL_TYPE="2", CALL_FAILED_CODE="304",
                    CRM_ENTITY_TYPE="CONTACT", CRM_ENTITY_ID="40", PORTAL_USER_ID="7")],
         "next": 50, "total": 3, "time": {"start": 1.5}},
        {"result": [statistic(3, CALL_RECORD_URL="https://pbx.example.com/3.mp3",
                              CALL_START_DATE="2026-02-05T12:00:00+05:00")], "total": 3},
    ]  # fmt: skip
    users = {"result": [{"ID": "8", "ACTIVE": True, "NAME": "Анна", "LAST_NAME": "Ким",
                         "EMAIL": "a@example.com"}]}  # fmt: skip
    tables = read({"calls.json": json.dumps(pages).encode(),
                   "users.json": json.dumps(users).encode()})  # fmt: skip
    assert rows(tables.calls, *WHO, "deal_id", "client", "recording") == [
        ("2026-02-05 10:00:00", "Анна Ким", "+79120000001", "out", 65, "success", "9", None, "55"),
        ("2026-02-05 10:00:00", "7", "+79120000001", "in", 0, "missed", None, "contact#40", "55"),
        ("2026-02-05 10:00:00", "Анна Ким", "+79120000001", "out", 65, "success", "9", None,
         "https://pbx.example.com/3.mp3"),
    ]  # fmt: skip
    assert findings(tables)["ids_without_names"].value == "7"


def note(number: int, kind: str, entity: str = "leads", **params):
    return {
        "id": number, "entity_id": 31, "created_by": 8, "updated_by": 8,
        "created_at": 1767225600, "updated_at": 1767225600, "responsible_user_id": 8,
        "group_id": 0, "note_type": kind, "params": params, "account_id": 1,
        "_links": {"self": {"href": f"https://x.amocrm.ru/api/v4/{entity}/notes/{number}"}},
    }  # fmt: skip


def call_params(**changes):
    return {
        "uniq": "u1", "duration": 65, "source": "pbx", "link": "https://pbx.example.com/1.mp3",
        "phone": "89120000001", "call_result": "Дозвон", "call_status": 4,
    } | changes  # fmt: skip


def test_saved_notes_of_amocrm(read, rows, findings):
    deals = {"_page": 1, "_embedded": {"notes": [
        note(1, "call_out", **call_params()),
        note(2, "call_in", **call_params(uniq="u2", call_status=6, duration=12, call_result="")),
        note(3, "common", text="Просит скидку"),
        note(4, "call_in", uniq="u4", duration=40, phone="+7 912 000-00-02"),
    ]}}  # fmt: skip
    contacts = {"_embedded": {"notes": [
        note(7, "call_in", "contacts", **call_params(uniq="u7", call_responsible="Борис Ли")),
        note(8, "call_out", "contacts", **call_params(call_result="")),
    ]}}  # fmt: skip
    users = {"_embedded": {"users": [{"id": 8, "name": "Анна Ким", "email": "a@example.com"}]}}
    tables = read({
        "notes.json": json.dumps(deals).encode(), "more.json": json.dumps(contacts).encode(),
        "users.json": json.dumps(users).encode(),
    })  # fmt: skip
    assert rows(tables.calls, "call_id", *WHO[1:], "deal_id", "client", "result") == [
        ("u1", "Анна Ким", "+79120000001", "out", 65, "success", "31", "contact#31", "Дозвон"),
        ("u2", "Анна Ким", "+79120000001", "in", 0, "missed", "31", None, None),
        ("u4", "Анна Ким", "+79120000002", "in", 40, "success", "31", None, None),
        ("u7", "Борис Ли", "+79120000001", "in", 65, "success", None, "contact#31", "Дозвон"),
    ]
    by_file = {a.file: a for a in tables.accounts}
    assert by_file["notes.json"].reasons == (("findings_calls.other_notes", 1),)
    assert (by_file["more.json"].counted, by_file["more.json"].merged) == (1, 1)
    assert findings(tables)["notes_repeated"].count == 1


def test_notes_that_do_not_say_of_what_they_are(read, rows):
    plain = [note(1, "call_out", **call_params())]
    plain[0].pop("_links")
    data = json.dumps({"_embedded": {"notes": plain}}).encode()
    assert rows(read({"notes.json": data}).calls, "deal_id") == [("31",)]
    assert rows(read({"notes_contacts.json": data}).calls, "deal_id") == [(None,)]


def test_calls_of_a_providers_file_with_everything(read, rows):
    """Numbers of both ends, extensions, a whole length and the waiting: cp1251 with semicolons."""
    table = [
        ["Когда", "От", "Кому", "Всего", "Ждали", "Чем кончился"],
        ["05.02.2026 10:00", "101", "8 912 000 00 01", "00:01:15", "00:00:10", "Отвечен"],
        ["05.02.2026 10:05", "8 (912) 000-00-02", "+7 495 000-00-00", "25", "25", "Не отвечен"],
        ["05.02.2026 10:10", "102", "101", "1 мин 5 сек", "5 сек", "Отвечен"],
        ["05.02.2026 10:15", "Номер скрыт", "74950000000", "90", "10", "Отвечен"],
    ]
    settings = Settings.model_validate({
        "inputs": {"files": [{
            "match": "pbx*", "kind": "calls", "crm": "generic",
            "columns": {"called_at": "Когда", "from_number": "От", "to_number": "Кому",
                        "total_seconds": "Всего", "wait_seconds": "Ждали",
                        "outcome": "Чем кончился"}}]},
        "managers": [{"name": "Ким Анна", "extensions": [101]}],
        "telephony": {"lines": ["+7 (495) 000-00-00"]},
    })  # fmt: skip
    tables = read({"pbx.csv": as_csv(table)}, settings)
    assert rows(tables.calls, *WHO, "line", "internal", "hidden") == [
        ("2026-02-05 10:00:00", "Ким Анна", "+79120000001", "out", 65, "success", None, 0, 0),
        ("2026-02-05 10:05:00", None, "+79120000002", "in", 0, "missed", "+74950000000", 0, 0),
        ("2026-02-05 10:10:00", "102", "101", "out", 60, "success", None, 1, 0),
        ("2026-02-05 10:15:00", None, None, "in", 80, "success", "+74950000000", 0, 1),
    ]


def test_recognised_as(tmp_path):
    path = tmp_path / "telephony_call.csv"
    path.write_bytes(BI.encode())
    (source,) = open_sources([Path(path)]).sources
    assert recognise(source, Settings()).layout == "bitrix24-bi"
