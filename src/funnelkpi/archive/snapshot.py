"""A kept export: its name on the disk and what its file says of itself (docs/archive.md)."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

FORMAT = 1
"""Version of the files. A later program reads earlier ones; this one refuses later ones."""
META_KEY = b"funnelkpi"
ROW = "_row"
CRMS = ("amocrm", "bitrix24", "generic")
KINDS = (
    "deals", "leads", "history", "calls", "users", "stages", "tasks", "contacts", "companies",
)  # fmt: skip
TEMPORARY = ".funnelkpi-"
"""How the names of files begin that are being written; one that stays is of a run that was killed."""

_NAME = re.compile(
    r"(?P<moment>\d{4}-\d{2}-\d{2}T\d{6})_(?P<checksum>[0-9a-f]{32})(?P<suffix>\.parquet|\.same\.json)"
)
_MOMENT = "%Y-%m-%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class Record:
    """What a kept file says of itself.

    crm, kind, layout: as recognised when it was kept; the cells are raw, so that a later reading may
    recognise more. file, sheet: the export's own name. header, header_row: as they stood. moment:
    when the export was made, naive in ``time_zone``. day: the date in its name. stated_at,
    utc_offset: what the container stated. rows: rows kept. content: SHA-256 of header and cells,
    whatever the order of rows. source: SHA-256 of the export's own bytes.
    """

    crm: str
    kind: str
    layout: str
    file: str
    header: tuple[str, ...]
    header_row: int
    moment: datetime
    time_zone: str
    rows: int = 0
    content: str = ""
    source: str = ""
    sheet: str | None = None
    day: date | None = None
    stated_at: datetime | None = None
    utc_offset: timedelta | None = None

    def to_json(self) -> bytes:
        """As it stands in the file."""
        values: dict[str, Any] = {"format": FORMAT, **asdict(self)}
        values["header"] = list(self.header)
        for name in ("moment", "day", "stated_at"):
            values[name] = values[name].isoformat() if values[name] is not None else None
        offset = self.utc_offset
        values["utc_offset"] = None if offset is None else offset.total_seconds()
        return json.dumps(values, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_json(cls, raw: bytes) -> Record:
        """The opposite.

        Raises:
            NewerFormatError: written by a later version. ValueError: not what ``to_json`` writes.
        """
        values = parsed(raw)
        try:
            offset = values.pop("utc_offset")
            moment, day, stated = (values.pop(n) for n in ("moment", "day", "stated_at"))
            return cls(
                **{**values, "header": tuple(values["header"])},
                moment=datetime.fromisoformat(moment),
                day=date.fromisoformat(day) if day else None,
                stated_at=datetime.fromisoformat(stated) if stated else None,
                utc_offset=None if offset is None else timedelta(seconds=offset),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a record of an export: {error}") from error


class NewerFormatError(ValueError):
    """A file of a later version of this program."""


def parsed(raw: bytes) -> dict[str, Any]:
    """A JSON object of this format, without its version.

    Raises:
        NewerFormatError, ValueError.
    """
    values = json.loads(raw)
    if not isinstance(values, dict) or not isinstance(values.get("format"), int):
        raise ValueError("no format version")
    if values.pop("format") > FORMAT:
        raise NewerFormatError
    return values


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One kept export.

    path: its file. moment: when the export was made. data: the file with its rows: ``path``, or the
    earlier one a marker names because nothing had changed. record: what ``data`` says of itself.
    size: bytes of ``path``.
    """

    path: Path
    moment: datetime
    data: Path
    record: Record
    size: int

    @property
    def crm(self) -> str:
        """Whose export it is."""
        return self.record.crm

    @property
    def kind(self) -> str:
        """What it holds."""
        return self.record.kind

    @property
    def is_marker(self) -> bool:
        """Whether only the moment was kept: the content was kept before."""
        return self.path != self.data


def file_name(moment: datetime, checksum: str, suffix: str) -> str:
    """The name of a kept file; ``checksum`` is the SHA-256 of its bytes in hex."""
    return f"{moment:{_MOMENT}}_{checksum[:32]}{suffix}"


def name_parts(name: str) -> tuple[datetime, str, str] | None:
    """Moment, checksum and suffix of a kept file's name; None if it is no such name."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found["moment"], _MOMENT), found["checksum"], found["suffix"]
    except ValueError:
        return None


def column_names(header: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the Parquet columns: the captions, made unique also for tools that ignore case."""
    seen = {ROW}
    out: list[str] = []
    for i, caption in enumerate(header):
        base = caption.strip() or f"column {i + 1}"
        name, n = base, 1
        while name.casefold() in seen:
            n += 1
            name = f"{base}#{n}"
        seen.add(name.casefold())
        out.append(name)
    return tuple(out)
