"""Numbers inside texts."""

from __future__ import annotations

from math import inf, isnan

import pytest

from funnelkpi.config.schema import Filter
from funnelkpi.metrics._ranges import number, passes, span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50-100", (50, 100)), ("51 – 250 чел.", (51, 250)), ("1 241 000,00", (1_241_000, 1_241_000)),
        ("1\u00a0241\u00a0000", (1_241_000, 1_241_000)), ("1.241.000,50", (1_241_000.5,) * 2),
        ("1,241,000.50", (1_241_000.5,) * 2), ("12,5", (12.5, 12.5)), ("12.5", (12.5, 12.5)),
        ("свыше 250", (250, inf)), ("250+", (250, inf)), ("более 1,5 млн руб.", (1.5e6, inf)),
        ("до 15", (-inf, 15)), ("менее 100 тыс", (-inf, 1e5)), ("от 100 до 500", (100, 500)),
        ("50-100 млн", (5e7, 1e8)), ("900 тыс - 2 млн", (9e5, 2e6)), ("> 1000", (1000, inf)),
        ("250 и более", (250, inf)), ("0", (0, 0)), ("1000 сотрудников", (1000, 1000)),
    ],
)  # fmt: skip
def test_span(text, expected):
    assert span(text) == expected


@pytest.mark.parametrize("text", ["", "много", "n/a", "—"])
def test_no_number(text):
    assert all(isnan(x) for x in span(text))
    assert not any(passes(text, Filter(field="x", op=op, value=0)) for op in ("<", "<=", ">", ">="))


def test_everything_a_range_speaks_of_must_pass():
    def asked(text, op, value):
        return passes(text, Filter(field="employees", op=op, value=value))

    assert asked("50-100", ">=", 50)
    assert not asked("50-100", ">", 50)
    assert not asked("50-100", ">=", 51)
    assert asked("50-100", "<=", 100)
    assert not asked("50-100", "<", 100)
    assert asked("свыше 250", ">=", 250)
    assert not asked("свыше 250", "<", 1000)


def test_thousands_need_groups_of_three():
    assert number("1 241") == 1241
    assert span("5 100")[0] == 5100
    assert span("5 10") == (5, 10)
