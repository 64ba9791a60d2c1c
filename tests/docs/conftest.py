"""What the tests of the docs share: the pages, the sample exports, commands run in this process."""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest

from funnelkpi.cli import run as cli_run
from funnelkpi.cli.app import language, run

ROOT = Path(__file__).parents[2]
EXPORTED = datetime(2026, 11, 16, 12, 0)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def make_docs() -> ModuleType:
    """docs/make.py as a module."""
    spec = importlib.util.spec_from_file_location("docs_make", ROOT / "docs" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fenced(page: Path, kind: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return re.findall(rf"^```{kind}\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="session")
def blocks() -> Callable[[str, str], list[str]]:
    """``blocks("README.md", "sh")``."""
    return lambda page, kind: fenced(ROOT / page, kind)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with exports/ as a user has it; the clock stands at the day of the export."""
    (tmp_path / "exports").mkdir()
    for file in (ROOT / "sample_data" / "amocrm").glob("*.csv"):
        shutil.copy(file, tmp_path / "exports")
    monkeypatch.chdir(tmp_path)
    set_clock(monkeypatch, EXPORTED)
    return tmp_path


@pytest.fixture
def configured(desk: Path) -> Path:
    """The same with the sample's own config, which has norms and thresholds."""
    shutil.copy(ROOT / "sample_data" / "amocrm" / "funnelkpi.yaml", desk)
    return desk


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return moment

    monkeypatch.setattr(cli_run, "datetime", Clock)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock that staleness is judged by."""
    return lambda moment: set_clock(monkeypatch, moment)


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[[str], Outcome]:
    """Runs one command line of a page (``funnelkpi ...``) in this process."""

    def call(line: str) -> Outcome:
        import shlex

        words = shlex.split(line, comments=True)
        assert words[0] == "funnelkpi"
        code = run(words[1:], language(words[1:]))
        out, err = capfdbinary.readouterr()
        return Outcome(int(code), out.decode(), err.decode())

    return call
