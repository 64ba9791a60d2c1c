"""docs/exports.md lists every layout, and every test it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from funnelkpi.adapters.registry import ADAPTERS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")


def test_named_tests_exist():
    named = re.findall(r"`(tests/\S+\.py)::(\w+)`", PAGE)
    assert len(named) > 30
    functions = {
        path: {n.name for n in ast.parse((ROOT / path).read_text("utf-8")).body
               if isinstance(n, ast.FunctionDef)}
        for path in {p for p, _ in named}
    }  # fmt: skip
    assert [f"{p}::{t}" for p, t in named if t not in functions[p]] == []


def test_every_row_names_a_test():
    rows = [line for line in PAGE.splitlines() if line.startswith("|") and "---" not in line]
    assert [r for r in rows if "`tests/" not in r and "| Тест |" not in r] == []


def test_every_layout_is_listed():
    known = {layout.name for layouts in ADAPTERS.values() for layout in layouts}
    listed = set(re.findall(r"^\| [^|]+ \| `([\w-]+)` \|", PAGE, re.MULTILINE))
    assert listed == known | {"generic", "empty"}
