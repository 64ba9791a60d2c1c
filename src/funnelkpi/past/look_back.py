"""The archive and the exports given, together: START HERE for how a report uses kept exports.

``look_back`` decides which exports are the state and reads what the others show; ``Past.kept`` turns
that into changes, once the state is read (``adapters.load``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.interface import Crm, Export, Kind, Wanted
from funnelkpi.adapters.load import Tables
from funnelkpi.adapters.lookup import Lookups, lookups
from funnelkpi.adapters.registry import recognise
from funnelkpi.adapters.snapshots import overlap
from funnelkpi.archive.read import Listing, list_snapshots, source_of
from funnelkpi.archive.rebuild import Rebuilt, Seen, rebuild
from funnelkpi.archive.renames import Rename
from funnelkpi.archive.snapshot import Snapshot
from funnelkpi.config.schema import Settings
from funnelkpi.errors import InputError
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.finding import Finding, Severity
from funnelkpi.model.kept import Kept
from funnelkpi.past.beside import beside
from funnelkpi.past.frames import complete, no_kept, put_kept
from funnelkpi.past.gone import last_rows
from funnelkpi.past.keep import file_sha256, moment_of
from funnelkpi.past.sightings import Memory, Showing, ids_of
from funnelkpi.past.state import newest_of, previous_of, until_state

_ENTITIES: dict[str, str] = {"deals": "deal", "leads": "lead"}


@dataclass(frozen=True)
class _Of:
    """The exports of one CRM and kind up to the state, and what they show. state: which of
    ``showings`` are the state."""

    crm: Crm
    kind: Kind
    showings: tuple[Showing, ...]
    seen: Seen
    rebuilt: Rebuilt
    state: tuple[int, ...]


@dataclass(frozen=True)
class Past:
    """The past of a run. exports: those to load: the given ones, and kept ones that are the state or
    give what stands beside the deals (``beside``). findings: what is odd in the archive."""

    exports: tuple[Export, ...]
    several: tuple[_Of, ...] = ()
    names: Lookups | None = None
    findings: tuple[Finding, ...] = ()

    def kept(self, tables: Tables, wanted: Wanted, settings: Settings) -> Kept:
        """What the exports before the state tell of the deals in ``tables``, and which are gone."""
        parts = []
        for of in self.several:
            frame = tables.deals if of.kind == "deals" else tables.leads
            parts.append(self._part(of, _own(frame, of.crm), wanted, settings))
        return put_kept(parts) if parts else no_kept()

    def _part(
        self, of: _Of, state: pd.DataFrame | None, wanted: Wanted, settings: Settings
    ) -> Kept:
        ids = pd.Index(state["deal_id"]) if state is not None else pd.Index([], dtype="str")
        gone = self._gone(of, state, ids, wanted, settings)
        known = ids.append(pd.Index(gone["deal_id"])) if gone is not None else ids
        history, begin = (
            f[_among(f["deal_id"], known)].reset_index(drop=True)
            for f in (of.rebuilt.history, of.rebuilt.begin)
        )
        key = (of.crm, _ENTITIES[of.kind])
        moments = tuple(dict.fromkeys(s.moment for s in of.showings))
        if gone is None:
            gone = pd.DataFrame()
        previous = previous_of(of.seen, of.state)
        before: dict[tuple[str, str], datetime] = {} if previous is None else {key: previous}
        return complete(Kept(history, begin, gone, {key: moments[0]}, {key: moments}, before), key)

    def _gone(
        self, of: _Of, state: pd.DataFrame | None, ids: pd.Index, wanted: Wanted, settings: Settings
    ) -> pd.DataFrame | None:
        """Gone deals of the pipelines the state holds."""
        import pyarrow as pa

        rebuilt = of.rebuilt
        if state is None or not len(rebuilt.gone):
            return None
        at = rebuilt.gone["deal"].to_numpy()
        names = of.seen.versions["deal_id"].array.take(of.seen.version[at])
        pipelines = set(state["pipeline"].cat.categories[np.unique(_codes(state["pipeline"]))])
        own = rebuilt.gone["pipeline"].isin(pipelines) | rebuilt.gone["pipeline"].isna()
        chosen = own.to_numpy() & ~_among(names, ids)
        if not chosen.any():
            return None
        texts = pa.array(names[chosen]).cast(pa.large_string())
        frame = last_rows(
            of.showings, of.seen.last[at[chosen]], texts, wanted, settings, self.names or Lookups()
        )
        if frame is None:
            return None
        told = rebuilt.gone[chosen].assign(deal_id=names[chosen]).set_index("deal_id")
        told = told.loc[frame["deal_id"]].reset_index(drop=True)
        for column in ("pipeline", "stage", "stage_code", "gone_since", "gone_at"):
            frame[column] = told[column].array
        return frame


def _among(ids: Any, others: Any) -> npt.NDArray[np.bool_]:
    """Which of ``ids`` are among ``others``; pandas is ten times slower on Arrow texts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts, known = (pa.array(pd.array(x, dtype="str")) for x in (ids, others))
    found = pc.is_in(texts.cast(pa.large_string()), value_set=known.cast(pa.large_string()))
    out: npt.NDArray[np.bool_] = found.to_numpy(zero_copy_only=False)
    return out


def _codes(column: pd.Series) -> Any:
    codes = column.cat.codes.to_numpy()
    return codes[codes >= 0]


def _own(frame: pd.DataFrame | None, crm: str) -> pd.DataFrame | None:
    return None if frame is None else frame[(frame["crm"] == crm).to_numpy()]


def look_back(
    folder: Path | None,
    given: Sequence[Export],
    settings: Settings,
    as_of: datetime | None,
    memory: Memory | None = None,
) -> Past:
    """The past of a run over the exports ``given``, with the archive in ``folder`` (None: none).

    Without deals among the given, the archive's are the state. A given export that is in the archive,
    too, is read once. memory: what an earlier run has read.

    Raises:
        InputError: ``folder`` is no folder, or an export cannot be read.
    """
    if folder is None:
        return Past(tuple(given))
    memory = memory or Memory()
    listing = memory.once(folder, list_snapshots)
    kept, strange = _recognised(listing, settings)
    findings = [*listing.findings, *strange]
    if settings.archive.mode != "auto" and not folder.exists():
        findings.append(
            Finding("findings_archive.no_folder", Severity.WARNING, params={"folder": folder.name})
        )
    mine = [e for e in given if e.source.header and e.kind in _ENTITIES]
    pairs = {(e.crm, e.kind) for e in mine} or {
        (e.crm, e.kind) for e, _ in kept if e.kind in _ENTITIES
    }
    crms = {crm for crm, _ in pairs}
    helpful = beside(
        [k for k in kept if not crms or k[0].crm in {*crms, "generic"}],
        given,
        as_of,
        {memory.once(e.source.path, file_sha256) for e in given if e.kind == "calls"},
        max(filter(None, (_made(e, settings, memory) for e in mine)), default=None),
    )
    names, _ = lookups([*given, *helpful])
    several: list[_Of] = []
    state: list[Export] = []
    for crm, kind in sorted(pairs):
        own = [e for e in mine if (e.crm, e.kind) == (crm, kind)]
        old = [(e, s) for e, s in kept if (e.crm, e.kind) == (crm, kind)]
        showings, at = _showings(own, old, settings, as_of, memory)
        if not showings:
            continue
        seen = memory.see((crm, kind), showings, settings, names)
        if not len(seen.versions):
            continue  # no row of any export has an ID
        ends = _state(seen, showings, at, own, as_of, memory)
        of = _Of(crm, kind, tuple(showings), seen, rebuild(seen), tuple(ends))
        if len({s.moment for s in showings}) > 1:
            # one picture shows no more than the export itself
            several.append(of)
        state += [showings[i].export for i in ends if showings[i].kept]
        if len(showings) > 1:
            findings.append(_used(of))
        findings += [_renamed(r) for r in of.rebuilt.renames]
    return Past((*given, *state, *helpful), tuple(several), names, tuple(findings))


def _recognised(
    listing: Listing, settings: Settings
) -> tuple[list[tuple[Export, Snapshot]], list[Finding]]:
    """The kept exports as this version and config understand them."""
    done: dict[Any, Export | InputError] = {}
    out: list[tuple[Export, Snapshot]] = []
    findings: list[Finding] = []
    for snapshot in listing.snapshots:
        record = snapshot.record
        source = source_of(snapshot)
        key = (record.header, record.crm, record.file)
        if key not in done:
            try:
                done[key] = recognise(source, settings, record.crm)
            except InputError as error:
                done[key] = error
        found = done[key]
        if isinstance(found, InputError):
            findings += [
                Finding(p.key, Severity.WARNING, file=source.name, params=p.params)
                for p in found.problems
            ]
        else:
            out.append((replace(found, source=source, moment=snapshot.moment), snapshot))
    return out, findings


def _showings(
    own: Sequence[Export],
    old: Sequence[tuple[Export, Snapshot]],
    settings: Settings,
    as_of: datetime | None,
    memory: Memory,
) -> tuple[list[Showing], list[int]]:
    """The exports of one CRM and kind that count, oldest first; which are the state (``until_state``)."""
    here = {memory.once(e.source.path, file_sha256) for e in own} if old else set()
    showings = [
        Showing(e, s.moment, s.data) for e, s in old if s.is_marker or s.record.source not in here
    ]
    for export in own:
        moment = _made(export, settings, memory)
        if moment is not None:
            showings.append(Showing(export, moment, export.source.path, kept=False))
    given = [s.moment for s in showings if not s.kept]
    if as_of is None and given:
        # what is reported of these files must not change when later ones are kept
        showings = [s for s in showings if not s.kept or s.moment <= max(given)]
    return until_state(showings, as_of)


def _made(export: Export, settings: Settings, memory: Memory) -> datetime | None:
    return memory.once(export, partial(moment_of, settings=settings), export.source.name)


def _state(
    seen: Seen,
    showings: Sequence[Showing],
    state: list[int],
    own: Sequence[Export],
    as_of: datetime | None,
    memory: Memory,
) -> list[int]:
    """Which showings are the state. own: the exports given, which may be older or later than it; of
    those kept only the ones that show the same deals stand beside them or in their place."""
    if not own:
        return newest_of(seen, showings, state)
    given = [i for i, s in enumerate(showings) if not s.kept]
    if as_of is None:
        return given

    def ids(export: Export, data: Path) -> Any:
        return memory.once(export, _ids, (data, export.source.name))

    known = [ids(e, e.source.path) for e in own]
    ends = [
        i
        for i in state or newest_of(seen, showings)
        if i in given
        or any(overlap(ids(showings[i].export, showings[i].data), other) for other in known)
    ]
    ends = ends or state
    deals = [seen.presence[i][0] for i in ends]
    alone = [i for i in given if not any(overlap(seen.presence[i][0], d) for d in deals)]
    return sorted({*ends, *alone})


def _ids(export: Export) -> Any:
    return ids_of(export).to_numpy(zero_copy_only=False)


def gone_found(data: Dataset) -> tuple[Finding, ...]:
    """How many deals of kept exports are no longer in the CRM at the moment of ``data``."""
    gone = int(data.deals["status"].eq("gone").sum())
    return (Finding("findings_archive.gone", Severity.NOTE, count=gone),) if gone else ()


def _used(of: _Of) -> Finding:
    moments = [s.moment for s in of.showings]
    params = {
        "first": f"{min(moments):%d.%m.%Y}",
        "last": f"{max(moments):%d.%m.%Y}",
        "n": len(moments),
    }
    return Finding("findings_archive.used", Severity.NOTE, params=params)


def _renamed(rename: Rename) -> Finding:
    return Finding(
        "findings_archive.stage_renamed",
        Severity.NOTE,
        value=rename.after,
        count=rename.deals,
        params={"before": rename.before},
    )
