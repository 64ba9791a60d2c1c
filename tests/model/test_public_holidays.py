"""The holidays of one country are the library's own, without loading the other countries."""

from __future__ import annotations

import subprocess
import sys

import pytest

from funnelkpi.model import public_holidays as module
from funnelkpi.model.public_holidays import public_holidays


@pytest.mark.parametrize("country", ["RU", "KZ", "BY", "UZ", "DE", "GB", "IL", "AX"])
def test_they_are_those_of_the_library(country: str) -> None:
    import holidays

    for year in (2025, 2026):
        assert public_holidays(country, year) == set(holidays.country_holidays(country, years=year))


def test_the_library_answers_where_a_module_cannot_be_found(monkeypatch) -> None:
    expected = public_holidays("RU", 2026)
    monkeypatch.setattr(module, "_class_of", lambda country: None)
    assert public_holidays("RU", 2026) == expected


def test_an_unknown_country() -> None:
    with pytest.raises(NotImplementedError):
        public_holidays("XX", 2026)


def test_other_countries_are_not_loaded() -> None:
    code = (
        "import sys; from funnelkpi.model.public_holidays import public_holidays;"
        "assert len(public_holidays('RU', 2026)) > 5;"
        "assert 'holidays.countries' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
