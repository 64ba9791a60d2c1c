"""Events that name their deal instead of giving its ID."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.cells.texts import flat, text_array
from funnelkpi.adapters.part import Part
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity

NOT_FOUND = "findings_adapters.event_deal_not_found"
UNCLEAR = "findings_adapters.event_deal_unclear"
_NAMES_SHOWN = 3


class DealNames:
    """Names of the deals and their IDs; made when the first event asks."""

    def __init__(self, frames: Sequence[pd.DataFrame]) -> None:
        self._frames = frames
        self._known: tuple[pa.Array, pa.Array, np.ndarray] | None = None

    def _table(self) -> tuple[pa.Array, pa.Array, np.ndarray]:
        """Distinct names, the ID of the first deal of each, and how many deals have it."""
        if self._known is None:
            frames = [f for f in self._frames if len(f)]
            names = _together([f["title"] for f in frames])
            ids = _together([f["deal_id"] for f in frames])
            coded = names.dictionary_encode()
            codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
            count = np.bincount(codes[codes >= 0], minlength=len(coded.dictionary))
            named = np.flatnonzero(codes >= 0)[::-1]
            first = np.zeros(len(count), np.int64)
            first[codes[named]] = named
            self._known = coded.dictionary, ids.take(pa.array(first)), count
        return self._known

    def complete(self, part: Part) -> Part:
        """The part with the IDs its names tell; events whose name tells none are excluded."""
        frame = part.frame
        lacking = frame["deal_id"].isna().to_numpy()
        if not lacking.any():
            return part
        names, ids, count = self._table()
        rows = np.flatnonzero(lacking)
        asked = flat(frame["title"].array.__arrow_array__()).take(pa.array(rows))
        found = pc.fill_null(pc.index_in(asked, value_set=names), -1)
        at = found.to_numpy(zero_copy_only=False)
        deals = np.append(count, 0)[at]
        one = deals == 1
        given = ids.take(pa.array(np.where(one, at, 0), mask=~one))
        whole = flat(frame["deal_id"].array.__arrow_array__())
        filled = pc.replace_with_mask(whole, pa.array(lacking), given)
        frame = frame.assign(deal_id=text_array(filled))
        keep = np.ones(len(frame), bool)
        keep[rows[~one]] = False
        findings, excluded = list(part.findings), list(part.excluded)
        for code, mask in ((NOT_FOUND, deals == 0), (UNCLEAR, deals > 1)):
            if mask.any():
                findings.append(_finding(code, part, rows[mask], asked.filter(pa.array(mask))))
                excluded.append((code, int(mask.sum())))
        changed = Part(
            part.export, frame, part.read, part.merged, part.rejected, tuple(excluded),
            tuple(findings),
        )  # fmt: skip
        return changed.keep(keep)


def _together(columns: Sequence[pd.Series]) -> pa.Array:
    texts = [flat(c.array.__arrow_array__()) for c in columns]
    return pa.concat_arrays(texts) if texts else pa.array([], pa.large_string())


def _finding(code: str, part: Part, rows: np.ndarray, names: pa.Array) -> Finding:
    some = names.unique().to_pylist()
    more = "…" if len(some) > _NAMES_SHOWN else ""
    return Finding(
        code,
        Severity.WARNING,
        file=part.export.source.name,
        rows=tuple(int(r) for r in part.frame["_row"].to_numpy()[rows[:ROWS_SHOWN]]),
        value=", ".join(f"«{n}»" for n in some[:_NAMES_SHOWN]) + more,
        count=len(rows),
    )
