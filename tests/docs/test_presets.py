"""The page of presets: its commands run, its figures and sections exist, both languages agree."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from funnelkpi.config.bundled import preset_names
from funnelkpi.config.schema import Settings
from funnelkpi.metrics.names import COMPUTED_METRICS
from funnelkpi.report.build import SECTIONS

ROOT = Path(__file__).parents[2]
PAGES = ("docs/presets.md", "docs/presets.ru.md")


@pytest.fixture
def office(desk: Path) -> Path:
    """exports/ as the sample with calls has it, and its config."""
    shutil.rmtree(desk / "exports")
    shutil.copytree(ROOT / "sample_data" / "calls", desk / "exports")
    (desk / "exports" / "funnelkpi.yaml").unlink()
    return desk


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_run(page: str, blocks: Any, office: Path, command: Any) -> None:
    config = ROOT / "sample_data" / "calls" / "funnelkpi.yaml"
    lines = [x for block in blocks(page, "sh") for x in block.splitlines() if x.strip()]
    assert len(lines) == 5
    for line in lines:
        got = command(line)
        assert (got.code, got.err) == (0, ""), line
        if " init " in line:
            shutil.copy(config, office / "funnelkpi.yaml")


@pytest.mark.parametrize("page", PAGES)
def test_the_lists_are_the_planted_deals(
    page: str, blocks: Any, office: Path, command: Any
) -> None:
    shutil.copy(ROOT / "sample_data" / "calls" / "funnelkpi.yaml", office)
    assert "Всего: 2" in command("funnelkpi deals exports/ --without-call").out
    assert "Всего: 6" in command("funnelkpi deals exports/ --under-called").out


@pytest.mark.parametrize("page", PAGES)
def test_yaml_of_the_page_is_config(page: str, blocks: Any) -> None:
    found = blocks(page, "yaml")
    assert len(found) == 2
    for block in found:
        Settings.model_validate(yaml.safe_load(block))


@pytest.mark.parametrize("page", PAGES)
def test_names_exist(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    for name in re.findall(r"`([a-z_0-9]+)`", prose):
        assert name in COMPUTED_METRICS | set(SECTIONS) | {"init", "source_groups"}, name
    for name in preset_names():
        assert f"`{name}`" in text
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / "docs" / target).exists(), target


def test_both_languages_have_the_same_commands(blocks: Any) -> None:
    for kind in ("sh", "yaml"):
        assert blocks(PAGES[0], kind) == blocks(PAGES[1], kind)
