"""The changes of history in codes: whose deal, which stage, which owner; what cannot be told is
left out with its rows named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.funnel.resolve import stages_within
from funnelkpi.adapters.history.order import order_of
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity
from funnelkpi.model.funnel import Funnel

Array = npt.NDArray[Any]

CHANGES = ("created", "stage", "owner", "amount", "planned_close", "deleted", "restored")
UNKNOWN_DEAL = "findings_history.unknown_deals"
SLACK = np.timedelta64(60, "s")
"""A CRM writes the first event some moments before or after the deal's creation."""
_NAMES_SHOWN = 5
_SPREAD = 16
"""So many numbers for each ID are a table that is worth its memory."""


@dataclass(frozen=True)
class Changes:
    """Changes of known deals, in the order they stand in the files; arrays of one length.

    deal: position in the deals. at: the moment a change counts at (of an interval its middle).
    since, until: the interval (``at`` where exact). change: index into ``CHANGES``. stage,
    from_stage: stage codes, -1 unknown; named: whether the source names a stage at all. evidence:
    ``Evidence``. frame: the rows themselves. excluded: file -> (reason, rows) of what was left out.
    """

    deal: Array
    at: Array
    since: Array
    until: Array
    change: Array
    stage: Array
    from_stage: Array
    named: Array
    evidence: Array
    frame: pd.DataFrame
    excluded: dict[str, tuple[tuple[str, int], ...]]
    findings: tuple[Finding, ...]

    def of(self, *kinds: str) -> Array:
        """Positions of the changes of these kinds."""
        wanted = [CHANGES.index(kind) for kind in kinds]
        found: Array = np.flatnonzero(np.isin(self.change, wanted))
        return found

    def taken(self, rows: Array) -> Changes:
        """Only the changes at ``rows``."""
        at = self.at[rows]
        exact = self.since is self.at and self.until is self.at
        return replace(
            self, deal=self.deal[rows], at=at, since=at if exact else self.since[rows],
            until=at if exact else self.until[rows], change=self.change[rows],
            stage=self.stage[rows], from_stage=self.from_stage[rows], named=self.named[rows],
            evidence=self.evidence[rows], frame=self.frame.iloc[rows].reset_index(drop=True),
        )  # fmt: skip


def code_changes(history: pd.DataFrame, deals: pd.DataFrame, funnel: Funnel) -> Changes:
    """Match every change with its deal and its stages.

    deals: resolved deals and leads (``deal_id``, ``entity``, ``crm``, ``pipeline``, ``created_at``).
    A stage is looked up in the pipeline the row names, else in the deal's own.
    """
    position = positions(history, deals)
    known = position >= 0
    findings = list(_unknown_deals(history, ~known))
    excluded = _counted(history, ~known, UNKNOWN_DEAL)
    rows = history if known.all() else history[known].reset_index(drop=True)
    deal = position[known].astype(np.int32)
    home = deals["pipeline"].cat.codes.to_numpy()[deal]
    lead = deals["entity"].cat.codes.to_numpy()[deal] == 1
    stage, named = stages_of(rows, "", home, lead, funnel)
    from_stage, _ = stages_of(rows, "from_", home, lead, funnel)
    until = rows["changed_at"].to_numpy().astype("M8[s]")
    begin = rows["changed_since"].to_numpy().astype("M8[s]")
    at = since = until
    vague = ~np.isnat(begin)
    if vague.any():
        since = np.where(vague, begin, until)
        at = np.where(vague, middle(since, until), until)
    change = _codes(rows["change"], CHANGES)
    findings += _unknown_stages(rows, named & (stage < 0))
    created = deals["created_at"].to_numpy().astype("M8[s]")[deal]
    findings += _early(rows, until < created - SLACK)
    return Changes(
        deal, at, since, until, change, stage, from_stage, named,
        rows["evidence"].to_numpy().astype(np.int8), rows, excluded, tuple(findings),
    )  # fmt: skip


def order_of_changes(changes: Changes, rows: Array, funnel: Funnel) -> Array:
    """Positions in ``rows`` (stages and creations) in the order they happened, deal by deal."""
    rank = np.array([s.rank for s in funnel.stages] + [-1], np.int16)
    event, numbers = changes.frame["event_id"].array, changes.frame["_row"].to_numpy()
    columns = [changes.deal, changes.at, changes.stage, changes.from_stage, numbers]
    if len(rows) < len(event):
        event = event.take(rows)
        columns = [column[rows] for column in columns]
    deal, at, stage, from_stage, numbers = columns
    return order_of(deal, at, event.__arrow_array__(), stage, from_stage, rank[stage], numbers)


def middle(since: Array, until: Array) -> Array:
    """The moment an interval counts at: its middle, so that it falls into the period that holds
    most of it; a second before, so that of two equal halves the earlier holds it."""
    half: Array = since + (until - since) // 2
    return np.where(until > since, np.maximum(half - np.timedelta64(1, "s"), since), until)


def positions(history: pd.DataFrame, deals: pd.DataFrame) -> Array:
    """Position of each row's deal in ``deals``, -1 unknown: by CRM, kind and ID. A table that is no
    CRM's may be of any CRM."""
    import pyarrow as pa

    def texts(column: pd.Series) -> Any:
        return pa.chunked_array(column.array.__arrow_array__())

    out = np.full(len(history), -1, np.int64)
    entity = deals["entity"].cat.codes.to_numpy()
    crm_of = [str(c) for c in deals["crm"].cat.categories]
    crm = deals["crm"].cat.codes.to_numpy()
    row_crm = history["crm"].cat.codes.to_numpy()
    row_lead = history["entity"].astype("str").eq("lead").to_numpy()
    for name, code in zip(history["crm"].cat.categories, range(1 << 15), strict=False):
        for lead in (False, True):
            rows = (row_crm == code) & (row_lead == lead)
            if not rows.any():
                continue
            own = entity == int(lead)
            if name in crm_of:
                own &= crm == crm_of.index(str(name))
            at = np.flatnonzero(own)
            ids = (
                texts(deals["deal_id"]).take(at)
                if len(at) < len(deals)
                else texts(deals["deal_id"])
            )
            every = bool(rows.all())
            asked = texts(history["deal_id"])
            asked = asked if every else asked.filter(pa.array(rows))
            found = _found(asked, ids)
            place: Array = np.append(at, -1)[found]
            if every:
                return place
            out[rows] = place
    return out


def _found(asked: Any, ids: Any) -> Array:
    """Position of each of ``asked`` in ``ids``, -1 if it is not there; IDs that are whole numbers
    lying close together are looked up in a table."""
    import pyarrow.compute as pc

    known, wanted = _whole(ids), _whole(asked)
    if known is not None and wanted is not None and len(known):
        low, high = int(known.min()), int(known.max())
        if high - low < _SPREAD * len(known):
            table = np.full(high - low + 2, -1, np.int32)
            table[(known - low)[::-1]] = np.arange(len(known), dtype=np.int32)[::-1]
            inside = (wanted >= low) & (wanted <= high)
            return table[np.where(inside, wanted - low, high - low + 1)]
    found = pc.fill_null(pc.index_in(asked, value_set=ids), -1)
    return np.asarray(found.to_numpy(), dtype=np.int32)


def _whole(ids: Any) -> Array | None:
    """IDs as whole numbers, if all are written as such: «007» is not 7."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if ids.null_count:
        return None
    try:
        numbers: Array = pc.cast(ids, pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    if len(numbers) and numbers.min() < 0:
        return None
    length = pc.binary_length(ids).to_numpy()
    ends = {len(str(int(n))) for n in (numbers.min(), numbers.max())} if len(numbers) else {0}
    if len(ends) == 1 and (length == ends.pop()).all():
        return numbers
    digits = np.searchsorted(10 ** np.arange(1, 19), numbers, side="right") + 1
    return numbers if (length == digits).all() else None


def stages_of(
    rows: pd.DataFrame, prefix: str, home: Array, lead: Array, funnel: Funnel
) -> tuple[Array, Array]:
    """Stage codes by name, else by code, and whether the row names a stage at all."""
    name, code, pipeline = (rows[f"{prefix}{c}"] for c in ("stage", "stage_code", "pipeline"))
    named = (name.cat.codes.to_numpy() >= 0) | (code.cat.codes.to_numpy() >= 0)
    out = np.full(len(rows), -1, np.int16)
    for is_lead, entity in ((False, "deal"), (True, "lead")):
        own = lead == is_lead
        if not own.any():
            continue
        found = stages_within(pipeline, name, home, funnel, entity)
        if len(code.cat.categories):
            by_code = stages_within(pipeline, code, home, funnel, entity)
            found = np.where(found >= 0, found, by_code)
        out = found if own.all() else np.where(own, found, out).astype(np.int16)
    return out, named


def _codes(column: pd.Series, names: Sequence[str]) -> Array:
    table = [names.index(str(c)) for c in column.cat.categories]
    out: Array = np.array([*table, -1], np.int8)[column.cat.codes.to_numpy()]
    return out


def _counted(
    history: pd.DataFrame, mask: Array, reason: str
) -> dict[str, tuple[tuple[str, int], ...]]:
    """File -> (reason, rows) of the rows of ``mask``."""
    if not mask.any():
        return {}
    files = history["_file"].cat
    counts = np.bincount(files.codes.to_numpy()[mask], minlength=len(files.categories))
    return {
        str(name): ((reason, int(n)),)
        for name, n in zip(files.categories, counts, strict=True)
        if n
    }


def by_file(rows: pd.DataFrame, mask: Array) -> Iterator[tuple[str, tuple[int, ...], int]]:
    """File, first rows and number of the rows of ``mask``, file by file."""
    hit = np.flatnonzero(mask)
    if not len(hit):
        return
    files = rows["_file"].cat
    codes = files.codes.to_numpy()[hit]
    for code in np.unique(codes):
        own = hit[codes == code]
        shown = rows["_row"].to_numpy()[own[:ROWS_SHOWN]]
        yield str(files.categories[code]), tuple(int(r) for r in shown), len(own)


def _unknown_deals(history: pd.DataFrame, mask: Array) -> Iterator[Finding]:
    ids = history["deal_id"]
    for file, rows, n in by_file(history, mask):
        own = mask & history["_file"].eq(file).to_numpy()
        some = ids[own].dropna().unique()
        yield Finding(
            UNKNOWN_DEAL, Severity.WARNING, file, rows, count=n,
            value=", ".join(str(i) for i in some[:_NAMES_SHOWN]), params={"deals": len(some)},
        )  # fmt: skip


def _unknown_stages(rows: pd.DataFrame, mask: Array) -> list[Finding]:
    """One finding per file: stages deals passed that no pipeline has (deleted, renamed)."""
    out = []
    for file, shown, n in by_file(rows, mask):
        own = rows[mask & rows["_file"].eq(file).to_numpy()]
        names = [str(c) for c in pd.unique(own["stage"].dropna())]
        names += [str(c) for c in pd.unique(own["stage_code"].dropna())] if not names else []
        shown_names = ", ".join(f"«{name}»" for name in names[:_NAMES_SHOWN])
        out.append(
            Finding(
                "findings_history.unknown_stages", Severity.WARNING, file, shown, count=n,
                value=shown_names + ("…" if len(names) > _NAMES_SHOWN else ""),
                params={"stages": len(names)},
            )
        )  # fmt: skip
    return out


def _early(rows: pd.DataFrame, mask: Array) -> list[Finding]:
    return [
        Finding("findings_history.before_creation", Severity.NOTE, file, shown, count=n)
        for file, shown, n in by_file(rows, mask)
    ]
