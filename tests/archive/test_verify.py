from __future__ import annotations

import shutil
from datetime import datetime, timedelta

from funnelkpi.archive.verify import verify

MONDAY = datetime(2026, 8, 3, 9, 0)


def test_whole_exports_and_marks_are_counted(add, folder):
    add()
    add(MONDAY + timedelta(weeks=1))
    add(MONDAY + timedelta(weeks=2), (("1", "КП", None, None),))
    found = verify(folder)
    assert (found.sound, found.damaged, found.findings) == (3, 0, ())


def test_one_changed_byte_is_found(add, folder):
    path = add().path
    add(MONDAY + timedelta(weeks=1))  # a mark of the damaged export is of no use either
    content = bytearray(path.read_bytes())
    content[100] ^= 255
    path.write_bytes(content)
    found = verify(folder)
    assert (found.sound, found.damaged) == (0, 2)
    assert [f.code for f in found.findings] == [
        "findings_archive.damaged",
        "findings_archive.orphan",
    ]


def test_a_foreign_file_is_named_but_nothing_is_lost(add, folder):
    add()
    (folder / "amocrm" / "readme.md").write_text("x")
    found = verify(folder)
    assert (found.sound, found.damaged, len(found.findings)) == (1, 0, 1)


def test_a_renamed_export_is_lost_and_said_to_be(add, folder):
    path = add().path
    add(MONDAY + timedelta(weeks=1), (("1", "КП", None, None),))
    path.rename(path.with_name("august.parquet"))
    found = verify(folder)
    assert (found.sound, found.damaged) == (1, 1)
    assert [(f.code, f.file) for f in found.findings] == [
        ("findings_archive.misplaced", "amocrm/deals/august.parquet")
    ]


def test_exports_in_a_wrong_folder_are_lost(add, folder):
    path = add().path
    add(MONDAY + timedelta(weeks=1))  # a mark: its name says what it is
    path.parent.rename(folder / "amocrm" / "old deals")
    found = verify(folder)
    assert (found.sound, found.damaged) == (0, 2)
    assert {f.code for f in found.findings} == {"findings_archive.misplaced"}
    shutil.move(folder / "amocrm" / "old deals", folder / "amocrm" / "leads")
    assert verify(folder).damaged == 2
    assert verify(folder / "amocrm").damaged == 2  # the wrong folder was asked for


def test_a_parquet_of_another_program_is_only_foreign(add, folder):
    import pyarrow as pa
    import pyarrow.parquet as pq

    add()
    pq.write_table(pa.table({"x": [1]}), folder / "amocrm" / "deals" / "other.parquet")
    (folder / "amocrm" / "notes.json").write_text("[1]")
    (folder / "amocrm" / "deals" / "no.parquet").write_text("text")
    found = verify(folder)
    assert (found.sound, found.damaged) == (1, 0)
    assert [f.code for f in found.findings] == ["findings_archive.foreign"] * 3
