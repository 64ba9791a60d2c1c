"""The committed samples are what the script writes, and small."""

from __future__ import annotations

from pathlib import Path

from sample_data.make import make

ROOT = Path(__file__).parents[2] / "sample_data"


def test_same_bytes_as_committed(tmp_path: Path) -> None:
    written = make(tmp_path)
    assert len(written) == 18
    stale = [
        p.name for p in written if (ROOT / p.relative_to(tmp_path)).read_bytes() != p.read_bytes()
    ]
    assert stale == [], "run `make samples`"


def test_no_file_of_an_earlier_run_is_left() -> None:
    exports = {p.name for p in ROOT.glob("*/*") if p.suffix in (".csv", ".xls", ".xlsx")}
    assert len(exports) == 13


def test_small() -> None:
    assert _size(ROOT) < 9_000_000
    assert _size(ROOT / "calls") < 3_000_000


def _size(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
