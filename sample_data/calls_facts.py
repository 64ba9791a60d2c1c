"""The stories of ``calls/`` as figures, counted from the true history (``stories.json``)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sample_data.calls_people import (
    AS_OF,
    DARIA,
    DECIDERS,
    EMPLOYEES,
    GLEB,
    INNA,
    LEV,
    MONDAY,
    TEAM,
    VERA,
    ZAHAR,
    Seller,
)
from sample_data.calls_planted import LAST_WEEK
from sample_data.calls_records import Deal, Firm, World
from sample_data.calls_traffic import HIDDEN

from sample_data import calls_sample

TALK = 30  # calls.conversation_seconds
RIPE = timedelta(days=7)  # calls.stage_days
BIG = 500_000_000


def facts(world: World) -> dict[str, Any]:
    """Everything a test can hold against the report of ``calls/``."""
    names = ("deals", "leads", "contacts", "companies", "history", "activities", "calls")
    return {
        "as_of": AS_OF.isoformat(),
        "period": "2026-W46",
        "files": {
            name: f"{calls_sample.FOLDER}/{file}"
            for name, file in zip(names, calls_sample.FILES, strict=True)
        },
        "rows": {
            "deals": len(world.deals),
            "leads": len(world.leads),
            "contacts": len(world.firms),
            "companies": len(world.firms),
            "history": sum(len(d.events) for d in world.deals),
            "activities": len(world.activities),
            "calls": len(world.calls),
        },
        "stories": {
            "never_enters": _never_enters(world),
            "next_day": _next_day(world),
            "no_next_step": _no_next_step(world),
            "third_call": _third_call(world),
            "numbers": _numbers(world),
            "shared_client": _shared(world),
            "hand_overs": _hand_overs(world),
            "category_a": _category_a(world),
            "decision_makers": _deciders(world),
            "no_phone": _no_phone(world),
            "no_calls": _no_calls(world),
        },
    }


def _in_week(at: datetime | None) -> bool:
    return at is not None and MONDAY <= at.date() < MONDAY + timedelta(days=7)


def new_conversations(world: World, who: Seller) -> tuple[int, int]:
    """Conversations of the last week with clients nobody knew, and how many became no deal."""
    made: dict[str, datetime] = {}
    for deal in world.deals:
        made[deal.firm.phone] = min(deal.created, made.get(deal.firm.phone, deal.created))
    known = {f.phone: f.entered for f in world.firms if f.entered}
    known |= {x.firm.phone: min(x.created, known.get(x.firm.phone, AS_OF)) for x in world.leads}
    talks = lost = 0
    for call in world.calls:
        if call.who is not who or not _in_week(call.at) or call.status != "Отвечен":
            continue
        outside = call.phone.startswith("+7") and call.seconds >= TALK
        if not outside or known.get(call.phone, AS_OF) < call.at:
            continue
        talks += 1
        lost += call.phone not in made
    return talks, lost


def _never_enters(world: World) -> dict[str, Any]:
    found = {who.name: new_conversations(world, who) for who in TEAM}
    own = found.pop(GLEB.name)
    assert {n: found[n] for n in found if found[n] != (0, 0)} == {
        who.name: (talks, lost) for who, talks, lost in LAST_WEEK if who is not GLEB
    }
    return {
        "manager": GLEB.name,
        "conversations": own[0],
        "without_deal": own[1],
        "others": sum(n for n, _ in found.values()),
        "others_without_deal": sum(n for _, n in found.values()),
        "by_manager": {name: list(pair) for name, pair in found.items()},
        "strong": VERA.name,
    }


def _next_day(world: World) -> dict[str, Any]:
    missed = [c for c in world.calls if c.who is DARIA and c.direction == "входящий"
              and c.status == "Не отвечен" and _in_week(c.at)]  # fmt: skip
    later = []
    for call in missed:
        then = next(c for c in world.calls if c.phone == call.phone and c.at > call.at)
        assert then.direction == "исходящий"
        assert then.at.date() > call.at.date()
        later.append(then.at)
    return {
        "manager": DARIA.name,
        "missed": len(missed),
        "called_back_later": len(later),
        "calls": [c.at.isoformat() for c in missed],
        "called_back_at": [at.isoformat() for at in later],
    }


def _no_next_step(world: World) -> dict[str, Any]:
    meetings = [a for a in world.activities if a.kind == "meeting" and _in_week(a.due)]
    own = [a for a in meetings if a.who is ZAHAR]
    assert {id(a.deal) for a in own} == {
        id(d) for d in world.deals if d.story == "no_next_step"
    }  # fmt: skip
    held = [a for a in meetings if a.done and a.who is not ZAHAR]
    return {
        "manager": ZAHAR.name,
        "meetings": len(own),
        "with_next_step": sum(_followed(world, a.deal, a.due) for a in own),
        "deals": [a.deal.id for a in own],
        "others_held": len(held),
        "others_with_next_step": sum(_followed(world, a.deal, a.due) for a in held),
    }


def _followed(world: World, deal: Deal, at: datetime) -> bool:
    """A task of the deal is made after the meeting began."""
    return any(a.deal is deal and a.kind == "task" and a.created > at for a in world.activities)


def closing_days(world: World) -> dict[int, int]:
    """Deal -> days with a call while it stood in closing, of visits over or a week old."""
    by_phone: dict[str, list[datetime]] = {}
    for call in world.calls:
        by_phone.setdefault(call.phone, []).append(call.at)
    out = {}
    for deal in world.deals:
        visit = deal.visit("closing", AS_OF)
        if visit is None or (deal.stage == "closing" and AS_OF - visit[0] < RIPE):
            continue
        calls = by_phone.get(deal.firm.phone, [])
        out[deal.id] = len({at.date() for at in calls if visit[0] <= at < visit[1]})
    return out


def _third_call(world: World) -> dict[str, Any]:
    days = closing_days(world)
    owner = {d.id: d for d in world.deals}
    own = [i for i in days if owner[i].visit("closing", AS_OF) and owner[i].owner is INNA]
    others = [i for i in days if i not in own]
    assert max(days[i] for i in own) == 2
    return {
        "manager": INNA.name,
        "norm": 3,
        "deals": len(own),
        "below": sum(days[i] < 3 for i in own),
        "others": len(others),
        "others_below": sum(days[i] < 3 for i in others),
        "open": {str(i): days[i] for i in own if owner[i].stage == "closing"},
        "planted": [d.id for d in world.deals if d.story == "under_called"],
    }


def _numbers(world: World) -> dict[str, Any]:
    inside = {s.extension for s in TEAM}
    return {
        "hidden": sum(c.phone == HIDDEN for c in world.calls),
        "internal": sum(c.phone in inside for c in world.calls),
        "nobody": sum(c.who is None for c in world.calls),
        "hidden_last_week": sum(c.phone == HIDDEN and _in_week(c.at) for c in world.calls),
        "internal_last_week": sum(c.phone in inside and _in_week(c.at) for c in world.calls),
        "calls_last_week": sum(_in_week(c.at) for c in world.calls),
    }


def _shared(world: World) -> dict[str, Any]:
    found = [d for d in world.deals if d.story == "shared_client"]
    return {
        "company": found[0].firm.company,
        "managers": [d.owner.name for d in found],
        "deals": [d.id for d in found],
    }


def _hand_overs(world: World) -> dict[str, Any]:
    moved = []
    for deal in world.deals:
        for before, after in zip(deal.events, deal.events[1:], strict=False):
            if before[2] is not after[2]:
                moved.append((deal, before[2], after[2], after[0]))
    return {
        "from": LEV.name,
        "from_role": LEV.role,
        "to_role": "клоузер",
        "count": len(moved),
        "to": dict(sorted(Counter(m[2].name for m in moved).items())),
        "last_week": sum(_in_week(m[3]) for m in moved),
        "dropped": [d.id for d in world.deals if d.story == "dropped"],
    }


def category(firm: Firm) -> str:
    """As the rules of the config have it: A, B or none."""
    if firm.employees >= 2 and firm.turnover >= BIG:
        return "A"
    return "B" if firm.employees >= 1 else ""


def _category_a(world: World) -> dict[str, Any]:
    new = [f for f in world.firms if _in_week(f.entered) and category(f) == "A"]
    every = Counter(category(f) for f in world.firms)
    return {
        "employees": list(EMPLOYEES[2:]),
        "turnover": BIG,
        "companies": {"A": every["A"], "B": every["B"], "none": every[""]},
        "last_week": dict(sorted(Counter(f.creator.name for f in new if f.creator).items())),
    }


def _deciders(world: World) -> dict[str, Any]:
    new = [f for f in world.firms if _in_week(f.entered) and f.position in DECIDERS]
    named = [f for f in new if f.phone or f.email]
    return {
        "positions": list(DECIDERS),
        "last_week": dict(sorted(Counter(f.creator.name for f in named if f.creator).items())),
        "without_contacts_last_week": len(new) - len(named),
    }


def _no_phone(world: World) -> dict[str, Any]:
    bare = [f for f in world.firms if not f.phone]
    return {
        "manager": LEV.name,
        "contacts": [9000 + f.number for f in bare],
        "without_email_too": [9000 + f.number for f in bare if not f.email],
    }


def _no_calls(world: World) -> dict[str, Any]:
    found = [d for d in world.deals if d.story == "no_calls"]
    rung = {c.phone for c in world.calls}
    silent = [d for d in world.deals if d.pipeline == "sales" and d.firm.phone not in rung]
    assert {d.id for d in silent} == {d.id for d in found}
    return {
        "manager": found[0].owner.name,
        "deals": [d.id for d in found],
        "last_week": [d.id for d in found if _in_week(d.created)],
    }
