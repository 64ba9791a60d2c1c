from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.renderers.csv import render as csv
from funnelkpi.renderers.json import CHUNK, render
from funnelkpi.report.document import Later, Line, Report, Rows


def _round_trip(data: dict[str, Any]) -> Any:
    return json.loads(render(Report("", (), (), (), (), "ru", data)).decode("utf-8"))


def test_every_report_is_json(report: Report) -> None:
    read = json.loads(render(report))
    assert list(read) == list(report.data)
    assert read["schema"] == "funnelkpi.report/1"
    assert read["as_of"] == "2026-11-16T23:59:59"
    assert read["period"]["end"] == "2026-11-16T00:00:00"
    assert len(read["stalled"]) == len(report.data["stalled"])


def test_nasty_text_comes_back_as_it_was(full: Report, nasty: tuple[str, ...]) -> None:
    read = json.loads(render(full))
    assert read["metrics"][1]["definition"] == nasty[1]
    assert read["stalled"][0]["title"] == nasty[3]
    assert b"\x1b" not in render(full)


def test_what_is_made_later_is_made_when_written_and_not_by_csv() -> None:
    made: list[str] = []
    later = Later(lambda: made.append("now") or Rows({"a": [1, 2]}))
    report = Report("", (), (), (), (), "ru", {"metrics": [], "later": later})
    csv(report)
    assert made == []
    assert json.loads(render(report))["later"] == [{"a": 1}, {"a": 2}]
    assert made == ["now"]


def test_rows_are_objects_and_nan_is_null() -> None:
    rows = Rows({"id": ["1", "2"], "days": [1.5, float("nan")], "why": [["a"], []]})
    assert _round_trip({"stalled": rows})["stalled"] == [
        {"id": "1", "days": 1.5, "why": ["a"]},
        {"id": "2", "days": None, "why": []},
    ]


def test_one_row_per_line() -> None:
    rows = [{"id": i, "text": '},{"id":'} for i in range(CHUNK + 3)]
    shown = render(Report("", (), (), (), (), "ru", {"a": 1, "rows": rows, "none": []}))
    lines = shown.decode().splitlines()
    assert lines[:3] == ['{"a":1,', '"rows":[', '{"id":0,"text":"},{\\"id\\":"},']
    assert len(lines) == 2 + CHUNK + 3 + 1
    assert json.loads(shown)["rows"] == rows


def test_a_table_by_column_is_written_as_its_rows() -> None:
    columns: dict[str, Any] = {
        "доля, %": [0.5, None, float("inf")], "n": [1, 2**70, 0], "yes": [True, False, None],
        "text": ['a,"b"', None, "deals\udcff"], "mixed": [1, "x", [1, {"y": 2}]],
    }  # fmt: skip
    rows = Rows(columns)
    shown = render(Report("", (), (), (), (), "ru", {"rows": rows})).decode("utf-8")
    assert len(shown.splitlines()) == 1 + 3
    assert json.loads(shown)["rows"] == [
        {"доля, %": 0.5, "n": 1, "yes": True, "text": 'a,"b"', "mixed": 1},
        {"доля, %": None, "n": 2**70, "yes": False, "text": None, "mixed": "x"},
        {"доля, %": None, "n": 0, "yes": None, "text": "deals?", "mixed": [1, {"y": 2}]},
    ]
    assert _round_trip({"rows": Rows({"a": []})}) == {"rows": []}


def test_types_of_the_data_stack() -> None:
    read = _round_trip(
        {
            "int": np.int64(5), "float": np.float64("nan"), "bool": np.bool_(True),
            "stamp": pd.Timestamp("2026-11-16 10:00"), "nat": pd.NaT, "na": pd.NA,
            "inf": float("inf"), "dec": Decimal("1.5"), "set": {"b", "a"}, "path": Path("a/b"),
            "rows": [{"at": datetime(2026, 1, 2), "x": Rows({"y": [1]})}], "keys": {1: 2},
            "class": Line("text"),
        }
    )  # fmt: skip
    assert read == {
        "int": 5, "float": None, "bool": True, "stamp": "2026-11-16T10:00:00", "nat": None,
        "na": None, "inf": None, "dec": 1.5, "set": ["a", "b"], "path": "a/b",
        "rows": [{"at": "2026-01-02T00:00:00", "x": [{"y": 1}]}], "keys": {"1": 2},
        "class": {"text": "text", "tone": "plain"},
    }  # fmt: skip


def test_what_orjson_refuses() -> None:
    odd = {
        "file": "deals\udcff.csv", "id": 2**70, "at": pd.Timestamp("2026-01-02"),
        "path": Path("x\udcff"), "n": np.int64(3), "nan": float("nan"), "rows": Rows({"a": [1]}),
    }  # fmt: skip
    read = _round_trip({"inputs": [odd, {"file": "b"}]})["inputs"][0]
    assert read == {"file": "deals?.csv", "id": 2**70, "at": "2026-01-02T00:00:00", "path": "x?",
                    "n": 3, "nan": None, "rows": [{"a": 1}]}  # fmt: skip


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False,
        allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=15,
)  # fmt: skip


@given(st.dictionaries(st.text(), PLAIN))
def test_round_trip(data: dict[str, Any]) -> None:
    assert _round_trip(data) == data
