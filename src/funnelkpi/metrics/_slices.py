"""Slices of the facts by source, pipeline, tag, month or any column of the export, and by the hour and
weekday of calls, meetings and tasks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from funnelkpi.metrics._columns import Array, Columns, joined, length
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.tables import FIELD

DIMENSIONS = ("source", "tag", "month", "loss_reason", "company", "currency")
"""Slice dimensions beside the scopes and pipelines, which every figure has anyway."""

MOMENTS = ("hour", "weekday")
"""Dimensions of the moment of a call, meeting or task, in the time zone of the config: ``hour=09``,
``weekday=1`` (Monday) to 7. Figures of deals have none: a card is moved when somebody finds the time."""

UNSLICED = 0
"""Code of "not sliced" in a ``slice`` column."""
_DAY = 86_400
_MONDAY = 3
"""1 January 1970 was a Thursday."""


class Slices:
    """The slices by some dimensions; ``names``: their texts by code, sorted, None for no slice.

    Slices by tag overlap: a deal with two tags counts in both. A deal without a value is in the
    slice ``"<dimension>="``, and so is in ``hour=`` what has a day and no time.
    """

    def __init__(self, data: Dataset, dimensions: Sequence[str]) -> None:
        self._dimensions = [_Dimension(data, name) for name in dimensions if name not in MOMENTS]
        self._moments = [_Moment(name) for name in dimensions if name in MOMENTS]
        texts = {text for d in self._dimensions for texts in d.texts for text in texts}
        every = sorted(texts | {text for m in self._moments for text in m.texts})
        self.names = np.array([None, *every], dtype=object)
        code = {text: i for i, text in enumerate(every, 1)}
        for dimension in self._dimensions:
            dimension.number(code)
        for moment in self._moments:
            moment.codes = np.array([code[text] for text in moment.texts])

    def applied(
        self, facts: Columns, at: Array | None = None, timed: Array | None = None
    ) -> Columns:
        """``facts`` with a ``slice`` column of codes: unsliced, and again per dimension.

        at: the moment of each fact in seconds; without it there are no slices by hour and weekday.
        timed: which moments have a time of the day; by default all.
        """
        parts = [{**facts, "slice": np.full(length(facts), UNSLICED)}]
        parts += [d.applied(facts) for d in self._dimensions]
        if at is not None:
            parts += [{**facts, "slice": m.of(at, timed)} for m in self._moments]
        return joined(parts)

    @property
    def timed(self) -> bool:
        """Whether a slice is by the moment of a fact."""
        return bool(self._moments)


class _Moment:
    """The hour or the weekday of a fact."""

    def __init__(self, name: str) -> None:
        self._weekday = name == "weekday"
        values = [str(d) for d in range(1, 8)] if self._weekday else [f"{h:02d}" for h in range(24)]
        self.texts = [f"{name}={v}" for v in (*values, "")]
        self.codes: Array = np.arange(len(self.texts))

    def of(self, at: Array, timed: Array | None) -> Array:
        """The slice of each moment."""
        if self._weekday:
            value = (at // _DAY + _MONDAY) % 7
        else:
            value = at % _DAY // 3600
            value = value if timed is None else np.where(timed, value, len(self.texts) - 1)
        found: Array = self.codes[value]
        return found


class _Dimension:
    """One dimension: the value of every deal, and the slices (several of a tag text) of a value."""

    def __init__(self, data: Dataset, name: str) -> None:
        deals = data.deals
        if name == "month":
            months = deals["created_at"].to_numpy().astype("datetime64[M]")
            known = ~np.isnat(months)
            values, place = np.unique(months[known], return_inverse=True)
            self._value = np.full(len(months), -1)
            self._value[known] = place
            self.texts = [[f"month={m}"] for m in values.astype(str)]
        elif name == "tag":
            tags = deals["tags"].array
            self._value = tags.codes
            found = [sorted({t.strip() for t in v.split(",")} - {""}) for v in tags.categories]
            self.texts = [[f"tag={t}" for t in texts or [""]] for texts in found]
        else:
            column = deals[name if name in deals else FIELD + name].astype("category").array
            self._value = column.codes
            self.texts = [[f"{name}={v}"] for v in column.categories]
        self.texts.append([f"{name}="])
        # what belongs to no deal (-1) has no value either
        self._value = np.append(self._value, np.array([-1], self._value.dtype))

    def number(self, code: dict[str, int]) -> None:
        """Take the codes of the texts."""
        self._count = np.array([len(texts) for texts in self.texts])
        self._begin = np.cumsum(self._count) - self._count
        self._slice = np.array([code[text] for texts in self.texts for text in texts])

    def applied(self, facts: Columns) -> Columns:
        value: Array = self._value[facts["deal"]].astype(np.int64)
        count = self._count[value]
        rows = np.repeat(np.arange(len(value)), count)
        nth = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
        slices = self._slice[np.repeat(self._begin[value], count) + nth]
        return {**{name: v[rows] for name, v in facts.items()}, "slice": slices}
