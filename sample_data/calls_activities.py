"""Meetings and tasks of the deals, and the facts written on their cards."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from sample_data.calls_people import AS_OF, ZAHAR, Seller, after, moment
from sample_data.calls_records import Activity, Deal, World

_STEPS = ("Отправить КП", "Позвонить после КП", "Согласовать договор", "Уточнить сроки")
_FRIDAY = datetime(2026, 11, 6, 16, 30)
_JUNK = (".", "-", "н/д", "123", "xxx")


def add(rng: Random, world: World) -> None:
    """A meeting where the deal came to one, a task for the next step, tasks done and undone."""
    for deal in world.deals:
        if deal.pipeline == "sales" and deal.story != "no_calls":
            _meeting(rng, deal, world)
            _tasks(rng, deal, world)


def _meeting(rng: Random, deal: Deal, world: World) -> None:
    visit = deal.visit("meeting", AS_OF)
    if visit is None:
        return
    booked, left = visit
    who = next(o for at, s, o in deal.events if s == "meeting")
    held = deal.stage != "meeting" or deal.meeting_at is not None
    begins = deal.meeting_at or _begins(rng, booked, left, held=held)
    if who is ZAHAR and deal.meeting_at is None:  # his last week is the story's
        begins = min(begins, _FRIDAY) if held else AS_OF + timedelta(days=2, hours=4)
    ends = begins + timedelta(minutes=50)
    if held and ends > AS_OF:
        held = False
    subject = f"Встреча: {deal.firm.company}"
    world.activities.append(
        Activity(deal, "meeting", subject, who, booked, begins, ends if held else None)
    )
    follows = rng.random() < who.next_step
    if deal.meeting_at is not None:
        follows = deal.story == "next_step"
    if held and follows:
        _task(rng, deal, "Отправить КП", who, ends + timedelta(minutes=rng.randint(5, 100)), world)


def _begins(rng: Random, booked: datetime, left: datetime, *, held: bool) -> datetime:
    """The day after the booking or later, and before the deal moved on."""
    midnight = datetime.combine(booked.date() + timedelta(days=1), datetime.min.time())
    at = after(rng, midnight, 0, 1) if held else after(rng, AS_OF, 0, 3)
    return min(at, left - timedelta(minutes=90)).replace(second=0) if held else at.replace(second=0)


def _tasks(rng: Random, deal: Deal, world: World) -> None:
    """A task at some stages, and a planned one on most open deals."""
    for at, stage, owner in deal.events:
        if stage in ("needs", "proposal", "closing") and rng.random() < 0.6:
            _task(rng, deal, rng.choice(_STEPS), owner, at + timedelta(minutes=6), world)
    alive = AS_OF - deal.events[-1][0] < timedelta(days=40)
    if deal.open and alive and deal.story not in ("no_next_step", "dropped"):
        owner = deal.owner
        if rng.random() < (0.35 if owner is ZAHAR else 0.8):
            made = max(deal.created, AS_OF - timedelta(days=rng.randint(2, 5)))
            due = after(rng, AS_OF, 1, 9).replace(minute=0, second=0)
            subject = rng.choice(_STEPS)
            world.activities.append(Activity(deal, "task", subject, owner, made, due))


def _task(rng: Random, deal: Deal, subject: str, who: Seller, at: datetime, world: World) -> None:
    if at > AS_OF:
        return
    due = moment(rng, after(rng, at, 1, 3).date(), 15, 18).replace(minute=0, second=0)
    in_time = rng.random() < who.keeps
    done = due - timedelta(hours=rng.randint(1, 5), minutes=7) if in_time else (
        after(rng, due, 1, 4) if rng.random() < 0.6 else None
    )  # fmt: skip
    done = max(done, at + timedelta(minutes=3)) if done else None
    done = done if done and done < AS_OF else None
    world.activities.append(Activity(deal, "task", subject, who, at, due, done))


def facts(rng: Random, world: World) -> None:
    """Three facts by the proposal, three dates at closing; one manager fills them with dots."""
    for deal in world.deals:
        if deal.pipeline != "sales":
            continue
        reached = {s for _, s, _ in deal.events}
        if reached & {"proposal", "closing", "won"}:
            decides = deal.created + timedelta(days=rng.randint(25, 60))
            known = {
                "Цена подходит": rng.choice(("да", "да", "нет, ждём скидку")),
                "Полномочия": rng.choice(("подписывает сам", "решает с партнёром")),
                "Решение до": f"{decides:%d.%m.%Y}",
            }
            deal.facts |= {k: v for k, v in known.items() if rng.random() < 0.85}
        if reached & {"closing", "won"}:
            at = next(a for a, s, _ in deal.events if s in ("closing", "won"))
            signed = at + timedelta(days=rng.randint(2, 6))
            dates = {"Договор подписан": signed, "Счёт выставлен": signed + timedelta(days=1)}
            if "won" in reached:
                dates["Оплата получена"] = deal.events[-1][0]
            deal.facts |= {
                k: f"{v:%d.%m.%Y}" for k, v in dates.items() if v < AS_OF and rng.random() < 0.85
            }
        if deal.owner is ZAHAR:
            deal.facts = {
                k: v if rng.random() < 0.4 or k == "Решение до" else rng.choice(_JUNK)
                for k, v in deal.facts.items()
            }
