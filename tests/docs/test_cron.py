"""What docs/cron.md says of commands, codes and age is so."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from funnelkpi.cli.check import STALE_AFTER
from funnelkpi.cli.exit_codes import _PRECEDENCE, ExitCode, worst
from funnelkpi.renderers.registry import FORMATS

PAGE = (Path(__file__).parents[2] / "docs" / "cron.md").read_text("utf-8")
LATER = datetime(2026, 11, 25, 12, 0)


def test_the_lines_of_the_crontab_run(blocks, configured, command):
    (crontab,) = blocks("docs/cron.md", "crontab")
    lines = [line for line in crontab.splitlines() if line and not line.startswith("#")]
    commands = [line.split("&& ", 1)[1] for line in lines]
    assert all(re.match(r"([\d*,/-]+\s+){5}cd /srv/sales && funnelkpi ", line) for line in lines)
    report, check = (command(line) for line in commands)
    assert (report.code, report.out, report.err) == (0, "", "")
    assert (configured / "monday.md").read_text("utf-8").startswith("# Отчёт")
    assert (configured / "monday.json").is_file()
    assert (check.code, check.err) == (1, "")
    assert "нарушен" in check.out


def test_the_unit_of_systemd_runs(blocks, configured, command):
    service, timer = blocks("docs/cron.md", "ini")
    found = re.search(r"^ExecStart=(.*)$", service, re.MULTILINE)
    assert found is not None
    assert command(found[1]).code == 1
    assert "OnCalendar=" in timer


def test_codes_stand_in_their_order():
    rows = re.findall(r"^\| (\d+) \| `(\w+)`", PAGE, re.MULTILINE)
    assert [(int(code), name) for code, name in rows] == [(int(c), c.name) for c in _PRECEDENCE]
    for i, first in enumerate(_PRECEDENCE):
        assert all(worst(later, first) is first for later in _PRECEDENCE[i:])


def _thresholds(folder: Path, *lines: str) -> None:
    """The sample's config with these thresholds only."""
    file = folder / "funnelkpi.yaml"
    text = re.sub(r"^thresholds:\n(  .*\n)*", "", file.read_text("utf-8"), flags=re.MULTILINE)
    listed = "".join(f"  - {line}\n" for line in lines)
    file.write_text(text + (f"\nthresholds:\n{listed}" if lines else ""), encoding="utf-8")


def test_report_gives_1_only_with_check(configured, command):
    assert command("funnelkpi report exports/").code == ExitCode.OK
    assert command("funnelkpi report exports/ --check").code == ExitCode.BREACH


def test_check_without_thresholds_is_2(configured, command):
    _thresholds(configured)
    got = command("funnelkpi check exports/")
    assert (got.code, got.out) == (ExitCode.USER, "")
    assert "thresholds" in got.err


def test_silence_when_all_is_well(configured, command):
    _thresholds(configured, '{metric: open_deals, fail: "< 1"}')
    got = command("funnelkpi check exports/")
    assert (got.code, got.out, got.err) == (0, "", "")


def test_warnings_count_with_fail_on_warn(configured, command):
    _thresholds(configured, '{metric: open_deals, warn: "> 1"}')
    calm = command("funnelkpi check exports/")
    assert calm.code == ExitCode.OK
    assert "Открытых сделок" in calm.out
    assert command("funnelkpi check exports/ --fail-on warn").code == ExitCode.BREACH
    assert command("funnelkpi report exports/ --check --fail-on warn").code == ExitCode.BREACH


@pytest.mark.parametrize(("required", "code"), [("", 0), (", required: true", 2)])
def test_a_figure_not_evaluated(configured, command, required, code):
    _thresholds(configured, f'{{metric: calls, fail: "< 1"{required}}}')
    got = command("funnelkpi check exports/")
    assert got.code == code
    assert "не оценено" in got.out
    if not required:
        assert command("funnelkpi check exports/ --fail-on warn").code == ExitCode.BREACH


def test_check_allows_seven_days(configured, command, clock):
    assert STALE_AFTER == "7d"
    assert "`check` allows 7 days" in PAGE
    clock(datetime(2026, 11, 23, 8, 0))
    assert command("funnelkpi check exports/").code == ExitCode.BREACH
    clock(LATER)
    got = command("funnelkpi check exports/")
    assert got.code == ExitCode.USER
    assert "нарушен" in got.out
    assert "на 2 дня старше" in got.err


def test_report_judges_age_only_when_told(configured, command, clock):
    clock(LATER)
    assert command("funnelkpi report exports/").code == ExitCode.OK
    file = configured / "funnelkpi.yaml"
    text = file.read_text("utf-8").replace("\ninputs:\n", "\ninputs:\n  stale_after: 2d\n", 1)
    file.write_text(text, encoding="utf-8")
    got = command("funnelkpi report exports/")
    assert got.code == ExitCode.USER
    assert got.out.startswith("Отчёт")
    assert "inputs.stale_after" in got.err


def test_as_of_switches_the_age_off(configured, command, clock):
    clock(LATER)
    assert command("funnelkpi check exports/ --as-of 2026-11-16T08:30").code == ExitCode.BREACH


def test_a_date_is_the_end_of_the_day(configured, command):
    out = command("funnelkpi report exports/ --as-of 2026-11-16 --section stock").out
    assert "16.11.2026 23:59" in out
    out = command("funnelkpi report exports/ --as-of 2026-11-16T08:30 --section stock").out
    assert "16.11.2026 08:30" in out


def test_files_leave_stdout_empty_unless_a_format_is_asked(configured, command):
    assert command("funnelkpi report exports/ -o a.csv").out == ""
    both = command("funnelkpi report exports/ -o a.csv --format json")
    assert both.out.startswith("{")


def test_the_suffixes_are_those_of_the_formats():
    told = re.search(r"^\| `-o FILE` .*$", PAGE, re.MULTILINE)
    assert told is not None
    known = {s for name, f in FORMATS.items() if name != "ansi" for s in f.suffixes}
    assert set(re.findall(r"`(\.\w+)`", told[0])) == known


def test_an_undelivered_report_is_4_and_leaves_the_old_file(configured, command):
    (configured / "kept.md").write_text("yesterday", encoding="utf-8")
    assert command("funnelkpi report exports/ -o no-such-folder/a.md").code == ExitCode.UNDELIVERED
    assert command("funnelkpi report no-such-exports/ -o kept.md").code == ExitCode.USER
    assert (configured / "kept.md").read_text("utf-8") == "yesterday"


def test_the_same_exports_give_the_same_bytes(configured, command):
    line = "funnelkpi report exports/ --format json"
    assert command(line).out == command(line).out


def test_mask_hides_titles(configured, command):
    line = "funnelkpi deals exports/ --stalled --format markdown"
    shown, hidden = command(line).out, command(f"{line} --mask").out
    assert "Рубингрупп" in shown
    assert "Рубингрупп" not in hidden


@pytest.mark.parametrize(
    ("folder", "line"),
    [
        (".", "funnelkpi config validate"),
        ("exports", "funnelkpi check exports/"),
    ],
)
def test_where_the_config_is_looked_for(configured, command, folder, line):
    (configured / "funnelkpi.yaml").rename(configured / folder / "funnelkpi.yaml")
    assert command(line).code in (ExitCode.OK, ExitCode.BREACH)
