"""Which columns of a deals table are read, and which canonical ones they can fill."""

from __future__ import annotations

from funnelkpi.adapters.captions import caption_key
from funnelkpi.adapters.interface import RAW, Export, Wanted
from funnelkpi.model.tables import DEALS

ALWAYS = frozenset(
    {"deal_id", "stage", "stage_code", "pipeline", "pipeline_id", "created_at", "modified_at"}
)
"""Read whatever is wanted: identity, and what tells one export's coverage from another's."""
_CLOSING = frozenset({"closed", "semantics", "closed_at", "stage_changed_at", "planned_close_at"})
_NEEDS_CLOSING = frozenset({"closed", "closed_at", "planned_close_at", "loss_reason", "stage"})


def columns_to_read(export: Export, wanted: Wanted) -> dict[str, tuple[int, ...]]:
    """The part of the mapping a run needs."""
    names = set(ALWAYS | wanted.columns)
    if names & _NEEDS_CLOSING:
        names |= _CLOSING
    names |= {raw for raw, serves in RAW.items() if serves in names}
    if "amount" in names:
        names.add("currency")
    return {c: p for c, p in export.mapping.items() if c in names}


def field_positions(export: Export, caption: str) -> tuple[int, ...]:
    """Where a custom column stands, best first: of several in amoCRM the last, else the first."""
    key = caption_key(caption)
    found = tuple(i for i, c in enumerate(export.source.header) if caption_key(c) == key)
    return found[::-1] if export.crm == "amocrm" else found


def available_columns(export: Export) -> frozenset[str]:
    """The canonical columns this export can fill."""
    have = {RAW.get(c, c) for c in export.mapping}
    if export.crm == "amocrm" and export.layout != "amocrm-api" and "stage" in have:
        have.add("loss_reason")
    if export.crm == "amocrm" and "closed_at" in have:
        have.add("closed")
    if export.crm == "bitrix24" and have & {"stage_changed_at", "planned_close_at"}:
        have.add("closed_at")
    if "amount" in have:
        have.add("currency")
    return frozenset(have & {c.name for c in DEALS})
