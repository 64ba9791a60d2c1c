from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from funnelkpi.archive import writing
from funnelkpi.archive.read import list_snapshots, source_of
from funnelkpi.archive.verify import verify
from funnelkpi.errors import InputError, OutputError

MONDAY = datetime(2026, 8, 3, 9, 0)
WEEK = timedelta(weeks=1)
CHANGED = (("1", "КП", "Тула", None), ("2", "База", None, "Пермь"), ("3", "ЛПР", "", "Тула"))


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_the_name_is_the_moment_and_the_checksum(add, folder):
    path = add().path
    digest = sha256(path.read_bytes()).hexdigest()
    assert (
        path.relative_to(folder).as_posix()
        == f"amocrm/deals/2026-08-03T090000_{digest[:32]}.parquet"
    )
    assert _files(folder) == [path]


def test_the_same_export_again_is_known(add, folder):
    first = add()
    again = add()
    assert (again.status, again.path) == ("known", first.path)
    assert _files(folder) == [first.path]


def test_nothing_changed_keeps_the_moment_alone(add, folder):
    first = add()
    second = add(MONDAY + WEEK)
    assert (second.status, second.same_as) == ("unchanged", first.path)
    assert second.path.stat().st_size < 300
    kept = list_snapshots(folder).snapshots
    assert [(s.moment, s.data) for s in kept] == [(MONDAY, first.path), (MONDAY + WEEK, first.path)]
    assert add(MONDAY + WEEK).status == "known"


def test_what_changed_is_kept_beside_it(add, folder):
    add()
    assert add(MONDAY + WEEK, CHANGED).status == "kept"
    stages = [
        source_of(s).read([1]).table["1"].to_pylist() for s in list_snapshots(folder).snapshots
    ]
    assert stages == [["ЛПР", "База", "ЛПР"], ["КП", "База", "ЛПР"]]


def test_the_order_of_rows_is_no_change(add):
    add()
    backwards = (("3", "ЛПР", "", "Тула"), ("2", "База", None, "Пермь"), ("1", "ЛПР", "Тула", None))
    assert add(MONDAY + WEEK, backwards).status == "unchanged"


def test_equal_tables_give_equal_bytes(add, folder, tmp_path):
    first = add().path
    content = first.read_bytes()
    first.unlink()
    assert add().path == first
    assert first.read_bytes() == content


def test_any_parquet_tool_reads_it(add):
    path = add().path
    frame = pd.read_parquet(path)
    assert frame.columns.tolist() == ["_row", "ID", "Этап", "Город", "Город#2"]
    assert frame["Город#2"].tolist()[1:] == ["Пермь", "Тула"]
    sql = f"""SELECT "Этап", count(*) FROM '{path}' GROUP BY 1 ORDER BY 1"""
    assert duckdb.sql(sql).fetchall() == [("База", 1), ("ЛПР", 2)]
    empty = f"""SELECT count(*) FROM '{path}' WHERE "Город" IS NULL"""
    assert duckdb.sql(empty).fetchall() == [(1,)]  # '' is a text, not a missing one


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EACCES, "no_permission"),
        (errno.EROFS, "no_permission"),
        (errno.EIO, "write_failed"),
    ],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_what_cannot_be_written_leaves_nothing(add, folder, monkeypatch, code, key, step):
    first = add().path

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(writing.os, step, fail)
    with pytest.raises(OutputError) as error:
        add(MONDAY + WEEK, CHANGED)
    monkeypatch.undo()
    assert [p.key for p in error.value.problems] == [f"errors_archive.{key}"]
    assert _files(folder) == [first]
    assert verify(folder).damaged == 0


def test_a_disk_that_fills_up_in_the_middle_of_a_file(add, folder, monkeypatch):
    first = add().path
    import pyarrow.parquet as pq

    def half(table: object, path: Path, **_: object) -> None:
        Path(path).write_bytes(b"PAR1" + b"x" * 100)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pq, "write_table", half)
    with pytest.raises(OutputError):
        add(MONDAY + WEEK, CHANGED)
    assert _files(folder) == [first]


def test_an_archive_that_is_a_file(add, folder):
    folder.write_text("not a folder")
    with pytest.raises(InputError) as error:
        add()
    assert error.value.problems[0].key == "errors_archive.not_a_folder"
    assert folder.read_text() == "not a folder"


KILLED = """
import os, sys, signal
sys.path[:0] = [{tests!r}]
from datetime import datetime
from pathlib import Path
from conftest import keep, record, table
from funnelkpi.archive import writing
step = sys.argv[2]
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(writing.os, step, die)
keep(Path(sys.argv[1]), record(datetime(2026, 8, 10, 9, 0)), table({rows!r}))
"""


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_kill_in_the_middle_leaves_the_archive_readable(add, folder, step):
    first = add().path
    script = KILLED.format(tests=str(Path(__file__).parent), rows=CHANGED)
    done = subprocess.run([sys.executable, "-c", script, str(folder), step], check=False)
    assert done.returncode == -9
    left = [p for p in _files(folder) if p != first]
    assert len(left) == 1
    assert left[0].name.startswith(".funnelkpi-")
    listing = list_snapshots(folder)
    assert [s.path for s in listing.snapshots] == [first]
    assert [f.code for f in listing.findings] == ["findings_archive.unfinished"]
    assert not listing.damaged
    assert add(MONDAY + WEEK, CHANGED).status == "kept"  # the next run is not in its way
    assert len(list_snapshots(folder).snapshots) == 2


TOGETHER = """
import sys
sys.path[:0] = [{tests!r}]
from pathlib import Path
from conftest import keep, record, table
sys.stdin.readline()
keep(Path(sys.argv[1]), record(), table())
"""


def test_two_runs_at_once_keep_one_file(folder):
    script = TOGETHER.format(tests=str(Path(__file__).parent))
    command = [sys.executable, "-c", script, str(folder)]
    runs = [subprocess.Popen(command, stdin=subprocess.PIPE, text=True) for _ in range(3)]
    for run in runs:
        assert run.stdin is not None
        run.stdin.write("go\n")
        run.stdin.close()
    assert [run.wait(60) for run in runs] == [0, 0, 0]
    assert len(_files(folder)) == 1
    assert verify(folder).sound == 1
