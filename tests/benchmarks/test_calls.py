"""Generated telephony: what stands in it, determinism; the program and the DuckDB script agree."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from benchmarks.compare import CALLS, call_rows, differences
from benchmarks.generate_calls import HEADER, generate
from benchmarks.peer_config import read_task, write
from benchmarks.settings import CONFIG_FILE, DEALS_FILE, RINGING_FILE

from benchmarks import peer_calls

AS_OF = "2026-11-15"
DEALS = 5000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(DEALS, tmp_path_factory.mktemp("calls"))


@pytest.fixture(scope="module")
def documents(made: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the program and what the script writes."""
    task = read_task(made / "exports", made / CONFIG_FILE, AS_OF)
    write(task, *peer_calls.compute(task), made / "peer.json")
    command = [sys.executable, "-m", "funnelkpi", "report", str(made / "exports")]
    command += ["-c", str(made / CONFIG_FILE), "--as-of", AS_OF, "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout), json.loads((made / "peer.json").read_text(encoding="utf-8"))


def test_telephony_is_as_asked_for(made: Path) -> None:
    with (made / "exports" / RINGING_FILE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0] == list(HEADER)
    columns = {name: [row[i] for row in rows[1:]] for i, name in enumerate(HEADER)}
    assert len(rows) - 1 == len(set(columns["ID звонка"])) == 5 * DEALS
    incoming = [o for o, d in zip(columns["Статус"], columns["Направление"], strict=True)
                if d == "Входящий"]  # fmt: skip
    assert 0.25 < Counter(incoming)["Пропущен"] / len(incoming) < 0.35
    forms = ("+7", "8", "7", "8 (", "9", "+7 ")
    for form in forms:
        assert sum(number.startswith(form) for number in columns["Номер клиента"]) > DEALS / 100
    assert sum("доб." in number for number in columns["Номер клиента"]) > DEALS / 100
    assert {"Номер скрыт", "Anonymous", ""} < set(columns["Номер клиента"])
    assert all(bool(link) == (o == "Отвечен")
               for link, o in zip(columns["Запись"], columns["Статус"], strict=True))  # fmt: skip


def test_the_same_seed_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = generate(DEALS, tmp_path)
    for name in (RINGING_FILE, DEALS_FILE):
        assert (again / "exports" / name).read_bytes() == (made / "exports" / name).read_bytes()


def test_program_and_script_say_the_same(
    documents: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    program, peer = documents
    assert differences(program, peer, calls=True) == []
    told = {key[0] for key in call_rows(peer)}
    assert told == set(CALLS)
    slices = {key[-1] for key in call_rows(peer) if key[0] == "calls_matching"}
    assert {"class=matched", "class=several", "class=no_deal", "class=unknown_number",
            "class=internal", "class=hidden"} <= slices  # fmt: skip


def test_a_single_other_number_is_found(
    documents: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    peer = documents[1]
    other = deepcopy(peer)
    next(r for r in other["metrics"] if r["metric"] == "missed_calls")["value"] += 1
    assert len(differences(peer, other, calls=True)) == 1
