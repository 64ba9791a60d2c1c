"""The same event in two rows counts once, and every row is accounted for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.adapters.interface import Wanted
from funnelkpi.adapters.load import Tables, load
from funnelkpi.adapters.registry import recognise
from funnelkpi.config.schema import Settings
from funnelkpi.readers.source import Columns, Source

EVENTS = "Дата|Объект|Событие|Значение до|Значение после|ID сделки"
LOG = "case:concept:name|concept:name|time:timestamp"
STEPS = "ID|TYPE_ID|DEAL_ID|DATE_CREATE|STAGE_ID|STAGE_NAME"


@pytest.fixture
def events(make_table: Any, load_tables: Any) -> Callable[..., Tables]:
    """``events(header, {file: rows})``: the tables of these files."""

    def make(header: str, **files: str) -> Tables:
        sources = [make_table(f"{name}.csv", f"{header}\n{body}") for name, body in files.items()]
        tables: Tables = load_tables(*sources)
        return tables

    return make


def merged(tables: Tables) -> dict[str, tuple[int, int]]:
    """File -> counted, merged."""
    return {a.file: (a.counted, a.merged) for a in tables.accounts}


def test_within_a_file(events: Any, findings: Any) -> None:
    tables = events(EVENTS, a="""
        01.11.2026 10:00:01|Сделка|Новый этап|База|КП|7
        01.11.2026 10:00:01|Сделка|Новый этап|База|КП|7
        01.11.2026 10:00:01|Сделка|Новый этап|База|КП|8
        01.11.2026 10:00:02|Сделка|Новый этап|База|КП|7
        01.11.2026 10:00:01|Сделка|Новый этап|КП|База|7
        01.11.2026 10:00:01|Сделка|Ответственный изменен|База|КП|7
    """)  # fmt: skip
    assert merged(tables) == {"a.csv": (5, 1)}
    told = findings(tables)["events_repeated"]
    assert (told.rows, told.count, told.params) == ((3,), 1, {"kept": 5})


def test_two_exports_of_the_same_events(events: Any) -> None:
    one = """
        01.11.2026 10:00:01|Сделка|Новый этап|База|КП|7
        02.11.2026 10:00:01|Сделка|Новый этап|КП|Договор|7
    """
    two = """
        02.11.2026 10:00:01|Сделка|Новый этап|КП|Договор|7
        03.11.2026 10:00:01|Сделка|Новый этап|Договор|Отказ|7
    """
    tables = events(EVENTS, a=one, b=two)
    assert merged(tables) == {"a.csv": (2, 0), "b.csv": (1, 1)}
    assert sorted(tables.history["stage"]) == ["Договор", "КП", "Отказ"]


def test_by_event_id(events: Any) -> None:
    """Different IDs are different events however alike; one ID of two deals is two events."""
    tables = events(STEPS, a="""
        1|2|7|2026-11-01 10:00:00|UC_1|КП
        2|2|7|2026-11-01 10:00:00|UC_1|КП
        2|2|7|2026-11-01 10:00:00|UC_1|КП
        2|2|8|2026-11-01 10:00:00|UC_1|КП
    """, b="1|2|7|2026-11-01 10:00:00|UC_1|КП")  # fmt: skip
    assert merged(tables) == {"a.csv": (3, 1), "b.csv": (0, 1)}


def test_minutes_meet_seconds(events: Any, make_table: Any, load_tables: Any) -> None:
    """The page tells minutes, a script seconds: the exact moment stays."""
    exact = make_table("z.csv", EVENTS + "\n01.11.2026 10:00:41|Сделка|Новый этап|База|КП|7")
    rough = make_table(
        "a.csv",
        EVENTS
        + """
        01.11.2026 10:00|Сделка|Новый этап|База|КП|7
        01.11.2026 10:01|Сделка|Новый этап|КП|Договор|7
    """,
    )
    tables = load_tables(rough, exact)
    assert merged(tables) == {"a.csv": (1, 1), "z.csv": (1, 0)}
    assert "2026-11-01 10:00:41" in tables.history["changed_at"].astype(str).tolist()


def test_rows_with_an_id_stay(make_table: Any, load_tables: Any) -> None:
    plain = make_table("a.csv", EVENTS + "\n01.11.2026 10:00:41|Сделка|Новый этап|База|КП|7")
    full = make_table(
        "b.csv", EVENTS + "|ID события\n01.11.2026 10:00:41|Сделка|Новый этап|База|КП|7|ev9"
    )
    tables = load_tables(plain, full)
    assert merged(tables) == {"a.csv": (0, 1), "b.csv": (1, 0)}
    assert tables.history["event_id"].tolist() == ["ev9"]


def log_tables(files: dict[str, list[tuple[int, str, int]]]) -> Tables:
    """Tables of logs with rows of deal, stage, second."""
    exports = []
    for name, rows in files.items():
        columns = [
            [str(d) for d, _, _ in rows],
            [s for _, s, _ in rows],
            [f"2026-11-01 10:00:0{t}" for _, _, t in rows],
        ]

        def read(positions: Sequence[int], columns: Any = columns) -> Columns:
            table = {str(p): pa.array(columns[p], pa.large_string()) for p in positions}
            number = pa.array(range(2, len(columns[0]) + 2), pa.int64())
            return Columns(pa.table({**table, "_row": number}), len(columns[0]))

        header = tuple(LOG.split("|"))
        source = Source(Path(name), name, "csv", header, 1, (), read)
        exports.append(recognise(source, Settings()))
    return load(exports, Wanted(frozenset()), Settings())


ROWS = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from("AB"), st.integers(0, 2)), min_size=1, max_size=30
)


@given(ROWS, ROWS)
def test_what_stays_are_the_distinct_events(
    one: list[tuple[int, str, int]], two: list[tuple[int, str, int]]
) -> None:
    """Whatever the overlap: the distinct events of both files, each once, and balanced accounts."""
    tables = log_tables({"a.csv": one, "b.csv": two})
    history = tables.history
    assert history is not None
    stay = sorted(zip(history["deal_id"], history["stage"], history["changed_at"].dt.second,
                      strict=True))  # fmt: skip
    assert stay == sorted({(str(d), s, t) for d, s, t in [*one, *two]})
    assert all(a.balanced for a in tables.accounts)


def test_many_rows_are_told_apart() -> None:
    """200,000 distinct events: none is taken for another."""
    rows = [(d, s, t) for d in range(1, 20_001) for s in "AB" for t in range(5)]
    tables = log_tables({"a.csv": rows})
    assert tables.accounts[0].counted == 200_000


def test_the_row_that_names_an_owner_stays(make_table: Any, load_tables: Any) -> None:
    """The table of the CRM has the owner, the answer of its API has none: whatever comes first."""
    named = f"{STEPS}|ASSIGNED_BY_NAME\n1|2|7|2026-11-01 10:00:00|UC_1|КП|Анна Белова"
    more = "\n2|2|7|2026-11-02 10:00:00|UC_2|Договор|"
    plain = f"{STEPS}\n1|2|7|2026-11-01 10:00:00|UC_1|КП" + more[:-1]
    for names in (("a.csv", "b.csv"), ("b.csv", "a.csv")):
        tables = load_tables(
            *sorted((make_table(names[0], named + more), make_table(names[1], plain)),
                    key=lambda s: s.name)
        )  # fmt: skip
        history = tables.history.sort_values("changed_at")
        assert history["owner"].astype(object).where(history["owner"].notna(), None).tolist() == [
            "Анна Белова", None,
        ]  # fmt: skip
        assert sum(a.merged for a in tables.accounts) == 2
