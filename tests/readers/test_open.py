from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from funnelkpi.errors import InputError
from funnelkpi.locale.catalogue import LANGS, text
from funnelkpi.readers.open import open_sources

CSV = "ID,Имя\n1,Анна\n"


def test_folder_in_order_of_names_and_nothing_skipped_silently(write, tmp_path: Path):
    write("b.csv", CSV)
    write("a.csv", CSV)
    write("c.txt", "ID\tИмя\n1\tАнна\n")
    write("funnelkpi.yaml", "crm: amocrm\n")
    write("notes.md", "слова")
    write("words.txt", "просто слова\nи ещё слова\n")
    write("~$deals.xlsx", b"lock")
    write(".DS_Store", b"\0\1\2")
    write("photo.png", b"\x89PNG\r\n")
    write("page.html", "<html><body><p>отчёт</p></body></html>")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inner.csv").write_text(CSV)
    opened = open_sources([tmp_path])
    assert [s.name for s in opened.sources] == ["a.csv", "b.csv", "c.txt"]
    assert {s.name: s.reason.split(".")[1] for s in opened.skipped} == {
        ".DS_Store": "skipped_hidden",
        "funnelkpi.yaml": "skipped_not_data",
        "notes.md": "skipped_not_data",
        "photo.png": "skipped_not_data",
        "page.html": "skipped_no_table",
        "words.txt": "skipped_no_table",
        "~$deals.xlsx": "skipped_lock",
    }
    for skipped in opened.skipped:
        for lang in LANGS:
            assert text(skipped.reason, lang)
            assert text(skipped.reason + ".remedy", lang)


def test_same_file_twice_is_opened_once(write, tmp_path: Path):
    path = write("a.csv", CSV)
    assert len(open_sources([path, tmp_path, path]).sources) == 1


def test_same_names_are_told_apart(tmp_path: Path):
    for folder in ("amo", "bitrix"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "deals.csv").write_text(CSV)
    (tmp_path / "calls.csv").write_text(CSV)
    opened = open_sources([tmp_path / "amo", tmp_path / "bitrix", tmp_path / "calls.csv"])
    assert [Path(s.name).as_posix() for s in opened.sources] == [
        "amo/deals.csv",
        "bitrix/deals.csv",
        "calls.csv",
    ]


def test_all_bad_files_are_told_at_once(write, tmp_path: Path):
    write("a.csv", b"")
    write("b.xlsx", b"%PDF-1.7")
    write("c.csv", CSV)
    with pytest.raises(InputError) as caught:
        open_sources([tmp_path, tmp_path / "nothing.csv"])
    assert [(p.key.split(".")[1], Path(p.file or "").name) for p in caught.value.problems] == [
        ("missing_path", "nothing.csv"),
        ("empty_file", "a.csv"),
        ("not_a_table", "b.xlsx"),
    ]


def test_missing_path(refused, tmp_path: Path):
    (problem,) = refused(tmp_path / "нет.csv").problems
    assert problem.key == "errors_readers.missing_path"


def test_empty_folder_and_folder_without_tables(write, refused, tmp_path: Path):
    assert refused(tmp_path).problems[0].key == "errors_readers.empty_folder"
    write("readme.md", "слова")
    (problem,) = refused(tmp_path).problems
    assert problem.key == "errors_readers.no_tables_in_folder"
    assert problem.params == {"files": "readme.md"}


def test_rules_of_the_config_are_asked_by_file_name(write):
    path = write("a.csv", "ID;Имя\n1;Анна\n".encode("koi8-r"))
    asked: list[str] = []

    def encoding(name: str) -> str:
        asked.append(name)
        return "koi8-r"

    (source,) = open_sources([path], encodings=encoding).sources
    assert source.header == ("ID", "Имя")
    assert asked == ["a.csv"]


def test_unknown_encoding(write):
    with pytest.raises(InputError) as caught:
        open_sources([write("a.csv", CSV)], encodings=lambda name: "cp9999")
    assert caught.value.problems[0].key == "errors_readers.unknown_encoding"


def test_opening_a_csv_needs_no_heavy_library(write):
    path = write("a.csv", CSV)
    code = (
        "import sys; from pathlib import Path\n"
        "from funnelkpi.readers.open import open_sources\n"
        f"open_sources([Path({str(path)!r})])\n"
        "heavy = {'pandas', 'numpy', 'pyarrow', 'lxml', 'python_calamine', 'openpyxl'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
