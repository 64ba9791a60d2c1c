"""Writers of the layouts in which stage history comes, byte for byte, from plain dict rows.

An amoCRM event: ``id, at, event`` (code of the API), ``deal, title, actor`` (name, None a robot),
``actor_id, before, after``. before, after: for a stage ``(pipeline, stage)`` or ``(pipeline, stage,
loss reason)`` in the table, ``(pipeline id, status id)`` in JSON; a name, a user id or an amount
else; None: nothing. A step of Bitrix24: ``id, type, deal, at, owner_id, owner, category_id,
category, semantics, stage_id, stage``. A step of a log: ``case, activity, at, resource``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
MOSCOW = timezone(timedelta(hours=3))
EVENT_NAMES = {
    "lead_added": "Новая сделка",
    "lead_status_changed": "Изменение этапа продажи",
    "entity_responsible_changed": "Ответственный изменен",
    "sale_field_changed": "Изменение поля “Бюджет”",
    "lead_deleted": "Сделка удалена",
    "lead_restored": "Сделка восстановлена",
    "outgoing_call": "Исходящий звонок",
    "incoming_call": "Входящий звонок",
    "contact_added": "Новый контакт",
}
EVENT_COLUMNS = (
    "Дата", "Автор", "Объект", "Название", "Событие", "Значение до", "Значение после", "Ссылка",
)  # fmt: skip
BI_COLUMNS = (
    "ID", "TYPE_ID", "DEAL_ID", "DATE_CREATE", "START_DATE", "END_DATE", "ASSIGNED_BY_ID",
    "ASSIGNED_BY_NAME", "ASSIGNED_BY", "ASSIGNED_BY_DEPARTMENT", "CATEGORY_ID", "CATEGORY_NAME",
    "CATEGORY", "STAGE_SEMANTIC_ID", "STAGE_SEMANTIC", "STAGE_ID", "STAGE_NAME", "STAGE",
)  # fmt: skip
LOG_COLUMNS = ("case:concept:name", "concept:name", "time:timestamp", "org:resource")
_SEMANTICS = {"P": "В работе", "S": "Успех", "F": "Провал"}
_HOST = "https://romashka.amocrm.ru"


def write_amocrm_events(
    path: Path, events: Iterable[Row], columns: Sequence[str] = EVENT_COLUMNS
) -> Path:
    """The list of events as a script saves it: newest first, to the minute, stage as
    ``Воронка / Этап``."""
    lines = [_event_cells(e) for e in sorted(events, key=_newest_first)]
    return _csv(path, columns, ([line[c] for c in columns] for line in lines))


def _newest_first(event: Row) -> tuple[float, str]:
    return -event["at"].timestamp(), str(event["id"])


def _event_cells(event: Row) -> dict[str, str]:
    of_deal = event["event"] != "contact_added"
    place = "leads" if of_deal else "contacts"
    return {
        "Дата": f"{event['at']:%d.%m.%Y %H:%M}",
        "Автор": event["actor"] or "Робот",
        "Объект": "Сделка" if of_deal else "Контакт",
        "Название": event["title"],
        "Событие": EVENT_NAMES[event["event"]],
        "Значение до": _shown(event["before"]),
        "Значение после": _shown(event["after"]),
        "Ссылка": f"{_HOST}/{place}/detail/{event['deal']}",
        "ID объекта": str(event["deal"]),
        "Тип события": event["event"],
    }


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        reason = f" ({value[2]})" if len(value) > 2 and value[2] else ""
        return f"{value[0]} / {value[1]}{reason}"
    return "" if value is None else str(value)


def write_amocrm_api(
    path: Path, events: Iterable[Row], pipelines: Sequence[Row], users: Sequence[Row]
) -> Path:
    """Answers of API v4 in one file: events, and pipelines and users for the names."""
    saved = [
        {
            "id": event["id"],
            "type": event["event"],
            "entity_id": event["deal"],
            "entity_type": "contact" if event["event"] == "contact_added" else "lead",
            "created_by": event["actor_id"],
            "created_at": int(event["at"].replace(tzinfo=MOSCOW).timestamp()),
            "value_after": _api_value(event["event"], event["after"]),
            "value_before": _api_value(event["event"], event["before"]),
        }
        for event in sorted(events, key=_newest_first)
    ]
    return _json(path, {"events": saved, "pipelines": pipelines, "users": users})


def _api_value(kind: str, value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    if kind == "lead_status_changed":
        return [{"lead_status": {"id": value[1], "pipeline_id": value[0]}}]
    if kind == "entity_responsible_changed":
        return [{"responsible_user": {"id": value}}]
    return [{"sale_field_value": {"sale": value}}]


def write_bitrix_bi(path: Path, steps: Iterable[Row], delimiter: str = ",") -> Path:
    """The BI data set crm_deal_stage_history as a BI tool saves it."""
    lines = []
    for s in steps:
        owner = (s["owner_id"], s["owner"], f"[{s['owner_id']}] {s['owner']}")
        if s["owner_id"] is None:
            owner = ("", "", "")
        lines.append((
            s["id"], s["type"], s["deal"], f"{s['at']:%Y-%m-%d %H:%M:%S}",
            f"{s['begin']:%Y-%m-%d}", f"{s['end']:%Y-%m-%d}", *owner, s["department"],
            s["category_id"], s["category"], f"[{s['category_id']}] {s['category']}",
            s["semantics"], _SEMANTICS[s["semantics"]], s["stage_id"], s["stage"],
            f"[{s['stage_id']}] {s['stage']}",
        ))  # fmt: skip
    return _csv(path, BI_COLUMNS, lines, delimiter)


def write_bitrix_stagehistory(
    path: Path, steps: Iterable[Row], statuses: Sequence[Row], categories: Sequence[Row]
) -> Path:
    """Answers of REST in one file: crm.stagehistory.list with the names of stages and pipelines."""
    items = [
        {
            "ID": str(s["id"]),
            "TYPE_ID": str(s["type"]),
            "OWNER_ID": str(s["deal"]),
            "CREATED_TIME": s["at"].replace(tzinfo=MOSCOW).isoformat(),
            "CATEGORY_ID": str(s["category_id"]),
            "STAGE_SEMANTIC_ID": s["semantics"],
            "STAGE_ID": s["stage_id"],
        }
        for s in steps
    ]
    answers = {
        "crm.stagehistory.list": {"result": {"items": items}, "total": len(items)},
        "crm.status.list": {"result": statuses, "total": len(statuses)},
        "crm.category.list": {"result": {"categories": categories}},
    }
    return _json(path, answers)


def write_event_log(path: Path, steps: Iterable[Row]) -> Path:
    """A log of process mining as CSV."""
    lines = (
        (s["case"], s["activity"], s["at"].replace(tzinfo=MOSCOW).isoformat(sep=" "),
         s["resource"] or "")
        for s in steps
    )  # fmt: skip
    return _csv(path, LOG_COLUMNS, lines)


def _csv(
    path: Path, header: Sequence[str], lines: Iterable[Sequence[Any]], delimiter: str = ","
) -> Path:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    path.write_bytes(out.getvalue().encode("utf-8"))
    return path


def _json(path: Path, answers: Any) -> Path:
    text = json.dumps(answers, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(text.encode("utf-8"))
    return path


def log_moment(text: str) -> datetime:
    """A moment of a log as a naive local one."""
    return datetime.fromisoformat(text).astimezone(MOSCOW).replace(tzinfo=None)
