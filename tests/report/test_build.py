"""The whole report: widths, sections, what is not evaluated, the foot, and that it adds up."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from funnelkpi.errors import UsageError
from funnelkpi.locale.catalogue import text
from funnelkpi.metrics._cohort import CLASSES
from funnelkpi.report.build import KNOWN_SECTIONS, SECTIONS
from funnelkpi.report.document import Line, Report, Section, Table

CRM = pytest.mark.parametrize("crm", ["amocrm", "bitrix24"])
LANG = pytest.mark.parametrize("lang", ["ru", "en"])
WHOLE = [name for name in SECTIONS if name not in ("slices", "changes")]
NO_SOURCE = {"amocrm": ("calls", "people"), "bitrix24": (), "calls": ()}
"""Sections left out because no file of the sample feeds them."""


def cells(line: str) -> int:
    """Cells of a terminal: wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in line
    )


@CRM
@LANG
@pytest.mark.parametrize("width", [80, 160])
def test_no_line_is_wider(page: Callable[..., list[str]], crm: str, lang: str, width: int) -> None:
    lines = page(crm, lang, width)
    assert max(map(cells, lines)) <= width
    assert not any(line != line.rstrip() for line in lines)


@CRM
def test_sections_in_order(report: Callable[..., Report], crm: str) -> None:
    assert [s.id for s in report(crm).sections] == [n for n in WHOLE if n not in NO_SOURCE[crm]]
    assert set(SECTIONS) == KNOWN_SECTIONS
    assert [s.id for s in report(crm, sections=("stock", "norms")).sections] == ["stock", "norms"]
    with pytest.raises(UsageError):
        report(crm, sections=("weather",))


@CRM
@LANG
def test_tables_are_whole(report: Callable[..., Report], crm: str, lang: str) -> None:
    """Every row has a cell per column; every section says something."""
    for section in report(crm, lang).sections:
        assert section.title == text(f"report.section_{section.id}", lang)
        assert section.blocks
        for table in tables(section):
            widths = {len(row) for row in table.rows}
            widths |= {len(table.total)} if table.total else set()
            assert widths <= {len(table.columns)}, (section.id, table.title)


def tables(section: Section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]


def words(section: Section) -> str:
    notes = [n for t in tables(section) for n in t.notes]
    return "\n".join([b.text for b in section.blocks if isinstance(b, Line)] + notes)


def section(report: Report, name: str) -> Section:
    return next(s for s in report.sections if s.id == name)


@LANG
def test_reasons_not_evaluated_are_named(report: Callable[..., Report], lang: str) -> None:
    amocrm = words(section(report("amocrm", lang), "stalled"))
    for reason in ("silent", "overdue", "no_next_step"):
        shown = text(f"report.reason_{reason}", lang)
        assert any(
            line.startswith(("«" if lang == "ru" else "“") + shown) for line in amocrm.splitlines()
        ), reason
    bitrix24 = report("bitrix24", lang)
    assert text("report.needs_loss_reason", lang) in words(section(bitrix24, "losses"))
    assert text("report.conversion_bounds_note", lang) in words(section(bitrix24, "conversion"))
    assert text("report.reason_silent", lang) not in words(section(bitrix24, "stalled"))


@CRM
def test_classes_of_a_base_add_up(report: Callable[..., Report], crm: str) -> None:
    """The account of every base: the classes shown are the base, for each scope and step."""
    rows = report(crm).data["metrics"]
    sums: dict[tuple[Any, ...], float] = {}
    place = ("scope", "department", "role", "manager", "pipeline", "stage", "to_stage")
    for row in rows:
        inside = row["slice"] in {f"class={name}" for name in CLASSES}
        if row["metric"] == "conversion_base" and inside:
            key = tuple(row[k] for k in place)
            sums[key] = sums.get(key, 0) + row["value"]
    bases = {
        tuple(row[k] for k in place): row["n"]
        for row in rows
        if row["metric"] == "conversion" and row["statistic"] == "value" and not row["slice"]
        and row["n"] is not None
    }  # fmt: skip
    assert len(bases) > 50
    assert sums == bases


@CRM
def test_the_account_shown_adds_up(report: Callable[..., Report], crm: str) -> None:
    """What the page shows: base = advanced + lost + ... ; "too early" and what follows is beside."""
    classes = {text(f"report.class_{k}", "ru") for k in CLASSES}
    account = text("report.base_account", "ru")
    seen = 0
    for table in tables(section(report(crm), "conversion")):
        if table.title != account:
            continue
        inside = [i for i, c in enumerate(table.columns) if c.title in classes]
        (base,) = [i for i, c in enumerate(table.columns) if c.title == text("report.base", "ru")]
        for row in table.rows:
            assert sum(int(row[i].value or 0) for i in inside) == row[base].value
            seen += 1
    assert seen >= 8


@CRM
def test_rows_of_the_files_add_up(report: Callable[..., Report], crm: str) -> None:
    (table,) = tables(section(report(crm), "quality"))
    for row in table.rows:
        total, *parts = (cell.value for cell in row[2:])
        assert total == sum(parts)


@CRM
def test_total_rows_are_the_company(report: Callable[..., Report], crm: str) -> None:
    """The last row of the results: the company's figures of the JSON."""
    made = report(crm)
    figures = {
        r["metric"]: r["value"]
        for r in made.data["metrics"]
        if r["scope"] == "company" and r["pipeline"] is None and r["slice"] is None
        and r["statistic"] == "value" and r["currency"] in (None, "RUB")
    }  # fmt: skip
    table = tables(section(made, "results"))[0]
    assert table.total is not None
    shown = {c.title: cell.value for c, cell in zip(table.columns, table.total, strict=True)}
    for key, metric in (("created", "deals_created"), ("won", "won"), ("lost", "lost"),
                        ("won_amount", "won_amount"), ("average_check", "average_check")):  # fmt: skip
        assert shown[text(f"report.{key}", "ru")] == figures[metric], metric


@CRM
def test_managers_and_nobody_make_the_company(report: Callable[..., Report], crm: str) -> None:
    """Who is not listed (nobody, a bot, who left) is why a column need not add up to the total."""
    rows = [r for r in report(crm).data["metrics"] if r["metric"] == "deals_created"]
    rows = [r for r in rows if r["pipeline"] is None and r["slice"] is None]
    people = sum(r["value"] for r in rows if r["scope"] == "manager")
    (company,) = [r["value"] for r in rows if r["scope"] == "company"]
    assert people == company


@LANG
def test_without_a_config_the_last_line_is_init(report: Callable[..., Report], lang: str) -> None:
    made = report("amocrm", lang, configured=False)
    assert [line.text for line in made.foot] == [text("report.foot_init", lang)]
    assert "funnelkpi init" in made.foot[-1].text
    assert report("amocrm", lang).foot == ()


def test_chosen_managers_have_no_total(report: Callable[..., Report]) -> None:
    made = report("amocrm", managers=("Басманов", "Вересова"))
    for part in ("results", "conversion", "stalled"):
        for table in tables(section(made, part)):
            assert table.total is None
    names = [row[0].value for row in tables(section(made, "results"))[0].rows]
    assert names == ["Кирилл Басманов", "Ольга Вересова"]


def test_chosen_pipeline(report: Callable[..., Report]) -> None:
    made = report("bitrix24", pipelines=("service",))
    titles = {t.title for t in tables(section(made, "conversion"))}
    assert text("report.conversion_of", "ru", pipeline="Сервис и тендеры") in titles
    assert text("report.conversion_of", "ru", pipeline="Продажи") not in titles
    total = tables(section(made, "results"))[0].total
    created = [
        r["value"] for r in made.data["metrics"]
        if r["metric"] == "deals_created" and r["scope"] == "company"
    ]  # fmt: skip
    assert total is not None
    assert [total[1].value] == created


def test_slices(sample: Callable[[str], Any]) -> None:
    """``--by``: a section of its own, whose rows add up to the company."""
    from dataclasses import replace

    from funnelkpi.metrics.registry import compute
    from funnelkpi.report.analysis import Choice
    from funnelkpi.report.build import build_report

    analysis = sample("bitrix24")
    view = replace(analysis.view, by=("source",))
    figures = compute(analysis.data, view)
    cut = replace(analysis, view=view, metrics=figures.table)
    made = build_report(cut, "ru", Choice(by=("source",)))
    assert "slices" in [s.id for s in made.sections]
    (table,) = tables(section(made, "slices"))
    created = next(
        i for i, c in enumerate(table.columns) if c.title == text("report.created", "ru")
    )
    whole = tables(section(made, "results"))[0].total
    assert whole is not None
    assert sum(int(row[created].value or 0) for row in table.rows) == whole[1].value
