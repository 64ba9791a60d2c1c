"""When an export was made, and what is kept of each kind."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from sample_data.layouts import write_amocrm_csv, write_bitrix_csv

from funnelkpi.archive.read import list_snapshots, source_of
from funnelkpi.config.schema import Settings
from funnelkpi.pipeline import Request, add_to_archive

SAMPLES = Path(__file__).parents[2] / "sample_data"
SETTINGS = Settings()


def add(archive: Path, *paths: Path):
    return add_to_archive(Request(paths, SETTINGS), archive)[0]


def test_every_kind_of_the_sample_is_kept(tmp_path):
    added = add(tmp_path / "a", SAMPLES / "bitrix24")
    assert [(a.kind, a.status, a.rows) for a in added] == [
        ("deals", "kept", 1187), ("leads", "kept", 554), ("calls", "kept", 1105),
    ]  # fmt: skip
    # the moment is the one in the names, in Moscow
    assert {a.moment.replace(minute=0) for a in added if a.moment} == {datetime(2026, 11, 16, 8)}


def test_the_moment_of_a_file_that_says_none_is_its_newest_edit(tmp_path):
    row = {"id": 1, "stage": "ЛПР", "created": datetime(2026, 8, 1, 9, 0, 1)}
    edited = datetime(2026, 8, 2, 18, 30, 5)
    path = write_amocrm_csv(tmp_path / "deals.csv", [row | {"edited": edited}])
    (added,) = add(tmp_path / "a", path)
    assert added.moment == edited


def test_a_deal_edited_in_the_future_does_not_carry_the_export_there(tmp_path):
    row = {"id": 1, "stage": "ЛПР", "created": datetime(2026, 8, 1, 9, 0, 1)}
    slip = row | {"id": 2, "edited": datetime(2027, 3, 2, 10, 0, 0)}
    rows = [row | {"edited": datetime(2026, 8, 2, 18, 30, 5)}, slip]
    path = write_amocrm_csv(tmp_path / "amocrm_export_leads_2026-08-03.csv", rows)
    (added,) = add(tmp_path / "a", path)
    assert added.moment == datetime(2026, 8, 2, 18, 30, 5)


def test_all_columns_are_kept_as_they_stand(tmp_path):
    row = {
        "id": 1, "title": " «Ясень»; + \"x\"", "stage": "Новая", "amount": "1 234,50", "comment": "a\nb",
        "created": datetime(2026, 8, 1, 9, 0, 1), "modified": "не дата",
    }  # fmt: skip
    path = write_bitrix_csv(tmp_path / "DEAL_20260803_0a1b2c3d_6a702e6000000.csv", [row])
    add(tmp_path / "a", path)
    (snapshot,) = list_snapshots(tmp_path / "a").snapshots
    source = source_of(snapshot)
    table = source.read(range(len(source.header))).table
    cells = {c: table[str(i)].to_pylist()[0] for i, c in enumerate(source.header)}
    assert cells["Сумма"] == "1 234,50"
    assert cells["Комментарий"] == "a\nb"
    assert cells["Дата изменения"] == "не дата"
    assert "Ясень" in cells["Название сделки"]


def test_names_of_users_are_as_old_as_the_deals_beside_them(tmp_path):
    path = tmp_path / "DEAL_20260803_0a1b2c3d_6a702e6000000.csv"
    row = {"id": 1, "stage": "Новая", "created": datetime(2026, 8, 1, 9, 0, 1)}
    write_bitrix_csv(path, [row])
    users = tmp_path / "users.json"
    users.write_text(
        json.dumps([{"ID": "1", "NAME": "Анна", "LAST_NAME": "Белова", "ACTIVE": True}]), "utf-8"
    )
    deals, people = add(tmp_path / "a", path, users)
    assert (people.kind, people.status) == ("users", "kept")
    assert people.moment == deals.moment == datetime(2026, 8, 3, 9, 0)


def test_an_empty_export_is_not_kept(tmp_path):
    path = write_bitrix_csv(tmp_path / "DEAL_20260803_0a1b2c3d_6a702e6000000.csv", [])
    (added,) = add(tmp_path / "a", path)
    assert (added.status, added.path) == ("empty", None)
    assert not (tmp_path / "a").exists()
