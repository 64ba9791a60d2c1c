"""Several files of calls: each call counts once, in the newest file that has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.cells.texts import distinct, portions
from funnelkpi.adapters.freed import give_back
from funnelkpi.adapters.part import Part
from funnelkpi.adapters.snapshots import age_key
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity

Bools = npt.NDArray[np.bool_]
Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.intp]
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_KEY = ("called_at", "employee", "phone", "direction", "talk_seconds", "outcome")
_FILLED_IN = ("deal_id", "client", "result", "recording")
"""What a repeat may know that the row that stays does not: a note of the deal, one of the contact."""
_WHOLE = (*_KEY, *_FILLED_IN, "line", "internal", "hidden")
"""Rows of one file with one ID that are equal in all of these are one row copied."""


def settle_calls(parts: Sequence[Part]) -> list[Part]:
    """The parts of one CRM's calls with each call in one of them.

    A call is told by its ID and day: many telephonies count their calls anew every day. Where it has
    no ID, the same second, employee, number, direction and talk is the same call. The n-th such row
    of a file meets the n-th of another, so two rows of one file stay two: legs of one call; but rows
    that are the same with their ID are one row copied. amoCRM's notes of one call (on the deal and
    on the contact) are one wherever they stand.
    """
    if len(parts) < 2 and not any(_notes(p) or _has_repeated_ids(p.frame) for p in parts):
        return list(parts)
    give_back()
    newest_first = sorted(parts, key=age_key, reverse=True)
    keys = [_keys(p.frame, noted=_notes(p)) for p in newest_first]
    seen: Keys = np.empty(0, np.uint64)
    settled: dict[int, Part] = {}
    repeats, copied = [], []
    for own in keys:
        column = pd.Series(own)
        repeated = column.duplicated().to_numpy()
        copied.append(repeated)
        if len(seen):
            repeated = repeated | column.isin(seen).to_numpy()
        seen = np.concatenate([seen, own[~repeated]])
        repeats.append(repeated)
    del seen
    give_back()
    kept = _filled_in(newest_first, keys, repeats)
    for part, frame, repeated, copies in zip(newest_first, kept, repeats, copied, strict=True):
        settled[id(part)] = _without_repeats(part, frame, repeated, copies)
    return [settled[id(p)] for p in parts]


def forget_ids(calls: pd.DataFrame | None) -> None:
    """Drop the IDs of the calls, in place: they have told the repeats, and nothing else asks for
    them. Of a million calls they are forty megabytes."""
    if calls is not None and "call_id" in calls:
        del calls["call_id"]


def _notes(part: Part) -> bool:
    return part.export.crm == "amocrm"


def _has_repeated_ids(frame: pd.DataFrame) -> bool:
    """Whether an ID stands twice in one second: only then can a row be a copy."""
    second = pd.Series(frame["called_at"].to_numpy().astype(np.int64))
    again = second.duplicated(keep=False).to_numpy()
    if not again.any():
        return False
    ids = frame["call_id"].array.__arrow_array__().filter(pa.array(again)).drop_null()
    return len(pc.unique(ids)) < len(ids)


def _keys(frame: pd.DataFrame, *, noted: bool) -> Keys:
    keys = np.empty(len(frame), np.uint64)
    known = frame["call_id"].notna().to_numpy()
    if known.any():
        ids = frame["call_id"].array.__arrow_array__()
        keys[known] = _each_hashed(ids if known.all() else ids.filter(pa.array(known)))
        if not noted:
            day = frame["called_at"].to_numpy().astype("M8[D]").astype(np.int64)
            keys[known] = _mixed(keys[known], day[known].astype(np.uint64))
    if not known.all():
        some = frame if not known.any() else frame.loc[~known, list(_KEY)]
        keys[~known] = _folded(some, _KEY)
    # of equal rows the first keeps its key, so that it meets the only one of another file
    again = pd.Series(keys).duplicated().to_numpy() & ~(known & noted)
    if again.any():
        rows = np.flatnonzero(pd.Series(keys).isin(keys[again]).to_numpy())
        turn = _turns(keys[rows], known[rows], _folded(frame.iloc[rows], _WHOLE))
        later = turn > 0
        marked: Any = keys[rows[later]] ^ (turn[later].astype(np.uint64) * _GOLDEN)
        keys[rows[later]] = np.asarray(pd.util.hash_array(marked), np.uint64)
    return keys


def _turns(keys: Keys, known: Bools, whole: Keys) -> npt.NDArray[np.int64]:
    """Which of the rows of its key each row is, from 0; a copy of a row with an ID is that row."""
    row = np.arange(len(keys), dtype=np.uint64)
    which = pd.factorize(np.where(known, _mixed(keys, whole), _mixed(keys, row)))[0]
    first = np.flatnonzero(~pd.Series(which).duplicated().to_numpy())
    turn: Any = pd.Series(keys[first]).groupby(keys[first]).cumcount().to_numpy(np.int64)
    out: npt.NDArray[np.int64] = turn[which]
    return out


def _folded(frame: pd.DataFrame, columns: Sequence[str]) -> Keys:
    keys = np.zeros(len(frame), np.uint64)
    for name in columns:
        keys = _mixed(keys, _hashes(frame[name]))
    return keys


def _mixed(keys: Keys, others: Keys) -> Keys:
    out: Keys = (keys ^ others) * _GOLDEN
    out ^= out >> np.uint64(29)
    return out


def _hashes(column: pd.Series) -> Keys:
    """A hash per row: the same for the same value in every file."""
    if not isinstance(column.dtype, pd.StringDtype):
        hashed = pd.util.hash_pandas_object(column, index=False)
        return np.asarray(hashed, np.uint64)
    codes, values = distinct(pa.chunked_array(column.array.__arrow_array__()))
    by_value = np.append(_each_hashed(values), np.uint64(0))
    return np.asarray(by_value, np.uint64)[codes]


def _each_hashed(texts: Any) -> Keys:
    """A hash per text. A portion at a time: millions of IDs as Python objects would not fit."""
    hashed = [
        pd.util.hash_array(some.to_pandas().to_numpy(dtype=object), categorize=False)
        for some in portions(texts)
    ]
    out: Keys = np.concatenate([np.empty(0, np.uint64), *hashed])
    return out


def _filled_in(
    parts: Sequence[Part], keys: Sequence[Keys], repeats: Sequence[Bools]
) -> list[pd.DataFrame]:
    """The frames, newest first, with what only the repeats of their calls know filled in."""
    frames = [p.frame for p in parts]
    for i, repeated in enumerate(repeats):
        own = np.flatnonzero(repeated)
        own = own[~pd.Series(keys[i][own]).duplicated().to_numpy()]
        if not len(own):
            continue
        where = pd.Index(keys[i][own])
        for j in range(i + 1):
            kept = np.flatnonzero(~repeats[j])
            place = where.get_indexer(pd.Index(keys[j][kept]))
            met = np.flatnonzero(place >= 0)
            frames[j] = _with(frames[j], kept[met], frames[i], own[place[met]])
    return frames


def _with(frame: pd.DataFrame, rows: Places, more: pd.DataFrame, place: Places) -> pd.DataFrame:
    """``frame`` with the cells missing at ``rows`` taken from the rows ``place`` of ``more``."""
    changed: dict[str, Any] = {}
    for name in _FILLED_IN:
        lacking = frame[name].isna().to_numpy()[rows]
        lacking &= more[name].notna().to_numpy()[place]
        if not lacking.any():
            continue
        values = more[name].iloc[place[lacking]].to_numpy()
        column = frame[name].copy()
        if isinstance(column.dtype, pd.CategoricalDtype):
            new = pd.Index(pd.unique(values)).difference(column.cat.categories)
            column = column.cat.add_categories(new)
        column.iloc[rows[lacking]] = values
        changed[name] = column
    return frame.assign(**changed) if changed else frame


def _without_repeats(part: Part, frame: pd.DataFrame, repeated: Bools, copied: Bools) -> Part:
    n = int(repeated.sum())
    if not n:
        return replace(part, frame=frame)
    found = (
        [("findings_calls.notes_repeated", repeated)]
        if _notes(part)
        else [
            ("findings_calls.row_copied", copied),
            ("findings_adapters.calls_repeated", repeated & ~copied),
        ]
    )
    number = frame["_row"].to_numpy()
    findings = [
        Finding(
            code,
            Severity.NOTE,
            file=part.export.source.name,
            rows=tuple(int(r) for r in number[np.flatnonzero(rows)[:ROWS_SHOWN]]),
            count=int(rows.sum()),
            params={"kept": len(frame) - n},
        )
        for code, rows in found
        if rows.any()
    ]
    filled = replace(part, frame=frame)
    return filled.keep(~repeated, merged=part.merged + n, findings=(*part.findings, *findings))
