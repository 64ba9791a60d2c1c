"""What history and kept exports tell of the deals at ``as of``: visits, owners, pushes, amounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.funnel.people import People
from funnelkpi.adapters.history.chains import Arrivals, Chains, build_chains
from funnelkpi.adapters.history.changes import Changes, middle, positions, stages_of
from funnelkpi.adapters.history.unfolded import Unfolded
from funnelkpi.model.dataset import MAX_STAGE_UNKNOWN
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity
from funnelkpi.model.funnel import STATUSES, Funnel
from funnelkpi.model.kept import Kept
from funnelkpi.model.ownership import build_owners, owner_at
from funnelkpi.model.visits import GONE, build_visits, no_amounts, no_owners, no_pushes, no_visits

Array = npt.NDArray[Any]
_NAT = np.datetime64("NaT", "s")
_STALE = timedelta(days=7)
"""A history that ends so long before the report looks is worth a word."""


@dataclass(frozen=True)
class Timeline:
    """The frames of ``Dataset`` that history fills, and what they know.

    whole: deals whose way is known since their creation. observed: stage id -> the moment from
    which its entries are known. observed_until: stage id -> the moment after which some are missing.
    """

    visits: pd.DataFrame
    owners: pd.DataFrame
    pushes: pd.DataFrame
    amounts: pd.DataFrame
    whole: Array
    observed: dict[str, datetime]
    observed_until: dict[str, datetime]
    until: datetime | None
    findings: tuple[Finding, ...]


def no_timeline(deals: int) -> Timeline:
    """Nothing but the export itself."""
    return Timeline(
        no_visits(), no_owners(), no_pushes(), no_amounts(), np.zeros(deals, bool), {}, {}, None, ()
    )


def build_timeline(
    unfolded: Unfolded, kept: Kept | None, deals: pd.DataFrame, funnel: Funnel, people: People
) -> Timeline:
    """The timeline of the deals as they stand at the moment the report looks from."""
    if unfolded.changes is None:
        return no_timeline(len(deals))
    changes, moment = unfolded.changes, unfolded.moment
    begun = None if kept is None else _begun(kept.begin, deals, funnel)
    ended = _ended(deals)
    chains = build_chains(changes, begun, ended, deals, funnel, moment)
    observed, partial = _observed(chains.observed, chains.moves.deal, deals, funnel)
    current = deals["manager"].cat.codes.to_numpy()
    owners = owners_of(changes, people, current)
    visits = build_visits(chains.moves)
    begin = visits["start"].to_numpy()
    visits["manager"] = owner_at(owners, visits["deal"].to_numpy(), begin, current)
    findings = [*partial, *_doubts(chains.broken, chains.differing, deals)]
    if chains.until is not None and chains.until < moment - _STALE:
        ends = {"until": f"{chains.until:%d.%m.%Y %H:%M}"}
        findings.append(Finding("findings_history.ends_early", Severity.WARNING, params=ends))
    return Timeline(
        visits, owners, _moved_dates(changes, owners, current), _amounts(changes, owners, current),
        chains.whole, observed, _stale(chains, deals, funnel), chains.until, tuple(findings),
    )  # fmt: skip


def _stale(chains: Chains, deals: pd.DataFrame, funnel: Funnel) -> dict[str, datetime]:
    """Stages of pipelines whose deals moved on after the last event: until when they are known."""
    moved = np.unique(deals["pipeline"].cat.codes.to_numpy()[chains.differing])
    return {
        s.id: chains.ends[code].astype(object)
        for code, pipeline in enumerate(funnel.pipelines)
        if code in moved and not np.isnat(chains.ends[code])
        for s in pipeline.stages
    }


def owners_of(changes: Changes, people: People, current: Array) -> pd.DataFrame:
    """The owners frame: changes of owner, and owners that stage changes name beside them.

    current: the owner of each deal now.
    """
    frame = changes.frame
    owner = people.codes(frame["owner"])
    before = people.codes(frame["from_owner"])
    changed = np.zeros(len(owner), bool)
    changed[changes.of("owner")] = True
    named = frame["owner"].cat.codes.to_numpy() >= 0
    rows = np.flatnonzero(named | changed)
    # where events tell of owners, the coarser sightings of kept exports are not asked
    events = np.zeros(int(changes.deal.max(initial=-1)) + 1, bool)
    events[changes.deal[rows[changes.evidence[rows] == Evidence.HISTORY]]] = True
    rows = rows[(changes.evidence[rows] == Evidence.HISTORY) | ~events[changes.deal[rows]]]
    return build_owners(
        changes.deal[rows], changes.at[rows], owner[rows], before[rows], ~changed[rows], current
    )


def _begun(begin: pd.DataFrame, deals: pd.DataFrame, funnel: Funnel) -> Arrivals | None:
    """Where deals stood in the first kept export that shows them."""
    if not len(begin):
        return None
    place = positions(begin, deals)
    begin, deal = begin[place >= 0].reset_index(drop=True), place[place >= 0].astype(np.int32)
    home = deals["pipeline"].cat.codes.to_numpy()[deal]
    lead = deals["entity"].cat.codes.to_numpy()[deal] == 1
    stage, _ = stages_of(begin, "", home, lead, funnel)
    seen = begin["seen_at"].to_numpy().astype("M8[s]")
    changed = begin["stage_changed_at"].to_numpy().astype("M8[s]")
    closed = begin["closed_at"].to_numpy().astype("M8[s]")
    at = np.where(np.isnat(changed), closed, changed)
    at = np.where(at <= seen, at, _NAT)
    n = len(deal)
    return Arrivals(
        deal, stage.astype(np.int16), np.full(n, -1, np.int16), at, at, at, seen,
        np.full(n, Evidence.ARCHIVE, np.int8), np.zeros(n, bool),
    )  # fmt: skip


def _ended(deals: pd.DataFrame) -> Arrivals | None:
    """The ends of deals that kept exports saw disappear."""
    rows = np.flatnonzero(deals["status"].cat.codes.to_numpy() == STATUSES.index("gone"))
    if not len(rows):
        return None
    since, until = (deals[n].to_numpy().astype("M8[s]")[rows] for n in ("gone_since", "gone_at"))
    n = len(rows)
    return Arrivals(
        rows.astype(np.int32), np.full(n, GONE, np.int16), np.full(n, -1, np.int16),
        middle(since, until), since, until, until, np.full(n, Evidence.ARCHIVE, np.int8),
        np.zeros(n, bool),
    )  # fmt: skip


def _observed(
    begins: Array, told: Array, deals: pd.DataFrame, funnel: Funnel
) -> tuple[dict[str, datetime], list[Finding]]:
    """Stages whose entries are known since when. A pipeline in which too many of the deals that
    surely moved have no change at all is not: its history is only a part."""
    way = np.zeros(len(deals), bool)
    way[told] = True
    ended = np.isin(
        deals["status"].cat.codes.to_numpy(), [STATUSES.index(s) for s in ("won", "lost")]
    )
    created, closed = (deals[n].to_numpy().astype("M8[s]") for n in ("created_at", "closed_at"))
    place = deals["pipeline"].cat.codes.to_numpy()
    out: dict[str, datetime] = {}
    findings = []
    for code, pipeline in enumerate(funnel.pipelines):
        begin = begins[code]
        if np.isnat(begin):
            continue
        moved = (place == code) & ended & (created >= begin) & (closed > created)
        missing = moved & ~way
        share = missing.sum() / max(1, moved.sum())
        if missing.any():
            rows = np.flatnonzero(missing)
            findings.append(
                Finding(
                    "findings_history.deals_without_history",
                    Severity.WARNING if share > MAX_STAGE_UNKNOWN else Severity.NOTE,
                    value=", ".join(str(i) for i in deals["deal_id"].iloc[rows[:5]]),
                    count=len(rows),
                    params={"pipeline": pipeline.title, "share": f"{share:.0%}"},
                )
            )
        if share <= MAX_STAGE_UNKNOWN:
            out |= {s.id: begin.astype(object) for s in pipeline.stages}
    return out, findings


def _doubts(broken: int, differing: Array, deals: pd.DataFrame) -> Iterable[Finding]:
    if broken:
        yield Finding("findings_history.gaps", Severity.WARNING, count=broken)
    if len(differing):
        ids = deals["deal_id"].iloc[differing[:ROWS_SHOWN]]
        yield Finding(
            "findings_history.stage_differs", Severity.WARNING, count=len(differing),
            value=", ".join(str(i) for i in ids[:5]),
            rows=tuple(int(r) for r in deals["_row"].iloc[differing[:ROWS_SHOWN]]),
        )  # fmt: skip


def _moved_dates(changes: Changes, owners: pd.DataFrame, current: Array) -> pd.DataFrame:
    """Expected close dates that were moved, both known."""
    rows = changes.of("planned_close")
    after, before = (
        changes.frame[name].to_numpy().astype("M8[s]")[rows]
        for name in ("planned_close_at", "from_planned_close_at")
    )
    both = ~np.isnat(after) & ~np.isnat(before)
    return _altered(changes, rows[both], before[both], after[both], owners, current)


def _amounts(changes: Changes, owners: pd.DataFrame, current: Array) -> pd.DataFrame:
    rows = changes.of("amount")
    after, before = (changes.frame[n].to_numpy()[rows] for n in ("amount", "from_amount"))
    return _altered(changes, rows, before, after, owners, current)


def _altered(
    changes: Changes, rows: Array, before: Array, after: Array, owners: pd.DataFrame, current: Array
) -> pd.DataFrame:
    deal, at = changes.deal[rows], changes.at[rows]
    out = pd.DataFrame(
        {
            "deal": deal, "at": at, "since": changes.since[rows], "until": changes.until[rows],
            "before": before, "after": after, "manager": owner_at(owners, deal, at, current),
        }
    )  # fmt: skip
    return out.sort_values(["deal", "at"], kind="stable", ignore_index=True)
