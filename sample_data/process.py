"""How deals move: lags, conversions of each manager, losses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from sample_data.people import (
    ALINA,
    AS_OF,
    EVERYBODY,
    IGOR,
    KIRILL,
    MARINA,
    OLGA,
    PAVEL,
    SEMYON,
    START,
    TIMUR,
    ZOYA,
    Client,
    Person,
    earlier,
    later,
    moment,
)  # fmt: skip
from sample_data.records import SALES, SERVICE, Deal

SOURCES = (
    "Холодный звонок", "Холодный звонок", "По рекомендации", "Веб-сайт", "Звонок", "Выставка",
)  # fmt: skip
_LAGS = {"base": (1, 8), "lpr": (2, 11), "needs": (1, 7), "proposal": (2, 10), "closing": (4, 24),
         "request": (1, 4), "estimate": (2, 12), "contract": (5, 20)}  # fmt: skip
_EARLY_LOSS = ("Не выходит на связь", "Неактуально", "Не целевой (не ЛПР (секретарь))", "Дубль")
_LATE_LOSS = ("Дорого (не смог продать)", "Дорого (не смог продать)", "Ушли к конкуренту",
              "Нет бюджета (до конца года)")  # fmt: skip
_GOODS = ("насосов", "линии розлива", "кабеля", "вентиляции", "упаковки", "стеллажей", "фильтров")
_OLGA_WEEKS = (3, 1, 1, 0, 1, 1, 0, 1, 0, 1)  # W37, then nine weeks below the norm, W38-W46
_LATE, _BUSY, _HOARD = date(2026, 3, 2), date(2026, 9, 7), date(2026, 5, 18)


def new_deal(rng: Random, pool: Iterator[Client], pipeline: str, owner: Person) -> Deal:
    """A deal without events."""
    client = next(pool)
    skew = rng.random()
    amount: int | None = 60_000 + int(skew * skew * skew * 1_900) * 1000
    odds = rng.random()
    amount = None if odds < 0.04 else 0 if odds < 0.07 else amount
    title = f"Поставка {rng.choice(_GOODS)}, {client.company}"
    if pipeline == "service":
        title = f"{rng.choice(('Тендер', 'Обслуживание', 'Ремонт'))}: {client.company}"
    tags = tuple(t for t in ("срочно", "опт", "ключевой") if rng.random() < 0.08)
    return Deal(pipeline, client, owner, rng.choice(SOURCES), amount, title, [], tags=tags)


def _weeks() -> list[date]:
    count = (AS_OF.date() - START).days // 7 + 2  # two weeks on: deals still on their way to ЛПР
    return [START + timedelta(weeks=w) for w in range(count)]


def _planned(rng: Random, person: Person, monday: date) -> int:
    """Decision-makers a manager finds in the week, a full week taken."""
    week = monday.isocalendar()[:2]
    if person is OLGA and (2026, 37) <= week <= (2026, 46):
        return _OLGA_WEEKS[week[1] - 37]
    if week == (2026, 46) and person in (PAVEL, ZOYA):
        return {PAVEL: 1, ZOYA: 2}[person]
    if person is IGOR and monday >= _HOARD:
        return rng.choice((3, 4))
    if monday >= _BUSY and person is not OLGA and person is not KIRILL and person is not ZOYA:
        return rng.choice((2, 2, 3))
    return rng.choice(person.late if monday >= _LATE else person.early)


def sales(rng: Random, pool: Iterator[Client]) -> list[Deal]:
    out = []
    for monday in _weeks():
        for person in EVERYBODY:
            days = [monday + timedelta(days=i) for i in range(5)]
            days = [d for d in days if person.works(d)]
            planned = _planned(rng, person, monday)
            if not days:
                continue
            for _ in range(planned):
                deal = new_deal(rng, pool, "sales", person)
                found = moment(rng, rng.choice(days))
                deal.events = [
                    (earlier(rng, person, found, *_LAGS["base"]), "base"),
                    (found, "lpr"),
                ]
                _walk(rng, deal, person, SALES[1:], person.steps)
                out.append(deal)
            if rng.random() < (
                0.45 if monday >= _LATE else 0.25
            ):  # never gets to the decision-maker
                deal = new_deal(rng, pool, "sales", person)
                deal.events = [(moment(rng, rng.choice(days)), "base")]
                _fail(rng, deal, person, "base")
                out.append(deal)
    return out


def service(rng: Random, pool: Iterator[Client]) -> list[Deal]:
    out = []
    for monday in _weeks():
        for person in (ALINA, MARINA, TIMUR, SEMYON):
            day = monday + timedelta(days=rng.randrange(5))
            if rng.random() < 0.62 and person.works(day):
                deal = new_deal(rng, pool, "service", person)
                deal.events = [(moment(rng, day), "request")]
                _walk(rng, deal, person, SERVICE, (0.84, 0.7, 0.7))
                out.append(deal)
    return out


def _walk(
    rng: Random, deal: Deal, person: Person, path: tuple[str, ...], steps: tuple[float, ...]
) -> None:
    for stage, target, chance in zip(path, path[1:], steps, strict=False):
        if deal.stage != stage:
            continue  # jumped over
        at = deal.events[-1][0]
        if rng.random() >= chance:
            _fail(rng, deal, person, stage)
            return
        if person is MARINA and stage == "lpr" and at.date() >= _LATE and rng.random() < 0.35:
            deal.events.append((later(rng, person, at, *_LAGS[stage]), "proposal"))
            continue  # her habit: the proposal without asking for the needs
        deal.events.append((later(rng, person, at, *_LAGS[stage]), target))


def _fail(rng: Random, deal: Deal, person: Person, stage: str) -> None:
    at, (low, high) = deal.events[-1][0], _LAGS[stage]
    if deal.pipeline == "sales" and rng.random() < 0.1:
        deal.events.append((later(rng, person, at, low, high), "parked"))
        return
    deal.events.append((later(rng, person, at, low + 2, high + 6), "lost"))
    reasons: tuple[str, ...] = _EARLY_LOSS if stage in ("base", "lpr", "request") else _LATE_LOSS
    if person is KIRILL and stage == "closing":
        reasons = _LATE_LOSS[:3]
    deal.loss_reason = rng.choice(reasons) if rng.random() < 0.92 else None
