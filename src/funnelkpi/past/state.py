"""Which exports are the state at a moment: later ones change nothing that was reported for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from funnelkpi.adapters.snapshots import overlap
from funnelkpi.archive.rebuild import Seen
from funnelkpi.past.sightings import Showing, ids_of


def until_state(showings: Sequence[Showing], as_of: datetime | None) -> list[Showing]:
    """The exports up to the state, oldest first.

    With ``as_of`` the state is the earliest export made at or after it, and each later one that
    shows other deals (another pipeline); without, or if all are older, the newest.
    """
    ordered = sorted(showings, key=_age)
    if as_of is None:
        return ordered
    taken = [s for s in ordered if s.moment < as_of]
    known: list[Any] = []
    for showing in (s for s in ordered if s.moment >= as_of):
        ids = ids_of(showing.export).to_numpy(zero_copy_only=False)
        if not any(overlap(ids, other) for other in known):
            taken.append(showing)
            known.append(ids)
    return taken


def newest_of(seen: Seen) -> list[int]:
    """Which exports are the state without ``as_of``: the newest, and those before it that show
    other deals (another pipeline), back to the one that shows the same deals again."""
    taken: list[int] = []
    for at in reversed(range(len(seen.moments))):
        deals = seen.presence[at][0]
        if any(overlap(deals, seen.presence[t][0]) for t in taken):
            break
        taken.append(at)
    return sorted(taken)


def _age(showing: Showing) -> tuple[datetime, date, str, str]:
    """Two amoCRM exports between which nobody edited a deal are of one moment: the days in their
    names tell which is later."""
    source = showing.export.source
    return showing.moment, showing.export.day or date.min, source.path.name, str(showing.data)
