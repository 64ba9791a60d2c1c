"""The columns of one export, converted on demand, with a finding for what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from funnelkpi.adapters.cells.dates import DateColumn, Evidence, Moments
from funnelkpi.adapters.cells.money import Money, parse_money
from funnelkpi.adapters.cells.texts import Coded, coalesced, encode, flat, joined
from funnelkpi.adapters.cells.zones import zone_shift
from funnelkpi.adapters.interface import Export
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity

Bools = npt.NDArray[np.bool_]
_AT_A_TIME = 2
"""Date columns taken apart at once: what that needs for a while is larger than the column."""


@dataclass(frozen=True)
class _Dates:
    """A date column taken apart: its moments, or what they are to be made of once the order of day
    and month is settled. example: the first text that is no moment."""

    evidence: Evidence
    moments: Moments | DateColumn
    example: str | None = None


class Cells:
    """Converted columns of one export; ``findings`` grows as columns are read."""

    def __init__(self, export: Export, positions: Sequence[int], zone: str) -> None:
        """Read the columns at ``positions`` of the export's table."""
        columns = export.source.read(sorted(set(positions)))
        self.export, self.table, self.zone = export, columns.table, zone
        self.n: int = columns.table.num_rows
        self.rows, self.rejected = columns.rows, columns.rejected
        self.findings: list[Finding] = list(columns.findings)
        rows = columns.table["_row"].combine_chunks().to_numpy(zero_copy_only=False)
        self.row_numbers: npt.NDArray[np.int64] = rows.astype(np.int64, copy=False)
        self._dates: dict[int, _Dates] = {}
        self._uses = Counter(positions)
        self._shift = zone_shift(export.source.utc_offset, export.source.stated_at, zone)

    def _column(self, position: int) -> Any:
        return self.table[str(position)]

    def release(self, positions: Sequence[int]) -> None:
        """Let go of columns nobody else asked for: texts are most of the memory of a run."""
        self._uses.subtract(positions)
        done = [str(p) for p in positions if self._uses[p] <= 0]
        self.table = self.table.drop_columns(done)

    def coded(self, positions: Sequence[int], rule: str = "first") -> Coded:
        """A text column as codes; several positions by ``rule``."""
        if rule == "join" and len(positions) > 1:
            return encode(joined([self._column(p) for p in positions]))
        if rule == "last_filled":
            positions = positions[::-1]
        elif rule == "first":
            positions = positions[:1]
        parts = [encode(self._column(p)) for p in positions]
        return parts[0] if len(parts) == 1 else coalesced(parts)

    def text(self, positions: Sequence[int], rule: str = "first") -> Any:
        """A text column as an Arrow array; several positions are joined, or the first taken."""
        chosen = positions if rule == "join" else positions[:1]
        texts = joined([self._column(p) for p in chosen])
        self.release(chosen)
        return texts

    def money(self, position: int, caption: str) -> Money:
        """Amounts; cells that are none become missing, with a finding."""
        money = parse_money(self._column(position))
        self._report("bad_amount", caption, money.bad, self._example(position, money.bad))
        self.release([position])
        return money

    def read_dates(self, positions: Sequence[int]) -> None:
        """Take the date columns at ``positions`` apart, several at a time."""
        new = [p for p in dict.fromkeys(positions) if p not in self._dates]
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            for position, dates in zip(new, pool.map(self._taken_apart, new), strict=True):
                self._dates[position] = dates
                if isinstance(dates.moments, Moments):
                    self.release([position])

    def _taken_apart(self, position: int) -> _Dates:
        column = DateColumn(self._column(position))
        order = self._given_order or column.evidence.order
        if order is None:
            return _Dates(column.evidence, column)
        found = column.parse(order, self.zone, self._shift)
        return _Dates(column.evidence, found, self._example(position, found.bad))

    @property
    def _given_order(self) -> str | None:
        """The order of day and month that the config states."""
        order = self.export.date_order
        return str(order) if order in ("dmy", "mdy") else None

    def settle_order(self, positions: Sequence[int]) -> str:
        """The order of day and month in this file, from all its date columns together."""
        if self._given_order:
            return self._given_order
        self.read_dates(positions)
        seen = [self._dates[p].evidence for p in positions]
        total = Evidence(
            sum(e.first_over for e in seen),
            sum(e.second_over for e in seen),
            sum(e.slashes for e in seen),
        )
        if total.order is None and total.slashes:
            captions = [
                self.export.source.header[p].strip()
                for p, e in zip(positions, seen, strict=True)
                if e.slashes
            ]
            self.findings.append(
                Finding(
                    "findings_adapters.date_order_assumed",
                    Severity.WARNING,
                    file=self.export.source.name,
                    column=", ".join(captions),
                    count=total.slashes,
                    params={"pattern": self.export.source.path.name},
                )
            )
        return total.order or "dmy"

    def moments(self, position: int, caption: str, order: str) -> Moments:
        """Moments in the configured zone; cells that are none become missing, with a finding.

        order: of day and month, where the column itself does not tell it.
        """
        self.read_dates([position])
        dates = self._dates.pop(position)  # as large as the column
        found, example = dates.moments, dates.example
        if isinstance(found, DateColumn):
            found = found.parse(order, self.zone, self._shift)
            example = self._example(position, found.bad)
            self.release([position])
        self._report("bad_date", caption, found.bad, example)
        return found

    def forget(self) -> None:
        """Let go of all columns: nothing more will be read."""
        self.table = self.table.select([])
        pa.default_memory_pool().release_unused()

    def shifted(self) -> bool:
        """Whether the file's times are of another zone than the configured one."""
        return self._shift is not None

    def _example(self, position: int, bad: Bools) -> str | None:
        """The text of the first of the ``bad`` cells."""
        if not bad.any():
            return None
        text: str = flat(self._column(position).slice(int(np.argmax(bad)), 1))[0].as_py()
        return text

    def _report(self, code: str, caption: str, bad: Bools, example: str | None) -> None:
        if bad.any():
            self.report(code, bad, column=caption, value=example)

    def report(
        self,
        code: str,
        where: Bools,
        *,
        column: str | None = None,
        value: str | None = None,
        severity: Severity = Severity.WARNING,
        **params: Any,
    ) -> None:
        """Add a finding about the rows of ``where``. code: of findings_adapters, or a full key."""
        rows = self.row_numbers[np.flatnonzero(where)[:ROWS_SHOWN]]
        self.findings.append(
            Finding(
                code if "." in code else f"findings_adapters.{code}",
                severity,
                file=self.export.source.name,
                rows=tuple(int(r) for r in rows),
                column=column,
                value=value,
                count=int(where.sum()),
                params=params,
            )
        )
