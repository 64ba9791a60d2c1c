"""Every key the adapters use has a text and a remedy, with the parameters they are given."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from funnelkpi.locale.texts import errors_adapters, findings_adapters

ADAPTERS = Path(__file__).parents[2] / "src" / "funnelkpi" / "adapters"
SOURCE = "\n".join(p.read_text("utf-8") for p in sorted(ADAPTERS.rglob("*.py")))


@pytest.mark.parametrize("module", [errors_adapters, findings_adapters], ids=["errors", "findings"])
def test_both_languages_have_the_same_placeholders(module):
    for key, (ru, en) in module.TEXTS.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(t) if name} for t in (ru, en)]
        assert fields[0] == fields[1], key


def test_every_key_in_the_code_has_its_texts():
    errors = set(re.findall(r'"errors_adapters\.(\w+)"', SOURCE)) | {"no_deal_id", "no_stage"}
    assert errors == {k for k in errors_adapters.TEXTS if "." not in k}
    findings = set(re.findall(r'"findings_adapters\.(\w+)"', SOURCE))
    findings |= set(re.findall(r'report\(\s*"(\w+)"', SOURCE)) | {
        "repeated_rows",
        "repeated_ids_differ",
    }
    assert findings == {k for k in findings_adapters.TEXTS if "." not in k}
    assert {f"{k}.remedy" for k in errors} <= set(errors_adapters.TEXTS)
    remedies = {f"{k}.remedy" for k in findings - {"absent_from_newest"}}
    assert remedies <= set(findings_adapters.TEXTS)
