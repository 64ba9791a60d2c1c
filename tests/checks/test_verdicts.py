"""Verdicts of norms and marks."""

import pandas as pd

from funnelkpi.checks.verdicts import mark_verdicts, norm_verdicts
from funnelkpi.metrics.result import conform


def rows(*records):
    fixed = {"metric": "entries", "scope": "manager", "statistic": "value", "manager": "Анна"}
    return conform(pd.DataFrame([{**fixed, **r} for r in records]))


def test_norms():
    table = rows(
        {"value": 4, "norm": 5, "verdict": "below"},
        {"value": 5, "norm": 5, "verdict": "normal"},
        {"value": 9, "norm": 5, "verdict": "great"},
        {"norm": 5, "verdict": "not_evaluated", "definition": "needs.stage_dates"},
        {"value": 1, "verdict": None},
        {"value": 1, "norm": 5, "verdict": "below", "manager": ""},
        {"value": 1, "norm": 5, "verdict": "below", "manager": "Ушёл"},
    )
    got = norm_verdicts(table, listed=["Анна"])
    assert [(v.word, v.level, v.value, v.bound) for v in got] == [
        ("below", "warn", 4, "5"),
        ("normal", "ok", 5, "5"),
        ("great", "ok", 9, "5"),
        ("not_evaluated", "not_evaluated", None, "5"),
    ]
    assert got[3].note == "needs.stage_dates"
    assert {v.kind for v in got} == {"norm"}


def test_only_much_marks_of_unsliced_rows_are_verdicts():
    table = rows(
        {"value": 0.1, "mark": "much_lower", "numerator": 1, "denominator": 10, "low": 0.0},
        {"value": 0.9, "mark": "much_higher"},
        {"value": 0.2, "mark": "lower"},
        {"value": 0.2, "mark": "few"},
        {"value": 0.1, "mark": "much_lower", "slice": "source=x"},
    )
    got = mark_verdicts(table)
    assert [(v.word, v.level) for v in got] == [("much_lower", "warn"), ("much_higher", "ok")]
    assert (got[0].numerator, got[0].denominator, got[0].low, got[0].high) == (1, 10, 0, None)
