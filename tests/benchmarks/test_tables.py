"""Aims and the markers of docs/performance.md."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from benchmarks.run import PAGE
from benchmarks.tables import Aim, aim_table, put

PARTS = ("about", "speed", "aims", "scaling", "start", "readers", "history", "calls")


@pytest.mark.parametrize(
    ("value", "bound", "kept"),
    [(3.0, "<= 3", True), (3.01, "<= 3", False), (4.0, ">= 4", True), (3.9, ">= 4", False),
     (math.nan, "<= 3", False), (math.nan, ">= 4", False)],
)  # fmt: skip
def test_aim(value: float, bound: str, kept: bool) -> None:
    assert Aim("x", value, bound).kept is kept


def test_unknown_figure_is_not_a_kept_aim() -> None:
    assert "| x | — | <= 3 | cannot be told |" in aim_table([Aim("x", math.nan, "<= 3")])


def test_every_part_has_its_markers_and_only_it_changes(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    before = PAGE.read_text(encoding="utf-8")
    page.write_text(before, encoding="utf-8")
    put(page, dict.fromkeys(PARTS, "| new |"))
    once = page.read_text(encoding="utf-8")
    assert once.count("| new |") == len(PARTS)
    put(page, dict.fromkeys(PARTS, "| new |"))
    assert page.read_text(encoding="utf-8") == once
    assert once.partition("<!-- bench:about -->")[0] == before.partition("<!-- bench:about -->")[0]
    with pytest.raises(ValueError, match="markers of other"):
        put(page, {"other": "x"})
