"""Phone numbers in E.164, so that one client has one number whatever the file's form.

Plain 10- and 11-digit Russian forms are rewritten as bytes; other distinct values go through the
``phonenumbers`` library (about 22 µs each).
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.cells.texts import (
    Places,
    distinct,
    flat,
    from_bytes,
    portions,
    text_array,
    text_bytes,
)
from funnelkpi.adapters.cells.written_phones import written_numbers

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_RUSSIAN = r"^(?:\+7|7|8)[3489]\d{9}$"
_SHORT = r"^[349]\d{9}$"
_NATIONAL = 10
"""Digits of a Russian number: more may begin with a country code."""
_NOISE = r"[\s\x{00a0}\x{202f}()\-–.]+"
_EXTENSION = r"[\s,]*(?:доб|ext)\.?\s*\d{1,7}$"
"""What ``phonenumbers`` takes for an extension, as it is most often written."""
_PLUS, _ZERO = ord("+"), ord("0")
_FIRST_SIGN, _SIGNS = ord("("), ord("9") - ord("(") + 1
_NOT_OF_THEM = (ord("*"), ord(","), ord("/"))
"""The signs of a number as it is usually written: ( ) + - . 0-9, one row of ASCII but for three."""
_MOBILE = np.isin(np.arange(10), (3, 4, 8, 9))
_SHORT_FIRST = np.isin(np.arange(10), (3, 4, 9))
"""Digits with which the national number begins (written alone: 8 would be the trunk prefix)."""


@lru_cache(maxsize=262144)
def by_library(text: str, region: str) -> str | None:
    """E.164 by ``phonenumbers`` of the first number in ``text`` that is one; bare digits where none
    is, as of a local number without its area code; None without digits."""
    first = None
    for written in written_numbers(text):
        number = _one_number(written, region)
        if number and number.startswith("+"):
            return number
        first = first or number
    return first


def _one_number(text: str, region: str) -> str | None:
    import phonenumbers

    digits = re.sub(r"\D", "", text)
    if not digits:
        return None
    bare = f"+{digits}" if "+" in text else digits  # without the words beside it
    for written in (text, bare, f"+{digits}")[: 3 if len(digits) > _NATIONAL else 2]:
        try:
            number = phonenumbers.parse(written, region)
        except phonenumbers.NumberParseException:
            continue
        possible = phonenumbers.is_possible_number_with_reason(number)
        # +380... without its plus: a number of that country, if its plan has such numbers
        if possible == phonenumbers.ValidationResult.IS_POSSIBLE and (
            written in (text, bare) or phonenumbers.is_valid_number(number)
        ):
            out: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            return out
    return digits


def are_local(numbers: Any) -> Any:
    """Which of the normalised numbers have no area code: matched as they are written (Arrow)."""
    size = pc.utf8_length(numbers)
    right = pc.and_(pc.greater_equal(size, 6), pc.less_equal(size, 7))
    return pc.fill_null(pc.and_(right, pc.match_substring_regex(numbers, r"^\d*[1-9]\d*$")), False)


def normalise(values: Any, region: str) -> Any:
    """Texts (Arrow, large_string) as E.164 numbers, digits, or null («Номер скрыт»): chunked."""
    change = _russian if region == "RU" else partial(_by_value, region=region)
    return pa.chunked_array([change(texts) for texts in portions(values)], pa.large_string())


def _by_value(values: Any, region: str) -> Any:
    coded = values.dictionary_encode()
    found = [by_library(t, region) if t else None for t in coded.dictionary.to_pylist()]
    return pa.array(found, pa.large_string()).take(coded.indices)


def _russian(texts: Any) -> Any:
    plain, easy = _plain_russian(texts)
    hard = ~easy
    if texts.null_count:
        hard &= texts.is_valid().to_numpy(zero_copy_only=False)
    if not hard.any():
        return plain
    where = pa.array(hard)
    coded = texts.filter(where).dictionary_encode()
    return pc.replace_with_mask(
        plain, where, _distinct_russian(coded.dictionary).take(coded.indices)
    )


def _plain_russian(texts: Any) -> tuple[Any, Bools]:
    """Numbers with ten or eleven digits, the usual signs between them and no other; which they are.

    The digits of all texts are laid end to end: the last ten of each are the number.
    """
    data, ends = text_bytes(texts)
    data, ends = data[ends[0] : ends[-1]], ends - ends[0]
    is_digit = data - np.uint8(_ZERO) < 10
    before = np.zeros(len(data) + 1, np.int32)
    np.cumsum(is_digit, out=before[1:])
    last = before[ends]
    digits = np.append(data[is_digit] - np.uint8(_ZERO), np.zeros(11, np.uint8))
    count = np.diff(last)
    first, second = digits[last[:-1]], digits[last[:-1] + 1]
    plus, strange = _signs(data, ends)
    long = (count == 11) & _MOBILE[second] & ((first == 7) | ((first == 8) & ~plus))
    short = (count == 10) & _SHORT_FIRST[first] & ~plus
    easy = (long | short) & ~strange
    if texts.null_count:
        easy &= texts.is_valid().to_numpy(zero_copy_only=False)
    size = np.where(easy, 12, 0)
    out = np.empty((np.count_nonzero(easy), 12), np.uint8)
    out[:, 0], out[:, 1] = _PLUS, _ZERO + 7
    out[:, 2:] = _last_ten(digits, last, count, easy) + np.uint8(_ZERO)
    return from_bytes(out.reshape(-1), np.append(0, np.cumsum(size)), easy), easy


def _last_ten(digits: Bytes, last: npt.NDArray[np.int32], count: Ints, rows: Bools) -> Bytes:
    """The last ten digits of each of ``rows``, side by side."""
    filled = count > 0
    if (count[filled] == 11).all():
        block = digits[last[0] : last[-1]].reshape(-1, 11)[:, 1:]
        return block if rows[filled].all() else block[rows[filled]]
    starts = last[1:][rows] - 10
    found: Bytes = digits[starts[:, None] + np.arange(10)]
    return found


def _signs(data: Bytes, ends: Places) -> tuple[Bools, Bools]:
    """Texts that begin with a plus; texts with other signs than usual, or a plus elsewhere."""
    n = len(ends) - 1
    filled = np.flatnonzero(ends[1:] > ends[:-1])
    plus, strange = np.zeros(n, bool), np.zeros(n, bool)
    plus[filled] = data[ends[:-1][filled]] == _PLUS
    odd = (data - np.uint8(_FIRST_SIGN) >= _SIGNS) & (data != ord(" "))
    for sign in _NOT_OF_THEM:
        odd |= data == sign
    if odd.any():
        strange[np.searchsorted(ends, np.flatnonzero(odd), side="right") - 1] = True
    is_plus = data == _PLUS
    if np.count_nonzero(is_plus) != np.count_nonzero(plus):
        is_plus[ends[:-1][plus]] = False
        strange[np.searchsorted(ends, np.flatnonzero(is_plus), side="right") - 1] = True
    return plus, strange


def _distinct_russian(values: Any) -> Any:
    """``normalise`` of distinct texts that hold any signs. An extension is no part of the number."""
    bare = pc.replace_substring_regex(values, _EXTENSION, "")
    bare = pc.replace_substring_regex(bare, _NOISE, "")
    long = pc.match_substring_regex(bare, _RUSSIAN)
    short = pc.match_substring_regex(bare, _SHORT)
    last_ten = pc.utf8_slice_codeunits(bare, -10)
    text = pa.large_string()
    plain = pc.binary_join_element_wise(pa.scalar("+7", text), last_ten, pa.scalar("", text))
    hard = pc.invert(pc.or_(long, short))
    rest = [by_library(t, "RU") for t in values.filter(hard).to_pylist()]
    return pc.replace_with_mask(plain, hard, pa.array(rest, pa.large_string()))


_NUMBERS = 10**10


def keys_of(numbers: Any, others: Any) -> tuple[Ints, Ints]:
    """Two columns of normalised numbers as integers, equal where the texts are; -1 for null.

    Russian numbers are read as their ten digits; all others are numbered together above them.
    """
    keys = np.concatenate([_national(numbers), _national(others)])
    rest = [
        texts.filter(pa.array(part < 0))
        for texts, part in ((numbers, keys[: len(numbers)]), (others, keys[len(numbers) :]))
    ]
    codes, _ = distinct(pa.concat_arrays([flat(texts) for texts in rest]))
    keys[keys < 0] = np.where(codes < 0, -1, codes + np.int64(_NUMBERS))
    return keys[: len(numbers)], keys[len(numbers) :]


def _national(texts: Any) -> Ints:
    """The ten digits of ``+7`` and ten digits; -1 for any other text."""
    parts = [_national_of(part) for part in portions(texts)]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _national_of(texts: Any) -> Ints:
    _, ends = text_bytes(texts)
    like = np.diff(ends) == 12
    if texts.null_count:
        like &= texts.is_valid().to_numpy(zero_copy_only=False)
    data, at = text_bytes(texts if like.all() else texts.filter(pa.array(like)))
    block = np.ascontiguousarray(data[at[0] : at[-1]].reshape(-1, 12).T)
    digits = block[2:] - np.uint8(_ZERO)
    good = (block[0] == _PLUS) & (block[1] == _ZERO + 7) & (digits.max(axis=0) <= 9)
    pairs = digits[::2] * np.uint8(10) + digits[1::2]
    number = pairs[0].astype(np.int64)
    for pair in pairs[1:]:
        number = number * 100 + pair
    out = np.full(len(texts), -1, np.int64)
    out[like] = np.where(good, number, -1)
    return out


def normalise_phones(phones: pd.Series, region: str) -> pd.Series:
    """A text column of single numbers as ``normalise`` writes them; by distinct value."""
    codes, values = pd.factorize(phones)
    texts = pa.array(values, pa.large_string())
    known = pa.array(codes, mask=np.asarray(codes < 0))
    found = normalise(texts, region).take(known)
    return pd.Series(text_array(found), index=phones.index, name=phones.name)
