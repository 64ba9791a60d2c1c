from __future__ import annotations

import errno
from pathlib import Path

import pytest

from funnelkpi.archive import writing

LATER = ("16.11.2026 08:00:00,не закрыта,ЛПР", "17.11.2026 08:00:00,не закрыта,База")


def _kept(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_add_list_and_verify(cli, export):
    folder = export(config=None)
    added = cli("archive", "add", folder, "--format", "json")
    (one,) = added.json["added"]
    assert added.code == 0
    assert (one["status"], one["kind"], one["rows"], one["moment"]) == (
        "kept", "deals", 4, "2026-11-16T08:00:00",
    )  # fmt: skip
    assert cli("archive", "add", folder, "--format", "json").json["added"][0]["status"] == "known"
    assert Path("archive", one["path"]).is_file()  # ./archive without a config
    listed = cli("archive", "list", "--format", "json").json
    assert [(e["crm"], e["kind"], e["file"], e["path"]) for e in listed["exports"]] == [
        ("amocrm", "deals", "deals.csv", one["path"])
    ]
    assert "deals.csv" in cli("archive", "list").out
    checked = cli("archive", "verify", "--format", "json")
    assert (checked.code, checked.json["sound"], checked.json["damaged"]) == (0, 1, 0)


def test_the_folder_of_the_config_is_relative_to_it(cli, export):
    folder = export("archive: {folder: ../kept}\n")
    assert cli("archive", "add", folder).code == 0
    assert len(_kept(folder.parent / "kept")) == 1
    assert cli("archive", "list", "-c", folder / "funnelkpi.yaml").code == 0


def test_a_damaged_export_is_exit_code_2(cli, export):
    cli("archive", "add", export(config=None))
    (path,) = _kept(Path("archive"))
    path.write_bytes(path.read_bytes()[:-1])
    found = cli("archive", "verify", "--lang", "en")
    assert found.code == 2
    assert "damaged" in found.out
    assert path.name[:20] in found.out
    assert cli("archive", "list").code == 2


def test_a_renamed_export_is_exit_code_2(cli, export):
    cli("archive", "add", export(config=None))
    (path,) = _kept(Path("archive"))
    path.rename(path.with_name("deals.parquet"))
    found = cli("archive", "verify", "--lang", "en")
    assert found.code == 2
    assert "deals.parquet" in found.out
    assert "misplaced: 1" in found.out


def test_an_empty_archive_is_said_to_be_empty(cli):
    Path("archive").mkdir()
    found = cli("archive", "verify", "--lang", "en")
    assert found.code == 0
    assert "The archive is empty" in found.out
    assert "Whole" not in found.out


def test_an_archive_that_is_a_file_is_the_same_error_everywhere(cli, export):
    folder = export(config=None)
    Path("file").write_text("x")
    commands = (
        ("report", folder), ("archive", "add", folder), ("archive", "list"), ("archive", "verify"),
    )  # fmt: skip
    ran = [cli(*command, "--archive", "file") for command in commands]
    assert [r.code for r in ran] == [2] * 4
    assert {r.err for r in ran} == {ran[0].err}
    assert "папкой" in ran[0].err
    assert Path("file").read_text() == "x"


def test_a_folder_that_does_not_exist_is_a_finding(cli, export):
    codes = []
    for mode in ("read", "auto"):
        folder = export(f"archive: {{mode: {mode}, folder: nope}}\n")
        found = cli("report", folder, "--format", "json")
        assert found.code == 0
        codes.append([f["code"] for f in found.json["findings"] if "no_folder" in f["code"]])
    assert [len(c) for c in codes] == [1, 0]


def test_no_archive_yet(cli):
    found = cli("archive", "list", "--archive", "nowhere")
    assert found.code == 2
    assert "nowhere" in found.err


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_what_cannot_be_written_is_exit_code_4(cli, export, monkeypatch, code):
    folder = export(config=None)
    cli("archive", "add", folder)
    before = _kept(Path("archive"))

    def fail(*_: object) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(writing.os, "replace", fail)
    text = (folder / "deals.csv").read_text("utf-8").replace(*LATER)
    (folder / "deals.csv").write_text(text, "utf-8")
    found = cli("archive", "add", folder)
    assert found.code == 4
    assert "archive" in found.err
    assert _kept(Path("archive")) == before
    assert cli("archive", "verify").code == 0


def test_auto_keeps_the_exports_after_the_report(cli, export):
    folder = export("archive: auto\n")
    first = cli("report", folder, "--format", "json")
    assert first.code == 0
    assert len(_kept(folder / "archive")) == 1
    assert cli("report", folder, "--format", "json").out == first.out  # its own copy adds nothing
    assert len(_kept(folder / "archive")) == 1


def test_auto_that_cannot_write_still_gives_the_report(cli, export, monkeypatch):
    folder = export("archive: auto\n")
    (folder / "archive").write_text("a file")
    assert cli("report", folder).code == 2  # an archive that cannot be read: nothing is computed
    (folder / "archive").unlink()

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no")

    monkeypatch.setattr(writing.os, "replace", fail)
    found = cli("report", folder)
    assert found.code == 4
    assert "Воронка" in found.out or "Отчёт" in found.out


def test_read_uses_the_archive_and_adds_nothing(cli, export):
    folder = export("archive: read\n")
    assert cli("report", folder).code == 0
    assert not (folder / "archive").exists()


def test_a_report_without_files_is_of_the_newest_kept_export(cli, export):
    folder = export(config=None)
    given = cli("report", folder, "--format", "json").json
    cli("archive", "add", folder)
    kept = cli("report", "--archive", "archive", "--format", "json").json
    assert kept["as_of"] == given["as_of"]
    drop = ("evidence", "definition")
    rows = [
        [{k: v for k, v in row.items() if k not in drop} for row in found["metrics"]]
        for found in (given, kept)
    ]
    created = [[r for r in found if r["metric"] == "deals_created"] for found in rows]
    assert created[0] == created[1] != []
    assert kept["inputs"][0]["file"] == "deals.csv @ 2026-11-16 08:00"
    assert cli("report").code == 2  # neither files nor an archive


def test_a_table_without_any_date_is_not_kept(cli, tmp_path):
    users = tmp_path / "users.json"
    users.write_text('[{"ID": "1", "NAME": "Анна", "LAST_NAME": "Белова", "ACTIVE": true}]')
    found = cli("archive", "add", users, "--format", "json")
    assert [a["status"] for a in found.json["added"]] == ["no_moment"]
    assert found.code == 2


def test_the_report_for_the_day_of_an_export_stays_byte_for_byte(cli, export):
    """Monday's export has one win and one deal open; by the next Monday that deal is won, too, and
    so late that Monday evening did not know it."""
    folder = export(config=None)
    asked = ("--as-of", "2026-11-16", "--period", "2026-11-01..2026-11-16", "--archive", "archive")
    cli("archive", "add", folder)
    paths = ((), (folder / "deals.csv",))
    before = [cli("report", *p, *asked, "--format", "json") for p in paths]
    later = folder.parent / "later"
    later.mkdir()
    won = "23.11.2026 08:00:00,23.11.2026 08:00:00,Успешно реализовано"
    text = (folder / "deals.csv").read_text("utf-8")
    text = text.replace("16.11.2026 08:00:00,не закрыта,ЛПР", won)
    text = text.replace("10.11.2026 12:00:00,10.11.2026", "20.11.2026 12:00:00,20.11.2026")
    (later / "deals.csv").write_text(text, "utf-8")
    added = cli("archive", "add", later, "--format", "json").json["added"]
    assert [a["status"] for a in added] == ["kept"]
    after = [cli("report", *p, *asked, "--format", "json") for p in paths]
    assert [r.code for r in before] == [0, 0]
    assert [r.out for r in after] == [r.out for r in before]
    rows = [m for m in before[0].json["metrics"] if m["metric"] == "won" and m["manager"] is None]
    assert {m["value"] for m in rows if m["scope"] == "company"} == {1}
