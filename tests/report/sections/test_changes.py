"""The section of what is new since the previous export."""

from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest

from funnelkpi.renderers.registry import render
from funnelkpi.report.analysis import Choice
from funnelkpi.report.build import build_report
from funnelkpi.report.document import Line, Table
from funnelkpi.report.since import Since

NAMES = ("deal_id", "title", "manager", "pipeline", "from_stage", "stage", "amount", "currency")


def deals(*rows):
    return pd.DataFrame([dict(zip(NAMES, r, strict=True)) for r in rows], columns=list(NAMES))


WON = ("1", "Печь", "Зоя Лапина", "sales", "closing", "won", 1_400_000.0, "RUB")
LOST = ("2", "Станок", "Тимур Галеев", "sales", "lpr", "lost", 50_000.0, "RUB")
STALLED = ("3", "Насос", "Зоя Лапина", "sales", "lpr", "lpr", 7_000.0, "RUB")
MOVED = ("4", "Кран", "Тимур Галеев", "sales", "lpr", "needs", 10.0, "RUB")


def since(**changed):
    whole = {
        "previous": datetime(2026, 11, 9, 8, 30),
        "new_stalled": deals(STALLED),
        "moved": deals(MOVED, MOVED),
        "won": deals(WON),
        "lost": deals(LOST),
        "gone": deals(),
        "appeared": (),
        "resolved": (),
        "stage_unknown": 0,
    }
    return Since(**{**whole, **changed})


@pytest.fixture
def page(sample):
    def make(found, **choice):
        moment = datetime(2026, 11, 9, 8, 30)
        known = replace(sample("amocrm"), previous=moment, comparing=lambda *_: found)
        return build_report(known, "ru", Choice(**choice))

    return make


def words(report, name="changes"):
    section = next(s for s in report.sections if s.id == name)
    return [b.text for b in section.blocks if isinstance(b, Line)]


def table(report):
    return next(b for b in report.sections[0].blocks if isinstance(b, Table))


def test_it_is_the_first_section_and_only_with_something_to_compare(page, report):
    assert page(since()).sections[0].id == "changes"
    assert "changes" not in [s.id for s in report("amocrm").sections]
    (line,) = words(report("amocrm", sections=("changes",)))
    assert "archive add" in line


def test_counts_sums_and_stages(page):
    assert words(page(since())) == [
        "Прошлая выгрузка: 09.11.2026 08:30.",
        "Выиграно: 1 сделка: 1,4 млн ₽",
        "Проиграно: 1 сделка: 50 тыс. ₽",
        "Перешли на другой этап: 2 сделки (→ Потребность 2)",
        "Требуют внимания впервые: 1 сделка: 7 тыс. ₽",
    ]


def test_stages_of_several_pipelines_are_told_apart(page, sample):
    funnel = sample("amocrm").data.funnel
    one, two = funnel.pipelines[:2]
    stage = two.open_stages[0]
    other = ("5", "Лифт", "Тимур Галеев", two.key, None, stage.key, 10.0, "RUB")
    line = words(page(since(moved=deals(MOVED, other, other))))[3]
    assert f"→ «{one.title}»: Потребность 1" in line
    assert f"→ «{two.title}»: {stage.title} 2" in line


def test_the_largest_deals_are_named(page):
    found = [[cell.value for cell in row] for row in table(page(since())).rows]
    assert [row[:4] for row in found] == [
        ["выиграна", "1", "Печь", 1_400_000.0],
        ["проиграна", "2", "Станок", 50_000.0],
        ["внимание", "3", "Насос", 7_000.0],
    ]
    assert found[1][4] == "ЛПР"  # the stage it was lost from


def test_a_manager_sees_his_own(page):
    report = page(since(), managers=("Зоя Лапина",))
    assert [row[1].value for row in table(report).rows] == ["1", "3"]
    assert words(report)[2] == "Проиграно: 0 сделок"


def test_titles_are_masked_everywhere(page):
    report = page(since(), mask=True)
    for name in ("terminal", "markdown", "json"):
        shown = render(report, name).decode()
        assert not any(title in shown for title in ("Печь", "Станок", "Насос", "Кран"))


def test_what_cannot_be_told_is_said(page):
    lines = words(page(since(new_stalled=None, moved=deals(), stage_unknown=3)))
    assert any("не определить" in line for line in lines)
    assert any("У 3 сделок прошлый этап неизвестен" in line for line in lines)
    assert not any("никто не перешёл" in line for line in lines)


def test_nothing_new(page):
    none = deals()
    lines = words(page(since(new_stalled=none, moved=none, won=none, lost=none)))
    assert lines[1:] == ["С тех пор ничего не изменилось."]


def test_verdicts_by_name_and_the_rest_by_number(page, sample):
    own = [v for v in sample("amocrm").verdicts if v.kind == "norm"][:6]
    lines = words(page(since(appeared=tuple(own), resolved=tuple(own[:1]))))
    assert sum(line.startswith("Появилось: ") for line in lines) == 4
    assert "  и ещё 2" in lines
    assert sum(line.startswith("Снято: ") for line in lines) == 1
