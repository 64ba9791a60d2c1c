"""Moments as the CRMs, Excel and APIs write them, parsed column-wise.

Fixed-width forms (DD.MM.YYYY[ HH:MM[:SS]], YYYY-MM-DD[ T]HH:MM[:SS][Z|+03:00]) are read as digits
from the Arrow buffer; Unix seconds and Excel serials through a cast; the rest by distinct value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.cells.date_forms import day_first, year_first
from funnelkpi.adapters.cells.flags import says_nothing
from funnelkpi.adapters.cells.texts import CHUNK, distinct, portions, text_bytes
from funnelkpi.adapters.cells.zones import from_utc

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
_SEPARATORS = (ord("."), ord("/"), ord("-"))
_FIRST_YEAR, _YEARS = 1900, 300
_MONTH_STARTS = (
    (np.arange(_YEARS * 12 + 1) + (_FIRST_YEAR - 1970) * 12).astype("M8[M]").astype("M8[D]")
).astype(np.int64)
_MONTH_DAYS = np.diff(_MONTH_STARTS).astype(np.uint8)
_DAY = 86400
_NONE = np.iinfo(np.int64).min
_READ, _YEAR_FIRST, _DAY_ONLY, _UTC, _DOTS = 1, 2, 4, 8, 16
"""What is known of a row: it was read as a date; its year stands first; it has no time; its seconds
are those of UTC; its parts are divided by dots."""
_DIGITS: dict[bool, tuple[int, ...]] = {
    True: (0, 1, 2, 3, 5, 6, 8, 9),
    False: (6, 7, 8, 9, 0, 1, 3, 4),
}
"""Year first or not -> where the digits of the year and the two other parts stand."""


@dataclass(frozen=True)
class Evidence:
    """What a column says of the order of day and month.

    first_over, second_over: values whose first (second) part is above 12. slashes: values whose
    order nothing but convention tells (dots mean day first).
    """

    first_over: int = 0
    second_over: int = 0
    slashes: int = 0

    @property
    def order(self) -> str | None:
        """``dmy``, ``mdy`` (the commoner where both occur), or None: cannot be told."""
        if not self.first_over and not self.second_over:
            return None
        return "dmy" if self.first_over >= self.second_over else "mdy"


@dataclass(frozen=True)
class Moments:
    """Naive local moments (NaT: none), date-only ones, and cells that are no moment."""

    values: npt.NDArray[np.datetime64]
    day: Bools
    bad: Bools


class DateColumn:
    """A text column about to be read as moments: ``evidence`` first, then ``parse``."""

    def __init__(self, column: Any) -> None:
        """Split the column into parts; dictionary columns are read by distinct value."""
        self._codes: npt.NDArray[np.int32] | None = None
        if pa.types.is_dictionary(column.type):
            self._codes, column = distinct(column)
        n = self._n = len(column)
        self._year, self._seconds = np.zeros(n, np.int16), np.zeros(n, np.int32)
        self._a, self._b, self._form = (np.zeros(n, np.uint8) for _ in range(3))
        self._bad = np.zeros(n, bool)
        self._epoch: tuple[npt.NDArray[np.int64], Ints, Bools, Bools] | None = None
        rest: list[Any] = []
        left: list[npt.NDArray[np.int64]] = []
        start = 0
        for texts in portions(column):
            rows = self._fixed(texts, start)
            if len(rows):
                rest.append(texts.take(pa.array(rows)))
                left.append(rows + start)
            start += len(texts)
        if rest:
            self._others(rest, np.concatenate(left))
        self.evidence = self._evidence()

    def _fixed(self, texts: Any, start: int) -> npt.NDArray[np.int64]:
        """Read the fixed-width forms; the rows that have none of them are returned."""
        _, ends = text_bytes(texts)
        length = np.diff(ends)
        if texts.null_count:
            length[pc.is_null(texts).to_numpy(zero_copy_only=False)] = 0
        filled = length > 0
        left = filled.copy()
        for size in (19, 16, 10, 25, 20):
            inside = length == size
            if not inside.any():
                continue
            rows = np.flatnonzero(inside)
            # nothing else in the column: its bytes are those of the rows, end to end
            same = len(rows) == int(filled.sum()) and int(ends[-1] - ends[0]) == size * len(rows)
            data, at = text_bytes(texts if same else texts.filter(pa.array(inside)))
            block = data[at[0] : at[-1]].reshape(len(rows), size)
            taken = self._of_size(np.ascontiguousarray(block.T), rows, start, size)
            left[taken] = False
        return np.flatnonzero(left)

    def _of_size(self, at: Bytes, rows: npt.NDArray[np.int64], start: int, size: int) -> Any:
        """Read rows of one length, ``at[k]`` being byte k of each; the rows read are returned."""
        forms = [(True, _is_separator(at[4]) & (at[7] == at[4]))]
        if size in (10, 16, 19):
            forms.append((False, _is_separator(at[2]) & (at[5] == at[2])))
        taken = []
        for is_year_first, mask in forms:
            if not mask.any():
                continue
            inside, read = (rows, at) if mask.all() else (rows[mask], at[:, mask])
            good = self._read(read, inside + start, size, is_year_first)
            taken.append(inside[good])
        return np.concatenate(taken) if taken else np.empty(0, np.int64)

    def _read(self, at: Bytes, rows: npt.NDArray[np.int64], size: int, ahead: bool) -> Bools:
        """Read rows of one form (year ahead or not); whether each was read is returned."""
        places = _DIGITS[ahead]
        if size >= 16:
            places += (11, 12, 14, 15, 17, 18, 20, 21, 23, 24)[: {16: 4, 25: 10}.get(size, 6)]
        digits = at[list(places)] - np.uint8(ord("0"))
        good: Bools = digits.max(axis=0) <= 9
        two = digits[::2] * np.uint8(10) + digits[1::2]
        seconds = np.zeros(len(rows), np.int32)
        form = _READ | (_YEAR_FIRST if ahead else 0) | (_DAY_ONLY if size == 10 else 0)
        if size >= 16:
            good &= ((at[10] == ord(" ")) | (at[10] == ord("T"))) & (at[13] == ord(":"))
            good &= (two[4] < 24) & (two[5] < 60)
            seconds = two[4] * np.int32(3600) + two[5] * np.int32(60)
        if size >= 19:
            good &= (at[16] == ord(":")) & (two[6] < 60)
            seconds += two[6]
        if size == 20:
            good &= at[19] == ord("Z")
        if size == 25:
            sign = at[19]
            good &= ((sign == ord("+")) | (sign == ord("-"))) & (at[22] == ord(":"))
            shift = two[7] * np.int32(3600) + two[8] * np.int32(60)
            seconds -= np.where(sign == ord("-"), -shift, shift)
        form |= _UTC if size in (20, 25) else 0
        forms = np.where(at[2] == ord("."), np.uint8(form | _DOTS), np.uint8(form))
        year = two[0] * np.int16(100) + two[1]
        if not good.all():
            rows, year, two, seconds = rows[good], year[good], two[:, good], seconds[good]
            forms = forms[good]
        to = _slice(rows)
        self._year[to], self._a[to], self._b[to] = year, two[2], two[3]
        self._seconds[to], self._form[to] = seconds, forms
        return good

    def _others(self, rest: list[Any], left: npt.NDArray[np.int64]) -> None:
        """Numbers by a cast, the rest by distinct value."""
        try:
            cast = [pc.cast(pc.utf8_trim_whitespace(texts), pa.float64()) for texts in rest]
        except pa.ArrowInvalid:
            codes, values = distinct(pa.chunked_array(rest))
            self._by_value(codes, pc.utf8_trim_whitespace(values), left)
            return
        numbers = np.concatenate([c.to_numpy(zero_copy_only=False) for c in cast])
        serial = (numbers >= 20000) & (numbers < 80000)
        milliseconds = (numbers >= 1e11) & (numbers < 1e14)
        seconds = (numbers >= 1e8) & (numbers < 1e11)
        zero = numbers == 0  # the APIs' word for no moment
        self._bad[left] = ~(serial | milliseconds | seconds | zero)
        with np.errstate(invalid="ignore"):
            stamp = np.where(milliseconds, numbers // 1000, numbers)
            stamp = np.where(serial, np.round((numbers - 25569) * _DAY), stamp)
        good = serial | milliseconds | seconds
        whole = serial & (numbers == np.floor(numbers))
        self._epoch = (left[good], stamp[good].astype(np.int64), ~serial[good], whole[good])

    def _by_value(
        self, codes: npt.NDArray[np.int32], texts: Any, left: npt.NDArray[np.int64]
    ) -> None:
        """Rows at ``left`` whose text is the one of their code."""
        values = texts.to_pylist()
        bad = np.zeros(len(values), bool)
        parts = np.zeros((5, len(values)), np.int32)
        for i, text in enumerate(values):
            if (found := year_first(text)) is not None:
                form = _READ | _YEAR_FIRST
            elif (found := day_first(text)) is not None:
                form = _READ
            else:
                bad[i] = bool(text) and not says_nothing(text)
                continue
            *numbers, day, utc, dots = found
            form |= day * _DAY_ONLY | utc * _UTC | dots * _DOTS
            parts[:, i] = (*numbers, form)
        into: list[npt.NDArray[Any]] = [self._year, self._a, self._b, self._seconds, self._form]
        for part, column in zip(parts, into, strict=True):
            column[left] = part.astype(column.dtype)[codes]
        self._bad[left] = bad[codes]

    def _weights(self) -> npt.NDArray[np.int64] | None:
        """How many rows of the column have each distinct value."""
        if self._codes is None:
            return None
        return np.bincount(self._codes + 1, minlength=self._n + 1)[1:]

    def _evidence(self) -> Evidence:
        told = (self._form & (_READ | _YEAR_FIRST)) == _READ
        weights = self._weights()
        first, second = self._a > 12, self._b > 12
        slashes = ~first & ~second & (self._a != self._b) & ((self._form & _DOTS) == 0)
        counted = (told & first, told & second, told & slashes)
        if weights is None:
            return Evidence(*(int(np.count_nonzero(c)) for c in counted))
        return Evidence(*(int(weights[c].sum()) for c in counted))

    def parse(
        self, order: str = "dmy", zone: str = "Europe/Moscow", shift: timedelta | None = None
    ) -> Moments:
        """The moments in ``zone``.

        order: ``mdy`` reads 03/04 as the 4th of March. shift: added to times without an offset (a
        file made in another zone); dates without a time are not moved.
        """
        seconds = np.empty(self._n, np.int64)
        day, bad = np.empty(self._n, bool), self._bad.copy()
        for start in range(0, self._n, CHUNK):
            part = slice(start, start + CHUNK)
            seconds[part], day[part], no_date = self._calendar(part, order == "mdy")
            bad[part] |= no_date
        utc = (self._form & _UTC) != 0
        if self._epoch is not None:
            rows, stamps, is_utc, whole = self._epoch
            seconds[rows], utc[rows], day[rows] = stamps, is_utc, whole
        known = seconds != _NONE
        utc &= known
        if not utc.any() and self._all_midnight(seconds, known & ~day):
            day |= known  # native dates of a re-saved workbook: midnight in every row
        values = seconds.view("M8[s]")
        if utc.any():
            values = np.where(utc, from_utc(values, utc, zone), values)
        if shift:
            moved = known & ~day & ~utc
            values = np.where(
                moved, values + np.timedelta64(int(shift.total_seconds()), "s"), values
            )
        if self._codes is None:
            return Moments(values, day, bad)
        codes = self._codes
        return Moments(
            np.append(values, np.datetime64("NaT", "s"))[codes],
            np.append(day, False)[codes],
            np.append(bad, False)[codes],
        )

    def _calendar(self, part: slice, month_first: bool) -> tuple[Ints, Bools, Bools]:
        """Seconds since 1970, whether without a time, whether no date of the calendar."""
        form, year, a, b = self._form[part], self._year[part], self._a[part], self._b[part]
        month, dom = (a, b) if month_first else (b, a)
        ahead = (form & _YEAR_FIRST) != 0
        if ahead.any() and not month_first:
            month, dom = np.where(ahead, a, b), np.where(ahead, b, a)
        read = (form & _READ) != 0
        good = read & (month - np.uint8(1) < 12)  # 0 becomes 255
        good &= (year >= _FIRST_YEAR) & (year < _FIRST_YEAR + _YEARS)
        index = np.where(good, (year - np.int16(_FIRST_YEAR)) * np.int16(12) + month - 1, 0)
        good &= dom - np.uint8(1) < _MONTH_DAYS[index]
        stamp = (_MONTH_STARTS[index] + dom - 1) * _DAY + self._seconds[part]
        # 00.00.0000 and the like: a program's word for nothing
        nothing = (year == 0) & (a == 0) & (b == 0)
        day = good & ((form & _DAY_ONLY) != 0)
        return np.where(good, stamp, _NONE), day, read & ~good & ~nothing

    def _all_midnight(self, seconds: Ints, times: Bools) -> bool:
        """Whether there are moments, and all of them are midnights."""
        if (weights := self._weights()) is not None:
            times = times & (weights > 0)
        places = np.flatnonzero(times)
        starts = range(0, len(places), CHUNK)
        return len(places) > 0 and not any(
            (seconds[places[i : i + CHUNK]] % _DAY).any() for i in starts
        )


def _slice(rows: npt.NDArray[np.int64]) -> Any:
    """Ascending positions as a slice if they follow one another: faster to write to."""
    if len(rows) and int(rows[-1] - rows[0]) == len(rows) - 1:
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


def _is_separator(byte: npt.NDArray[np.uint8]) -> Bools:
    out: Bools = (byte == _SEPARATORS[0]) | (byte == _SEPARATORS[1]) | (byte == _SEPARATORS[2])
    return out
