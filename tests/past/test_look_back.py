"""Which exports are the state, and that later ones change nothing that was reported before."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sample_data.weekly import moments, simulate, write_week

from funnelkpi.config.schema import Settings
from funnelkpi.pipeline import Request, add_to_archive, analyze
from funnelkpi.renderers.json import render
from funnelkpi.report.build import build_report

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


@pytest.mark.parametrize("n", [2, 5, 8])
def test_later_exports_change_nothing_of_an_earlier_moment(full, tmp_path, kept_of, n):
    then = kept_of(_short(full, tmp_path / "a", n))
    as_of = _moment(then, -1)
    _same(kept_of(full / "archive", as_of=as_of), kept_of(tmp_path / "a", as_of=as_of))
    _same(kept_of(full / "archive", as_of=as_of), then)


def test_one_export_tells_nothing_of_the_past(full, tmp_path):
    """The only kept export is the state itself: the report is the one without an archive."""
    short = _short(full, tmp_path / "a", 1)
    (file,) = sorted(p for p in full.iterdir() if p.is_file())[:1]
    alone = analyze(Request((file,), Settings()))
    for paths in ((), (file,)):
        kept = analyze(Request(paths, Settings(), archive=short))
        pd.testing.assert_frame_equal(kept.metrics, alone.metrics)


def test_a_moment_between_two_exports_is_seen_from_the_next_one(full, kept_of):
    whole = next(iter(kept_of(full / "archive").moments.values()))
    between = WEEKS[3] + timedelta(days=1)
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


def _report(archive: Path, given: tuple[Path, ...], as_of: datetime) -> bytes:
    found = analyze(Request(given, Settings(), as_of=as_of, archive=archive))
    return render(build_report(found, "en"))


@pytest.mark.parametrize("with_file", [True, False], ids=["given", "kept"])
def test_the_report_for_the_day_of_an_export_never_changes(full, tmp_path, with_file):
    day = WEEKS[5].replace(hour=23, minute=59, second=59)
    file = _files(full)[5]
    given = (file,) if with_file else ()
    short = _short(full, tmp_path / "short" / "archive", 6)
    whole = Path(shutil.copytree(full / "archive", tmp_path / "whole" / "archive"))
    before = _report(short, given, day)
    assert _report(whole, given, day) == before
    (state,) = json.loads(before)["inputs"]
    assert state["reasons"].keys() <= {"totals"}  # no row of it is merged into another export
    assert state["counted"] == state["rows"] > 10


def test_the_export_of_the_day_goes_before_the_next_one_without_an_archive(full):
    day = WEEKS[5].replace(hour=23, minute=59, second=59)
    files = _files(full)
    alone = analyze(Request((files[5],), Settings(), as_of=day))
    both = analyze(Request((files[5], files[6]), Settings(), as_of=day))
    pd.testing.assert_frame_equal(alone.metrics, both.metrics)
    own, late = sorted(both.assembled.accounts, key=lambda a: -a.counted)
    assert own.counted == own.rows
    assert [r for r, _ in late.reasons] == ["findings_adapters.later_export"]


def test_the_day_in_the_name_is_the_day_of_the_export(tmp_path, past_of):
    """Exported on Monday morning, last edited on Sunday: it is Monday's and no later one's."""
    monday = datetime(2026, 8, 31, 23, 59, 59)
    for week in (WEEKS[4], WEEKS[5]):
        (tmp_path / f"{week:%d}").mkdir()
        file = write_week(tmp_path / f"{week:%d}", WORLD, week, "amocrm")
        add_to_archive(Request((file,), Settings()), tmp_path / "archive")
    assert WEEKS[4].date() == monday.date()
    for as_of in (monday, monday - timedelta(days=1)):
        (state,) = past_of(tmp_path / "archive", as_of=as_of).exports
        assert state.moment == datetime(2026, 8, 30, 21, 45, 5)
        assert state.day == monday.date()


def _by_pipeline(folder: Path, weeks: Any, crm: str) -> list[Path]:
    """Each week's two exports, 21 seconds apart, in the archive of ``folder``; those of the last."""
    files: list[Path] = []
    for week in weeks:
        files = []
        for n, pipeline in enumerate(("Продажи", "Сервис")):
            place = folder / f"{week:%m%d}-{n}"
            place.mkdir(parents=True)
            own = [s for s in WORLD if s.pipeline == pipeline]
            files.append(write_week(place, own, week + timedelta(seconds=21 * n), crm))
            add_to_archive(Request((files[n],), Settings()), folder / "archive")
    return files


@pytest.mark.parametrize("given", [(), (0,), (1,), (0, 1)], ids=["kept", "first", "second", "both"])
def test_the_previous_export_is_of_the_same_pipelines(tmp_path, crm, given):
    files = _by_pipeline(tmp_path, WEEKS[:4], crm)
    paths = tuple(files[n] for n in given)
    now = analyze(Request(paths, Settings(), archive=tmp_path / "archive"))
    assert now.previous is not None
    assert WEEKS[2].date() - timedelta(days=3) <= now.previous.date() <= WEEKS[2].date()
    if crm == "bitrix24":
        assert now.previous == WEEKS[2] + timedelta(seconds=0 if given == (0,) else 21)
    then = analyze(Request(paths, Settings(), as_of=now.previous, archive=tmp_path / "archive"))
    shown = {"Продажи", "Сервис"} if len(given) != 1 else {("Продажи", "Сервис")[given[0]]}
    titles = [{p.title for p in a.data.funnel.pipelines} for a in (now, then)]
    assert titles == [shown, shown]
    states = [a for a in then.assembled.accounts if a.counted]
    assert len(states) == len(shown)
    assert now.since is not None
    assert 0 < len(now.since.moved) < len(now.data.deals)


def test_a_folder_that_is_not_there_is_said_unless_it_will_be_made(full, tmp_path):
    file = _files(full)[0]
    for mode, codes in (("read", ["findings_archive.no_folder"]), ("auto", [])):
        settings = Settings.model_validate({"archive": {"mode": mode, "folder": "nope"}})
        found = analyze(Request((file,), settings, archive=tmp_path / "nope", keep=mode == "auto"))
        assert [f.code for f in found.findings if "_archive." in f.code] == codes


def test_gone_deals_are_told_and_not_among_those_read(full):
    found = analyze(Request((), Settings(), archive=full / "archive"))
    status = found.data.deals["status"]
    gone = int(status.eq("gone").sum())
    assert gone > 2
    (told,) = [f for f in found.findings if f.code == "findings_archive.gone"]
    assert told.count == gone
    head = " ".join(line.text for line in build_report(found, "en").head)
    assert f" {len(status) - gone} deals" in head


def test_deals_gone_since_the_previous_export(full, tmp_path):
    """The deals that vanished between two exports, by what really happened."""
    as_of = WEEKS[7]
    found = analyze(Request((_files(full)[7],), Settings(), archive=full / "archive"))
    assert found.since is not None
    deleted = {
        str(s.number) for s in WORLD if s.exists(WEEKS[6]) and not s.exists(as_of)
    }  # fmt: skip
    ids = set(found.since.gone["deal_id"])
    assert ids
    assert ids <= deleted  # the oldest and youngest of an export are not called gone


def _files(full: Path) -> list[Path]:
    return sorted(p for p in full.iterdir() if p.is_file())


def test_a_damaged_export_is_a_finding_and_the_others_are_used(full, tmp_path, past_of):
    archive = shutil.copytree(full / "archive", tmp_path / "a")
    victim = sorted(archive.glob("*/deals/*"))[3]
    victim.write_bytes(victim.read_bytes()[:-10])
    past = past_of(archive)
    assert [f.code for f in past.findings if "damaged" in f.code] == ["findings_archive.damaged"]
    assert len(past.several[0].showings) == len(WEEKS) - 1
