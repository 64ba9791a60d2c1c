from __future__ import annotations

import csv
import io
from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.metrics.result import COLUMNS
from funnelkpi.renderers.csv import render, table
from funnelkpi.report.document import Report, Rows


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def test_every_report_has_the_long_tables_header(report: Report) -> None:
    first = render(report).decode("utf-8").split("\n")[0]
    assert first == ",".join(COLUMNS)
    assert len(_read(render(report))) == len(report.data["metrics"])


def test_bom_in_files_only(full: Report) -> None:
    assert render(full, to_file=True) == b"\xef\xbb\xbf" + render(full)


def test_figures_raw_with_a_dot(full: Report) -> None:
    row = _read(render(full))[0]
    assert (row["value"], row["numerator"], row["low"]) == ("0.3", "3", "0.108")
    assert row["period_start"] == "2026-11-09T00:00:00"
    assert row["great"] == ""
    assert _read(render(full))[-1]["value"] == ""


def test_no_formula(full: Report) -> None:
    managers = [row["manager"] for row in _read(render(full))]
    assert managers[5] == "'=cmd|' /C calc'!A0"
    assert managers[6] == '\'-5 Иванов, "Пётр"'


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (-5.5, "-5.5"), (-5, "-5"), (7.0, "7"), (1e300, "1e+300"), (True, "true"),
        (np.float64(2.5), "2.5"), (np.int64(-3), "-3"), (float("nan"), ""), (None, ""),
        (pd.NA, ""), (pd.NaT, ""), (datetime(2026, 11, 16, 9), "2026-11-16T09:00:00"),
        ("=1+1", "'=1+1"), ("+7 900", "'+7 900"), ("-", "'-"), ("@x", "'@x"), ("\tx", "'x"),
        ("\r=1", "'=1"), (" =1", "'=1"), ("a\r\nb", "a b"), ("\x1b[31m", "␛[31m"),
        (["a", "b"], "a; b"), ("Иванов", "Иванов"),
    ],
)  # fmt: skip
def test_fields(value: object, field: str) -> None:
    assert _read(table(["x", "y"], [{"x": value, "y": 1}]))[0]["x"] == field


def test_columnar_rows() -> None:
    rows = Rows({"metric": ["won"], "value": [3.0], "extra": ["e"]})
    read = _read(render(Report("", (), (), (), (), "ru", {"metrics": rows})))
    assert (read[0]["metric"], read[0]["value"], read[0]["extra"]) == ("won", "3", "e")


@given(st.text(alphabet=st.characters(), min_size=1))
def test_no_text_becomes_a_formula_or_a_second_row(value: str) -> None:
    rows = _read(table(["x", "y"], [{"x": value, "y": 1}]))
    assert len(rows) == 1
    assert not rows[0]["x"].startswith(("=", "+", "-", "@", "\t", "\r"))
