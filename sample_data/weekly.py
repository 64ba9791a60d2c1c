"""A small sales department with everything that happens to its deals, and the exports anybody would
have made at given moments: what the archive rebuilds is compared with what really happened.

    world = simulate(seed=1, deals=60)
    write_week(folder, world, datetime(2026, 9, 7, 9, 0), "amocrm")
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sample_data.layouts import (
    amocrm_file_name,
    bitrix_file_name,
    write_amocrm_csv,
    write_bitrix_csv,
)

START = datetime(2026, 8, 3, 9, 0)
WEEKS = 8
MOSCOW = ZoneInfo("Europe/Moscow")
OPEN_STAGES = ("База", "ЛПР", "Потребность", "КП", "Дожим")
WON = {"amocrm": "Успешно реализовано", "bitrix24": "Сделка успешна"}
LOST = {"amocrm": "Закрыто и не реализовано", "bitrix24": "Сделка провалена"}
PEOPLE = ("Анна Белова", "Борис Чернов", "Вера Ясная")
PIPELINES = ("Продажи", "Сервис")


@dataclass(frozen=True)
class Event:
    """One thing that happened to a deal. what: stage, owner, amount, planned, deleted."""

    at: datetime
    what: str
    value: Any


@dataclass
class Story:
    """One deal and everything that happened to it; the first events are of its creation."""

    number: int
    pipeline: str
    created: datetime
    events: list[Event] = field(default_factory=list)

    def value(self, what: str, moment: datetime) -> Any:
        """What was true at ``moment``."""
        found = None
        for event in self.events:
            if event.at <= moment and event.what == what:
                found = event.value
        return found

    def last(self, moment: datetime, *what: str) -> datetime:
        """When one of ``what`` was last touched by ``moment``."""
        return max(e.at for e in self.events if e.at <= moment and (not what or e.what in what))

    def exists(self, moment: datetime) -> bool:
        """Whether the CRM held the deal."""
        return self.created <= moment and self.value("deleted", moment) is None


def simulate(seed: int, deals: int = 60, weeks: int = WEEKS) -> list[Story]:
    """Deals over ``weeks`` weeks; about half exist before the first one."""
    rng = Random(seed)
    end = START + timedelta(weeks=weeks)
    return [_story(rng, 100 + n, end) for n in range(deals)]


def _story(rng: Random, number: int, end: datetime) -> Story:
    created = _second(rng, START - timedelta(weeks=8), end)
    story = Story(number, rng.choice(PIPELINES), created)
    first = rng.choice((0, 0, 0, 0, 2))
    story.events += [
        Event(created, "stage", OPEN_STAGES[first]),
        Event(created, "owner", rng.choice(PEOPLE)),
        Event(created, "amount", rng.randrange(10, 900) * 1000),
        Event(created, "planned", (created + timedelta(days=30)).date()),
    ]
    at = created
    while (at := at + timedelta(seconds=rng.randrange(600, 12 * 86400))) < end:
        story.events.append(_event(rng, story, at))
        if story.events[-1].what == "deleted":
            break
    return story


def _event(rng: Random, story: Story, at: datetime) -> Event:
    stage = story.value("stage", at)
    odds = rng.random()
    if odds < 0.04:
        return Event(at, "deleted", True)
    if odds < 0.65:
        options = [s for s in OPEN_STAGES if s != stage]
        if stage not in ("won", "lost"):  # else it is reopened
            options += ["won", "lost"]
        return Event(at, "stage", rng.choice(options))
    if odds < 0.75:
        return Event(at, "owner", rng.choice([p for p in PEOPLE if p != story.value("owner", at)]))
    if odds < 0.85:
        return Event(at, "amount", rng.randrange(10, 900) * 1000)
    if odds < 0.93:
        pushed = story.value("planned", at) + timedelta(days=rng.randrange(1, 40))
        return Event(at, "planned", pushed)
    return Event(at, "note", "")


def _second(rng: Random, start: datetime, end: datetime) -> datetime:
    return start + timedelta(seconds=rng.randrange(int((end - start).total_seconds())))


def moments(weeks: int = WEEKS) -> list[datetime]:
    """Mondays at nine."""
    return [START + timedelta(weeks=w) for w in range(weeks + 1)]


def write_week(folder: Path, world: Iterable[Story], moment: datetime, crm: str) -> Path:
    """The export of ``crm`` (amocrm, bitrix24) as it looked at ``moment``."""
    rows = [_row(s, moment, crm) for s in world if s.exists(moment)]
    rows.sort(key=lambda row: -row["id"])
    if crm == "amocrm":
        return write_amocrm_csv(folder / amocrm_file_name(moment.date()), rows)
    utc = moment.replace(tzinfo=MOSCOW).astimezone(UTC)
    return write_bitrix_csv(folder / bitrix_file_name("DEAL", utc), rows)


def _row(story: Story, moment: datetime, crm: str) -> dict[str, Any]:
    stage = story.value("stage", moment)
    entered = story.last(moment, "stage")
    closed = stage in ("won", "lost")
    named = {"won": WON[crm], "lost": LOST[crm]}.get(stage, stage)
    row = {
        "id": story.number,
        "title": f"Сделка {story.number}",
        "owner": story.value("owner", moment),
        "created": story.created,
        "pipeline": story.pipeline,
        "stage": named,
    }
    amount, edited = story.value("amount", moment), story.last(moment)
    if crm == "amocrm":
        more = {"budget": amount, "edited": edited, "closed": entered if closed else None}
        return row | more
    return row | {
        "amount": f"{amount}.00",
        "currency": "Российский рубль",
        "modified": edited,
        "moved_at": entered,
        "closed": closed,
        "planned_close": entered.date() if closed else story.value("planned", moment),
    }
