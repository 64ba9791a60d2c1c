"""Bounds of the config against figures: at, just below and just above, missing, few, bounds."""

import pandas as pd
import pytest

from funnelkpi.checks.thresholds import threshold_verdicts
from funnelkpi.config.schema import Settings
from funnelkpi.metrics.result import conform


def figures(*rows):
    fixed = {
        "metric": "win_rate",
        "scope": "company",
        "statistic": "value",
        "unit": "share",
        "n": 100,
    }
    return conform(pd.DataFrame([{**fixed, **r} for r in rows]))


def judge(table, listed=None, **threshold):
    settings = Settings.model_validate({"thresholds": [{"metric": "win_rate", **threshold}]})
    return threshold_verdicts(table, settings, listed)


@pytest.mark.parametrize(
    ("value", "level", "bound"),
    [
        (0.1999999, "fail", "< 0.2"),
        (0.2, "warn", "< 0.25"),
        (1 / 5, "warn", "< 0.25"),
        (0.2000001, "warn", "< 0.25"),
        (0.2499999, "warn", "< 0.25"),
        (0.25, "ok", "< 0.2"),
        (0.9, "ok", "< 0.2"),
    ],
)
def test_less_than(value, level, bound):
    (got,) = judge(figures({"value": value}), warn="< 0.25", fail="< 0.2")
    assert (got.level, got.bound, got.value) == (level, bound, value)


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [
        ("<", "fail", "ok", "ok"),
        ("<=", "fail", "fail", "ok"),
        (">", "ok", "ok", "fail"),
        (">=", "ok", "fail", "fail"),
    ],
)
def test_every_operator_at_and_beside_its_bound(op, below, at, above):
    for value, level in ((9, below), (10, at), (11, above)):
        (got,) = judge(figures({"value": value, "unit": "count"}), fail=f"{op} 10")
        assert got.level == level


def test_percent_and_warn_only():
    (got,) = judge(figures({"value": 0.19}), warn="< 20 %")
    assert (got.level, got.bound) == ("warn", "< 20 %")


@pytest.mark.parametrize(("n", "level", "note"), [(4, "ok", "few"), (5, "fail", None)])
def test_a_share_of_fewer_than_five_is_no_breach(n, level, note):
    (got,) = judge(figures({"value": 0.0, "n": n}), fail="< 0.2")
    assert (got.level, got.note) == (level, note)
    (got,) = judge(figures({"value": 0.0, "n": None, "denominator": n}), fail="< 0.2")
    assert (got.level, got.note) == (level, note)


def test_a_count_is_judged_however_small():
    (got,) = judge(figures({"value": 1, "n": 1, "unit": "count"}), fail="< 2")
    assert got.level == "fail"


def test_missing_and_not_evaluated():
    (got,) = judge(figures({"value": None}), fail="< 0.2", required=True)
    assert (got.level, got.note, got.required) == ("not_evaluated", "missing", True)
    row = {"value": None, "verdict": "not_evaluated", "definition": "needs.stage_dates"}
    (got,) = judge(figures(row), fail="< 0.2")
    assert (got.level, got.note) == ("not_evaluated", "needs.stage_dates")
    (got,) = judge(figures({"metric": "won", "value": 1}), fail="< 0.2")
    assert (got.level, got.note, got.scope) == ("not_evaluated", "missing", "company")


@pytest.mark.parametrize(
    ("low", "high", "level", "note"),
    [
        (0.05, 0.15, "fail", None),
        (0.15, 0.22, "warn", None),  # at least a warning, wherever between them the truth lies
        (0.15, 0.30, "not_evaluated", "bounds"),
        (0.30, 0.40, "ok", None),
        (0.30, None, "ok", None),
        (0.10, None, "not_evaluated", "bounds"),
    ],
)
def test_bounds_must_agree(low, high, level, note):
    table = figures({"value": None, "bound_low": low, "bound_high": high})
    (got,) = judge(table, warn="< 0.25", fail="< 0.2")
    assert (got.level, got.note) == (level, note)


def test_all_pipelines_together_or_the_one_asked_for():
    table = figures(
        {"value": 0.5}, {"value": 0.1, "pipeline": "a"}, {"value": 0.3, "pipeline": "b"}
    )
    assert [v.value for v in judge(table, fail="< 0.2")] == [0.5]
    assert [v.value for v in judge(table, fail="< 0.2", pipeline="a")] == [0.1]
    apart = table[table["pipeline"].notna()]
    assert [(v.pipeline, v.level) for v in judge(apart, fail="< 0.2")] == [
        ("a", "fail"),
        ("b", "ok"),
    ]


def test_stages_slices_and_statistics():
    table = figures(
        {"value": 1, "stage": "kp", "to_stage": "won"},
        {"value": 2, "stage": "kp", "to_stage": "closing"},
        {"value": 3, "stage": "needs", "to_stage": "kp"},
        {"value": 4, "stage": "kp", "to_stage": "won", "slice": "source=x"},
        {"value": 5, "stage": "kp", "to_stage": "won", "statistic": "p95"},
    )
    assert [v.value for v in judge(table, fail="< 9", stage="kp", to_stage="won")] == [1]
    assert [v.value for v in judge(table, fail="< 9", stage="kp")] == [1, 2]
    median = figures({"value": 6, "statistic": "median"}, {"value": 7, "statistic": "p80"})
    assert [v.value for v in judge(median, fail="< 9")] == [6]


def test_one_verdict_per_listed_manager():
    table = figures(
        {"value": 0.9},
        {"value": 0.1, "scope": "manager", "manager": "Анна"},
        {"value": 0.5, "scope": "manager", "manager": "Ушёл"},
        {"value": 0.5, "scope": "manager", "manager": ""},
    )
    got = judge(table, listed=["Анна", "Борис"], scope="manager", fail="< 0.2")
    assert [(v.manager, v.level) for v in got] == [("Анна", "fail"), ("Борис", "not_evaluated")]
    everybody = judge(table, scope="manager", fail="< 0.2")
    assert [v.manager for v in everybody] == ["Анна", "Ушёл"]


def test_a_figure_not_evaluated_anywhere_answers_for_every_manager_once():
    row = {"value": None, "verdict": "not_evaluated", "definition": "needs.x"}
    other = {"value": 1, "scope": "manager", "manager": "Анна", "stage": "kp"}
    missing = {**row, "stage": "needs"}
    got = judge(figures(row), listed=["Анна"], scope="manager", fail="< 0.2")
    assert [(v.manager, v.note) for v in got] == [(None, "needs.x")]
    got = judge(figures(other, missing), ["Анна"], scope="manager", stage="needs", fail="< 2")
    assert [(v.stage, v.note) for v in got] == [("needs", "needs.x")]


def test_currencies_are_judged_apart():
    money = {"unit": "money", "metric": "stalled_amount"}
    table = figures(
        {**money, "value": 100, "currency": "RUB"}, {**money, "value": 7, "currency": "USD"}
    )
    settings = Settings.model_validate(
        {"thresholds": [{"metric": "stalled_amount", "fail": "> 50"}]}
    )
    got = threshold_verdicts(table, settings)
    assert [(v.currency, v.level) for v in got] == [("RUB", "fail"), ("USD", "ok")]


NORMS = figures(*[
    {"metric": "entries", "unit": "count", "scope": "manager", "norm": 5, **r}
    for r in (
        {"department": "А", "manager": "Анна", "stage": "kp", "value": 4, "verdict": "below"},
        {"department": "А", "manager": "Анна", "stage": "lpr", "value": 9, "verdict": "great"},
        {"department": "А", "manager": "Борис", "stage": "kp", "value": 1, "verdict": "below"},
        {"department": "Б", "manager": "Вера", "stage": "kp", "verdict": "not_evaluated"},
    )
])  # fmt: skip


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [(None, 2)]),
        ({"scope": "manager"}, [("Анна", 1), ("Борис", 1), ("Вера", 0)]),
        ({"scope": "manager", "stage": "lpr"}, [("Анна", 0)]),
        ({"stage": "kp"}, [(None, 2)]),
    ],
)
def test_norms_below_counts_the_managers_norms(more, expected):
    settings = Settings.model_validate(
        {"thresholds": [{"metric": "norms_below", "fail": "> 1", **more}]}
    )
    got = threshold_verdicts(NORMS, settings)
    assert [(v.manager, v.value) for v in got] == expected
    assert [v.level for v in got] == ["fail" if n > 1 else "ok" for _, n in expected]


def test_norms_below_by_department_and_without_norms():
    settings = Settings.model_validate(
        {"thresholds": [{"metric": "norms_below", "fail": "> 1", "scope": "department"}]}
    )
    got = threshold_verdicts(NORMS, settings)
    assert [(v.department, v.value, v.level) for v in got] == [("А", 2, "fail"), ("Б", 0, "ok")]
    (got,) = threshold_verdicts(figures({"value": 1}), settings)
    assert (got.level, got.note) == ("not_evaluated", "missing")
