"""Workbooks: .xlsx, .xlsb, binary .xls and .ods, through calamine."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from funnelkpi.errors import InputError
from funnelkpi.model.finding import Finding, Severity
from funnelkpi.readers.csv import title_finding
from funnelkpi.readers.csv_layout import SAMPLE_ROWS, sample_rows
from funnelkpi.readers.header import SEARCHED, captions, count_totals, find_header, is_blank
from funnelkpi.readers.rows import Rows
from funnelkpi.readers.source import Columns, Source

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_CREATED = re.compile(rb"<dcterms:created[^>]*>\s*([^<]+?)\s*</dcterms:created>")
_STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?([+-])(\d\d):?(\d\d)")
_EXACT = 10**21
"""Whole numbers are written in full up to here; Excel itself keeps 15 digits."""


def open_workbook(
    path: Path, name: str, kind: Literal["xlsx", "xls", "ods"], wanted: str | None = None
) -> list[Source]:
    """One source per sheet that holds a table; ``wanted``: only the sheet of that name.

    Hidden sheets and sheets without a table are left out, with a note at the first source.

    Raises:
        InputError: the workbook is damaged or protected by a password, has no such sheet, or none
            of its sheets holds a table.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    book = _load(path, name)
    metas = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    notes: list[Finding] = []
    if wanted is not None:
        names = [m.name for m in metas]
        if wanted not in names:
            raise InputError.of(
                "errors_readers.no_sheet", file=name, sheet=wanted, sheets=", ".join(names)
            )
        metas = [m for m in metas if m.name == wanted]
    else:
        hidden = [m.name for m in metas if m.visible != SheetVisibleEnum.Visible]
        notes += [_note("findings_readers.hidden_sheet", name, sheet) for sheet in hidden]
        metas = [m for m in metas if m.visible == SheetVisibleEnum.Visible]
    stated = stated_moment(path) if kind == "xlsx" else (None, None)
    tables: list[tuple[str, CalamineSheet, _Top]] = []
    for meta in metas:
        sheet = _sheet(book, meta.name, name)
        top = _find_top(sheet)
        if top is not None:
            tables.append((meta.name, sheet, top))
        elif sheet.height:
            notes.append(_note("findings_readers.no_table_on_sheet", name, meta.name))
    if not tables:
        raise InputError.of("errors_readers.no_table_in_workbook", file=name)
    found = [
        _source(path, name if len(tables) == 1 else f"{name} [{title}]", kind, title, sheet, top)
        for title, sheet, top in tables
    ]
    found = [replace(s, stated_at=stated[0], utc_offset=stated[1]) for s in found]
    found[0] = replace(found[0], findings=(*notes, *found[0].findings))
    return found


def stated_moment(path: Path) -> tuple[datetime | None, timedelta | None]:
    """When the workbook says it was made: local time as written, and its offset.

    Only a moment with a numeric offset counts: amoCRM's older writer puts the account's own there
    (``2025-12-27T18:47:32+05:00``). ``Z`` is what Excel writes everywhere and tells no zone.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            core = archive.read("docProps/core.xml")
    except (KeyError, zipfile.BadZipFile, OSError, RuntimeError):
        return None, None
    found = _CREATED.search(core)
    stamp = _STAMP.fullmatch(found.group(1).decode("ascii", "replace")) if found else None
    if stamp is None:
        return None, None
    offset = timedelta(hours=int(stamp.group(3)), minutes=int(stamp.group(4)))
    try:
        moment = datetime.fromisoformat(stamp.group(1))
    except ValueError:
        return None, None
    return moment, -offset if stamp.group(2) == "-" else offset


def cell_text(value: Any) -> str:
    """A native cell as text: dates in ISO form, whole numbers without ``.0`` or an exponent."""
    write = _WRITERS.get(type(value), str)
    return "" if value is None else write(value)


def _float_text(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() and abs(value) < _EXACT else repr(value)


def _span_text(value: timedelta) -> str:
    seconds = round(abs(value.total_seconds()))
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _datetime_text(value: datetime) -> str:
    # Excel keeps days as fractions: a moment can come out some microseconds early.
    if value.microsecond:
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    return value.isoformat(sep=" ")


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: str,
    float: _float_text,
    bool: lambda value: "true" if value else "false",
    datetime: _datetime_text,
    date: str,
    time: lambda value: str(value.replace(microsecond=0)),
    timedelta: _span_text,
}


def _load(path: Path, name: str) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError as error:
        raise InputError.of("errors_readers.encrypted", file=name) from error
    except (CalamineError, OSError, ValueError) as error:
        raise InputError.of(
            "errors_readers.broken_workbook", file=name, reason=str(error)
        ) from error


def _sheet(book: CalamineWorkbook, sheet: str, name: str) -> CalamineSheet:
    from python_calamine import CalamineError

    try:
        return book.get_sheet_by_name(sheet)
    except (CalamineError, ValueError) as error:
        raise InputError.of(
            "errors_readers.broken_workbook", file=name, reason=f"{sheet}: {error}"
        ) from error


def _texts(sheet: CalamineSheet) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        yield [value if type(value) is str else cell_text(value) for value in row]


class _Top(NamedTuple):
    """The top of a sheet: its first rows, which of them is the header, and its captions."""

    rows: list[list[str]]
    at: int
    header: tuple[str, ...]
    titles: list[int]


def _find_top(sheet: CalamineSheet) -> _Top | None:
    """The header of a sheet; ``None`` if nothing there looks like a table of two columns."""
    skipped = sheet.start[0] if sheet.start else 0
    rows = list(islice(_texts(sheet), skipped + SEARCHED + SAMPLE_ROWS))
    index = find_header(rows[skipped:])
    if index is None:
        return None
    index += skipped
    header = captions(rows[index])
    if sum(1 for name in header if name) < 2:
        return None
    titles = [i + 1 for i in range(skipped, index) if not is_blank(rows[i])]
    return _Top(rows, index, header, titles)


def _source(
    path: Path,
    name: str,
    kind: Literal["xlsx", "xls", "ods"],
    title: str,
    sheet: CalamineSheet,
    top: _Top,
) -> Source:
    header_row = top.at + 1
    filled = [row for row in top.rows[header_row:] if not is_blank(row)]
    totals = count_totals(filled, top.header)
    if totals and sheet.total_height <= len(top.rows):
        filled = filled[:-totals]
    kept: list[CalamineSheet] = [sheet]

    def read(positions: Sequence[int]) -> Columns:
        # The sheet parsed for the header is read once and let go of; a second read parses it anew.
        at_hand = kept.pop() if kept else _sheet(_load(path, name), title, name)
        rows = Rows(positions, top.header, name)
        for number, cells in enumerate(_texts(at_hand), start=1):
            if number > header_row and any(cells):
                rows.add(number, cells)
        return rows.columns()

    return Source(
        path=path,
        name=name,
        format=kind,
        header=top.header,
        header_row=header_row,
        sample=sample_rows(filled, len(top.header)),
        reader=read,
        sheet=title,
        findings=title_finding(name, top.titles),
    )


def _note(code: str, name: str, sheet: str) -> Finding:
    return Finding(
        code=code, severity=Severity.NOTE, file=name, value=sheet, params={"sheet": sheet}
    )
