"""Slices of the facts by source, pipeline, tag, month or any column of the export."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.tables import FIELD

DIMENSIONS = ("source", "tag", "month", "loss_reason", "company", "currency")
"""Slice dimensions beside the scopes and pipelines, which every figure has anyway."""

UNSLICED = ""


def sliced(facts: pd.DataFrame, data: Dataset, view: View) -> pd.DataFrame:
    """``facts`` with a ``slice`` column: all of them unsliced, and again per value of each dimension.

    Slices by tag overlap: a deal with two tags counts in both. A deal without a value is in the slice
    ``"<dimension>="``.
    """
    parts = [facts.assign(slice=UNSLICED)]
    parts += [_one(facts, data, dimension) for dimension in view.by]
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


def _one(facts: pd.DataFrame, data: Dataset, dimension: str) -> pd.DataFrame:
    deal = facts["deal"].to_numpy()
    if dimension == "tag":
        tags = data.deals["tags"]
        lists = pd.Series(
            [
                sorted({t.strip() for t in text.split(",") if t.strip()})
                for text in tags.cat.categories
            ],
            dtype=object,
        )
        codes = tags.cat.codes.to_numpy()[deal]
        values = lists.reindex(codes).to_numpy(dtype=object)
        texts = [v if isinstance(v, list) and v else [""] for v in values]
        rows = facts.assign(slice=pd.Series(texts, index=facts.index, dtype=object)).explode(
            "slice"
        )
        return rows.assign(slice="tag=" + rows["slice"].astype("str"))
    return facts.assign(slice=_labels(data, dimension)[deal])


def _labels(data: Dataset, dimension: str) -> npt.NDArray[Any]:
    """Slice text of every deal for one dimension."""
    deals = data.deals
    if dimension == "month":
        months = deals["created_at"].to_numpy().astype("datetime64[M]")
        codes, values = pd.factorize(months)
        texts = [f"month={m}" for m in np.asarray(values).astype("datetime64[M]").astype(str)]
        return np.array([*texts, "month="], dtype=object)[codes]
    column = deals[dimension if dimension in deals else FIELD + dimension].astype("category")
    texts = [f"{dimension}={v}" for v in column.cat.categories]
    return np.array([*texts, f"{dimension}="], dtype=object)[column.cat.codes.to_numpy()]
