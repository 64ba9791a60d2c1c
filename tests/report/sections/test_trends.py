"""The section of trends: sparklines, changes that are more than noise, at most thirty lines."""

from dataclasses import replace

import pytest

from funnelkpi.renderers.registry import render
from funnelkpi.report.analysis import Choice
from funnelkpi.report.build import build_report
from funnelkpi.report.document import Table
from funnelkpi.report.trend_lines import difference, sparkline

ONLY = {"sections": ("trends",)}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 7, 14], "▁▅█"),
        ([None, 0, 0], "·▁▁"),
        ([5, 5], "██"),
        ([None, None], "··"),
        ([-3, 3], "▁█"),
        ([], ""),
    ],
)
def test_sparkline(values, expected):
    assert sparkline(values) == expected


@pytest.mark.parametrize("crm", ["amocrm", "bitrix24"])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_thirty_lines_of_80_columns(report, crm, lang):
    lines = render(report(crm, lang, **ONLY), "terminal", width=80).decode().splitlines()
    begin = next(i for i, line in enumerate(lines) if line.endswith("──────────"))
    own = lines[begin:]
    assert len(own) <= 30
    assert max(map(len, own)) <= 80


def tables(page):
    return [b for b in page.sections[0].blocks if isinstance(b, Table)]


@pytest.mark.parametrize("crm", ["amocrm", "bitrix24"])
def test_rows_are_the_frames_numbers(sample, report, crm):
    analysis = sample(crm)
    company, managers = tables(report(crm, **ONLY))
    changes, trends = analysis.changes, analysis.trends
    whole = changes[changes["scope"].eq("company") & changes["pipeline"].isna()]
    created = whole[whole["metric"].eq("deals_created")].iloc[0]
    first = company.rows[0]
    assert (first[2].value, first[3].value) == (created["value"], created["before"])
    points = trends[trends["metric"].eq("deals_created") & trends["scope"].eq("company")]
    points = points[points["pipeline"].isna()]["value"].tolist()
    assert first[1].value == sparkline(points)
    assert len(first[1].value) == 12
    own = changes[changes["scope"].eq("manager") & changes["pipeline"].isna()]
    won = own[own["metric"].eq("won")].set_index("manager")["value"]
    listed = {m.name for m in analysis.data.roster.managers if m.listed}
    for row in managers.rows:
        assert row[0].value in listed
        assert str(row[2].value).split()[-1] == f"{won[row[0].value]:g}"


def test_one_manager_gets_the_whole_table(sample, report):
    name = "Тимур Галеев"
    (table,) = tables(report("amocrm", **ONLY, managers=(name,)))
    changes = sample("amocrm").changes
    own = changes[changes["manager"].eq(name) & changes["pipeline"].isna()]
    assert table.rows[0][2].value == own[own["metric"].eq("deals_created")]["value"].iloc[0]
    assert len(table.rows) > 5


def test_two_managers_get_a_line_each(report):
    names = ("Тимур Галеев", "Зоя Лапина")
    (table,) = tables(report("amocrm", **ONLY, managers=names))
    assert {row[0].value for row in table.rows} == set(names)


class Words:
    lang = "ru"


def change(unit, value, before, mark, metric="won"):
    row = {"unit": unit, "value": value, "before": before, "mark": mark, "metric": metric}
    return difference(Words(), {**row, "currency": None})


def test_only_what_is_more_than_noise_is_marked():
    assert (change("count", 9.0, 1.0, "up").value, change("count", 9.0, 1.0, "up").mark) == (
        "+8",
        "▲",
    )
    assert change("count", 3.0, 5.0, None).mark is None
    assert change("count", 3.0, 5.0, None).value == "−2"
    assert change("share", 0.4, 0.45, None).value == "−5\u00a0п.\u00a0п."
    assert change("money", 150.0, 100.0, None).value == "+50\u00a0%"
    assert change("money", 150.0, 0.0, None).value is None
    assert change("count", 3.0, 3.0, None).value == "0"
    assert change("count", 3.0, None, None).value is None


def test_good_and_bad_depend_on_the_figure():
    assert change("count", 9.0, 1.0, "up").tone == "good"
    assert change("count", 9.0, 1.0, "up", "lost").tone == "bad"
    assert change("count", 1.0, 9.0, "down", "lost").tone == "good"


def test_markdown_keeps_the_sparklines(report):
    text = render(report("amocrm", **ONLY), "markdown").decode()
    assert "| Создано сделок | ▄▆█▆▆▇█▆▅▇▇█ |" in text


def test_a_period_of_the_future_says_so(sample):
    analysis = sample("amocrm")
    period = replace(analysis.view.period, start=analysis.view.as_of.replace(year=2030))
    later = replace(period, end=period.start.replace(year=2031))
    page = build_report(
        replace(analysis, view=replace(analysis.view, period=later)), "ru", Choice(**ONLY)
    )
    (line,) = page.sections[0].blocks
    assert "ещё не начался" in line.text
