"""Sums inside sentences."""

from __future__ import annotations

import pytest

from funnelkpi.report.money import decimal, short_money


@pytest.mark.parametrize(
    ("amount", "ru", "en"),
    [
        (0, "0 ₽", "0 ₽"),
        (999, "999 ₽", "999 ₽"),
        (1_000, "1 тыс. ₽", "1k ₽"),
        (340_400, "340,4 тыс. ₽", "340.4k ₽"),
        (999_949, "999,9 тыс. ₽", "999.9k ₽"),
        (999_950, "1 млн ₽", "1m ₽"),  # never «1000 тыс.»
        (1_250_000, "1,2 млн ₽", "1.2m ₽"),
        (18_500_000, "18,5 млн ₽", "18.5m ₽"),
        (2_000_000_000, "2 млрд ₽", "2bn ₽"),
        (-340_000, "-340 тыс. ₽", "-340k ₽"),
    ],
)
def test_short_money(amount: float, ru: str, en: str) -> None:
    assert short_money(amount, "RUB", "ru") == ru
    assert short_money(amount, "RUB", "en") == en


def test_currencies() -> None:
    assert short_money(5, "USD", "en") == "5 $"
    assert short_money(5, "GBP", "en") == "5 GBP"
    assert short_money(5, None, "en").strip() == "5"


def test_decimal() -> None:
    assert [decimal(x, 1, "ru") for x in (0.4, 1.0, 2.25, 10, 100.04)] == [
        "0,4", "1", "2,2", "10", "100",
    ]  # fmt: skip
    assert decimal(0.4, 1, "en") == "0.4"
    assert decimal(1000, 0, "en") == "1000"
