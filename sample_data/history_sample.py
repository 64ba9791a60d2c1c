"""The true history of the samples in the layouts in which users get hold of it.

The deals are those of ``amocrm/`` and ``bitrix24/``: the same IDs, names, stages and people. The
amoCRM files also hold events that are no part of the history (calls). The log is whole, the tables
hold the last ``TABLE_DAYS`` days, the JSON files ``JSON_DAYS``, as a date filter would leave them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sample_data.history_layouts import (
    write_amocrm_api,
    write_amocrm_events,
    write_bitrix_bi,
    write_bitrix_stagehistory,
    write_event_log,
)
from sample_data.people import AS_OF, EVERYBODY, Person
from sample_data.records import INBOUND, RENAMED, Deal, World
from sample_data.world import HANDED_OVER

from sample_data import amocrm_sample, bitrix24_sample

FOLDER = "history"
FILES = (
    "amocrm_events.csv", "amocrm_events.json", "crm_deal_stage_history.csv",
    "crm.stagehistory.list.json", "event_log.csv",
)  # fmt: skip
TABLE_DAYS = 270
JSON_DAYS = 180
CALL_DAYS = 30
_PIPELINE_IDS = {"sales": 11, "service": 12}
_STATUS_IDS = {
    "sales": {"incoming": 1100, "base": 1101, "lpr": 1102, "needs": 1103, "proposal": 1104,
              "closing": 1105, "parked": 1106, "unknown": 1190, "won": 142, "lost": 143},
    "service": {"incoming": 1200, "request": 1201, "estimate": 1202, "contract": 1203,
                "parked": 1204, "unknown": 1290, "won": 142, "lost": 143},
}  # fmt: skip
_STAGE_IDS = {
    "sales": {"base": "NEW", "lpr": "UC_LPR1", "needs": "UC_NEED", "proposal": "UC_PROP",
              "closing": "UC_CLOS", "parked": "UC_PARK", "unknown": "UC_2024", "won": "WON",
              "lost": "LOSE"},
    "service": {"request": "C1:NEW", "estimate": "C1:UC_ESTM",
                "contract": "C1:PREPAYMENT_INVOICE", "parked": "C1:UC_PARK",
                "unknown": "C1:UC_2024", "won": "C1:WON", "lost": "C1:LOSE"},
}  # fmt: skip
_CATEGORY_IDS = {"sales": 0, "service": 1}
_CREATED, _MOVED, _FINISHED = 1, 2, 3


def write(world: World, folder: Path) -> None:
    """All files of the folder."""
    names, ids = (amocrm_events(world, coded=coded) for coded in (False, True))
    write_amocrm_events(folder / FILES[0], _last(names, TABLE_DAYS))
    write_amocrm_api(folder / FILES[1], _last(ids, JSON_DAYS), _pipelines(), _users())
    steps = bitrix_steps(world)
    write_bitrix_bi(folder / FILES[2], _last(steps, TABLE_DAYS))
    late = _last(steps, JSON_DAYS)
    write_bitrix_stagehistory(folder / FILES[3], late, _statuses(), _categories())
    write_event_log(folder / FILES[4], log_steps(world))


def _last(rows: list[dict[str, Any]], days: int) -> list[dict[str, Any]]:
    since = AS_OF - timedelta(days=days)
    return [row for row in rows if row["at"] >= since]


def owner_at(deal: Deal, at: datetime) -> Person | None:
    """Whose the deal was."""
    if deal.former_owner is not None and at < HANDED_OVER:
        return deal.former_owner
    return deal.shown_owner


def stage_key(deal: Deal, n: int) -> str:
    """The stage of event ``n``; the last one of a few deals is in no config."""
    last = n == len(deal.events) - 1
    return "unknown" if last and "unknown_stage" in deal.flags else deal.events[n][1]


def amocrm_events(world: World, *, coded: bool) -> list[dict[str, Any]]:
    """Events of the account as they happened; coded: ids in place of names, as the API has them."""
    out = []
    for deal in sorted((*world.deals, *world.incoming), key=lambda d: d.amo_id):
        out += [e | _of(deal) for e in _amocrm_deal(deal, coded)]
    for call in world.calls:
        if call.deal and call.at >= AS_OF - timedelta(days=CALL_DAYS):
            kind = "outgoing_call" if call.direction.startswith("исх") else "incoming_call"
            out.append(_event(call.at, kind, call.employee) | _of(call.deal))
    out.sort(key=lambda e: e["at"])
    return [e | {"id": f"01k{number:08d}"} for number, e in enumerate(out, start=1)]


def _of(deal: Deal) -> dict[str, Any]:
    return {"deal": deal.amo_id, "title": deal.title}


def _event(
    at: datetime, kind: str, actor: Person | None, before: Any = None, after: Any = None
) -> dict[str, Any]:
    return {
        "at": at, "event": kind, "actor": actor.name if actor else None,
        "actor_id": actor.user_id if actor else 0, "before": before, "after": after,
    }  # fmt: skip


def _amocrm_deal(deal: Deal, coded: bool) -> Iterator[dict[str, Any]]:
    by_form = deal.source in INBOUND
    yield _event(deal.created, "lead_added", None if by_form else owner_at(deal, deal.created))
    for n in range(1, len(deal.events)):
        at, stage = deal.events[n]
        values = [_amocrm_stage(deal, i, coded) for i in (n - 1, n)]
        yield _event(at, "lead_status_changed", owner_at(deal, at), *values)
        if stage == "proposal" and deal.amount:
            rate = {"USD": 90, "EUR": 100}.get(deal.currency, 1)
            amount = deal.amount * rate
            yield _event(at, "sale_field_changed", owner_at(deal, at), 0, amount)
    if deal.former_owner is not None and deal.owner is not None and deal.created < HANDED_OVER:
        people = (deal.former_owner, deal.owner)
        values = [p.user_id if coded else p.name for p in people]
        yield _event(HANDED_OVER, "entity_responsible_changed", None, *values)


def _amocrm_stage(deal: Deal, n: int, coded: bool) -> tuple[Any, ...]:
    stage = stage_key(deal, n)
    if coded:
        return _PIPELINE_IDS[deal.pipeline], _STATUS_IDS[deal.pipeline][stage]
    reason = deal.loss_reason if stage == "lost" else None
    return amocrm_sample.PIPELINES[deal.pipeline], _amocrm_name(stage, deal.events[n][0]), reason


def _amocrm_name(stage: str, at: datetime) -> str:
    if stage == "unknown":
        return amocrm_sample.UNKNOWN_STAGE
    if stage == "closing" and at < RENAMED:
        return amocrm_sample.OLD_CLOSING
    return amocrm_sample.STAGES[stage]


def bitrix_steps(world: World) -> list[dict[str, Any]]:
    """Rows of the stage history in the order they were written."""
    steps = []
    for deal in world.deals:
        for n, (at, _) in enumerate(deal.events):
            steps.append(_bitrix_step(deal, n) | {"at": at})
    steps.sort(key=lambda s: (s["at"], s["deal"]))
    return [s | {"id": number} for number, s in enumerate(steps, start=1)]


def _bitrix_step(deal: Deal, n: int) -> dict[str, Any]:
    at, stage = deal.events[n][0], stage_key(deal, n)
    owner = owner_at(deal, at)
    final = stage in ("won", "lost")
    name = (
        amocrm_sample.UNKNOWN_STAGE if stage == "unknown" else bitrix24_sample.stage_name(stage, at)
    )
    return {
        "type": _CREATED if n == 0 else _FINISHED if final else _MOVED,
        "deal": deal.bitrix_id,
        "begin": deal.created.date(),
        "end": deal.created.date() + timedelta(days=75),
        "owner_id": owner.user_id if owner else None,
        "owner": f"{owner.last} {owner.first}" if owner else None,
        "department": owner.department if owner else "",
        "category_id": _CATEGORY_IDS[deal.pipeline],
        "category": amocrm_sample.PIPELINES[deal.pipeline],
        "semantics": {"won": "S", "lost": "F"}.get(stage, "P"),
        "stage_id": _STAGE_IDS[deal.pipeline][stage],
        "stage": name,
    }


def log_steps(world: World) -> list[dict[str, Any]]:
    """The log of the amoCRM deals: an activity per stage entered."""
    steps = [
        {
            "case": deal.amo_id,
            "activity": _amocrm_name(stage_key(deal, n), at),
            "at": at,
            "resource": owner.name if (owner := owner_at(deal, at)) else None,
        }
        for deal in world.deals
        for n, (at, _) in enumerate(deal.events)
    ]
    return sorted(steps, key=lambda s: (s["at"], s["case"]))


def _pipelines() -> list[dict[str, Any]]:
    names = amocrm_sample.STAGES | {"unknown": amocrm_sample.UNKNOWN_STAGE}
    return [
        {
            "id": _PIPELINE_IDS[key],
            "name": amocrm_sample.PIPELINES[key],
            "is_main": key == "sales",
            "_embedded": {
                "statuses": [{"id": i, "name": names[s]} for s, i in stages.items()]
            },
        }
        for key, stages in _STATUS_IDS.items()
    ]  # fmt: skip


def _users() -> list[dict[str, Any]]:
    return [
        {"id": p.user_id, "name": p.name, "email": f"user{p.user_id}@example.test"}
        for p in EVERYBODY
    ]


def _statuses() -> list[dict[str, Any]]:
    names = bitrix24_sample.STAGES | {"unknown": amocrm_sample.UNKNOWN_STAGE}
    return [
        {
            "ENTITY_ID": "DEAL_STAGE" if key == "sales" else "DEAL_STAGE_1",
            "STATUS_ID": code,
            "NAME": names[stage],
            "SORT": str(10 * (place + 1)),
            "SEMANTICS": {"won": "S", "lost": "F"}.get(stage),
        }
        for key, stages in _STAGE_IDS.items()
        for place, (stage, code) in enumerate(stages.items())
    ]


def _categories() -> list[dict[str, Any]]:
    return [
        {"id": i, "name": amocrm_sample.PIPELINES[key], "entityTypeId": 2, "isDefault": "N"}
        for key, i in _CATEGORY_IDS.items()
    ]
