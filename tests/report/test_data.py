"""Columns as plain values: what JSON, CSV and the sections read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from funnelkpi.report.data import plain_values

MOMENTS = ["2026-11-09 10:20:30", None, "2026-11-09 00:00:00", "2026-11-09 10:20:30"]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments_are_iso_texts_to_the_second(unit: str) -> None:
    column = pd.to_datetime(pd.Series(MOMENTS)).astype(f"datetime64[{unit}]")
    expected = ["2026-11-09T10:20:30", None, "2026-11-09T00:00:00", "2026-11-09T10:20:30"]
    assert plain_values(column) == expected
    assert plain_values(column[:0]) == []


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pd.Series([1.0, np.nan]), [1.0, None]),
        (pd.Series(["a", None]), ["a", None]),
        (pd.Series(pd.Categorical(["a", None])), ["a", None]),
        (pd.Series([True, False]), [True, False]),
        (pd.Series([["a"], []]), [["a"], []]),
    ],
)
def test_missing_values_are_none(column: pd.Series, expected: list[object]) -> None:
    assert plain_values(column) == expected
    assert [type(v) for v in plain_values(column)] == [type(v) for v in expected]
