"""What the calls sample is made of: deals, leads, calls, activities, companies and contacts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sample_data.calls_people import Seller

STAGES = {
    "qualify": "Квалификация", "needs": "Потребность", "meeting": "Встреча",
    "proposal": "КП отправлено", "closing": "Договор и счёт", "won": "Сделка успешна",
    "lost": "Сделка провалена",
}  # fmt: skip
PATH = ("qualify", "needs", "meeting", "proposal", "closing", "won")
SERVICE = {
    "delivery": "Запуск у клиента", "opinion": "Отзыв клиента", "new_needs": "Новые потребности",
    "won": "Сделка успешна", "lost": "Сделка провалена",
}  # fmt: skip
PIPELINES = {"sales": "Продажи", "service": "После продажи"}
FACTS = ("Цена подходит", "Полномочия", "Решение до", "Договор подписан", "Счёт выставлен",
         "Оплата получена")  # fmt: skip


@dataclass
class Firm:
    """A company of the base with its contact. employees: place in ``EMPLOYEES``; turnover: roubles
    a year. phone, email: of the contact, "" where nobody wrote it down."""

    company: str
    contact: str
    position: str
    city: str
    phone: str
    email: str
    employees: int
    turnover: int
    years: int
    number: int = 0
    owner: Seller | None = None
    creator: Seller | None = None
    entered: datetime | None = None


@dataclass
class Deal:
    """One deal: every stage entry with the owner at that moment."""

    firm: Firm
    source: str
    events: list[tuple[datetime, str, Seller]]
    amount: int = 0
    pipeline: str = "sales"
    by_form: bool = False
    loss_reason: str = ""
    story: str = ""
    meeting_at: datetime | None = None
    facts: dict[str, str] = field(default_factory=dict)
    number: int = 0

    @property
    def created(self) -> datetime:
        return self.events[0][0]

    @property
    def owner(self) -> Seller:
        return self.events[-1][2]

    @property
    def creator(self) -> Seller:
        return self.events[0][2]

    @property
    def stage(self) -> str:
        return self.events[-1][1]

    @property
    def open(self) -> bool:
        return self.stage not in ("won", "lost")

    @property
    def id(self) -> int:
        return 4000 + self.number

    def visit(self, stage: str, until: datetime) -> tuple[datetime, datetime] | None:
        """When the deal came to the stage and left it, at the latest ``until``."""
        for n, (at, name, _) in enumerate(self.events):
            if name == stage:
                later = self.events[n + 1][0] if n + 1 < len(self.events) else until
                return at, later
        return None


@dataclass
class Lead:
    """A request from the site; ``stage`` as the CRM names it; rung: when somebody called back."""

    firm: Firm
    owner: Seller
    created: datetime
    rung: datetime
    moved: datetime
    stage: str


@dataclass
class Call:
    """A call as the provider has it. who None: nobody's extension rang."""

    at: datetime
    who: Seller | None
    phone: str
    direction: str
    seconds: int
    status: str = "Отвечен"
    result: str = ""


@dataclass
class Activity:
    """An activity of a deal. kind: meeting, task, call, email. due: deadline, or the beginning of
    a meeting; done: when it was done, None while it was not."""

    deal: Deal
    kind: str
    subject: str
    who: Seller
    created: datetime
    due: datetime
    done: datetime | None = None


@dataclass
class World:
    """Everything up to ``AS_OF``."""

    firms: list[Firm]
    deals: list[Deal]
    leads: list[Lead]
    calls: list[Call]
    activities: list[Activity]
    first_day: date
