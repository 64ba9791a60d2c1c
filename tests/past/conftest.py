"""Weekly exports of a simulated department in an archive, and what is rebuilt from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from sample_data.weekly import Story, write_week

from funnelkpi.adapters.load import load
from funnelkpi.adapters.wanted import wanted
from funnelkpi.config.schema import Settings
from funnelkpi.model.kept import Kept
from funnelkpi.past.look_back import Past, look_back
from funnelkpi.pipeline import Request, add_to_archive, recognise_all

SETTINGS = Settings()


def keep_weeks(
    folder: Path, world: Iterable[Story], moments: Sequence[datetime], crm: str
) -> list[Path]:
    """Write the exports of ``moments`` and add each to the archive ``folder / "archive"``."""
    world = list(world)
    folder.mkdir(parents=True, exist_ok=True)
    files = [write_week(folder, world, moment, crm) for moment in moments]
    for file in files:
        add_to_archive(Request((file,), SETTINGS), folder / "archive")
    return files


def past_of(archive: Path, given: Sequence[Path] = (), as_of: datetime | None = None) -> Past:
    """The archive and the given exports together."""
    exports = recognise_all(Request(tuple(given), SETTINGS))[0] if given else []
    return look_back(archive, exports, SETTINGS, as_of)


def kept_of(archive: Path, given: Sequence[Path] = (), as_of: datetime | None = None) -> Kept:
    """What the archive tells of the past."""
    past = past_of(archive, given, as_of)
    columns = wanted(past.exports, SETTINGS, ())
    return past.kept(load(past.exports, columns, SETTINGS, as_of), columns, SETTINGS)


@pytest.fixture(scope="session", name="keep_weeks")
def _keep_weeks() -> Callable[..., list[Path]]:
    """``keep_weeks(folder, world, moments, crm)``: exports in ``folder``, kept in its archive."""
    return keep_weeks


@pytest.fixture(scope="session", name="kept_of")
def _kept_of() -> Callable[..., Kept]:
    """``kept_of(archive, given, as_of)``."""
    return kept_of


@pytest.fixture(scope="session", name="past_of")
def _past_of() -> Callable[..., Past]:
    """``past_of(archive, given, as_of)``."""
    return past_of


@pytest.fixture
def rebuilt(tmp_path: Path) -> Callable[..., Kept]:
    """``rebuilt(world, moments, crm)``: keep the exports and rebuild."""

    def call(world: Iterable[Story], moments: Sequence[datetime], crm: str = "bitrix24") -> Kept:
        keep_weeks(tmp_path, world, moments, crm)
        return kept_of(tmp_path / "archive")

    return call
