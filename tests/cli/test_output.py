"""Where results go: the pipe, the console's encoding, the width."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from funnelkpi.cli import output
from funnelkpi.errors import OutputError

SAMPLES = Path(__file__).parents[2] / "sample_data"
PROGRAM = [sys.executable, "-m", "funnelkpi"]


def test_a_reader_that_goes_away() -> None:
    """``funnelkpi config schema | head -1``: no traceback, and nothing on stderr."""
    command = f"{sys.executable} -m funnelkpi config schema | head -1; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == ["{", "0"]


def test_a_reader_of_a_long_report_goes_away() -> None:
    """Far more than a pipe holds: the writing itself fails."""
    command = f"{sys.executable} -m funnelkpi report {SAMPLES / 'amocrm'} --format json | head -c 9"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ('{"schema"', "")


def test_a_console_that_knows_only_ascii() -> None:
    """cron's C locale: the report is UTF-8 all the same, and Ctrl-C, --version have no traceback."""
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    for command in (["explain", "won"], ["report"]):
        ran = subprocess.run([*PROGRAM, *command], capture_output=True, env=env, check=False)
        said = (ran.stdout + ran.stderr).decode("utf-8")
        assert "Traceback" not in said
        assert any("а" <= c <= "я" for c in said)


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def flush(self) -> None: ...

        def write(self, _: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        @property
        def buffer(self) -> Full:
            return self

    monkeypatch.setattr(output.sys, "stdout", Full())
    with pytest.raises(OutputError) as error:
        output.write_stdout(b"x")
    assert error.value.problems[0].params == {"reason": "No space left on device"}


@pytest.mark.parametrize(("columns", "width"), [("80", 80), ("160", 160), ("5", 40)])
def test_width(monkeypatch: pytest.MonkeyPatch, columns: str, width: int) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert output.width() == width


def test_progress_is_for_terminals_only(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal stderr shows what is being done; stdout stays the payload alone."""
    from funnelkpi.cli import run

    plain = cli("deals", SAMPLES / "amocrm", "--format", "json")
    assert plain.err == ""
    monkeypatch.setattr(run.sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    watched = cli("deals", SAMPLES / "amocrm", "--format", "json")
    assert watched.out == plain.out
    assert cli("deals", SAMPLES / "amocrm", "--format", "json", "--quiet").err == ""
