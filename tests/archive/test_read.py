from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from funnelkpi.archive.read import list_snapshots, source_of
from funnelkpi.archive.snapshot import META_KEY, Record, column_names, file_name
from funnelkpi.errors import InputError

MONDAY = datetime(2026, 8, 3, 9, 0)
WEEK = timedelta(weeks=1)
OTHER = (("1", "КП", "Тула", None),)


def _codes(folder: Path) -> list[str]:
    return [f.code.removeprefix("findings_archive.") for f in list_snapshots(folder).findings]


def _renamed(path: Path) -> Path:
    """The file under the name its bytes ask for."""
    digest = sha256(path.read_bytes()).hexdigest()
    return path.rename(path.with_name(file_name(MONDAY, digest, path.suffix)))


def test_no_folder_is_an_empty_archive(folder):
    assert list_snapshots(folder).snapshots == ()
    assert not folder.exists()


def test_a_kept_export_comes_back_as_it_was(add, folder):
    add()
    (snapshot,) = list_snapshots(folder).snapshots
    source = source_of(snapshot)
    assert source.header == ("ID", "Этап", "Город", "Город")
    assert (source.path.name, source.name) == ("deals.csv", "deals.csv @ 2026-08-03 09:00")
    columns = source.read([3, 0])
    assert columns.table.to_pydict() == {
        "_row": [2, 3, 4], "3": [None, "Пермь", "Тула"], "0": ["1", "2", "3"],
    }  # fmt: skip


def test_only_the_columns_asked_for_are_read(add, folder, monkeypatch):
    add()
    asked: list[list[str]] = []
    read = pq.ParquetFile.read

    def watched(self: pq.ParquetFile, columns: list[str]) -> pa.Table:
        asked.append(columns)
        return read(self, columns=columns)

    monkeypatch.setattr(pq.ParquetFile, "read", watched)
    source_of(list_snapshots(folder).snapshots[0]).read([1])
    assert asked == [["_row", "Этап"]]


@pytest.mark.parametrize("harm", ["cut", "flip", "empty"])
def test_a_damaged_file_does_not_hide_the_others(add, folder, harm):
    bad, good = add().path, add(MONDAY + WEEK, OTHER).path
    content = bytearray(bad.read_bytes())
    content[len(content) // 2] ^= 1
    bad.write_bytes({"cut": bytes(content[:-50]), "flip": bytes(content), "empty": b""}[harm])
    listing = list_snapshots(folder)
    assert [s.path for s in listing.snapshots] == [good]
    assert _codes(folder) == ["damaged"]
    assert listing.damaged


def test_foreign_files_and_folders_are_named_and_passed_over(add, folder):
    add()
    (folder / "notes.txt").write_text("x")
    (folder / "amocrm" / "deals" / "deals.parquet").write_bytes(b"PAR1")
    (folder / "amocrm" / "quotes").mkdir()
    listing = list_snapshots(folder)
    assert len(listing.snapshots) == 1
    assert _codes(folder) == ["foreign"] * 3
    assert {f.file for f in listing.findings} == {
        "notes.txt", "amocrm/deals/deals.parquet", "amocrm/quotes",
    }  # fmt: skip
    assert not listing.damaged


def test_a_parquet_file_of_another_program(folder):
    path = folder / "amocrm" / "deals" / "x.parquet"
    path.parent.mkdir(parents=True)
    pq.write_table(pa.table({"a": [1]}), path)
    _renamed(path)
    assert _codes(folder) == ["not_ours"]


def test_a_file_of_a_later_version(add, folder):
    path = add().path
    table = pq.read_table(path)
    values = json.loads(table.schema.metadata[META_KEY]) | {"format": 2, "new key": 1}
    pq.write_table(table.replace_schema_metadata({META_KEY: json.dumps(values)}), path)
    _renamed(path)
    assert _codes(folder) == ["newer_format"]
    assert list_snapshots(folder).damaged  # it is there and cannot be used


def test_a_file_moved_to_another_crm_or_moment(add, folder):
    path = add().path
    place = folder / "bitrix24" / "deals"
    place.mkdir(parents=True)
    moved = path.rename(place / path.name)
    assert _codes(folder) == ["misplaced"]
    assert list_snapshots(folder).damaged  # it is lost to the reports
    moved.rename(path.with_name(path.name.replace("2026-08-03", "2026-08-04")))
    assert _codes(folder) == ["misplaced"]


def test_a_mark_whose_export_is_gone(add, folder):
    first = add().path
    add(MONDAY + WEEK)
    first.unlink()
    listing = list_snapshots(folder)
    assert listing.snapshots == ()
    assert _codes(folder) == ["orphan"]
    assert listing.findings[0].params == {"target": first.name}


def test_a_folder_that_is_a_file(tmp_path):
    path = tmp_path / "x"
    path.write_text("x")
    with pytest.raises(InputError):
        list_snapshots(path)


def test_a_file_taken_away_after_listing(add, folder):
    path = add().path
    source = source_of(list_snapshots(folder).snapshots[0])
    path.unlink()
    with pytest.raises(InputError) as error:
        source.read([0])
    assert error.value.problems[0].key == "errors_archive.damaged"


def test_names_of_columns_are_unique_for_tools_that_ignore_case():
    header = ("Город", "город", "", "_row", "Город#2", " Город ")
    names = column_names(header)
    assert names == ("Город", "город#2", "column 3", "_row#2", "Город#2#2", "Город#3")
    assert len({n.casefold() for n in names}) == len(names)


def test_a_record_is_read_as_it_was_written():
    record = Record(
        "bitrix24", "leads", "b", "f.xls", ("a",), 3, MONDAY, "UTC", 7, "c", "s", "Лист",
        MONDAY.date(), MONDAY, timedelta(hours=-5),
    )  # fmt: skip
    assert Record.from_json(record.to_json()) == record
    with pytest.raises(ValueError, match="record"):
        Record.from_json(b'{"format": 1}')
