"""The long table as CSV: one row per figure, for spreadsheets and scripts.

UTF-8, comma, line feed; numbers raw with a dot (a share is 0.253), moments ISO 8601, missing
values empty. A file starts with a byte-order mark, without which Excel takes UTF-8 for the local
code page; standard output has none: scripts would read it as part of the first name.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from funnelkpi.renderers._clean import one_line
from funnelkpi.renderers.json_schema import columns_of
from funnelkpi.report.document import Report, Rows

BOM = b"\xef\xbb\xbf"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EXACT = 2**53
_PARTS = ("metrics", "calls", "deals", "inputs")


def render(report: Report, *, to_file: bool = False) -> bytes:
    """The table of ``Report.data`` as CSV; ``to_file``: with the byte-order mark for Excel.

    Of a report the long table (``metrics``), of ``funnelkpi deals`` the deals (of a
    figure of calls the calls), of ``funnelkpi inspect`` the account of the files.
    """
    part = next((name for name in _PARTS if name in report.data), "metrics")
    rows = report.data.get(part) or ()
    names = list(columns_of(part)) if part == "metrics" else []
    if isinstance(rows, Rows):
        names += [name for name in rows.columns if name not in names]
    elif not names and rows:
        names = list(rows[0])
    return table(names, rows, to_file=to_file)


def table(
    names: Sequence[str], rows: Iterable[Mapping[str, Any]], *, to_file: bool = False
) -> bytes:
    """Any rows as CSV with the columns ``names``; keys not named are left out."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(_text, names))
    writer.writerows([_field(row.get(name)) for name in names] for row in rows)
    return (BOM if to_file else b"") + out.getvalue().encode("utf-8")


def _field(value: Any) -> str | int | float:
    field: str | int | float
    if isinstance(value, str):
        field = _text(value)
    elif value is None or type(value).__name__ in ("NAType", "NaTType"):
        field = ""
    elif isinstance(value, bool):
        field = "true" if value else "false"
    elif isinstance(value, date):
        field = value.isoformat()
    elif isinstance(value, (list, tuple)):
        field = _text("; ".join(str(_field(item)) for item in value))
    elif isinstance(value, int):
        field = int(value)
    else:
        try:
            field = _numeral(float(value))  # numpy's numbers too
        except (TypeError, ValueError):
            field = _text(str(value))
    return field


def _numeral(value: float) -> str | int | float:
    if not math.isfinite(value):
        return ""
    return int(value) if value.is_integer() and abs(value) < _EXACT else value


def _text(value: str) -> str:
    """Text as one line, guarded: no spreadsheet may take it for a formula."""
    line = one_line(value)
    return "'" + line if value.startswith(_FORMULA) or line.startswith(_FORMULA) else line
