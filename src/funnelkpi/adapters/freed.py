"""Memory that is free is given back to the system: a run frees more than half of what it reads."""

from __future__ import annotations

import ctypes
import sys

import pyarrow as pa


def give_back() -> None:
    """Return what Arrow and the C library keep of freed memory for later.

    Large texts are converted on several threads, each with a heap of its own; glibc would hold
    hundreds of megabytes in them until the end. Elsewhere only Arrow's share is returned.
    """
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's alone
        if trim is not None:
            trim(0)
