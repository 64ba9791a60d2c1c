"""One CSV, 12 of its 40 columns as text, read by one engine: what chose ``pyarrow.csv``.

    python benchmarks/readers.py pyarrow amocrm_export_leads_2026-11-16.csv

reads and prints rows and columns; ``run.py`` measures the processes side by side. All columns are
read as text, as the program must: what a date or a sum is, is decided after reading, by content.
pandas with ``engine="pyarrow"`` is not among them: it refuses cells with line breaks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

COLUMNS = (
    "ID", "Название сделки", "Бюджет ", "Ответственный", "Дата создания сделки",
    "Дата редактирования", "Дата закрытия", "Этап сделки", "Воронка", "Рабочий телефон",
    "Дата: ЛПР", "Дата: КП",
)  # fmt: skip


def by_pyarrow(path: str) -> tuple[int, int]:
    """``pyarrow.csv``: columns chosen, several threads, multi-line cells."""
    import pyarrow as pa
    from pyarrow import csv

    table = csv.read_csv(
        path,
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            include_columns=list(COLUMNS), column_types=dict.fromkeys(COLUMNS, pa.string())
        ),
    )
    return table.num_rows, table.num_columns


def by_pandas(path: str) -> tuple[int, int]:
    """pandas' own C engine."""
    import pandas as pd

    frame = pd.read_csv(path, usecols=list(COLUMNS), dtype="str", engine="c")
    return frame.shape


def by_polars(path: str) -> tuple[int, int]:
    """polars, eager."""
    import polars as pl

    frame = pl.read_csv(path, columns=list(COLUMNS), infer_schema=False)
    return frame.shape


ENGINES: dict[str, Callable[[str], tuple[int, int]]] = {
    "pyarrow": by_pyarrow,
    "pandas": by_pandas,
    "polars": by_polars,
}


def main() -> None:
    """Command line."""
    rows, columns = ENGINES[sys.argv[1]](sys.argv[2])
    print(f"{rows} rows, {columns} columns")


if __name__ == "__main__":
    main()
