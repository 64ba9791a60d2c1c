"""Two weekly exports, the first kept in the archive: what the second report says is new."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from funnelkpi.config.load import load_settings
from funnelkpi.metrics.names import KNOWN_METRICS
from funnelkpi.pipeline import Request, add_to_archive, analyze
from funnelkpi.renderers.registry import render
from funnelkpi.report.build import build_report

HEADER = (
    "ID,Название сделки,Бюджет ,Ответственный,Дата создания сделки,Дата редактирования,"
    "Дата закрытия,Этап сделки,Воронка"
)
BEFORE = """
1,Печь,100000,Анна,02.11.2026 10:00:00,03.11.2026 12:00:00,не закрыта,База,Продажи
2,Станок,50000,Анна,03.11.2026 10:00:00,03.11.2026 12:00:00,не закрыта,База,Продажи
3,Насос,70000,Борис,04.11.2026 10:00:00,05.11.2026 08:00:00,не закрыта,ЛПР,Продажи
8,Труба,25000,Анна,04.11.2026 10:00:00,09.11.2026 08:00:00,не закрыта,База,Продажи
"""
NOW = """
1,Печь,100000,Анна,02.11.2026 10:00:00,10.11.2026 12:00:00,10.11.2026 12:00:00,Успешно реализовано,Продажи
2,Станок,50000,Анна,03.11.2026,11.11.2026 12:00:00,11.11.2026 12:00:00,Закрыто и не реализовано,Продажи
3,Насос,70000,Борис,04.11.2026 10:00:00,05.11.2026 08:00:00,не закрыта,ЛПР,Продажи
5,Клапан,30000,Борис,11.11.2026 10:00:00,12.11.2026 12:00:00,12.11.2026 12:00:00,Успешно реализовано,Продажи
8,Труба,25000,Анна,04.11.2026 10:00:00,16.11.2026 08:00:00,не закрыта,ЛПР,Продажи
"""
CONFIG = """\
version: 1
pipelines:
  - key: sales
    title: Продажи
    order: confirmed
    stages:
      - {key: base, title: База, limit: 30}
      - {key: lpr, title: ЛПР, limit: 7}
      - {key: won, title: Успешно реализовано, kind: won}
      - {key: lost, title: Закрыто и не реализовано, kind: lost}
"""


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    for day, rows in (("2026-11-09", BEFORE), ("2026-11-16", NOW)):
        folder = tmp_path / day
        folder.mkdir()
        lines = [HEADER, *rows.strip().splitlines(), ""]
        name = f"amocrm_export_leads_{day}.csv"
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    config = tmp_path / "funnelkpi.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    settings = load_settings(config, known_metrics=KNOWN_METRICS)
    add_to_archive(Request((tmp_path / "2026-11-09",), settings), tmp_path / "kept")
    return Request((tmp_path / "2026-11-16",), settings, archive=tmp_path / "kept")


def test_what_is_new(request_: Request) -> None:
    analysis = analyze(request_)
    assert f"{analysis.previous:%Y-%m-%d}" == "2026-11-09"
    page = build_report(analysis, "ru")
    assert page.sections[0].id == "changes"
    since = json.loads(render(page, "json"))["since"]
    assert since["previous"].startswith("2026-11-09")
    assert [d["deal_id"] for d in since["won"]] == ["1", "5"]
    assert [d["deal_id"] for d in since["lost"]] == ["2"]
    moved = [(d["deal_id"], d["from_stage"], d["stage"]) for d in since["moved"]]
    assert moved == [("8", "base", "lpr")]
    # 3 stands in ЛПР (7 days) since 05.11 at the latest: not yet late then, late now
    assert since["new_stalled"] == ["3"]


def test_without_the_archive_there_is_nothing_to_compare(request_: Request) -> None:
    analysis = analyze(Request(request_.paths, request_.settings))
    page = build_report(analysis, "ru")
    assert json.loads(render(page, "json"))["since"] is None
    assert "changes" not in [s.id for s in page.sections]
