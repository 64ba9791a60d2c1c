"""Kept exports as sources that read only the columns asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from funnelkpi.archive.snapshot import (
    CRMS,
    KINDS,
    META_KEY,
    ROW,
    TEMPORARY,
    NewerFormatError,
    Record,
    Snapshot,
    column_names,
    name_parts,
    parsed,
)
from funnelkpi.errors import InputError
from funnelkpi.model.finding import Finding, Severity
from funnelkpi.readers.source import Columns, Source


@dataclass(frozen=True)
class Listing:
    """The kept exports by crm, kind, moment and name, and what is wrong in the folder."""

    snapshots: tuple[Snapshot, ...]
    findings: tuple[Finding, ...] = ()

    def of_file(self, source: str, sheet: str | None) -> Snapshot | None:
        """The kept export made of a file with these bytes (``source``: SHA-256 in hex), if any."""
        return next(
            (s for s in self.snapshots if (s.record.source, s.record.sheet) == (source, sheet)),
            None,
        )

    @property
    def damaged(self) -> bool:
        """Whether a kept export cannot be read."""
        return any(f.severity is Severity.ERROR for f in self.findings)


def list_snapshots(folder: Path, *, crm: str | None = None, kind: str | None = None) -> Listing:
    """Every kept export under ``folder`` (of one CRM and kind) that is whole, by its checksum.

    What is damaged, unfinished, of a later version or not the archive's becomes a finding; the rest
    stays readable. A folder that does not exist is an empty archive.

    Raises:
        InputError: ``folder`` is a file or cannot be listed.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError.of("errors_archive.not_a_folder", file=str(folder), reason="")
    found: list[Snapshot] = []
    markers: list[tuple[Path, datetime, dict[str, Any]]] = []
    findings: list[Finding] = []
    try:
        for path in _files(folder, findings, crm, kind):
            read = _read(path, folder)
            if isinstance(read, Snapshot):
                found.append(read)
            elif isinstance(read, Finding):
                findings.append(read)
            else:
                markers.append((path, *read))
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError.of("errors_archive.unreadable", file=str(folder), reason=reason) from error
    at = {s.path: s for s in found}
    for path, moment, values in markers:
        same = at.get(path.parent / str(values.get("same_as")))
        if same is None:
            params = {"target": str(values.get("same_as"))}
            findings.append(_finding("orphan", path, folder, Severity.ERROR, **params))
        else:
            found.append(Snapshot(path, moment, same.path, same.record, path.stat().st_size))
    found.sort(key=lambda s: (s.crm, s.kind, s.moment, s.path.name))
    return Listing(tuple(found), tuple(findings))


def _files(
    folder: Path, findings: list[Finding], crm: str | None, kind: str | None
) -> Iterator[Path]:
    """The files that carry a name of the archive, in order; anything else is a finding."""
    for place in _entries(folder):
        if place.name not in CRMS or not place.is_dir():
            findings.append(_foreign(place, folder))
        elif crm in (None, place.name):
            for inner in _entries(place):
                if inner.name not in KINDS or not inner.is_dir():
                    findings.append(_foreign(inner, folder))
                elif kind in (None, inner.name):
                    for file in _entries(inner):
                        if name_parts(file.name) is None or not file.is_file():
                            findings.append(_foreign(file, folder))
                        else:
                            yield file


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _foreign(path: Path, folder: Path) -> Finding:
    unfinished = path.name.startswith(TEMPORARY)
    code, severity = ("unfinished", Severity.NOTE) if unfinished else ("foreign", Severity.WARNING)
    return _finding(code, path, folder, severity)


def _finding(code: str, path: Path, folder: Path, severity: Severity, **params: Any) -> Finding:
    file = path.relative_to(folder).as_posix()
    return Finding(f"findings_archive.{code}", severity, file=file, params=params)


def _read(path: Path, folder: Path) -> Snapshot | Finding | tuple[datetime, dict[str, Any]]:
    """A kept export, a marker's moment and content, or what is wrong with the file."""
    parts = name_parts(path.name)
    assert parts is not None  # ``_files`` gives no other
    moment, checksum, suffix = parts
    try:
        with path.open("rb") as file:
            sound = file_digest(file, "sha256").hexdigest()[:32] == checksum
    except OSError:  # no permission, a bad sector
        sound = False
    if not sound:
        return _finding("damaged", path, folder, Severity.ERROR)
    try:
        if suffix == ".same.json":
            return moment, parsed(path.read_bytes())
        record = _record(path)
    except NewerFormatError:
        return _finding("newer_format", path, folder, Severity.ERROR)
    except (ValueError, KeyError, OSError):
        return _finding("not_ours", path, folder, Severity.WARNING)
    where = (path.parent.parent.name, path.parent.name)
    if (record.crm, record.kind) != where or record.moment.replace(microsecond=0) != moment:
        return _finding("misplaced", path, folder, Severity.ERROR)
    return Snapshot(path, moment, path, record, path.stat().st_size)


def _record(path: Path) -> Record:
    """Raises ValueError (pyarrow's own errors are such), NewerFormatError, OSError."""
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(path).metadata or {}
    if META_KEY not in metadata:
        raise ValueError("a Parquet file of another program")
    return Record.from_json(metadata[META_KEY])


def source_of(snapshot: Snapshot) -> Source:
    """A kept export as a source; it goes by the export's own name and its moment."""
    record = snapshot.record
    name = f"{record.file} [{record.sheet}]" if record.sheet else record.file
    return Source(
        path=Path(record.file),
        name=f"{name} @ {snapshot.moment:%Y-%m-%d %H:%M}",
        format="parquet",
        header=record.header,
        header_row=record.header_row,
        sample=(),
        reader=lambda positions: read_columns(snapshot, positions),
        sheet=record.sheet,
        stated_at=record.stated_at,
        utc_offset=record.utc_offset,
    )


def read_columns(snapshot: Snapshot, positions: Sequence[int]) -> Columns:
    """The columns at ``positions`` and ``_row``, as codes of their distinct texts.

    Raises:
        InputError: the file has been damaged or taken away since it was listed.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = column_names(snapshot.record.header)
    wanted = {names[p]: str(p) for p in positions}
    try:
        with pq.ParquetFile(snapshot.data, read_dictionary=list(wanted)) as file:
            table = file.read(columns=[ROW, *wanted])
    except (pa.ArrowException, OSError) as error:
        file_name = str(snapshot.data)
        raise InputError.of("errors_archive.damaged", file=file_name, reason=str(error)) from error
    table = table.select([ROW, *wanted]).rename_columns([ROW, *wanted.values()])
    return Columns(table, table.num_rows)
