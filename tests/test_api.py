"""The Python API: the frames, the report and its renderings, the errors."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from jsonschema import Draft202012Validator

import funnelkpi
from funnelkpi.api import moment_of
from funnelkpi.config.schema import Settings
from funnelkpi.errors import ConfigError, FunnelKpiError, InputError, UsageError
from funnelkpi.metrics.result import COLUMNS, MOMENTS, NUMBERS
from funnelkpi.renderers.json_schema import columns_of, schema
from funnelkpi.report.document import Report

SAMPLES = Path(__file__).parents[1] / "sample_data"
BITRIX24 = SAMPLES / "bitrix24"


@pytest.fixture(scope="module")
def analysis(sample: Callable[[str], Any]) -> funnelkpi.Analysis:
    return funnelkpi.Analysis(sample("bitrix24"), "ru")


def test_metrics(analysis: funnelkpi.Analysis) -> None:
    table = analysis.metrics
    assert tuple(table.columns) == COLUMNS
    assert all(table[name].dtype == "float64" for name in NUMBERS)
    assert all(table[name].dtype == "datetime64[s]" for name in MOMENTS)
    won = table.query("metric == 'won' and scope == 'company' and pipeline.isna()")
    assert list(won["value"]) == [4.0]


def test_deals(analysis: funnelkpi.Analysis) -> None:
    deals = analysis.deals
    assert len(deals) == 1184 + 554
    assert {"deal_id", "title", "pipeline", "stage", "status", "manager", "amount", "currency",
            "created_at", "closed_at", "_file", "_row"} <= set(deals.columns)  # fmt: skip
    assert deals["created_at"].dtype == "datetime64[s]"
    assert deals["amount"].dtype == "float64"
    assert isinstance(deals["stage"].dtype, pd.CategoricalDtype)


def test_calls(analysis: funnelkpi.Analysis, sample: Callable[[str], Any]) -> None:
    calls = analysis.calls
    assert calls is not None
    assert len(calls) == 1103
    assert calls["called_at"].max() < pd.Timestamp("2026-11-16 08:30")
    assert funnelkpi.Analysis(sample("amocrm"), "ru").calls is None


def test_entries(sample: Callable[[str], Any]) -> None:
    """One row per deal and stage seen: in amoCRM the date columns, e.g. the 66 days of #31888020."""
    entries = funnelkpi.Analysis(sample("amocrm"), "ru").entries
    assert list(entries.columns) == ["deal_id", "pipeline", "stage", "at", "evidence", "manager"]
    big = entries[entries["deal_id"] == "31888020"].set_index("stage")
    assert big.loc["closing", "at"] == pd.Timestamp("2026-09-11 10:47:34")
    assert big.loc["closing", "evidence"] == "dates"
    assert big.loc["closing", "manager"] == "Алина Дроздова"
    assert not entries.duplicated(["deal_id", "stage"]).any()


EVENTS = """\
Дата,Автор,Объект,Название,Событие,Значение до,Значение после
10.11.2026 12:00,Анна Белова,Сделка,Печь «Ясень»,Изменение этапа продажи,Продажи / ЛПР,\
Продажи / Успешно реализовано
"""
MOVED = """\
ID,Название сделки,Бюджет ,Ответственный,Дата создания сделки,Дата редактирования,Дата закрытия,\
Этап сделки,Воронка
1,Печь «Ясень»,100000,Анна Белова,02.11.2026 10:00:00,10.11.2026 12:00:00,10.11.2026 12:00:00,\
Успешно реализовано,Продажи
2,Насос «Липа»,70000,Борис Чернов,04.11.2026 10:00:00,16.11.2026 08:00:00,не закрыта,ЛПР,Продажи
"""


def test_history_and_visits(tmp_path: Path) -> None:
    """The change as read, and the two visits it makes: in ЛПР until the win, and the win."""
    (tmp_path / "deals.csv").write_text(MOVED, encoding="utf-8")
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    analysis = funnelkpi.analyze(tmp_path)
    history, visits = analysis.history, analysis.visits
    assert history is not None
    assert history["changed_at"].tolist() == [pd.Timestamp("2026-11-10 12:00")]
    assert history["from_stage"].astype(str).tolist() == ["ЛПР"]
    first = visits[visits["deal_id"].eq("1")].iloc[0]
    assert first["end"] == pd.Timestamp("2026-11-10 12:00")
    assert (first["evidence"], first["manager"]) == ("history", "Анна Белова")
    last = visits[visits["deal_id"].eq("1")].iloc[-1]
    assert pd.isna(last["to_stage"])
    assert first["to_stage"] == last["stage"]


def test_without_a_source_there_is_no_history(analysis: funnelkpi.Analysis) -> None:
    assert analysis.history is None
    assert len(analysis.visits) == 0
    assert {"deal_id", "stage", "start", "end", "to_stage"} <= set(analysis.visits.columns)


def test_trends_and_changes(analysis: funnelkpi.Analysis) -> None:
    trends, changes = analysis.trends, analysis.changes
    assert tuple(trends.columns) == columns_of("metrics")
    assert tuple(changes.columns) == columns_of("changes")
    company = trends[trends["scope"].eq("company") & trends["pipeline"].isna()]
    won = company[company["metric"].eq("won")]
    assert len(won) == 12
    now = changes[changes["scope"].eq("company") & changes["pipeline"].isna()]
    now = now[now["metric"].eq("won")].iloc[0]
    assert (now["value"], now["before"]) == tuple(won["value"].tolist()[:-3:-1])


def test_stalled(analysis: funnelkpi.Analysis) -> None:
    stalled = analysis.stalled
    assert tuple(stalled.columns) == columns_of("stalled")
    assert stalled["deal_id"].iat[0] == "1901"
    assert stalled["amount"].iat[0] == 18_500_000
    assert "stalled" in stalled["reasons"].iat[0]


def test_findings(analysis: funnelkpi.Analysis) -> None:
    findings = analysis.findings
    assert tuple(findings.columns) == columns_of("findings")
    owner = findings.set_index("code").loc["no_owner"]
    assert (owner["count"], owner["rows"]) == (3, [787, 794, 1034])


@pytest.mark.parametrize(
    "name", ["metrics", "deals", "calls", "entries", "trends", "changes", "stalled", "findings"]
)
def test_changing_a_frame_changes_nothing_else(analysis: funnelkpi.Analysis, name: str) -> None:
    again = funnelkpi.Analysis(analysis.result, "ru")
    before = again.to_json()
    frame = getattr(again, name)
    first = frame.columns[0]
    frame.pop(first)
    frame["new"] = 1
    fresh = funnelkpi.Analysis(analysis.result, "ru")
    assert len(getattr(fresh, name)) > 5
    assert getattr(fresh, name).columns[0] == first
    assert "new" not in getattr(fresh, name)
    assert fresh.to_json() == before


def test_changing_values_in_place_changes_nothing_else(analysis: funnelkpi.Analysis) -> None:
    for name, column in (("metrics", "value"), ("deals", "amount"), ("calls", "talk_seconds")):
        frame = getattr(funnelkpi.Analysis(analysis.result, "ru"), name)
        frame.loc[:, column] = 0
        assert getattr(funnelkpi.Analysis(analysis.result, "ru"), name)[column].sum() > 0


def test_json(analysis: funnelkpi.Analysis) -> None:
    data = json.loads(analysis.to_json())
    Draft202012Validator(schema()).validate(data)
    assert len(data["metrics"]) == len(analysis.metrics)


def test_csv(analysis: funnelkpi.Analysis) -> None:
    rows = list(csv.reader(io.StringIO(analysis.to_csv())))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == len(analysis.metrics) + 1


def test_pages(analysis: funnelkpi.Analysis) -> None:
    assert isinstance(analysis.report, Report)
    assert analysis.to_markdown().startswith(f"# {analysis.report.title}")
    assert analysis.to_text().startswith(analysis.report.title)
    assert max(map(len, analysis.to_text(width=60).splitlines())) <= 60
    assert "\x1b" not in analysis.to_text()


def test_language(analysis: funnelkpi.Analysis) -> None:
    en = funnelkpi.Analysis(analysis.result, "en")
    assert en.report.lang == "en"
    assert en.to_csv() == analysis.to_csv()


DEALS = """\
ID,Название сделки,Бюджет ,Ответственный,Дата создания сделки,Дата закрытия,Этап сделки
1,А,100,Анна Белова,02.11.2026 10:00:00,10.11.2026 12:00:00,Успешно реализовано
2,Б,200,Анна Белова,03.11.2026 10:00:00,не закрыта,Переговоры
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "deals.csv").write_text(DEALS, "utf-8")
    return tmp_path / "deals.csv"


@pytest.mark.usefixtures("figures_once")
def test_ways_to_name_files_and_config(path: Path, tmp_path: Path) -> None:
    config = tmp_path / "own.yaml"
    config.write_text("language: en\nversion: 1\n", "utf-8")
    by_path = funnelkpi.analyze(path, config)
    assert by_path.lang == "en"
    assert len(by_path.report.data["config_sha256"]) == 64
    for given in (path, str(path), [path], tmp_path):
        assert len(funnelkpi.analyze(given, Settings()).deals) == 2
    plain = funnelkpi.analyze([path])
    assert plain.lang == "ru"
    assert plain.report.data["config_sha256"] is None
    assert plain.report.foot  # says how to make a config
    assert not funnelkpi.analyze(path, Settings()).report.foot


@pytest.mark.usefixtures("figures_once")
def test_period_moment_and_slices(path: Path) -> None:
    early = funnelkpi.analyze(path, period="2026-11", as_of="2026-11-09")
    assert early.report.data["as_of"] == "2026-11-09T23:59:59"
    assert set(early.deals["status"]) == {"open"}
    late = funnelkpi.analyze(path, period="2026-11", as_of=date(2026, 11, 10), by=["month"])
    assert sorted(late.deals["status"]) == ["open", "won"]
    slices = set(late.metrics.query("metric == 'won'")["slice"].dropna())
    assert slices == {"month=2026-11"}


def test_errors(path: Path, tmp_path: Path) -> None:
    for call, error in (
        (lambda: funnelkpi.analyze(tmp_path / "absent.csv"), InputError),
        (lambda: funnelkpi.analyze(path, tmp_path / "absent.yaml"), ConfigError),
        (lambda: funnelkpi.analyze(path, period="someday"), UsageError),
        (lambda: funnelkpi.analyze(path, as_of="someday"), UsageError),
        (lambda: funnelkpi.analyze(path, by=["погода"]), UsageError),
    ):
        with pytest.raises(error) as caught:
            call()
        assert isinstance(caught.value, FunnelKpiError)
        assert caught.value.problems[0].key.startswith("errors_")


EAST = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-16", datetime(2026, 11, 16, 23, 59, 59)),
        ("2026-11-16T08:30", datetime(2026, 11, 16, 8, 30)),
        ("2026-11-16 08:30:15", datetime(2026, 11, 16, 8, 30, 15)),
        ("2026-11-16T08:30+00:00", datetime(2026, 11, 16, 11, 30)),
        (date(2026, 11, 16), datetime(2026, 11, 16, 23, 59, 59)),
        (datetime(2026, 11, 16, 8, 30), datetime(2026, 11, 16, 8, 30)),
        (datetime(2026, 11, 16, 22, 0, tzinfo=UTC), datetime(2026, 11, 17, 1, 0)),
        (datetime(2026, 11, 16, 8, 30, tzinfo=EAST), datetime(2026, 11, 16, 4, 30)),
    ],
)
def test_moments_are_local_times_of_the_zone(value: Any, moment: datetime) -> None:
    assert moment_of(value, "Europe/Moscow") == moment
