"""Leads and calls around the deals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from sample_data.people import AS_OF, DAYS_OFF, TEAM, Client, moment
from sample_data.records import INBOUND, Call, Deal, Lead

CALLS_FROM = date(2026, 8, 24)  # the telephony file holds twelve weeks
_FAILED = ("Вызов отменен", "Временно недоступен", "Занято")


def leads(rng: Random, deals: list[Deal], pool: Iterator[Client]) -> list[Lead]:
    """A lead for every deal that came by itself, and those that led to nothing."""
    out = []
    for deal in deals:
        if deal.source not in INBOUND or deal.former_owner or deal.flags or deal.owner is None:
            continue
        came = deal.created - timedelta(minutes=rng.randint(3, 600))
        out.append(
            Lead(deal.client, deal.owner, came, deal.created, "converted", deal.source, deal)
        )
    people = [p for p in TEAM if p.start < date(2026, 1, 1)]
    for n in range(150):
        day = AS_OF.date() - timedelta(days=1 + n * 540 // 150)
        client, owner = next(pool), rng.choice(people)
        came = datetime.combine(day, datetime.min.time()) + timedelta(minutes=rng.randrange(1440))
        fresh = n < 12
        stage = rng.choice(("new", "in_process", "processed")) if fresh else "junk"
        moved = came if stage == "new" else came + timedelta(minutes=rng.randint(20, 2600))
        moved = min(moved, AS_OF - timedelta(minutes=rng.randint(1, 50)))
        out.append(Lead(client, owner, came, moved, stage, rng.choice(INBOUND)))
    return sorted(out, key=lambda x: x.created)


def calls(rng: Random, deals: list[Deal]) -> list[Call]:
    """Calls of twelve weeks: on deals in work, callers nobody knows, missed ones."""
    out = []
    days = [CALLS_FROM + timedelta(days=i) for i in range((AS_OF.date() - CALLS_FROM).days)]
    days = [d for d in days if d.weekday() < 5 and d not in DAYS_OFF]
    for deal in deals:
        last = deal.events[-1][0] if not deal.open else AS_OF
        silent = deal.last_activity is not None or deal.story == "handed_over_untouched"
        if deal.owner is None or silent or last.date() < CALLS_FROM:
            continue
        for day in days:
            at = moment(rng, day)
            if not (deal.created < at < last and deal.owner.works(day)) or rng.random() > 0.22:
                continue
            out.append(_one(rng, deal, at))
    for n, day in enumerate(days * 2):  # callers outside the CRM
        answered = rng.random() < 0.6
        out.append(
            Call(moment(rng, day), rng.choice(TEAM[:6]) if answered else None,
                 f"+7495001{n:04d}" if n % 9 else "Номер скрыт", "входящий",
                 "Успешный звонок" if answered else "Пропущенный звонок",
                 rng.randint(12, 240) if answered else rng.choice((0, 18, 55)))
        )  # fmt: skip
    out = [c for c in out if c.employee is None or c.employee.works(c.at.date())]
    return sorted(out, key=lambda c: c.at)


def _one(rng: Random, deal: Deal, at: datetime) -> Call:
    incoming = rng.random() < 0.2
    if rng.random() < 0.62:
        talk = rng.choice((14, 45, 70, 120, 180, 293, 420)) + rng.randrange(15)
        way = "входящий" if incoming else "исходящий"
        return Call(at, deal.owner, deal.client.phone, way, "Успешный звонок", talk, deal)
    if incoming:
        wait = rng.choice((0, 22, 55))
        return Call(at, deal.owner, deal.client.phone, "входящий", "Пропущенный звонок", wait, deal)
    status = rng.choice(_FAILED)
    return Call(at, deal.owner, deal.client.phone, "исходящий", status, 0, deal)
