"""Contacts and companies made of the client columns of the deals export, where no list of them is
given: one card per ID, or per name with its company and phones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from funnelkpi.adapters.captions import caption_key
from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.interface import Export, Kind, Wanted
from funnelkpi.adapters.layouts import amocrm_lists, bitrix24_lists
from funnelkpi.adapters.lookup import Lookups
from funnelkpi.adapters.records.cards import CARD_ID, frame_of
from funnelkpi.config.schema import Settings
from funnelkpi.model.finding import Finding, Severity

MADE = {
    "contacts": "findings_records.contacts_of_deals",
    "companies": "findings_records.companies_of_deals",
}
_COLUMNS: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "amocrm": amocrm_lists.IN_DEALS,
    "bitrix24": bitrix24_lists.IN_DEALS,
}
_RULES = {"amocrm": amocrm_lists.RULES, "bitrix24": bitrix24_lists.RULES}
_PREFIXES = {"contacts": ("Контакт: ", "Contact: "), "companies": ("Компания: ", "Company: ")}
_NAMES = {"contacts": ("name", "first_name", "last_name"), "companies": ("name",)}


def cards_in_deals(
    exports: Sequence[Export], kind: Kind, wanted: Wanted, settings: Settings, names: Lookups
) -> tuple[list[pd.DataFrame], list[Finding]]:
    """The distinct contacts (or companies) of the deals exports, newest first in each ID, and a note
    of where they come from. Their rows count in no account: they are rows of deals."""
    frames, findings = [], []
    for export in exports:
        own = _export(export, kind)
        if own is None:
            continue
        extra = {c: _custom(own, kind, c) for c in wanted.client_texts}
        positions = [p for at in (*own.mapping.values(), *extra.values()) for p in at]
        cells = Cells(own, positions, settings.time_zone)
        frame = frame_of(cells, own, wanted, names, extra)
        frame = _distinct(frame[frame["name"].notna().to_numpy()])
        if not len(frame):
            continue
        frames.append(frame)
        findings.append(
            Finding(MADE[kind], Severity.NOTE, file=export.source.name, count=len(frame))
        )
        findings.extend(f for f in cells.findings if f.code == "findings_adapters.bad_date")
    return frames, findings


def _export(export: Export, kind: Kind) -> Export | None:
    """The export seen as a list of its contacts or companies; None if it names none."""
    columns = _COLUMNS.get(export.crm, {}).get(kind)
    if columns is None or export.layout.endswith(("-api", "-bi")):
        return None
    where: dict[str, list[int]] = {}
    for i, caption in enumerate(export.source.header):
        where.setdefault(caption_key(caption), []).append(i)
    rules = _RULES[export.crm]
    mapping = {}
    for column, keys in columns.items():
        hits = [where[k] for k in keys if k in where]
        if hits:
            several = rules.get(column, "first") != "first"
            mapping[column] = tuple(p for h in hits for p in h) if several else (hits[0][0],)
    short = {"contacts": "contact", "companies": "company"}[kind]
    if not any(n in mapping for n in _NAMES[kind]) and short in export.mapping:
        mapping["name"] = export.mapping[short][:1]
    if not any(n in mapping for n in _NAMES[kind]):
        return None
    return replace(export, kind=kind, mapping=mapping, rules=rules)


def _custom(export: Export, kind: str, caption: str) -> tuple[int, ...]:
    """Where a custom column of the contact (company) stands in the deals export."""
    keys = [caption_key(p + caption) for p in (*_PREFIXES[kind], "")]
    keys += [caption_key(caption + end) for end in (" (контакт)", " (компания)")]
    at = {key: i for i, c in reversed(list(enumerate(export.source.header)))
          for key in (caption_key(c),)}  # fmt: skip
    return next(((at[k],) for k in keys if k in at), ())


def _distinct(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per ID; without IDs one per name, company and phones."""
    keys = [CARD_ID] if frame[CARD_ID].notna().any() else ["name", "company", "phone", "email"]
    filled = frame[keys[0]].notna().to_numpy()
    again = frame.duplicated(keys).to_numpy() & filled
    return frame[~again].reset_index(drop=True)
