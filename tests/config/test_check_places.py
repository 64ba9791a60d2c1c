from __future__ import annotations

import pytest
from holidays import list_supported_countries

from funnelkpi.config.schema import CalendarSettings, Settings

WRONG = {
    "time zone misspelt": ("time_zone: Europe/Moskow\n", [(1, 12, "unknown_time_zone_near")]),
    "time zone invented": ("time_zone: Мск\n", [(1, 12, "unknown_time_zone")]),
    "time zone is a folder": ("time_zone: Europe\n", [(1, 12, "unknown_time_zone_near")]),
    "time zone leads away": ("time_zone: ../UTC\n", [(1, 12, "unknown_time_zone_near")]),
    "country": ("calendar:\n  country: Россия\n", [(2, 12, "unknown_country")]),
    "country small": ("calendar:\n  country: kz\n", [(2, 12, "unknown_country_near")]),
    "opens after closes": (
        "calendar:\n  opens: '19:00'\n  closes: '9:00'\n",
        [(3, 11, "opens_after_closes")],
    ),
    "opens at the default end": (
        "calendar:\n  opens: '18:00'\n",
        [(2, 10, "opens_after_closes")],
    ),
    "worked and off": (
        "calendar:\n  holidays: [2026-05-02]\n  workdays: [2026-05-01, 2026-05-02]\n",
        [(3, 26, "day_off_and_on")],
    ),
    "currency": ("currency: руб\n", [(1, 11, "bad_currency")]),
    "currency of a rate": ("report:\n  rates: {usd: 95}\n", [(2, 11, "bad_currency")]),
    "rate of zero": ("report:\n  rates: {USD: 0}\n", [(2, 16, "must_be_over")]),
    "region": ("calls:\n  phone_region: Россия\n", [(2, 17, "bad_region")]),
    "link": ("report:\n  link: https://example.com/\n", [(2, 9, "link_without_id")]),
    "column misspelt": (
        "inputs:\n  columns: {ammount: Сумма}\n",
        [(2, 13, "unknown_column_near")],
    ),
    "column the other way round": (
        "inputs:\n  columns:\n    Сумма: amount\n",
        [(3, 5, "unknown_column")],
    ),
    "column of a file": (
        "inputs:\n  files:\n    - match: a.csv\n      columns: {онер: b}\n",
        [(4, 17, "unknown_column")],
    ),
    "encoding": (
        "inputs:\n  files: [{match: a.csv, encoding: cp9999}]\n",
        [(2, 36, "unknown_encoding")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG.keys())
def test_place_and_reason(text, expected, told):
    assert told(text) == expected


def test_the_zone_meant(problems_of):
    (problem,) = problems_of("time_zone: Asia/Yekaterinbrg\n")
    assert problem.params["nearest"] == "Asia/Yekaterinburg"


def test_the_default_country_needs_no_check():
    assert CalendarSettings().country in list_supported_countries()
    assert Settings().time_zone == "Europe/Moscow"
