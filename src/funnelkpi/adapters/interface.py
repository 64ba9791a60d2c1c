"""What every adapter speaks: a layout it can recognise, and an export it has recognised.

A mapping's keys are the canonical columns of ``model.tables`` and the few columns of ``RAW``, from
which canonical ones are made (ids to be looked up, dates that become the close date).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from funnelkpi.adapters.captions import caption_key
from funnelkpi.model.tables import CALLS, COMPANIES, CONTACTS, DEALS, HISTORY, TASKS
from funnelkpi.readers.source import Source

Crm = Literal["amocrm", "bitrix24", "generic"]
Kind = Literal[
    "deals", "leads", "calls", "history", "users", "stages", "tasks", "contacts", "companies"
]
DateOrder = Literal["dmy", "mdy", "ymd"]
Rule = Literal["first", "join", "first_filled", "last_filled"]

UNKNOWN = "unknown"
"""Layout and stated kind of an answer without a record: nobody knows of what."""
RAW: dict[str, str] = {
    "owner_id": "owner",
    "creator_id": "creator",
    "pipeline_id": "pipeline",
    "source_id": "source",
    "loss_reason_id": "loss_reason",
    "stage_code": "stage",
    "semantics": "closed",
    "last_communication_at": "last_activity_at",
    "employee_id": "employee",
    "extension": "employee",
    "login": "employee",
    "from_number": "phone",
    "to_number": "phone",
    "called_time": "called_at",
    "total_seconds": "talk_seconds",
    "wait_seconds": "talk_seconds",
    "note_type": "called_at",
    "deal_entity": "deal_id",
    "deal_link": "deal_id",
    "event": "change",
    "event_code": "change",
    "record_type": "change",
    "lifecycle": "change",
    "value_before": "from_stage",
    "value_after": "stage",
    "actor_id": "actor",
    "deal_title": "deal_id",
    "client_id": "client",
    "starts_at": "due_at",
    "ends_at": "due_at",
    "type_code": "type",
    "provider": "type",
    "status": "done",
    "record_kind": "type",
    "first_name": "name",
    "second_name": "name",
    "last_name": "name",
    "company_number": "company",
    "has_phone": "phone",
    "has_email": "email",
}
"""Columns that are not canonical themselves -> the canonical column they serve."""

LOOKUP_COLUMNS = (
    "id", "name", "last_name", "entity", "pipeline_id", "pipeline_name", "statuses",
)  # fmt: skip
"""Columns of tables of users, stages and pipelines."""


@dataclass(frozen=True)
class Wanted:
    """What a run needs of deals and leads, and of contacts and companies.

    columns: canonical deal columns. texts, moments: captions of custom columns to read as text or
    as moments; they become ``field:<caption>``. clients: canonical columns of contacts and
    companies that only some figures need (``phone``, ``email``: their text). client_texts: captions
    of custom columns of contacts and companies to read as text. from_deals: kinds (contacts,
    companies) to be made of the client columns of the deals export where no file of them is given.
    """

    columns: frozenset[str]
    texts: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    clients: frozenset[str] = frozenset()
    client_texts: tuple[str, ...] = ()
    from_deals: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Layout:
    """One layout an adapter reads.

    signature: groups of caption keys; one of each group must be in the header. without: none of
    these may be. columns: canonical (or ``RAW``) column -> caption keys in order of preference.
    prefixes: column -> beginnings of captions, tried when no whole caption fits («Бюджет ₸»).
    rules: how several columns become one value; "first" is the default. needs: columns without
    which the table is of no use.
    """

    name: str
    crm: Crm
    kind: Kind
    signature: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[str, ...]]
    without: tuple[str, ...] = ()
    prefixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    needs: tuple[tuple[str, ...], ...] = ()

    def claims(self, header: Sequence[str]) -> bool:
        """Whether the captions are this layout's."""
        keys = {caption_key(c) for c in header}
        return all(keys.intersection(group) for group in self.signature) and not keys.intersection(
            self.without
        )

    def positions(self, header: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """Column -> positions in ``header``: one, or several where a rule combines them."""
        where: dict[str, list[int]] = {}
        for i, caption in enumerate(header):
            where.setdefault(caption_key(caption), []).append(i)
        found = {}
        for column, aliases in self.columns.items():
            hits = [where[a] for a in aliases if a in where]
            if not hits:
                hits = list(self._by_prefix(column, where))
            if hits:
                several = self.rules.get(column, "first") != "first"
                found[column] = tuple(p for h in hits for p in h) if several else (hits[0][0],)
        return found

    def _by_prefix(self, column: str, where: Mapping[str, list[int]]) -> Iterator[list[int]]:
        for prefix in self.prefixes.get(column, ()):
            # caption keys have lost a trailing blank: «Бюджет » is «бюджет»
            yield from (p for key, p in where.items() if _starts(key, prefix))


def _starts(key: str, prefix: str) -> bool:
    rest = key.removeprefix(prefix)
    return rest != key and (not rest or not rest[0].isalnum())


@dataclass(frozen=True)
class Export:
    """A recognised table.

    layout: name of the layout. mapping: canonical or ``RAW`` column -> positions. rules: how
    several positions become one value. unmapped: captions nobody asked for. moment: when the export
    was made (naive, configured zone), if it says; day: the date in the file's name. currency: ISO
    code by the sign or word of the header («Бюджет ₸»). product_rows: one row per product.
    """

    source: Source
    crm: Crm
    kind: Kind
    layout: str
    mapping: dict[str, tuple[int, ...]]
    unmapped: tuple[str, ...] = ()
    moment: datetime | None = None
    day: date | None = None
    date_order: DateOrder | None = None
    currency: str | None = None
    product_rows: bool = False
    rules: Mapping[str, Rule] = field(default_factory=dict)

    @property
    def stated_kind(self) -> str:
        """What to call the table: its kind, or that nobody can tell."""
        return UNKNOWN if self.layout == UNKNOWN else self.kind

    def caption(self, column: str) -> str:
        """The caption of a mapped column as the file writes it."""
        positions = self.mapping.get(column)
        return self.source.header[positions[0]].strip() if positions else column


KNOWN_COLUMNS = (
    *dict.fromkeys(c.name for c in (*DEALS, *CALLS, *HISTORY, *TASKS, *CONTACTS, *COMPANIES)),
    *RAW,
    *(c for c in LOOKUP_COLUMNS if c not in RAW),
)
"""Every name a mapping of the config may use."""
