"""``funnelkpi explain``: the definition of every figure."""

from __future__ import annotations

from typing import Any

import pytest

from funnelkpi.locale.catalogue import text
from funnelkpi.metrics.names import COMPUTED_METRICS, DECLARED, definition_key, title_key


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_figure(cli: Any, lang: str) -> None:
    for metric in sorted(COMPUTED_METRICS):
        ran = cli("explain", metric, "--lang", lang)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(f"{metric} — {text(title_key(metric), lang)}\n")
        assert text(definition_key(metric), lang) in ran.out


def test_a_figure_of_a_later_version(cli: Any) -> None:
    metric = sorted(DECLARED)[0]
    ran = cli("explain", metric)
    assert ran.code == 2
    assert metric in ran.err


def test_no_files_are_read(cli: Any) -> None:
    assert cli("explain", "won").code == 0


def test_on_the_users_data(cli: Any, export: Any) -> None:
    """One win and two losses last week; a step of one stage to the win."""
    ran = cli("explain", "win_rate", export(), "--format", "json", "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    data = ran.json
    assert data["schema"] == "funnelkpi.explanation/1"
    assert (data["metric"], data["title"]) == ("win_rate", text("metrics.win_rate", "en"))
    week = next(d for d in data["definitions"] if d["name"] == "win_rate")
    assert (week["numerator"], week["denominator"]) == (1, 3)
    assert "closed" in week["why"]
    assert {row["metric"] for row in data["metrics"]} == {"win_rate"}
    assert {row["scope"] for row in data["metrics"]} == {"company"}


def test_of_one_manager(cli: Any, export: Any) -> None:
    ran = cli("explain", "win_rate", export(), "--manager", "Белова", "--format", "json")
    week = next(d for d in ran.json["definitions"] if d["name"] == "win_rate")
    assert (week["numerator"], week["denominator"]) == (1, 2)
    assert ran.json["manager"] == "Анна Белова"
    assert {row["manager"] for row in ran.json["metrics"]} == {"Анна Белова"}


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_figures_on_data(cli: Any, export: Any, lang: str) -> None:
    """Every figure: tests/report/test_explanation.py."""
    folder = export()
    for metric in ("won", "velocity", "calls_at_stage"):
        ran = cli("explain", metric, folder, "--lang", lang)
        assert (ran.code, ran.err) == (0, ""), metric
        assert text("explanation.section_rows", lang) in ran.out
        assert max(map(len, ran.out.splitlines())) <= 80


def test_into_files(cli: Any, export: Any, tmp_path: Any) -> None:
    page, table = tmp_path / "e.md", tmp_path / "e.csv"
    ran = cli("explain", "conversion", export(), "-o", page, "-o", table)
    assert (ran.code, ran.out) == (0, "")
    assert "| **Перешедшие на этап** |" in page.read_text("utf-8")
    lines = table.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("metric,scope")
    assert all(line.startswith("conversion,company") for line in lines[1:])


def test_options_need_files(cli: Any) -> None:
    ran = cli("explain", "won", "--manager", "Анна")
    assert ran.code == 2
    assert ran.out == ""


def test_an_unknown_manager(cli: Any, export: Any) -> None:
    assert cli("explain", "won", export(), "--manager", "Никто").code == 2
