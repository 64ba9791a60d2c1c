"""What the exports of ``calls/`` show of their world."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

from sample_data.bitrix24_layout import bitrix_file_name, write_bitrix_csv, write_bitrix_html
from sample_data.calls_layout import (
    COMPANY,
    CONTACT,
    write_activities,
    write_bitrix_list,
    write_provider_calls,
)
from sample_data.calls_people import AS_OF, EMPLOYEES
from sample_data.calls_records import FACTS, PIPELINES, SERVICE, STAGES, Deal, Firm, World
from sample_data.history_layouts import write_bitrix_bi

FOLDER = "calls"
_MOSCOW = timezone(timedelta(hours=3))
_MOMENT = AS_OF.replace(microsecond=318_774, tzinfo=_MOSCOW)


def _file(entity: str, minutes: int, ext: str = "csv") -> str:
    return bitrix_file_name(entity, _MOMENT - timedelta(minutes=minutes), ext)


DEALS_FILE, LEADS_FILE = _file("DEAL", 0), _file("LEAD", 3, "xls")
CONTACTS_FILE, COMPANIES_FILE = _file("CONTACT", 5), _file("COMPANY", 6)
HISTORY_FILE, ACTIVITIES_FILE = "crm_deal_stage_history.csv", "crm_activity.csv"
CALLS_FILE = "ats_calls_2026-11-16.csv"
FILES = (DEALS_FILE, LEADS_FILE, CONTACTS_FILE, COMPANIES_FILE, HISTORY_FILE, ACTIVITIES_FILE,
         CALLS_FILE)  # fmt: skip
_CODES = {
    "sales": {"qualify": "NEW", "needs": "UC_NEED", "meeting": "UC_MEET", "proposal": "UC_PROP",
              "closing": "UC_CLOS", "won": "WON", "lost": "LOSE"},
    "service": {"delivery": "C1:NEW", "opinion": "C1:UC_OPIN", "new_needs": "C1:UC_NEWN",
                "won": "C1:WON", "lost": "C1:LOSE"},
}  # fmt: skip
_TYPES = {"meeting": (1, "CRM_MEETING"), "task": (3, "CRM_TASKS_TASK")}


def write(world: World, folder: Path) -> None:
    """All files of the folder but its config."""
    deals = sorted(world.deals, key=lambda d: -d.id)
    columns = {"custom": (*FACTS, "Причина отказа"), "client": _client_captions()}
    write_bitrix_csv(folder / DEALS_FILE, [_deal(d) for d in deals], **columns)
    write_bitrix_html(folder / LEADS_FILE, _leads(world), entity="lead")
    firms = sorted(world.firms, key=lambda f: -f.number)
    captions = (*CONTACT[:9], "Компания", *CONTACT[9:])
    write_bitrix_list(folder / CONTACTS_FILE, captions, [_contact(f) for f in firms])
    captions = (*COMPANY, "Лет на рынке", "Город")
    write_bitrix_list(folder / COMPANIES_FILE, captions, [_company(f) for f in firms])
    write_bitrix_bi(folder / HISTORY_FILE, _steps(world))
    write_activities(folder / ACTIVITIES_FILE, _activities(world))
    write_provider_calls(folder / CALLS_FILE, _calls(world))


def stage_name(deal: Deal, stage: str) -> str:
    """A stage as the portal names it."""
    return (STAGES if deal.pipeline == "sales" else SERVICE)[stage]


def _client_captions() -> tuple[str, ...]:
    return (
        "Контакт: ID", "Контакт: Имя", "Контакт: Фамилия", "Контакт: Должность",
        "Контакт: Рабочий телефон", "Контакт: Рабочий e-mail", "Компания: ID",
        "Компания: Название компании", "Компания: Кол-во сотрудников", "Компания: Годовой оборот",
    )  # fmt: skip


def _deal(deal: Deal) -> dict[str, Any]:
    at, stage, owner = deal.events[-1]
    firm, closed = deal.firm, not deal.open
    name, last = firm.contact.split()
    return {
        "id": deal.id,
        "pipeline": PIPELINES[deal.pipeline],
        "repeat": "Y" if deal.pipeline == "service" else "N",
        "repeat_inquiry": "N",
        "stage": stage_name(deal, stage),
        "previous_stage": stage_name(deal, deal.events[-2][1]) if len(deal.events) > 1 else None,
        "owner": owner.name,
        "title": f"{'Сопровождение' if deal.pipeline == 'service' else 'Поставка'}: {firm.company}",
        "type": "Продажа",
        "source": deal.source,
        "amount": float(deal.amount),
        "currency": "Российский рубль",
        "company": firm.company,
        "contact": firm.contact,
        "closed": closed,
        "created": deal.created,
        "creator": "" if deal.by_form else deal.creator.name,
        "modified": min(at + timedelta(minutes=3), AS_OF - timedelta(seconds=40)),
        "modifier": owner.name,
        "begin": deal.created.date(),
        "planned_close": at.date() if closed else deal.created.date() + timedelta(days=60),
        "webform": "3" if deal.by_form else None,
        "moved_by": owner.user_id,
        "moved_at": at,
        "fields": deal.facts | {"Причина отказа": deal.loss_reason},
        "client": {
            "Контакт: ID": 9000 + firm.number,
            "Контакт: Имя": name,
            "Контакт: Фамилия": last,
            "Контакт: Должность": firm.position,
            "Контакт: Рабочий телефон": firm.phone,
            "Контакт: Рабочий e-mail": firm.email,
            "Компания: ID": 6000 + firm.number,
            "Компания: Название компании": firm.company,
            "Компания: Кол-во сотрудников": EMPLOYEES[firm.employees],
            "Компания: Годовой оборот": float(firm.turnover),
        },
    }


def _leads(world: World) -> list[dict[str, Any]]:
    out = []
    for number, lead in enumerate(sorted(world.leads, key=lambda x: x.created), start=1):
        name, last = lead.firm.contact.split()
        out.append({
            "id": 700 + number,
            "stage": lead.stage,
            "title": f"Заявка с сайта: {lead.firm.company}",
            "first_name": name,
            "last_name": last,
            "created": lead.created,
            "source": "Веб-сайт",
            "work_phone": lead.firm.phone,
            "work_email": lead.firm.email,
            "owner": lead.owner.name,
            "modified": lead.moved,
            "company": lead.firm.company,
            "webform": "3",
            "moved_by": lead.owner.user_id,
            "moved_at": lead.moved,
        })  # fmt: skip
    return out[::-1]


def _contact(firm: Firm) -> dict[str, Any]:
    name, last = firm.contact.split()
    return {
        "ID": 9000 + firm.number, "Имя": name, "Фамилия": last, "Должность": firm.position,
        "Тип контакта": "Клиенты", "Компания": firm.company, **_card(firm, "Кем создан"),
        "Участвует в экспорте контактов": True, "Рабочий телефон": firm.phone,
        "Рабочий e-mail": firm.email,
    }  # fmt: skip


def _company(firm: Firm) -> dict[str, Any]:
    return {
        "ID": 6000 + firm.number, "Название компании": firm.company, "Тип компании": "Клиент",
        "Кол-во сотрудников": EMPLOYEES[firm.employees], **_card(firm, "Кем создана"),
        "Годовой оборот": firm.turnover, "Валюта": "Российский рубль",
        "Лет на рынке": firm.years, "Город": firm.city,
    }  # fmt: skip


def _card(firm: Firm, created_by: str) -> dict[str, Any]:
    owner, creator = firm.owner, firm.creator
    return {
        "Ответственный": owner.name if owner else "",
        created_by: creator.name if creator else "",
        "Дата создания": firm.entered,
        "Дата изменения": firm.entered,
    }


def _steps(world: World) -> list[dict[str, Any]]:
    steps = []
    for deal in world.deals:
        for n, (at, stage, owner) in enumerate(deal.events):
            final = stage in ("won", "lost")
            steps.append({
                "at": at, "deal": deal.id, "type": 1 if n == 0 else 3 if final else 2,
                "begin": deal.created.date(), "end": deal.created.date() + timedelta(days=60),
                "owner_id": owner.user_id, "owner": owner.name, "department": owner.department,
                "category_id": int(deal.pipeline == "service"),
                "category": PIPELINES[deal.pipeline],
                "semantics": {"won": "S", "lost": "F"}.get(stage, "P"),
                "stage_id": _CODES[deal.pipeline][stage], "stage": stage_name(deal, stage),
            })  # fmt: skip
    steps.sort(key=lambda s: (s["at"], s["deal"]))
    return [s | {"id": number} for number, s in enumerate(steps, start=1)]


def _activities(world: World) -> list[dict[str, Any]]:
    out = []
    for number, a in enumerate(
        sorted(world.activities, key=lambda a: (a.created, a.deal.id, a.kind)), start=1
    ):
        code, provider = _TYPES[a.kind]
        ends = a.due + timedelta(minutes=50) if a.kind == "meeting" else a.due
        out.append({
            "ID": 20_000 + number, "OWNER_ID": a.deal.id, "OWNER_TYPE_ID": 2, "TYPE_ID": code,
            "PROVIDER_ID": provider, "SUBJECT": a.subject, "CREATED": a.created,
            "LAST_UPDATED": a.done or a.created,
            "START_TIME": a.due if a.kind == "meeting" else a.created, "END_TIME": ends,
            "DEADLINE": a.due, "CLOSED_DATE": a.done, "COMPLETED": "Y" if a.done else "N",
            "RESPONSIBLE_ID": a.who.user_id, "RESPONSIBLE_NAME": a.who.name,
            "AUTHOR_ID": a.who.user_id, "AUTHOR_NAME": a.who.name,
        })  # fmt: skip
    return out


def _calls(world: World) -> list[dict[str, Any]]:
    rng = Random("calls spelled")
    out = []
    for number, call in enumerate(world.calls, start=1):
        minutes, seconds = divmod(call.seconds, 60)
        talk = call.status == "Отвечен"
        out.append({
            "ID вызова": f"c{number:06d}", "Начало звонка": call.at, "Тип": call.direction,
            "Сотрудник": call.who.written if call.who else "", "Номер линии": "+78000000100",
            "Номер клиента": _spelled(call.phone, rng), "Статус": call.status,
            "Разговор": f"00:{minutes:02d}:{seconds:02d}", "Итог разговора": call.result,
            "Запись разговора": _record(call.at, number) if talk and call.seconds > 15 else "",
        })  # fmt: skip
    return out[::-1]


def _record(at: datetime, number: int) -> str:
    return f"https://ats.example/rec/{at:%Y/%m/%d}/c{number:06d}.mp3"


def _spelled(phone: str, rng: Random) -> str:
    """+7…, 8…, ten digits: three ways of one number in one file."""
    if not phone.startswith("+7"):
        return phone
    return rng.choice((phone, phone, f"8{phone[2:]}", phone[2:]))
