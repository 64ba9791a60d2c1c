"""Slices of the facts by source, pipeline, tag, month or any column of the export."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from funnelkpi.metrics._columns import Array, Columns, joined, length
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.tables import FIELD

DIMENSIONS = ("source", "tag", "month", "loss_reason", "company", "currency")
"""Slice dimensions beside the scopes and pipelines, which every figure has anyway."""

UNSLICED = 0
"""Code of "not sliced" in a ``slice`` column."""


class Slices:
    """The slices by some dimensions; ``names``: their texts by code, sorted, None for no slice.

    Slices by tag overlap: a deal with two tags counts in both. A deal without a value is in the
    slice ``"<dimension>="``.
    """

    def __init__(self, data: Dataset, dimensions: Sequence[str]) -> None:
        self._dimensions = [_Dimension(data, name) for name in dimensions]
        every = sorted({text for d in self._dimensions for texts in d.texts for text in texts})
        self.names = np.array([None, *every], dtype=object)
        code = {text: i for i, text in enumerate(every, 1)}
        for dimension in self._dimensions:
            dimension.number(code)

    def applied(self, facts: Columns) -> Columns:
        """``facts`` with a ``slice`` column of codes: unsliced, and again per dimension."""
        plain = {**facts, "slice": np.full(length(facts), UNSLICED)}
        return joined([plain, *(d.applied(facts) for d in self._dimensions)])


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
