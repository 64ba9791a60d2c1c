"""The same event in two rows, of one file or of two: it counts once.

An event is known by its ID together with its deal. A row without an ID is the same event as another
row of the same deal, moment and change, from the same to the same. Lists of events give minutes,
the API seconds: a file that writes minutes is compared with the others by the minute.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.captions import stage_key
from funnelkpi.adapters.cells.texts import flat
from funnelkpi.adapters.part import Part
from funnelkpi.adapters.repeats import are_unique
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity

Keys = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]
_NAMES = ("change", "entity", "crm", "pipeline", "stage", "from_stage", "owner")
_MOMENTS = ("planned_close_at",)
_SEED = np.uint64(0x9E3779B97F4A7C15)
_MIX = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST = np.uint64(31)
_MINUTE = 60
_TO_THE_MINUTE = re.compile(r"\d[ T]+\d{1,2}:\d{2}\s*$")


def merge_repeated_events(parts: Sequence[Part]) -> list[Part]:
    """The parts with each event in one of them: of a repeated one the row with an ID stays, then
    the one that names an owner, the one to the second, and the one of the first file."""
    filled = [p for p in parts if len(p.frame)]
    if not filled or (len(filled) == 1 and _all_differ(filled[0].frame["event_id"])):
        return list(parts)
    deals = _text_keys([p.frame["deal_id"] for p in filled])
    if len(filled) == 1 and _all_apart(filled[0].frame, deals[0]):
        return list(parts)
    ids = _text_keys([p.frame["event_id"] for p in filled])
    with_id = [p.frame["event_id"].notna().to_numpy() for p in filled]
    coarse = [_without_seconds(p) for p in filled]
    order = sorted(range(len(filled)), key=lambda i: (not with_id[i].any(), coarse[i]))
    keys = [_mixed(i, d) for i, d in zip(ids, deals, strict=True)]
    drop = _repeated_ids(keys, with_id, [p.frame["owner"] for p in filled], order)
    if all(w.all() for w in with_id):
        return _left(parts, filled, drop)
    seconds = [_contents(p.frame, d, 1) for p, d in zip(filled, deals, strict=True)]
    _drop_equal(seconds, with_id, order, drop)
    if any(coarse) and not all(coarse):
        minutes = [_contents(p.frame, d, _MINUTE) for p, d in zip(filled, deals, strict=True)]
        fine = np.concatenate([minutes[i][~drop[i]] for i in order if not coarse[i]])
        for i in order:
            if coarse[i]:
                drop[i] |= np.isin(minutes[i], fine) & ~with_id[i]
    return _left(parts, filled, drop)


def _left(parts: Sequence[Part], filled: Sequence[Part], drop: list[Bools]) -> list[Part]:
    done = {id(p): _without(p, d) for p, d in zip(filled, drop, strict=True)}
    return [done.get(id(p), p) for p in parts]


def _all_differ(ids: pd.Series) -> bool:
    """Whether every row has an ID of its own."""
    return not ids.isna().any() and are_unique(ids)


def _all_apart(frame: pd.DataFrame, deals: Keys) -> bool:
    """Whether no deal has two events of one second, which the same event in two rows would be."""
    if frame["event_id"].notna().any():
        return False
    seconds = frame["changed_at"].to_numpy().astype("M8[s]").astype(np.int64)
    keys = np.sort(_mixed(deals, seconds.astype(np.uint64)))
    return not (keys[1:] == keys[:-1]).any()


def _repeated_ids(
    keys: list[Keys], with_id: list[Bools], owners: Sequence[pd.Series], order: list[int]
) -> list[Bools]:
    """Rows whose event ID occurs before; rows that name an owner come before those that do not: a
    stage history has the owner in the CRM's table, and not in the answer of its API."""
    drop = [np.zeros(len(k), bool) for k in keys]
    asked = [i for i in order if with_id[i].any()]
    if asked:
        whole = np.concatenate([keys[i][with_id[i]] for i in asked])
        ownerless = [(owners[i].cat.codes.to_numpy() < 0)[with_id[i]] for i in asked]
        later = _later(whole, np.concatenate(ownerless))
        if later is not None:
            start = 0
            for i in asked:
                n = int(with_id[i].sum())
                drop[i][with_id[i]] = later[start : start + n]
                start += n
    return drop


def _drop_equal(
    keys: list[Keys], with_id: list[Bools], order: list[int], drop: list[Bools]
) -> None:
    """Mark rows without an ID that say what a row before them says."""
    whole = np.concatenate([keys[i] for i in order])
    later = _later(whole)
    if later is None:
        return
    start = 0
    for i in order:
        n = len(keys[i])
        drop[i] |= later[start : start + n] & ~with_id[i]
        start += n


def _later(keys: Keys, poor: Bools | None = None) -> Bools | None:
    """Which keys occur before, ``poor`` rows being after all others; None if none does."""
    ascending = np.sort(keys)
    if not (ascending[1:] == ascending[:-1]).any():
        return None
    del ascending
    if poor is None or not poor.any() or poor.all():
        order = np.argsort(keys, kind="stable")
    else:
        rich_first = np.argsort(poor, kind="stable")
        order = rich_first[np.argsort(keys[rich_first], kind="stable")]
    same = np.zeros(len(keys), bool)
    same[order[1:]] = keys[order[1:]] == keys[order[:-1]]
    return same


def _contents(frame: pd.DataFrame, deals: Keys, step: int) -> Keys:
    """One number per row for deal, moment (in steps of so many seconds) and change."""
    seconds = frame["changed_at"].to_numpy().astype("M8[s]").astype(np.int64)
    out = _mixed(deals, (seconds // step).astype(np.uint64))
    for name in _NAMES:
        column = frame[name].cat
        if not len(column.categories):
            continue
        # a number of its own for each text of each column: their sum tells the texts apart
        texts = np.array([f"{name} {stage_key(str(c))}" for c in column.categories], object)
        table = np.append(pd.util.hash_array(texts), np.uint64(0))
        codes = column.codes.to_numpy()
        out += table[0] if len(table) == 2 and codes.min() == 0 else table[codes]
    amount = frame["amount"].to_numpy()
    if not np.isnan(amount).all():
        bits = (np.nan_to_num(amount, nan=-1.0) * 100).round().astype(np.int64)
        out = _mixed(out, np.where(np.isnan(amount), 0, bits).astype(np.uint64))
    else:
        out = _mixed(out, np.uint64(0))
    for name in _MOMENTS:
        moments = frame[name].to_numpy().astype("M8[s]")
        known = ~np.isnat(moments)
        number = np.where(known, moments.astype(np.int64), 0).astype(np.uint64)
        out = _mixed(out, number if known.any() else np.uint64(0))
    return out


def _mixed(one: Keys, two: Any) -> Keys:
    """Two numbers as one; equal pairs give equal numbers, others hardly ever. ``one`` is spread
    over all 64 bits already (``_text_keys``).

    The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
    """
    out: Keys = (one + _SEED) ^ two
    for shift, factor in _MIX:
        out ^= out >> shift
        out *= factor
    out ^= out >> _LAST
    return out


def _text_keys(columns: Sequence[pd.Series]) -> list[Keys]:
    """Texts as numbers spread over 64 bits, the same in all columns; whole numbers are quicker."""
    texts = [flat(c.array.__arrow_array__()) for c in columns]
    try:
        numbers = [pc.fill_null(pc.cast(t, pa.int64()), -1) for t in texts]
    except pa.ArrowInvalid:
        return [pd.util.hash_array(np.asarray(t.to_pylist(), object).astype(str)) for t in texts]
    plain = [n.to_numpy(zero_copy_only=False).astype(np.uint64) for n in numbers]
    return [_mixed(n, np.uint64(0)) for n in plain]


def _without_seconds(part: Part) -> bool:
    """Whether the file writes its moments to the minute."""
    (at,) = part.export.mapping["changed_at"]
    written = [row[at] for row in part.export.source.sample if len(row) > at and row[at]]
    return bool(written) and all(_TO_THE_MINUTE.search(text) for text in written if text)


def _without(part: Part, drop: Bools) -> Part:
    n = int(drop.sum())
    if not n:
        return part
    rows = part.frame["_row"].to_numpy()[np.flatnonzero(drop)[:ROWS_SHOWN]]
    finding = Finding(
        "findings_adapters.events_repeated",
        Severity.NOTE,
        file=part.export.source.name,
        rows=tuple(int(r) for r in rows),
        count=n,
        params={"kept": len(part.frame) - n},
    )
    return part.keep(~drop, merged=part.merged + n, findings=(*part.findings, finding))
