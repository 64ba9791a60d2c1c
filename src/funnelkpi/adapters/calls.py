"""One calls table in canonical columns: who, when, which number, how long, with what outcome."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from funnelkpi.adapters._cells import Cells
from funnelkpi.adapters._flags import says_nothing
from funnelkpi.adapters._phones import normalise
from funnelkpi.adapters._texts import Coded, coalesced, flat, text_array
from funnelkpi.adapters.captions import text_key
from funnelkpi.adapters.interface import Export
from funnelkpi.adapters.lookup import Lookups
from funnelkpi.adapters.part import Part, same_value
from funnelkpi.config.schema import Settings
from funnelkpi.model.finding import Severity

BILLING = "биллинг"
"""Rows of charges in the telephony detail: no call."""

_OUTCOME_CODES = {
    "200": "success", "304": "missed", "603": "declined", "603-S": "cancelled", "486": "busy",
    "403": "failed", "404": "failed", "484": "failed", "503": "failed", "500": "failed",
    "480": "failed", "402": "failed", "402-B24": "failed", "423": "failed", "OTHER": "unknown",
}  # fmt: skip
_AMO_STATUSES = {
    "1": "missed", "2": "success", "3": "missed", "4": "success", "5": "failed", "6": "missed",
    "7": "busy", "8": "unknown",
}  # fmt: skip
"""amoCRM call_status: 1 left a message, 2 call back, 3 not in, 4 talk took place, 5 wrong number,
6 no answer, 7 busy."""
_OUTCOMES = (
    ("unknown", r"не определен|undefined|unknown|indefinid"),
    ("failed", r"неверный номер|неуспеш|unsuccess|не доступ|недоступ|запрещен|внутренняя ошибка|"
               r"недостаточно|"
               r"заблокирован|unavailable|not available|forbidden|wrong number|invalid|blocked|"
               r"insufficient|error|indispon|inválid|proibid|bloquead|insuficiente"),
    ("missed", r"пропущен|неотвечен|не ответ|нет ответа|missed|no answer|perdid|não atend"),
    ("declined", r"отклонен|declin|reject|recusad|rejeitad"),
    ("cancelled", r"отменен|отмена|cancel"),
    ("busy", r"занят|busy|ocupad"),
    ("success", r"успеш|состоял|отвечен|success|answered|bem.sucedid|sucesso|exitos|completed"),
)  # fmt: skip
_DIRECTIONS = (
    ("callback", r"обратн|callback|call back|retorno"),
    ("info", r"информ|\binfo"),
    ("in", r"вход|^in$|incoming|inbound|call_in|recebid|entra"),
    ("out", r"исход|^out$|outgoing|outbound|call_out|saíd|saint|efetuad|realizad"),
)
_DIRECTION_CODES = {"1": "out", "2": "in", "3": "in", "4": "callback", "5": "info"}
_UNITS = re.compile(
    r"(?:(\d+)\s*(?:ч|час\w*|h|hrs?|hours?)\b\.?)?[\s,]*"
    r"(?:(\d+)\s*(?:мин\w*|m|min\w*)\b\.?)?[\s,]*"
    r"(?:(\d+)\s*(?:сек\w*|с|s|sec\w*|seg\w*)\b\.?)?"
)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})")


def seconds_of(text: str) -> int | None:
    """Seconds of «4 мин, 53 сек», ``1 min 5 s``, ``01:02:03``, ``65``; None: no duration."""
    key = text_key(text)
    if re.fullmatch(r"\d+(\.\d+)?", key):
        return round(float(key))
    if clock := _CLOCK.fullmatch(key):
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    # «сек», «мин» hold letters that have Latin twins: units are matched on the plain text too
    units = _UNITS.fullmatch(text.strip().casefold())
    if units and any(units.groups()):
        hours, minutes, seconds = (int(g or 0) for g in units.groups())
        return hours * 3600 + minutes * 60 + seconds
    return None


def outcome_of(text: str, crm: str) -> str:
    """The outcome a status text or code means; ``unknown`` where it says nothing known."""
    code = text.strip()
    if code.startswith("[") and "]" in code:
        code = code[1 : code.index("]")]
    code = code.removesuffix(".0").upper()
    table = _AMO_STATUSES if crm == "amocrm" else _OUTCOME_CODES
    if code in table:
        return table[code]
    key = text_key(text)
    return next((name for name, words in _OUTCOMES if re.search(words, key)), "unknown")


def direction_of(text: str) -> str | None:
    """in, out, callback or info; None for anything else."""
    key = text_key(text)
    if key in _DIRECTION_CODES:
        return _DIRECTION_CODES[key]
    return next((name for name, words in _DIRECTIONS if re.search(words, key)), None)


def read_calls(export: Export, settings: Settings, lookups: Lookups) -> Part:
    """Read and convert a table of calls; billing is excluded, calls without a time rejected."""
    cells = Cells(
        export, [p for several in export.mapping.values() for p in several], settings.time_zone
    )
    at = export.mapping
    order = cells.settle_order([at["called_at"][0]])
    called = cells.moments(at["called_at"][0], export.caption("called_at"), order).values
    employee = _employee(cells, lookups)
    billing = _is(employee, lambda t: text_key(t) == BILLING)
    direction = _coded(cells, "direction")
    outcome, talk = _talk(cells)
    frame = pd.DataFrame(
        {
            "called_at": called,
            "employee": employee.where(~billing).categorical(),
            "phone": text_array(_phones(cells, settings.calls.phone_region)),
            "direction": direction.renamed(direction_of).categorical(),
            "talk_seconds": talk,
            "outcome": outcome.categorical(),
            "deal_id": text_array(_deals(cells).arrow()),
            "crm": same_value(export.crm, cells.n),
            "_file": same_value(export.source.name, cells.n),
            "_row": cells.row_numbers,
        },
        copy=False,
    )
    no_time = np.isnat(called) & ~billing
    if no_time.any():
        cells.report("call_without_time", no_time, column=export.caption("called_at"))
    excluded: tuple[tuple[str, int], ...] = ()
    if billing.any():
        cells.report("billing_rows", billing, severity=Severity.NOTE)
        excluded = (("findings_adapters.billing_rows", int(billing.sum())),)
    part = Part(
        export, frame, cells.rows, rejected=cells.rejected + int(no_time.sum()), excluded=excluded,
        findings=tuple(cells.findings),
    )  # fmt: skip
    return part.keep(~(billing | no_time))


def _coded(cells: Cells, name: str) -> Coded:
    at = cells.export.mapping.get(name)
    return cells.coded(at) if at else Coded.nothing(cells.n)


def _is(column: Coded, test: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
    table = np.array([test(t) for t in column.texts()], np.bool_)
    return column.per_row(table, False)


def _employee(cells: Cells, lookups: Lookups) -> Coded:
    named = _coded(cells, "employee").renamed(
        lambda t: None if says_nothing(t) else t.rpartition("] ")[2] if t.startswith("[") else t
    )
    if "employee_id" not in cells.export.mapping:
        return named
    found, unknown = lookups.named("users", cells.export.crm, _coded(cells, "employee_id"))
    if not named.texts():
        strange = unknown.codes >= 0
        if strange.any():
            cells.report(
                "ids_without_names", strange, column=cells.export.caption("employee_id"),
                value=", ".join(sorted(unknown.texts())[:5]), what="employee",
            )  # fmt: skip
        return found
    return coalesced([named, found])


def _phones(cells: Cells, region: str) -> Any:
    at = cells.export.mapping.get("phone")
    if not at:
        return pa.nulls(cells.n, pa.large_string())
    if cells.is_coded(at[0]):
        phones = cells.coded(at)
        return phones.mapped(flat(normalise(phones.values, region))).arrow()
    return normalise(cells.text(at), region)


def _talk(cells: Cells) -> tuple[Coded, npt.NDArray[np.int64]]:
    """Outcome and seconds of talk: what is counted for a call that was not answered is waiting."""
    status, length = _coded(cells, "outcome"), _coded(cells, "talk_seconds")
    texts = length.texts()
    parsed = [seconds_of(t) for t in texts]
    seconds = length.per_row(np.array([s or 0 for s in parsed], np.int64), 0)
    bad = np.array([s is None and not says_nothing(t) for s, t in zip(parsed, texts, strict=True)])
    unread = length.per_row(bad.astype(bool), False)
    if unread.any():
        value = next(t for t, b in zip(texts, bad, strict=True) if b)
        cells.report(
            "bad_duration", unread, column=cells.export.caption("talk_seconds"), value=value
        )
    if "outcome" not in cells.export.mapping:
        names = pa.array(["success", "unknown"], pa.large_string())
        return Coded(np.where(seconds > 0, 0, 1).astype(np.int32), names), seconds
    outcomes = [outcome_of(t, cells.export.crm) for t in status.texts()]
    strange = [
        t for t, o in zip(status.texts(), outcomes, strict=True)
        if o == "unknown" and not re.search(_OUTCOMES[0][1], text_key(t)) and text_key(t) != "other"
    ]  # fmt: skip
    if strange:
        where = _is(status, lambda t: t in set(strange))
        column = cells.export.caption("outcome")
        cells.report("unknown_outcome", where, column=column, value=", ".join(strange[:3]))
    success = status.per_row(np.array([o == "success" for o in outcomes], np.bool_), False)
    found = status.mapped(outcomes)
    nothing = pa.array(["unknown"], pa.large_string())
    blank = Coded(np.zeros(cells.n, np.int32), nothing)
    return coalesced([found, blank]), np.where(success, seconds, 0)


def _deals(cells: Cells) -> Coded:
    ids = _coded(cells, "deal_id").renamed(lambda t: t.removesuffix(".0"))
    if "deal_entity" not in cells.export.mapping:
        return ids
    kinds = ("deal", "deals", "leads", "lead") if cells.export.crm == "amocrm" else ("deal",)
    return ids.where(_is(_coded(cells, "deal_entity"), lambda t: text_key(t) in kinds))
