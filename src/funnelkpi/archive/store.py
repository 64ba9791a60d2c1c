"""Keep one export: START HERE for everything the archive writes."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from funnelkpi.archive.content import content_sha256
from funnelkpi.archive.read import Listing, list_snapshots
from funnelkpi.archive.snapshot import FORMAT, META_KEY, ROW, Record, column_names
from funnelkpi.archive.writing import write_once
from funnelkpi.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

Status = Literal["kept", "unchanged", "known"]


@dataclass(frozen=True)
class Outcome:
    """What became of an export. status: kept; unchanged (only its moment was kept, the content is
    that of ``same_as``); known (this very export had been kept before). path: its kept file."""

    status: Status
    path: Path
    rows: int
    same_as: Path | None = None


def keep(folder: Path, record: Record, table: pa.Table) -> Outcome:
    """Keep ``table`` under ``folder``: columns ``"0"``, ``"1"``, ... as text and ``_row``.

    ``record`` says what it is; its rows and content are filled in here.

    Raises:
        InputError: ``folder`` is a file. OutputError: the archive cannot be written to; what was kept
            before is untouched.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError.of("errors_archive.not_a_folder", file=str(folder), reason="")
    columns = [table[str(i)] for i in range(len(record.header))]
    content = content_sha256(record.header, columns, table.num_rows)
    record = replace(record, rows=table.num_rows, content=content)
    place = folder / record.crm / record.kind
    same = [s for s in _listed(folder, record).snapshots if s.record.content == content]
    known = next((s for s in same if s.moment == record.moment), None)
    if known is not None:
        return Outcome("known", known.path, record.rows)
    if same:
        data = min(s.data for s in same)
        marker = _marker(record.moment, data.name, record.file)
        path = write_once(place, record.moment, ".same.json", lambda p: _write(p, marker))
        return Outcome("unchanged", path, record.rows, data)
    named = _named(table, record)
    path = write_once(place, record.moment, ".parquet", lambda p: _write_parquet(p, named))
    return Outcome("kept", path, record.rows)


def _listed(folder: Path, record: Record) -> Listing:
    return list_snapshots(folder, crm=record.crm, kind=record.kind)


def _marker(moment: datetime, data: str, file: str) -> bytes:
    values = {"format": FORMAT, "moment": moment.isoformat(), "same_as": data, "file": file}
    return json.dumps(values, ensure_ascii=False, sort_keys=True).encode()


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _named(table: pa.Table, record: Record) -> Any:
    """The table as it is kept: captions for names, plain text, and the record beside the schema."""
    import pyarrow as pa

    names = [ROW, *column_names(record.header)]
    arrays = [table[ROW].cast(pa.int64())]
    arrays += [_text(table[str(i)]) for i in range(len(record.header))]
    schema = pa.schema(
        [(n, a.type) for n, a in zip(names, arrays, strict=True)],
        metadata={META_KEY: record.to_json()},
    )
    return pa.Table.from_arrays(arrays, schema=schema)


def _text(column: Any) -> Any:
    """One chunk of large_string: the bytes of the file must not depend on how the export was read."""
    import pyarrow as pa

    return column.cast(pa.large_string()).combine_chunks()


def _write_parquet(path: Path, table: Any) -> None:
    import pyarrow.parquet as pq

    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=9,
        use_dictionary=True,
        write_statistics=False,
    )
