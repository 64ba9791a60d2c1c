"""Text columns in Arrow: trimmed, unguarded, unescaped; as codes and distinct values."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int32]
TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


def text_array(texts: Any) -> Any:
    """An Arrow text array as a pandas array of the default ``str`` type, without a copy."""
    dtype: Any = TEXT
    return dtype.__from_arrow__(texts)


def flat(column: Any) -> Any:
    """A chunked or dictionary column as one large_string array."""
    if not pa.types.is_large_string(column.type):
        column = column.cast(pa.large_string())
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    return column


def clean(texts: Any) -> Any:
    """Texts without outer blanks, the apostrophe guard and leftover HTML entities; '' is null.

    amoCRM puts ' before a cell that starts with + - @ =; Bitrix24 leaves ``&quot;`` behind.
    """
    texts = pc.utf8_trim_whitespace(texts)
    guarded = pc.starts_with(texts, "'")
    if pc.any(guarded).as_py():
        texts = pc.if_else(guarded, pc.utf8_slice_codeunits(texts, 1), texts)
    escaped = pc.match_substring(texts, "&")
    if pc.any(escaped).as_py():
        coded = texts.filter(escaped).dictionary_encode()
        plain = pa.array(
            [html.unescape(t).strip() for t in coded.dictionary.to_pylist()], pa.large_string()
        )
        texts = pc.replace_with_mask(texts, pc.fill_null(escaped, False), plain.take(coded.indices))
    blank = pc.equal(texts, "")
    if pc.any(blank).as_py():
        texts = pc.if_else(blank, pa.scalar(None, pa.large_string()), texts)
    return texts


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
    if not isinstance(column, pa.ChunkedArray):
        column = pa.chunked_array([column])
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(flat(column))
    elif column.num_chunks != 1:
        column = column.unify_dictionaries().combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0)
    codes = pc.fill_null(column.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    values = flat(column.dictionary)
    cleaned = clean(values)
    if not values.null_count and cleaned.equals(values):
        return Coded(codes, values)
    return _recoded(codes, cleaned)


def coalesced(columns: Sequence[Coded]) -> Coded:
    """The first filled value of each row."""
    out = columns[0]
    for other in columns[1:]:
        both = pa.concat_arrays([out.values, other.values])
        shifted = np.where(other.codes >= 0, other.codes + len(out.values), -1)
        out = _recoded(np.where(out.codes >= 0, out.codes, shifted).astype(np.int32), both)
    return out


def joined(columns: Sequence[Any]) -> Any:
    """The filled cells of each row joined by ', '; null where there is none."""
    if len(columns) == 1:
        return clean(flat(columns[0]))
    comma = pa.scalar(", ", pa.large_string())
    text, *parts = [pc.fill_null(clean(flat(c)), "") for c in columns]
    for part in parts:  # the kernel's own null_handling="skip" loses rows that are null everywhere
        both = pc.binary_join_element_wise(text, part, comma)
        text = pc.if_else(pc.equal(text, ""), part, pc.if_else(pc.equal(part, ""), text, both))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.large_string()), text)
