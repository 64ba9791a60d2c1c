"""What a world is made of: deals with every stage entry, leads and calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sample_data.people import Client, Person

SALES = ("base", "lpr", "needs", "proposal", "closing", "won")
SERVICE = ("request", "estimate", "contract", "won")
INBOUND = ("Веб-сайт", "Звонок")
RENAMED = datetime(2026, 10, 12)  # the day «Дожим» replaced «Согласование договора»


@dataclass
class Deal:
    """One deal as it really was. ``flags``: what is wrong with its row in the export."""

    pipeline: str
    client: Client
    owner: Person | None
    source: str
    amount: int | None
    title: str
    events: list[tuple[datetime, str]]
    loss_reason: str | None = None
    former_owner: Person | None = None
    currency: str = "RUB"
    tags: tuple[str, ...] = ()
    last_activity: datetime | None = None
    flags: set[str] = field(default_factory=set)
    story: str | None = None
    number: int = 0
    extra: int = 0

    @property
    def created(self) -> datetime:
        return self.events[0][0]

    @property
    def stage(self) -> str:
        """Stage at the export moment."""
        return self.events[-1][1]

    @property
    def open(self) -> bool:
        return self.stage not in ("won", "lost", "parked")

    def entered(self, stage: str) -> datetime | None:
        """First entry of the stage."""
        return next((at for at, s in self.events if s == stage), None)

    @property
    def shown_owner(self) -> Person | None:
        """The owner the export shows."""
        return None if "no_owner" in self.flags else self.owner

    @property
    def previous(self) -> str | None:
        """The stage before the present one."""
        return self.events[-2][1] if len(self.events) > 1 else None

    @property
    def amo_id(self) -> int:
        return 31_870_000 + self.number * 20 + self.extra

    @property
    def bitrix_id(self) -> int:
        return 1000 + self.number


@dataclass
class Lead:
    """A Bitrix24 lead; ``deal`` it became, or None for junk and those still in work."""

    client: Client
    owner: Person
    created: datetime
    moved: datetime
    stage: str
    source: str
    deal: Deal | None = None


@dataclass
class Call:
    """One call of the telephony. employee None: nobody answered."""

    at: datetime
    employee: Person | None
    phone: str
    direction: str
    status: str
    seconds: int
    deal: Deal | None = None


@dataclass
class World:
    """Everything that happened up to ``as_of``."""

    as_of: datetime
    deals: list[Deal]
    incoming: list[Deal]
    leads: list[Lead]
    calls: list[Call]
