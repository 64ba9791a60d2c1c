"""Program, DuckDB script and pandas script give the same rows; the scripts numbers by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from benchmarks.compare import deal_rows, differences, metric_rows
from benchmarks.generate import HEADER, generate
from benchmarks.peer_config import read_task, write
from benchmarks.settings import CALLS_FILE, CONFIG_FILE, DEALS_FILE, config_text

from benchmarks import peer_duckdb, peer_pandas

AS_OF = "2026-11-15"
PEERS = (peer_duckdb, peer_pandas)
Document = dict[str, Any]


def _run(peer: ModuleType, folder: Path) -> Document:
    task = read_task(folder / "exports", folder / CONFIG_FILE, AS_OF)
    out = folder / f"{peer.__name__}.json"
    write(task, *peer.compute(task), out)
    document: Document = json.loads(out.read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(4000, tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="module")
def by_duckdb(generated: Path) -> Document:
    return _run(peer_duckdb, generated)


def test_peers_agree(generated: Path, by_duckdb: Document) -> None:
    assert differences(by_duckdb, _run(peer_pandas, generated)) == []


def test_program_agrees_with_the_peers(generated: Path, by_duckdb: Document) -> None:
    command = [sys.executable, "-m", "funnelkpi", "report", str(generated / "exports")]
    command += ["-c", str(generated / CONFIG_FILE), "--as-of", AS_OF, "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert differences(json.loads(done.stdout), by_duckdb) == []


def test_a_single_other_number_is_found(by_duckdb: Document) -> None:
    other = deepcopy(by_duckdb)
    next(r for r in other["metrics"] if r["metric"] == "conversion")["numerator"] += 1
    del other["stalled"][0]
    other["stalled"][0]["reasons"] = ["overdue"]
    assert len(differences(by_duckdb, other)) == 3
    assert differences(by_duckdb, deepcopy(by_duckdb)) == []


_COLUMNS = (
    "ID", "Этап сделки", "Дата создания сделки", "Дата редактирования", "Дата закрытия",
    "Дата: ЛПР", "Дата: КП", "Рабочий телефон", "Бюджет ",
)  # fmt: skip
_DEALS = """
1 | Закрыто и не реализовано (Дубль (x)) | 01.09.2026 | 20.09.2026 | 20.09.2026 | 05.09.2026 | | |
2 | КП отправлено | 01.09.2026 | 10.09.2026 | не закрыта | | 10.09.2026 | {PHONES} | 1000
3 | База | 20.10.2026 | 20.10.2026 | не закрыта | | | | 500
4 | ЛПР | 02.09.2026 | 14.11.2026 | не закрыта | | 09.11.2026 | |
"""
_PHONES = "'+79161112233, 84951112234"
_CALLS = """
+7 495 111-22-34 | Успешный звонок | 1 мин, 5 сек | 14.11.2026
+7 916 111-22-33 | Успешный звонок | 29 сек | 15.11.2026
+7 916 111-22-33 | Пропущенный звонок | 2 мин | 15.11.2026
Номер скрыт | Успешный звонок | 5 мин | 01.08.2026
"""


@pytest.fixture
def by_hand(tmp_path: Path) -> Path:
    """Four deals of one manager and four calls; everything happens at 12:00:01."""
    exports = tmp_path / "exports"
    exports.mkdir()
    lines = [",".join(f'"{caption}"' for caption in HEADER)]
    for line in _DEALS.replace("{PHONES}", _PHONES).strip().splitlines():
        given = dict(zip(_COLUMNS, (cell.strip() for cell in line.split("|")), strict=True))
        dated = {k: f"{v} 12:00:01" for k, v in given.items() if v[2:3] == "." and v[5:6] == "."}
        row = {"Название сделки": "Сделка", "Воронка": "Продажи", "Ответственный": "Антон Аврелин"}
        row |= given | dated
        lines.append(",".join(f'"{row.get(caption, "")}"' for caption in HEADER))
    (exports / DEALS_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["Номер телефона;Статус;Время звонка;Дата вызова"]
    for line in _CALLS.strip().splitlines():
        lines.append(";".join(cell.strip() for cell in line.split("|")) + " 12:00:01")
    (exports / CALLS_FILE).write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    (tmp_path / CONFIG_FILE).write_text(config_text(4), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("peer", PEERS, ids=lambda p: p.__name__)
def test_numbers_by_hand(by_hand: Path, peer: ModuleType) -> None:
    document = _run(peer, by_hand)
    found = {
        (r["stage"], r["slice"]): (r["value"], r.get("numerator"), r.get("denominator"))
        for r in document["metrics"]
        if r["scope"] == "manager" and r["metric"].startswith("conversion")
    }
    # Window 18.07-16.10. Deal 3 entered after it; deal 4 counts as having passed ЛПР on 09.11.
    assert found["base", None] == (1.0, 3, 3)
    assert found["base", "class=too_early"][0] == 1
    assert found["decision_maker", None] == (0.5, 1, 2)
    assert found["decision_maker", "class=lost"][0] == 1
    assert found["decision_maker", "class=too_early"][0] == 1
    assert found["needs", None] == (1.0, 1, 1)
    assert found["proposal", None] == (0.0, 0, 1)
    assert found["proposal", "class=still_there"][0] == 1
    assert ("closing", None) not in found
    entries = {
        r["stage"]: r["value"]
        for r in document["metrics"]
        if r["metric"] == "entries" and r["slice"] is None and r["scope"] == "company"
    }
    assert entries == {"proposal": 1}  # 09.11 is a day of the week 09.-15.11

    deals = {key[0]: said for key, said in deal_rows(document).items()}
    assert sorted(deals) == ["2", "3", "4"]
    half = 43_198 / 86_400  # 12:00:01 -> 23:59:59
    assert deals["2"]["days"] == pytest.approx(66 + half)
    assert deals["2"]["limit"] == 5
    assert deals["2"]["over"] == pytest.approx((66 + half) / 5 - 1)
    assert deals["2"]["reasons"] == ["stalled"]  # spoken to on 14.11 by the second phone
    assert deals["3"]["days"] == pytest.approx(26 + half)
    # Calls reach to 15.11 12:00:01: silent for 26 days. Deal 4 since its creation.
    assert deals["3"]["reasons"] == ["stalled", "silent"]
    # Moved back from КП to ЛПР, nobody knows when: between 09.11 and the edit on 14.11.
    assert deals["4"]["days"] is None
    assert deals["4"]["days_low"] == pytest.approx(1 + half)
    assert deals["4"]["days_high"] == pytest.approx(6 + half)
    assert (deals["4"]["status"], deals["4"]["reasons"]) == ("other", ["silent"])
    assert len(metric_rows(document)) > len(entries)
