"""The true history behind ``calls/``: a firm that answers the telephone, calls, meets and sells.

``simulate()`` gives the same World every time. A conversation, a request from the site or the
finder's list gives a deal; deals move Квалификация -> Потребность -> Встреча -> КП отправлено ->
Договор и счёт -> won or lost. The planted stories are in ``calls_planted``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from sample_data.calls_people import (
    AS_OF,
    DECIDERS,
    LEV,
    MONDAY,
    OWN_SEARCH,
    POSITIONS,
    START,
    TEAM,
    after,
    moment,
    workdays,
)
from sample_data.calls_records import Call, Deal, Firm, Lead, World
from sample_data.calls_walk import talk, walk
from sample_data.people import clients

from sample_data import calls_activities, calls_planted, calls_traffic

SEED = "funnelkpi calls 1"


@lru_cache(maxsize=1)
def simulate() -> World:
    """The whole world; the same objects for every caller: do not change them."""
    rng = Random(SEED)
    pool = iter(firms(rng, 1100))
    days = workdays(START, AS_OF.date())[:-1]
    world = World([], [], [], [], [], START)
    for day in days:
        if day < MONDAY:
            _conversations(rng, pool, day, world)
        _requests(rng, pool, day, world)
    _list(Random(SEED + " list"), pool, days, world)
    calls_planted.plant(Random(SEED + " planted"), pool, world)
    for number, deal in enumerate(sorted(world.deals, key=lambda d: d.created), start=1):
        deal.number = number
    world.deals.sort(key=lambda d: d.number)
    _after_sale(Random(SEED + " service"), world)
    _enter_firms(Random(SEED + " firms"), world)
    calls_activities.add(Random(SEED + " activities"), world)
    calls_activities.facts(Random(SEED + " facts"), world)
    calls_traffic.add(Random(SEED + " traffic"), world)
    calls_planted.missed(Random(SEED + " missed"), world)
    world.calls = sorted((c for c in world.calls if c.at < AS_OF), key=lambda c: (c.at, c.phone))
    return world


def firms(rng: Random, count: int) -> list[Firm]:
    """Invented companies with a contact; numbers of the exchange 000, which no subscriber has."""
    out = []
    for n, client in enumerate(clients(rng, count)):
        size = rng.choice((0, 0, 1, 1, 1, 2, 2, 3))
        turnover = rng.choice((20, 60, 120, 300)) if size < 2 else rng.choice((350, 600, 900, 2400))
        out.append(
            Firm(
                client.company, client.contact, rng.choice(POSITIONS), client.city,
                f"+7{'495' if n % 2 else '812'}000{5000 + n:04d}", f"buyer{n:04d}@example.com",
                size, turnover * 1_000_000, rng.randint(1, 25), number=n + 1,
            )
        )  # fmt: skip
    return out


def _conversations(rng: Random, pool: Iterator[Firm], day: date, world: World) -> None:
    """New clients who ring: some talks become a deal at once, the others are written nowhere."""
    for who in TEAM:
        if who is LEV or rng.random() > who.week / 5:
            continue
        talk(rng, next(pool), who, moment(rng, day), world, enters=rng.random() < who.enters)


def _requests(rng: Random, pool: Iterator[Firm], day: date, world: World) -> None:
    """Requests from the site: a deal made by the form, or a lead that is looked at first."""
    sellers = [s for s in TEAM if s.week]
    if rng.random() < 0.5:
        deal = walk(rng, next(pool), rng.choice(sellers), "Веб-сайт", moment(rng, day, 9, 16))
        deal.by_form = True
        world.deals.append(deal)
    if rng.random() < 0.9:
        firm, who = next(pool), rng.choice(sellers)
        came = moment(rng, day, 9, 16)
        rung = came + timedelta(minutes=rng.randint(3, 55))
        moved = rung + timedelta(minutes=rng.randint(6, 30))
        stage = rng.choice(("Качественный лид", "Некачественный лид", "Некачественный лид"))
        if day >= MONDAY:
            stage = "В работе"
        world.leads.append(Lead(firm, who, came, rung, moved, stage))
        if stage == "Качественный лид":
            world.deals.append(walk(rng, firm, who, "Веб-сайт", moved))


def _list(rng: Random, pool: Iterator[Firm], days: list[date], world: World) -> None:
    """The finder's list: companies he enters, calls, and now and then brings to a meeting."""
    waiting: list[Firm] = []
    for day in days:
        for _ in range(rng.choice((1, 1, 2, 2))):
            firm = next(pool)
            firm.owner = firm.creator = LEV
            firm.entered = moment(rng, day, 9, 11)
            if rng.random() < 0.4:
                firm.position = rng.choice(DECIDERS)
            waiting.append(firm)
            world.firms.append(firm)
        for firm in rng.sample(waiting, min(len(waiting), 7)):
            calls_traffic.cold(rng, firm, day, world)
        if rng.random() < 0.5 and len(waiting) > 12:
            firm = waiting.pop(rng.randrange(6))
            at = moment(rng, day, 12, 17)
            world.calls.append(Call(at, LEV, firm.phone, "исходящий", rng.randint(90, 400),
                                    "Отвечен", "Интересно"))  # fmt: skip
            source = OWN_SEARCH[0]
            world.deals.append(walk(rng, firm, LEV, source, at + timedelta(minutes=9)))


def _after_sale(rng: Random, world: World) -> None:
    """What follows some wins: set-up, the client's opinion, new needs, a second sale."""
    number = len(world.deals)
    for deal in [d for d in world.deals if d.stage == "won"]:
        won_at, owner = deal.events[-1][0], deal.owner
        if rng.random() > 0.45:
            continue
        number += 1
        at = won_at + timedelta(minutes=rng.randint(10, 50))
        more = Deal(deal.firm, "Существующий клиент", [(at, "delivery", owner)],
                    deal.amount // 4, "service", number=number)  # fmt: skip
        for stage in ("opinion", "new_needs", "won"):
            at = after(rng, at, 6, 14)
            if rng.random() < 0.25 or at > AS_OF - timedelta(hours=2):
                break
            more.events.append((at, stage, owner))
        world.deals.append(more)


def _enter_firms(rng: Random, world: World) -> None:
    """Companies of the deals: entered together with the deal, by whoever entered it."""
    known = {id(f) for f in world.firms}
    for deal in world.deals:
        firm = deal.firm
        if id(firm) not in known:
            known.add(id(firm))
            firm.entered = deal.created - timedelta(seconds=rng.randint(5, 40))
            firm.creator = deal.creator
            world.firms.append(firm)
        firm.owner = deal.owner
    world.firms.sort(key=lambda f: (f.entered or AS_OF, f.number))
    for number, firm in enumerate(world.firms, start=1):
        firm.number = number
