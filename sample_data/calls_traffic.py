"""Calls of every day: on deals in work, to the finder's list, among colleagues, from nobody."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from sample_data.calls_people import (
    AS_OF,
    COLD,
    GLEB,
    INNA,
    LEV,
    MONDAY,
    RESULTS,
    START,
    TEAM,
    Seller,
    moment,
    workdays,
)
from sample_data.calls_records import Call, Deal, Firm, World

HIDDEN = "Номер скрыт"
UNANSWERED = ("Нет ответа", "Занято", "Отменён")


def add(rng: Random, world: World) -> None:
    """All calls that are in no story."""
    for deal in world.deals:
        if deal.story == "no_calls":
            continue
        _first(rng, deal, world)
        _of_stages(rng, deal, world)
    for lead in world.leads:
        answered = lead.stage == "Качественный лид"
        _out(rng, lead.owner, lead.firm.phone, lead.rung, world, answered)
    for day in workdays(START, AS_OF.date() - timedelta(days=1)):
        _noise(rng, day, world)


def cold(rng: Random, firm: Firm, day: date, world: World) -> None:
    """A call to a company of the list."""
    at = moment(rng, day, 11, 17)
    talks = rng.random() < 0.3
    status = "Отвечен" if talks else rng.choice(UNANSWERED)
    seconds = rng.randint(12, 110) if talks else 0
    result = rng.choice(COLD) if talks else ""
    world.calls.append(Call(at, LEV, firm.phone, "исходящий", seconds, status, result))


def _first(rng: Random, deal: Deal, world: World) -> None:
    """The first answer to a request the site made a deal of; a call after each sale.

    In the last week nobody talks to such a client within a quarter of an hour: it would be one of
    the conversations with new clients that the stories count.
    """
    if deal.pipeline == "service":
        at = deal.created + timedelta(minutes=rng.randint(20, 50))
        _out(rng, deal.creator, deal.firm.phone, at, world, rng.random() < 0.8)
    if deal.by_form:
        minutes = rng.choice((4, 7, 9, 12, 18, 35, 70))
        at = deal.created + timedelta(minutes=minutes)
        talks = rng.random() < 0.7 and (minutes > 15 or deal.created.date() < MONDAY)
        _out(rng, deal.creator, deal.firm.phone, at, world, talks)


def _of_stages(rng: Random, deal: Deal, world: World) -> None:
    for n, (since, stage, owner) in enumerate(deal.events):
        if stage in ("won", "lost") or (deal.story == "dropped" and n >= 2):
            continue
        until = deal.events[n + 1][0] if n + 1 < len(deal.events) else AS_OF
        if stage == "closing":
            _closing(rng, deal, since, until, owner, world)
            continue
        last = min(until, since + timedelta(days=21))
        days = [d for d in workdays(since.date(), last.date()) if since.date() < d]
        for day in rng.sample(days, min(len(days), rng.choice((0, 1, 1, 2)))):
            at = moment(rng, day)
            if since < at < until:
                incoming = rng.random() < 0.25
                _talk(rng, owner, deal.firm.phone, at, world, incoming=incoming)


def _closing(
    rng: Random, deal: Deal, since: datetime, until: datetime, owner: Seller, world: World
) -> None:
    """Three calls in the first week and one now and then; one manager never makes the third."""
    first = workdays(since.date() + timedelta(days=1), since.date() + timedelta(days=6))
    count = rng.choice((1, 2, 2)) if owner is INNA else 3
    days = sorted(rng.sample(first, min(len(first), count)))
    if owner is not INNA:
        further = workdays(since.date() + timedelta(days=8), until.date() - timedelta(days=1))
        days += sorted(rng.sample(further, min(len(further), rng.choice((0, 1, 1, 2)))))
    for day in days:
        at = moment(rng, day)
        if at < until and at < AS_OF:
            _talk(rng, owner, deal.firm.phone, at, world)


def _talk(
    rng: Random, who: Seller, phone: str, at: datetime, world: World, *, incoming: bool = False
) -> None:
    if incoming:
        world.calls.append(
            Call(at, who, phone, "входящий", rng.randint(20, 380), "Отвечен", said(rng, who))
        )
    else:
        _out(rng, who, phone, at, world, rng.random() < 0.72)


def _out(
    rng: Random, who: Seller, phone: str, at: datetime, world: World, answered: bool
) -> None:  # fmt: skip
    status = "Отвечен" if answered else rng.choice(UNANSWERED)
    seconds = rng.randint(25, 460) if answered else 0
    result = said(rng, who) if answered else ""
    world.calls.append(Call(at, who, phone, "исходящий", seconds, status, result))


def said(rng: Random, who: Seller) -> str:
    """What he writes down of a talk: one of them next to nothing."""
    wrote = rng.random() < (0.15 if who is GLEB else 0.9)
    return rng.choice(RESULTS) if wrote else ""


def _noise(rng: Random, day: date, world: World) -> None:
    """Colleagues, hidden numbers, people who ring off, calls that nobody's extension took."""
    for _ in range(2):
        one, two = rng.sample(TEAM, 2)
        world.calls.append(
            Call(moment(rng, day), one, two.extension, "исходящий", rng.randint(15, 200))
        )
    if rng.random() < 0.5:
        world.calls.append(
            Call(moment(rng, day), rng.choice(TEAM[:3]), HIDDEN, "входящий", rng.randint(5, 90))
        )
    for _ in range(rng.choice((0, 1))):  # wrong numbers
        phone = f"+7343000{rng.randrange(10_000):04d}"
        who, seconds = rng.choice(TEAM[:3]), rng.randint(4, 24)
        world.calls.append(Call(moment(rng, day), who, phone, "входящий", seconds))
    if day < MONDAY and rng.random() < 0.5:
        at = moment(rng, day, 13, 14) if rng.random() < 0.6 else moment(rng, day, 18, 20)
        phone = f"+7383000{rng.randrange(10_000):04d}"
        world.calls.append(Call(at, None, phone, "входящий", rng.randint(8, 60), "Не отвечен"))
