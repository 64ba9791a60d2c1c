"""Kept tables that stand beside the deals: names, events, calls, tasks, contacts and companies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from funnelkpi.adapters.interface import Export
from funnelkpi.adapters.snapshots import Aged, state_at
from funnelkpi.archive.snapshot import Snapshot

_STATES = ("users", "stages", "tasks", "contacts", "companies")
"""What shows how things stand: the newest counts."""


def beside(
    kept: Sequence[tuple[Export, Snapshot]],
    given: Sequence[Export],
    as_of: datetime | None,
    here: Collection[str] = (),
    made: datetime | None = None,
) -> list[Export]:
    """Kept tables to read with the deals.

    Of names, tasks, contacts and companies the newest that may be known, and of events all of them,
    where none of that kind is given. Calls are read all together with those given: an export of
    calls covers some weeks, the archive the rest.

    Args:
        kept: the kept exports, oldest first.
        as_of: the moment of the report, if one is asked for.
        here: SHA-256 of the given files of calls, which are not read again from the archive.
        made: when the given deals were exported: what was kept on a later day changes no report of
            them.
    """
    have = {(e.crm, e.kind) for e in given}
    states: dict[Any, list[Export]] = {}
    events: dict[Any, list[Export]] = {}
    calls: dict[Any, list[Export]] = {}
    for export, snapshot in kept:
        if snapshot.is_marker:
            continue
        if export.kind == "calls":
            if snapshot.record.source not in here:
                calls.setdefault(export.crm, []).append(export)
        elif (export.crm, export.kind) in have:
            continue
        elif export.kind in _STATES:
            states.setdefault((export.crm, export.kind, export.source.header), []).append(export)
        elif export.kind == "history":
            events.setdefault(export.crm, []).append(export)
    out = [_until(several, as_of, made)[-1] for several in states.values()]
    for several in (*events.values(), *calls.values()):
        out += _until(several, as_of, made)
    return out


def _until(
    several: Sequence[Export], as_of: datetime | None, made: datetime | None
) -> Sequence[Export]:
    """The exports of one thing, oldest first, up to the one that shows it at ``as_of``."""
    if as_of is not None:
        aged = [Aged(e.moment, e.day, lambda: ["all"]) for e in several if e.moment is not None]
        state, _ = state_at(aged, as_of)  # a kept export has a moment
        return several[: state[0] + 1] if state else several
    if made is None:
        return several
    day = made.date()
    return [e for e in several if e.moment and e.moment.date() <= day] or several[:1]
