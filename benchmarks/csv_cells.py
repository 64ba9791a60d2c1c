"""Cells of a generated CSV as Arrow arrays, and lines written straight from Arrow's buffer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Array = npt.NDArray[Any]
DAY = 86_400
_TEXT = pa.large_string()


def glue(*parts: Any) -> Any:
    """The parts of each row one after the other; a text stands for itself in every row."""
    n = next(len(p) for p in parts if not isinstance(p, str))
    arrays = [pa.scalar(p, _TEXT) if isinstance(p, str) else p for p in parts]
    return pc.binary_join_element_wise(*arrays, pa.scalar("", _TEXT)) if n else pa.array([], _TEXT)


def pick(words: Sequence[str], codes: Array) -> Any:
    """``words[code]`` for each row; -1 is the empty text."""
    return pa.array([*words, ""], _TEXT).take(pa.array(np.where(codes < 0, len(words), codes)))


def digits(numbers: Array, width: int = 0) -> Any:
    """Whole numbers as text, filled with zeros up to ``width``."""
    text = pa.array(numbers).cast(_TEXT)
    return pc.utf8_lpad(text, width=width, padding="0") if width else text


def only(mask: Array, cells: Any) -> Any:
    """``cells`` where ``mask``, empty elsewhere."""
    return pc.if_else(pa.array(mask), cells, pa.scalar("", _TEXT))


def either(mask: Array, cells: Any, others: Any) -> Any:
    """``cells`` where ``mask``, ``others`` elsewhere."""
    return pc.if_else(pa.array(mask), cells, others)


class Moments:
    """Texts of moments (DD.MM.YYYY HH:MM:SS), from one list of days and one of times."""

    def __init__(self, first_day: int, last_day: int) -> None:
        self.first = first_day
        days = np.arange(first_day, last_day + 1).astype("M8[D]").astype(object)
        self.days = [f"{d:%d.%m.%Y}" for d in days]
        self.times = [f"{s // 3600:02}:{s // 60 % 60:02}:{s % 60:02}" for s in range(DAY)]
        self._days, self._times = pa.array(self.days, _TEXT), pa.array(self.times, _TEXT)

    def days_of(self, at: Array) -> Any:
        """The days of the moments, none of which is negative."""
        return self._days.take(pa.array(at // DAY - self.first))

    def text(self, at: Array, quote: str = '"') -> Any:
        """The moments as cells; negative ones are empty."""
        known = np.where(at < 0, self.first * DAY, at)
        day = self._days.take(pa.array(known // DAY - self.first))
        time = self._times.take(pa.array(known % DAY))
        return only(at >= 0, glue(quote, day, " ", time, quote))


def write_lines(out: IO[bytes], columns: Sequence[Any], delimiter: str, end: str = "\n") -> None:
    """Write one line per row. Cells that need quotes have them already."""
    parts = [c for column in columns for c in (column, pa.scalar(delimiter, _TEXT))][:-1]
    lines = glue(*(p.as_py() if isinstance(p, pa.Scalar) else p for p in parts), end)
    _, offsets, data = lines.buffers()
    ends = np.frombuffer(offsets, np.int64)[lines.offset : lines.offset + len(lines) + 1]
    out.write(memoryview(data)[int(ends[0]) : int(ends[-1])])
