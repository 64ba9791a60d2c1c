"""One table of deals or leads in canonical columns: values, close dates, product rows, repeats."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.captions import stage_key
from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.dates import Moments
from funnelkpi.adapters.cells.flags import parse_flags
from funnelkpi.adapters.cells.money import currency_code
from funnelkpi.adapters.cells.texts import Coded, coalesced, text_array
from funnelkpi.adapters.deals.columns import ALWAYS, columns_to_read, field_positions
from funnelkpi.adapters.deals.stage_words import StageWords
from funnelkpi.adapters.interface import RAW, Export, Wanted
from funnelkpi.adapters.layouts import amocrm, bitrix24
from funnelkpi.adapters.lookup import Lookups, names_in_json
from funnelkpi.adapters.part import Part, flags, missing, same_value
from funnelkpi.adapters.repeats import merge_products, merge_repeats
from funnelkpi.config.schema import Settings
from funnelkpi.model.finding import Severity
from funnelkpi.model.tables import DAY_ONLY, DEALS, FIELD

Bools = npt.NDArray[np.bool_]
_TOTALS = ("итого", "всего", "итог", "total", "totals", "grand total")
_NAT = np.datetime64("NaT", "s")


def read_deals(export: Export, wanted: Wanted, settings: Settings, lookups: Lookups) -> Part:
    """Read and convert one table of deals or leads."""
    reading = columns_to_read(export, wanted)
    extra = {c: field_positions(export, c) for c in (*wanted.texts, *wanted.moments)}
    positions = [p for several in (*reading.values(), *extra.values()) for p in several]
    cells = Cells(export, positions, settings.time_zone)
    return _Conversion(cells, reading, extra, wanted, settings, lookups).part()


class _Conversion:
    """The steps of one table's conversion; each fills ``out``."""

    def __init__(
        self, cells: Cells, reading: dict[str, tuple[int, ...]], extra: dict[str, tuple[int, ...]],
        wanted: Wanted, settings: Settings, lookups: Lookups,
    ) -> None:  # fmt: skip
        self.cells, self.reading, self.extra = cells, reading, extra
        self.wanted, self.settings, self.lookups = wanted, settings, lookups
        self.export, self.n = cells.export, cells.n
        self.words = StageWords.of(settings, self.export)
        self.out: dict[str, Any] = {}
        self.moments: dict[str, Moments] = {}

    def part(self) -> Part:
        ids = self._ids()
        self._dates()
        self._texts()
        self._stages()
        self._closing()
        self._amounts()
        frame = self._frame(ids)
        return self._rows(frame, ids)

    def _ids(self) -> Any:
        ids = self.cells.text(self.reading["deal_id"])
        floats = pc.ends_with(ids, ".0")
        if pc.any(floats).as_py():  # a re-saved workbook made numbers of them
            ids = pc.if_else(floats, pc.utf8_slice_codeunits(ids, 0, -2), ids)
        return ids

    def _dates(self) -> None:
        types = {c.name: c.type for c in DEALS}
        names = [c for c in self.reading if types.get(RAW.get(c, c)) == "moment"]
        own = [self.reading[c][0] for c in names]
        self.cells.read_dates([*own, *(p for c in self.wanted.moments for p in self._custom(c))])
        order = self.cells.settle_order(own)
        for c in names:
            self.moments[c] = self.cells.moments(self.reading[c][0], self.export.caption(c), order)
        for caption in self.wanted.moments:
            self.out[FIELD + caption] = self._custom_moment(caption, order)
        if self.cells.shifted():
            self.cells.report(
                "time_shifted", np.zeros(0, bool), severity=Severity.NOTE,
                zone=self.settings.time_zone, offset=_offset(self.export),
            )  # fmt: skip

    def _custom_moment(self, caption: str, order: str) -> npt.NDArray[np.datetime64]:
        out = np.full(self.n, _NAT)
        for position in self._custom(caption):
            found = self.cells.moments(position, caption, order).values
            out = np.where(np.isnat(out), found, out)
        return out

    def _custom(self, caption: str) -> tuple[int, ...]:
        """Where the moments of a custom column stand: in amoCRM a contact may have one like it."""
        at = self.extra[caption]
        return at if self.export.crm == "amocrm" else at[:1]

    def _texts(self) -> None:
        wanted = {RAW.get(c, c) for c in self.wanted.columns}
        for column in DEALS:
            if column.type != "category" or column.name in ("stage", "stage_code", "currency"):
                continue
            if column.name in wanted or column.name in ALWAYS:
                found = self._category(column.name)
                if found is not None:
                    self.out[column.name] = found
        for name in ("title", "phone", "lead_id"):
            if name in self.reading and name in wanted:
                rule = self.export.rules.get(name, "first")
                self.out[name] = self.cells.text(self.reading[name], rule)
        for caption in self.wanted.texts:
            at = self.extra[caption]
            rule = "first_filled" if self.export.crm == "amocrm" else "first"
            self.out[FIELD + caption] = self.cells.coded(at, rule) if at else Coded.nothing(self.n)

    def _category(self, name: str) -> Coded | None:
        rule = self.export.rules.get(name, "first")
        found = self.cells.coded(self.reading[name], rule) if name in self.reading else None
        raw = f"{name}_id"
        if raw in self.reading and name in ("owner", "creator", "pipeline", "source"):
            table = {"pipeline": "pipelines", "source": "sources"}.get(name, "users")
            ids = self.cells.coded(self.reading[raw])
            named, unknown = self.lookups.named(table, self.export.crm, ids)
            found = named if found is None else _filled_from(found, named)
            strange = unknown.codes >= 0
            if name in ("owner", "pipeline") and found is named and strange.any():
                self.cells.report(
                    "ids_without_names", strange, column=self.export.caption(raw),
                    value=", ".join(sorted(unknown.texts())[:5]), what=name,
                )  # fmt: skip
        if found is not None and self.export.layout.endswith(("-api", "-bi")):
            found = found.renamed(names_in_json) if name in ("tags", "loss_reason") else found
            if name == "previous_stage":
                found = self.lookups.stage_names(self.export.crm, self.export.kind, found, None)
        return found

    def _stages(self) -> None:
        codes = (
            self.cells.coded(self.reading["stage_code"]) if "stage_code" in self.reading else None
        )
        stage = self.cells.coded(self.reading["stage"]) if "stage" in self.reading else None
        if codes is not None:
            at = self.reading.get("pipeline_id")
            pipelines = self.cells.coded(at) if at else None
            named = self.lookups.stage_names(self.export.crm, self.export.kind, codes, pipelines)
            stage = named if stage is None else _filled_from(stage, named)
            self.out["stage_code"] = codes
        self.out["stage"] = stage if stage is not None else Coded.nothing(self.n)

    def _closing(self) -> None:
        """Close date, closed flag, and the reason amoCRM glues to the lost stage."""
        if "closed_at" in self.moments and self.export.crm != "bitrix24":
            dated = ~np.isnat(self.moments["closed_at"].values)
            unread = self.moments["closed_at"].bad
            state = np.where(dated, np.int8(1), np.where(unread, np.int8(-1), np.int8(0)))
        else:
            state = np.full(self.n, np.int8(-1))
        state = np.where(state < 0, self._flag("closed"), state)
        state = np.where(state < 0, self._semantics(), state).astype(np.int8)
        if self.export.crm == "bitrix24":
            self._bitrix_dates(np.where(state < 0, self._final_stage(), state) == 1)
        elif self.export.crm == "amocrm" and self.export.layout != "amocrm-api":
            names = amocrm.StageNames(self.words.lost, self.words.other)
            stage, reason = amocrm.split_loss_reason(self.out["stage"], state == 1, names)
            given = self.out.get("loss_reason")
            self.out["stage"] = stage
            self.out["loss_reason"] = reason if given is None else _filled_from(reason, given)
        self.out["closed"] = flags(state)

    def _flag(self, name: str) -> npt.NDArray[np.int8]:
        if name not in self.reading:
            return np.full(self.n, np.int8(-1))
        coded = self.cells.coded(self.reading[name])
        table = [-1 if f is None else f for f in parse_flags(coded.texts())]
        return coded.per_row(np.array(table, np.int8), -1)

    def _semantics(self) -> npt.NDArray[np.int8]:
        if "semantics" not in self.reading:
            return np.full(self.n, np.int8(-1))
        coded = self.cells.coded(self.reading["semantics"])
        known = {"P": 0, "S": 1, "F": 1}
        table = [known.get(bitrix24.bare_code(t)[:1], -1) for t in coded.texts()]
        return coded.per_row(np.array(table, np.int8), -1)

    def _final_stage(self) -> npt.NDArray[np.int8]:
        """1 where the stage is a final one by the config, its code or its built-in name."""
        stage: Coded = self.out["stage"]
        final = self.words.final | bitrix24.FURTHER_FINAL
        table = np.array([int(stage_key(t) in final) for t in stage.texts()], np.int8)
        out = stage.per_row(table, 0)
        if (codes := self.out.get("stage_code")) is not None:
            ends = [int(bitrix24.bare_code(t) in bitrix24.FINAL_CODES) for t in codes.texts()]
            out = np.maximum(out, codes.per_row(np.array(ends, np.int8), 0))
        return out

    def _bitrix_dates(self, closed: Bools) -> None:
        """Closed deals: the stage-change date, else CLOSEDATE. Open deals: CLOSEDATE is a plan."""
        nothing = Moments(np.full(self.n, _NAT), np.zeros(self.n, bool), np.zeros(self.n, bool))
        changed = self.moments.get("stage_changed_at", nothing)
        plan = self.moments.get("planned_close_at", nothing)
        own = self.moments.get("closed_at", nothing)
        values, day = own.values, own.day
        for other in (changed, plan):
            empty = np.isnat(values)
            values = np.where(empty, other.values, values)
            day = np.where(empty, other.day, day)
        self.moments["closed_at"] = Moments(np.where(closed, values, _NAT), day & closed, own.bad)
        if "planned_close_at" in self.moments:
            self.moments["planned_close_at"] = Moments(
                np.where(closed, _NAT, plan.values), plan.day & ~closed, plan.bad
            )

    def _amounts(self) -> None:
        if "amount" not in self.reading or "amount" not in self.wanted.columns:
            return
        money = self.cells.money(self.reading["amount"][0], self.export.caption("amount"))
        self.out["amount"] = money.values
        default = self.export.currency or self.settings.currency
        column = self.cells.coded(self.reading["currency"]) if "currency" in self.reading else None
        known = column.renamed(lambda t: currency_code(t) or t) if column is not None else None
        written = Coded(money.currency, pa.array(money.codes, pa.large_string()))
        parts = [written] if known is None else [written, known]
        always = Coded(np.zeros(self.n, np.int32), pa.array([default], pa.large_string()))
        found = parts[0]
        for other in (*parts[1:], always):
            found = _filled_from(found, other)
        self.out["currency"] = found

    def _frame(self, ids: Any) -> pd.DataFrame:
        if "last_communication_at" in self.moments:
            latest = [m.values for n, m in self.moments.items() if n.startswith("last_")]
            self.out["last_activity_at"] = np.fmax.reduce(latest)
        columns: dict[str, Any] = {}
        wanted = self.wanted.columns | ALWAYS | {"closed", "closed_at", "currency"}
        for column in DEALS:
            value = self.out.get(column.name)
            if column.type == "moment" and value is None and column.name in self.moments:
                value = self.moments[column.name].values
            if column.name == "deal_id":
                value = ids
            if value is None or column.name not in wanted:
                columns[column.name] = missing(column, self.n)
            else:
                columns[column.name] = _pandas(value)
        for moment, flag in DAY_ONLY.items():
            found = self.moments.get(moment)
            columns[flag] = found.day if found is not None else np.zeros(self.n, bool)
        columns["crm"] = same_value(self.export.crm, self.n)
        columns["_file"] = same_value(self.export.source.name, self.n)
        columns["_row"] = self.cells.row_numbers
        for caption in (*self.wanted.texts, *self.wanted.moments):
            columns[FIELD + caption] = _pandas(self.out[FIELD + caption])
        # put together by type only where columns are so many that pandas would warn
        return pd.DataFrame(columns, copy=len(columns) > 60)

    def _rows(self, frame: pd.DataFrame, ids: Any) -> Part:
        """Leave out rows without an ID and totals; fold product rows and repeated IDs."""
        cells = self.cells
        no_id = pc.is_null(ids).to_numpy(zero_copy_only=False)
        totals = _totals(ids, no_id & frame["stage"].isna().to_numpy())
        bad = no_id & ~totals
        if bad.any():
            cells.report("row_without_id", bad, column=self.export.caption("deal_id"))
        excluded: tuple[tuple[str, int], ...] = ()
        if totals.any():
            cells.report("totals_row", totals, severity=Severity.NOTE)
            excluded = (("findings_adapters.totals_row", int(totals.sum())),)
        part = Part(
            self.export,
            frame,
            cells.rows,
            rejected=cells.rejected + int(bad.sum()),
            excluded=excluded,
        ).keep(~(bad | totals))
        part = merge_products(part) if self.export.product_rows else merge_repeats(part)
        return Part(
            part.export, part.frame, part.read, part.merged, part.rejected, part.excluded,
            (*cells.findings, *part.findings),
        )  # fmt: skip


def _totals(ids: Any, blank: Bools) -> Bools:
    """Rows of totals: «Итого» for an ID, or the last rows when they have neither ID nor stage."""
    out = np.zeros(len(blank), bool)
    if len(blank) and blank[-1]:
        filled = np.flatnonzero(~blank)
        out[int(filled[-1]) + 1 if len(filled) else len(blank) :] = True
    words = [w + end for t in _TOTALS for w in (t, t.capitalize(), t.upper()) for end in ("", ":")]
    named = pc.is_in(ids, value_set=pa.array(words, pa.large_string()))
    is_total: Bools = named.to_numpy(zero_copy_only=False)
    return out | is_total


def _filled_from(first: Coded, second: Coded) -> Coded:
    return coalesced([first, second]) if (first.codes < 0).any() else first


def _pandas(value: Any) -> Any:
    if isinstance(value, Coded):
        return value.categorical()
    if isinstance(value, pa.ChunkedArray):
        return text_array(value)
    return value


def _offset(export: Export) -> str:
    offset = export.source.utc_offset
    minutes = int(offset.total_seconds() // 60) if offset else 0
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
