"""What Bitrix24 exports show of the world: deals, leads, telephony; native columns only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

from sample_data.bitrix24_layout import (
    CLIENT,
    bitrix_file_name,
    write_bitrix_calls,
    write_bitrix_csv,
    write_bitrix_html,
)
from sample_data.people import AS_OF, MARINA, TIMUR, Person
from sample_data.records import INBOUND, RENAMED, Call, Deal, Lead, World

from sample_data import amocrm_sample

STAGES = amocrm_sample.STAGES | {
    "won": "Сделка успешна", "lost": "Сделка провалена",
    "contract": "Cчёт на предоплату",  # the first letter is Latin, as in the CRM itself
}  # fmt: skip
LEAD_STAGES = {
    "new": "Не обработан", "in_process": "В работе", "processed": "Обработан",
    "converted": "Качественный лид", "junk": "Некачественный лид",
}  # fmt: skip
CURRENCIES = {"RUB": "Российский рубль", "USD": "Доллар США", "EUR": "Евро"}
_MOSCOW = timezone(timedelta(hours=3))
_MOMENT = AS_OF.replace(microsecond=212_913, tzinfo=_MOSCOW)
DEALS_FILE = bitrix_file_name("DEAL", _MOMENT)
LEADS_FILE = bitrix_file_name("LEAD", _MOMENT - timedelta(minutes=4), "xls")
CALLS_FILE = bitrix_file_name("calls_detail", _MOMENT - timedelta(minutes=2), "xls")
_COMMENTS = ("[p]\nПросит перезвонить, «ЛПР» в отпуске\n[/p]", "КП &quot;стандарт&quot; + доставка")


def deal_rows(world: World) -> list[dict[str, Any]]:
    """Rows of the deals file in its order (by ID descending), the doubled ones twice."""
    rng = Random("bitrix24")
    out = []
    for deal in world.deals[::-1]:
        out += [_deal(rng, deal)] * (2 if "duplicate" in deal.flags else 1)
    return out


def write(world: World, folder: Path) -> None:
    """The three export files."""
    write_bitrix_csv(folder / DEALS_FILE, deal_rows(world), client=CLIENT)
    write_bitrix_html(folder / LEADS_FILE, _leads(world.leads), entity="lead")
    write_bitrix_calls(folder / CALLS_FILE, _calls(world.calls))


def stage_name(stage: str | None, entered: datetime) -> str | None:
    """A stage as the portal names it; closing had another name when entered before ``RENAMED``."""
    if stage == "closing" and entered < RENAMED:
        return amocrm_sample.OLD_CLOSING
    return STAGES[stage] if stage else None


def _written(person: Person | None, rng: Random) -> str:
    """«Фамилия Имя», as this portal writes people; some with a no-break space."""
    if person is None:
        return ""
    space = "\u00a0" if person is TIMUR and rng.random() < 0.3 else " "
    return f"{person.last}{space}{person.first}"


def _deal(rng: Random, deal: Deal) -> dict[str, Any]:
    at, stage = deal.events[-1]
    closed = stage in ("won", "lost")
    created, client = deal.created, deal.client
    if "closed_before_created" in deal.flags:
        created = at + timedelta(days=3, hours=2)
    if "future_created" in deal.flags:
        created = datetime(2027, 3, 2, 11, 40, 0)
    edited = at + timedelta(minutes=rng.randint(0, 900))
    name, last = client.contact.split()
    by_form = deal.source in INBOUND
    return {
        "id": deal.bitrix_id,
        "pipeline": amocrm_sample.PIPELINES[deal.pipeline],
        "repeat": "N",
        "repeat_inquiry": "N",
        "stage": amocrm_sample.UNKNOWN_STAGE
        if "unknown_stage" in deal.flags
        else stage_name(stage, at),
        "previous_stage": stage_name(deal.previous, deal.events[-2][0]) if deal.previous else None,
        "owner": _written(deal.shown_owner, rng),
        "title": deal.title,
        "type": "Продажа" if deal.pipeline == "sales" else "Сервисное обслуживание",
        "source": deal.source,
        "amount": float(deal.amount or 0),
        "currency": CURRENCIES[deal.currency],
        "company": client.company,
        "contact": client.contact,
        "closed": closed,
        "created": created,
        "creator": _written(deal.former_owner or deal.owner, rng),
        "modified": min(edited, AS_OF - timedelta(seconds=25)),
        "modifier": _written(deal.owner, rng),
        "begin": deal.created.date(),
        "planned_close": at.date() if closed else deal.created.date() + timedelta(days=75),
        "comment": rng.choice(_COMMENTS) if rng.random() < 0.1 else None,
        "webform": "2" if by_form and deal.source == "Веб-сайт" else None,
        "moved_by": deal.owner.user_id if deal.owner else None,
        "moved_at": at,
        "journey": "CRM-форма" if deal.source == "Веб-сайт" else None,
        "last_activity": deal.last_activity,
        "client": {
            "Контакт: ID": deal.bitrix_id + 5000,
            "Контакт: Имя": name,
            "Контакт: Фамилия": last,
            "Контакт: Должность": client.position,
            "Контакт: Участвует в экспорте контактов": "Да",
            "Контакт: Рабочий телефон": client.phone,
            "Контакт: Рабочий e-mail": client.email,
            "Компания: ID": deal.bitrix_id + 7000,
            "Компания: Название компании": client.company,
        },
    }


def _leads(leads: Iterable[Lead]) -> list[dict[str, Any]]:
    rng = Random("bitrix24 leads")
    out = []
    for number, lead in enumerate(leads, start=1):
        name, last = lead.client.contact.split()
        comment = None
        if rng.random() < 0.06:
            comment = "Заявка:<br><table><tr><td>Город</td><td>Тверь</td></tr></table>"
        out.append({
            "id": 300 + number,
            "stage": LEAD_STAGES[lead.stage],
            "title": f"Входящий вызов {lead.client.phone[1:]}" if lead.source == "Звонок"
            else f"Заявка с сайта: {lead.client.company}",
            "first_name": name,
            "last_name": last,
            "created": lead.created,
            "source": lead.source,
            "work_phone": lead.client.phone,
            "work_email": lead.client.email,
            "owner": _written(lead.owner, rng),
            "modified": lead.moved,
            "modifier": _written(lead.owner, rng),
            "company": lead.client.company,
            "position": lead.client.position,
            "comment": comment,
            "amount": 0.0,
            "currency": CURRENCIES["RUB"],
            "repeat": "нет",
            "moved_by": lead.owner.user_id,
            "moved_at": lead.moved,
            "last_activity": lead.moved,
        })  # fmt: skip
    return out[::-1]


def _calls(calls: Iterable[Call]) -> list[dict[str, Any]]:
    rng = Random("bitrix24 calls")
    out: list[dict[str, Any]] = []
    for call in calls:
        out.append({
            "employee": _caller(call.employee),
            "line": "Офисная АТС (3)",
            "phone": _spelled(call.phone, rng),
            "direction": call.direction,
            "seconds": call.seconds,
            "moment": call.at,
            "status": call.status,
            "cost": "0 руб.",
            "crm": f"Контакт: {call.deal.client.contact}" if call.deal else "-",
        })  # fmt: skip
    for day in (1, 30):  # the operator's own rows
        out.append({"employee": "Биллинг", "line": "Виртуальная АТС (1)", "direction": "исходящий",
                    "moment": datetime(2026, 10, day, 3, 0, 5), "cost": "390 руб."})  # fmt: skip
    return sorted(out, key=lambda c: c["moment"], reverse=True)


def _caller(person: Person | None) -> str | None:
    """Always «Имя Фамилия» here, and from another directory: е instead of ё."""
    if person is MARINA:
        return person.name.replace("ё", "е")
    return person.name if person else None


def _spelled(phone: str, rng: Random) -> str:
    if not phone.startswith("+7"):
        return phone
    code, rest = phone[2:5], f"{phone[5:8]}-{phone[8:10]}-{phone[10:]}"
    return f"+7 {code} {rest}" if rng.random() < 0.7 else f"8 ({code}) {rest}"
