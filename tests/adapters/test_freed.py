"""Freed memory goes back to the system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from funnelkpi.adapters.freed import give_back


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read from /proc")
def test_what_was_freed_is_no_longer_resident():
    # pieces too small for a mapping of their own; the last one keeps the heap from shrinking
    pieces = [bytearray(100_000) for _ in range(1500)]
    del pieces[:-1]
    before = _resident()
    give_back()
    assert before - _resident() > 50_000_000
