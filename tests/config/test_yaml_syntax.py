"""Texts that are not YAML: what is told, and where."""

from __future__ import annotations

import pytest
import yaml

from funnelkpi.config import yaml_tree

BROKEN = {
    "tab": ("stalled:\n\twarn_days: 3\n", 2, 1, "yaml_tab"),
    "tab after spaces": ("stalled:\n  too_old: true\n \twarn_days: 3\n", 3, 2, "yaml_tab"),
    "two colons": ("preset: a: b\n", 1, 10, "yaml_colon"),
    "no colon": ("language ru\ntime_zone: UTC\n", 1, 1, "yaml_no_colon"),
    "no colon, nested": ("calendar:\n  country RU\n  opens: '9:00'\n", 2, 3, "yaml_no_colon"),
    "deeper than its neighbour": ("language: ru\n  currency: RUB\n", 2, 3, "yaml_indent"),
    "between two levels": ("calendar:\n    country: RU\n  opens: '9:00'\n", 3, 3, "yaml_indent"),
    "list beside its key": ("norms: - metric: won\n", 1, 8, "yaml_dash"),
    "open quote": ('preset: "b2b\nlanguage: ru\n', 1, 9, "yaml_open_quote"),
    "quote inside quotes": ("preset: 'it's'\n", 1, 13, "yaml_after_quote"),
    "backslash": ('inputs:\n  files: [{match: "C:\\data"}]\n', 2, 22, "yaml_bad_escape"),
    "open bracket": (
        "calendar:\n  work_days: [mon, tue\nlanguage: ru\n",
        2,
        14,
        "yaml_open_bracket",
    ),
    "open brace": ("calls: {phone_region: RU\nlanguage: ru\n", 1, 8, "yaml_open_bracket"),
    "bound without quotes": (
        "thresholds:\n  - metric: won\n    fail: >= 5\n",
        3,
        11,
        "yaml_block_sign",
    ),
    "pattern without quotes": ("inputs:\n  files:\n    - match: *.csv\n", 3, 14, "yaml_star"),
    "reserved": ("preset: @home\n", 1, 9, "yaml_reserved_char"),
    "percent": ("preset: %a\n", 1, 9, "yaml_reserved_char"),
    "two documents": ("version: 1\n---\nversion: 1\n", 2, 1, "yaml_documents"),
    "control character": ("version: 1\npreset: a\x07b\n", 2, 10, "yaml_control_char"),
    "anything else": ("%YAML 3.0\n---\nversion: 1\n", 1, 1, "yaml_broken"),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_place_and_reason(case, loader, told, monkeypatch):
    if not hasattr(yaml, loader):
        pytest.skip("PyYAML without libyaml")
    monkeypatch.setattr(yaml_tree, "_LOADER", getattr(yaml, loader))
    text, line, column, key = case
    assert told(text) == [(line, column, key)]


def test_the_line_is_shown(problems_of):
    (problem,) = problems_of("language: ru\r\ncalendar:\r\n\topens: 9\r\n")
    assert (problem.file, problem.line, problem.excerpt) == ("funnelkpi.yaml", 3, "\topens: 9")
