"""docs/architecture.md is true to the tree."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
SRC = ROOT / "src" / "funnelkpi"


def _tree() -> list[str]:
    """Paths of the tree block, from its indentation."""
    block = PAGE.split("## The tree")[1].split("```text\n")[1].split("```")[0]
    return list(_paths(block.splitlines()))


def _paths(lines: list[str]) -> Iterator[str]:
    folders: list[str] = []
    for line in lines:
        depth = (len(line) - len(line.lstrip())) // 2
        names = re.split(r"\s{2,}|(?<=/)\s", line.strip())[0]
        for name in names.split(", "):
            yield "".join(folders[:depth]) + name
        if names.endswith("/") and "," not in names:
            folders[depth:] = [names]


TREE = _tree()


@pytest.mark.parametrize("path", TREE)
def test_the_tree_names_what_exists(path):
    assert (ROOT / path).is_dir() if path.endswith("/") else (ROOT / path).is_file()


def test_the_tree_is_read_whole():
    assert {
        "src/funnelkpi/report/sections/",
        "docs/make.py",
        "src/funnelkpi/readers/html.py",
    } <= set(TREE)


def test_every_package_and_top_module_is_in_the_tree():
    packages = {f"src/funnelkpi/{p.parent.name}/" for p in SRC.glob("*/__init__.py")}
    modules = {f"src/funnelkpi/{p.name}" for p in SRC.glob("*.py")}
    assert packages | modules <= set(TREE)


def test_every_folder_of_the_project_is_in_the_tree():
    kept = {"configs", "sample_data", "benchmarks", "docs", "tests"}
    assert {f"{name}/" for name in kept} <= set(TREE)
    assert all((ROOT / name).is_dir() for name in kept)


def test_paths_in_the_text_exist():
    named = re.findall(r"`((?:\w+/)+(?:\w+\.\w+)?)`", PAGE)
    assert len(named) > 25
    places = (ROOT, SRC)
    assert [n for n in named if not any((p / n).exists() for p in places)] == []


def test_types_in_the_text_exist():
    named = re.findall(r"`((?:\w+\.)+[A-Z]\w+)`", PAGE)
    assert len(named) >= 8
    for name in named:
        module, _, item = name.rpartition(".")
        file = SRC / (module.replace(".", "/") + ".py")
        assert re.search(rf"^(class )?{item}\b", file.read_text("utf-8"), re.MULTILINE), name


def test_the_direction_is_the_contract_of_the_build():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = next(c for c in contracts["contracts"] if c["type"] == "layers")["layers"]
    told = re.search(r"Imports go one way: (.*?)\.\s", PAGE, re.DOTALL)
    assert told is not None
    said = [re.split(r",\s+", part.strip()) for part in re.sub(r"\s+", " ", told[1]).split(" > ")]
    assert said == [layer.split(" | ") for layer in layers]
