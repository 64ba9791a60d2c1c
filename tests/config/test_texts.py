"""Every problem of the config has a reason and a remedy in both languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import funnelkpi.config
from funnelkpi.locale.texts.errors_config import TEXTS

FOLDER = Path(funnelkpi.config.__path__[0])
SOURCE = "\n".join(p.read_text(encoding="utf-8") for p in FOLDER.glob("*.py"))
KEYS = [k for k in TEXTS if not k.endswith(".remedy")]
KINDS = ("manager", "role", "department", "pipeline", "stage", "metric", "section")
COMPOSED = {
    *(f"unknown_{kind}{near}" for kind in KINDS for near in ("", "_near")),
    *(f"{name}_{goal}_stage" for name in ("no",) for goal in ("won", "converted")),
    *(f"two_{goal}_stages" for goal in ("won", "converted")),
    "no_role",
    "no_department",
}
"""Keys that the checks put together."""


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("key", KEYS)
def test_reason_and_remedy_have_the_same_fields_in_both_languages(key):
    for name in (key, f"{key}.remedy"):
        russian, english = TEXTS[name]
        assert _fields(russian) == _fields(english)
        assert re.search("[а-яё]", russian, re.IGNORECASE)
        assert russian != english


@pytest.mark.parametrize("key", KEYS)
def test_every_text_is_used(key):
    composed = key in COMPOSED or f'"{key.removesuffix("_near")}"' in SOURCE
    assert composed or f'"{key}"' in SOURCE or f"errors_config.{key}" in SOURCE
