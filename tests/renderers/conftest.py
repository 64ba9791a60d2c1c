"""Three reports every renderer runs over: full (with nasty texts), empty, all figures missing."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import Any, Literal

import pytest

from funnelkpi.renderers.json_schema import columns_of
from funnelkpi.report.document import Cell, Column, Line, Report, Rows, Section, Table

NASTY = (
    "[red]Скидка[/red]",
    "\x1b[31mкрасный\x1b[0m",
    "=1+1",
    "<script>alert(1)</script>",
    "a|b`c`",
    "Поставка насосов для водоканала и запасных частей к ним на 2027 год, доп. соглашение № 14",
    "Завод 👩\u200d👩\u200d👧 👍🏽 ❤\ufe0f 🇰🇿 한국",
    "\u202eтропсэ",
    "строка\r\nвторая\tтретья\x00\x9b",
    "@SUM(A1)",
    "1. не список",
    "**не жирный** _и_ [не](ссылка)",
)
MANAGERS = ("Орлова Дарья", "Белов Тимур", "Кузьмин-Заречный Константин", "Ли Ян", "Чудова Вера")
STAGES = {
    "ru": ("База", "ЛПР", "Потребности", "КП отправлено", "Согласование договора"),
    "en": ("Base", "Decision-maker", "Needs", "Proposal sent", "Contract agreed"),
}
Lang = Literal["ru", "en"]


def _counts(lang: Lang) -> Table:
    ru = lang == "ru"
    numbers = (
        (52, 9, 5, 4, 3),
        (48, 12, 6, 5, 2),
        (61, 4, 2, 1, 0),
        (50, 27, 9, 6, 4),
        (0, 0, 0, 0, 0),
    )
    rows = []
    for name, counts in zip(MANAGERS, numbers, strict=True):
        low = name.startswith("Кузьмин")
        cells = [Cell(name)]
        for i, n in enumerate(counts):
            bad = low and i in (1, 2)
            cells.append(
                Cell(n, "count", tone="bad" if bad else "plain", mark="▼" if bad else None,
                     bar=min(1.0, n / (50, 10, 5, 5, 3)[i]) if i in (0, 1) else None)
            )  # fmt: skip
        rows.append(tuple(cells))
    total = (Cell("Итого" if ru else "Total"), *(Cell(n, "count") for n in (211, 52, 22, 16, 9)))
    return Table(
        "Нормы недели" if ru else "Norms of the week",
        (
            Column("Менеджер" if ru else "Manager", align="left"),
            *(Column(title, priority=i // 3) for i, title in enumerate(STAGES[lang])),
        ),
        tuple(rows),
        total,
        ("▼ ниже нормы" if ru else "▼ below the norm",),
    )


def _conversion(lang: Lang) -> Table:
    ru = lang == "ru"
    steps = list(zip(STAGES[lang], STAGES[lang][1:], strict=False))
    shares = (0.253, 0.08, 1.0, 0.0)
    rows = []
    for i, ((a, b), share) in enumerate(zip(steps, shares, strict=True)):
        n = (312, 79, 8, 0)[i]
        rows.append(
            (
                Cell(f"{a} → {b}"),
                Cell(share, "share", bar=share, note=f"{round(share * n)}/{n}",
                     tone="bad" if i == 1 else "plain", mark="▼▼" if i == 1 else None)
                if i != 3
                else Cell(None, "share", bounds=(0.09, 0.98)),
                Cell(n, "count"),
                Cell(12.4 + i, "days"),
                Cell("ещё рано: 14" if ru else "too early: 14", tone="muted"),
            )
        )  # fmt: skip
    return Table(
        "Конверсия по шагам" if ru else "Conversion by step",
        (
            Column("Шаг" if ru else "Step", align="left"),
            Column("Дошли" if ru else "Reached"),
            Column("Вошли" if ru else "Entered", priority=1),
            Column("Медиана" if ru else "Median", priority=2),
            Column("Свежие" if ru else "Recent", align="left", priority=3),
        ),
        tuple(rows),
        None,
        (
            ("▼▼ намного ниже, чем у остальных (99,8 %)", "от … до: без истории")
            if ru
            else ("▼▼ much lower than the others (99.8%)", "9 to 98%: no history")
        ),
    )  # fmt: skip


def _stalled(lang: Lang) -> Table:
    ru = lang == "ru"
    rows = []
    for i, title in enumerate(NASTY):
        rows.append(
            (
                Cell(f"{48211093 + i * 7}", "id", link=f"https://demo.example/leads/{i}?a=1|2"),
                Cell(title),
                Cell(MANAGERS[i % 5]),
                Cell(STAGES[lang][i % 5]),
                Cell(1_241_000.5 * (i + 1) / 3, "money", currency="RUB" if i % 4 else "KZT"),
                Cell(14.0 + i, "days") if i % 3 else Cell(None, "days", bounds=(4, 31)),
                Cell("давно стоит, нет задачи" if ru else "stalled, no next step", tone="warn"),
                Cell(datetime(2026, 11, 9, 14, 5) if i % 2 else date(2026, 11, 3), "day"),
            )
        )
    titles = (
        ("ID", "Сделка", "Менеджер", "Этап", "Сумма", "Дней", "Почему", "С какого дня")
        if ru
        else ("ID", "Deal", "Manager", "Stage", "Amount", "Days", "Why", "Since")
    )
    left = (True, True, True, True, False, False, True, False)
    priority = (0, 1, 1, 3, 0, 0, 2, 4)
    return Table(
        None,
        tuple(
            Column(t, "left" if is_left else "right", p, width=24 if i == 1 else None)
            for i, (t, is_left, p) in enumerate(zip(titles, left, priority, strict=True))
        ),
        tuple(rows),
    )  # fmt: skip


def metric_row(**values: Any) -> dict[str, Any]:
    """A row of the long table with ``values``, the rest missing."""
    return dict.fromkeys(columns_of("metrics")) | {"metric": "won", "scope": "company"} | values


def full_data() -> dict[str, Any]:
    start, end = datetime(2026, 11, 9), datetime(2026, 11, 16)
    metrics = [
        metric_row(metric="conversion", scope="manager", department="Отдел 1", role="closer",
                   manager=name, pipeline="sales", stage="needs", to_stage="proposal",
                   period_start=start, period_end=end, value=0.3, numerator=3.0, denominator=10.0,
                   n=10.0, low=0.108, high=0.603, unit="share", statistic="value", mark="lower",
                   verdict="below", norm=0.5, evidence="dates", definition=NASTY[i])
        for i, name in enumerate((*MANAGERS, "=cmd|' /C calc'!A0", "-5 Иванов, \"Пётр\""))
    ]  # fmt: skip
    metrics.append(metric_row(value=float("nan"), verdict="not_evaluated", unit="count"))
    stalled = Rows(
        {
            "deal_id": ["101", "102"], "title": [NASTY[3], None],
            "link": ["https://demo.example/leads/101", None], "manager": ["Ли Ян", None],
            "department": [None, None], "pipeline": ["sales", "sales"], "stage": ["needs", "needs"],
            "amount": [120000.0, float("nan")], "currency": ["RUB", None], "days": [31.0, None],
            "days_low": [None, 4.0], "days_high": [None, 60.0], "limit": [14.0, 14.0],
            "unit": ["days", "days"], "over": [1.2, None],
            "reasons": [["stalled", "overdue"], ["too_old"]], "status": ["stalled", "perhaps"],
            "due_in_days": [None, None],
        }
    )  # fmt: skip
    return {
        "schema": "funnelkpi.report/1",
        "as_of": datetime(2026, 11, 16, 23, 59, 59),
        "period": {"name": "last-week", "start": start, "end": end},
        "config_sha256": "ab" * 32,
        "inputs": [
            {"file": "deals.csv", "kind": "deals", "crm": "amocrm", "rows": 10, "counted": 7,
             "merged": 1, "excluded": 1, "rejected": 1, "reasons": {"after_as_of": 1}}
        ],
        "metrics": metrics,
        "stalled": stalled,
        "findings": [
            {"code": "findings_adapters.unknown_stage", "severity": "warning", "file": "deals.csv",
             "rows": [2, 14], "column": "Этап сделки", "value": NASTY[1], "count": 2,
             "text": "Этап неизвестен", "remedy": "Добавьте его в pipelines"}
        ],
        "verdicts": [
            {"kind": "norm", "metric": "entries", "scope": "manager", "manager": "Ли Ян",
             "pipeline": "sales", "stage": "lpr", "to_stage": None, "value": 4, "bound": 10,
             "level": "warn", "text": "ниже нормы"}
        ],
    }  # fmt: skip


def full_report(lang: Lang = "ru") -> Report:
    ru = lang == "ru"
    return Report(
        title="Отдел продаж: неделя 9–15 ноября 2026" if ru else "Sales: week of 9–15 Nov 2026",
        head=(
            Line("По состоянию на 16.11.2026 23:59 (Europe/Moscow)" if ru
                 else "As of 16 Nov 2026 23:59 (Europe/Moscow)", "muted"),
            Line("Файлы: amocrm_export_leads_2026-11-16.csv — 1 204 строки: учтено 1 187, "
                 "объединено 9, исключено 6, отклонено 2" if ru
                 else "Files: amocrm_export_leads_2026-11-16.csv — 1,204 rows: 1,187 counted, "
                 "9 merged, 6 excluded, 2 rejected", "muted"),
        ),
        verdict=(
            Line("Кузьмин-Заречный: ЛПР 4 из 10 за неделю, четвёртую неделю подряд ниже нормы" if ru
                 else "Kuzmin-Zarechny: 4 of 10 decision-makers, fourth week below", "bad"),
            Line("Застряли 12 сделок на 8 687 004 ₽ — откройте сегодня 48211093 и 48211100" if ru
                 else "12 deals for RUB 8,687,004 are stalled: open 48211093 and 48211100", "warn"),
            Line("Ли Ян: ЛПР 27, отлично от 25" if ru else "Li Yan: 27, great", "good"),
        ),
        sections=(
            Section("norms", "Нормы" if ru else "Norms", (_counts(lang),)),
            Section("conversion", "Конверсия" if ru else "Conversion", (
                Line("Когорты: вошедшие за 90 дней, созревание 21 день." if ru
                     else "Cohorts: entries of 90 days, 21 days to mature.", "muted"),
                _conversion(lang),
                Line("Узкое место Белова: ЛПР → Потребности." if ru
                     else "Bottleneck of Belov: Decision-maker → Needs."),
            )),
            Section("stalled", "Застрявшие сделки" if ru else "Stalled deals", (_stalled(lang),)),
            Section("quality", "Качество данных" if ru else "Data quality", tuple(
                Line(text, "warn") for text in NASTY)),
        ),
        foot=(Line("funnelkpi init exports/", "strong"),),
        lang=lang,
        data=full_data(),
    )  # fmt: skip


def empty_report(lang: Lang = "ru") -> Report:
    return Report(
        title="", head=(), verdict=(), foot=(), lang=lang,
        sections=(
            Section("norms", "Нормы", ()),
            Section("stalled", "", (Table("Пусто", (Column("ID"),), ()), Table(None, (), ()))),
        ),
        data={**full_data(), "metrics": [], "stalled": Rows({}), "findings": [], "verdicts": [],
              "inputs": [], "config_sha256": None},
    )  # fmt: skip


def missing_report(lang: Lang = "ru") -> Report:
    units = (
        "count",
        "share",
        "ratio",
        "money",
        "days",
        "hours",
        "minutes",
        "moment",
        "day",
        "id",
        "text",
    )
    rows = (
        (Cell("Ли Ян"), *(Cell(None, unit) for unit in units)),
        (Cell(None), *(Cell(float("nan"), unit, bar=float("nan")) for unit in units)),
    )
    data = full_data()
    data["metrics"] = Rows({name: [values] for name, values in metric_row().items()})
    return Report(
        title="Нет данных", head=(Line(""),), verdict=(Line("Судить не о чем", "muted"),),
        sections=(Section("all", "Всё", (Table("", (
            Column("Менеджер", align="left"), *(Column(u, priority=1) for u in units)), rows),)),),
        foot=(), lang=lang, data=data,
    )  # fmt: skip


REPORTS = {"full": full_report, "empty": empty_report, "missing": missing_report}


@pytest.fixture(params=[f"{name}-{lang}" for name in REPORTS for lang in ("ru", "en")])
def report(request: pytest.FixtureRequest) -> Report:
    """Each of the three reports in each language."""
    name, lang = request.param.split("-")
    return REPORTS[name](lang)


@pytest.fixture
def full() -> Report:
    return full_report("ru")


@pytest.fixture
def nasty() -> tuple[str, ...]:
    return NASTY


if __name__ == "__main__":  # python tests/renderers/conftest.py ru 80: to look at it
    from funnelkpi.renderers.terminal import render

    shown = render(
        REPORTS[sys.argv[3] if len(sys.argv) > 3 else "full"](sys.argv[1]),
        width=int(sys.argv[2]), color=sys.stdout.isatty(),
    )  # fmt: skip
    sys.stdout.write(shown)
