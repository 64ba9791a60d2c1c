"""People, places and words of the calls sample: another invented firm, with a telephony of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sample_data.people import DAYS_OFF

AS_OF = datetime(2026, 11, 16, 8, 30)  # Monday; last week is 2026-W46, 9-15 November
START = date(2026, 7, 6)  # 19 weeks before
MONDAY = date(2026, 11, 9)
SALES, INBOX = "Отдел продаж", "Отдел входящих"


@dataclass(frozen=True)
class Seller:
    """A manager: who he is, and how he works.

    enters: share of his conversations with new clients that become a deal. week: new conversations
    of a usual week. steps: chances from stage to stage (``calls_records.STAGES``). next_step,
    keeps: shares of meetings with a next step and of tasks done in time.
    """

    first: str
    last: str
    department: str
    role: str
    user_id: int
    extension: str
    enters: float = 0.88
    week: int = 3
    steps: tuple[float, ...] = (0.78, 0.76, 0.82, 0.74, 0.60)
    next_step: float = 0.9
    keeps: float = 0.88

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def written(self) -> str:
        """As the telephony has him: «Фамилия Имя»; the newest one by his extension only."""
        return self.extension if self is LEV else f"{self.last} {self.first}"


VERA = Seller("Вера", "Тополева", INBOX, "менеджер", 21, "101", enters=0.8, week=5)
GLEB = Seller("Глеб", "Санников", INBOX, "менеджер", 22, "102", enters=0.2, week=3)
DARIA = Seller("Дарья", "Южина", INBOX, "менеджер", 23, "103")
ZAHAR = Seller("Захар", "Ильин", SALES, "менеджер", 24, "104", week=2, next_step=0.5, keeps=0.6)
INNA = Seller("Инна", "Клёнова", SALES, "менеджер", 25, "105", steps=(0.8, 0.8, 0.86, 0.8, 0.24))
LEV = Seller("Лев", "Рощин", SALES, "лидоруб", 26, "108")
NINA = Seller("Нина", "Щеглова", SALES, "клоузер", 27, "106", week=0)
ARTEM = Seller("Артём", "Гущин", SALES, "клоузер", 28, "107", week=0)
TEAM = (VERA, GLEB, DARIA, ZAHAR, INNA, LEV, NINA, ARTEM)
CLOSERS = (NINA, ARTEM)

OWN_SEARCH = ("Холодный звонок", "По рекомендации")
MARKETING = ("Звонок", "Реклама", "Выставка", "Веб-сайт")
RESULTS = (
    "Договорились о встрече", "Ждёт КП", "Просит перезвонить завтра", "Обсудили условия",
    "Уточнили потребность", "Согласуют внутри", "Отправить прайс", "Вернуться после совещания",
)  # fmt: skip
COLD = ("Не заинтересован", "Секретарь не соединил", "Просит письмо", "Перезвонить через месяц")
LOSSES = ("Дорого", "Ушли к конкуренту", "Неактуально", "Не выходит на связь", "Нет бюджета")
POSITIONS = (
    "Генеральный директор", "Директор", "Коммерческий директор", "Начальник снабжения",
    "Менеджер по закупкам", "Секретарь", "Главный инженер",
)  # fmt: skip
DECIDERS = POSITIONS[:3]
EMPLOYEES = ("менее 50", "50-250", "250-500", "более 500")


def workday(day: date) -> bool:
    """Whether the firm works that day."""
    return day.weekday() < 5 and day not in DAYS_OFF


def workdays(first: date, last: date) -> list[date]:
    """Working days from ``first`` to ``last``, both included."""
    span = range((last - first).days + 1)
    return [d for n in span if workday(d := first + timedelta(days=n))]


def moment(rng: Random, day: date, low: int = 9, high: int = 18) -> datetime:
    """A moment of that day between the hours, with seconds."""
    seconds = rng.randrange(low * 3600 + 240, high * 3600 - 240)
    return datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)


def after(rng: Random, at: datetime, low: int, high: int) -> datetime:
    """A working moment ``low``..``high`` days after ``at``, on the next working day."""
    day = at.date() + timedelta(days=rng.randint(low, high))
    while not workday(day):
        day += timedelta(days=1)
    found = moment(rng, day)
    return found if found > at else at + timedelta(minutes=rng.randint(10, 40))
