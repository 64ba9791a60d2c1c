"""Every problem the readers can name has its two texts, and no text is left over."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

import funnelkpi.readers.open as opening


@pytest.mark.parametrize("domain", ["errors_readers", "findings_readers"])
def test_keys_used_and_keys_told_are_the_same(domain):
    folder = Path(opening.__file__).parent
    source = "\n".join(p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.py")))
    used = set(re.findall(rf'"{domain}\.(\w+)"', source))
    told = set(import_module(f"funnelkpi.locale.texts.{domain}").TEXTS)
    assert {key for key in told if "." not in key} == used
    assert {key.removesuffix(".remedy") for key in told if key.endswith(".remedy")} == used
