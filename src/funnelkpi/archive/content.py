"""Fingerprints of text columns: whether two rows, or two whole tables, hold the same."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

Hashes = npt.NDArray[np.uint64]
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_NOTHING = np.uint64(0x243F6A8885A308D3)
"""The hash of an empty cell."""
_PORTION = 1 << 16


def row_hashes(columns: Sequence[pa.ChunkedArray], rows: int) -> Hashes:
    """One number per row, equal for equal cells in the same order of columns.

    64 bits: among a million different rows two agree by chance once in forty million archives.
    """
    out = np.zeros(rows, np.uint64)
    for column in columns:
        out = _mixed(out * _GOLDEN + text_hashes(column))
    return out


def text_hashes(column: pa.ChunkedArray) -> Hashes:
    """One number per cell; dictionary columns are hashed by distinct value."""
    parts = [_chunk(chunk) for chunk in column.chunks if len(chunk)]
    return np.concatenate(parts) if parts else np.empty(0, np.uint64)


def content_sha256(header: Sequence[str], columns: Sequence[pa.ChunkedArray], rows: int) -> str:
    """The SHA-256 of a table's captions and cells, whatever the order of its rows."""
    import pyarrow as pa

    order = pa.array(np.argsort(row_hashes(columns, rows), kind="stable"))
    digest = sha256("\0".join(header).encode())
    for column in columns:
        texts = _plain(column).take(order)
        for start in range(0, rows, _PORTION):
            data, ends = _bytes(_one(texts.slice(start, _PORTION)))
            known = texts.slice(start, _PORTION).is_valid().to_numpy()
            digest.update(np.diff(ends).astype("<i8").tobytes())
            digest.update(np.packbits(known).tobytes())
            digest.update(data[ends[0] : ends[-1]].tobytes())
    return digest.hexdigest()


def _plain(column: pa.ChunkedArray) -> Any:
    """The column as large_string: with 32-bit offsets 2 GB of one column would overflow."""
    import pyarrow as pa

    return column.cast(pa.large_string())


def _one(column: Any) -> Any:
    import pyarrow as pa

    chunks = column.chunks
    if len(chunks) == 1:
        return chunks[0]
    return pa.concat_arrays(chunks) if chunks else pa.array([], pa.large_string())


def _chunk(chunk: Any) -> Hashes:
    """string, large_string, or a dictionary of them."""
    import pyarrow as pa

    if pa.types.is_dictionary(chunk.type):
        table = np.append(_hashed(chunk.dictionary), _NOTHING)
        codes = chunk.indices
        if codes.null_count:
            codes = codes.fill_null(-1)
        found: Hashes = table[codes.to_numpy(zero_copy_only=False)]
        return found
    parts = [_hashed(chunk.slice(i, _PORTION)) for i in range(0, len(chunk), _PORTION)]
    return np.concatenate(parts)


def _hashed(texts: Any) -> Hashes:
    """Eight bytes at a time; texts of as many words are worked on together."""
    data, ends = _bytes(texts)
    lengths = np.diff(ends)
    out = _mixed(lengths.astype(np.uint64) * _GOLDEN)
    words = (lengths + 7) // 8
    for count in np.flatnonzero(np.bincount(words)).tolist():
        if not count:
            continue  # '' has no bytes
        rows = np.flatnonzero(words == count)
        block = _block(data, ends[:-1][rows], lengths[rows], count)
        found = out[rows]
        for word in block.T:
            found = _mixed(found * _GOLDEN + word)
        out[rows] = found
    if texts.null_count:
        out[texts.is_null().to_numpy(zero_copy_only=False)] = _NOTHING
    return out


def _block(
    data: npt.NDArray[np.uint8], begins: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64],
    words: int,
) -> Hashes:  # fmt: skip
    """Texts as rows of words, filled up with zeros."""
    longest = int(lengths.max())
    block = np.zeros((len(begins), words * 8), np.uint8)
    if int(lengths.min()) == longest and bool((np.diff(begins) == longest).all()):
        block[:, :longest] = data[begins[0] : begins[-1] + longest].reshape(-1, longest)
    else:
        place = np.arange(longest)
        inside = place < lengths[:, None]
        at = np.where(inside, begins[:, None] + place, 0)
        block[:, :longest] = np.where(inside, data[at], 0)
    out: Hashes = block.view("<u8")
    return out


def _mixed(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit depends on every bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _bytes(texts: Any) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The bytes of a text array and the n + 1 places where its texts begin and end."""
    import pyarrow as pa

    _, offsets, data = texts.buffers()
    if offsets is None or not offsets.size:
        return np.empty(0, np.uint8), np.zeros(len(texts) + 1, np.int64)
    kind = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    ends = np.frombuffer(offsets, kind)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(b"" if data is None else data, np.uint8), ends.astype(np.int64, copy=False)
