"""A stage (or pipeline) that got another name between two exports: its deals did not move."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from funnelkpi.archive.rebuild import Seen

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rename:
    """A place (pipeline and stage) with another name from export ``at`` on. deals: how many stood
    there over the change. before, after: its names."""

    old: int
    new: int
    at: int
    deals: int
    before: str = ""
    after: str = ""

    def named(self, before: str, after: str) -> Rename:
        """The same with names."""
        return replace(self, before=before, after=after)


def renamed_places(seen: Seen, places: Ints) -> tuple[Rename, ...]:
    """Renames, oldest first: from one export to the next all deals of a place stand in another one,
    which no export showed before, the old one is shown no more, and at least one of these deals was
    not touched (the same edit date and stage-change date)."""
    steps = seen.steps
    moved = np.flatnonzero((steps.before >= 0) & (places[steps.before] != places[steps.version]))
    if not len(moved):
        return ()
    old, new = places[steps.before[moved]], places[steps.version[moved]]
    at = steps.at[moved]
    first, last = _shown(seen, places)
    candidates = np.flatnonzero((first[new] == at) & (last[old] < at))
    if not len(candidates):
        return ()
    untouched = _untouched(seen, moved)
    triples, which = np.unique(
        np.stack([at[candidates], old[candidates], new[candidates]]), axis=1, return_inverse=True
    )
    out = []
    for i, (when, a, b) in enumerate(triples.T.tolist()):
        rows = candidates[which.ravel() == i]
        everybody = np.count_nonzero((old == a) & (at >= when)) == len(rows)
        if everybody and untouched[rows].any():
            out.append(Rename(a, b, when, len(rows)))
    return tuple(out)


def _shown(seen: Seen, places: Ints) -> tuple[Ints, Ints]:
    """The first and the last export that shows each place."""
    n = int(places.max(initial=-1)) + 1
    first, last = np.full(n, len(seen.moments)), np.full(n, -1)
    for at, (_, versions) in enumerate(seen.presence):
        here = np.unique(places[versions])
        first[here] = np.minimum(first[here], at)
        last[here] = at
    return first, last


def _untouched(seen: Seen, moved: Ints) -> npt.NDArray[np.bool_]:
    now, before = seen.steps.version[moved], seen.steps.before[moved]

    def same(name: str) -> Any:
        values = seen.versions[name].to_numpy().astype("M8[s]")
        known = ~np.isnat(values[now])
        return known, values[now] == values[before]

    (edited, same_edit), (dated, same_stage) = same("modified_at"), same("stage_changed_at")
    out = (edited | dated) & (same_edit | ~edited) & (same_stage | ~dated)
    # a date without time may hide an edit of the same day, after the export
    days = seen.versions["modified_at"].to_numpy().astype("M8[s]")[now]
    hidden = (days.astype("M8[D]") == days) & (
        days == seen.moments[seen.steps.last[moved]].astype("M8[D]")
    )
    sure: npt.NDArray[np.bool_] = out & ~hidden
    return sure
