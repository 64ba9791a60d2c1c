"""The rules shown in docs/telephony are configs that load, and every field they name is known."""

from __future__ import annotations

import re

import pytest

from funnelkpi.adapters.calls.words import direction_of, known_outcome, told_missed
from funnelkpi.config.load import parse_settings
from funnelkpi.model.tables import CALL_SOURCES, CALLS

PAGES = ("telephony.md", "telephony.ru.md")


@pytest.mark.parametrize("name", PAGES)
def test_the_rule_loads(root, name):
    page = (root / "docs" / name).read_text("utf-8")
    (rule,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    settings = parse_settings(rule, name)
    assert settings.inputs.files[0].kind == "calls"
    assert settings.managers[0].extensions == ("101",)


@pytest.mark.parametrize("name", PAGES)
def test_every_field_and_example_is_there(root, name):
    page = (root / "docs" / name).read_text("utf-8")
    fields = page.partition("|---|---|")[2].partition("\n\n")[0]
    named = {f for row in fields.splitlines() for f in re.findall("`([a-z_]+)`", row)}
    known = {c.name for c in (*CALLS, *CALL_SOURCES)}
    assert named <= known
    assert {c.name for c in CALL_SOURCES} <= named
    examples = {p.name for p in (root / "configs" / "telephony").glob("*.yml")}
    assert set(re.findall(r"`(\w+\.yml)`", page)) == examples


UNDERSTOOD = (
    ("in", None), ("in", "missed"), ("out", None), ("callback", None), ("internal", None),
    (None, "success"), (None, "missed"), (None, ("busy", "declined", "cancelled")),
    (None, "failed"),
)  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_the_words_it_names_are_understood(root, name):
    page = (root / "docs" / name).read_text("utf-8")
    rows = page.rpartition("|---|---|")[2].partition("\n\n")[0].strip().splitlines()
    for row, (direction, outcome) in zip(rows, UNDERSTOOD, strict=True):
        for word in re.split("[,;] ", row.split("|")[2].strip()):
            if direction:
                assert direction_of(word, "generic") == direction, word
                assert (told_missed(word) if outcome else None) == outcome, word
            else:
                assert known_outcome(word, "generic") in outcome, word
