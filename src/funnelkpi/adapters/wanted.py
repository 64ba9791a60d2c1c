"""Which columns a run reads: exports have 150, a report needs some twenty."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from funnelkpi.adapters.captions import caption_key, caption_keys
from funnelkpi.adapters.interface import Export, Wanted
from funnelkpi.config.schema import Settings
from funnelkpi.errors import UsageError
from funnelkpi.model.tables import COMPANIES, deals_columns

_ON_REQUEST = {"tags", "contact", "company", "phone", "creator", "lead_id"}
"""Columns that no figure needs unless it is asked for: wide texts that would only cost memory."""

_COLUMN_OF = {"tag": "tags", "source": "source", "loss_reason": "loss_reason", "company": "company"}
_NOT_A_COLUMN = {"month", "currency", "hour", "weekday"}
_OF_CARDS = {
    "contacts": {"decision_makers", "list_conversion", "contact_to_client"},
    "companies": {"new_category_a", "new_category_b", "companies_by_category", "list_conversion"},
}
"""Figures that count contacts or companies."""
_CONTACT_ENTERED = caption_keys("Контакт: Дата создания", "Contact: Created")
PEOPLE_AND_PIPELINES = ("manager", "department", "role", "pipeline")


def wanted(exports: Iterable[Export], settings: Settings, by: tuple[str, ...]) -> Wanted:
    """The columns needed by the figures, the config's filters and stage dates, and the slices."""
    exports = list(exports)
    kinds = {export.kind for export in exports}
    columns = set(deals_columns()) - _ON_REQUEST
    if "calls" in kinds:  # whose call it is; who made the deal tells an inbound one
        columns |= {"phone", "creator"}
    if {"deals", "leads"} <= kinds:  # which deal a lead has become
        columns |= {"lead_id", "phone", "company", "contact"}
    texts: list[str] = []
    fields = [f.field for norm in settings.norms for f in norm.where]
    fields += [name for rule in settings.facts for name in rule.fields]
    if _asks_for_clients(exports, settings):
        columns |= {"company", "contact"}
    for name in (*by, *fields):
        column = _COLUMN_OF.get(name, name)
        if column in deals_columns():
            columns.add(column)
        elif name not in _NOT_A_COLUMN:
            texts.append(name)
    dates = [s.date_column for p in settings.pipelines for s in p.stages if s.date_column]
    facts = {d for rule in settings.facts for d in rule.dates if d not in deals_columns()}
    texts, dates = [name for name in texts if name not in facts], [*dates, *sorted(facts)]
    cards = [f.field for category in settings.categories for f in category.where]
    known = {c.name for c in COMPANIES}
    return Wanted(
        frozenset(columns),
        tuple(dict.fromkeys(texts)),
        tuple(dict.fromkeys(dates)),
        clients=frozenset(c for c in cards if c in known) | ({"phone"} & columns),
        client_texts=tuple(dict.fromkeys(c for c in cards if c not in known)),
        from_deals=_from_deals(exports, settings),
    )


def _from_deals(exports: Iterable[Export], settings: Settings) -> frozenset[str]:
    """Which lists of clients are to be made of the deals' columns, where no file of them is given:
    those a figure of the config asks for; of contacts, with calls, if the export says when they
    were entered (a client entered before the call is no new one)."""
    named = {n.metric for n in settings.norms} | {t.metric for t in settings.thresholds}
    out = {"companies"} if settings.categories else set()
    for kind, metrics in _OF_CARDS.items():
        if named & metrics:
            out.add(kind)
    entered = any(caption_key(c) in _CONTACT_ENTERED for e in exports for c in e.source.header)
    if entered and any(e.kind == "calls" for e in exports):
        out.add("contacts")
    return frozenset(out)


def _asks_for_clients(exports: Iterable[Export], settings: Settings) -> bool:
    """Whether a figure needs to know whose deal it is (``repeats``, meetings, lists)."""
    named = [n.metric for n in settings.norms] + [t.metric for t in settings.thresholds]
    kinds = {"calls", "tasks", "contacts", "companies"}
    return "repeats" in named or any(export.kind in kinds for export in exports)


def check_slices(by: Iterable[str], exports: Iterable[Export]) -> None:
    """Every slice is a dimension or the caption of a column that some export has.

    Raises:
        UsageError: names the dimensions and the captions nearest to what was asked.
    """
    captions = {caption_key(c): c for e in exports for c in e.source.header if c.strip()}
    known = (*_COLUMN_OF, *_NOT_A_COLUMN)
    for name in by:
        if name in known or name in deals_columns() or caption_key(name) in captions:
            continue
        near = get_close_matches(caption_key(name), list(captions), n=5, cutoff=0.5)
        options = ", ".join((*PEOPLE_AND_PIPELINES, *sorted(known), *(captions[k] for k in near)))
        raise UsageError.of("errors_cli.unknown_slice", value=name, known=options)
