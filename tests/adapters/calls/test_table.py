from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as running
from hypothesis import strategies as st

from funnelkpi.adapters.interface import RAW
from funnelkpi.config.schema import Settings
from funnelkpi.model.tables import CALL_SOURCES, CALLS

HEADER = "Сотрудник|Номер телефона|Тип звонка|Время звонка|Дата вызова|Статус"


def test_what_cannot_be_read_is_named(make_table, load_tables, rows, findings):
    text = f"""{HEADER}
Анна Ким|1|исходящий|долго|05.02.2026 11:00:00|Успешный звонок
Анна Ким|1|исходящий|5 сек|05.02.2026 11:00:00|Новый статус
Анна Ким|1|исходящий|5 сек||Успешный звонок"""
    tables = load_tables(make_table("c.xls", text))
    assert rows(tables.calls, "talk_seconds", "outcome") == [(0, "success"), (0, "unknown")]
    named = {k: f.rows for k, f in findings(tables).items()}
    assert named == {"bad_duration": (2,), "unknown_outcome": (3,), "call_without_time": (4,)}
    assert tables.accounts[0].rejected == 1


def test_every_column_of_a_telephony_serves_a_canonical_one():
    canonical = {c.name for c in CALLS}
    assert {RAW[c.name] for c in CALL_SOURCES} <= canonical


def test_columns_and_types(make_table, load_tables):
    types = {"category": "category", "text": "str", "moment": "datetime64[s]", "int": "int64",
             "flag": "Int8"}  # fmt: skip
    calls = load_tables(make_table("c.xls", HEADER)).calls
    found = {c: str(t) for c, t in calls.dtypes.items()}
    assert {c.name: types[c.type] for c in CALLS}.items() <= found.items()


COLUMNS = {"called_at": "Когда", "from_number": "От", "to_number": "Кому", "direction": "Куда",
           "total_seconds": "Всего", "wait_seconds": "Ждали", "outcome": "Итог",
           "call_id": "Ключ"}  # fmt: skip


def mapped(columns=COLUMNS, **changes):
    rule = {"match": "*", "kind": "calls", "crm": "generic", "columns": columns}
    return Settings.model_validate({"inputs": {"files": [rule]}} | changes)


def test_a_time_of_day_in_a_column_of_its_own(make_table, load_tables, rows, findings):
    settings = mapped({"called_at": "Дата", "called_time": "Время"})
    text = """Дата|Время
05.02.2026|9:05
2026-02-05 00:00:00|1899-12-30 10:00:30
05.02.2026|утром"""
    tables = load_tables(make_table("c.csv", text), settings=settings)
    assert rows(tables.calls, "called_at") == [
        ("2026-02-05 09:05:00",), ("2026-02-05 10:00:30",), ("2026-02-05 00:00:00",),
    ]  # fmt: skip
    assert (findings(tables)["bad_date"].value, findings(tables)["bad_date"].rows) == (
        "утром",
        (4,),
    )


CELLS = st.fixed_dictionaries({
    "Когда": st.sampled_from(["05.02.2026 10:00", "06.02.2026 11:30:15", "", "вчера"]),
    "От": st.sampled_from(["101", "89120000001", "+7 912 000-00-02", "Номер скрыт", "", "7x"]),
    "Кому": st.sampled_from(["102", "89120000001", "sip:kim@pbx.example.com", "anonymous", ""]),
    "Куда": st.sampled_from(["входящий", "исходящий", "внутренний", "", "?"]),
    "Всего": st.sampled_from(["65", "01:05", "-3", "1h 2m", "", "долго"]),
    "Ждали": st.sampled_from(["5", "00:10", "", "-"]),
    "Итог": st.sampled_from(["Отвечен", "Пропущен", "занято", "", "новое слово"]),
    "Ключ": st.sampled_from(["a", "b", ""]),
})  # fmt: skip
KEPT = ("called_at", "employee", "phone", "direction", "talk_seconds", "outcome", "call_id", "line",
        "internal", "hidden")  # fmt: skip


@running(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(CELLS, min_size=1, max_size=12), data=st.data())
def test_the_order_of_rows_changes_nothing(make_source, load_tables, rows, lines, data):
    header = list(COLUMNS.values())
    settings = mapped()

    def calls(some):
        cells = [[line[c] for c in header] for line in some]
        tables = load_tables(make_source("c.csv", header, cells), settings=settings)
        (account,) = tables.accounts
        assert account.rows == len(some) == account.counted + account.merged + account.rejected
        return Counter(rows(tables.calls, *KEPT)), {(f.code, f.count) for f in tables.findings}

    assert calls(lines) == calls(data.draw(st.permutations(lines)))


@running(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(CELLS, min_size=1, max_size=12))
def test_what_every_call_keeps(make_source, load_tables, rows, lines):
    """A hidden number is no number; only an answered call has talk; a call is one of ours to one of
    ours or has a client."""
    header = list(COLUMNS.values())
    cells = [[line[c] for c in header] for line in lines]
    calls = load_tables(make_source("c.csv", header, cells), settings=mapped()).calls
    for phone, hidden, talk, outcome in rows(calls, "phone", "hidden", "talk_seconds", "outcome"):
        assert not (hidden and phone)
        assert talk >= 0
        assert outcome == "success" or talk == 0
    assert calls["internal"].notna().all()
    assert calls["hidden"].notna().all()


@pytest.mark.parametrize("kind", ["calls", None])
def test_a_mapping_without_the_column_of_the_file_is_explained(make_table, load_tables, kind):
    from funnelkpi.errors import InputError

    settings = Settings.model_validate({"inputs": {"files": [
        {"match": "*", "kind": kind, "columns": {"called_at": "Дата звонка"}}]}})  # fmt: skip
    with pytest.raises(InputError) as error:
        load_tables(make_table("pbx.csv", "Дата звонков|Номер"), settings=settings)
    (problem,) = error.value.problems
    assert problem.key == "errors_adapters.caption_missing"
    assert problem.params["like"] == "Дата звонков"


def test_a_file_without_times_says_so(make_table, load_tables, findings):
    settings = Settings.model_validate({"inputs": {"files": [
        {"match": "*", "kind": "calls", "columns": {"called_at": "Когда"}}]}})  # fmt: skip
    days = load_tables(make_table("c.csv", "Когда\n05.02.2026\n06.02.2026"), settings=settings)
    assert (findings(days)["days_only"].count, findings(days)["days_only"].column) == (2, "Когда")
    one = make_table("c.csv", "Когда\n05.02.2026 10:00\n06.02.2026 00:00")
    assert findings(load_tables(one, settings=settings)) == {}
