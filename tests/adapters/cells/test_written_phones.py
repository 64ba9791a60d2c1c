"""What stands around a number: extensions, addresses, a second number."""

from __future__ import annotations

import pytest

from funnelkpi.adapters.cells.phones import by_library
from funnelkpi.adapters.cells.written_phones import written_numbers


@pytest.mark.parametrize(
    "extension",
    ["вн. 123", "(вн. 123)", "вн.123", "внутр. 123", "доб 123", "(доб. 123)", "добавочный 123",
     "ext. 123", "x123", "х123", "#123", "*123", ",123", ",,123", ";ext=123", "(123)", "д.123"],
)  # fmt: skip
def test_an_extension_is_cut_off(extension):
    assert by_library(f"8 485 212-34-56 {extension}", "RU") == "+74852123456"
    assert by_library(f"84852123456{extension}", "RU") == "+74852123456"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("доб. 101", ["доб. 101"]),  # alone it is a number itself
        ("+7 (916) 555-12-34", ["+7 (916) 555-12-34"]),
        ("sip:79165551234@host", ["79165551234"]),
        ("sip:101@pbx", ["101"]),
        ("SIP/101-0000001a", ["101"]),
        ("a.kim@pbx2.example.com", []),
        ("79165551234; 79165551235", ["79165551234", "79165551235"]),
        ("79165551234\n79165551235", ["79165551234", "79165551235"]),
        ("8 916 555-12-34 / 8 916 555-12-35 вн. 2", ["8 916 555-12-34", "8 916 555-12-35"]),
        ("8(4852)123456 8(4852)123457", ["8(4852)123456", "8(4852)123457"]),
        ("7,91656E+10", ["7,91656E+10"]),
    ],
)
def test_numbers_as_they_are_written(text, numbers):
    assert [n.strip() for n in written_numbers(text)] == numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("555 1234", "5551234"),  # no +7 555 1234: the area code is missing
        ("12-34-56", "123456"),
        ("380501234567", "+380501234567"),
        ("Иван +7 916 555-12-34", "+79165551234"),
        ("84852123456 раб.", "+74852123456"),
        ("57 / 8 485 212-34-56", "+74852123456"),
        ("sip:ann@pbx", None),
    ],
)
def test_the_first_that_is_a_number(text, number):
    assert by_library(text, "RU") == number
