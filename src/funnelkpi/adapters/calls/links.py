"""What a call hangs on: its ID, deal or client, the recording and what was written down."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.captions import text_key
from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.texts import Coded, coalesced, flat, text_array
from funnelkpi.adapters.part import missing
from funnelkpi.model.tables import Column

_TEXT = pa.large_string()
_LINK = Column("", "text", "")
_NOTHING = pa.array(["-", "—", "–", "0"], _TEXT)
_NONE = pa.scalar(None, _TEXT)
_DEALS = {"amocrm": ("deal", "deals", "leads", "lead"), "bitrix24": ("deal",)}
_CLIENTS = {
    "contact": "contact", "contacts": "contact", "company": "company", "companies": "company",
    "lead": "lead", "customer": "customer", "customers": "customer",
}  # fmt: skip
_OTHER_FILES = ("contact", "compan", "customer", "контакт", "компани", "покупател")
_NAMED = (
    ("contact", "Контакт|Contact|Contato|Contacto"),
    ("company", "Компания|Company|Empresa"),
    ("lead", "Лид|Lead"),
    ("deal", "Сделка|Deal|Negócio|Negociación"),
)


def deals_of(cells: Cells) -> Any:
    """The ID of the deal each call names, as a text array; an ID of anything else is no deal's."""
    if "deal_id" not in cells.export.mapping:
        return missing(_LINK, cells.n)
    return text_array(_deals(cells).arrow())


def _deals(cells: Cells) -> Coded:
    ids = _coded(cells, "deal_id")
    if _true_any(pc.ends_with(ids.values, ".0")):
        ids = ids.mapped(flat(pc.replace_substring_regex(ids.values, r"\.0$", "")))
    if "deal_entity" not in cells.export.mapping:
        return Coded.nothing(cells.n) if _notes_of_clients(cells) else ids
    kinds = _DEALS.get(cells.export.crm, ("deal", "deals"))
    entity = _coded(cells, "deal_entity")
    table = np.array([text_key(t) in kinds for t in entity.texts()], np.bool_)
    return ids.where(entity.per_row(table, False))


def _notes_of_clients(cells: Cells) -> bool:
    """Whether notes that do not say of what they are come from a file called after clients."""
    name = text_key(cells.export.source.path.name)
    return "note_type" in cells.export.mapping and any(word in name for word in _OTHER_FILES)


def clients_of(cells: Cells) -> Coded:
    """Whom the source names beside the call (``model.tables.CALLS``)."""
    named = _coded(cells, "client")
    if len(named.values):
        texts = pc.if_else(_blank(named.values), _NONE, named.values)
        for kind, words in _NAMED:
            texts = pc.replace_substring_regex(texts, rf"^(?i:{words})\s*:\s*", f"{kind}:")
        named = named.mapped(flat(texts))
    if "deal_entity" not in cells.export.mapping:
        return named
    return coalesced([named, _by_id(cells)])


def _by_id(cells: Cells) -> Coded:
    entity, ids = _coded(cells, "deal_entity"), _coded(cells, "deal_id")
    found = Coded.nothing(cells.n)
    deals = _DEALS.get(cells.export.crm, ())
    kinds = [_CLIENTS.get(text_key(t)) for t in entity.texts()]
    kinds = [
        None if text_key(t) in deals else k for k, t in zip(kinds, entity.texts(), strict=True)
    ]
    numbers = pc.replace_substring_regex(ids.values, r"\.0$", "")
    for kind in dict.fromkeys(k for k in kinds if k):
        rows = entity.per_row(np.array([k == kind for k in kinds], np.bool_), False)
        marked = pc.binary_join_element_wise(pa.scalar(kind, _TEXT), numbers, pa.scalar("#", _TEXT))
        marked = pc.if_else(_blank(numbers), _NONE, marked)
        found = coalesced([found, ids.mapped(flat(marked)).where(rows)])
    return found


def results_of(cells: Cells) -> Coded:
    """What was written down of each call."""
    column = _coded(cells, "result")
    if not len(column.values):
        return column
    return column.mapped(flat(pc.if_else(_blank(column.values), _NONE, column.values)))


def texts_of(cells: Cells, name: str) -> Any:
    """A column that differs in nearly every row (IDs, links), as a pandas text array."""
    at = cells.export.mapping.get(name)
    if not at:
        return missing(_LINK, cells.n)
    several = cells.export.rules.get(name, "first") != "first"
    found = cells.coded(at, cells.export.rules[name]).arrow() if several else cells.text(at)
    nothing = _blank(found)
    if pc.any(nothing).as_py():
        found = pc.if_else(nothing, _NONE, found)
    return text_array(found)


def _true_any(mask: Any) -> bool:
    return bool(pc.any(mask).as_py())


def _blank(texts: Any) -> Any:
    return pc.is_in(texts, _NOTHING)


def _coded(cells: Cells, name: str) -> Coded:
    at = cells.export.mapping.get(name)
    return cells.coded(at, cells.export.rules.get(name, "first")) if at else Coded.nothing(cells.n)
