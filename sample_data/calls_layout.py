"""The layouts of ``calls/`` that no other sample has: contacts and companies of Bitrix24, its
activities as BI saves them, and the calls of a telephony provider."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sample_data.bitrix24_captions import CLIENT
from sample_data.bitrix24_layout import cell_text

Row = Mapping[str, Any]
CONTACT = tuple(c.removeprefix("Контакт: ") for c in CLIENT if c.startswith("Контакт: "))
COMPANY = tuple(c.removeprefix("Компания: ") for c in CLIENT if c.startswith("Компания: "))
ACTIVITY = (
    "ID", "OWNER_ID", "OWNER_TYPE_ID", "TYPE_ID", "PROVIDER_ID", "SUBJECT", "CREATED",
    "LAST_UPDATED", "START_TIME", "END_TIME", "DEADLINE", "CLOSED_DATE", "COMPLETED",
    "RESPONSIBLE_ID", "RESPONSIBLE_NAME", "AUTHOR_ID", "AUTHOR_NAME",
)  # fmt: skip
CALL = (
    "ID вызова", "Начало звонка", "Тип", "Сотрудник", "Номер клиента", "Номер линии",
    "Статус", "Разговор", "Итог разговора", "Запись разговора",
)  # fmt: skip


def write_bitrix_list(path: Path, captions: Sequence[str], rows: Iterable[Row]) -> Path:
    """A list of contacts or companies: rows by caption, as CSV of the portal."""
    lines = [list(captions), *([cell_text(r.get(c)) for c in captions] for r in rows)]
    text = "".join(
        "".join('"' + c.replace('"', '""') + '";' for c in line) + "\n" for line in lines
    )
    path.write_bytes(("\ufeff" + text).encode("utf-8"))
    return path


def write_activities(path: Path, rows: Iterable[Row]) -> Path:
    """The data set of activities as a BI tool saves it: commas, ISO dates."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(ACTIVITY)
    writer.writerows([_iso(r.get(c)) for c in ACTIVITY] for r in rows)
    path.write_bytes(out.getvalue().encode("utf-8"))
    return path


def write_provider_calls(path: Path, rows: Iterable[Row]) -> Path:
    """The provider's own table: semicolons, CRLF, durations as ``HH:MM:SS``."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(CALL)
    writer.writerows([cell_text(r.get(c)) for c in CALL] for r in rows)
    path.write_bytes(("\ufeff" + out.getvalue()).encode("utf-8"))
    return path


def _iso(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:%Y-%m-%d %H:%M:%S}" if hasattr(value, "hour") else str(value)
