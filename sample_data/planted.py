"""Deals planted for the stories, and what is wrong with some rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from sample_data.people import (
    ALINA,
    AS_OF,
    KIRILL,
    MARINA,
    PAVEL,
    SEMYON,
    TIMUR,
    Client,
    Person,
    moment,
)  # fmt: skip
from sample_data.process import new_deal
from sample_data.records import SALES, Deal

BIG_AMOUNT = 18_500_000
_WAITING = (76, 61, 52, 41, 33, 26)  # days Семён's proposals have stood
_OLD_NAME = (
    (MARINA, 52),
    (SEMYON, 47),
    (PAVEL, 40),
    (ALINA, 38),
)  # in closing since before RENAMED


def deals(rng: Random, pool: Iterator[Client]) -> list[Deal]:
    """The extra deals."""
    out = [_at_stage(rng, pool, SEMYON, "proposal", days, "proposal_waits") for days in _WAITING]
    big = _at_stage(rng, pool, ALINA, "closing", 66, "stalled_large")
    big.amount, big.title = BIG_AMOUNT, f"Поставка линии розлива, {big.client.company}"
    big.tags, big.last_activity = ("ключевой",), datetime(2026, 9, 29, 15, 42, 10)
    out.append(big)
    out += [_at_stage(rng, pool, who, "closing", d, "old_stage_name") for who, d in _OLD_NAME]
    for deal in out:
        deal.amount = deal.amount or 240_000
    return out


def _at_stage(
    rng: Random, pool: Iterator[Client], person: Person, stage: str, days: int, story: str
) -> Deal:
    """A deal that has stood in the stage for so many days and was walked there every week."""
    deal = new_deal(rng, pool, "sales", person)
    deal.story = story
    path = SALES[: SALES.index(stage) + 1]
    at = AS_OF - timedelta(days=days)
    for name in reversed(path):
        while not person.works(at.date()):
            at -= timedelta(days=1)
        at = at.replace(
            hour=rng.randint(10, 16), minute=rng.randrange(60), second=rng.randrange(60)
        )
        deal.events.insert(0, (at, name))
        at -= timedelta(days=rng.randint(3, 6))
    return deal


def steady(rng: Random, deals: list[Deal]) -> None:
    """Nobody but those of the stories is below a norm in the last week: one deal moves on."""
    week = [date(2026, 11, 9) + timedelta(days=i) for i in range(5)]
    for person in (ALINA, KIRILL, MARINA, TIMUR, SEMYON, PAVEL):
        own = [d for d in deals if d.owner is person and d.pipeline == "sales" and not d.story]
        new = [d for d in own if d.created.date() in week]
        if not any(d.client.category == "A" for d in new):
            new[0].client = replace(new[0].client, category="A")
        last = max(day for day in week if person.works(day))
        for stage, target in (("lpr", "needs"), ("needs", "proposal")):
            if any(at.date() in week for d in own if (at := d.entered(target))):
                continue
            ready = [d for d in own if d.stage == stage and d.events[-1][0].date() < last]
            rng.choice(ready).events.append((moment(rng, last), target))


def incoming(rng: Random, deals: list[Deal], pool: Iterator[Client]) -> list[Deal]:
    """«Неразобранное» of amoCRM: requests nobody has taken yet."""
    out = []
    for n in range(14):
        at = datetime(2026, 11, 5, 11, 20) + timedelta(hours=18 * n, seconds=rng.randrange(3000))
        client = next(pool)
        title = f"Заявка с сайта: {client.company}"
        deal = Deal("sales", client, None, "Веб-сайт", None, title, [(at, "incoming")])
        deal.number = max(d.number for d in deals if d.created <= at)
        deal.extra = n + 1
        deal.last_activity = at
        out.append(deal)
    return out


def spoil(rng: Random, deals: list[Deal]) -> None:
    """Flags for the exporters; the truth of the deal stays as it is."""
    old = [d for d in deals if d.story is None and d.created < datetime(2026, 8, 1)]
    closed = [d for d in old if d.stage in ("won", "lost") and d.pipeline == "sales"]
    waiting = [d for d in deals if d.story is None and d.open and d.stage == "base"]

    def mark(name: str, among: list[Deal], count: int) -> None:
        free = [d for d in among if not d.flags]
        for deal in rng.sample(free, count):
            deal.flags.add(name)

    mark("no_owner", [d for d in closed if d.stage == "lost"], 3)
    mark("closed_before_created", [d for d in closed if d.stage == "won"], 2)
    mark("future_stage_date", [d for d in closed if d.entered("proposal")], 1)
    mark("unknown_stage", [d for d in closed if d.stage == "lost"], 3)
    mark("duplicate", closed, 2)
    mark("future_created", waiting, 1)
    foreign = [d for d in old if d.pipeline == "service" and d.stage == "won" and d.amount]
    mark("usd", foreign, 3)
    mark("eur", foreign, 1)
    for deal in deals:
        rate = {"usd": 90, "eur": 100}.get(next(iter(deal.flags), ""))
        if rate:
            deal.currency = "USD" if rate == 90 else "EUR"
            deal.amount = (deal.amount or 0) // rate // 100 * 100 + 100
