"""Invented people and companies of the samples, and the calendar they work by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

AS_OF = datetime(2026, 11, 16, 8, 30)  # Monday; last week is 2026-W46, 9-15 November
START = date(2025, 5, 19)  # 78 weeks before
NORTH, SOUTH = "Отдел продаж Север", "Отдел продаж Юг"

# Days off in the working week, as moved by the production calendar; kept here so that the files
# do not depend on the version of a library.
DAYS_OFF = frozenset(
    date(year, month, day)
    for year, month, days in (
        (2025, 6, (12, 13)), (2025, 11, (3, 4)), (2025, 12, (31,)),
        (2026, 1, (1, 2, 5, 6, 7, 8, 9)), (2026, 2, (23,)), (2026, 3, (9,)), (2026, 5, (1, 11)),
        (2026, 6, (12,)), (2026, 11, (4,)),
    )
    for day in days
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A manager and how he sells.

    lpr: decision-makers a week, drawn from these, before and from March 2026; steps: chances from
    decision-maker to needs, needs to proposal, proposal to closing, closing to won.
    """

    first: str
    last: str
    department: str
    user_id: int
    early: tuple[int, ...]
    late: tuple[int, ...]
    steps: tuple[float, float, float, float]
    start: date = START
    end: date = date(2099, 1, 1)
    absences: tuple[tuple[date, date], ...] = ()

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    def works(self, day: date) -> bool:
        """Whether he is at work that day."""
        if day.weekday() > 4 or day in DAYS_OFF or not self.start <= day <= self.end:
            return False
        return not any(first <= day <= last for first, last in self.absences)


USUAL = (0.72, 0.72, 0.64, 0.58)
ALINA = Person("Алина", "Дроздова", NORTH, 11, (0, 1), (1, 1, 2, 2), (0.76, 0.74, 0.66, 0.58))
KIRILL = Person("Кирилл", "Басманов", NORTH, 12, (1, 2), (4, 4, 5), (0.86, 0.86, 0.76, 0.04))
MARINA = Person(
    "Марина", "Чернышёва", NORTH, 13, (0, 1), (1, 1, 2, 2), USUAL,
    absences=((date(2026, 7, 13), date(2026, 7, 26)),),
)  # fmt: skip
TIMUR = Person("Тимур", "Галеев", NORTH, 14, (0, 0, 1), (1, 1, 2, 2), USUAL)
OLGA = Person("Ольга", "Вересова", SOUTH, 15, (0, 1), (1, 1, 2, 2), USUAL)
PAVEL = Person(
    "Павел", "Стрешнев", SOUTH, 16, (0, 1), (1, 1, 2, 2), USUAL,
    absences=(
        (date(2026, 8, 3), date(2026, 8, 16)),
        (date(2026, 11, 11), date(2026, 11, 17)),
    ),
)  # fmt: skip
ZOYA = Person("Зоя", "Лапина", SOUTH, 17, (0,), (1,), USUAL, start=date(2026, 10, 5))
SEMYON = Person("Семён", "Ракитин", SOUTH, 18, (0, 0, 1), (1, 1, 2, 2), USUAL)
IGOR = Person(
    "Игорь", "Завьялов", SOUTH, 9, (0, 1, 1), (1, 2), USUAL, end=date(2026, 6, 30)
)  # dismissed
TEAM = (ALINA, KIRILL, MARINA, TIMUR, OLGA, PAVEL, ZOYA, SEMYON)
EVERYBODY = (*TEAM, IGOR)


@dataclass(frozen=True)
class Client:
    """A company with its contact."""

    company: str
    contact: str
    position: str
    city: str
    phone: str
    email: str
    category: str


_HEADS = (
    "Альта", "Бор", "Вега", "Гранит", "Дельта", "Ермак", "Заря", "Ижора", "Каскад", "Ладога",
    "Меридиан", "Норд", "Онега", "Полюс", "Рубин", "Сокол", "Терем", "Урал", "Фрегат", "Яхонт",
)  # fmt: skip
_TAILS = (
    "строй", "маш", "торг", "пром", "снаб", "тех", "сервис", "агро", "мед", "лайн", "групп",
    "логистик",
)  # fmt: skip
_FORMS = ("ООО", "ООО", "АО")
_FIRST = ("Анна", "Виктор", "Денис", "Елена", "Илья", "Ксения", "Лев", "Нина", "Олег", "Роман")
_FEMALE = {"Анна", "Елена", "Ксения", "Нина"}
_LAST = ("Абросимов", "Бортников", "Вяземцев", "Гурьянов", "Дёмин", "Ежов", "Жаров", "Зимин",
         "Кольцов", "Лунин", "Мальцев", "Нечаев", "Осокин", "Прудников", "Рябинин", "Сухов",
         "Тихонов", "Ушаков", "Фомин", "Хлебников")  # fmt: skip
_POSITIONS = ("Директор", "Коммерческий директор", "Начальник снабжения", "Главный инженер")
_CITIES = ("Москва", "Тверь", "Казань", "Пермь", "Воронеж", "Самара", "Омск", "Тула")


def clients(rng: Random, count: int) -> list[Client]:
    """Invented companies; numbers of the exchange 000, which no subscriber has."""
    found: dict[str, Client] = {}
    while len(found) < count:
        n = len(found)
        form, head, tail = rng.choice(_FORMS), rng.choice(_HEADS), rng.choice(_TAILS)
        city = rng.choice(_CITIES)
        company = f"{form} «{head}{tail}-{city}»"
        if company in found:
            continue
        first, last = rng.choice(_FIRST), rng.choice(_LAST)
        found[company] = Client(
            company=company,
            contact=f"{first} {last}{'а' if first in _FEMALE else ''}",
            position=rng.choice(_POSITIONS),
            city=city,
            phone=f"+7{'495' if n % 2 else '812'}000{n:04d}",
            email=f"client{n:04d}@example.com",
            category=rng.choice("AAABBBBCCC"),
        )
    return list(found.values())


def moment(rng: Random, day: date) -> datetime:
    """A moment of the working hours of that day."""
    seconds = rng.randrange(9 * 3600 + 300, 17 * 3600 + 3300)
    return datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)


def later(rng: Random, person: Person, at: datetime, low: int, high: int) -> datetime:
    """A working moment ``low``..``high`` days after ``at``, moved to the person's next working day.

    After his last day at work the days are those of anybody: somebody else has taken over.
    """
    day = at.date() + timedelta(days=rng.randint(low, high))
    while not (person.works(day) if day <= person.end else ALINA.works(day)):
        day += timedelta(days=1)
    found = moment(rng, day)
    return found if found > at else at + timedelta(minutes=rng.randint(5, 45))


def earlier(rng: Random, person: Person, at: datetime, low: int, high: int) -> datetime:
    """A working moment ``low``..``high`` days before ``at``, not before the person's first day."""
    day = at.date() - timedelta(days=rng.randint(low, high))
    while day > person.start and not person.works(day):
        day -= timedelta(days=1)
    day = max(day, person.start)
    found = moment(rng, day)
    return found if found < at else at - timedelta(minutes=rng.randint(10, 90))
