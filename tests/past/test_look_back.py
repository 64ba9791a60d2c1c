"""Which exports are the state, and that later ones change nothing that was reported before."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sample_data.weekly import moments, simulate, write_week

from funnelkpi.config.schema import Settings
from funnelkpi.pipeline import Request, add_to_archive, analyze

WEEKS = moments()
WORLD = simulate(4, deals=40)


@pytest.fixture(scope="module", params=["amocrm", "bitrix24"])
def crm(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def full(crm: str, tmp_path_factory: pytest.TempPathFactory, keep_weeks: Any) -> Path:
    folder: Path = tmp_path_factory.mktemp(crm)
    keep_weeks(folder, WORLD, WEEKS, crm)
    return folder


def _short(full: Path, into: Path, n: int) -> Path:
    """The archive as it was when only the first ``n`` exports had been kept."""
    shutil.copytree(full / "archive", into)
    for place in into.glob("*/deals"):
        for file in sorted(place.iterdir())[n:]:
            file.unlink()
    return into


def _moment(kept: Any, n: int) -> datetime:
    return next(iter(kept.moments.values()))[n]


def _same(a: Any, b: Any) -> None:
    for name in ("history", "begin", "gone"):
        x, y = getattr(a, name), getattr(b, name)
        assert len(x) == len(y)
        if len(x):
            shared = [c for c in x if not isinstance(x[c].dtype, pd.CategoricalDtype)]
            pd.testing.assert_frame_equal(x[shared], y[shared])
            for c in set(x) - set(shared):
                assert x[c].astype("str").tolist() == y[c].astype("str").tolist()
    assert (a.first, a.moments) == (b.first, b.moments)


@pytest.mark.parametrize("n", [1, 2, 5, 8])
def test_later_exports_change_nothing_of_an_earlier_moment(full, tmp_path, kept_of, n):
    then = kept_of(_short(full, tmp_path / "a", n))
    as_of = _moment(then, -1)
    _same(kept_of(full / "archive", as_of=as_of), kept_of(tmp_path / "a", as_of=as_of))
    _same(kept_of(full / "archive", as_of=as_of), then)


def test_a_moment_between_two_exports_is_seen_from_the_next_one(full, kept_of):
    whole = next(iter(kept_of(full / "archive").moments.values()))
    between = whole[3] + timedelta(hours=1)
    kept = kept_of(full / "archive", as_of=between)
    assert next(iter(kept.moments.values())) == whole[:5]


def test_a_moment_after_all_exports_is_seen_from_the_newest(full, kept_of):
    _same(kept_of(full / "archive", as_of=WEEKS[-1] + timedelta(days=3)), kept_of(full / "archive"))


def test_the_order_of_adding_changes_nothing(full, crm, tmp_path, kept_of):
    files = sorted(p for p in full.iterdir() if p.is_file())
    for file in reversed(files):
        add_to_archive(Request((file,), Settings()), tmp_path / "backwards")
    _same(kept_of(tmp_path / "backwards"), kept_of(full / "archive"))
    assert _names(tmp_path / "backwards") == _names(full / "archive")


def _names(archive: Path) -> list[str]:
    return sorted(p.relative_to(archive).as_posix() for p in archive.rglob("*"))


def test_the_newest_kept_export_is_the_state_without_files(full, past_of):
    (state,) = past_of(full / "archive").exports
    assert state.source.format == "parquet"
    assert state.moment == max(s.moment for s in past_of(full / "archive").several[0].showings)


def test_given_files_are_the_state_whatever_was_kept_later(full, past_of):
    files = sorted(p for p in full.iterdir() if p.is_file())
    past = past_of(full / "archive", [files[4]])
    assert [e.source.path for e in past.exports] == [files[4]]
    assert len(past.several[0].showings) == 5  # itself once, and those before it


def test_a_given_file_and_its_kept_copy_tell_the_same(full, tmp_path, kept_of):
    files = sorted(p for p in full.iterdir() if p.is_file())
    given = kept_of(full / "archive", [files[4]])
    short = kept_of(_short(full, tmp_path / "a", 5))
    a, b = (k.history.drop(columns="_file") for k in (given, short))
    assert a.astype("str").equals(b.astype("str"))
    assert given.gone["deal_id"].tolist() == short.gone["deal_id"].tolist()


def test_a_later_given_file_is_left_out_for_an_earlier_moment(full, crm):
    newest = max((p for p in full.iterdir() if p.is_file()), key=lambda p: p.name)
    found = analyze(
        Request((newest,), Settings(), as_of=WEEKS[3] - timedelta(days=2), archive=full / "archive")
    )
    late, state = found.assembled.accounts
    assert (late.counted, late.excluded) == (0, late.rows)
    assert [r for r, _ in late.reasons] == ["findings_adapters.later_export"]
    assert state.counted + state.excluded == state.rows > 0


def test_the_report_of_a_past_moment_stays_as_it_was(full, tmp_path):
    as_of = WEEKS[4] - timedelta(days=1)
    short = _short(full, tmp_path / "a", 5)
    then, now = (
        analyze(Request((), Settings(), as_of=as_of, archive=folder))
        for folder in (short, full / "archive")
    )
    pd.testing.assert_frame_equal(then.metrics, now.metrics)
    assert len(then.metrics) > 50


def test_two_pipelines_exported_apart_are_one_state(tmp_path, past_of, crm):
    for week in WEEKS[:3]:
        for n, pipeline in enumerate(("Продажи", "Сервис")):
            folder = tmp_path / f"{week:%d}-{n}"
            folder.mkdir()
            own = [s for s in WORLD if s.pipeline == pipeline]
            write_week(folder, own, week + timedelta(minutes=n), crm)
            add_to_archive(Request((folder,), Settings()), tmp_path / "archive")
    past = past_of(tmp_path / "archive")
    assert len(past.exports) == 2
    shown = set()
    for export in past.exports:
        (at,) = export.mapping["pipeline"]
        shown |= set(export.source.read([at]).table[str(at)].unique().to_pylist())
    assert shown == {"Продажи", "Сервис"}


def test_a_damaged_export_is_a_finding_and_the_others_are_used(full, tmp_path, past_of):
    archive = shutil.copytree(full / "archive", tmp_path / "a")
    victim = sorted(archive.glob("*/deals/*"))[3]
    victim.write_bytes(victim.read_bytes()[:-10])
    past = past_of(archive)
    assert [f.code for f in past.findings if "damaged" in f.code] == ["findings_archive.damaged"]
    assert len(past.several[0].showings) == len(WEEKS) - 1
