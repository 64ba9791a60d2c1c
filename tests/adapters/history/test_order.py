"""The order of changes: by deal and moment, then event ID, chain, rank."""

from __future__ import annotations

from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkpi.adapters.history.order import order_of

Row = tuple[int, int, str | None, int, int]
"""deal, second, event ID, stage before, stage after; the rank of stage s is s, of 9 (lost) none."""


def ordered(rows: list[Row], ids: bool = True) -> list[Row]:
    deal, at, event, before, after = zip(*rows, strict=True)
    stage = np.array(after, np.int16)
    found = order_of(
        np.array(deal, np.int32),
        np.array(at).astype("M8[s]"),
        pa.array(event, pa.large_string()) if ids else None,
        stage,
        np.array(before, np.int16),
        np.where(stage == 9, -1, stage).astype(np.int16),
        np.arange(len(rows)),
    )
    assert sorted(found.tolist()) == list(range(len(rows)))
    return [rows[i] for i in found.tolist()]


def path(rows: list[Row]) -> list[int]:
    return [r[4] for r in rows]


def test_by_deal_and_moment() -> None:
    rows: list[Row] = [(2, 5, None, 0, 1), (1, 9, None, 1, 2), (1, 3, None, 0, 1)]
    assert ordered(rows) == [rows[2], rows[1], rows[0]]


def test_nothing() -> None:
    none = np.empty(0, np.int16)
    empty = order_of(none.astype(np.int32), none.astype("M8[s]"), None, none, none, none,
                     none.astype(np.int64))  # fmt: skip
    assert empty.tolist() == []


def test_by_event_id() -> None:
    """Numbers as numbers: 9 before 10; the chain says otherwise and does not matter."""
    rows: list[Row] = [(1, 0, "10", 0, 1), (1, 0, "9", 1, 2)]
    assert [r[2] for r in ordered(rows)] == ["9", "10"]
    rows = [(1, 0, "01jb", 0, 1), (1, 0, "01ja", 1, 2)]
    assert [r[2] for r in ordered(rows)] == ["01ja", "01jb"]
    long = ["99999999999999999999", "100000000000000000000"]  # no int64 holds them: text
    assert {r[2] for r in ordered([(1, 0, t, 0, 1) for t in long])} == set(long)


@pytest.mark.parametrize("missing", ["one", "all", "equal"])
def test_by_the_chain_where_an_id_is_missing(missing: str) -> None:
    """0 -> 1 -> 3 -> 2 in one second, listed newest first."""
    ids = {"one": ["3", None, "1"], "all": [None] * 3, "equal": ["1", "1", "1"]}[missing]
    steps = [(3, 2), (1, 3), (0, 1)]
    rows: list[Row] = [(1, 0, i, a, b) for i, (a, b) in zip(ids, steps, strict=True)]
    for some in permutations(rows):
        assert path(ordered(list(some))) == [1, 3, 2]


def test_a_round_trip_begins_where_the_deal_stood() -> None:
    """There and back in one second: only the stage before tells which came first."""
    back: list[Row] = [(1, 5, None, 2, 1), (1, 5, None, 1, 2)]
    assert path(ordered([(1, 1, None, 0, 1), *back])) == [1, 2, 1]
    assert path(ordered([(1, 1, None, 0, 2), *back])) == [2, 1, 2]


def test_a_loop_is_walked_before_it_is_left() -> None:
    """From 1: to 2 and back, then to 3. Going to 3 first would leave the loop over."""
    rows: list[Row] = [(1, 0, None, 0, 1), (1, 5, None, 1, 3), (1, 5, None, 2, 1),
                       (1, 5, None, 1, 2)]  # fmt: skip
    for some in permutations(rows[1:]):
        assert path(ordered([rows[0], *some])) == [1, 2, 1, 3]


def test_groups_in_a_row_wait_for_each_other() -> None:
    """Two seconds with round trips each: the second begins where the first one ended."""
    rows: list[Row] = [
        (1, 0, None, 0, 1),
        (1, 5, None, 2, 3), (1, 5, None, 1, 2),
        (1, 6, None, 4, 3), (1, 6, None, 3, 4),
    ]  # fmt: skip
    assert path(ordered(rows)) == [1, 2, 3, 4, 3]


def test_by_rank_where_the_source_has_no_stage_before() -> None:
    """Creation (no stage) first, then the order of the funnel, lost and parked last."""
    rows: list[Row] = [(1, 0, None, -1, 9), (1, 0, None, -1, 2), (1, 0, None, -1, -1),
                       (1, 0, None, -1, 1)]  # fmt: skip
    for some in permutations(rows):
        assert path(ordered(list(some), ids=False)) == [-1, 1, 2, 9]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 4),
                       st.integers(0, 4)), min_size=1, max_size=25, unique=True),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_the_order_of_rows_does_not_matter(steps: list[Any], random: Any) -> None:
    rows: list[Row] = [(d, t, None, a, b) for d, t, a, b in steps]
    other = list(rows)
    random.shuffle(other)
    assert ordered(rows) == ordered(other)
    by_key = ordered(rows)
    assert [r[:2] for r in by_key] == sorted(r[:2] for r in by_key)


@settings(max_examples=200)
@given(
    st.lists(st.integers(0, 6), min_size=2, max_size=7, unique=True),
    st.integers(1, 3),
    st.randoms(use_true_random=False),
)
def test_a_walk_without_returns_is_found_again(walk: list[int], seconds: int, random: Any) -> None:
    """Any way through distinct stages, its steps spread over few seconds, shuffled."""
    steps = list(pairwise(walk))
    at = sorted(random.randrange(seconds) for _ in steps)
    rows: list[Row] = [(1, t, None, a, b) for t, (a, b) in zip(at, steps, strict=True)]
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert ordered(shuffled) == rows


def test_many_ties_are_quick() -> None:
    """300,000 deals with two changes of one second each, newest first."""
    n = 300_000
    deal = np.repeat(np.arange(n, dtype=np.int32), 2)
    stage = np.tile(np.array([2, 1], np.int16), n)
    found = order_of(deal, np.zeros(2 * n, "M8[s]"), None, stage, stage - np.int16(1), stage,
                     np.arange(2 * n))  # fmt: skip
    assert (stage[found] == np.tile([1, 2], n)).all()
    assert (deal[found] == deal).all()
