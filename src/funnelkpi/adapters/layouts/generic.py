"""Any other table, its columns named in the config (``inputs.columns``, ``inputs.files``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from funnelkpi.adapters.captions import caption_key, nearest, shown
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

_CALL_MARKS = ("called_at", "talk_seconds", "total_seconds", "from_number", "to_number")
_TASK_MARKS = ("task_id", "due_at", "done_at", "done")
_COMPANY_MARKS = ("company_id", "industry", "employees", "turnover")
_CONTACT_MARKS = ("contact_id", "position", "email", "name")
NEEDS: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    "deals": (("deal_id",), ("stage", "stage_code")),
    "leads": (("deal_id",), ("stage", "stage_code")),
    "calls": (("called_at",),),
    "history": (("deal_id", "title"), ("changed_at",), ("stage", "stage_code", "owner")),
    "tasks": (("due_at", "created_at", "done_at"),),
    "contacts": (("name", "first_name", "last_name"),),
    "companies": (("name",),),
    "users": (("id",), ("name",)),
    "stages": (("id",), ("name",)),
}
"""Columns without which a table of this kind is of no use; one of each group."""


def kind_of(columns: Mapping[str, str]) -> Kind:
    """The kind a mapping is of: history if it names the moment of a change, calls if it names a
    call's columns, deals if it names a stage; else tasks, companies or contacts if it names columns
    that only they have, else deals."""
    if "changed_at" in columns:
        return "history"
    marks: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("calls", _CALL_MARKS),
        ("deals", ("stage", "stage_code")),
        ("tasks", _TASK_MARKS),
        ("companies", _COMPANY_MARKS),
        ("contacts", _CONTACT_MARKS),
    )
    found = (kind for kind, names in marks if any(c in columns for c in names))
    return next(found, "deals")


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
            closest = nearest(caption, header)
            if closest is None:
                raise InputError.of(
                    "errors_adapters.caption_unlike",
                    file=file, column=column, caption=caption, seen=shown(header),
                )  # fmt: skip
            raise InputError.of(
                "errors_adapters.caption_missing",
                file=file,
                column=column,
                caption=caption,
                like=closest,
            )
    return found
