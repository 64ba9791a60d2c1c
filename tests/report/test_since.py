"""Since the previous export: the run of now beside the run of then, on exports written by hand."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from funnelkpi.checks.verdicts import Verdict
from funnelkpi.config.load import load_settings
from funnelkpi.metrics.names import KNOWN_METRICS
from funnelkpi.pipeline import Request, analyze, since
from funnelkpi.report.since import _verdicts, compare

HEADER = (
    "ID,Название сделки,Бюджет ,Ответственный,Дата создания сделки,Дата редактирования,"
    "Дата закрытия,Этап сделки,Воронка,Дата: ЛПР"
)
# then: 09.11.2026 08:30; now: 16.11.2026 08:00
DEALS = """
1,Печь,100000,Анна,02.11.2026 10:00:00,10.11.2026 12:00:00,10.11.2026 12:00:00,Успешно реализовано,Продажи,
2,Станок,50000,Анна,03.11.2026,11.11.2026 12:00:00,11.11.2026 12:00:00,Закрыто и не реализовано,Продажи,
3,Насос,70000,Борис,04.11.2026 10:00:00,05.11.2026 08:00:00,не закрыта,ЛПР,Продажи,05.11.2026
4,Котёл,20000,Борис,01.11.2026,06.11.2026 12:00:00,06.11.2026 12:00:00,Закрыто и не реализовано,Продажи,
5,Клапан,30000,Борис,11.11.2026 10:00:00,12.11.2026 12:00:00,12.11.2026 12:00:00,Успешно реализовано,Продажи,
6,Фильтр,10000,Анна,01.10.2026 10:00:00,02.10.2026 12:00:00,не закрыта,База,Продажи,
7,Кран,15000,Анна,15.11.2026 10:00:00,16.11.2026 08:00:00,не закрыта,База,Продажи,
8,Труба,25000,Анна,04.11.2026 10:00:00,13.11.2026 08:00:00,не закрыта,ЛПР,Продажи,13.11.2026
"""
EVENTS = """
Дата,Автор,Объект,Название,Событие,Значение до,Значение после
10.11.2026 12:00,Анна,Сделка,Печь,Изменение этапа продажи,Продажи / База,Продажи / Успешно реализовано
11.11.2026 12:00,Анна,Сделка,Станок,Изменение этапа продажи,Продажи / База,Продажи / Закрыто и не реализовано
05.11.2026 08:00,Борис,Сделка,Насос,Изменение этапа продажи,Продажи / База,Продажи / ЛПР
06.11.2026 12:00,Борис,Сделка,Котёл,Изменение этапа продажи,Продажи / База,Продажи / Закрыто и не реализовано
12.11.2026 12:00,Борис,Сделка,Клапан,Изменение этапа продажи,Продажи / База,Продажи / Успешно реализовано
13.11.2026 08:00,Анна,Сделка,Труба,Изменение этапа продажи,Продажи / База,Продажи / ЛПР
"""
CONFIG = """\
version: 1
pipelines:
  - key: sales
    title: Продажи
    order: confirmed
    stages:
      - {key: base, title: База, limit: 30}
      - {key: lpr, title: ЛПР, limit: 7, date_column: "Дата: ЛПР"}
      - {key: won, title: Успешно реализовано, kind: won}
      - {key: lost, title: Закрыто и не реализовано, kind: lost}
"""
THEN = datetime(2026, 11, 9, 8, 30)


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    folder = tmp_path / "exports"
    folder.mkdir()
    lines = [HEADER, *DEALS.strip().splitlines()]
    (folder / "deals.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = tmp_path / "funnelkpi.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    settings = load_settings(config, known_metrics=KNOWN_METRICS)
    return Request((folder,), settings)


@pytest.fixture
def with_events(request_) -> Request:
    (request_.paths[0] / "events.csv").write_text(EVENTS.lstrip(), encoding="utf-8")
    return request_


def test_won_lost_moved_and_stalled(request_):
    now = analyze(request_)
    found = since(request_, now, THEN)
    assert found.previous == THEN
    assert found.won["deal_id"].tolist() == ["1", "5"]  # the larger first; 5 was not there then
    assert found.lost["deal_id"].tolist() == ["2"]  # 4 was lost already
    assert found.lost[["title", "manager", "amount"]].values.tolist() == [["Станок", "Анна", 50000]]
    assert found.won["stage"].unique().tolist() == ["won"]


def test_moved_and_newly_stalled_by_the_events(with_events):
    """Deal 8 moved База -> ЛПР on 13.11. Deal 3 stands in ЛПР (7 days) since 05.11: 4 days then, 11
    now. Deal 6 stands in База (30 days) since October: past its limit then already."""
    now, then = analyze(with_events), analyze(replace(with_events, as_of=THEN))
    assert set(now.stalled["deal_id"]) == {"3", "6"}
    assert set(then.stalled["deal_id"][then.stalled["status"] != "soon"]) == {"6"}
    found = since(with_events, now, THEN)
    assert found.new_stalled["deal_id"].tolist() == ["3"]
    assert found.moved[["deal_id", "from_stage", "stage"]].values.tolist() == [["8", "base", "lpr"]]
    assert found.won["deal_id"].tolist() == ["1", "5"]
    assert found.won["from_stage"].fillna("not there").tolist() == ["base", "not there"]
    assert found.lost[["deal_id", "from_stage"]].values.tolist() == [["2", "base"]]
    assert found.stage_unknown == 0


def test_without_history_an_earlier_stage_may_be_unknown(request_):
    """Of deal 8, changed since, nobody knows where it stood; who is stalled then cannot be told."""
    found = since(request_, analyze(request_), THEN)
    assert found.new_stalled is None
    assert found.stage_unknown == 1
    assert not len(found.moved)


def test_the_analysis_asks_for_it_only_when_somebody_looks(request_, monkeypatch):
    calls = []
    now = analyze(request_)
    assert now.since is None  # no previous export is known
    known = replace(now, previous=THEN, comparing=lambda a, p: calls.append((a, p)))
    assert calls == []
    assert known.since is None
    assert known.since is None
    assert calls == [(known, THEN)]


def test_nothing_changes_within_a_moment(request_):
    now = analyze(request_)
    found = since(request_, now, now.view.as_of)
    assert found.new_stalled is not None
    assert [len(f) for f in (found.new_stalled, found.moved, found.won, found.lost)] == [0] * 4
    assert (found.appeared, found.resolved, found.stage_unknown) == ((), (), 0)


def one(level, metric="won", kind="threshold", **more):
    return Verdict(kind, metric, level, **more)


def test_verdicts_that_appeared_or_were_resolved():
    same = one("fail", "lost")
    mark = one("warn", "conversion", "mark", manager="Анна")
    norm = one("warn", "entries", "norm", manager="Борис")
    blind, bad = (one(level, "open_deals") for level in ("not_evaluated", "fail"))
    then = (same, one("ok", "won"), one("warn", "stalled"), one("warn", "win_rate"), mark, blind)
    now = (same, one("fail"), one("ok", "stalled"), one("not_evaluated", "win_rate"), norm, bad)
    appeared, resolved = _verdicts(now, then)
    assert [v.metric for v in appeared] == ["won", "entries"]
    assert [v.metric for v in resolved] == ["stalled", "conversion"]


def test_two_norms_on_one_figure_are_told_apart_and_bounds_may_move():
    """The bound changes with the working days; the order of the config does not."""
    who = {"kind": "norm", "manager": "Анна"}
    then = (one("warn", bound="5", **who), one("ok", bound="2", **who))
    now = (one("ok", bound="4", **who), one("warn", bound="1.6", **who))
    appeared, resolved = _verdicts(now, then)
    assert [v.bound for v in appeared] == ["1.6"]
    assert [v.bound for v in resolved] == ["5"]


def test_those_perhaps_stalled_are_not_new_to_act_on(request_: Request) -> None:
    """The count is of the deals of ``reason=any``, as the verdict's."""
    now = analyze(request_)
    rows = now.metrics
    own = rows["metric"].eq("stalled") & rows["scope"].eq("company") & rows["stage"].isna()
    own &= rows["slice"].eq("reason=any")
    certain = now.stalled["reasons"] != ""
    assert rows[own]["value"].max() == certain.sum() > 0
    nothing = replace(now, stalled=now.stalled.iloc[:0])
    found = compare(now, nothing, THEN).new_stalled
    assert found is not None
    assert len(found) == certain.sum()
    vague = now.stalled.assign(status="perhaps", reasons="")
    found = compare(replace(now, stalled=vague), nothing, THEN).new_stalled
    assert found is not None
    assert found.empty
