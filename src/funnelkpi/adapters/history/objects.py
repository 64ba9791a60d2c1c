"""What the rows of a table of events are of: which change, and of which deal."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.texts import Coded, coalesced
from funnelkpi.adapters.history.events import (
    CHANGES,
    NOT_DEAL,
    OTHER,
    change_of,
    is_deal,
    planned_fields,
)
from funnelkpi.adapters.lookup import split_bracketed
from funnelkpi.config.schema import Settings

Codes = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
OTHERS, NOT_OF_DEALS, STRANGE = -1, -2, -3
"""Rows that are no change of a deal, beside the positions in ``CHANGES``."""
_STAGE, _CREATED = CHANGES.index("stage"), CHANGES.index("created")
_CREATION = "1"  # TYPE_ID of Bitrix24: 1 created, 2 moved, 3 finished, 5 another pipeline
_PLACES = ("deal_link", "deal_entity", "title")
_ADDRESS = r"/(?:leads|deal)/(?:detail|details)/(?P<id>\d+)"
_FOREIGN = r"/(?:contacts|companies|customers|contact|company)/(?:detail|details)/\d+"
_NUMBERED = r"^\s*(?:[Сс]делка|[Ll]ead|[Dd]eal)\s*[#№:]?\s*(?P<id>\d+)\s*$"
_NAMES_SHOWN = 3


class Objects:
    """Changes and deals of one table's rows."""

    def __init__(self, cells: Cells, settings: Settings) -> None:
        self.cells, self.export, self.n = cells, cells.export, cells.n
        column = settings.inputs.columns.get("planned_close_at")
        self.planned = planned_fields([column] if column else [])

    def _has(self, column: str) -> bool:
        return column in self.export.mapping

    def _coded(self, column: str) -> Coded:
        return self.cells.coded(self.export.mapping[column])

    def changes(self) -> Codes:
        """Position in ``CHANGES`` of each row, or a code below zero.

        A table without names of events holds stages, or owners where it has no stages either.
        """
        if self._has("record_type"):
            types = self._coded("record_type")
            created = [split_bracketed(t)[0] == _CREATION for t in types.texts()]
            out = types.per_row(np.where(created, _CREATED, _STAGE).astype(np.int8), _STAGE)
        elif self._sources():
            out = self._by_name()
        else:
            staged = self._has("stage") or self._has("stage_code")
            whole = _STAGE if staged else CHANGES.index("owner")
            out = np.full(self.n, whole, np.int8)
        return np.where(self._foreign(), np.int8(NOT_OF_DEALS), out)

    def _sources(self) -> list[str]:
        return [c for c in ("event_code", "event", "change") if self._has(c)]

    def _by_name(self) -> Codes:
        """By the name of the event or its code: what one does not tell the other may."""
        told = [self._coded(c).renamed(lambda t: change_of(t, self.planned))
                for c in self._sources()]  # fmt: skip
        certain = [c.renamed(lambda t: None if t == OTHER else t) for c in told]
        found = coalesced([*certain, *told])
        codes = {c: i for i, c in enumerate(CHANGES)} | {OTHER: OTHERS, NOT_DEAL: NOT_OF_DEALS}
        table = np.array([codes[t] for t in found.texts()], np.int8)
        return found.per_row(table, STRANGE)

    def strange(self, change: Codes) -> tuple[str, str]:
        """The caption of the events' names, and the first names nobody knows."""
        columns = self._sources()[::-1]
        if not columns:
            return "", ""
        rows = change == STRANGE
        names = self._coded(columns[0])
        seen = np.unique(names.codes[rows])
        some = names.values.take(pa.array(seen[seen >= 0][:_NAMES_SHOWN])).to_pylist()
        return self.export.caption(columns[0]), ", ".join(f"«{t}»" for t in some) or "—"

    def _foreign(self) -> Bools:
        """Rows of contacts, companies, tasks, invoices."""
        foreign = np.zeros(self.n, bool)
        if self._has("deal_entity"):
            objects = self._coded("deal_entity")
            table = np.array([is_deal(t) is False for t in objects.texts()], bool)
            foreign |= objects.per_row(table, False)
        for column in self._addressed():
            cells = self._coded(column)
            found = pc.match_substring_regex(cells.values, _FOREIGN)
            foreign |= cells.per_row(found.to_numpy(zero_copy_only=False).astype(bool), False)
        if self.export.crm == "bitrix24" and self._has("stage_code"):
            codes = self._coded("stage_code")  # DT31_1:N is a stage of an invoice
            table = np.array([split_bracketed(t)[0].startswith("DT") for t in codes.texts()], bool)
            foreign |= codes.per_row(table, False)
        return foreign

    def _addressed(self) -> list[str]:
        """Columns in which the address of the object may stand."""
        return [c for c in _PLACES if self._has(c)] if self._has("value_after") else []

    def ids(self) -> Any:
        """IDs of the deals as Arrow text: their column's, else those of addresses in the row."""
        found = None
        if self._has("deal_id"):
            found = self.cells.text(self.export.mapping["deal_id"])
            floats = pc.ends_with(found, ".0")
            if pc.any(floats).as_py():  # a re-saved workbook made numbers of them
                found = pc.if_else(floats, pc.utf8_slice_codeunits(found, 0, -2), found)
        if found is None or found.null_count:
            for column in self._addressed():
                ids = _addressed(self._coded(column)).arrow()
                found = ids if found is None else pc.coalesce(found, ids)
        return found if found is not None else pa.nulls(self.n, pa.large_string())


def _addressed(cells: Coded) -> Coded:
    """The deal's ID out of an address or «Сделка #123»."""
    for pattern in (_ADDRESS, _NUMBERED):
        found = pc.struct_field(pc.extract_regex(cells.values, pattern), "id")
        if found.null_count < len(found):
            return Coded(cells.codes, cells.values).mapped(found)
    return Coded.nothing(len(cells.codes))
