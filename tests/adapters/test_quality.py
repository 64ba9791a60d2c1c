"""What should be mended in the CRM, each with file and rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from funnelkpi.adapters.assemble import assemble
from funnelkpi.config.schema import Settings

CONFIG = Settings.model_validate({"pipelines": [{"key": "p", "title": "Продажи", "stages": [
    {"key": "base", "title": "База", "date_column": "Дата: База"},
    {"key": "won", "title": "Успешно реализовано", "kind": "won"},
    {"key": "lost", "title": "Закрыто и не реализовано", "kind": "lost"},
]}]})  # fmt: skip
HEAD = ("ID|Название сделки|Бюджет|Ответственный|Дата создания сделки|Дата редактирования|"
        "Дата закрытия|Этап сделки|Воронка|Дата: База\n")  # fmt: skip
EDIT = "16.11.2026 08:30:00"
ROWS = f"""
1|а|100|Алина|01.11.2026 10:00:00|{EDIT}|не закрыта|База|Продажи|
2|б|100||01.11.2026 10:00:00|{EDIT}|не закрыта|База|Продажи|
3|в||Алина|01.11.2026 10:00:00|{EDIT}|02.11.2026 10:00:00|Успешно реализовано|Продажи|
4|г|0|Алина|01.11.2026 10:00:00|{EDIT}|не закрыта|База|Продажи|
5|д|-7|Алина|01.11.2026 10:00:00|{EDIT}|не закрыта|База|Продажи|
6|е|100|Алина||{EDIT}|не закрыта|База|Продажи|
7|ж|100|Алина|01.12.2026 10:00:00|{EDIT}|не закрыта|База|Продажи|
8|з|100|Алина|01.11.2026 10:00:00|{EDIT}|01.12.2026 10:00:00|Успешно реализовано|Продажи|
9|и|100|Алина|03.11.2026 10:00:30|{EDIT}|03.11.2026 10:00:00|Успешно реализовано|Продажи|
10|к|100|Алина|03.11.2026 10:00:00|{EDIT}|02.11.2026 10:00:00|Успешно реализовано|Продажи|
11|л|100|Алина|03.11.2026 10:00:00|{EDIT}|не закрыта|База|Продажи|05.06.2062 10:00:00
"""


@pytest.fixture
def found(make_table: Any, load_tables: Any) -> Any:
    def run(text: str, as_of: datetime | None = None) -> dict[str, Any]:
        from funnelkpi.adapters.interface import Wanted
        from funnelkpi.model.tables import deals_columns

        asked = Wanted(frozenset(deals_columns()), moments=("Дата: База",))
        source = make_table("deals_2026-11-16.csv", text)
        tables = load_tables(source, settings=CONFIG, wanted=asked)
        findings = assemble(tables, CONFIG, as_of).findings
        return {f.code.rpartition(".")[2]: f for f in findings}

    return run


def test_every_check_names_its_rows(found: Any) -> None:
    got = found(HEAD + ROWS.strip())
    rows = {code: f.rows for code, f in got.items()}
    assert rows == {
        "no_owner": (3,),
        "won_without_amount": (4,),
        "open_without_amount": (5, 6),
        "negative_amount": (6,),
        "no_creation": (7,),
        "created_in_future": (8,),
        "closed_in_future": (9,),
        # row 10 closed in the minute it was created: amoCRM's closes have no seconds
        "closed_before_created": (11,),
        "stage_date_in_future": (12,),
        "after_as_of": (8,),
    }
    assert got["created_in_future"].value == "2026-12-01 10:00:00"
    assert got["stage_date_in_future"].column == "Дата: База"
    assert all(f.file == "deals_2026-11-16.csv" for f in got.values())


def test_an_earlier_moment_finds_no_more(found: Any) -> None:
    """The future begins at the export, not at the moment of the report."""
    got = found(HEAD + ROWS.strip(), datetime(2026, 11, 2, 12, 0))
    assert got["created_in_future"].rows == (8,)
    assert got["closed_in_future"].rows == (9,)
    assert got["after_as_of"].rows == (8, 10, 11, 12)


def test_a_clean_table_has_no_findings(found: Any) -> None:
    assert found(HEAD + ROWS.strip().splitlines()[0]) == {}


def test_a_column_the_file_does_not_have_is_no_fault_of_its_deals(found: Any) -> None:
    got = found("""
    ID | Название сделки | Дата создания сделки | Дата закрытия | Этап сделки | Воронка
    1  | а | 01.11.2026 10:00:00 | не закрыта | База | Продажи
    2  | б | 01.11.2026 10:00:00 | 02.11.2026 10:00:00 | Успешно реализовано | Продажи
    """)
    assert not {"no_owner", "won_without_amount", "open_without_amount"} & set(got)
