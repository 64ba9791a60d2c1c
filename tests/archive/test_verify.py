from __future__ import annotations

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
