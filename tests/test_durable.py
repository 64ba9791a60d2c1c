"""What a file needs that is renamed into place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from funnelkpi.durable import new_file_mode, sync_folder


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_the_permissions_are_those_of_any_new_file(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        plain = tmp_path / f"{mask:o}"
        plain.write_bytes(b"")
        assert new_file_mode() == plain.stat().st_mode & 0o777
        assert os.umask(mask) == mask  # asking has changed nothing
    finally:
        os.umask(before)


def test_a_folder_that_cannot_be_synced_is_no_error(tmp_path: Path) -> None:
    sync_folder(tmp_path)
    sync_folder(tmp_path / "absent")
