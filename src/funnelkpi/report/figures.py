"""Looking figures up in the long table, as plain rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]


class Figures:
    """The long table as plain rows, by metric, slice and scope: a report asks some thousand times."""

    def __init__(self, table: pd.DataFrame) -> None:
        names = [str(c) for c in table.columns]
        columns = [_plain(table[c]) for c in table.columns]
        self._by_metric: dict[str, list[Row]] = {}
        self._places: dict[tuple[str, str | None, str | None], list[Row]] = {}
        for values in zip(*columns, strict=True):
            row = dict(zip(names, values, strict=True))
            self._by_metric.setdefault(row["metric"], []).append(row)
            place = (row["metric"], row["slice"], row["scope"])
            self._places.setdefault(place, []).append(row)

    def all(self, metric: str, **where: Any) -> list[Row]:
        """Rows of ``metric`` whose columns equal ``where`` (None: missing).

        Rows of a slice only if it is asked for.
        """
        where = {"slice": None, **where}
        if "scope" in where:
            rows = self._places.get((metric, where.pop("slice"), where.pop("scope")), [])
        else:
            rows = self._by_metric.get(metric, [])
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
        return [r for m in metrics for r in self._by_metric.get(m, [])]


def _plain(column: pd.Series) -> list[Any]:
    """Values of a column with None for missing."""
    values = column.astype("object")
    return list(values.where(column.notna(), None).tolist())
