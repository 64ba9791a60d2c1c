"""A command line run inside the test, and small exports to run it on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from funnelkpi.cli.app import language, run

SAMPLES = Path(__file__).parents[2] / "sample_data"
AMOCRM, BITRIX24 = SAMPLES / "amocrm", SAMPLES / "bitrix24"

DEALS = """\
ID,Название сделки,Бюджет ,Ответственный,Дата создания сделки,Дата редактирования,Дата закрытия,Этап сделки,Воронка
1,Печь «Ясень»,100000,Анна Белова,02.11.2026 10:00:00,10.11.2026 12:00:00,10.11.2026 12:00:00,Успешно реализовано,Продажи
2,Станок «Клён»,50000,Анна Белова,03.11.2026 10:00:00,11.11.2026 12:00:00,11.11.2026 12:00:00,Закрыто и не реализовано,Продажи
3,Насос «Липа»,70000,Борис Чернов,04.11.2026 10:00:00,16.11.2026 08:00:00,не закрыта,ЛПР,Продажи
4,Котёл «Дуб»,20000,Борис Чернов,05.11.2026 10:00:00,13.11.2026 12:00:00,13.11.2026 12:00:00,Закрыто и не реализовано,Продажи
"""  # noqa: E501
"""One win and two losses last week, one deal open; the export's moment is 16.11.2026 08:00."""

CONFIG = """\
version: 1
pipelines:
  - key: sales
    title: Продажи
    order: confirmed
    stages:
      - {key: lpr, title: ЛПР, limit: 5}
      - {key: won, title: Успешно реализовано, kind: won}
      - {key: lost, title: Закрыто и не реализовано, kind: lost}
managers:
  - {name: Анна Белова, department: Север}
  - {name: Борис Чернов, department: Юг}
"""


@dataclass(frozen=True)
class Ran:
    """What a command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout as JSON."""
        return json.loads(self.out)


Cli = Callable[..., Ran]


@pytest.fixture
def cli(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    figures_once: None,
) -> Cli:
    """``cli("report", path, ...)``: runs the program in an empty folder, 80 columns wide."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)

    def call(*args: object, width: int = 80) -> Ran:
        monkeypatch.setenv("COLUMNS", str(width))
        words = [str(a) for a in args]
        capfd.readouterr()
        code = int(run(words, language(words)))
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """``export(thresholds)``: a folder with the small amoCRM export and its config."""

    def write(more: str = "", *, config: str | None = CONFIG, deals: str = DEALS) -> Path:
        folder = tmp_path / "exports"
        folder.mkdir(exist_ok=True)
        (folder / "deals.csv").write_text(deals, encoding="utf-8")
        if config is not None:
            (folder / "funnelkpi.yaml").write_text(config + more, encoding="utf-8")
        return folder

    return write
