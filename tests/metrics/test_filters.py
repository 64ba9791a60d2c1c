"""Structured filters over the columns of the deals."""

import pytest

from funnelkpi.config.schema import Filter
from funnelkpi.metrics._filters import UnknownFieldError, passing

TABLE = """
id | manager | stage | created    | amount | source  | tags      | field:Категория
1  | Анна    | base  | 2026-11-01 | 100    | Сайт    | vip, сайт | A
2  | Анна    | base  | 2026-11-02 | 200    | Холод   | сайт      | B
3  | Анна    | base  | 2026-11-03 |        |         |           | 10
"""


@pytest.mark.parametrize(
    ("field", "op", "value", "expected"),
    [
        ("source", "=", " сайт ", [1]),
        ("source", "!=", "Сайт", [2, 3]),
        ("source", "in", ["Сайт", "Холод"], [1, 2]),
        ("source", "not_in", ["Сайт"], [2, 3]),
        ("source", "contains", "хол", [2]),
        ("source", "filled", None, [1, 2]),
        ("source", "empty", None, [3]),
        ("tags", "=", "vip", [1]),
        ("tags", "in", ["сайт"], [1, 2]),
        ("amount", ">", 100, [2]),
        ("amount", "<=", "100", [1]),
        ("amount", "empty", None, [3]),
        ("created_at", ">=", "2026-11-02", [2, 3]),
        ("Категория", "=", "a", [1]),
        ("Категория", ">", 5, [3]),
    ],
)
def test_operators(make, field, op, value, expected):
    data = make.build(TABLE, funnel=make.funnel())
    keep = passing(data, [Filter(field=field, op=op, value=value)])
    assert [i + 1 for i, ok in enumerate(keep) if ok] == expected


def test_all_filters_must_pass(make):
    data = make.build(TABLE, funnel=make.funnel())
    both = [Filter(field="tags", value="сайт"), Filter(field="amount", op=">", value=150)]
    assert passing(data, both).tolist() == [False, True, False]


def test_an_unknown_column_is_told(make):
    data = make.build(TABLE, funnel=make.funnel())
    with pytest.raises(UnknownFieldError, match="Рост"):
        passing(data, [Filter(field="Рост", value=1)])
