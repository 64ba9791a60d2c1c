"""One table of tasks or activities in canonical columns: whose, of what kind, due and done when."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.captions import text_key
from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.flags import parse_flag
from funnelkpi.adapters.cells.texts import Coded, flat, text_array
from funnelkpi.adapters.interface import Export
from funnelkpi.adapters.layouts.amocrm_lists import TASK_TYPES
from funnelkpi.adapters.layouts.bitrix24_lists import ACTIVITY_TYPES, PROVIDERS
from funnelkpi.adapters.lookup import Lookups, split_bracketed
from funnelkpi.adapters.named import coded, filled, number, person, text
from funnelkpi.adapters.part import Part, flags, same_value
from funnelkpi.config.schema import Settings
from funnelkpi.model.finding import Severity
from funnelkpi.model.tables import TASKS

Bools = npt.NDArray[np.bool_]
CLIENT_ID, DEAL_TITLE = "_client_id", "_deal_title"
"""Columns beside the canonical ones until the tables are put together: ``contact 55`` or
``company 7``, and the name of the deal where no ID is given."""
DATES = ("created_at", "due_at", "starts_at", "ends_at", "done_at", "modified_at")
_NAT = np.datetime64("NaT", "s")
_NEVER = ("9999-12-3", "31.12.9999")
"""What Bitrix24 writes for "no deadline"."""
_LINK = r"/leads/detail/(?P<deal>\d+)|/crm/deal/details/(?P<other>\d+)"
_ENTITIES = {
    "amocrm": {"leads": "deal", "lead": "deal", "contacts": "contact", "contact": "contact",
               "companies": "company", "company": "company"},
    "bitrix24": {"1": "lead", "2": "deal", "3": "contact", "4": "company", "lead": "lead",
                 "deal": "deal", "contact": "contact", "company": "company", "лид": "lead",
                 "сделка": "deal", "контакт": "contact", "компания": "company"},
}  # fmt: skip
_GENERIC = {**_ENTITIES["amocrm"], **_ENTITIES["bitrix24"]}
_STATUSES = {"1": 0, "2": 1, "3": 1}
"""Waiting, completed, completed by the program."""
_DONE = re.compile(r"^(не выполнен|не заверш|не сделан|open|needs-action|in-process|ожида)|"
                   r"(выполнен|заверш|сделан|completed|done|closed|finished)")  # fmt: skip

_LONGEST_KIND = 40


def read_tasks(export: Export, settings: Settings, lookups: Lookups) -> Part:
    """Read and convert a table of tasks; rows that say neither when nor what are rejected.

    The moment a task was done is the one the source states, else (API dumps) its last edit if it is
    done: the latest possible one. A meeting is due when it begins, any other when its deadline is.
    """
    positions = [p for several in export.mapping.values() for p in several]
    cells = Cells(export, positions, settings.time_zone)
    _forget_never(cells)
    moments = _moments(cells)
    kind = _type(cells)
    done, known = _done(cells, moments)
    deal, entity, client = _whose(cells)
    cancelled = _cancelled(cells)
    frame = pd.DataFrame(
        {
            "task_id": text_array(number(cells, "task_id")),
            "deal_id": text_array(deal),
            "client": coded(cells, "client").categorical(),
            "title": text_array(text(cells, "title")),
            "type": kind.categorical(),
            "owner": person(cells, lookups, "owner").categorical(),
            "creator": person(cells, lookups, "creator", needed=False).categorical(),
            "created_at": moments["created_at"],
            "due_at": _due(moments, kind),
            "done_at": known,
            "done": flags(done),
            "result": coded(cells, "result").renamed(_result).categorical(),
            "entity": entity.categorical(),
            "crm": same_value(export.crm, cells.n),
            CLIENT_ID: text_array(client),
            DEAL_TITLE: coded(cells, "deal_title").renamed(_bare_title).categorical(),
            "_file": same_value(export.source.name, cells.n),
            "_row": cells.row_numbers,
        },
        copy=False,
    )
    cells.forget()
    blank = frame["title"].isna().to_numpy()
    for name in ("created_at", "due_at", "done_at"):
        blank = blank & np.isnat(frame[name].to_numpy())
    if blank.any():
        cells.report("findings_records.task_without_date", blank)
    rejected = cells.rejected + int(blank.sum())
    excluded = _no_tasks(cells, blank, moments, cancelled)
    part = Part(
        export, frame, cells.rows, rejected=rejected,
        excluded=tuple((code, int(rows.sum())) for code, rows in excluded),
        findings=tuple(cells.findings),
    )  # fmt: skip
    return part.keep(~np.logical_or.reduce([blank, *(rows for _, rows in excluded)]))


def _cancelled(cells: Cells) -> Bools:
    """Events of a calendar that will not take place."""
    if cells.export.layout != "ics":
        return np.zeros(cells.n, bool)
    status = coded(cells, "status")
    table = np.array([text_key(t) in ("cancelled", "canceled") for t in status.texts()], bool)
    return status.per_row(table, False)


def _no_tasks(
    cells: Cells, blank: Bools, moments: dict[str, Any], cancelled: Bools
) -> list[tuple[str, Bools]]:
    """Events of a calendar that are cancelled, or have no date at all, with a finding each."""
    if cells.export.layout != "ics":
        return []
    dates = [np.isnat(moments[name]) for name in DATES if name != "modified_at"]
    undated = np.logical_and.reduce(dates) & ~blank & ~cancelled
    found = []
    if (gone := cancelled & ~blank).any():
        cells.report("findings_records.task_cancelled", gone, severity=Severity.NOTE)
        found.append(("findings_records.task_cancelled", gone))
    if undated.any():
        cells.report("findings_records.event_without_date", undated)
        found.append(("findings_records.event_without_date", undated))
    return found


def available_of_tasks(export: Export) -> frozenset[str]:
    """The canonical columns of tasks this export can fill."""
    have = set(export.mapping)
    out = have & {c.name for c in TASKS}
    out |= {to for raw, to in _SERVES.items() if raw in have}
    if export.layout == "ics":
        out.add("type")
    if "modified_at" in have and "status" in have and export.layout.endswith(("-api", "-bi")):
        out.add("done_at")
    return frozenset(out)


_SERVES = {
    "deal_title": "deal_id", "deal_link": "deal_id", "client_id": "client", "starts_at": "due_at",
    "ends_at": "due_at", "type_code": "type", "provider": "type", "status": "done",
    "done_at": "done", "owner_id": "owner", "creator_id": "creator",
}  # fmt: skip


def _whole(text: str) -> str:
    return text.removesuffix(".0")


def _forget_never(cells: Cells) -> None:
    """Empty the deadlines that mean "none"."""
    for name in ("due_at", "starts_at", "ends_at"):
        for position in cells.export.mapping.get(name, ()):
            column = cells.table[str(position)]
            texts = flat(column)
            never = pc.or_(*(pc.fill_null(pc.starts_with(texts, t), False) for t in _NEVER))
            if pc.any(never).as_py():
                texts = pc.if_else(never, pa.scalar(None, texts.type), texts)
                at = cells.table.schema.get_field_index(str(position))
                cells.table = cells.table.set_column(at, str(position), pa.chunked_array([texts]))


def _moments(cells: Cells) -> dict[str, Any]:
    at = {c: cells.export.mapping[c][0] for c in DATES if c in cells.export.mapping}
    cells.read_dates(list(at.values()))
    order = cells.settle_order(list(at.values()))
    out: dict[str, Any] = {c: np.full(cells.n, _NAT) for c in DATES}
    for name, position in at.items():
        out[name] = cells.moments(position, cells.export.caption(name), order).values
    return out


def _type(cells: Cells) -> Coded:
    """The kind as the source calls it; numbers of the APIs as the words of their screens."""
    named = coded(cells, "type")
    if cells.export.layout == "ics":
        # a calendar has no kinds: people and amoCRM put them at the beginning of the summary
        named = filled(named, coded(cells, "title").renamed(_beginning))
    if "type_code" not in cells.export.mapping:
        return named
    codes = coded(cells, "type_code")
    table = TASK_TYPES if cells.export.crm == "amocrm" else ACTIVITY_TYPES

    def word(text: str) -> str | None:
        code, own = split_bracketed(text)
        return own or table.get(_whole(code))

    found = filled(named, codes.renamed(word))
    if "provider" in cells.export.mapping:
        found = filled(found, coded(cells, "provider").renamed(lambda t: PROVIDERS.get(t, t)))
    return filled(found, codes.renamed(_whole))


def _beginning(summary: str) -> str | None:
    """«Встреча: показ» -> «Встреча»; a long sentence names no kind."""
    kind = re.split(r"[:,;.(–—]|\s-\s", summary, maxsplit=1)[0].strip()
    return kind if 0 < len(kind) <= _LONGEST_KIND else None


def _due(moments: dict[str, Any], kind: Coded) -> Any:
    meeting = np.array(
        [bool(re.search("встреч|meeting|reuni", text_key(t))) for t in kind.texts()], bool
    )
    first = kind.per_row(meeting, False)
    start, end, due = moments["starts_at"], moments["ends_at"], moments["due_at"]
    out = np.where(first & ~np.isnat(start), start, due)
    for other in (end, start):
        out = np.where(np.isnat(out), other, out)
    return out


def _done(
    cells: Cells, moments: dict[str, Any]
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.datetime64]]:
    """Done (1, 0, -1 unknown) and when."""
    name = "status" if "status" in cells.export.mapping else "done"
    status = coded(cells, name)
    numbers = text_key(cells.export.caption(name)) == "status"  # STATUS of Bitrix24
    table = np.array([_state(t, numbers) for t in status.texts()], np.int8)
    done = status.per_row(table, np.int8(-1)).astype(np.int8)
    stated = moments["done_at"]
    done = np.where((done < 0) & ~np.isnat(stated), np.int8(1), done)
    when = np.where(done == 1, stated, _NAT)
    if cells.export.layout.endswith(("-api", "-bi")):
        when = np.where((done == 1) & np.isnat(when), moments["modified_at"], when)
    return done, when


def _state(text: str, numbers: bool) -> int:
    if numbers and text in _STATUSES:
        return _STATUSES[text]
    if (flag := parse_flag(text)) is not None:
        return flag
    found = _DONE.search(text_key(text))
    if found is None:
        return -1
    return 0 if found[1] else 1


def _whose(cells: Cells) -> tuple[Any, Coded, Any]:
    """ID of the deal or lead, ``deal`` or ``lead``, and ``contact 55`` or ``company 7``."""
    ids = number(cells, "deal_id")
    ids = pc.if_else(pc.fill_null(pc.equal(ids, "0"), False), pa.scalar(None, ids.type), ids)
    for position in cells.export.mapping.get("deal_link", ()):
        link = pc.extract_regex(flat(cells.text([position])), _LINK)
        parts = [pc.struct_field(link, i) for i in range(2)]
        found = pc.if_else(pc.equal(parts[0], ""), parts[1], parts[0])
        ids = pc.coalesce(ids, found.cast(pa.large_string()))
    clients = text(cells, "client_id")
    entity = np.zeros(cells.n, np.int32)
    names = pa.array(["deal", "lead"], pa.large_string())
    if "deal_entity" not in cells.export.mapping:
        return ids, Coded(entity, names), clients
    table = _ENTITIES.get(cells.export.crm, _GENERIC)
    kinds = coded(cells, "deal_entity").renamed(lambda t: _entity(t, table))
    texts = kinds.texts()
    card = np.array([t in ("contact", "company") for t in texts], bool)
    named = pc.binary_join_element_wise(kinds.arrow(), ids, pa.scalar(" ", pa.large_string()))
    none = pa.scalar(None, pa.large_string())
    clients = pc.coalesce(clients, pc.if_else(pa.array(kinds.per_row(card, False)), named, none))
    entity[kinds.per_row(np.array([t == "lead" for t in texts], bool), False)] = 1
    own = kinds.per_row(np.array([t in ("deal", "lead") for t in texts], bool), False)
    return pc.if_else(pa.array(own), ids, none), Coded(entity, names), clients


def _entity(text: str, table: dict[str, str]) -> str | None:
    code, own = split_bracketed(text)
    return table.get(text_key(code)) or table.get(text_key(own or ""))


def _bare_title(text: str) -> str | None:
    """«Сделка: Название» -> «Название»."""
    return re.sub(r"^\s*(сделка|лид|deal|lead)\s*:\s*", "", text, flags=re.IGNORECASE) or None


def _result(text: str) -> str | None:
    """The result's words; amoCRM dumps an object around them."""
    if not text.startswith(("{", "[")):
        return text
    import orjson

    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    if isinstance(found, list):
        found = found[0] if found else {}
    words = found.get("text") if isinstance(found, dict) else None
    return str(words) if words else None
