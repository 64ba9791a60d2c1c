"""Records inside API answers, flattened to rows of text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

Key = tuple[str, str]
"""Where a value stands: ("", top-level key), ("field", id of a custom field), ("embedded", key),
("params", key of the parameters of a note)."""

Record = dict[Key, str | None]

_WRAPPERS = ("result", "items", "data")
_NAMED = {
    "tags": "tags",
    "loss_reason": "loss_reason",
    "contacts": "contact",
    "companies": "company",
}


@dataclass
class JsonTable:
    """One table of a dump: its records as text by key, and the captions of the keys."""

    name: str
    records: list[Record] = field(default_factory=list)
    keys: dict[Key, str] = field(default_factory=dict)

    @property
    def header(self) -> list[str]:
        """Captions in the order first seen; two custom fields of one name repeat it."""
        return list(self.keys.values())

    def row(self, record: Record) -> list[str | None]:
        """A record as cells by position."""
        return [record.get(key) for key in self.keys]

    def put(self, record: Record, key: Key, caption: str, value: str | None) -> None:
        """Set a cell; the caption is kept from the first time."""
        self.keys.setdefault(key, caption)
        record[key] = value or None


def find_tables(answer: Any) -> tuple[list[JsonTable], list[str]]:
    """Tables of a parsed dump, and texts of what stands among the records and is none.

    Read are a list of records; ``{"result": [...]}``, ``{"result": {"items": [...]}}`` and
    ``{"_embedded": {"leads": [...]}}``; several named lists in one object; lists of such pages.
    """
    tables: dict[str, JsonTable] = {}
    dropped: list[str] = []
    _collect(answer, "records", tables, dropped)
    if any(table.records for table in tables.values()):
        tables = {name: table for name, table in tables.items() if table.records}
    return list(tables.values()), dropped


def _collect(value: Any, name: str, tables: dict[str, JsonTable], dropped: list[str]) -> None:
    if isinstance(value, list):
        if not value:
            tables.setdefault(name, JsonTable(name))
        for item in value:
            if isinstance(item, list) or (isinstance(item, dict) and _is_page(item)):
                _collect(item, name, tables, dropped)
            elif isinstance(item, dict):
                _add(tables.setdefault(name, JsonTable(name)), item)
            else:
                dropped.append(as_text(item) or "null")
    elif isinstance(value, dict):
        _collect_dict(value, name, tables, dropped)


def _collect_dict(
    value: dict[str, Any], name: str, tables: dict[str, JsonTable], dropped: list[str]
) -> None:
    embedded = value.get("_embedded")
    if _is_record(value):
        _add(tables.setdefault(name, JsonTable(name)), value)
        return
    if isinstance(embedded, dict):
        for key, inner in embedded.items():
            if isinstance(inner, list):
                _collect(inner, key, tables, dropped)
        return
    wrapped = [key for key in _WRAPPERS if isinstance(value.get(key), (list, dict))]
    if wrapped:
        _collect(value[wrapped[0]], name, tables, dropped)
        return
    for key, inner in value.items():
        if _is_list_of_records(inner) or (
            isinstance(inner, dict) and (_is_page(inner) or _holds_lists(inner))
        ):
            _collect(inner, key, tables, dropped)


def _is_list_of_records(value: Any) -> bool:
    return isinstance(value, list) and (not value or isinstance(value[0], dict))


def _is_record(value: dict[str, Any]) -> bool:
    return any(key in value for key in ("id", "ID", "Id"))


def _is_page(value: dict[str, Any]) -> bool:
    """Whether an object is an answer of the API around records, not a record."""
    if _is_record(value):
        return False
    return isinstance(value.get("_embedded"), dict) or isinstance(value.get("result"), (list, dict))


def _holds_lists(value: dict[str, Any]) -> bool:
    return not _is_record(value) and any(
        isinstance(v, list) and v and isinstance(v[0], dict) for v in value.values()
    )


def _add(table: JsonTable, item: dict[str, Any]) -> None:
    """One record as one row; a pipeline of amoCRM as one row per status."""
    embedded = item.get("_embedded")
    statuses = embedded.get("statuses") if isinstance(embedded, dict) else None
    if isinstance(statuses, list):
        for status in statuses:
            record: Record = {}
            for caption, source, key in _STATUS:
                value = (item if source == "pipeline" else status).get(key)
                table.put(record, ("", caption), caption, as_text(value))
            table.records.append(record)
        return
    record = {}
    for key, value in item.items():
        if key in {"custom_fields_values", "custom_fields"} and _are_fields(value):
            for custom in value or ():
                caption = str(custom.get("field_name") or custom.get("name") or "")
                ident = str(custom.get("field_id") or custom.get("id") or caption)
                table.put(record, ("field", ident), caption, _values(custom.get("values")))
        elif key == "_embedded" and isinstance(value, dict):
            _add_embedded(table, record, value)
        elif key == "params" and isinstance(value, dict):
            for name, inner in value.items():
                table.put(record, ("params", name), f"params.{name}", as_text(inner))
        elif key != "_links":
            table.put(record, ("", key), key, as_text(value))
    if "note_type" in item and "entity_type" not in item and (entity := _entity(item)):
        table.put(record, ("", "entity_type"), "entity_type", entity)
    table.records.append(record)


def _entity(note: dict[str, Any]) -> str | None:
    """Of what a note is: the answer says so only in its own address (``/api/v4/leads/notes/7``)."""
    links = note.get("_links")
    self_link = links.get("self") if isinstance(links, dict) else None
    address = self_link.get("href") if isinstance(self_link, dict) else None
    found = re.search(r"/api/v4/([a-z_]+)/(?:\d+/)?notes\b", str(address))
    return found[1] if found else None


_STATUS = (
    ("pipeline_id", "pipeline", "id"),
    ("pipeline_name", "pipeline", "name"),
    ("status_id", "status", "id"),
    ("status_name", "status", "name"),
    ("sort", "status", "sort"),
    ("type", "status", "type"),
)


def _add_embedded(table: JsonTable, record: Record, embedded: dict[str, Any]) -> None:
    for key, value in embedded.items():
        entries: list[Any] = value if isinstance(value, list) else [value]
        names = [
            str(e["name"]) for e in entries if isinstance(e, dict) and e.get("name") is not None
        ]
        if key in _NAMED:
            if names or key in {"tags", "loss_reason"}:
                table.put(record, ("embedded", key), _NAMED[key], ", ".join(names))
            elif number := _main_id(entries):
                caption = f"{_NAMED[key]}_id"
                table.put(record, ("embedded", caption), caption, number)
        elif value:
            table.put(record, ("embedded", key), f"_embedded.{key}", as_text(value))


def _main_id(entries: list[Any]) -> str | None:
    """The ID of the main contact (company) of a deal, else of the first."""
    known = [e for e in entries if isinstance(e, dict) and e.get("id") is not None]
    main = next((e for e in known if e.get("is_main")), known[0] if known else None)
    return as_text(main["id"]) if main else None


def _are_fields(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(v, dict) for v in value))


def _values(values: Any) -> str:
    """Values of a custom field, joined as the CRM's own export joins them."""
    if not isinstance(values, list):
        return as_text(values) or ""
    texts = (as_text(v.get("value") if isinstance(v, dict) else v) for v in values)
    return ", ".join(text for text in texts if text)


def as_text(value: Any) -> str | None:
    """A JSON value as a cell: numbers without ``.0`` or an exponent, objects as compact JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    import orjson

    return orjson.dumps(value).decode() if value else None
