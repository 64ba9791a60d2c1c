"""Tables of tasks, contacts and companies put together; numbers of clients become their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from funnelkpi.adapters.interface import Export, Kind, Wanted
from funnelkpi.adapters.lookup import Lookups
from funnelkpi.adapters.part import Part, put_together
from funnelkpi.adapters.records.cards import (
    CARD_ID,
    IS_COMPANY,
    available_of_cards,
    read_cards,
    split,
)
from funnelkpi.adapters.records.in_deals import cards_in_deals
from funnelkpi.adapters.records.merged import settle_by_id
from funnelkpi.adapters.records.names import name_companies
from funnelkpi.adapters.records.tasks import available_of_tasks, read_tasks
from funnelkpi.config.schema import Settings
from funnelkpi.model.finding import Finding

_CARDS: tuple[Kind, ...] = ("contacts", "companies")


@dataclass(frozen=True)
class Records:
    """Tasks, contacts and companies of a run; None without any. parts: their converted tables, for
    the account. available: kind -> canonical columns at least one table has."""

    tasks: pd.DataFrame | None = None
    contacts: pd.DataFrame | None = None
    companies: pd.DataFrame | None = None
    parts: tuple[Part, ...] = ()
    findings: tuple[Finding, ...] = ()
    available: dict[str, frozenset[str]] = field(default_factory=dict)


def load_records(
    exports: Sequence[Export], wanted: Wanted, settings: Settings, names: Lookups
) -> Records:
    """Read and put together the tables of tasks, contacts and companies among ``exports``."""
    own = {k: [e for e in exports if e.kind == k] for k in ("tasks", *_CARDS)}
    tasks = _settled([read_tasks(e, settings, names) for e in own["tasks"]], ("task_id",))
    cards = _settled(
        [read_cards(e, wanted, settings, names) for k in _CARDS for e in own[k]],
        (CARD_ID, IS_COMPANY),
    )
    tables: dict[str, list[pd.DataFrame]] = {k: [] for k in _CARDS}
    available = {k: frozenset[str]() for k in _CARDS}
    for part in cards:
        for kind, frame in zip(_CARDS, split(part.frame), strict=True):
            if len(frame) or part.export.kind == kind:
                tables[kind].append(frame)
                available[kind] |= available_of_cards(part.export, kind)
    findings: list[Finding] = []
    for kind in _CARDS:
        if kind in wanted.from_deals:
            crms = {str(c) for t in tables[kind] for c in t["crm"].cat.categories}
            deals = [e for e in exports if e.kind in ("deals", "leads") and e.crm not in crms]
            made, notes = cards_in_deals(deals, kind, wanted, settings, names)
            findings += notes
            for frame in made:
                tables[kind].append(split(frame.assign(**{IS_COMPANY: kind == "companies"}))[
                    _CARDS.index(kind)
                ])  # fmt: skip
                filled = [c for c in frame.columns if not frame[c].isna().all()]
                available[kind] |= frozenset(filled) | frozenset(
                    c for c in ("phone", "email") if frame[f"has_{c}"].any()
                )
    frames = {k: put_together(t) if t else None for k, t in tables.items()}
    name_companies(frames["contacts"], frames["companies"])
    if own["tasks"]:
        available["tasks"] = frozenset().union(*(available_of_tasks(e) for e in own["tasks"]))
    return Records(
        put_together([p.frame for p in tasks]) if tasks else None,
        frames["contacts"],
        frames["companies"],
        (*tasks, *cards),
        tuple(findings),
        {k: v for k, v in available.items() if v},
    )


def _settled(parts: Sequence[Part], keys: tuple[str, ...]) -> list[Part]:
    """Tables settled CRM by CRM; their order is kept."""
    done: dict[int, Part] = {}
    for crm in sorted({p.export.crm for p in parts}):
        own = [i for i, p in enumerate(parts) if p.export.crm == crm]
        done |= dict(zip(own, settle_by_id([parts[i] for i in own], keys), strict=True))
    return [done[i] for i in range(len(parts))]
