"""A kept file is written whole or not at all, under a name that holds its checksum."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from funnelkpi.archive.snapshot import TEMPORARY, file_name
from funnelkpi.durable import new_file_mode, sync_folder
from funnelkpi.errors import OutputError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
_OWNER_ONLY = 0o600
"""Permissions ``mkstemp`` gives; a file system may refuse to change them, so only if need be."""


def write_once(folder: Path, moment: datetime, suffix: str, write: Callable[[Path], None]) -> Path:
    """Write a file into ``folder`` and give it the name of its moment and checksum.

    ``write`` fills a temporary file of the same folder; it is flushed to the disk and renamed. The
    same bytes have the same name, so of two runs at once either rename leaves the same file, and a
    run that is killed leaves only a temporary file that readers pass over.

    Raises:
        OutputError: no room, no permission, no folder; nothing half-written is left behind.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=TEMPORARY, suffix=".tmp", dir=folder)
        os.close(handle)
        temporary = Path(name)
        try:
            write(temporary)
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
                checksum = file_digest(file, "sha256").hexdigest()
            target = folder / file_name(moment, checksum, suffix)
            if new_file_mode() != _OWNER_ONLY:
                os.chmod(temporary, new_file_mode())
            os.replace(temporary, target)
        except BaseException:  # Ctrl-C too: nothing half-written is left
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        sync_folder(folder)
    except OSError as error:
        raise _explained(error, folder) from error
    return target


def _explained(error: OSError, folder: Path) -> OutputError:
    code = error.errno
    key = "write_failed"
    if code in _FULL:
        key = "disk_full"
    elif code in _DENIED:
        key = "no_permission"
    elif code in (errno.ENOTDIR, errno.EEXIST):
        key = "not_a_folder"
    reason = error.strerror or str(error)
    return OutputError.of(f"errors_archive.{key}", file=str(folder), reason=reason)
