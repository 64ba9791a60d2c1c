"""Recognised exports into the canonical tables, with the account of every row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import pandas as pd

from funnelkpi.adapters.calls.repeats import settle_calls
from funnelkpi.adapters.calls.table import read_calls
from funnelkpi.adapters.captions import caption_key, nearest
from funnelkpi.adapters.deals.columns import available_columns
from funnelkpi.adapters.deals.table import read_deals
from funnelkpi.adapters.history.load import load_history
from funnelkpi.adapters.history.table import open_history
from funnelkpi.adapters.interface import RAW, UNKNOWN, Export, Wanted
from funnelkpi.adapters.lookup import Lookups, lookups
from funnelkpi.adapters.moment import Stamp
from funnelkpi.adapters.part import Part, put_together
from funnelkpi.adapters.records.load import Records, load_records
from funnelkpi.adapters.records.names import (
    deals_of_titles,
    name_clients_of_deals,
    name_clients_of_tasks,
)
from funnelkpi.adapters.snapshots import settle_snapshots
from funnelkpi.config.schema import Settings
from funnelkpi.errors import InputError, Problem
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.finding import Finding, Severity
from funnelkpi.model.tables import CALLS


@dataclass(frozen=True)
class Tables:
    """The canonical tables of a run.

    deals, leads, calls, history, tasks, contacts, companies: None when no such table was given
    (contacts and companies may be made of the deals' columns: ``Wanted.from_deals``). accounts: one
    per table, in the given order. available: kind -> canonical columns mapped in at least one file.
    moments, days: kind -> the newest moment (day) the exports themselves state, None if none does.
    stamps: file -> the moment and the day it states.
    """

    deals: pd.DataFrame | None
    leads: pd.DataFrame | None
    calls: pd.DataFrame | None
    accounts: tuple[FileAccount, ...]
    findings: tuple[Finding, ...]
    available: dict[str, frozenset[str]]
    moments: dict[str, datetime | None]
    days: dict[str, date | None]
    stamps: dict[str, Stamp]
    history: pd.DataFrame | None = None
    tasks: pd.DataFrame | None = None
    contacts: pd.DataFrame | None = None
    companies: pd.DataFrame | None = None

    def frames(self) -> list[pd.DataFrame]:
        """Deals and leads, those that were given, each with ``is_lead``."""
        pairs = ((self.deals, False), (self.leads, True))
        return [frame.assign(is_lead=lead) for frame, lead in pairs if frame is not None]


def load(
    exports: Sequence[Export], wanted: Wanted, settings: Settings, as_of: datetime | None = None
) -> Tables:
    """Read, convert and put together ``exports``.

    Several deals tables of one CRM are settled as snapshots (``snapshots``), those later than the
    state at ``as_of`` left out; different CRMs never meet. Findings come with the files in the given
    order: those of the reader, then of the values.
    """
    names, read = lookups(exports)
    found: list[Finding] = [f for e in exports for f in e.source.findings]
    accounts: dict[int, FileAccount] = {}
    for export, columns in read:
        counted = columns.rows - columns.rejected
        accounts[id(export)] = FileAccount(
            export.source.name, export.kind, export.crm, columns.rows, counted,
            rejected=columns.rejected,
        )  # fmt: skip
        found.extend(columns.findings)
    for export in exports:
        if not export.source.header:
            accounts[id(export)] = FileAccount(
                export.source.name, export.stated_kind, export.crm, 0, 0
            )
            found.append(_empty(export))
    full = [e for e in exports if e.source.header]
    frames: dict[str, pd.DataFrame | None] = {}
    with ThreadPoolExecutor(1) as pool:  # events are read beside the deals, as calls are
        opening = [pool.submit(open_history, e, settings) for e in full if e.kind == "history"]
        for kind, several in _parts(full, wanted, settings, names):
            parts = _settled(several, kind, as_of)
            accounts |= {id(p.export): p.account() for p in parts}
            found.extend(f for p in parts for f in p.findings)
            frames[kind] = put_together([p.frame for p in parts]) if parts else None
        opened = [future.result() for future in opening]
    deals = [frame for frame in (frames["deals"],) if frame is not None]
    events = load_history(opened, deals, settings, names)
    accounts |= {id(p.export): p.account() for p in events}
    found.extend(f for p in events for f in p.findings)
    records = load_records(full, wanted, settings, names)
    accounts |= {id(p.export): p.account() for p in records.parts}
    found.extend(f for p in records.parts for f in p.findings)
    found.extend(records.findings)
    _with_names(records, [f for f in (frames["deals"], frames["leads"]) if f is not None])
    found.extend(_without_rows(full, accounts))
    found.extend(_missing_captions(full, wanted))
    stated = {k: [e for e in exports if e.kind == k] for k in ("deals", "leads", "calls")}
    return Tables(
        frames["deals"],
        frames["leads"],
        frames["calls"],
        tuple(accounts[id(e)] for e in exports),
        tuple(found),
        {k: _available(full, k) for k, several in stated.items() if several} | records.available,
        {
            k: max((e.moment for e in several if e.moment), default=None)
            for k, several in stated.items()
        },
        {k: max((e.day for e in several if e.day), default=None) for k, several in stated.items()},
        {e.source.name: (e.moment, e.day) for e in exports},
        put_together([p.frame for p in events]) if events else None,
        records.tasks,
        records.contacts,
        records.companies,
    )


def _with_names(records: Records, deals: Sequence[pd.DataFrame]) -> None:
    """Numbers of contacts and companies become their names, names of deals their IDs."""
    for frame in deals:
        name_clients_of_deals(frame, records.contacts, records.companies)
    if records.tasks is not None:
        name_clients_of_tasks(records.tasks, records.contacts, records.companies)
        deals_of_titles(records.tasks, deals)


def _parts(
    exports: Sequence[Export], wanted: Wanted, settings: Settings, names: Lookups
) -> Iterator[tuple[str, list[Part]]]:
    """The converted tables by kind. Calls are read beside the deals: pyarrow and numpy let go of
    the interpreter while they work."""
    own = {kind: [e for e in exports if e.kind == kind] for kind in ("deals", "leads", "calls")}
    pool = ThreadPoolExecutor(1)
    try:
        calls = [pool.submit(read_calls, e, settings, names) for e in own["calls"]]
        for kind in ("deals", "leads"):
            yield kind, [read_deals(e, wanted, settings, names) for e in own[kind]]
        yield "calls", [future.result() for future in calls]
    finally:
        pool.shutdown(cancel_futures=True)


def _settled(parts: list[Part], kind: str, as_of: datetime | None) -> list[Part]:
    """Snapshots settled CRM by CRM; the order of the files is kept."""
    settle = settle_calls if kind == "calls" else partial(settle_snapshots, as_of=as_of)
    done: dict[int, Part] = {}
    for crm in sorted({p.export.crm for p in parts}):
        own = [i for i, p in enumerate(parts) if p.export.crm == crm]
        done |= dict(zip(own, settle([parts[i] for i in own]), strict=True))
    return [done[i] for i in range(len(parts))]


def _available(exports: Sequence[Export], kind: str) -> frozenset[str]:
    own = [e for e in exports if e.kind == kind]
    if kind == "calls":
        calls = {c.name for c in CALLS}
        return frozenset({RAW.get(c, c) for e in own for c in e.mapping} & calls)
    return frozenset().union(*(available_columns(e) for e in own))


def _empty(export: Export) -> Finding:
    notice = export.source.empty_notice
    if export.layout == UNKNOWN:
        code = "findings_adapters.empty_unknown"
        return Finding(code, Severity.WARNING, file=export.source.name, value=notice)
    return Finding(
        "findings_adapters.empty_export", Severity.WARNING, file=export.source.name, value=notice
    )


def _without_rows(
    exports: Sequence[Export], accounts: Mapping[int, FileAccount]
) -> Iterator[Finding]:
    """Tables of captions alone."""
    for export in exports:
        if not accounts[id(export)].rows and not export.source.findings:
            name = export.source.name
            yield Finding("findings_adapters.no_rows", Severity.WARNING, file=name)


def _missing_captions(exports: Sequence[Export], wanted: Wanted) -> list[Finding]:
    """Custom columns that were asked for and stand in no file, with the caption most like them."""
    own = [e for e in exports if e.kind in ("deals", "leads")]
    if not own:
        return []
    captions = {c for e in own for c in e.source.header}
    keys = {caption_key(c) for c in captions}
    return [
        Finding(
            "findings_adapters.caption_not_found",
            Severity.WARNING,
            column=caption,
            params={"like": nearest(caption, sorted(captions)) or "—"},
        )
        for caption in dict.fromkeys((*wanted.texts, *wanted.moments))
        if caption_key(caption) not in keys
    ]


def refuse_broken(accounts: Iterable[FileAccount], max_rejected: float) -> None:
    """Refuse a file of which more than the share ``inputs.max_rejected`` of rows was rejected.

    Raises:
        InputError: names every such file, how many rows and what share.
    """
    problems = [
        Problem(
            "errors_adapters.too_many_rejected",
            {"rejected": a.rejected, "rows": a.rows, "limit": f"{max_rejected:.0%}"},
            a.file,
        )
        for a in accounts
        if a.rejected > max_rejected * a.rows
    ]
    if problems:
        raise InputError(*problems)
