"""The examples of docs/archive.md work on a real archive."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import duckdb
from sample_data.weekly import moments, simulate, write_week

from funnelkpi.archive.snapshot import CRMS, FORMAT, KINDS, Record
from funnelkpi.config.load import parse_settings
from funnelkpi.config.schema import Settings
from funnelkpi.pipeline import Request, add_to_archive

PAGE = (Path(__file__).parents[2] / "docs" / "archive.md").read_text("utf-8")


def _code(language: str) -> str:
    found = re.search(f"```{language}\n(.*?)```", PAGE, re.S)
    assert found is not None
    return found[1]


def test_the_query_counts_deals_per_stage_and_monday(tmp_path, monkeypatch):
    world = simulate(1)
    for moment in moments()[:3]:
        write_week(tmp_path, world, moment, "amocrm")
    add_to_archive(Request((tmp_path,), Settings()), tmp_path / "archive")
    monkeypatch.chdir(tmp_path)
    rows = duckdb.sql(_code("sql")).fetchall()
    per_day = {day: sum(n for d, _, n in rows if d == day) for day, _, _ in rows}
    assert list(per_day.values()) == [sum(s.exists(m) for s in world) for m in moments()[:3]]
    assert all(re.fullmatch(r"2026-08-\d\d", day) for day in per_day)
    assert {stage for _, stage, _ in rows} > {"База", "ЛПР"}


def test_the_config_of_the_page_is_valid():
    assert parse_settings(_code("yaml"), "x").archive.mode == "auto"


def test_every_key_crm_and_kind_is_named():
    assert f"| `format` | {FORMAT}." in PAGE
    keys = set(re.findall(r"`(\w+)`", PAGE))
    assert {f.name for f in fields(Record)} <= keys
    assert all(name in PAGE for name in (*CRMS, *KINDS))
