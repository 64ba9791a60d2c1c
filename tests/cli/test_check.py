"""``funnelkpi check``: prints only what is not fine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from funnelkpi.locale.catalogue import text
from funnelkpi.renderers.json_schema import schema

SAMPLES = Path(__file__).parents[2] / "sample_data"
AMOCRM, BITRIX24 = SAMPLES / "amocrm", SAMPLES / "bitrix24"
AS_OF = ("--as-of", "2026-11-16T08:30")
FINE = 'thresholds: [{metric: lost, warn: "> 5"}, {metric: won, fail: "< 1"}]\n'


def test_silence_when_all_is_fine(cli: Any, export: Callable[..., Path]) -> None:
    ran = cli("check", export(FINE), *AS_OF)
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_only_what_is_breached(cli: Any, export: Callable[..., Path]) -> None:
    more = 'thresholds: [{metric: lost, fail: "> 1"}, {metric: won, fail: "< 1"}]\n'
    ran = cli("check", export(more), *AS_OF)
    assert ran.code == 1
    assert text("metrics.lost", "ru") in ran.out
    assert text("metrics.won", "ru") not in ran.out
    assert "> 1" in ran.out
    assert len(ran.out.splitlines()) <= 6


def test_gravest_first(cli: Any, export: Callable[..., Path]) -> None:
    more = """thresholds:
  - {metric: retention, fail: "< 0.5"}
  - {metric: open_deals, warn: "> 0"}
  - {metric: lost, fail: "> 1"}
"""
    lines = cli("check", export(more), *AS_OF, "--lang", "en").out.splitlines()
    order = [
        next(i for i, line in enumerate(lines) if text(f"metrics.{m}", "en") in line)
        for m in ("lost", "open_deals")
    ]
    assert order == sorted(order)
    not_evaluated = text("report.verdict_not_evaluated", "en", who="", figure="")
    assert not_evaluated.split()[-2] in lines[-1]


def test_breaches_of_the_sample(cli: Any) -> None:
    """Money and shares as people write them, not 2.4283e+07 and 0.0172414."""
    ran = cli("check", AMOCRM, *AS_OF)
    assert ran.code == 1
    assert "24,3 млн ₽" in ran.out
    assert "1,7 % (1/58)" in ran.out
    assert "e+0" not in ran.out
    assert "Кирилл Басманов" in ran.out
    assert "Дроздова" not in ran.out
    en = cli("check", AMOCRM, *AS_OF, "--lang", "en").out
    assert "24.3m ₽" in en
    assert "1.7% (1/58)" in en


def test_json_is_the_whole_report(cli: Any) -> None:
    ran = cli("check", BITRIX24, *AS_OF, "--format", "json")
    assert ran.code == 1
    assert set(ran.json) >= set(schema()["required"])
    levels = {v["level"] for v in ran.json["verdicts"] if v["kind"] == "threshold"}
    assert levels == {"warn", "fail"}


def test_json_when_all_is_fine(cli: Any, export: Callable[..., Path]) -> None:
    ran = cli("check", export(FINE), *AS_OF, "--format", "json")
    assert ran.code == 0
    assert {v["level"] for v in ran.json["verdicts"]} == {"ok"}


def test_file(cli: Any) -> None:
    ran = cli("check", AMOCRM, *AS_OF, "-o", "check.md")
    assert (ran.code, ran.out) == (1, "")
    assert "Басманов" in Path("check.md").read_text("utf-8")


def test_one_manager(cli: Any) -> None:
    """What is printed and the exit code speak of the same people."""
    bad = cli("check", AMOCRM, *AS_OF, "--manager", "Басманов")
    assert bad.code == 1
    assert "Басманов" in bad.out
    good = cli("check", AMOCRM, *AS_OF, "--manager", "Дроздова")
    assert (good.code, good.out, good.err) == (0, "", "")


def test_one_pipeline(cli: Any) -> None:
    ran = cli("check", AMOCRM, *AS_OF, "--pipeline", "service")
    assert (ran.code, ran.out) == (0, "")


def test_report_check_agrees(cli: Any) -> None:
    assert cli("report", AMOCRM, "--check", *AS_OF).code == 1
    assert cli("report", AMOCRM, "--check", *AS_OF, "--manager", "Дроздова").code == 0


def test_mask(cli: Any) -> None:
    ran = cli("check", AMOCRM, *AS_OF, "--mask", "--format", "json")
    assert {row["title"] for row in ran.json["stalled"]} == {"•••"}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ru", "Доля отвеченных не оценено — нужны звонки"),
        ("en", "is not evaluated: calls are needed"),
    ],
)
def test_what_is_missing_is_said(
    cli: Any, export: Callable[..., Path], tmp_path: Path, lang: str, said: str
) -> None:
    """A threshold on a figure whose file is absent is neither a pass nor a riddle."""
    config = tmp_path / "calls.yaml"
    config.write_text(
        "version: 1\nthresholds:\n  - {metric: answered_share, warn: '< 0.9'}\n", "utf-8"
    )
    ran = cli("check", export(), "-c", config, "--lang", lang)
    assert ran.code == 0
    assert said in " ".join(ran.out.split())
