"""Small tables as arrays, against the same operations on data frames."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.metrics._columns import (
    coded,
    columns,
    distinct,
    either,
    firsts,
    grouped,
    joined,
    length,
    matches,
    taken,
)

KEY = st.integers(-3, 4)
ROWS = st.lists(st.tuples(KEY, KEY), max_size=25)


def table(rows):
    a, b = zip(*rows, strict=True) if rows else ((), ())
    return {"a": np.array(a, dtype=np.int16), "b": np.array(b, dtype=np.int64)}


def test_taken_by_mask_or_positions():
    t = table([(1, 2), (3, 4), (5, 6)])
    assert taken(t, np.array([True, False, True]))["b"].tolist() == [2, 6]
    assert taken(t, np.array([2, 0]))["a"].tolist() == [5, 1]
    assert length(taken(t, np.zeros(3, dtype=bool))) == 0
    assert length({}) == 0


def test_joined_takes_the_columns_of_the_first():
    one, other = table([(1, 2)]), {**table([(3, 4)]), "more": np.array([9])}
    assert {k: v.tolist() for k, v in joined([one, other]).items()} == {"a": [1, 3], "b": [2, 4]}


def test_either_leaves_the_rest_missing():
    assert either(np.array([True, False]), "few").tolist() == ["few", None]
    assert either(np.array([True, False]), "x", "y").tolist() == ["x", "y"]


@given(ROWS)
def test_distinct_rows_stand_in_the_order_of_their_keys(rows):
    frame = pd.DataFrame(table(rows)).drop_duplicates().sort_values(["a", "b"])
    found = distinct(table(rows), ["a", "b"])
    assert [c.tolist() for c in found.values()] == [frame[c].tolist() for c in ("a", "b")]


@pytest.mark.parametrize("size", [8, 10**9])  # counted in a table of all codes, or sorted
@given(st.lists(st.integers(0, 7), max_size=30))
def test_grouped_by_either_way(size, codes):
    found, place = grouped(np.array(codes, dtype=np.int64), size)
    assert found.tolist() == sorted(set(codes))
    assert found[place].tolist() == codes
    assert [codes[row] for row in firsts(place, len(found))] == found.tolist()
    assert firsts(place, len(found)).tolist() == [codes.index(code) for code in found]


@given(ROWS, ROWS)
def test_matches_find_the_row_with_the_same_keys(rows, others):
    others = list(dict.fromkeys(others))
    expected = [others.index(row) if row in others else -1 for row in rows]
    assert matches(table(rows), table(others), ["a", "b"]).tolist() == expected


@given(ROWS)
def test_codes_keep_the_order_of_the_keys(rows):
    (code,), size = coded([table(rows)], ["a", "b"])
    assert sorted(zip(code.tolist(), rows, strict=True)) == sorted(
        zip(code.tolist(), rows, strict=True), key=lambda pair: pair[1]
    )
    assert all(0 <= c < size for c in code)


def test_columns_of_a_frame():
    frame = pd.DataFrame({"a": [1, 2], "t": ["x", None]})
    assert [v.dtype.kind for v in columns(frame).values()] == ["i", "O"]
