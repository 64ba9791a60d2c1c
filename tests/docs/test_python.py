"""The examples of docs/python.md and README run, and what they name exists."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import funnelkpi
from funnelkpi.api import Analysis, analyze

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")


def _run(code: str) -> dict[str, object]:
    names: dict[str, object] = {}
    exec(compile(code, "example", "exec"), names)
    return names


def test_the_example_runs(blocks, configured, capsys):
    names = _run(blocks("docs/python.md", "python")[0])
    out = capsys.readouterr().out
    assert "Алина Дроздова" in out
    assert "31888020" in out
    assert Path("report.md").read_text("utf-8").startswith("# Отчёт отдела продаж")
    sliced = names["analysis"].metrics["slice"].dropna()  # type: ignore[attr-defined]
    assert sliced.str.startswith("source=").any()


def test_the_example_of_an_error_runs(blocks, configured, capsys):
    _run(blocks("docs/python.md", "python")[1])
    assert "there is no such file or folder" in capsys.readouterr().out


@pytest.mark.parametrize("page", ["README.md", "README.ru.md"])
def test_the_three_lines_of_readme(page, blocks, configured, capsys):
    (code,) = blocks(page, "python")
    assert len(code.splitlines()) == 3
    _run(code)
    assert "won_amount" in capsys.readouterr().out


def test_the_arguments_are_those_of_analyze():
    table = PAGE.split("## Arguments")[1].split("## Result")[0]
    named = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert named == list(inspect.signature(analyze).parameters)


def test_the_attributes_are_those_of_the_analysis():
    table = PAGE.split("## Result")[1].split("## Errors")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)(?:\(\))?`", row)}
    public = {n for n in vars(Analysis) if not n.startswith("_")}
    assert named == public - {"result", "lang"}


def test_a_frame_is_a_copy(configured):
    analysis = funnelkpi.analyze("exports/", "funnelkpi.yaml")
    before = analysis.to_json()
    analysis.metrics["value"] = 0.0
    analysis.deals["amount"] = 0.0
    assert analysis.to_json() == before


def test_a_figure_not_evaluated_says_what_would_give_it(configured):
    metrics = funnelkpi.analyze("exports/", "funnelkpi.yaml").metrics
    absent = metrics[metrics["verdict"].eq("not_evaluated")]
    assert len(absent)
    assert absent["definition"].str.startswith("needs.").all()
    assert absent["value"].isna().all()
