"""Both sample configs load and name what the files hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sample_data.facts import WINDOW
from sample_data.people import EVERYBODY

from funnelkpi.config.load import load_settings
from sample_data import amocrm_sample, bitrix24_sample

ROOT = Path(__file__).parents[2] / "sample_data"
Rows = list[Any]


def _plain(name: str) -> str:
    return name.casefold().replace("ё", "е").replace("c", "с").replace("\u00a0", " ")


@pytest.mark.parametrize("crm", ["amocrm", "bitrix24"])
def test_people_and_window(crm: str) -> None:
    settings = load_settings(ROOT / crm / "funnelkpi.yaml")
    assert settings.conversion.window == WINDOW
    listed = {_plain(m.name): m for m in settings.managers}
    assert set(listed) == {_plain(p.name) for p in EVERYBODY}
    for person in EVERYBODY:
        manager = listed[_plain(person.name)]
        assert manager.department == person.department
        assert tuple((a.first, a.last) for a in manager.absences) == person.absences


@pytest.mark.parametrize(
    ("crm", "caption", "unknown"),
    [
        ("amocrm", "Этап сделки", amocrm_sample.UNKNOWN_STAGE),
        ("bitrix24", "Стадия сделки", amocrm_sample.UNKNOWN_STAGE),
    ],
)
def test_stages(crm: str, caption: str, unknown: str, request: pytest.FixtureRequest) -> None:
    settings = load_settings(ROOT / crm / "funnelkpi.yaml")
    rows: Rows = request.getfixturevalue(crm)
    for pipeline in settings.pipelines:
        if pipeline.entity == "lead":
            assert {s.title for s in pipeline.stages} == set(bitrix24_sample.LEAD_STAGES.values())
            continue
        known = {_plain(n) for s in pipeline.stages for n in (s.crm or (s.title,)) if n}
        inside = [r for r in rows if r.of("Воронка") == pipeline.title]
        names = {_plain(r.of(caption)).split(" (")[0] for r in inside}
        assert names - known <= {_plain(unknown)}
        dated = {s.date_column for s in pipeline.stages if s.date_column}
        assert dated <= set(rows[0].header)
        assert bool(dated) == (crm == "amocrm")
