"""Several exports of one kind: snapshots in time where they overlap, a union where they do not.

The newest export is the state. A deal of an older one that stands in a newer one is merged into it;
a deal that a newer overlapping export should hold (its pipeline, created within that export's
range) and does not is excluded; any other deal stays counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.captions import stage_key
from funnelkpi.adapters.moment import default_as_of
from funnelkpi.adapters.part import Part
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity

ABSENT = "findings_adapters.absent_from_newest"
LATER = "findings_adapters.later_export"
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Coverage:
    """What a newer export holds: its IDs, and the creation range of each pipeline in it."""

    name: str
    ids: pd.Index
    ranges: dict[str, tuple[np.datetime64, np.datetime64]]

    @classmethod
    def of(cls, part: Part) -> _Coverage:
        frame = part.frame
        keys = _pipelines(frame)
        created = frame["created_at"].to_numpy().astype("M8[s]")
        ranges = {}
        for key in sorted(set(keys.categories)):
            inside = created[(keys == key) & ~np.isnat(created)]
            if len(inside):
                ranges[str(key)] = (inside.min(), inside.max())
        return cls(part.export.source.name, pd.Index(frame["deal_id"]), ranges)

    def should_hold(self, frame: pd.DataFrame) -> Bools:
        """Which deals this export would hold if they still existed."""
        created = frame["created_at"].to_numpy().astype("M8[s]")
        keys = _pipelines(frame)
        out = np.zeros(len(frame), bool)
        for key, (low, high) in self.ranges.items():
            out |= np.asarray(keys == key) & (created >= low) & (created <= high)
        return out


def _pipelines(frame: pd.DataFrame) -> Any:
    """The pipelines of deals in comparable form; "" for none."""
    column = frame["pipeline"].cat
    names = [stage_key(str(c)) for c in column.categories]
    distinct = sorted({*names, ""})
    table = np.array([*(distinct.index(n) for n in names), distinct.index("")], np.int32)
    dtype = pd.CategoricalDtype(pd.Index(distinct))
    return pd.Categorical.from_codes(table[column.codes.to_numpy()], dtype=dtype)


def age_key(part: Part) -> tuple[date, datetime, str]:
    """Sorts exports from oldest to newest: moment, else the name's day, else the newest data."""
    frame = part.frame
    latest = datetime.min
    for column in ("created_at", "modified_at", "called_at"):
        if column in frame and (top := frame[column].max()) is not pd.NaT and not pd.isna(top):
            latest = max(latest, top.to_pydatetime())
    export = part.export
    if export.moment is not None:
        return export.moment.date(), export.moment, export.source.name
    return export.day or latest.date(), latest, export.source.name


def settle_snapshots(parts: Sequence[Part], as_of: datetime | None = None) -> list[Part]:
    """The parts of one CRM and kind with each deal in one of them, in their given order.

    as_of: the state is as ``state_at`` says (else the newest): a later export that overlaps it is
    left out, so that it changes nothing that was reported for this moment.
    """
    if len(parts) < 2:
        return list(parts)
    settled = {} if as_of is None else _left_out(parts, as_of)
    counted = [p for p in parts if id(p) not in settled]
    newest_first = sorted(counted, key=age_key, reverse=True)
    newer: list[_Coverage] = []
    for part in newest_first:
        settled[id(part)] = _settle(part, newer) if newer else part
        newer.append(_Coverage.of(part))
    return [settled[id(p)] for p in parts]


def overlap(some: Any, others: Any) -> bool:
    """Whether two exports show the same deals at two moments: half of the smaller one is in both. A
    deal moved to another pipeline between the exports of the two does not make them one."""
    a, b = pd.Index(some), pd.Index(others)
    least = min(len(a), len(b))
    return least > 0 and 2 * int(a.isin(b).sum()) >= least


def made_on(moment: datetime, day: date | None) -> date:
    """The day an export was made: that of its name, if its newest data are older."""
    return moment.date() if day is None else max(day, moment.date())


@dataclass(frozen=True)
class Aged:
    """An export by its age. preferred: it goes before others of its day (it was given)."""

    moment: datetime
    day: date | None
    ids: Callable[[], Any]
    preferred: bool = False


def state_at(several: Sequence[Aged], as_of: datetime) -> tuple[list[int], dict[int, int]]:
    """Which of ``several`` (oldest first) are the state at ``as_of``, and those left out: later ones
    that overlap a part of the state -> that part.

    The state is the export of that very moment, else the newest one made on its day and not after
    it, else the earliest made after it: so a later one never changes what was reported for the day
    of an export. Older days' exports are neither; without a state the newest one is it.
    """
    taken: list[int] = []
    known: dict[int, Any] = {}
    out: dict[int, int] = {}
    for at, rank in _candidates(several, as_of):
        ids = several[at].ids()
        state = next((t for t in taken if overlap(ids, known[t])), None)
        if state is None:
            taken.append(at)
            known[at] = ids
        elif rank == _AFTER or at > state:
            out[at] = state
    return sorted(taken), out


_EXACT, _PREFERRED, _SAME_DAY, _AFTER = range(4)


def _candidates(several: Sequence[Aged], as_of: datetime) -> list[tuple[int, int]]:
    """Place and rank of those that may be the state, the best first."""
    found = []
    for at, one in enumerate(several):
        made = made_on(one.moment, one.day)
        if one.moment == as_of:
            found.append((_EXACT, -at, at))
        elif one.moment < as_of and made == as_of.date():
            found.append((_PREFERRED if one.preferred else _SAME_DAY, -at, at))
        elif one.moment > as_of or made > as_of.date():
            found.append((_AFTER, at, at))
    return [(at, rank) for rank, _, at in sorted(found)]


def _left_out(parts: Sequence[Part], as_of: datetime) -> dict[int, Part]:
    """The parts later than the state at ``as_of`` that overlap it, without their rows."""
    moments = [(default_as_of(p.frame, p.export.moment, p.export.day), p) for p in parts]
    aged = sorted(
        ((m, p) for m, p in moments if m is not None),
        key=lambda pair: (pair[0], pair[1].export.day or date.min, pair[1].export.source.name),
    )
    several = [Aged(m, p.export.day, partial(p.frame.get, "deal_id")) for m, p in aged]
    out: dict[int, Part] = {}
    for at, state in state_at(several, as_of)[1].items():
        part = aged[at][1]
        n = len(part.frame)
        name = aged[state][1].export.source.name
        params = {"state": name, "as_of": f"{as_of:%d.%m.%Y %H:%M}"}
        file = part.export.source.name
        finding = Finding(LATER, Severity.NOTE, file=file, count=n, params=params)
        out[id(part)] = part.keep(
            np.zeros(n, bool),
            excluded=(*part.excluded, (LATER, n)),
            findings=(*part.findings, finding),
        )
    return out


def _settle(part: Part, newer: Sequence[_Coverage]) -> Part:
    frame = part.frame
    ids = frame["deal_id"]
    here = pd.Index(ids)
    merged = np.zeros(len(frame), bool)
    absent = np.zeros(len(frame), bool)
    overlapping = []
    for coverage in newer:
        inside = here.isin(coverage.ids)
        if inside.any():
            merged |= inside
            absent |= coverage.should_hold(frame)
            overlapping.append(coverage.name)
    if not overlapping:
        return part
    absent &= ~merged
    gone, kept = int(absent.sum()), int((~merged & ~absent).sum())
    rows = frame["_row"].to_numpy()[np.flatnonzero(absent)[:ROWS_SHOWN]]
    finding = Finding(
        "findings_adapters.older_export",
        Severity.NOTE if not gone else Severity.WARNING,
        file=part.export.source.name,
        rows=tuple(int(r) for r in rows),
        count=len(frame) - kept,
        params={
            "newest": overlapping[0],
            "merged": int(merged.sum()),
            "absent": gone,
            "kept": kept,
        },
    )
    return part.keep(
        ~(merged | absent),
        merged=part.merged + int(merged.sum()),
        excluded=(*part.excluded, (ABSENT, gone)) if gone else part.excluded,
        findings=(*part.findings, finding),
    )
