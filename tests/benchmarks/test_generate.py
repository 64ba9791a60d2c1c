"""The generator: layout, determinism, config."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.generate import CALLS_HEADER, HEADER, generate
from benchmarks.settings import CALLS_FILE, CONFIG_FILE, DEALS_FILE, MANAGERS

from funnelkpi.config.load import load_settings

DEALS = 700


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(DEALS, tmp_path_factory.mktemp("bench"))


def _rows(path: Path, delimiter: str, encoding: str) -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def test_deals_have_forty_columns_in_every_row_newest_id_first(made: Path) -> None:
    rows = _rows(made / "exports" / DEALS_FILE, ",", "utf-8")
    assert rows[0] == list(HEADER)
    assert Counter(map(len, rows)) == {40: DEALS + 1}
    ids = [int(row[0]) for row in rows[1:]]
    assert ids == sorted(set(ids), reverse=True)
    assert {row[3] for row in rows[1:]} - {""} == set(MANAGERS)


def test_deals_are_as_amocrm_writes_them(made: Path) -> None:
    raw = (made / "exports" / DEALS_FILE).read_bytes()
    assert raw.startswith(b"ID,")
    assert b"\r" not in raw
    cell = dict.fromkeys(HEADER)
    rows = [
        dict(zip(cell, row, strict=True))
        for row in _rows(made / "exports" / DEALS_FILE, ",", "utf-8")[1:]
    ]
    lost = "Закрыто и не реализовано"
    for row in rows:
        ended = row["Этап сделки"].startswith(lost) or row["Этап сделки"] == "Успешно реализовано"
        assert ended == (row["Дата закрытия"] != "не закрыта")
    stages = {row["Этап сделки"] for row in rows}
    assert f"{lost} (Дорого (не смог продать))" in stages
    assert any("\n" in row["Примечание"] for row in rows)
    assert any(row["Рабочий телефон"].startswith("'+7") for row in rows)


def test_two_calls_per_deal_as_excel_saves_them(made: Path) -> None:
    raw = (made / "exports" / CALLS_FILE).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == 2 * DEALS + 1
    rows = _rows(made / "exports" / CALLS_FILE, ";", "utf-8-sig")
    assert rows[0] == list(CALLS_HEADER)
    assert Counter(map(len, rows)) == {13: 2 * DEALS + 1}


def test_same_seed_same_bytes_other_seed_other_bytes(made: Path, tmp_path: Path) -> None:
    again, other = generate(DEALS, tmp_path / "a"), generate(DEALS, tmp_path / "b", seed=1)
    for name in (DEALS_FILE, CALLS_FILE):
        first = (made / "exports" / name).read_bytes()
        assert (again / "exports" / name).read_bytes() == first
        assert (other / "exports" / name).read_bytes() != first


def test_config_is_valid(made: Path) -> None:
    settings = load_settings(made / CONFIG_FILE)
    assert [p.key for p in settings.pipelines] == ["sales", "partners"]
    assert len(settings.managers) == len(MANAGERS)
    assert len(settings.norms) == 5
    assert settings.conversion.maturity == 30
