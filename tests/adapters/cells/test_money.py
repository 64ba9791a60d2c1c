from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.adapters.cells.money import (
    caption_currency,
    currency_code,
    parse_amount,
    parse_money,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 241 000,00 ", (1241000.0, None)),
        ("1\u00a0241\u202f000,50", (1241000.5, None)),
        ("1241000|RUB", (1241000.0, "RUB")),
        ("1,241,000.50", (1241000.5, None)),
        ("1.241.000,50", (1241000.5, None)),
        ("1.241.000", (1241000.0, None)),
        ("12,5", (12.5, None)),
        ("1,241", (1241.0, None)),
        ("7000.05", (7000.05, None)),
        ("-5", (-5.0, None)),
        ("'-5", (-5.0, None)),
        ("−5 000", (-5000.0, None)),
        ("1 000 руб.", (1000.0, "RUB")),
        ("5 000 ₸", (5000.0, "KZT")),
        ("R$ 1.234,56", (1234.56, "BRL")),
        ("$0", (0.0, "USD")),
        ("12&nbsp;000 &#8381;", (12000.0, "RUB")),
        ("5 белорусский рубль", (5.0, "BYN")),
        ("дорого", None),
        ("12 штук", None),
        ("", None),
    ],
)
def test_amounts(text, expected):
    assert parse_amount(text) == expected


def test_column_keeps_zero_and_missing_apart():
    money = parse_money(pa.array(["0", None, "", "10.5", " 7 "], pa.large_string()))
    np.testing.assert_array_equal(money.values, [0, np.nan, np.nan, 10.5, 7])
    assert not money.bad.any()


def test_mixed_column_names_what_is_no_amount():
    money = parse_money(pa.array(["100", "5 €", "-", "много", None], pa.large_string()))
    np.testing.assert_array_equal(money.values, [100, 5, np.nan, np.nan, np.nan])
    assert money.bad.tolist() == [False, False, False, True, False]
    assert [money.codes[c] if c >= 0 else None for c in money.currency][:2] == [None, "EUR"]


@pytest.mark.parametrize(
    ("caption", "code"),
    [
        ("Бюджет ₸", "KZT"), ("Бюджет ₽", "RUB"), ("Бюджет, руб", "RUB"), ("Lead venda R$", "BRL"),
        ("Presupuesto RD$", "DOP"), ("Presupuesto $", "USD"), ("Бюджет €", "EUR"),
        ("Бюджет руб. (сделка)", "RUB"), ("Бюджет ", None), ("Venda", None), ("Сумма", None),
    ],
)  # fmt: skip
def test_currency_of_a_caption(caption, code):
    assert caption_currency(caption) == code


@pytest.mark.parametrize(
    ("word", "code"),
    [("Российский рубль", "RUB"), ("Рубль", "RUB"), ("Brazilian Real", "BRL"), ("KZT", "KZT"),
     ("Тенге", "KZT"), ("тугрик", None), ("", None)],
)  # fmt: skip
def test_currency_names(word, code):
    assert currency_code(word) == code


@given(st.integers(-(10**9), 10**9), st.integers(0, 99))
def test_grouped_numbers_read_as_plain_ones(whole, cents):
    sign = "-" if whole < 0 else ""
    value = float(f"{whole}.{cents:02d}")
    grouped = f"{abs(whole):,}".replace(",", " ")
    assert parse_amount(f"{sign}{grouped},{cents:02d}") == (value, None)
    assert parse_amount(f"{sign}{abs(whole):,}.{cents:02d} ₽") == (value, "RUB")
