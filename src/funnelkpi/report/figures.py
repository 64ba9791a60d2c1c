"""Looking figures up in the long table, as plain rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]


class Figures:
    """The long table as plain rows by metric: a report has a few thousand of them."""

    def __init__(self, table: pd.DataFrame) -> None:
        plain = table.astype("object").where(table.notna(), None)
        self._rows: dict[str, list[Row]] = {}
        for row in plain.to_dict("records"):
            self._rows.setdefault(str(row["metric"]), []).append(
                {str(k): v for k, v in row.items()}
            )

    def all(self, metric: str, **where: Any) -> list[Row]:
        """Rows of ``metric`` whose columns equal ``where`` (None: missing); slices only if asked for."""
        where = {"slice": None, **where}
        rows = self._rows.get(metric, [])
        return [r for r in rows if all(r[name] == value for name, value in where.items())]

    def one(self, metric: str, **where: Any) -> Row | None:
        """The first such row, or None."""
        return next(iter(self.all(metric, **where)), None)

    def value(self, metric: str, **where: Any) -> float | None:
        """The value of the first such row."""
        row = self.one(metric, **where)
        return None if row is None else row["value"]

    def everything(self, metrics: Iterable[str]) -> list[Row]:
        """All rows of some metrics, slices included."""
        return [r for m in metrics for r in self._rows.get(m, [])]
