"""Which exports are the state at a moment: later ones change nothing that was reported for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from funnelkpi.adapters.snapshots import Aged, made_on, overlap, state_at
from funnelkpi.archive.rebuild import Seen
from funnelkpi.past.sightings import Showing, ids_of


def until_state(
    showings: Sequence[Showing], as_of: datetime | None
) -> tuple[list[Showing], list[int]]:
    """The exports up to the state, oldest first, and which of them are the state at ``as_of`` by
    ``adapters.snapshots.state_at``; none without ``as_of``, or if all are of older days: then the
    newest is it (``newest_of``)."""
    ordered = sorted(showings, key=_age)
    if as_of is None:
        return ordered, []
    several = [
        Aged(s.moment, s.export.day, partial(_ids, s), preferred=not s.kept) for s in ordered
    ]
    state, left_out = state_at(several, as_of)
    here = [at for at in range(len(ordered)) if at not in left_out]
    return [ordered[at] for at in here], [here.index(at) for at in state]


def newest_of(seen: Seen, showings: Sequence[Showing], state: Sequence[int] = ()) -> list[int]:
    """Which exports are the state: those of ``state``, else the newest; and those before it that
    show other deals (another pipeline), back to the day of one that shows the same deals again."""
    taken = list(state)
    made = [made_on(s.moment, s.export.day) for s in showings]
    for at in sorted(range(len(made)), key=lambda at: (made[at], at), reverse=True):
        if at in taken:
            continue
        same = [t for t in taken if _overlap(seen, at, t)]
        if not same:
            taken.append(at)
        elif made[at] < min(made[t] for t in same):
            break
    return sorted(taken)


def previous_of(seen: Seen, state: Sequence[int]) -> datetime | None:
    """The moment of the newest export before the state that shows deals of it: one of another
    pipeline, made a minute before, is no previous one."""
    earlier = [
        at
        for at in range(len(seen.moments))
        if at not in state
        and any(seen.moments[at] < seen.moments[t] and _overlap(seen, at, t) for t in state)
    ]
    if not earlier:
        return None
    moment: datetime = seen.moments[max(earlier)].astype("M8[s]").item()
    return moment


def _overlap(seen: Seen, at: int, other: int) -> bool:
    return overlap(seen.presence[at][0], seen.presence[other][0])


def _ids(showing: Showing) -> Any:
    return ids_of(showing.export).to_numpy(zero_copy_only=False)


def _age(showing: Showing) -> tuple[datetime, date, str, str]:
    """Two amoCRM exports between which nobody edited a deal are of one moment: the days in their
    names tell which is later."""
    source = showing.export.source
    return showing.moment, showing.export.day or date.min, source.path.name, str(showing.data)
