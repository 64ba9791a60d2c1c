from __future__ import annotations

import subprocess
import sys

import pytest

from funnelkpi.errors import UsageError
from funnelkpi.locale.catalogue import LANGS, text
from funnelkpi.renderers.registry import FORMATS, format_of, render
from funnelkpi.report.document import Report


@pytest.mark.parametrize(
    ("path", "name"),
    [("a/report.json", "json"), ("B.CSV", "csv"), ("x.md", "markdown"), ("x.txt", "terminal"),
     ("x.v2.ansi", "ansi")],
)  # fmt: skip
def test_format_by_suffix(path: str, name: str) -> None:
    assert format_of(path) == name


@pytest.mark.parametrize(
    ("path", "key"), [("a.docx", "format_unknown"), ("report", "format_missing")]
)
def test_unknown_suffix_names_the_known_ones(path: str, key: str) -> None:
    with pytest.raises(UsageError) as caught:
        format_of(path)
    problem = caught.value.problems[0]
    assert problem.key == f"errors_delivery.{key}"
    for lang in LANGS:
        assert path in text(problem.key, lang, **problem.params)
        assert ".json" in text(f"{problem.key}.remedy", lang, **problem.params)


def test_every_format_renders_every_report(report: Report) -> None:
    for name in FORMATS:
        assert isinstance(render(report, name), bytes)


def test_unknown_name(full: Report) -> None:
    with pytest.raises(UsageError, match="format_name"):
        render(full, "pdf")


def test_options_reach_the_format(full: Report) -> None:
    assert b"\x1b" in render(full, "terminal", color=True)
    assert b"\x1b" not in render(full, "terminal")
    assert b"\x1b" in render(full, "ansi")
    assert render(full, "terminal", width=60) != render(full, "terminal", width=160)
    assert render(full, "csv", to_file=True)[:3] == b"\xef\xbb\xbf"
    assert render(full, "csv")[:3] != b"\xef\xbb\xbf"


def test_formats_are_imported_when_asked_for() -> None:
    code = (
        "import sys, funnelkpi.renderers.registry as r; r.format_of('a.json');"
        "print([m for m in ('orjson','rich','babel','pandas','numpy','csv') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
