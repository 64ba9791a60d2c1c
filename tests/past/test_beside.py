"""Kept tables beside the deals: calls of several exports are one table, the newest state counts."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from funnelkpi.adapters.interface import Export
from funnelkpi.config.bundled import root
from funnelkpi.config.load import load_settings
from funnelkpi.past.beside import beside
from funnelkpi.pipeline import Request, add_to_archive, analyze

SAMPLE = root() / "sample_data" / "calls"


def _kept(kind: str, day: int, sha: str = "") -> Any:
    export = SimpleNamespace(
        crm="amocrm", kind=kind, moment=datetime(2026, 9, day, 9, 0), day=None,
        name=f"{kind} {day}", source=SimpleNamespace(header=("id",)),
    )  # fmt: skip
    return export, SimpleNamespace(is_marker=False, record=SimpleNamespace(source=sha))


def _names(found: list[Export]) -> list[str]:
    return [e.name for e in found]  # type: ignore[attr-defined]


def test_events_and_names_kept_later_change_nothing():
    kept = [_kept(kind, day) for day in (14, 21, 28) for kind in ("users", "history")]
    monday = datetime(2026, 9, 21, 23, 59, 59)
    asked = [_names(beside(kept[:n], (), monday)) for n in (4, 6)]
    assert asked == [["users 21", "history 14", "history 21"]] * 2
    tuesday = _names(beside(kept, (), monday + timedelta(days=1)))
    assert tuesday == ["users 28", "history 14", "history 21", "history 28"]
    given = _names(beside(kept, (), None, made=datetime(2026, 9, 21, 8, 30)))
    assert given == ["users 21", "history 14", "history 21"]


def test_what_shows_a_state_is_read_once_and_not_beside_a_given_one():
    kept = [_kept(kind, day) for day in (14, 21) for kind in ("tasks", "contacts", "companies")]
    assert _names(beside(kept, (), None)) == ["tasks 21", "contacts 21", "companies 21"]
    given: Any = [SimpleNamespace(crm="amocrm", kind="tasks")]
    assert _names(beside(kept, given, None)) == ["contacts 21", "companies 21"]


def test_calls_are_read_together_with_those_given_but_no_file_twice():
    kept = [_kept("calls", day, f"sha{day}") for day in (14, 21, 28)]
    given: Any = [SimpleNamespace(crm="amocrm", kind="calls")]
    assert _names(beside(kept, given, None, {"sha21"})) == ["calls 14", "calls 28"]
    of_monday = beside(kept, given, None, {"sha21"}, datetime(2026, 9, 21, 8, 30))
    assert _names(of_monday) == ["calls 14"]


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with its calls in three files that overlap by days; the first two are kept."""
    folder: Path = tmp_path_factory.mktemp("weeks")
    files = [p for p in SAMPLE.iterdir() if not p.name.startswith("ats_calls")]
    (folder / "now").mkdir()
    for file in files:
        shutil.copy(file, folder / "now" / file.name)
    (calls,) = SAMPLE.glob("ats_calls_*.csv")
    header, *rows = calls.read_text("utf-8-sig").splitlines(keepends=True)
    days = [datetime.strptime(r.split(";")[1][:10], "%d.%m.%Y") for r in rows]
    ends = (
        datetime(2026, 1, 1),
        datetime(2026, 9, 20),
        datetime(2026, 11, 1),
        datetime(2027, 1, 1),
    )
    for begin, end in pairwise(ends):
        own = [r for r, d in zip(rows, days, strict=True) if begin - timedelta(3) <= d < end]
        assert len(own) > 100
        place = folder / ("now" if end.year == 2027 else f"kept{end:%m}")
        place.mkdir(exist_ok=True)
        (place / f"ats_calls_{end:%Y-%m-%d}.csv").write_text(header + "".join(own), "utf-8-sig")
    settings = load_settings(SAMPLE / "funnelkpi.yaml")
    for place in sorted(folder.glob("kept*")):
        add_to_archive(Request((place,), settings), folder / "archive")
    return folder


def _calls(*paths: Path, archive: Path | None = None) -> pd.DataFrame:
    settings = load_settings(SAMPLE / "funnelkpi.yaml")
    found = analyze(Request(paths, settings, archive=archive))
    calls = found.data.calls
    assert calls is not None
    columns = ["called_at", "phone", "direction", "talk_seconds", "klass"]
    shown = calls[columns].astype("str").sort_values(columns)
    return shown.reset_index(drop=True)


def test_kept_calls_and_given_ones_are_all_calls(weeks):
    whole = _calls(SAMPLE)
    pd.testing.assert_frame_equal(_calls(weeks / "now", archive=weeks / "archive"), whole)
    assert len(_calls(weeks / "now")) < len(whole)
