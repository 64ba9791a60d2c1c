"""Calendars (RFC 5545): one row per event or to-do, as ``KommoTasks.ics`` holds tasks.

Moments are given as text: UTC with ``Z`` (a time of a zone is converted), without an offset where
the file gives none (floating), a date alone where it gives no time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelkpi.errors import InputError
from funnelkpi.model.finding import Finding, Severity
from funnelkpi.readers.csv_layout import SAMPLE_ROWS, pick_encoding
from funnelkpi.readers.header import Row
from funnelkpi.readers.rows import Rows, Tally
from funnelkpi.readers.sniff import Sniffed
from funnelkpi.readers.source import Columns, Source

if TYPE_CHECKING:
    from icalendar import Component

COMPONENT = "COMPONENT"
_TASKS = ("VEVENT", "VTODO")
_COLUMNS = (COMPONENT, "UID", "SUMMARY", "DTSTART")
"""Always there; further columns are the properties seen, in the order first seen."""


def open_ics(path: Path, name: str, sniffed: Sniffed, encoding: str | None = None) -> Source:
    """The events and to-dos of a calendar. A row's number is the event's, counted from 1.

    Raises:
        InputError: the file is no calendar from end to end (what is wrong in it is named).
    """
    codec = pick_encoding(sniffed, name, encoding)
    text = path.read_bytes()[codec.bom :].decode(codec.name, "replace")
    unknown_zone = Tally("findings_readers.ics_unknown_zone")
    unread = Tally("findings_readers.ics_line_unread")
    repeating = Tally("findings_readers.ics_repeats", Severity.NOTE)
    header: dict[str, int] = {c: i for i, c in enumerate(_COLUMNS)}
    rows: list[Row] = []
    whole = _whole(text, name)
    for number, component in enumerate(_components(whole, name), start=1):
        row: list[str | None] = [None] * len(header)
        row[0] = component.name
        for key, value in component.property_items(recursive=False):
            if key in ("BEGIN", "END"):
                continue
            place = header.setdefault(key, len(header))
            row += [None] * (len(header) - len(row))
            one = value[0] if isinstance(value, list) else value
            zone = _unknown_zone(one)
            if zone:
                unknown_zone.add(number, zone)
            row[place] = row[place] or _text(one) or None
        if "RRULE" in component or "RDATE" in component:
            repeating.add(number, row[header["SUMMARY"]])
        for prop, error in component.errors:
            if prop is None:
                unread.add(number, str(error))
        rows.append(row)
    captions = tuple(header)
    rows = [[*row, *[None] * (len(captions) - len(row))] for row in rows]

    def read(positions: Sequence[int]) -> Columns:
        taken = Rows(positions, captions, name)
        for number, row in enumerate(rows, start=1):
            taken.add(number, row)
        return taken.columns()

    return Source(
        path=path,
        name=name,
        format="ics",
        header=captions if rows else (),
        header_row=0,
        sample=tuple(tuple(row) for row in rows[:SAMPLE_ROWS]),
        reader=read,
        encoding=codec.name,
        empty_notice=None if rows else "BEGIN:VCALENDAR",
        findings=(
            *unknown_zone.findings(name),
            *unread.findings(name),
            *repeating.findings(name),
            *(() if whole is text else (Finding("findings_readers.ics_cut_off", file=name),)),
        ),
    )


def _components(text: str, name: str) -> Iterator[Component]:
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError) as error:
        raise InputError.of(
            "errors_readers.broken_calendar", file=name, reason=str(error)[:200]
        ) from error
    for calendar in calendars:
        for component in calendar.walk():
            if component.name in _TASKS:
                yield component


def _whole(text: str, name: str) -> str:
    """The text; of a file that was not downloaded to its end what stands before the torn event."""
    if text.rstrip().upper().endswith("END:VCALENDAR"):
        return text
    ends = list(re.finditer(r"^END:(VEVENT|VTODO)[ \t]*\r?$", text, re.MULTILINE | re.IGNORECASE))
    if not ends:
        raise InputError.of("errors_readers.broken_calendar", file=name, reason="END:VCALENDAR?")
    return f"{text[: ends[-1].end()]}\r\nEND:VCALENDAR\r\n"


def _unknown_zone(value: Any) -> str | None:
    """The name of the zone of a time, if nobody knows that zone."""
    moment = _attribute(value, "dt")
    if not isinstance(moment, datetime) or moment.tzinfo is not None:
        return None
    zone = (_attribute(value, "params") or {}).get("TZID")
    return str(zone) if zone else None


def _attribute(value: Any, name: str) -> Any:
    """An attribute of a property's value; None where it has none, or could not be read."""
    from icalendar.error import BrokenCalendarProperty

    try:
        return getattr(value, name, None)
    except BrokenCalendarProperty:
        return None


def _text(value: Any) -> str:
    moment = _attribute(value, "dt")
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            return f"{moment:%Y-%m-%dT%H:%M:%S}"
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(moment, date):
        return f"{moment:%Y-%m-%d}"
    params = _attribute(value, "params") or {}
    if "CN" in params:  # ORGANIZER;CN=Name:mailto:...
        return str(params["CN"])
    if categories := _attribute(value, "cats"):
        return ", ".join(str(c) for c in categories)
    return str(value)
