"""Staleness is judged by the clock, on stderr, and is in no report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import funnelkpi.cli.run as module

FINE = 'thresholds: [{metric: lost, warn: "> 5"}]\n'
MOMENT = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)
"""08:00 in Moscow: the moment of the small export."""


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``after(days=8)``: the clock shows so much later than the export."""

    def set_clock(**later: float) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return (MOMENT + timedelta(**later)).astimezone(tz)

        monkeypatch.setattr(module, "datetime", Clock)

    return set_clock


def test_check_allows_a_week(cli: Any, export: Callable[..., Path], after: Any) -> None:
    folder = export(FINE)
    after(days=6, hours=23)
    ran = cli("check", folder)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    after(days=9)
    ran = cli("check", folder)
    assert (ran.code, ran.out) == (2, "")
    assert "2 дня" in ran.err
    assert "stale_after" in ran.err


def test_a_report_has_no_age_limit_of_its_own(
    cli: Any, export: Callable[..., Path], after: Any
) -> None:
    after(days=900)
    ran = cli("report", export(FINE))
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize(
    ("allowed", "fresh", "stale"),
    [
        ("12h", {"hours": 11}, {"hours": 13}),
        ("2d", {"hours": 47}, {"hours": 49}),
        ("3w", {"days": 20}, {"days": 22}),
    ],
)
@pytest.mark.parametrize("command", ["report", "check"])
def test_stale_after(
    cli: Any,
    export: Callable[..., Path],
    after: Any,
    command: str,
    allowed: str,
    fresh: dict[str, float],
    stale: dict[str, float],
) -> None:
    folder = export(FINE + f"inputs: {{stale_after: {allowed}}}\n")
    after(**fresh)
    ran = cli(command, folder)
    assert (ran.code, ran.err) == (0, "")
    after(**stale)
    late = cli(command, folder)
    assert late.code == 2
    assert "stale_after" in late.err
    assert late.out == ran.out  # the report itself is the same


def test_as_of_is_never_stale(cli: Any, export: Callable[..., Path], after: Any) -> None:
    after(days=900)
    ran = cli("check", export(FINE), "--as-of", "2026-11-16")
    assert (ran.code, ran.err) == (0, "")


def test_stale_is_graver_than_breached(cli: Any, export: Callable[..., Path], after: Any) -> None:
    after(days=30)
    ran = cli("check", export('thresholds: [{metric: lost, fail: "> 1"}]\n'), "--lang", "en")
    assert ran.code == 2
    assert "Lost" in ran.out
    assert "23 days older" in ran.err


def test_stale_is_graver_than_undelivered(
    cli: Any, export: Callable[..., Path], after: Any
) -> None:
    after(days=30)
    ran = cli("check", export(FINE), "-o", "absent/check.json")
    assert ran.code == 2
    assert "absent" in ran.err
    assert "stale_after" in ran.err


def test_the_clock_is_read_in_the_zone_of_the_config(
    cli: Any, export: Callable[..., Path], after: Any
) -> None:
    """08:00 of the export is local time: in Kamchatka it was nine hours earlier than in Moscow."""
    folder = export(FINE + "inputs: {stale_after: 12h}\ntime_zone: Asia/Kamchatka\n")
    after(hours=2)
    assert cli("report", folder).code == 0
    after(hours=4)
    assert cli("report", folder).code == 2
