from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from funnelkpi.delivery.files import write_atomically
from funnelkpi.errors import OutputError
from funnelkpi.locale.catalogue import LANGS, text


def _key(path: Path, content: bytes = b"new") -> str:
    """The key of the error, whose texts exist in both languages."""
    with pytest.raises(OutputError) as caught:
        write_atomically(path, content)
    problem = caught.value.problems[0]
    for lang in LANGS:
        assert text(problem.key, lang, **problem.params)
        assert text(f"{problem.key}.remedy", lang, **problem.params)
    assert problem.file == str(path)
    return problem.key.removeprefix("errors_delivery.")


def test_writes_and_replaces(tmp_path: Path) -> None:
    target = tmp_path / "отчёт.json"
    write_atomically(target, b"one")
    write_atomically(str(target), b"two")
    assert target.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["отчёт.json"]


def test_permissions(tmp_path: Path) -> None:
    target = tmp_path / "a"
    write_atomically(target, b"x")
    plain = tmp_path / "b"
    plain.write_bytes(b"x")
    assert target.stat().st_mode == plain.stat().st_mode  # as any program would make it
    target.chmod(0o640)
    write_atomically(target, b"y")
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_no_folder(tmp_path: Path) -> None:
    assert _key(tmp_path / "nowhere" / "a.json") == "no_folder"


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert _key(tmp_path / "file" / "a.json") == "not_a_folder"


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    assert _key(tmp_path) == "is_folder"


def test_impossible_names(tmp_path: Path) -> None:
    assert _key(tmp_path / ("x" * 300)) == "bad_name"
    assert _key(tmp_path / "a\0b") == "bad_name"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_is_written_to_directly() -> None:
    assert _key(Path("/dev/full")) == "disk_full"
    write_atomically("/dev/null", b"x")


@pytest.mark.parametrize(
    ("code", "key"),
    [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EACCES, "no_permission"),
     (errno.EROFS, "no_permission"), (errno.EIO, "write_failed")],
)  # fmt: skip
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, key: str, step: str
) -> None:
    target = tmp_path / "a.json"
    target.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, step, fail)
    assert _key(target) == key
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.json"]


def test_an_interrupt_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a.json", b"x")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_no_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert _key(tmp_path / "a.json") == "no_permission"
