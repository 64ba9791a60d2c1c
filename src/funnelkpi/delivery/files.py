"""Results as files: whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from funnelkpi.durable import new_file_mode, sync_folder
from funnelkpi.errors import OutputError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ETXTBSY, errno.EBUSY}
_BAD_NAME = {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ}


def write_atomically(path: str | Path, content: bytes) -> None:
    """Write ``content`` to ``path``: a reader sees the old file or the new one, never a part.

    The bytes go to a temporary file in the same folder, are flushed to the disk and renamed over
    ``path``; a symbolic link is followed and an existing file keeps its permissions. A device or
    pipe (``/dev/stdout``) is written to directly.

    Raises:
        OutputError: no such folder, a folder in place of the file, no permission, no room on the
            disk, an impossible name; nothing half-written is left behind.
    """
    named = Path(path)
    try:
        target = named.resolve()
        if target.is_dir():
            raise OutputError.of("errors_delivery.is_folder", file=str(named), path=named)
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        else:
            _replace(target, content)
    except (OSError, RuntimeError, ValueError) as error:
        raise _explained(error, named, len(content)) from error


def _replace(target: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(prefix=".funnelkpi-", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:  # Ctrl-C too: nothing half-written is left
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(target.parent)


def _mode(target: Path) -> int:
    """Permissions of the file replaced; of a new one those any program would give it."""
    try:
        return target.stat().st_mode & 0o7777
    except FileNotFoundError:
        return new_file_mode()


def _explained(error: Exception, path: Path, size: int) -> OutputError:
    code = error.errno if isinstance(error, OSError) else errno.EINVAL
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    folder = path.parent
    key, params = "write_failed", {"path": path, "reason": reason}
    if code == errno.ENOENT:
        key, params = "no_folder", {"folder": folder}
    elif code == errno.ENOTDIR:
        key, params = "not_a_folder", {"folder": folder}
    elif code in _DENIED:
        key, params = "no_permission", {"path": path}
    elif code in _FULL:
        key, params = "disk_full", {"path": path, "size": size}
    elif code in _BAD_NAME:
        key = "bad_name"
    return OutputError.of(f"errors_delivery.{key}", file=str(path), **params)
