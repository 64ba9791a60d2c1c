from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as running
from hypothesis import strategies as st

from funnelkpi.adapters.calls.repeats import forget_ids
from funnelkpi.config.schema import Settings

COLUMNS = {"called_at": "Когда", "phone": "Номер", "talk_seconds": "Сек", "call_id": "Ключ",
           "deal_id": "Сделка", "result": "Итог"}  # fmt: skip
HEADER = list(COLUMNS.values())
RULE = {"match": "*", "kind": "calls", "crm": "generic", "columns": COLUMNS}
SETTINGS = Settings.model_validate({"inputs": {"files": [RULE]}})


@pytest.fixture
def read(make_source, load_tables):
    def files(*tables):
        named = [make_source(f"c{i}.csv", HEADER, t) for i, t in enumerate(tables)]
        return load_tables(*named, settings=SETTINGS)

    return files


def test_the_id_tells_the_call(read, rows, findings):
    old = [["01.02.2026 10:00", "1111111", "5", "a"], ["01.02.2026 10:05", "2222222", "5", "b"]]
    new = [["01.02.2026 10:05", "2222222", "6", "b"], ["02.02.2026 10:00", "3333333", "7", "c"]]
    tables = read(old, new)
    assert rows(tables.calls, "call_id", "talk_seconds") == [("a", 5), ("b", 6), ("c", 7)]
    assert [(a.counted, a.merged) for a in tables.accounts] == [(1, 1), (2, 0)]
    assert findings(tables)["calls_repeated"].rows == (3,)


def test_different_ids_are_different_calls(read):
    call = ["01.02.2026 10:00", "89120000001", "5"]
    assert len(read([[*call, "a"]], [[*call, "b"]]).calls) == 2


def test_without_an_id_the_rest_tells(read):
    call = ["01.02.2026 10:00", "89120000001", "5", ""]
    later = ["02.02.2026 10:00", "89120000001", "5", ""]
    assert len(read([call, call], [call, later]).calls) == 3  # one of the two is in both files


def test_legs_of_one_call_stay(read):
    first, second = (["01.02.2026 10:00", "89120000001", talk, "a"] for talk in "57")
    assert len(read([first, second], [first, second]).calls) == 2


def test_a_row_copied_with_its_id_is_one_call(read, findings):
    first, second = (["01.02.2026 10:00", "89120000001", talk, "a"] for talk in "57")
    tables = read([first, first, second, first], [second, first])
    assert sorted(tables.calls["talk_seconds"]) == [5, 7]
    assert [(a.counted, a.merged) for a in tables.accounts] == [(0, 4), (2, 0)]
    assert findings(tables)["row_copied"].rows == (3, 5)
    alone = read([first, first, second])
    assert (len(alone.calls), alone.accounts[0].merged) == (2, 1)


def test_ids_that_begin_anew_every_day_are_other_calls(read):
    monday = [[f"02.02.2026 10:0{i}", "89120000001", "5", str(i)] for i in range(3)]
    tuesday = [[f"03.02.2026 10:0{i}", "89120000001", "5", str(i)] for i in range(3)]
    tables = read(monday, tuesday)
    assert len(tables.calls) == 6
    assert all(a.merged == 0 for a in tables.accounts)
    assert len(read(monday + tuesday).calls) == 6


def test_what_only_the_older_row_knows_is_kept(read, rows):
    old = [["01.02.2026 10:00", "89120000001", "5", "a", "77", "Ждёт КП"]]
    new = [["01.02.2026 10:00", "89120000001", "5", "a", "", "Думает"],
           ["02.02.2026 10:00", "89120000001", "5", "b", "", ""]]  # fmt: skip
    assert rows(read(old, new).calls, "call_id", "deal_id", "result") == [
        ("a", "77", "Думает"), ("b", None, None),
    ]  # fmt: skip


CALL = st.tuples(
    st.sampled_from(["01.02.2026 10:00", "02.02.2026 10:00", "03.02.2026 10:00"]),
    st.sampled_from(["89120000001", "89120000002"]),
    st.sampled_from(["5", "6"]),
    st.sampled_from(["", "a", "b"]),
).map(list)


@running(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20
)
@given(st.lists(CALL, max_size=8), st.lists(CALL, max_size=8))
def test_a_file_given_twice_adds_nothing(make_source, load_tables, some, others):
    def count(*tables):
        named = [make_source(f"c{i}.csv", HEADER, t) for i, t in enumerate(tables)]
        return len(load_tables(*named, settings=SETTINGS).calls)

    # a row with an ID may be there once, however often it was copied
    own, theirs = (len(plain) + len({tuple(c) for c in rest}) for plain, rest in (
        ([c for c in t if not c[3]], [c for c in t if c[3]]) for t in (some, others)))  # fmt: skip
    assert count(some, some) == count(some) == own
    both = count(some, others)
    assert max(own, theirs) <= both <= own + theirs
    assert count(others, some) == both == count(some, others, some)


def test_many_calls_of_two_files(read):
    """Against plain sets: a thousand IDs, a third of them in both files."""
    rng = np.random.default_rng(4)
    ids = [f"id{i}" for i in range(1000)]
    first, second = ids[:700], ids[400:]
    rows = {i: ["01.02.2026 10:00", f"8912{rng.integers(10**7):07d}", "5", i] for i in ids}
    tables = read([rows[i] for i in first], [rows[i] for i in second])
    assert sorted(tables.calls["call_id"]) == sorted(set(first) | set(second))
    assert sum(a.merged for a in tables.accounts) == len(set(first) & set(second))


def test_ids_are_let_go_of_once_they_have_told(read):
    calls = read([["01.02.2026 10:00", "1111111", "5", "a"]]).calls
    forget_ids(calls)
    forget_ids(calls)  # nothing to forget is no error
    forget_ids(None)
    assert "call_id" not in calls
    assert calls["talk_seconds"].tolist() == [5]
