"""The same inputs, config and moment give the same bytes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(kit: Any, tmp_path: Path) -> Path:
    """The Bitrix24 sample with its config, in a folder of its own."""
    target = tmp_path / "exports"
    shutil.copytree(kit.BITRIX.parent, target)
    return target


def test_twice_and_from_another_folder_in_another_order(
    kit: Any, folder: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, first, _ = cli("report", folder, "--format", "json")
    assert code == 0
    assert cli("report", folder, "--format", "json")[1] == first
    monkeypatch.chdir(folder)
    files = sorted(p.name for p in folder.iterdir() if p.suffix != ".yaml")
    assert cli("report", *files[::-1], "--format", "json")[1] == first


@pytest.mark.parametrize("form", ["terminal", "csv", "markdown"])
def test_text_reports_are_the_same_too(form: str, kit: Any, cli: Cli) -> None:
    line = ("report", kit.AMO, "-c", kit.AMO_CONFIG, "--format", form)
    assert cli(*line) == cli(*line)


def test_neither_clock_nor_zone_of_the_machine_matters(
    kit: Any, folder: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cli("report", folder, "--format", "json")[1]
    monkeypatch.setenv("TZ", "America/Lima")
    import time

    time.tzset()
    try:
        for path in folder.iterdir():
            os.utime(path, (0, 0))
        assert cli("report", folder, "--format", "json")[1] == first
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_order_of_rows_changes_no_figure(
    kit: Any, amo: Any, bitrix_deals: Any, tmp_path: Path
) -> None:
    for path, config, wanted in (
        (kit.AMO, kit.AMO_CONFIG, amo),
        (kit.BITRIX, kit.BITRIX_CONFIG, bitrix_deals),
    ):
        header, *body = kit.cells(path)
        turned = kit.to_csv(tmp_path / "deals.csv", [header, *body[::-1]])
        kit.assert_same(kit.figures(kit.run(turned, config=kit.settings(config))), wanted)
