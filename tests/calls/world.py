"""An invented company with its clients, deals, calls, tasks and cards, full of what goes wrong: the
truth as tables, for SQL to count and for ``exported.py`` to show to the program."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

NOW = int(pd.Timestamp("2026-11-16 11:30").timestamp())
DAY, HOUR, MINUTE = 86_400, 3_600, 60
PERIOD = "2026-10-19..2026-11-16"
"""Four weeks and a running Monday: what happened this morning is still within its time."""
PEOPLE = (
    ("Анна", "Север", "поиск"), ("Борис", "Север", "закрытие"), ("Вера", "Юг", "закрытие"),
    ("Глеб", "Юг", "поиск"), ("Дина", None, None), ("Егор", "Юг", "закрытие"),
)  # fmt: skip
"""Егор is in the config and nowhere else; «Чужой» is everywhere and not in the config."""
STRANGER = "Чужой"
STAGES = {
    "sales": (
        ("in", "incoming", 0), ("base", "open", 1), ("lpr", "open", 2), ("meeting", "open", 3),
        ("kp", "open", 4), ("closing", "open", 5), ("won", "won", 6), ("after", "after", 7),
        ("lost", "lost", -1), ("parked", "parked", -1),
    ),
    "partners": (
        ("hello", "open", 1), ("lpr", "open", 2), ("closing", "open", 3), ("won", "won", 4),
        ("lost", "lost", -1),
    ),
    "leads": (("new", "open", 1), ("work", "open", 2), ("deal", "converted", 3), ("junk", "lost", -1)),
}  # fmt: skip
SOURCES = ("Сайт", "Реклама", "Выставка", "Свой поиск", None)
TYPES = ("Встреча", "Звонок", "Письмо", "Сообщение WhatsApp", "Задача", "Звонок", "Meeting")
POSITIONS = (
    "Генеральный директор", "директор по развитию", "Замдиректора", "менеджер", "СОБСТВЕННИК",
    "owner", "Downer", "Владелец, учредитель", None,
)  # fmt: skip
EDGES = (0, 1, 59, 899, 900, 901, 1199, 1200, 1201, 4 * HOUR, DAY - 1, DAY, DAY + 1, 3 * DAY,
         7 * DAY, 14 * DAY - 1, 14 * DAY, 14 * DAY + 1)  # fmt: skip
"""Distances at which a rule changes its mind: 15 and 20 minutes, 24 hours, 3, 7 and 14 days."""


@dataclass
class World:
    """The truth. Moments are seconds; None is missing."""

    deals: list[dict[str, Any]] = field(default_factory=list)
    moves: list[dict[str, Any]] = field(default_factory=list)
    owners: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    companies: list[dict[str, Any]] = field(default_factory=list)


def generate(
    seed: int, clients: int = 60, calls: int = 900, tasks: int = 300, *, shared: bool = True
) -> World:
    """A world of so many clients; any part may be empty. shared: some have a number in common."""
    maker = _Maker(random.Random(seed), clients, shared)
    for client in maker.clients:
        maker.cards(client)
        for _ in range(maker.rng.choice([0, 1, 1, 2, 3, 5])):
            maker.deal(client)
    for _ in range(calls):
        maker.call()
    for _ in range(tasks):
        maker.task()
    maker.rng.shuffle(maker.world.deals)
    return maker.world


class _Maker:
    def __init__(self, rng: random.Random, clients: int, in_common: bool) -> None:
        self.rng, self.world = rng, World()
        pool = [9_000_000_000 + rng.randrange(10**9) for _ in range(2 * clients + 30)]
        own, shared, self.strangers = (
            pool[:clients],
            pool[clients : 2 * clients],
            pool[2 * clients :],
        )
        self.clients: list[dict[str, Any]] = []
        for i in range(clients):
            kind = rng.choice(["company", "company", "contact", "phone"])
            # the number of a bare phone is nobody else's; the others share some
            others = shared[: clients // 2 + 2] if in_common else shared[i : i + 1]
            more = [] if kind == "phone" else rng.sample(others, rng.randrange(len(others[:2]) + 1))
            name = {"company": f"ООО Клиент {i}", "contact": f"Клиент Иван {i}"}.get(kind)
            self.clients.append(
                {"client": i, "kind": kind, "name": name, "phones": [own[i], *more],
                 "hot": self.any_moment(60)}
            )  # fmt: skip
        self.ids = iter(rng.sample(range(1, 60 * clients + 100), 20 * clients + 60))

    def any_moment(self, days: float) -> int:
        """In the last so many days; more often in working hours and on borders of days."""
        rng = self.rng
        day = NOW // DAY - int(rng.random() ** 1.5 * days)
        second = rng.choice([
            rng.randrange(DAY), rng.randrange(9 * HOUR, 18 * HOUR), rng.randrange(9 * HOUR, 18 * HOUR),
            rng.choice([0, 9 * HOUR, 18 * HOUR, DAY - 1, 9 * HOUR - 1, 18 * HOUR - 600]),
        ])  # fmt: skip
        return int(day * DAY + second)

    def near(self, moment: int) -> int:
        """At one of the edges before or after ``moment``."""
        return moment + self.rng.choice(EDGES) * self.rng.choice([-1, 1])

    def who(self) -> str | None:
        """A manager of the config, a stranger or nobody."""
        return self.rng.choice([*[p[0] for p in PEOPLE[:5]] * 3, STRANGER, None])

    def cards(self, client: dict[str, Any]) -> None:
        """Cards of the client: entered long ago, at the call, after it, at an unknown moment."""
        rng = self.rng

        def entered() -> int | None:
            return rng.choice([self.any_moment(200), client["hot"], self.near(client["hot"]), None])

        def card(phones: list[int]) -> dict[str, Any]:
            return {"client": client["client"], "phones": phones, "created": entered(),
                    "owner": self.who(), "creator": rng.choice([self.who(), "Секретарь"])}  # fmt: skip

        own = client["phones"]
        if client["kind"] == "company":
            for _ in range(rng.choice([0, 1, 1, 2])):
                shown = rng.sample(own, rng.randrange(len(own) + 1))
                self.world.contacts.append({
                    **card(shown), "company": client["name"], "position": rng.choice(POSITIONS),
                    "name": f"Лицо {len(self.world.contacts)} {client['client']}",
                    "email": rng.choice([None, None, "a@b.ru", "нет"]),
                })  # fmt: skip
            if rng.random() < 0.7:
                self.world.companies.append({
                    **card(own[:1]), "name": client["name"],
                    "employees": rng.choice([None, "5", "50", "99", "100", "50-100", "свыше 250", "?"]),
                    "turnover": rng.choice([None, "1 241 000,00", "1,5 млн", "900000", "0"]),
                    "industry": rng.choice(["ИТ", "Стройка", None]),
                })  # fmt: skip
        elif client["kind"] == "contact" and rng.random() < 0.7:
            self.world.contacts.append({
                **card(own), "company": None, "position": rng.choice(POSITIONS),
                "name": client["name"], "email": rng.choice([None, "a@b.ru"]),
            })  # fmt: skip

    def deal(self, client: dict[str, Any]) -> None:
        """A deal of the client with its way, or a lead, perhaps with the deal it became."""
        rng = self.rng
        created = rng.choice([self.any_moment(120), self.any_moment(40), self.near(client["hot"])])
        created = min(created, NOW)
        if rng.random() < 0.2:
            return self.lead(client, created)
        self._deal(client, created, None)
        return None

    def lead(self, client: dict[str, Any], created: int) -> None:
        """A lead: new, at work, junk, or converted into a deal that is named, near, or nowhere."""
        rng = self.rng
        stage = rng.choice(["new", "work", "deal", "deal", "deal", "junk"])
        closed = (
            created + rng.choice([0, HOUR, DAY, 5 * DAY]) if stage in ("deal", "junk") else None
        )
        if closed is not None and closed > NOW:
            stage, closed = "work", None
        lead = {**self._row(client, created), "entity": "lead", "pipeline": "leads", "stage": stage,
                "closed": closed}  # fmt: skip
        self.world.deals.append(lead)
        if stage == "deal" and closed is not None:
            way = rng.choice(["id", "near", "none"])
            if way == "id":
                self._deal(client, closed + rng.choice([-60, 0, 5 * DAY]), lead["id"])
            elif way == "near":
                self._deal(client, closed + rng.choice([-DAY, DAY, 0, DAY + 1, -DAY - 1]), None)

    def _row(self, client: dict[str, Any], created: int) -> dict[str, Any]:
        rng = self.rng
        own = client["phones"]
        shown = own if client["kind"] != "company" or rng.random() < 0.7 else []
        key = {} if client["kind"] == "phone" else {client["kind"]: client["name"]}
        return {
            "deal": len(self.world.deals), "id": next(self.ids), "client": client["client"],
            "company": None, "contact": None, **key, "phones": shown, "created": created,
            "owner": self.who(), "source": rng.choice(SOURCES), "lead_id": None,
            "creator": rng.choice([None, None, "Секретарь", "Анна", "Вера"]),
            "amount": rng.choice([None, 0.0, 100.0, 5000.0]),
            "next_task": rng.choice([None, None, self.near(NOW), NOW]),
            "budget": rng.choice([None, "500", "n/a", "нет", ".", "123", "aaa", "около 70 тысяч"]),
            "dates": self._dates(created),
        }  # fmt: skip

    def _dates(self, created: int) -> list[int | None]:
        """Days of contract, invoice and payment; some missing, some before the one before."""
        day, out = created // DAY * DAY, []
        for _ in range(3):
            day += self.rng.choice([-DAY, 0, DAY, 5 * DAY, 40 * DAY])
            out.append(self.rng.choice([day, day, None]))
        return out

    def _deal(self, client: dict[str, Any], created: int, lead: int | None) -> None:
        rng, created = self.rng, min(created, NOW)
        row = {**self._row(client, created), "entity": "deal", "lead_id": lead}
        pipeline = rng.choice(["sales", "sales", "partners"])
        stage = STAGES[pipeline][0 if pipeline == "partners" or rng.random() < 0.15 else 1][0]
        self._way(row["deal"], pipeline, stage, created, rng)
        moves = [m for m in self.world.moves if m["deal"] == row["deal"]]
        last = moves[-1]
        kinds = {k: {s: kind for s, kind, _ in v} for k, v in STAGES.items()}
        ends = [kinds[m["pipeline"]][m["stage"]] for m in moves]
        closed = None
        if ends[-1] == "lost":
            closed = last["at"]
        elif ends[-1] in ("won", "after"):
            run = next(
                (i for i in range(len(ends) - 1, -1, -1) if ends[i] not in ("won", "after")), -1
            )
            closed = moves[run + 1]["at"]
        row |= {"pipeline": last["pipeline"], "stage": last["stage"], "closed": closed}
        self._owners(row, moves)
        self.world.deals.append(row)

    def _way(self, deal: int, pipeline: str, stage: str, at: int, rng: random.Random) -> None:
        moves = self.world.moves
        moves.append({"deal": deal, "at": at, "pipeline": pipeline, "stage": stage})
        for _ in range(9):
            at += rng.choice(
                [1, HOUR, DAY, 2 * DAY, 6 * DAY, 7 * DAY, 8 * DAY, rng.randrange(20 * DAY)]
            )
            place = next(i for i, s in enumerate(STAGES[pipeline]) if s[0] == stage)
            kind = STAGES[pipeline][place][1]
            opens = [s[0] for s in STAGES[pipeline] if s[1] == "open"]
            if kind == "open":
                onward = STAGES[pipeline][place + 1][0]
                choice = rng.choices(["on", "jump", "back", "lost", "park", "other", "stay"],
                                     [55, 8, 8, 12, 3, 4, 10])[0]  # fmt: skip
            else:
                onward = opens[0] if kind == "incoming" else rng.choice(opens)
                often = 80 if kind == "incoming" else 12
                choice = rng.choices(["on", "stay"], [often, 100 - often])[0]
                if kind == "won" and pipeline == "sales" and rng.random() < 0.15:
                    choice, onward = "on", "after"
            if choice == "stay" or at > NOW:
                return
            if choice == "other":
                pipeline = "partners" if pipeline == "sales" else "sales"
                onward = "lpr"
            elif choice == "jump":
                onward = "won" if rng.random() < 0.4 else opens[-1]
            elif choice == "back":
                onward = opens[0]
            elif choice in ("lost", "park"):
                onward = "lost" if choice == "lost" or pipeline == "partners" else "parked"
            if onward == stage and choice != "other":
                continue
            stage = onward
            moves.append({"deal": deal, "at": at, "pipeline": pipeline, "stage": stage})

    def _owners(self, row: dict[str, Any], moves: list[dict[str, Any]]) -> None:
        """Changes of owner: at any moment, on the day of a move, near another."""
        rng, owner, at = self.rng, row["owner"], row["created"]
        for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
            at = max(at + 1, rng.choice([at + rng.choice(EDGES), rng.choice(moves)["at"] + HOUR]))
            after = self.who()
            if at > NOW or after is None or after == owner or owner is None:
                continue
            self.world.owners.append(
                {"deal": row["deal"], "at": at, "before": owner, "after": after}
            )
            owner = after
        row["owner"] = owner

    def call(self) -> None:
        """A call: anew, on the heels of another, near something of the client's."""
        rng, calls = self.rng, self.world.calls
        kind = rng.choices(["client", "unknown", "hidden", "none", "inside"], [80, 8, 3, 3, 3])[0]
        client = rng.choice(self.clients) if self.clients else None
        if client is None and kind == "client":
            kind = "unknown"
        number, at = None, self.any_moment(50)
        if kind == "client":
            number = rng.choice(client["phones"])
            at = rng.choice([at, self.near(client["hot"]), client["hot"]])
            own = [d for d in self.world.deals if d["client"] == client["client"]]
            if own and rng.random() < 0.3:
                deal = rng.choice(own)
                at = self.near(rng.choice([deal["created"], deal["closed"] or deal["created"]]))
        elif kind == "unknown":
            number = rng.choice(self.strangers)
        if calls and rng.random() < 0.3:
            before = rng.choice(calls)
            number, kind = before["number"], before["kind"]
            at = before["at"] + rng.choice(
                [0, 0, 60, 1199, 1200, 1201, HOUR, 3 * HOUR, 17 * HOUR, DAY]
            )
        if rng.random() < 0.05:
            at = self.near(NOW)
        direction = rng.choices(["in", "out", "callback", "info"], [50, 42, 5, 3])[0]
        outcome = rng.choices(
            ["success", "missed", "declined", "cancelled", "busy", "failed", "unknown"],
            [50, 30, 4, 4, 4, 4, 4],
        )[0]  # fmt: skip
        talk = rng.choice([0, 5, 29, 30, 31, 300]) if outcome == "success" else 0
        named = kind != "inside" and rng.random() < 0.07 and self.world.deals
        calls.append({
            "n": len(calls), "at": at, "kind": kind, "number": number, "direction": direction,
            "outcome": outcome, "talk": talk, "employee": self.who(),
            "deal_id": rng.choice([rng.choice(self.world.deals)["id"], 999_999]) if named else None,
            "result": rng.choice([None, "договорились"]),
            "recording": rng.choice([None, f"https://rec.example/{len(calls)}"]),
        })  # fmt: skip

    def task(self) -> None:
        """A task of a deal, of a client by name, of nobody; due at a moment or on a day."""
        rng = self.rng
        deals = self.world.deals
        deal = rng.choice(deals) if deals and rng.random() < 0.7 else None
        named = [c for c in self.clients if c["name"]]
        client = rng.choice(named) if named and rng.random() < 0.6 else None
        due = rng.choice([self.any_moment(60), self.near(NOW), NOW + rng.randrange(20 * DAY)])
        due = due // DAY * DAY if rng.random() < 0.3 else due
        created = rng.choice([None, due - rng.randrange(20 * DAY), self.near(due)])
        done = rng.choice([0, 1, 1, None]) if due <= NOW else rng.choice([0, 0, 1])
        done_at = rng.choice([None, due, self.near(due), due + DAY - 1]) if done else None
        self.world.tasks.append({
            "deal_id": deal["id"] if deal else None, "entity": deal["entity"] if deal else "deal",
            "client": client["client"] if client else None,
            "client_name": client["name"] if client else None, "type": rng.choice(TYPES),
            "owner": self.who(), "creator": self.who(), "created": created, "due": due,
            "done": done, "done_at": done_at,
        })  # fmt: skip
