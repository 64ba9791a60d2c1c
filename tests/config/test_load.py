"""Files as they come: encodings, empty ones, several problems at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from funnelkpi.config.bundled import root
from funnelkpi.config.load import load_settings, parse_settings
from funnelkpi.config.schema import Settings
from funnelkpi.errors import ConfigError


def _told(path: Path) -> list[tuple[int | None, int | None, str]]:
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    return [(p.line, p.column, p.key) for p in caught.value.problems]


def test_what_the_file_says(tmp_path):
    path = tmp_path / "funnelkpi.yaml"
    path.write_text("currency: KZT\nstalled: {warn_days: 5}\n", encoding="utf-8")
    settings = load_settings(path)
    assert (settings.currency, settings.stalled.warn_days) == ("KZT", 5)
    assert settings.calendar == Settings().calendar


@pytest.mark.parametrize("text", ["", "\n", "# только комментарий\n", "---\n", "\ufeff"])
def test_an_empty_file_points_to_init(tmp_path, text):
    path = tmp_path / "f.yaml"
    path.write_text(text, encoding="utf-8")
    assert _told(path) == [(None, None, "errors_config.empty_file")]


@pytest.mark.parametrize("text", ["- language: ru\n", "language\n", "5\n", "[]\n"])
def test_a_document_that_is_no_section(told, text):
    assert told(text) == [(1, 1, "not_a_mapping")]


def test_an_empty_section_is_all_defaults():
    assert parse_settings("{}", "f") == Settings()


def test_no_file_and_a_folder(tmp_path):
    assert _told(tmp_path / "none.yaml") == [(None, None, "errors_config.no_file")]
    assert _told(tmp_path) == [(None, None, "errors_config.is_folder")]


def test_a_byte_order_mark_is_no_problem(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes("language: en\n".encode("utf-8-sig"))
    assert load_settings(path).language == "en"


def test_the_first_byte_that_is_not_utf8(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes(b"language: ru\nmanagers: [{name: " + "Анна}]".encode("cp1251"))
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column, problem.key) == (2, 19, "errors_config.not_utf8")
    assert problem.params == {"byte": "0xC0"}
    assert problem.excerpt is not None
    assert problem.excerpt.startswith("managers: [{name: ")


def test_utf16(tmp_path):
    path = tmp_path / "f.yaml"
    path.write_bytes("language: ru\n".encode("utf-16"))
    assert _told(path) == [(None, None, "errors_config.utf16")]


def test_all_problems_at_once_in_the_order_of_the_file(told):
    text = """\
langage: ru
time_zone: Europe/Moskow
calendar:
  opens: 10:30
norms:
  - metric: won
    normal: 10
    great: 5
  - metric: wonn
    normal: много
  - metric: lots
    normal: 1
    normal: 2
managers:
  - name: Анна Петрова
    absences: [{first: 2026-02-01, last: 2026-01-01}]
"""
    assert told(text, known_metrics=frozenset({"won", "lost"})) == [
        (1, 1, "unknown_key_near"),
        (2, 12, "unknown_time_zone_near"),
        (4, 10, "sexagesimal"),
        (8, 12, "great_below_normal"),
        (10, 13, "need_number"),
        (11, 13, "unknown_metric_near"),
        (13, 5, "duplicate_key"),
        (16, 42, "first_after_last"),
    ]


def test_one_mistake_brings_forth_no_others(told):
    """The misspelt kind leaves the pipeline without a won stage, the norm without its stage."""
    text = """\
pipelines:
  - key: sales
    stages:
      - {key: base}
      - {key: done, kindd: won}
norms:
  - {metric: entries, stage: deal, normal: 5}
"""
    assert told(text) == [(5, 21, "unknown_key_near")]


def test_every_file_in_configs_loads():
    files = sorted((root() / "configs").glob("*.y*ml"))
    assert [f.name for f in files] == [
        "amocrm-defaults.yml",
        "b2b-standard.yml",
        "bitrix24-defaults.yml",
        "calls-to-cash.yml",
        "stage-questions.yml",
        "what-to-measure.yml",
    ]
    for file in files:
        assert load_settings(file).pipelines


def test_reading_a_config_imports_nothing_heavy():
    code = (
        "import sys, funnelkpi.config.load as load;"
        "load.parse_settings('language: ru', 'f');"
        "heavy = {'pandas', 'numpy', 'pyarrow', 'holidays', 'babel'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
