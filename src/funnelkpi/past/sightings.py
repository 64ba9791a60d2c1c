"""Which version of which deal each export shows: exports are read one after another, and only rows
that are new or have changed are kept and converted. Of a hundred weekly exports of 20,000 deals some
hundred thousand rows of two million are distinct."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.cells.texts import clean, flat, text_array
from funnelkpi.adapters.deals.columns import columns_to_read
from funnelkpi.adapters.deals.table import read_deals
from funnelkpi.adapters.interface import Export, Wanted
from funnelkpi.adapters.lookup import Lookups
from funnelkpi.adapters.part import put_together
from funnelkpi.archive.content import row_hashes
from funnelkpi.archive.rebuild import Seen, Steps
from funnelkpi.config.schema import Settings
from funnelkpi.readers.source import Columns

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
T = TypeVar("T")
COMPARED = Wanted(
    frozenset(
        {
            "deal_id", "pipeline", "stage", "stage_code", "owner", "amount", "currency",
            "created_at", "modified_at", "closed_at", "stage_changed_at", "planned_close_at",
            "closed", "loss_reason",
        }
    )
)  # fmt: skip
"""Columns that are read of every export."""
_AT_ONCE = 2
"""Exports read at a time, beside the one that is compared."""
_NOT_IDS = ("Итого", "ИТОГО", "итого", "Итого:", "ИТОГО:", "Всего", "ВСЕГО", "Total", "TOTAL")


@dataclass(frozen=True)
class Showing:
    """One export as a picture of a moment. data: what names its rows: two showings of one ``data``
    (an export kept once because nothing had changed) are read once."""

    export: Export
    moment: datetime
    data: Path
    kept: bool = True


@dataclass
class _Growing:
    """What is known after the exports read so far; one number per deal ever seen."""

    ids: Any = field(default_factory=lambda: pa.array([], pa.large_string()))
    fingerprint: Hashes = field(default_factory=lambda: np.empty(0, np.uint64))
    version: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    showing: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    versions: int = 0
    steps: list[tuple[Ints, Ints, Ints, Ints, Ints]] = field(default_factory=list)

    def codes(self, ids: Any) -> Ints:
        """The deals' numbers; new deals get the next ones."""
        found = pc.index_in(ids, value_set=self.ids)
        new = pc.unique(ids.filter(pc.is_null(found)))
        if len(new):
            n = len(new)
            self.ids = pa.concat_arrays([self.ids, new])
            self.fingerprint = np.append(self.fingerprint, np.zeros(n, np.uint64))
            self.version = np.append(self.version, np.full(n, -1))
            self.showing = np.append(self.showing, np.full(n, -1))
            found = pc.index_in(ids, value_set=self.ids)
        out: Ints = found.to_numpy(zero_copy_only=False).astype(np.int64)
        return out

    def see(self, at: int, deals: Ints, fingerprints: Hashes) -> Ints:
        """Take in one export; the positions among ``deals`` (distinct) of new versions, which are
        numbered on from ``versions`` in that order."""
        new = (self.version[deals] < 0) | (self.fingerprint[deals] != fingerprints)
        changed = np.flatnonzero(new)
        who = deals[changed]
        number = np.arange(self.versions, self.versions + len(who))
        at_all = np.full(len(who), at)
        self.steps.append((who, number, self.version[who], at_all, self.showing[who]))
        self.fingerprint[who] = fingerprints[changed]
        self.version[who] = number
        self.showing[deals] = at
        self.versions += len(who)
        return changed


@dataclass
class Memory:
    """What was read for one run, for a second one of an earlier moment ("since the previous export"):
    its exports are the first of those."""

    known: dict[tuple[str, str], tuple[list[Any], Seen]] = field(default_factory=dict)
    answers: dict[Any, Any] = field(default_factory=dict)

    def once(self, what: Any, ask: Callable[[Any], T], name: Any = None) -> T:
        """``ask(what)``, asked once. name: what to remember it by, if not by itself."""
        key = (getattr(ask, "__name__", "partial"), what if name is None else name)
        if key not in self.answers:
            self.answers[key] = ask(what)
        found: T = self.answers[key]
        return found

    def see(
        self, key: tuple[str, str], showings: Sequence[Showing], settings: Settings, names: Lookups
    ) -> Seen:
        """As ``see``. key: CRM and kind."""
        asked = [(s.data, s.moment) for s in showings]
        before, seen = self.known.get(key, ([], None))
        if seen is None or before[: len(asked)] != asked:
            seen = see(showings, settings, names)
            self.known[key] = (asked, seen)
        return seen.until(len(asked))


def see(showings: Sequence[Showing], settings: Settings, names: Lookups) -> Seen:
    """What ``showings`` (of one CRM and kind, oldest first) show of each deal.

    Raises:
        InputError: a kept export cannot be read.
    """
    known = _Growing()
    groups: dict[Any, _Group] = {}
    presence: list[tuple[Ints, Ints]] = []
    again = {s.data for i, s in enumerate(showings) if s.data in {t.data for t in showings[:i]}}
    read: dict[Path, tuple[Ints, Hashes]] = {}
    ahead = _read_ahead(showings)
    for at, showing in enumerate(showings):
        rows: _Rows | None = None
        if showing.data in read:
            deals, fingerprints = read[showing.data]
        else:
            rows = next(ahead)
            deals, fingerprints = rows.deals(known)
            if showing.data in again:
                read[showing.data] = deals, fingerprints
        before = known.versions
        changed = known.see(at, deals, fingerprints)
        if len(changed):
            # a version that comes back after another one is converted anew: that is rare
            if rows is None:
                rows = _Rows.of(showing.export)
                rows.deals(known)
            group = groups.setdefault(group_key(showing.export), _Group(showing.export))
            group.add(rows, deals[changed], before, at)
        presence.append((deals, known.version[deals]))
    frames = [group.converted(settings, names) for group in groups.values()]
    versions = _in_order(frames, known, showings)
    columns = [
        np.concatenate(c) if c else np.empty(0, np.int64) for c in zip(*known.steps, strict=True)
    ]
    return Seen(
        moments=np.array([s.moment for s in showings], "M8[s]"),
        versions=versions,
        steps=Steps(*columns) if columns else Steps.none(),
        presence=presence,
        last=known.showing,
        version=known.version,
    )


def _read_ahead(showings: Sequence[Showing]) -> Iterator[_Rows]:
    """The rows of each export that was not shown before, read beside the comparing: pyarrow and numpy
    let go of the interpreter while they work."""
    first = {s.data: s.export for s in reversed(showings)}
    several = iter([first[data] for data in dict.fromkeys(s.data for s in showings)])
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        waiting = deque(pool.submit(_Rows.of, e) for e in islice(several, _AT_ONCE + 1))
        while waiting:
            done = waiting.popleft()
            waiting.extend(pool.submit(_Rows.of, e) for e in islice(several, 1))
            yield done.result()


def ids_of(export: Export) -> Any:
    """The deals' IDs of an export, without rows that have none and rows of totals."""
    at = export.mapping["deal_id"][0]
    ids = deal_ids(export.source.read([at]).table[str(at)])
    return pc.unique(ids.drop_null())


def deal_ids(column: Any) -> Any:
    """IDs as ``adapters.deals`` reads them; null: a row without one, or of totals."""
    ids = clean(flat(column))
    floats = pc.ends_with(ids, ".0")
    if pc.any(floats).as_py():
        ids = pc.if_else(floats, pc.utf8_slice_codeunits(ids, 0, -2), ids)
    totals = pc.is_in(ids, value_set=pa.array(_NOT_IDS, pa.large_string()))
    if pc.any(totals).as_py():
        ids = pc.if_else(totals, pa.scalar(None, pa.large_string()), ids)
    return ids


class _Rows:
    """The rows of one export that have an ID."""

    def __init__(self, table: Any, ids: Any, fingerprints: Hashes) -> None:
        self.table, self.ids, self.fingerprints = table, ids, fingerprints
        self.code: Ints = np.empty(0, np.int64)

    @classmethod
    def of(cls, export: Export) -> _Rows:
        reading = columns_to_read(export, COMPARED)
        positions = sorted({p for several in reading.values() for p in several})
        table = export.source.read(positions).table
        ids = deal_ids(table[str(reading["deal_id"][0])])
        if ids.null_count:
            table, ids = table.filter(ids.is_valid()), ids.drop_null()
        others = sorted((c, p) for c, several in reading.items() for p in several if c != "deal_id")
        hashes = row_hashes([table[str(p)] for _, p in others], table.num_rows)
        return cls(table, ids, hashes)

    def deals(self, known: _Growing) -> tuple[Ints, Hashes]:
        """The deals in these rows, each once, with what their rows hold: product rows and repeats
        of a deal are its version together."""
        self.code = known.codes(self.ids)
        order = np.argsort(self.code, kind="stable")
        sorted_ = self.code[order]
        first = np.flatnonzero(np.append(True, sorted_[1:] != sorted_[:-1])[: len(sorted_)])
        if len(first) == len(sorted_):
            return self.code, self.fingerprints
        total = np.add.reduceat(self.fingerprints[order], first)
        return sorted_[first], total


@dataclass
class _Group:
    """Rows of exports with the same captions: converted together, each version once."""

    export: Export
    tables: list[Any] = field(default_factory=list)
    version: list[Ints] = field(default_factory=list)
    showing: list[int] = field(default_factory=list)

    def add(self, rows: _Rows, changed: Ints, before: int, at: int) -> None:
        """Keep the rows of the deals ``changed``, whose versions are numbered from ``before``."""
        code = rows.code
        number = np.full(int(max(code.max(), changed.max())) + 1, -1)
        number[changed] = np.arange(before, before + len(changed))
        version = number[code]
        own = np.flatnonzero(version >= 0)
        self.tables.append(_let_go(rows.table.take(pa.array(own))))
        self.version.append(version[own])
        self.showing.append(at)

    def converted(self, settings: Settings, names: Lookups) -> pd.DataFrame:
        """One row per version, its number in ``_version``; ``deal_id`` is still to be filled."""
        table = joined(self.tables)
        number = np.concatenate(self.version)
        at = self.export.mapping["deal_id"][0]
        # With the version's number for an ID the adapter folds product rows and repeats of one
        # version, and leaves versions of one deal apart.
        numbers = pa.array(number).cast(pa.large_string())
        table = table.set_column(
            table.column_names.index(str(at)), str(at), pa.chunked_array([numbers])
        )

        def reader(positions: Sequence[int]) -> Columns:
            return Columns(table.select([*(str(p) for p in positions), "_row"]), table.num_rows)

        export = replace(self.export, source=replace(self.export.source, reader=reader))
        frame = read_deals(export, COMPARED, settings, names).frame
        frame["_version"] = frame["deal_id"].astype("int64")
        for column in ("amount", "planned_close_at", "owner"):
            frame[f"has_{column}"] = column in _mapped(export)
        return frame


def _mapped(export: Export) -> set[str]:
    mapped = set(columns_to_read(export, COMPARED))
    return mapped | {c.removesuffix("_id") for c in mapped}


def _let_go(table: Any) -> Any:
    """Rows taken out of a table, as plain texts where codes would hold on to all its texts."""
    for i, column in enumerate(table.columns):
        dictionary = pa.types.is_dictionary(column.type)
        if dictionary and sum(len(c.dictionary) for c in column.chunks) > table.num_rows:
            name = table.column_names[i]
            table = table.set_column(i, name, column.cast(pa.large_string()))
    return table


def joined(tables: Sequence[Any]) -> Any:
    """Tables of one layout as one. Texts stay codes where there are few: a few rows taken out of each
    of a hundred exports would else carry the dictionaries of all their rows."""
    names = tables[0].column_names
    columns = []
    for name in names:
        chunks = [c for t in tables for c in t[name].chunks if len(c)]
        if name == "_row":
            columns.append(pa.chunked_array(chunks, pa.int64()))
            continue
        coded = [c for c in chunks if pa.types.is_dictionary(c.type)]
        few = len(coded) == len(chunks) and sum(map(len, chunks)) > sum(
            len(c.dictionary) for c in coded
        )
        kind = pa.dictionary(pa.int32(), pa.large_string()) if few else pa.large_string()
        columns.append(pa.chunked_array([c.cast(kind) for c in chunks], kind))
    return pa.table(columns, names=names).unify_dictionaries()


def group_key(export: Export) -> Any:
    """What exports have in common that can be converted together."""
    return (export.source.header, export.layout, export.source.utc_offset, export.date_order)


def _in_order(
    frames: Sequence[pd.DataFrame], known: _Growing, showings: Sequence[Showing]
) -> pd.DataFrame:
    """All versions by number, with the deal's ID and the export that showed the version first."""
    if not frames:
        return pd.DataFrame()
    frame = put_together(frames)
    order = np.argsort(frame["_version"].to_numpy(), kind="stable")
    frame = frame.iloc[order].reset_index(drop=True)
    deals, numbers, _, at, _ = (np.concatenate(c) for c in zip(*known.steps, strict=True))
    assert np.array_equal(frame["_version"].to_numpy(), numbers)
    frame["deal_id"] = text_array(known.ids.take(pa.array(deals)))
    files = list(dict.fromkeys(s.export.source.name for s in showings))
    code = np.array([files.index(s.export.source.name) for s in showings], np.int32)
    frame["_file"] = pd.Categorical.from_codes(code[at], pd.Index(files))
    return frame.drop(columns=["_version"])
