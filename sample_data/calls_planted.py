"""The stories planted in ``calls/``: the last week to the conversation, and deals of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from sample_data.calls_people import (
    ARTEM,
    AS_OF,
    DARIA,
    GLEB,
    INNA,
    LEV,
    MARKETING,
    MONDAY,
    NINA,
    OWN_SEARCH,
    START,
    TEAM,
    VERA,
    ZAHAR,
    Seller,
    moment,
    workday,
    workdays,
)
from sample_data.calls_records import Call, Deal, Firm, World
from sample_data.calls_traffic import said
from sample_data.calls_walk import talk, walk

LAST_WEEK = ((GLEB, 3, 3), (VERA, 10, 2), (DARIA, 6, 1), (ZAHAR, 4, 1), (INNA, 4, 0), (LEV, 6, 0))
"""Who, conversations with new clients in the last week, and how many of them became no deal."""
_MEETINGS = (0, 0, 1, 1, 2, 2, 3, 3, 4)  # weekday of each of Захар's nine


def plant(rng: Random, pool: Iterator[Firm], world: World) -> None:
    """Deals and conversations of the stories."""
    _last_week(rng, pool, world)
    _meetings(rng, pool, world)
    _closing(rng, pool, world)
    _shared(rng, pool, world)
    _handed_over(rng, pool, world)
    _without_calls(rng, pool, world)
    _without_phone(rng, pool, world)


def _last_week(rng: Random, pool: Iterator[Firm], world: World) -> None:
    days = workdays(MONDAY, AS_OF.date())[:5]
    for who, talks, lost in LAST_WEEK:
        fates = [False] * lost + [True] * (talks - lost)
        rng.shuffle(fates)
        for n, enters in enumerate(fates):
            at = moment(rng, days[n % 5])
            talk(rng, next(pool), who, at, world, enters=enters)


def _meetings(rng: Random, pool: Iterator[Firm], world: World) -> None:
    """Nine first meetings in a week, none with a next step; two of a colleague with one each."""
    for n, weekday in enumerate(_MEETINGS):
        _held(rng, next(pool), ZAHAR, n, MONDAY + timedelta(days=weekday), "no_next_step", world)
    for n, weekday in enumerate((1, 2, 3)):
        _held(rng, next(pool), NINA, n, MONDAY + timedelta(days=weekday), "next_step", world)


def _held(
    rng: Random, firm: Firm, who: Seller, n: int, day: date, story: str, world: World
) -> None:
    source = OWN_SEARCH[n % 2] if n % 3 else MARKETING[n % 4]
    at = moment(rng, date(2026, 10, 19) + timedelta(days=n % 5))
    deal = Deal(firm, source, [(at, "qualify", who)], rng.randint(20, 90) * 10_000, story=story)
    deal.events.append((moment(rng, date(2026, 10, 26) + timedelta(days=n % 4)), "needs", who))
    begins = datetime(day.year, day.month, day.day, 10 + 4 * (n % 2), 30 * (n % 2))
    deal.events.append((begins - timedelta(days=5, hours=1), "meeting", who))
    deal.meeting_at = begins
    world.calls.append(
        Call(
            at - timedelta(minutes=20), who, firm.phone, "входящий", 130, "Отвечен", "Новый клиент"
        )
    )
    world.deals.append(deal)


def _closing(rng: Random, pool: Iterator[Firm], world: World) -> None:
    """Five deals that have stood in closing long enough for three calls and got two at most."""
    for days in (26, 19, 16, 13, 11):
        deal = walk(rng, next(pool), INNA, "По рекомендации",
                                moment(rng, _before(days + 22)), until="qualify")  # fmt: skip
        for ago, stage in ((days + 16, "needs"), (days + 11, "meeting"), (days + 5, "proposal"),
                           (days, "closing")):  # fmt: skip
            deal.events.append((moment(rng, _before(ago)), stage, INNA))
        deal.story, deal.amount = "under_called", 350_000 + 10_000 * days
        _entered_by_talk(deal, INNA, world)


def _shared(rng: Random, pool: Iterator[Firm], world: World) -> None:
    """One client, two managers, two open deals."""
    firm = next(pool)
    for who, ago in ((VERA, 24), (INNA, 12)):
        deal = walk(rng, firm, who, "Звонок", moment(rng, _before(ago)),
                                until="qualify")  # fmt: skip
        deal.events.append((moment(rng, _before(ago - 4)), "needs", who))
        deal.story = "shared_client"
        _entered_by_talk(deal, who, world)


def _handed_over(rng: Random, pool: Iterator[Firm], world: World) -> None:
    """Two of the finder's deals that the closer has not touched since."""
    for ago in (40, 33):
        deal = walk(rng, next(pool), LEV, OWN_SEARCH[0], moment(rng, _before(ago)),
                                until="qualify")  # fmt: skip
        deal.events.append((moment(rng, _before(ago - 3)), "needs", LEV))
        deal.events.append((moment(rng, _before(ago - 7)), "meeting", ARTEM))
        deal.story = "dropped"
        _entered_by_talk(deal, LEV, world)


def _without_calls(rng: Random, pool: Iterator[Firm], world: World) -> None:
    """Deals entered from the cards of a trade fair; nobody has rung them."""
    for day in (MONDAY + timedelta(days=1), MONDAY + timedelta(days=2), date(2026, 11, 2),
                date(2026, 10, 28)):  # fmt: skip
        deal = walk(rng, next(pool), ARTEM, "Выставка", moment(rng, day, 15, 18),
                                until="qualify")  # fmt: skip
        deal.story = "no_calls"
        world.deals.append(deal)


def _without_phone(rng: Random, pool: Iterator[Firm], world: World) -> None:
    """The finder's contacts without a phone: some with an e-mail, three with nothing at all."""
    for n in range(7):
        firm = next(pool)
        firm.phone, firm.owner, firm.creator = "", LEV, LEV
        firm.position = "Генеральный директор"
        firm.email = "" if n < 3 else firm.email
        firm.entered = moment(rng, MONDAY - timedelta(days=7) + timedelta(days=n % 5), 9, 11)
        if n in (0, 3, 4):
            firm.entered += timedelta(days=7)
        world.firms.append(firm)


def _before(days: int) -> date:
    """The working day so many days before the last week's end, or the one before it."""
    day = AS_OF.date() - timedelta(days=days)
    while not workday(day):
        day -= timedelta(days=1)
    return day


def _entered_by_talk(deal: Deal, who: Seller, world: World) -> None:
    at = deal.created - timedelta(minutes=12)
    world.calls.append(Call(at, who, deal.firm.phone, "входящий", 150, "Отвечен", "Новый клиент"))
    world.deals.append(deal)


def missed(rng: Random, world: World) -> None:
    """Missed calls of clients, and what happened first; one manager rings back the next day."""
    busy = {(c.phone, c.at.date()) for c in world.calls}
    homes = [d for d in world.deals if d.pipeline == "sales" and d.firm.phone
             and d.story not in ("no_calls", "dropped", "shared_client")]  # fmt: skip
    for day in workdays(START + timedelta(days=21), AS_OF.date())[:-1]:
        for who in TEAM[:5]:
            last = day >= MONDAY
            count = (2 if who is DARIA and day.weekday() < 3 else 0) if last else 1
            if last and who is not DARIA:
                count = int(day.weekday() in (0, 2))
            for _ in range(count):
                if last or rng.random() < 0.3:
                    _one(rng, day, who, homes, busy, world)
    for day in (MONDAY, MONDAY + timedelta(days=3)):  # nobody's extension, nobody rings back
        phone = f"+738300099{day.day:02d}"
        at = moment(rng, day, 13, 14)
        world.calls.append(Call(at, None, phone, "входящий", 25, "Не отвечен"))
    early = AS_OF - timedelta(minutes=11)  # the table of calls goes on to the export
    world.calls.append(Call(early, None, "+73830009811", "входящий", 17, "Не отвечен"))


def _one(
    rng: Random, day: date, who: Seller, homes: list[Deal],
    busy: set[tuple[str, date]], world: World,
) -> None:  # fmt: skip
    span = [day + timedelta(days=n) for n in range(5)]
    free = [
        d
        for d in homes
        if d.owner is who
        and d.created.date() < day
        and not any((d.firm.phone, x) in busy for x in span)
        and not (who is INNA and d.visit("closing", AS_OF))
    ]
    if not free:
        return
    deal = rng.choice(free)
    phone = deal.firm.phone
    busy.update((phone, x) for x in span)
    at = moment(rng, day, 13, 14) if rng.random() < 0.3 else moment(rng, day, 10, 16)
    world.calls.append(Call(at, who, phone, "входящий", rng.randint(9, 50), "Не отвечен"))
    back = Call(at, who, phone, "исходящий", rng.randint(40, 200), "Отвечен", said(rng, who))
    fate = 1.0 if who is DARIA else rng.random()
    if who is DARIA:
        later = next(x for x in span[1:] if workday(x))
        world.calls.append(replace(back, at=moment(rng, later, 10, 17)))
    elif fate < 0.7:
        world.calls.append(replace(back, at=at + timedelta(minutes=rng.randint(2, 17))))
    elif fate < 0.84:
        world.calls.append(replace(back, at=at + timedelta(minutes=rng.randint(60, 100))))
    elif fate < 0.94:
        again = at + timedelta(minutes=rng.randint(5, 30))
        world.calls.append(replace(back, at=again, direction="входящий"))
