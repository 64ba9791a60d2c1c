from __future__ import annotations

import io
import os
import zipfile

import pytest

from funnelkpi.readers.sniff import sniff


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"ID;Name\n", "text"),
        (b'\xef\xbb\xbf<meta http-equiv="Content-type" />\n<table border="1">', "html"),
        (b"\xef\xbb\xbf\n<html><head>", "html"),
        (b"<TABLE>", "html"),
        (b'{"result": []}', "json"),
        (b' \n[{"id": 1}]', "json"),
        (b"[1] \xd0\x98\xd0\xbc\xd1\x8f;\xd0\xad\xd1\x82\xd0\xb0\xd0\xbf\n", "text"),
        ("<html>".encode("utf-16"), "html"),
    ],
)
def test_kind_by_content_not_by_extension(write, data, kind):
    assert sniff(write("export.xlsx", data), "export.xlsx").kind == kind


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 100)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "key", "what"),
    [
        (b"%PDF-1.7 ...", "not_a_table", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_table", "PNG"),
        (b"\xff\xd8\xff\xe0....", "not_a_table", "JPEG"),
        (b"GIF89a....", "not_a_table", "GIF"),
        (_zip("word/document.xml"), "not_a_table", "Word"),
        (_zip("deals.csv"), "not_a_table", "ZIP"),
        (_zip("xl/workbook.xml")[:60], "truncated_zip", None),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "not_a_table", "Word"),
        (b"\xd0\xcf\x11\xe0...." + "EncryptedPackage".encode("utf-16-le"), "encrypted", None),
        (bytes(range(1, 32)) * 20, "binary_file", None),
        (b"", "empty_file", None),
        (b"\xef\xbb\xbf \r\n\n", "empty_file", None),
        (b"\0" * 9000, "empty_file", None),
    ],
    ids=[
        "pdf",
        "png",
        "jpeg",
        "gif",
        "docx",
        "zip",
        "cut_xlsx",
        "doc",
        "encrypted",
        "binary",
        "empty",
        "blanks",
        "zeros",
    ],
)
def test_what_is_no_table_is_named(write, refused, data, key, what):
    (problem,) = refused(write("export.xlsx", data)).problems
    assert problem.key == f"errors_readers.{key}"
    assert problem.file == "export.xlsx"
    assert problem.params.get("what") == what


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(write, refused):
    path = write("a.csv", "ID,Имя\n")
    path.chmod(0)
    assert refused(path).problems[0].key == "errors_readers.unreadable"


def test_open_failing_is_told(write, refused, monkeypatch):
    path = write("a.csv", "ID,Имя\n")

    def denied(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", denied)
    (problem,) = refused(path).problems
    assert (problem.key, problem.params) == (
        "errors_readers.unreadable",
        {"reason": "Permission denied"},
    )
