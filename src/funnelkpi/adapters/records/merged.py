"""One card per contact and company: the newest of several exports, one of several rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.part import Part
from funnelkpi.adapters.repeats import are_unique
from funnelkpi.adapters.snapshots import age_key
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity

REPEATED = "findings_records.record_repeated"
OLDER = "findings_records.record_in_newer"


def settle_by_id(parts: Sequence[Part], keys: Sequence[str]) -> list[Part]:
    """The parts of one CRM with each record in one of them, in their given order.

    keys: the columns that tell a record (its ID first; rows without an ID are records of their own).
    Of several exports the newest one's row counts, of several rows of one export the last edited,
    else the first; the others are merged into it.
    """
    done: dict[int, Part] = {}
    seen: list[pd.DataFrame] = []
    for part in sorted(parts, key=age_key, reverse=True):
        kept = _once(part, keys)
        if seen:
            kept = _not_in(kept, pd.concat(seen), keys)
        if len(kept.frame):
            seen.append(_keys(kept.frame, keys))
        done[id(part)] = kept
    return [done[id(p)] for p in parts]


def _keys(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    return frame.loc[frame[keys[0]].notna(), list(keys)]


def _once(part: Part, keys: Sequence[str]) -> Part:
    frame = part.frame
    if are_unique(frame[keys[0]]):
        return part
    named = frame[keys[0]].notna().to_numpy()
    again = frame.duplicated(list(keys), keep=False).to_numpy() & named
    if not again.any():
        return part
    rows = np.flatnonzero(again)
    some = frame.iloc[rows]
    edited = np.full(len(rows), np.datetime64("NaT", "s"))
    if "_modified" in frame:
        edited = some["_modified"].to_numpy()
    age = pd.Series(edited).rank(method="dense", na_option="top").to_numpy()
    order = np.lexsort((rows, -age))
    first = ~some.iloc[order].duplicated(list(keys)).to_numpy()
    drop = np.zeros(len(frame), bool)
    drop[rows[order[~first]]] = True
    return _merged(part, drop, REPEATED, keys)


def _not_in(part: Part, seen: pd.DataFrame, keys: Sequence[str]) -> Part:
    frame = part.frame
    here = pd.MultiIndex.from_frame(frame[list(keys)].astype("string"))
    there = pd.MultiIndex.from_frame(seen.astype("string"))
    drop = here.isin(there) & frame[keys[0]].notna().to_numpy()
    return _merged(part, drop, OLDER, keys) if drop.any() else part


def _merged(part: Part, drop: npt.NDArray[np.bool_], code: str, keys: Sequence[str]) -> Part:
    n = int(drop.sum())
    rows = part.frame["_row"].to_numpy()[np.flatnonzero(drop)[:ROWS_SHOWN]]
    ids = part.frame[keys[0]].to_numpy()[np.flatnonzero(drop)[:3]]
    finding = Finding(
        code,
        Severity.NOTE,
        file=part.export.source.name,
        rows=tuple(int(r) for r in rows),
        value=", ".join(str(i) for i in ids),
        count=n,
    )
    return part.keep(~drop, merged=part.merged + n, findings=(*part.findings, finding))
