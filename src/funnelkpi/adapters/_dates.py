"""Moments as the CRMs, Excel and APIs write them, parsed column-wise.

Fixed-width forms (DD.MM.YYYY[ HH:MM[:SS]], YYYY-MM-DD[ T]HH:MM[:SS][Z|+03:00]) are read as digits
from the Arrow buffer; Unix seconds and Excel serials through a cast; the rest by distinct value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters._date_forms import day_first, year_first
from funnelkpi.adapters._flags import says_nothing
from funnelkpi.adapters._texts import flat
from funnelkpi.adapters._zones import from_utc

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
_SEPARATORS = (ord("."), ord("/"), ord("-"))
_FIRST_YEAR, _YEARS = 1900, 300
_MONTH_STARTS = (
    (np.arange(_YEARS * 12 + 1) + (_FIRST_YEAR - 1970) * 12).astype("M8[M]").astype("M8[D]")
).astype(np.int64)
_MONTH_DAYS = np.diff(_MONTH_STARTS)
_DAY = 86400


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


@dataclass
class _Parts:
    """Date parts of the rows at ``rows``: year, a/b (day and month in some order) and seconds."""

    rows: npt.NDArray[np.int64]
    year: Ints
    a: Ints
    b: Ints
    year_first: bool
    seconds: Ints
    day: Bools
    utc: Bools  # seconds are already those of UTC
    dots: Bools


class DateColumn:
    """A text column about to be read as moments: ``evidence`` first, then ``parse``."""

    def __init__(self, column: Any) -> None:
        """Split the column into forms; dictionary columns are read by distinct value."""
        self._codes: npt.NDArray[np.int64] | None = None
        if isinstance(column, pa.ChunkedArray) and pa.types.is_dictionary(column.type):
            column = column.unify_dictionaries().combine_chunks()
            column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        if pa.types.is_dictionary(column.type):
            indices = pc.fill_null(column.indices, -1)
            self._codes = indices.to_numpy(zero_copy_only=False).astype(np.int64)
            column = column.dictionary
        texts = flat(column)
        self._n = len(texts)
        self._parts: list[_Parts] = []
        self._epoch: tuple[npt.NDArray[np.int64], Ints, Bools, Bools] | None = None
        left = self._fixed(texts)
        self._bad = np.zeros(self._n, bool)
        if len(left):
            self._others(texts, left)
        self.evidence = self._evidence()

    def _fixed(self, texts: Any) -> npt.NDArray[np.int64]:
        """Parse the fixed-width forms; the rows that have none of them are returned."""
        _, offsets_buffer, data_buffer = texts.buffers()
        if data_buffer is None or self._n == 0:
            return np.empty(0, np.int64)
        offsets = np.frombuffer(offsets_buffer, np.int64)[texts.offset : texts.offset + self._n + 1]
        data = np.frombuffer(data_buffer, np.uint8)
        length = np.diff(offsets)
        if texts.null_count:
            length = np.where(pc.is_null(texts).to_numpy(zero_copy_only=False), 0, length)
        left = length > 0
        for size in (19, 16, 10, 25, 20):
            rows = np.flatnonzero(length == size)
            if len(rows):
                taken = self._of_size(data, offsets[rows], rows, size)
                left[taken] = False
        return np.flatnonzero(left)

    def _of_size(
        self, data: npt.NDArray[np.uint8], starts: Ints, rows: npt.NDArray[np.int64], size: int
    ) -> npt.NDArray[np.int64]:
        at = _reader(data, starts, size)
        year_first = _is_separator(at(4)) & (at(7) == at(4)) if size != 5 else None
        day_first = _is_separator(at(2)) & (at(5) == at(2)) if size in (10, 16, 19) else None
        taken = []
        for mask, first in ((year_first, True), (day_first, False)):
            if mask is None or not mask.any():
                continue
            inside = rows if mask.all() else rows[mask]
            read = at if mask.all() else _reader(data, starts[mask], size)
            good = self._digits(read, inside, size, first)
            taken.append(inside[good])
        return np.concatenate(taken) if taken else np.empty(0, np.int64)

    def _digits(
        self,
        at: Callable[[int], npt.NDArray[np.uint8]],
        rows: npt.NDArray[np.int64],
        size: int,
        year_first: bool,
    ) -> Bools:
        good = np.ones(len(rows), bool)

        def number(*places: int) -> npt.NDArray[np.int32]:
            value = np.zeros(len(rows), np.int32)
            for place in places:
                digit = at(place) - np.uint8(48)
                np.logical_and(good, digit <= 9, out=good)
                value = value * 10 + digit
            return value

        if year_first:
            year, a, b = number(0, 1, 2, 3), number(5, 6), number(8, 9)
        else:
            a, b, year = number(0, 1), number(3, 4), number(6, 7, 8, 9)
        seconds = np.zeros(len(rows), np.int32)
        if size >= 16:
            hour, minute = number(11, 12), number(14, 15)
            second = number(17, 18) if size >= 19 else np.zeros(1, np.int32)
            good &= ((at(10) == 32) | (at(10) == ord("T"))) & (at(13) == ord(":"))
            good &= (hour < 24) & (minute < 60) & (second < 60)
            good &= at(16) == ord(":") if size >= 19 else True
            seconds = hour * 3600 + minute * 60 + second
        utc = np.zeros(len(rows), bool)
        if size == 20:
            good &= at(19) == ord("Z")
            utc[:] = True
        if size == 25:
            sign = at(19)
            good &= ((sign == ord("+")) | (sign == ord("-"))) & (at(22) == ord(":"))
            shift = number(20, 21) * 3600 + number(23, 24) * 60
            seconds = seconds - np.where(sign == ord("-"), -shift, shift)
            utc[:] = True
        keep = slice(None) if good.all() else good
        self._parts.append(
            _Parts(
                rows[keep],
                year[keep].astype(np.int64),
                a[keep].astype(np.int64),
                b[keep].astype(np.int64),
                year_first,
                seconds[keep].astype(np.int64),
                np.full(int(good.sum()), size == 10),
                utc[keep],
                (at(2) == ord("."))[keep],
            )
        )
        return good

    def _others(self, texts: Any, left: npt.NDArray[np.int64]) -> None:
        """Numbers by a cast, the rest by distinct value."""
        rest = pc.utf8_trim_whitespace(texts.take(pa.array(left)))
        try:
            numbers = pc.cast(rest, pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            self._by_value(rest.dictionary_encode(), left)
            return
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

    def _by_value(self, coded: Any, left: npt.NDArray[np.int64]) -> None:
        values = coded.dictionary.to_pylist()
        codes = coded.indices.to_numpy(zero_copy_only=False)
        bad = np.zeros(len(values), bool)
        for iso in (True, False):
            kept, parts = [], []
            for i, text in enumerate(values):
                found = year_first(text) if iso else day_first(text)
                if found is not None:
                    kept.append(i)
                    parts.append(found)
                elif not iso and not year_first(text):
                    bad[i] = bool(text) and not says_nothing(text)
            if not kept:
                continue
            table = np.full(len(values), -1, np.int64)
            table[kept] = np.arange(len(kept))
            at = table[codes]
            inside = at >= 0
            columns = np.array(parts, np.int64)[at[inside]].T
            year, a, b, seconds, day, utc, dots = columns
            flags = (day.astype(bool), utc.astype(bool), dots.astype(bool))
            self._parts.append(_Parts(left[inside], year, a, b, iso, seconds, *flags))
        self._bad[left] = bad[codes]

    def _evidence(self) -> Evidence:
        first = second = slashes = 0
        for p in self._parts:
            if not p.year_first:
                first += int((p.a > 12).sum())
                second += int((p.b > 12).sum())
                slashes += int(((p.a <= 12) & (p.b <= 12) & (p.a != p.b) & ~p.dots).sum())
        return Evidence(first, second, slashes)

    def parse(
        self, order: str = "dmy", zone: str = "Europe/Moscow", shift: timedelta | None = None
    ) -> Moments:
        """The moments in ``zone``.

        order: ``mdy`` reads 03/04 as the 4th of March. shift: added to times without an offset (a
        file made in another zone); dates without a time are not moved.
        """
        seconds = np.full(self._n, np.iinfo(np.int64).min, np.int64)
        day, utc, bad = np.zeros(self._n, bool), np.zeros(self._n, bool), self._bad.copy()
        for p in self._parts:
            month, dom = (p.a, p.b) if p.year_first or order == "mdy" else (p.b, p.a)
            good = (month >= 1) & (month <= 12) & (p.year >= _FIRST_YEAR)
            good &= p.year < _FIRST_YEAR + _YEARS
            index = np.where(good, (p.year - _FIRST_YEAR) * 12 + month - 1, 0)
            good &= (dom >= 1) & (dom <= _MONTH_DAYS[index])
            stamp = (_MONTH_STARTS[index] + dom - 1) * _DAY + p.seconds
            seconds[p.rows] = np.where(good, stamp, np.iinfo(np.int64).min)
            day[p.rows], utc[p.rows] = p.day & good, p.utc & good
            # 00.00.0000 and the like: a program's word for nothing
            bad[p.rows] = ~good & ~((p.year == 0) & (p.a == 0) & (p.b == 0))
        if self._epoch is not None:
            rows, stamps, is_utc, whole = self._epoch
            seconds[rows], utc[rows], day[rows] = stamps, is_utc, whole
        known = seconds != np.iinfo(np.int64).min
        times = known & ~day
        if times.any() and not (seconds[times] % _DAY).any() and not utc.any():
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


def _reader(
    data: npt.NDArray[np.uint8], starts: Ints, size: int
) -> Callable[[int], npt.NDArray[np.uint8]]:
    """Byte k of every text: a strided view where the texts lie end to end, else a gather."""
    n = len(starts)
    first = int(starts[0])
    if int(starts[-1]) == first + size * (n - 1) and (
        n < 3 or bool((np.diff(starts) == size).all())
    ):
        block = data[first : first + size * n].reshape(n, size)
        return lambda k: block[:, k]
    return lambda k: data[starts + k]


def _is_separator(byte: npt.NDArray[np.uint8]) -> Bools:
    out: Bools = (byte == _SEPARATORS[0]) | (byte == _SEPARATORS[1]) | (byte == _SEPARATORS[2])
    return out
