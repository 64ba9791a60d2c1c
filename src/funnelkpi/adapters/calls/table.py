"""One calls table in canonical columns: who, when, which number, how long, with what outcome.

START HERE for calls: ``calls_people`` tells whose call it is, ``calls_ends`` which number is the
client's, ``calls_talk`` how it ended, ``calls_links`` what it hangs on, ``calls_words`` reads the
words, ``calls_repeats`` settles several files.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.calls.ends import OwnNumbers, ends_of
from funnelkpi.adapters.calls.links import clients_of, deals_of, results_of, texts_of
from funnelkpi.adapters.calls.people import Staff, employees
from funnelkpi.adapters.calls.talk import outcomes_and_talk
from funnelkpi.adapters.calls.words import time_of_day
from funnelkpi.adapters.captions import text_key
from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.texts import Coded, text_array
from funnelkpi.adapters.freed import give_back
from funnelkpi.adapters.interface import Export
from funnelkpi.adapters.lookup import Lookups
from funnelkpi.adapters.part import Part, flags, same_value
from funnelkpi.config.schema import Settings
from funnelkpi.model.finding import Severity

BILLING = "биллинг"
"""Rows of charges in the telephony detail: no call."""
_CALL_NOTES = ("call_in", "call_out", "callin", "callout", "10", "11")
"""Kinds of amoCRM's notes that are calls; 10 and 11 in old answers of the API."""
Bools = npt.NDArray[np.bool_]


def read_calls(export: Export, settings: Settings, lookups: Lookups) -> Part:
    """Read and convert a table of calls; what is no call is excluded, a call without a time
    rejected."""
    cells = Cells(
        export, [p for several in export.mapping.values() for p in several], settings.time_zone
    )
    other = _other_notes(cells)
    billing = _billing(cells)
    called = _moments(cells)
    give_back()
    staff = Staff.of(settings)
    region = settings.calls.phone_region
    ends = ends_of(cells, OwnNumbers.of(settings, staff), region, billing | other)
    outcome, talk = outcomes_and_talk(cells)
    frame = pd.DataFrame(
        {
            "called_at": called,
            "employee": employees(cells, lookups, staff, ends.own).where(~billing).categorical(),
            "phone": text_array(ends.phone),
            "direction": ends.direction.categorical(),
            "talk_seconds": talk,
            "outcome": outcome.categorical(),
            "deal_id": deals_of(cells),
            "call_id": texts_of(cells, "call_id"),
            "line": _line(cells, ends.own).categorical(),
            "result": results_of(cells).categorical(),
            "recording": texts_of(cells, "recording"),
            "client": clients_of(cells).categorical(),
            "internal": flags(ends.internal.astype(np.int8)),
            "hidden": flags(ends.hidden.astype(np.int8)),
            "crm": same_value(export.crm, cells.n),
            "_file": same_value(export.source.name, cells.n),
            "_row": cells.row_numbers,
        },
        copy=False,
    )
    no_call = billing | other
    no_time = np.isnat(called) & ~no_call
    if no_time.any():
        cells.report("call_without_time", no_time, column=export.caption("called_at"))
    excluded: list[tuple[str, int]] = []
    for code, rows in (("findings_adapters.billing_rows", billing),
                       ("findings_calls.other_notes", other)):  # fmt: skip
        if rows.any():
            cells.report(code, rows, severity=Severity.NOTE)
            excluded.append((code, int(rows.sum())))
    part = Part(
        export, frame, cells.rows, rejected=cells.rejected + int(no_time.sum()),
        excluded=tuple(excluded), findings=tuple(cells.findings),
    )  # fmt: skip
    return part.keep(~(no_call | no_time))


def _moments(cells: Cells) -> npt.NDArray[Any]:
    """The start of each call; of a date and a time in two columns their sum."""
    export = cells.export
    position = export.mapping["called_at"][0]
    order = cells.settle_order([position])
    called: npt.NDArray[Any] = cells.moments(position, export.caption("called_at"), order).values
    at = export.mapping.get("called_time")
    if not at:
        _tell_of_days(cells, called)
        return called
    clock = cells.coded(at)
    seconds = [time_of_day(t.rpartition(" ")[2]) for t in clock.texts()]
    bad = clock.per_row(np.array([s is None for s in seconds], np.bool_), False)
    if bad.any():
        value = clock.texts()[int(clock.codes[np.argmax(bad)])]
        cells.report("bad_date", bad, column=export.caption("called_time"), value=value)
    added = clock.per_row(np.array([s or 0 for s in seconds], np.int64), 0)
    out: npt.NDArray[Any] = called.astype("M8[D]").astype("M8[s]") + added.astype("m8[s]")
    return out


def _tell_of_days(cells: Cells, called: npt.NDArray[Any]) -> None:
    """A file that tells the day of its calls and not the time: no order, no hours."""
    known = ~np.isnat(called)
    if known.any() and bool((called[known] == called[known].astype("M8[D]")).all()):
        caption = cells.export.caption("called_at")
        cells.report("findings_calls.days_only", known, column=caption)


def _billing(cells: Cells) -> Bools:
    at = cells.export.mapping.get("employee")
    if not at or cells.export.crm != "bitrix24":
        return np.zeros(cells.n, bool)
    return _is(cells.coded(at), (BILLING,))


def _other_notes(cells: Cells) -> Bools:
    """Notes of amoCRM that are no calls: texts, messages, changes made by programs."""
    at = cells.export.mapping.get("note_type")
    if not at:
        return np.zeros(cells.n, bool)
    kinds = cells.coded(at)
    return ~_is(kinds, _CALL_NOTES) & (kinds.codes >= 0)


def _is(column: Coded, keys: tuple[str, ...]) -> Bools:
    table = np.array([text_key(t) in keys for t in column.texts()], np.bool_)
    return column.per_row(table, False)


def _line(cells: Cells, own_end: Coded) -> Coded:
    """The company's line: as the file names it, else its own end where that is a whole number."""
    at = cells.export.mapping.get("line")
    return cells.coded(at) if at else own_end.renamed(lambda t: t if t.startswith("+") else None)
