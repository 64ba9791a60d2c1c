"""What a change was from and to: the cells of a list of events, and the JSON of the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.dates import DateColumn
from funnelkpi.adapters.cells.flags import says_nothing
from funnelkpi.adapters.cells.money import parse_money
from funnelkpi.adapters.cells.texts import Coded, coalesced
from funnelkpi.adapters.history.events import CHANGES
from funnelkpi.adapters.history.stages import KnownStages
from funnelkpi.adapters.lookup import Lookups

Bools = npt.NDArray[np.bool_]
Values = dict[str, Any]
"""Canonical column -> ``Coded``, amounts or moments, of the rows whose change is of that kind."""
SIDES = {"value_after": "", "value_before": "from_"}
_STEPS = (CHANGES.index("created"), CHANGES.index("stage"))


class EventValues:
    """The values of one list of events.

    change: index into ``CHANGES`` of each row, -1 for rows that are no change.
    """

    def __init__(
        self, cells: Cells, change: npt.NDArray[np.int8], known: KnownStages, lookups: Lookups,
        currency: str,
    ) -> None:  # fmt: skip
        self.cells, self.change, self.known = cells, change, known
        self.lookups, self.currency = lookups, currency
        self.out: Values = {}

    def read(self) -> Values:
        """Both sides of every change."""
        for column, prefix in SIDES.items():
            at = self.cells.export.mapping.get(column)
            if at is None:
                continue
            cells = self.cells.coded(at)
            if self.cells.export.layout.endswith("-api"):
                self._api(cells, prefix)
            else:
                self._table(cells, prefix)
        return self.out

    def _table(self, cells: Coded, prefix: str) -> None:
        cells = cells.renamed(lambda t: None if says_nothing(t) else t)
        steps = np.isin(self.change, _STEPS)
        split = {t: self.known.split(t) for t in self._texts(cells, steps)}
        own = cells.where(steps)
        parts = [own.mapped([split[t][i] if t in split else None for t in own.texts()])
                 for i in range(3)]  # fmt: skip
        self.out[f"{prefix}pipeline"], self.out[f"{prefix}stage"] = parts[0], parts[1]
        if not prefix:
            self.out["loss_reason"] = parts[2]
        self._plain(cells, prefix)

    def _plain(self, cells: Coded, prefix: str) -> None:
        """Owners, amounts and planned close dates, as they stand in the cells."""
        self.out[f"{prefix}owner"] = cells.where(self._is("owner"))
        self._amounts(cells, prefix)
        self._planned(cells, prefix)

    def _amounts(self, cells: Coded, prefix: str) -> None:
        of_amount = self._is("amount")
        if not of_amount.any():
            return
        own = cells.where(of_amount).mapped(cells.values)
        money = parse_money(_only_used(own))
        self._bad("bad_amount", own, money.bad, prefix)
        self.out[f"{prefix}amount"] = own.per_row(money.values, np.nan)
        codes = (*money.codes, self.currency)
        named = np.where(money.currency < 0, len(money.codes), money.currency)
        currency = own.mapped([codes[c] for c in named.tolist()])
        known = self.out.get("currency")
        self.out["currency"] = currency if known is None else coalesced([known, currency])

    def _planned(self, cells: Coded, prefix: str) -> None:
        of_plan = self._is("planned_close")
        if not of_plan.any():
            return
        own = cells.where(of_plan).mapped(cells.values)
        found = DateColumn(_only_used(own)).parse("dmy", self.cells.zone)
        self._bad("bad_date", own, found.bad, prefix)
        nothing = np.datetime64("NaT", "s")
        self.out[f"{prefix}planned_close_at"] = own.per_row(found.values, nothing)

    def _bad(self, code: str, cells: Coded, bad: Bools, prefix: str) -> None:
        if not bad.any():
            return
        column = self.cells.export.caption("value_before" if prefix else "value_after")
        text = cells.texts()[int(np.argmax(bad))]
        self.cells.report(code, cells.per_row(bad, False), column=column, value=text)

    def _api(self, cells: Coded, prefix: str) -> None:
        parsed = [_first(t) for t in cells.texts()]

        def part(change: tuple[int, ...], pick: Callable[[dict[str, Any]], Any]) -> Coded:
            texts = [_text(pick(value)) for value in parsed]
            return cells.where(np.isin(self.change, change)).mapped(texts)

        codes = part(_STEPS, lambda v: _inner(v, "lead_status", "id"))
        pipelines = part(_STEPS, lambda v: _inner(v, "lead_status", "pipeline_id"))
        self.out[f"{prefix}stage_code"] = codes
        self.out[f"{prefix}stage"] = self.lookups.stage_names("amocrm", "deals", codes, pipelines)
        self.out[f"{prefix}pipeline"] = self._named("pipelines", pipelines, prefix)
        if not prefix:
            self.out["loss_reason"] = part(_STEPS, lambda v: _inner(v, "loss_reason", "name"))
        owner = part((CHANGES.index("owner"),), lambda v: _inner(v, "responsible_user", "id"))
        self.out[f"{prefix}owner"] = self._named("users", owner, prefix)
        self._amounts(cells.mapped([_text(_amount(v)) for v in parsed]), prefix)
        self._planned(cells.mapped([_text(_inner(v, "custom_field_value", "text"))
                                    for v in parsed]), prefix)  # fmt: skip

    def _named(self, table: str, ids: Coded, prefix: str) -> Coded:
        named, unknown = self.lookups.named(table, "amocrm", ids)
        strange = unknown.codes >= 0
        if strange.any() and not prefix:
            what = "pipeline" if table == "pipelines" else "owner"
            self.cells.report(
                "ids_without_names", strange, column=self.cells.export.caption("value_after"),
                value=", ".join(sorted(unknown.texts())[:5]), what=what,
            )  # fmt: skip
        return named

    def _is(self, change: str) -> Bools:
        out: Bools = self.change == CHANGES.index(change)
        return out

    def _texts(self, cells: Coded, mask: Bools) -> list[str]:
        """The distinct texts of the rows of ``mask``."""
        codes = np.unique(cells.codes[mask])
        out: list[str] = cells.values.take(pa.array(codes[codes >= 0])).to_pylist()
        return out


def _only_used(cells: Coded) -> Any:
    """The distinct values, null where no row has them: what stands in the rows of other changes is
    no bad amount."""
    used = np.zeros(len(cells.values), bool)
    used[cells.codes[cells.codes >= 0]] = True
    return pa.array(
        [t if u else None for t, u in zip(cells.texts(), used.tolist(), strict=True)],
        pa.large_string(),
    )


def _first(text: str) -> dict[str, Any]:
    """The first value of ``value_after``; nothing where it holds none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if isinstance(found, list):
        found = found[0] if found else {}
    return found if isinstance(found, dict) else {}


def _inner(value: dict[str, Any], key: str, name: str) -> Any:
    inner = value.get(key)
    return inner.get(name) if isinstance(inner, dict) else None


def _amount(value: dict[str, Any]) -> Any:
    inner = value.get("sale_field_value", value.get("sale"))
    return inner.get("sale") if isinstance(inner, dict) else inner


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)
