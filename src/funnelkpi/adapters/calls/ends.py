"""The two ends of a call: which is the client's number and which the company's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.calls.people import Staff, occurring
from funnelkpi.adapters.calls.words import HIDDEN, INTERNAL, direction_of
from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.flags import parse_flag, says_nothing
from funnelkpi.adapters.cells.phones import are_local, normalise
from funnelkpi.adapters.cells.texts import Coded, coalesced, flat
from funnelkpi.config.schema import Settings
from funnelkpi.model.finding import Severity, listed

Bools = npt.NDArray[np.bool_]
_TEXT = pa.large_string()
_SHOWN = 3
_UNKNOWN, _OUT, _IN = -1, 0, 1
_WAYS = pa.array(["out", "in"], _TEXT)


@dataclass(frozen=True)
class OwnNumbers:
    """The company's own numbers: its lines, its managers' extensions and logins, and every number
    of at most ``digits`` digits."""

    numbers: frozenset[str]
    logins: frozenset[str]
    digits: int

    @classmethod
    def of(cls, settings: Settings, staff: Staff) -> OwnNumbers:
        """Those of the config."""
        lines = pa.array(list(settings.telephony.lines), _TEXT)
        own = flat(normalise(lines, staff.region)).drop_null().to_pylist()
        numbers = frozenset(own) | frozenset(staff.numbers)
        return cls(numbers, frozenset(staff.logins), settings.telephony.extension_digits)


@dataclass(frozen=True)
class End:
    """One end of the calls: its normalised number as codes, and what it is in each row."""

    number: Coded
    own: Bools
    hidden: Bools

    @classmethod
    def nothing(cls, n: int) -> End:
        """An end the file says nothing of."""
        return cls(Coded.nothing(n), np.zeros(n, bool), np.zeros(n, bool))


@dataclass(frozen=True)
class Ends:
    """What is known of the ends of the calls.

    phone: the client's number (of an internal call the colleague's), missing where hidden.
    direction: in, out, callback, info. own: the company's own end, where the file names it.
    """

    phone: Any
    hidden: Bools
    internal: Bools
    direction: Coded
    own: Coded


def ends_of(cells: Cells, own: OwnNumbers, region: str, no_call: Bools) -> Ends:
    """The ends of the calls of one table, by ``phone`` or by ``from_number`` and ``to_number``.

    no_call: rows that are no calls, whatever their words.
    """
    if {"from_number", "to_number"} & cells.export.mapping.keys():
        return _by_both_ends(cells, own, region)
    direction, internal = _direction(cells, ~no_call)
    client = _end(cells, "phone", own, region)
    phone = client.number.where(~client.hidden).arrow()
    return Ends(phone, client.hidden, internal | client.own, direction, Coded.nothing(cells.n))


def _by_both_ends(cells: Cells, own: OwnNumbers, region: str) -> Ends:
    """Whose end is the client's: the one that is not the company's own, else by the direction."""
    direction, internal = _direction(cells, None)
    caller, called = (_end(cells, name, own, region) for name in ("from_number", "to_number"))
    between = caller.own & called.own
    seen = np.full(cells.n, _UNKNOWN, np.int8)
    seen[caller.hidden | called.own] = _IN
    seen[caller.own] = _OUT
    outward = np.array([t != "in" for t in direction.texts()], np.bool_)
    given = direction.per_row(np.where(outward, _OUT, _IN).astype(np.int8), _UNKNOWN)
    one_own = caller.own ^ called.own
    way = np.where(one_own | (given == _UNKNOWN), seen, given)
    unknown = way == _UNKNOWN
    if unknown.any():
        cells.report(
            "findings_calls.own_lines_unknown", unknown,
            column=" / ".join(cells.export.caption(c) for c in ("from_number", "to_number")),
            value=", ".join(_commonest([caller.number, called.number], unknown)),
        )  # fmt: skip
    told = coalesced([direction, Coded(seen.astype(np.int32), _WAYS)])
    client, near = _sides(caller, called, way)
    if "phone" in cells.export.mapping:
        client = _end(cells, "phone", own, region)
    phone = client.number.where(~client.hidden).arrow()
    return Ends(phone, client.hidden, internal | between, told, near)


def _sides(caller: End, called: End, way: npt.NDArray[Any]) -> tuple[End, Coded]:
    """The client's end, and the numbers of the other, by who called whom."""
    both = pa.concat_arrays([caller.number.values, called.number.values])
    first, second = caller.number.codes, called.number.codes.copy()
    second[second >= 0] += np.int32(len(caller.number.values))
    out = way == _OUT
    theirs, ours = np.where(out, second, first), np.where(out, first, second)
    unknown = way == _UNKNOWN
    theirs[unknown] = ours[unknown] = -1
    own = np.where(out, called.own, caller.own)
    hidden = np.where(out, called.hidden, caller.hidden) & ~unknown
    return End(Coded(theirs, both), own, hidden), occurring(Coded(ours, both))


def _commonest(numbers: list[Coded], where: Bools) -> list[str]:
    """The numbers most calls of ``where`` have: most likely lines of the company."""
    counts: dict[str, int] = {}
    for column in numbers:
        used = column.codes[where & (column.codes >= 0)]
        often = np.bincount(used, minlength=1)
        for code in np.argsort(-often, kind="stable")[:_SHOWN].tolist():
            if often[code]:
                text = column.values[code].as_py()
                counts[text] = counts.get(text, 0) + int(often[code])
    return sorted(counts, key=lambda t: (-counts[t], t))[:_SHOWN]


def _end(cells: Cells, name: str, own: OwnNumbers, region: str) -> End:
    """The numbers of a column; those that are none are missing or bare digits, with a finding."""
    at = cells.export.mapping.get(name)
    if not at:
        return End.nothing(cells.n)
    column = cells.coded(at)
    cells.release(at)
    numbers = flat(normalise(column.values, region))
    rest = _places(pc.invert(pc.fill_null(pc.starts_with(numbers, "+"), False)))
    size = len(column.values)
    hidden, ours, bad, local = (np.zeros(size, bool) for _ in range(4))
    raw, digits = column.values.take(rest), numbers.take(rest)
    hidden[rest] = _true(pc.match_substring_regex(raw, HIDDEN))
    ours[rest] = _own(raw, digits, own) & ~hidden[rest]
    if own.numbers:
        ours |= _true(pc.is_in(numbers, pa.array(sorted(own.numbers), _TEXT)))
    blank = np.zeros(len(rest), bool)
    if len(rest):
        short = _true(pc.less(pc.utf8_length(raw), 8))
        blank[short] = [says_nothing(t) for t in raw.filter(pa.array(short)).to_pylist()]
    local[rest] = _true(are_local(digits)) & ~(hidden[rest] | ours[rest])
    bad[rest] = ~(hidden[rest] | ours[rest] | blank | local[rest])
    if bad.any():
        _tell(cells, name, column, bad, "findings_calls.bad_phone", Severity.WARNING)
    if local.any():
        _tell(cells, name, column, local, "findings_calls.local_phone", Severity.NOTE)
    if bad.any():  # what cannot be read is nobody's number, not a client of its own
        numbers = pc.if_else(pa.array(bad), pa.scalar(None, _TEXT), numbers)
    named = pc.if_else(pa.array(ours & ~_true(pc.is_valid(numbers))), column.values, numbers)
    return End(column.mapped(named), column.per_row(ours, False), column.per_row(hidden, False))


def _tell(
    cells: Cells, name: str, column: Coded, texts: Bools, code: str, severity: Severity
) -> None:
    """A finding about the rows of the marked ``texts`` of a column of numbers."""
    where = column.per_row(texts, False)
    if where.any():
        value = column.values[int(column.codes[np.argmax(where)])].as_py()
        caption = cells.export.caption(name)
        cells.report(code, where, column=caption, value=value, severity=severity)


def _own(raw: Any, digits: Any, own: OwnNumbers) -> Bools:
    """Extensions, logins and SIP addresses among texts that are no full number; «0», «+7» and what
    is left of a number in Excel are nobody's."""
    length = pc.fill_null(pc.utf8_length(digits), 0)
    out = _true(pc.and_(pc.greater(length, 0), pc.less_equal(length, own.digits)))
    out &= ~_true(pc.match_substring_regex(raw, r"^\s*(\+|0+\s*$)"))
    out |= _true(pc.match_substring_regex(raw, r"^(?i:sip:)?[^\s@]+@[^\s@]+$"))
    if own.logins:
        folded = pc.utf8_lower(raw)
        out |= _true(pc.is_in(folded, pa.array(sorted(own.logins), _TEXT)))
    return out


def _true(mask: Any) -> Bools:
    out: Bools = np.asarray(pc.fill_null(mask, False).to_numpy(zero_copy_only=False), np.bool_)
    return out


def _places(mask: Any) -> npt.NDArray[np.int64]:
    return np.flatnonzero(_true(mask))


def _direction(cells: Cells, calls: Bools | None) -> tuple[Coded, Bools]:
    """Directions, and which calls the file calls internal. calls: rows whose unread words are to be
    told of."""
    internal = np.zeros(cells.n, bool)
    if at := cells.export.mapping.get("internal"):
        flags = cells.coded(at)
        yes = np.array([parse_flag(t) == 1 for t in flags.texts()], np.bool_)
        internal = flags.per_row(yes, False)
    at = cells.export.mapping.get("direction")
    if not at:
        return Coded.nothing(cells.n), internal
    column = cells.coded(at)
    texts = column.texts()
    ways = [direction_of(t, cells.export.crm) for t in texts]
    inner = np.array([w == INTERNAL for w in ways], np.bool_)
    strange = np.array(
        [w is None and not says_nothing(t) for w, t in zip(ways, texts, strict=True)], np.bool_
    )
    where = column.per_row(strange, False) & calls if calls is not None else internal[:0]
    if where.any():
        used = np.unique(column.codes[where])
        caption = cells.export.caption("direction")
        value = listed([texts[code] for code in used])
        cells.report("findings_calls.unknown_direction", where, column=caption, value=value)
    found = column.mapped([None if w == INTERNAL else w for w in ways])
    return found, internal | column.per_row(inner, False)
