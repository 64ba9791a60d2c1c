"""Every unit in both languages, with the digits decided in the module's docstring."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.renderers._format import format_cell, full_text
from funnelkpi.report.document import Cell

NB = "\u00a0"


@pytest.mark.parametrize(
    ("unit", "value", "ru", "en"),
    [
        ("count", 7, "7", "7"),
        ("count", 1234567, "1 234 567", "1,234,567"),
        ("count", 12.0, "12", "12"),
        ("count", 3.45, "3,5", "3.5"),
        ("count", -1200, "-1 200", "-1,200"),
        ("share", 0.25, "25 %", "25%"),
        ("share", 0.253, "25 %", "25%"),
        ("share", 0.125, "13 %", "13%"),  # halves go up
        ("share", 0.0833, "8,3 %", "8.3%"),
        ("share", 0.08, "8 %", "8%"),
        ("share", 0.0996, "10 %", "10%"),
        ("share", 0.0, "0 %", "0%"),
        ("share", 0.0001, "<0,1 %", "<0.1%"),
        ("share", 0.9996, "99,9 %", "99.9%"),  # not yet 100 %
        ("share", 0.99999999999, "100 %", "100%"),  # 1 but for binary noise
        ("share", 1.0, "100 %", "100%"),
        ("share", 12.3456, "1 235 %", "1,235%"),
        ("share", -0.0001, "0 %", "0%"),
        ("ratio", 2.345, "2,35", "2.35"),
        ("ratio", 12.34, "12,3", "12.3"),
        ("ratio", 2.0, "2", "2"),
        ("days", 14.0, "14 дн.", "14 d"),
        ("days", 1.5, "1,5 дн.", "1.5 d"),
        ("days", 12.4, "12 дн.", "12 d"),
        ("days", 9.97, "10 дн.", "10 d"),
        ("hours", 5, "5 ч", "5 h"),
        ("minutes", 20.0, "20 мин", "20 min"),
        ("id", 48211093, "48211093", "48211093"),
        ("id", "48211093", "48211093", "48211093"),
        ("text", True, "да", "yes"),
        ("day", date(2026, 11, 16), "16.11.2026", "16 Nov 2026"),
        ("day", datetime(2026, 11, 16, 9, 5), "16.11.2026", "16 Nov 2026"),
        ("moment", datetime(2026, 11, 6, 9, 5), "06.11.2026 09:05", "6 Nov 2026 09:05"),
        ("count", 10**30, "1" + " 000" * 10, "1" + ",000" * 10),
        ("count", 1e22, "10" + " 000" * 7, "10" + ",000" * 7),
    ],
)
def test_units(unit: str, value: object, ru: str, en: str) -> None:
    cell = Cell(value, unit)  # type: ignore[arg-type]
    assert format_cell(cell, "ru") == ru.replace(" ", NB)
    assert format_cell(cell, "en") == en.replace(" ", NB)


@pytest.mark.parametrize(
    ("value", "currency", "ru", "en"),
    [
        (1241000, "RUB", "1 241 000 ₽", "RUB 1,241,000"),
        (1241000.49, "RUB", "1 241 000 ₽", "RUB 1,241,000"),
        (999.5, "RUB", "999,50 ₽", "RUB 999.50"),
        (500.0, "USD", "500 $", "$500"),
        (-15.25, "EUR", "-15,25 €", "€-15.25"),
        (500, "QQQ", "500 QQQ", "QQQ 500"),
        (500, None, "500", "500"),
    ],
)
def test_money(value: float, currency: str | None, ru: str, en: str) -> None:
    cell = Cell(value, "money", currency=currency)
    assert format_cell(cell, "ru") == ru.replace(" ", NB)
    assert format_cell(cell, "en") == en.replace(" ", NB)


@pytest.mark.parametrize(
    ("unit", "bounds", "ru", "en"),
    [
        ("share", (0.09, 0.98), "от 9 до 98 %", "9 to 98%"),
        ("days", (4, 31), "от 4 до 31 дн.", "4 to 31 d"),
        ("money", (100, 2500), "от 100 до 2 500 ₽", "RUB 100 to 2,500"),
        ("share", (0.5, 0.5), "50 %", "50%"),
        ("count", (5, float("inf")), "≥ 5", "≥ 5"),
        ("count", (float("nan"), 5), "≤ 5", "≤ 5"),
        ("count", (float("nan"), float("inf")), "—", "—"),
    ],
)
def test_bounds(unit: str, bounds: tuple[float, float], ru: str, en: str) -> None:
    cell = Cell(None, unit, bounds=bounds, currency="RUB")  # type: ignore[arg-type]
    assert format_cell(cell, "ru").replace(NB, " ") == ru
    assert format_cell(cell, "en").replace(NB, " ") == en


@pytest.mark.parametrize("unit", ["count", "share", "money", "days", "moment", "day", "id", "text"])
@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_missing_is_a_dash_and_never_zero(unit: str, value: float | None) -> None:
    assert format_cell(Cell(value, unit), "ru") == "—"  # type: ignore[arg-type]


def test_a_value_wins_over_bounds() -> None:
    assert format_cell(Cell(0.25, "share", bounds=(0.1, 0.4)), "en") == "25%"


def test_full_text_joins_value_mark_and_note() -> None:
    assert full_text(Cell(3, "count", mark="▼", note="3/10"), "en") == "3 ▼ 3/10"


@given(st.floats(min_value=0, max_value=1))
def test_a_share_prints_as_all_or_nothing_only_when_it_is(share: float) -> None:
    shown = format_cell(Cell(share, "share"), "en")
    if shown == "100%":
        assert share > 1 - 1e-8
    if shown == "0%":
        assert share < 1e-8
    if not shown.startswith("<"):
        assert abs(float(shown[:-1]) / 100 - share) <= 0.005 + 1e-9


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from(["ru", "en"]))
def test_any_number_in_any_unit(value: float, lang: str) -> None:
    for unit in ("count", "share", "ratio", "money", "days", "text"):
        shown = format_cell(Cell(value, unit, currency="RUB"), lang)  # type: ignore[arg-type]
        assert shown
        assert "E" not in shown.replace("RUB", "")
        assert " " not in shown
