"""What every file needs that is first written under another name: to survive a power cut, and the
permissions of a file any program would have made."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_NEW_FILE = 0o666


def new_file_mode() -> int:
    """Permissions any program would give a new file; ``mkstemp`` gives them to the owner alone."""
    mask = os.umask(0)
    os.umask(mask)
    return _NEW_FILE & ~mask


def sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut; not every system can, and the file is there anyway."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
