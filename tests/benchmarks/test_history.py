"""Generated histories: layout, determinism; the program and the DuckDB script count the same."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from benchmarks.compare import differences, metric_rows
from benchmarks.generate_history import HEADER, generate
from benchmarks.peer_config import read_task, write
from benchmarks.settings import CONFIG_FILE, DEALS_FILE, EVENTS_FILE

from benchmarks import peer_history

AS_OF = "2026-11-15"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(3000, tmp_path_factory.mktemp("history"))


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_events_tell_how_every_deal_came_to_its_stage(made: Path) -> None:
    events = _rows(made / "exports" / EVENTS_FILE)
    deals = _rows(made / "exports" / DEALS_FILE)
    assert events[0] == list(HEADER)
    assert 3.5 < len(events) / len(deals) < 5
    assert Counter(row[4] for row in events[1:])["Новая сделка"] == len(deals) - 1
    last: dict[str, str] = {}
    for row in events[1:]:  # newest first
        last.setdefault(row[7], row[6])
    stage, pipeline = (deals[0].index(name) for name in ("Этап сделки", "Воронка"))
    shown = {row[0]: f"{row[pipeline]} / {row[stage].partition(' (')[0]}" for row in deals[1:]}
    assert last == shown


def test_the_same_seed_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = generate(3000, tmp_path)
    for name in (EVENTS_FILE, DEALS_FILE):
        assert (again / "exports" / name).read_bytes() == (made / "exports" / name).read_bytes()


def test_program_and_script_count_the_same(made: Path) -> None:
    task = read_task(made / "exports", made / CONFIG_FILE, AS_OF)
    write(task, peer_history.compute(task), [], made / "peer.json")
    peer: dict[str, Any] = json.loads((made / "peer.json").read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "funnelkpi", "report", str(made / "exports")]
    command += ["-c", str(made / CONFIG_FILE), "--as-of", AS_OF, "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    program: dict[str, Any] = json.loads(done.stdout)
    assert differences(program, peer, counted=True) == []
    metrics = {key[0] for key in metric_rows(peer, counted=True)}
    assert {"entries", "conversion", "conversion_base", "win_rate", "won_amount"} <= metrics
