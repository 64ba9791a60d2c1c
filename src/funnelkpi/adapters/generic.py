"""Any other table, its columns named in the config (``inputs.columns``, ``inputs.files``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from funnelkpi.adapters.captions import caption_key, nearest
from funnelkpi.adapters.interface import KNOWN_COLUMNS, Kind, Layout
from funnelkpi.errors import InputError

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "event-log",
        "generic",
        "history",
        (("case:concept:name",), ("concept:name",), ("time:timestamp",)),
        {
            "deal_id": ("case:concept:name",),
            "stage": ("concept:name",),
            "changed_at": ("time:timestamp",),
            "actor": ("org:resource",),
            "owner": ("org:resource",),
            "lifecycle": ("lifecycle:transition",),
        },
    ),
)
"""Tables of no CRM that are recognised all the same: logs of process mining (XES as CSV)."""

_CALL_MARKS = ("called_at", "talk_seconds")
NEEDS: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    "deals": (("deal_id",), ("stage", "stage_code")),
    "leads": (("deal_id",), ("stage", "stage_code")),
    "calls": (("called_at",),),
    "history": (("deal_id", "title"), ("changed_at",), ("stage", "stage_code", "owner")),
    "users": (("id",), ("name",)),
    "stages": (("id",), ("name",)),
}
"""Columns without which a table of this kind is of no use; one of each group."""


def kind_of(columns: Mapping[str, str]) -> Kind:
    """The kind a mapping is of: history if it names the moment of a change, calls if it names a
    call's columns, else deals."""
    if "changed_at" in columns:
        return "history"
    return "calls" if any(c in columns for c in _CALL_MARKS) else "deals"


def positions(
    file: str, header: Sequence[str], columns: Mapping[str, str], *, strict: bool
) -> dict[str, tuple[int, ...]]:
    """Canonical column -> position, by the captions of the config.

    strict: a caption the file does not have is an error (a rule for this very file); else it is
    passed over (a rule for all files).

    Raises:
        InputError: an unknown column name, or with ``strict`` a caption that is not in the header.
    """
    where: dict[str, int] = {}
    for i, caption in enumerate(header):
        where.setdefault(caption_key(caption), i)
    found: dict[str, tuple[int, ...]] = {}
    for column, caption in columns.items():
        if column not in KNOWN_COLUMNS:
            like = nearest(column, KNOWN_COLUMNS) or ", ".join(KNOWN_COLUMNS[:8])
            raise InputError.of(
                "errors_adapters.unknown_column", file=file, column=column, like=like
            )
        place = where.get(caption_key(caption))
        if place is not None:
            found[column] = (place,)
        elif strict:
            like = nearest(caption, header) or "—"
            raise InputError.of(
                "errors_adapters.caption_missing",
                file=file,
                column=column,
                caption=caption,
                like=like,
            )
    return found
