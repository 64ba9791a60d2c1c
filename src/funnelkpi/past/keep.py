"""Exports into the archive: what each one is, when it was made, and its cells as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from hashlib import file_digest
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from funnelkpi.adapters.calls.table import read_calls
from funnelkpi.adapters.deals.table import read_deals
from funnelkpi.adapters.interface import Export, Wanted
from funnelkpi.adapters.lookup import Lookups
from funnelkpi.adapters.moment import OF_THE_PAST, default_as_of
from funnelkpi.archive.snapshot import Record
from funnelkpi.archive.store import keep
from funnelkpi.config.schema import Settings
from funnelkpi.readers.source import Columns

Status = Literal["kept", "unchanged", "known", "empty", "no_moment"]
_DEALS_FIRST = (
    "deals", "leads", "calls", "history", "tasks", "contacts", "companies", "users", "stages",
)  # fmt: skip


@dataclass(frozen=True)
class Addition:
    """What became of one export. status: kept; unchanged (only its moment); known (was there
    already); empty (nothing in it); no_moment (nothing tells when it was made). rows: kept ones;
    rejected: those the reader could not make out. path: its file in the archive."""

    file: str
    crm: str
    kind: str
    status: Status
    moment: datetime | None = None
    rows: int = 0
    rejected: int = 0
    path: Path | None = None


def keep_exports(folder: Path, exports: Iterable[Export], settings: Settings) -> list[Addition]:
    """Add ``exports`` to the archive in ``folder``, in the given order of the result.

    A table without dates of its own (users, stages) is as old as the deals of its CRM beside it.

    Raises:
        OutputError: the archive cannot be written to; what was kept before is untouched, and so are
            the exports added before the one that failed.
    """
    given = list(exports)
    order = sorted(range(len(given)), key=lambda i: _DEALS_FIRST.index(given[i].kind))
    newest: dict[str, datetime] = {}
    done: dict[int, Addition] = {}
    for i in order:
        added = _keep(folder, given[i], settings, newest.get(given[i].crm))
        if added.moment is not None and added.kind in ("deals", "leads"):
            newest[added.crm] = max(added.moment, newest.get(added.crm, added.moment))
        done[i] = added
    return [done[i] for i in range(len(given))]


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _keep(folder: Path, export: Export, settings: Settings, beside: datetime | None) -> Addition:
    source = export.source
    added = Addition(source.name, export.crm, export.kind, "empty")
    if not source.header:
        return added
    columns = source.read(range(len(source.header)))
    added = replace(added, rejected=columns.rejected)
    if not columns.table.num_rows:
        return added
    moment = moment_of(_held(export, columns), settings) or beside
    if moment is None:
        return replace(added, status="no_moment")
    record = Record(
        crm=export.crm,
        kind=export.kind,
        layout=export.layout,
        file=source.path.name,
        sheet=source.sheet if source.name != source.path.name else None,
        header=source.header,
        header_row=source.header_row,
        moment=moment.replace(microsecond=0),
        time_zone=settings.time_zone,
        day=export.day,
        stated_at=source.stated_at,
        utc_offset=source.utc_offset,
        source=file_sha256(source.path),
    )
    kept = keep(folder, record, columns.table)
    return replace(added, status=kept.status, moment=record.moment, rows=kept.rows, path=kept.path)


def _held(export: Export, columns: Columns) -> Export:
    """The export with its columns in memory: they are read once."""

    def reader(positions: Sequence[int]) -> Columns:
        names = [*(str(p) for p in positions), "_row"]
        return Columns(columns.table.select(names), columns.rows, columns.rejected)

    return replace(export, source=replace(export.source, reader=reader))


def moment_of(export: Export, settings: Settings) -> datetime | None:
    """When an export was made: as it says itself, else its newest data, else the end of the day in
    its name; None if nothing tells."""
    if export.moment is not None:
        return export.moment
    if export.kind in ("deals", "leads"):
        wanted = Wanted(frozenset({*OF_THE_PAST, "modified_at", "closed"}))
        part = read_deals(export, wanted, settings, Lookups())
        return default_as_of(part.frame, None, export.day)
    if export.kind == "calls":
        latest: Any = read_calls(export, settings, Lookups()).frame["called_at"].max()
        if not pd.isna(latest):
            moment: datetime = latest.to_pydatetime()
            return moment
    return None if export.day is None else datetime.combine(export.day, time(23, 59, 59))
