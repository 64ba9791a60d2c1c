"""How a deal comes about and goes through the stages of the calls sample."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from sample_data.calls_people import AS_OF, CLOSERS, LEV, LOSSES, MONDAY, ZAHAR, Seller, after
from sample_data.calls_records import PATH, Call, Deal, Firm, World

_STAY = {"qualify": (1, 3), "needs": (2, 6), "meeting": (3, 7), "proposal": (3, 9),
         "closing": (9, 19)}  # fmt: skip


def walk(
    rng: Random, firm: Firm, who: Seller, source: str, at: datetime, *, until: str | None = None
) -> Deal:
    """A deal created at that moment and what becomes of it; the finder's go to a closer when a
    meeting is agreed. ``until``: it goes straight on to that stage and stands there."""
    deal = Deal(firm, source, [(at, "qualify", who)], rng.randint(8, 260) * 5000)
    owner, place = who, 0
    goal = PATH.index(until) if until else None
    while deal.stage not in ("won", "lost"):
        stage = PATH[place]
        if goal is not None and place == goal:
            break
        low, high = _STAY[stage]
        at = after(rng, at, low, high)
        if stage == "meeting" and owner is ZAHAR and at.date() >= MONDAY:
            break
        if goal is None and rng.random() < 0.04:
            break  # nobody does anything any more
        if goal is None and rng.random() > owner.steps[place]:
            deal.events.append((at, "lost", owner))
            deal.loss_reason = rng.choice(LOSSES)
            break
        place += 1
        if PATH[place] == "meeting" and owner is LEV:
            owner = CLOSERS[rng.random() < 0.5]
        deal.events.append((at, PATH[place], owner))
    deal.events = [e for e in deal.events if e[0] < AS_OF - timedelta(minutes=30)]
    if deal.stage != "lost":
        deal.loss_reason = ""
    return deal


def talk(
    rng: Random, firm: Firm, who: Seller, at: datetime, world: World, *, enters: bool,
    direction: str = "входящий",
) -> Deal | None:  # fmt: skip
    """A conversation with somebody new, and the deal he enters within the hour, or none."""
    seconds = rng.randint(45, 420)
    result = "Новый клиент" if enters and rng.random() < 0.95 else ""
    world.calls.append(Call(at, who, firm.phone, direction, seconds, "Отвечен", result))
    if not enters:
        return None
    source = rng.choice(("Звонок", "Звонок", "Реклама", "По рекомендации", "Выставка"))
    deal = walk(rng, firm, who, source, at + timedelta(seconds=seconds + rng.randint(120, 2900)))
    world.deals.append(deal)
    return deal
