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
PEERS = {"duckdb": peer_duckdb, "pandas": peer_pandas}
Document = dict[str, Any]


def _run(peer: ModuleType, folder: Path) -> Document:
    """What a peer script writes."""
    task = read_task(folder / "exports", folder / CONFIG_FILE, AS_OF)
    out = folder / f"{peer.__name__}.json"
    write(task, *peer.compute(task), out)
    document: Document = json.loads(out.read_text(encoding="utf-8"))
    return document


def _program(folder: Path) -> Document:
    """What ``funnelkpi report --format json`` prints."""
    command = [sys.executable, "-m", "funnelkpi", "report", str(folder / "exports")]
    command += ["-c", str(folder / CONFIG_FILE), "--as-of", AS_OF, "--format", "json"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    document: Document = json.loads(done.stdout)
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
    assert differences(_program(generated), by_duckdb) == []


def test_a_single_other_number_is_found(by_duckdb: Document) -> None:
    other = deepcopy(by_duckdb)
    next(r for r in other["metrics"] if r["metric"] == "conversion")["numerator"] += 1
    del other["stalled"][0]
    other["stalled"][0]["reasons"] = ["overdue"]
    assert len(differences(by_duckdb, other)) == 3
    assert differences(by_duckdb, deepcopy(by_duckdb)) == []


_COLUMNS = (
    "ID", "Этап сделки", "Дата создания сделки", "Дата редактирования", "Дата закрытия",
    "Дата: ЛПР", "Дата: Потребность", "Дата: КП", "Дата: Дожим", "Рабочий телефон", "Бюджет ",
)  # fmt: skip
_DEALS = """
5 | {LOST} | 01.09.26 | 20.09.26 | 20.09.26   | 05.09.26 | | | | |
4 | ЛПР    | 02.09.26 | 14.11.26 | не закрыта | | | 09.11.26 | | |
3 | База   | 20.10.26 | 20.10.26 | не закрыта | | | | | | 500
2 | {КП}   | 01.09.26 | 10.09.26 | не закрыта | | | 10.09.26 | | {PHONES} | 1000
1 | {WON}  | 01.02.25 | 06.02.25 | 06.02.25   | 02.02.25 | 03.02.25 | 04.02.25 | 05.02.25 | | 10
"""
_WORDS = {
    "{LOST}": "Закрыто и не реализовано (Дорого (не смог продать))",
    "{WON}": "Успешно реализовано",
    "{КП}": "КП отправлено",
    "{PHONES}": "'+79161112233, 84951112234",
}
_CALLS = """
+7 495 111-22-34 | исходящий | Успешный звонок    | 1 мин, 5 сек | 14.11.26
+7 916 111-22-33 | исходящий | Успешный звонок    | 29 сек       | 15.11.26
+7 916 111-22-33 | входящий  | Пропущенный звонок | 2 мин        | 15.11.26
Номер скрыт      | входящий  | Успешный звонок    | 5 мин        | 01.08.26
"""


def _moment(day: str) -> str:
    return f"{day[:6]}20{day[6:]} 12:00:01"


@pytest.fixture
def by_hand(tmp_path: Path) -> Path:
    """Five deals of one manager and four calls; everything happens at 12:00:01."""
    exports = tmp_path / "exports"
    exports.mkdir()
    lines = [",".join(f'"{caption}"' for caption in HEADER)]
    for line in _DEALS.strip().splitlines():
        cells = [_WORDS.get(cell.strip(), cell.strip()) for cell in line.split("|")]
        given = dict(zip(_COLUMNS, cells, strict=True))
        dated = {k: _moment(v) for k, v in given.items() if v[2:3] == "." and v[5:6] == "."}
        row = {"Название сделки": "Сделка", "Воронка": "Продажи", "Ответственный": "Антон Аврелин"}
        row |= given | dated
        lines.append(",".join(f'"{row.get(caption, "")}"' for caption in HEADER))
    (exports / DEALS_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["Сотрудник;Номер телефона;Тип звонка;Статус;Время звонка;Дата вызова"]
    for line in _CALLS.strip().splitlines():
        *cells, day = (cell.strip() for cell in line.split("|"))
        lines.append(";".join(("Антон Аврелин", *cells, _moment(day))))
    (exports / CALLS_FILE).write_text("\r\n".join(lines) + "\r\n", encoding="utf-8-sig")
    (tmp_path / CONFIG_FILE).write_text(config_text(4), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("who", ["duckdb", "pandas", "program"])
def test_numbers_by_hand(by_hand: Path, who: str) -> None:
    document = _program(by_hand) if who == "program" else _run(PEERS[who], by_hand)
    found = {
        (r["stage"], r["slice"]): (r["value"], r.get("numerator"), r.get("denominator"))
        for r in document["metrics"]
        if r["scope"] == "manager"
        and r["manager"] == "Антон Аврелин"
        and r["pipeline"] == "sales"
        and r["metric"] in ("conversion", "conversion_base")
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
    assert not found.get(("closing", None), (0, 0, 0))[2]
    entries = {
        r["stage"]: r["value"]
        for r in document["metrics"]
        if r["metric"] == "entries"
        and r["slice"] is None
        and r["scope"] == "company"
        and r["value"]
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
