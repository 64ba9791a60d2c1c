"""The heat map: shades by quarters, hours outside the working day together, numbers of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from funnelkpi.report.analysis import Choice
from funnelkpi.report.context import Context
from funnelkpi.report.heat_map import _hours, heat_map, shade


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "·"), (1, "░"), (2, "░"), (3, "▒"), (5, "▓"), (6, "▓"), (7, "█"), (8, "█")],
)
def test_shades_are_quarters_of_the_largest(value: float, said: str) -> None:
    assert shade(value, 8) == said


def test_nothing_rang() -> None:
    assert shade(0, 0) == "·"


@pytest.mark.parametrize(
    ("rung", "labels"),
    [
        ({9, 17}, "09 10 11 12 13 14 15 16 17"),
        ({8, 12}, "<09 09 10 11 12 13 14 15 16 17"),
        ({20, 23}, "09 10 11 12 13 14 15 16 17 18+"),
    ],
)
def test_hours_outside_the_working_day_stand_together(rung: set[int], labels: str) -> None:
    found = _hours({(0, h): 1.0 for h in rung}, 9, 18)
    assert " ".join(label for label, _ in found) == labels
    hours = [h for _, group in found for h in group]
    assert len(hours) == len(set(hours))
    assert rung <= set(hours)


def test_a_long_day_still_fits_80_columns() -> None:
    found = _hours({(6, h): 1.0 for h in range(24)}, 0, 24)
    assert len(found) <= 11
    assert sorted(h for _, group in found for h in group) == list(range(24))


def test_missed_calls_of_the_table(sample: Callable[[str], Any]) -> None:
    """The numbers in the cells are the missed incoming calls of the window, counted from the rows."""
    analysis = sample("calls")
    (table,) = heat_map(Context(analysis, Choice(), "ru"))
    said = [cell.value for row in table.rows for cell in row[1:]]
    shown = sum(int("".join(c for c in text if c.isdigit()) or 0) for text in said)
    calls, data = analysis.data.calls, analysis.data
    since = np.datetime64(data.as_of, "s") - np.timedelta64(120, "D")
    incoming = calls["direction"].astype(str).eq("in") & (calls["called_at"] >= since)
    outside = ~calls["klass"].isin([5])  # between colleagues
    missed = incoming & outside & ~calls["outcome"].astype(str).eq("success")
    assert shown == int(missed.sum()) > 100
    assert [row[0].value for row in table.rows][:5] == ["Пн", "Вт", "Ср", "Чт", "Пт"]
