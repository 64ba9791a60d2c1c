"""All changes of a run, of events and of kept exports, cut at ``as of`` with the rows accounted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.cut import excluded_from
from funnelkpi.adapters.funnel.people import People
from funnelkpi.adapters.history.changes import Changes, by_file, code_changes
from funnelkpi.adapters.history.rewind import rewind
from funnelkpi.adapters.part import put_together
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.finding import Finding, Severity
from funnelkpi.model.funnel import Funnel
from funnelkpi.model.kept import Kept
from funnelkpi.model.ownership import build_owners, owner_at

Array = npt.NDArray[Any]
AFTER_AS_OF = "findings_history.after_as_of"
_NAMES = ("owner", "from_owner")


@dataclass(frozen=True)
class Unfolded:
    """The changes of the deals that exist at ``moment``.

    every: all of them, also later ones; positions are those of the deals after the cut. changes:
    those by ``moment``. late: file -> rows after it. None without any history.
    """

    every: Changes | None
    changes: Changes | None
    moment: datetime
    late: dict[str, int]
    findings: tuple[Finding, ...]

    def rewind(self, deals: pd.DataFrame, funnel: Funnel) -> None:
        """Put the deals back to where they stood at ``moment``, where that is known."""
        if self.every is None:
            return
        now = np.datetime64(self.moment, "s")
        place = deals["pipeline"].cat.codes.to_numpy()
        recorded = np.zeros(len(funnel.pipelines), bool)
        for level in (Evidence.HISTORY, Evidence.ARCHIVE):
            rows = np.flatnonzero(self.every.evidence == level)
            where = place[self.every.deal[rows]]
            for code in range(len(recorded)):
                own = rows[where == code]
                if len(own):
                    recorded[code] |= bool(
                        (self.every.since[own].min() <= now) & (self.every.until[own].max() >= now)
                    )
        rewind(deals, self.every, recorded, funnel, self.moment)

    def names(self) -> list[pd.Series]:
        """Columns of people's names."""
        return [] if self.changes is None else [self.changes.frame[name] for name in _NAMES]

    def owners_then(self, deals: pd.DataFrame, people: People) -> Array:
        """Manager code of each deal's owner at ``moment``: the export's, unless he came later."""
        current = people.codes(deals["owner"])
        if self.every is None:
            return current
        now = np.datetime64(self.moment, "s")
        rows = self.every.of("owner")
        rows = rows[self.every.since[rows] >= now]
        if not len(rows):
            return current
        owners = build_owners(
            self.every.deal[rows], self.every.at[rows],
            people.codes(self.every.frame["owner"])[rows],
            people.codes(self.every.frame["from_owner"])[rows], np.zeros(len(rows), bool),
        )  # fmt: skip
        return owner_at(owners, np.arange(len(deals)), np.full(len(deals), now), current)

    def accounted(self, accounts: Sequence[FileAccount]) -> tuple[FileAccount, ...]:
        """The accounts with what was left out here moved from counted to excluded."""
        out = tuple(accounts)
        if self.every is not None:
            for file, reasons in self.every.excluded.items():
                for reason, n in reasons:
                    out = tuple(excluded_from(a, {file: n}, reason) for a in out)
        return tuple(excluded_from(a, self.late, AFTER_AS_OF) for a in out)

    def rows(self) -> pd.DataFrame | None:
        """The changes by ``moment`` as read."""
        return None if self.changes is None else self.changes.frame


def unfold(
    history: pd.DataFrame | None, kept: Kept | None, deals: pd.DataFrame, funnel: Funnel,
    moment: datetime,
) -> Unfolded:  # fmt: skip
    """Match all changes with their deals and cut them at ``moment``.

    deals: resolved and uncut; those created after ``moment`` are left out here too.
    """
    tables = [t for t in (history, None if kept is None else kept.history) if t is not None]
    tables = [t for t in tables if len(t)] or tables[:1]
    if not tables:
        return Unfolded(None, None, moment, {}, ())
    columns = [c for c in tables[0].columns if all(c in t for t in tables)]
    found = code_changes(put_together([t[columns] for t in tables]), deals, funnel)
    now = np.datetime64(moment, "s")
    young = deals["created_at"].to_numpy().astype("M8[s]") > now
    late = found.until > now
    alive = ~young[found.deal]
    place = (np.cumsum(~young) - 1).astype(np.int32)
    every = found if alive.all() else found.taken(np.flatnonzero(alive))
    every = replace(every, deal=place[every.deal]) if young.any() else every
    kept_late = every.until > now
    changes = every.taken(np.flatnonzero(~kept_late)) if kept_late.any() else every
    told = late & (found.evidence == Evidence.HISTORY)
    gone, findings = {}, []
    for file, rows, n in by_file(found.frame, told):
        gone[file] = n
        findings.append(Finding(AFTER_AS_OF, Severity.NOTE, file, rows, count=n))
    return Unfolded(every, changes, moment, gone, (*found.findings, *findings))
