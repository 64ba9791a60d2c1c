"""Text columns in Arrow: trimmed, unguarded, unescaped; as codes and distinct values."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int32]
Places = npt.NDArray[np.signedinteger[Any]]
TEXT = pd.StringDtype("pyarrow", na_value=np.nan)
CHUNK = 1 << 16
"""Rows worked on at a time: what is made of them stays in the processor's cache."""
_COMMA = pa.scalar(", ", pa.large_string())
_GUARD, _AMPERSAND = ord("'"), ord("&")
_MAYBE_BLANK_FIRST = np.zeros(256, bool)
_MAYBE_BLANK_FIRST[[*range(33), 0xC2, 0xE1, 0xE2, 0xE3]] = True
_MAYBE_BLANK_LAST = np.zeros(256, bool)
_MAYBE_BLANK_LAST[[*range(33), *range(0x80, 0x8B), 0x9F, 0xA0, 0xA8, 0xA9, 0xAF]] = True
"""Bytes with which a blank of Unicode begins (ends) in UTF-8; other characters may, too."""


def text_array(texts: Any) -> Any:
    """An Arrow text array as a pandas array of the default ``str`` type, without a copy."""
    dtype: Any = TEXT
    return dtype.__from_arrow__(texts)


def flat(column: Any) -> Any:
    """A chunked or dictionary column as one large_string array."""
    if isinstance(column, pa.ChunkedArray):
        return concatenated([flat(chunk) for chunk in column.chunks])
    if pa.types.is_large_string(column.type):
        return column
    return column.cast(pa.large_string())


def portions(column: Any) -> Iterator[Any]:
    """The column as text arrays (string or large_string) of some ``CHUNK`` rows."""
    small: list[Any] = []
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    if pa.types.is_dictionary(column.type):
        chunks = [flat(chunk) for chunk in chunks]
    for chunk in chunks:
        if 0 < len(chunk) < CHUNK // 2:
            small.append(chunk)
        if small and (len(chunk) >= CHUNK // 2 or sum(map(len, small)) >= CHUNK):
            yield concatenated(small)
            small = []
        if len(chunk) >= CHUNK // 2:
            step = -(-len(chunk) // max(1, round(len(chunk) / CHUNK)))
            yield from (chunk.slice(i, step) for i in range(0, len(chunk), step))
    if small:
        yield concatenated(small)


def concatenated(parts: Sequence[Any]) -> Any:
    """Several large_string arrays as one."""
    if len(parts) == 1:
        return parts[0]
    return pa.concat_arrays(parts) if parts else pa.array([], pa.large_string())


def text_bytes(texts: Any) -> tuple[npt.NDArray[np.uint8], Places]:
    """The bytes of a text array (string or large_string), and the n + 1 places in them at which its
    texts begin and the last one ends."""
    _, offsets, data = texts.buffers()
    if offsets is None or not offsets.size:
        return np.empty(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    ends: Places = np.frombuffer(offsets, "i8" if pa.types.is_large_string(texts.type) else "i4")
    ends = ends[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(b"" if data is None else data, np.uint8), ends


def from_bytes(
    data: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64], known: npt.NDArray[np.bool_] | None
) -> Any:
    """The opposite of ``text_bytes``: a large_string array, null where not ``known``."""
    valid = None
    if known is not None and not known.all():
        valid = pa.py_buffer(np.packbits(known, bitorder="little"))
    buffers = [valid, pa.py_buffer(ends), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.large_string(), len(ends) - 1, buffers)


def clean(texts: Any) -> Any:
    """Texts without outer blanks, the apostrophe guard and leftover HTML entities; '' is null.

    amoCRM puts ' before a cell that starts with + - @ =; Bitrix24 leaves ``&quot;`` behind.
    """
    data, ends = text_bytes(texts)
    if _may_have_blanks(data, ends):
        texts = pc.utf8_trim_whitespace(texts)
        data, ends = text_bytes(texts)
    guarded = ends[1:] > ends[:-1]
    guarded[guarded] = data[ends[:-1][guarded]] == _GUARD
    if guarded.any():
        texts = _without_first(texts, guarded)
        data, ends = text_bytes(texts)
    if (data[ends[0] : ends[-1]] == _AMPERSAND).any():
        escaped = pc.match_substring(texts, "&")
        coded = texts.filter(escaped).dictionary_encode()
        plain = pa.array(
            [html.unescape(t).strip() for t in coded.dictionary.to_pylist()], pa.large_string()
        )
        texts = pc.replace_with_mask(texts, pc.fill_null(escaped, False), plain.take(coded.indices))
    blank = pc.equal(pc.binary_length(texts), 0)
    if pc.any(blank).as_py():
        texts = pc.if_else(blank, pa.scalar(None, pa.large_string()), texts)
    return texts


def _may_have_blanks(data: npt.NDArray[np.uint8], ends: Places) -> bool:
    """Whether a text may begin or end with a blank, by its outer bytes."""
    filled = ends[1:] > ends[:-1]
    first, last = data[ends[:-1][filled]], data[ends[1:][filled] - 1]
    return bool((_MAYBE_BLANK_FIRST[first] | _MAYBE_BLANK_LAST[last]).any())


def _without_first(texts: Any, rows: npt.NDArray[np.bool_]) -> Any:
    """The texts, those at ``rows`` without their first byte."""
    data, ends = text_bytes(texts)
    keep = np.ones(len(data), bool)
    keep[ends[:-1][rows]] = False
    new = ends - np.append(0, np.cumsum(rows))
    known = texts.is_valid().to_numpy(zero_copy_only=False) if texts.null_count else None
    return from_bytes(data[keep], new, known)


@dataclass(frozen=True)
class Coded:
    """A column as codes into distinct values (Arrow large_string, no nulls); -1 is missing."""

    codes: Codes
    values: Any

    @classmethod
    def nothing(cls, n: int) -> Coded:
        """A column of ``n`` missing values."""
        return cls(np.full(n, -1, np.int32), pa.array([], pa.large_string()))

    def texts(self) -> list[str]:
        """The distinct values; only for columns of low variety."""
        out: list[str] = self.values.to_pylist()
        return out

    def mapped(self, values: Sequence[str | None] | pa.Array) -> Coded:
        """The column with each distinct value replaced; equal ones become one, None is missing."""
        if not isinstance(values, pa.Array):
            values = pa.array(list(values), pa.large_string())
        return _recoded(self.codes, values)

    def renamed(self, change: Callable[[str], str | None]) -> Coded:
        """``mapped`` by a function of the text."""
        return self.mapped([change(t) for t in self.texts()])

    def where(self, mask: npt.NDArray[np.bool_]) -> Coded:
        """Missing where ``mask`` is False; the values stay."""
        return Coded(np.where(mask, self.codes, np.int32(-1)), self.values)

    def per_row(self, table: npt.NDArray[Any], missing: Any) -> npt.NDArray[Any]:
        """``table[code]`` per row, ``missing`` where the column is missing."""
        return np.append(table, np.array([missing], dtype=table.dtype))[self.codes]

    def arrow(self) -> Any:
        """The column as an Arrow large_string array."""
        return self.values.take(pa.array(self.codes, mask=self.codes < 0))

    def categorical(self) -> pd.Categorical:
        """The column as a pandas categorical of the values that occur."""
        used = np.zeros(len(self.values) + 1, bool)
        used[self.codes] = True
        values, codes = self.values, self.codes
        if not used[:-1].all():
            new = np.cumsum(used[:-1], dtype=np.int64) - 1
            codes = np.append(new, -1).astype(np.int32)[codes]
            values = values.filter(pa.array(used[:-1]))
        index = pd.Index(text_array(values))
        dtype = pd.CategoricalDtype(index)
        return pd.Categorical.from_codes(codes, dtype=dtype, validate=False)


def _recoded(codes: Codes, values: Any) -> Coded:
    coded = values.dictionary_encode()
    table = np.append(pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False), -1)
    return Coded(table.astype(np.int32)[codes], coded.dictionary)


def encode(column: Any) -> Coded:
    """A column as codes and cleaned distinct values."""
    codes, values = distinct(column)
    cleaned = clean(values)
    if not values.null_count and cleaned.equals(values):
        return Coded(codes, values)
    return _recoded(codes, cleaned)


def distinct(column: Any) -> tuple[Codes, Any]:
    """A text column as codes (-1: null) into its distinct values as they stand."""
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)  # one dictionary for all chunks
    elif isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries()
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    if not chunks:
        return np.empty(0, np.int32), pa.array([], pa.large_string())
    codes = [pc.fill_null(c.indices, -1).to_numpy(zero_copy_only=False) for c in chunks]
    return np.concatenate(codes).astype(np.int32, copy=False), flat(chunks[0].dictionary)


def coalesced(columns: Sequence[Coded]) -> Coded:
    """The first filled value of each row."""
    out = columns[0]
    for other in columns[1:]:
        both = pa.concat_arrays([out.values, other.values])
        shifted = np.where(other.codes >= 0, other.codes + len(out.values), -1)
        out = _recoded(np.where(out.codes >= 0, out.codes, shifted).astype(np.int32), both)
    return out


def joined(columns: Sequence[Any]) -> Any:
    """The filled cells of each row joined by ', '; null where there is none. A chunked array."""
    filled = [c for c in columns if c.null_count < len(c)] or columns[:1]
    table = pa.table(filled, names=[str(i) for i in range(len(filled))])
    parts = [_joined(batch.columns) for batch in table.to_batches(2 * CHUNK)]
    return pa.chunked_array(parts, pa.large_string())


def _joined(columns: Sequence[Any]) -> Any:
    text, *parts = (clean(flat(c)) for c in columns)
    for part in parts:
        if part.null_count == len(part):
            continue
        both = pc.and_(pc.is_valid(text), pc.is_valid(part))
        pair = pc.binary_join_element_wise(text.filter(both), part.filter(both), _COMMA)
        text = pc.replace_with_mask(pc.coalesce(text, part), both, pair)
    return text
