"""One table of deal events in canonical columns: whose, when, what changed, from what to what.

Read are lists of events (amoCRM), stage history (Bitrix24), logs of process mining, and any table
whose columns the config names. What an event means is in ``history_events`` and
``history_objects``, its values in ``history_values``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from funnelkpi.adapters.captions import text_key
from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.flags import says_nothing
from funnelkpi.adapters.cells.texts import Coded, coalesced, text_array
from funnelkpi.adapters.history.events import CHANGES, is_deal
from funnelkpi.adapters.history.objects import NOT_OF_DEALS, OTHERS, STRANGE, Objects
from funnelkpi.adapters.history.stages import KnownStages
from funnelkpi.adapters.history.values import SIDES, EventValues
from funnelkpi.adapters.interface import Export
from funnelkpi.adapters.lookup import Lookups, split_bracketed
from funnelkpi.adapters.part import Part, missing, same_value
from funnelkpi.config.schema import Settings
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.finding import Severity
from funnelkpi.model.tables import HISTORY

Bools = npt.NDArray[np.bool_]
_ROBOTS = frozenset(text_key(w) for w in ("Робот", "Система", "Robot", "System", "Salesbot", "0"))
_NAMELESS = "findings_adapters.event_without_deal"
_CHANGES = pa.array(CHANGES, pa.large_string())


@dataclass(frozen=True)
class Opened:
    """A table of events read and not yet converted. lean: without the names of its objects."""

    export: Export
    cells: Cells
    lean: bool


def open_history(export: Export, settings: Settings) -> Opened:
    """Read a table of events: this needs no deals, and may be done beside reading them."""
    lean = _without_names(export)
    if lean is not None:
        cells = _cells(lean, settings)
        if _says_whose(cells):
            return Opened(export, cells, lean=True)
    return Opened(export, _cells(export, settings), lean=False)


def read_history(opened: Opened, settings: Settings, lookups: Lookups, known: KnownStages) -> Part:
    """Convert one table of events.

    Rows that change nothing a figure needs and events of contacts, companies and tasks are
    excluded; rows without a moment, a stage, or both ID and name of the deal are rejected, each
    named. A row without an ID keeps the deal's name (``history_deals`` finds the ID).
    """
    part = _Conversion(opened.cells, settings, lookups, known).part()
    if opened.lean and any(f.code == _NAMELESS for f in part.findings):
        part = _Conversion(_cells(opened.export, settings), settings, lookups, known).part()
    return replace(part, export=opened.export)


def _cells(export: Export, settings: Settings) -> Cells:
    positions = [p for several in export.mapping.values() for p in several]
    cells = Cells(export, positions, settings.time_zone)
    # what the reader has let go of is as large as the table: histories are the largest ones
    pa.default_memory_pool().release_unused()
    cells.read_dates(export.mapping["changed_at"][:1])
    return cells


def _without_names(export: Export) -> Export | None:
    """The export without the names of its objects, if IDs and kinds seem to tell whose each event
    is: names are most of such a file."""
    needed = ("deal_id", "deal_entity")
    if "title" not in export.mapping or any(c not in export.mapping for c in needed):
        return None
    at = [export.mapping[c][0] for c in needed]
    if any(len(row) <= p or not row[p] for row in export.source.sample for p in at):
        return None
    mapping = {c: several for c, several in export.mapping.items() if c != "title"}
    return replace(export, mapping=mapping)


def _says_whose(cells: Cells) -> bool:
    """Whether every row has an ID and says what it is of."""
    mapping = cells.export.mapping
    if cells.table[str(mapping["deal_id"][0])].null_count:
        return False
    kinds = cells.coded(mapping["deal_entity"])
    return bool((kinds.codes >= 0).all()) and all(is_deal(t) is not None for t in kinds.texts())


class _Conversion:
    """The steps of one table's conversion; each fills ``out``."""

    def __init__(
        self, cells: Cells, settings: Settings, lookups: Lookups, known: KnownStages
    ) -> None:
        self.cells, self.settings, self.lookups, self.known = cells, settings, lookups, known
        self.export, self.n = cells.export, cells.n
        self.out: dict[str, Any] = {}
        self.reasons: list[tuple[str, int]] = []

    def part(self) -> Part:
        self._moments()
        objects = Objects(self.cells, self.settings)
        change, ids = objects.changes(), objects.ids()
        self.cells.release(self.export.mapping.get("record_type", ()))
        if self._of_events():
            currency = self.settings.currency
            values = EventValues(self.cells, change, self.known, self.lookups, currency)
            self.out |= values.read()
        self._columns()
        self._people()
        if not self._of_events():
            self._stages()
        self._exclude_others(change, objects)
        change = self._without_begun(change)
        self.cells.forget()  # nobody reads them again: room for the frame
        frame = self._frame(ids, change)
        keep = self._without_bad(frame, change)
        excluded = sum(n for _, n in self.reasons)
        part = Part(
            self.export,
            frame,
            self.cells.rows,
            rejected=self.cells.rejected + int((~keep).sum()) - excluded,
            excluded=tuple(self.reasons),
            findings=tuple(self.cells.findings),
        )
        return part.keep(keep)

    def _has(self, column: str) -> bool:
        return column in self.export.mapping

    def _of_events(self) -> bool:
        """Whether one column holds values of many kinds, by the kind of the event."""
        return any(self._has(side) for side in SIDES)

    def _coded(self, column: str) -> Coded:
        return self.cells.coded(self.export.mapping[column])

    def _moments(self) -> None:
        names = [c.name for c in HISTORY if c.type == "moment" and self._has(c.name)]
        at = [self.export.mapping[c][0] for c in names]
        order = self.cells.settle_order(at)
        for name, position in zip(names, at, strict=True):
            found = self.cells.moments(position, self.export.caption(name), order)
            self.out[name] = found.values

    def _columns(self) -> None:
        """Columns that are canonical themselves."""
        for column in HISTORY:
            name = column.name
            if name in self.out or not self._has(name) or name in ("change", "deal_id"):
                continue
            at = self.export.mapping[name]
            if column.type == "money":
                self.out[name] = self.cells.money(at[0], self.export.caption(name)).values
            elif column.type == "category":
                plain = self.cells.coded(at)
                self.out[name] = plain.renamed(lambda t: None if says_nothing(t) else t)
                self.cells.release(at)
            elif column.type == "text":
                self.out[name] = self.cells.text(at)
        if {"amount", "from_amount"} & self.out.keys() and "currency" not in self.out:
            own = pa.array([self.settings.currency], pa.large_string())
            self.out["currency"] = Coded(np.zeros(self.n, np.int32), own)

    def _people(self) -> None:
        """Names of users instead of their ids; robots are nobody."""
        for name in ("owner", "actor"):
            if self._has(f"{name}_id"):
                self._named(name, "users", name)
        if "actor" in self.out:
            robots = [None if text_key(t) in _ROBOTS else t for t in self.out["actor"].texts()]
            self.out["actor"] = self.out["actor"].mapped(robots)

    def _named(self, column: str, table: str, what: str) -> None:
        """Fill a column with the names of its ids; ids nobody names stand as they are."""
        own = self.out.get(column)
        if own is not None and (own.codes >= 0).all():
            return  # the table has the names itself
        named, unknown = self.lookups.named(table, self.export.crm, self._coded(f"{column}_id"))
        self.out[column] = named if own is None else coalesced([own, named])
        strange = unknown.codes >= 0
        if own is None and strange.any():
            self.cells.report(
                "ids_without_names", strange, column=self.export.caption(f"{column}_id"),
                value=", ".join(sorted(unknown.texts())[:5]), what=what,
            )  # fmt: skip

    def _stages(self) -> None:
        """Stage codes and pipeline ids as names."""
        lead = self._lead()
        ids = self._coded("pipeline_id") if self._has("pipeline_id") else None
        if ids is not None and not lead:
            self._named("pipeline", "pipelines", "pipeline")
        for prefix in ("", "from_"):
            codes = self.out.get(f"{prefix}stage_code")
            if codes is None:
                continue
            own = self.out.get(f"{prefix}stage")
            if own is None or (own.codes < 0).any():
                kind, place = "leads" if lead else "deals", None if prefix else ids
                named = self.lookups.stage_names(self.export.crm, kind, codes, place)
                self.out[f"{prefix}stage"] = named if own is None else coalesced([own, named])
            self.out[f"{prefix}stage_code"] = codes.renamed(lambda t: split_bracketed(t)[0])

    def _lead(self) -> bool:
        """Whether the table is of Bitrix24 leads: their stages are statuses."""
        if self.export.crm != "bitrix24":
            return False
        captions = [self.export.caption(c) for c in ("deal_id", "stage_code", "stage")]
        return any(c.casefold().startswith(("lead_id", "status")) for c in captions)

    def _frame(self, ids: Any, change: npt.NDArray[np.int8]) -> pd.DataFrame:
        self.out["deal_id"] = ids
        self.out["change"] = Coded(np.maximum(change, OTHERS).astype(np.int32), _CHANGES)
        columns: dict[str, Any] = {}
        for column in HISTORY:
            value = self.out.pop(column.name, None)
            if isinstance(value, Coded):
                columns[column.name] = value.categorical()
            elif isinstance(value, pa.Array | pa.ChunkedArray):
                columns[column.name] = text_array(value)
            elif value is not None:
                columns[column.name] = value
            elif column.type in ("moment", "money"):  # nothing, and no memory for it
                columns[column.name] = np.broadcast_to(missing(column, 1), self.n)
            else:
                columns[column.name] = missing(column, self.n)
        columns["entity"] = same_value("lead" if self._lead() else "deal", self.n)
        columns["crm"] = same_value(self.export.crm, self.n)
        columns["evidence"] = np.full(self.n, int(Evidence.HISTORY), np.int8)
        columns["_file"] = same_value(self.export.source.name, self.n)
        columns["_row"] = self.cells.row_numbers
        return pd.DataFrame(columns, copy=False)

    def _exclude_others(self, change: npt.NDArray[np.int8], objects: Objects) -> None:
        """Say which rows are no change of a deal."""
        column, value = objects.strange(change)
        self._exclude(
            "findings_adapters.unknown_events", change == STRANGE, Severity.WARNING,
            column=column, value=value,
        )  # fmt: skip
        self._exclude("findings_adapters.events_not_of_deals", change == NOT_OF_DEALS)
        self._exclude("findings_adapters.other_events", change == OTHERS)

    def _without_begun(self, change: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
        """Of an activity that a log has several rows of, only the completion is the change."""
        if not self._has("lifecycle"):
            return change
        steps = self._coded("lifecycle")
        table = np.array([text_key(t) != "complete" for t in steps.texts()], bool)
        begun = (change >= 0) & steps.per_row(table, False)
        self._exclude("findings_adapters.unfinished_events", begun)
        return np.where(begun, np.int8(OTHERS), change)

    def _without_bad(self, frame: pd.DataFrame, change: npt.NDArray[np.int8]) -> Bools:
        """Which rows stay; of those left out here each is rejected with a finding."""
        keep = change >= 0
        nameless = frame["deal_id"].isna().to_numpy() & frame["title"].isna().to_numpy()
        stage = frame["stage"].cat.codes.to_numpy() < 0
        stage &= frame["stage_code"].cat.codes.to_numpy() < 0
        timeless = np.isnat(frame["changed_at"].to_numpy())
        for code, bad, columns in (
            ("findings_adapters.event_without_time", timeless, ("changed_at",)),
            (_NAMELESS, nameless, ("deal_id", "title")),
            (
                "findings_adapters.event_without_stage",
                stage & (change == CHANGES.index("stage")),
                ("value_after", "stage", "stage_code"),
            ),
        ):
            rejected = keep & bad
            if rejected.any():
                caption = next(self.export.caption(c) for c in columns if self._has(c))
                self.cells.report(code.rpartition(".")[2], rejected, column=caption)
                keep &= ~rejected
        return keep

    def _exclude(
        self, code: str, rows: Bools, severity: Severity = Severity.NOTE, **details: Any
    ) -> None:
        if rows.any():
            self.cells.report(code.rpartition(".")[2], rows, severity=severity, **details)
            self.reasons.append((code, int(rows.sum())))
