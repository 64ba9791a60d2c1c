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
