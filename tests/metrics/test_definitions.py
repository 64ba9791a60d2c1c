"""Every definition of one conversion on one small table, each counted by hand and each different."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from funnelkpi.metrics import definitions as module
from funnelkpi.metrics.definitions import step_definitions, whole_definitions
from funnelkpi.metrics.registry import compute

# As of 16.11 08:30; window 30 days, maturity 10: entries of 07.10 08:30 - 06.11 08:30.
DEALS = """
id | manager | stage | reason | created    | closed     | @lpr       | @needs
1  | Анна    | needs |        | 2026-10-01 |            | 2026-10-10 | 2026-10-12
2  | Борис   | lpr   |        | 2026-10-08 |            | 2026-10-10 |
3  | Анна    | needs |        | 2026-10-08 |            |            | 2026-10-20
4  | Анна    | lost  | Дубль  | 2026-10-09 | 2026-10-20 | 2026-10-11 |
5  | Анна    | lpr   |        | 2026-10-09 |            | 2026-11-10 |
6  | Анна    | needs |        | 2026-11-09 |            | 2026-11-10 | 2026-11-11
7  | Борис   | needs |        | 2026-09-01 |            | 2026-10-30 | 2026-11-09
8  | Анна    | lpr   |        | 2026-09-05 |            | 2026-09-10 |
9  | Анна    | lost  |        | 2026-09-02 | 2026-10-01 | 2026-09-12 |
10 | Анна    | needs |        | 2026-08-20 |            | 2026-08-21 | 2026-08-22
11 | Анна    | lpr   |        | 2026-11-01 |            | 2026-11-08 |
12 | Анна    | lost  | Дубль  | 2026-10-02 | 2026-10-14 | 2026-10-13 |
"""
RULES = {"window": 30, "maturity": 10, "ignore_loss_reasons": ["дубль"]}
EXPECTED = {
    "cohort": (3, 4),  # 1, 2, 3 (by skipping), 7; advanced 1, 3, 7
    "created_cohort": (1, 4),  # created in the window: 2, 3, 5, 11; advanced 3
    "strict": (2, 3),  # 1, 2, 7: 3 was never in the stage
    "no_wait": (3, 5),  # entries of 17.10 - 16.11: 3, 5, 6, 7, 11; advanced 3, 6, 7
    "with_ignored": (3, 6),  # also 4 and 12
    "flow": (2, 2),  # 9-15 November: 5 and 6 came, 6 and 7 went on
}


def asked(make, table=DEALS, stages="base lpr needs", **rules):
    data = make.build(table, funnel=make.funnel(stages))
    view = make.ask(data, conversion={**RULES, **rules})
    return data, view, compute(data, view).table


def of_step(found, stage):
    compared = next(c for c in found if c.stage == stage)
    return {d.name: d for d in compared.definitions}


def counted(definition):
    return definition.numbers["numerator"], definition.numbers["denominator"]


def test_all_definitions_differ_as_counted_by_hand(make):
    found = of_step(step_definitions(*asked(make)), "lpr")
    assert {name: counted(found[name]) for name in EXPECTED} == EXPECTED
    assert len({k / n for k, n in EXPECTED.values()}) == len(EXPECTED)
    assert next(iter(found)) == "cohort"
    assert found["strict"].difference == pytest.approx(2 / 3 - 3 / 4)
    assert found["cohort"].difference is None


def test_reasons_carry_the_numbers(make):
    found = of_step(step_definitions(*asked(make)), "lpr")
    why = {name: d.why for name, d in found.items()}
    assert why["cohort"] == "head_cohort"
    assert {why[n] for n in EXPECTED if n != "cohort"} == {
        "created_cohort", "strict", "no_wait", "with_ignored", "flow_inflow",
    }  # fmt: skip
    assert found["cohort"].params == {"days": 10, "n": 4}
    assert (found["strict"].params["n"], found["strict"].params["n0"]) == (3, 4)
    assert found["with_ignored"].params["more"] == 2
    assert found["no_wait"].params["days"] == 10
    # 2 entries in 7 days against 5 (1, 2, 4, 7, 12 were seen in the stage) in 30
    assert found["flow"].params["inflow"] == pytest.approx((2 / 7) / (5 / 30) - 1)


def test_of_one_manager(make):
    data, view, metrics = asked(make)
    found = of_step(step_definitions(data, view, metrics, "Борис"), "lpr")
    assert counted(found["cohort"]) == (1, 2)  # 2 and 7
    assert counted(found["strict"]) == (1, 2)
    assert found["strict"].why == "same"
    assert found["flow"].numbers["denominator"] == 0


def test_the_first_stage_is_entered_at_creation(make):
    found = of_step(step_definitions(*asked(make)), "base")
    assert "created_cohort" not in found
    assert counted(found["cohort"])[1] > 0


def test_without_dates_the_created_cohort_is_the_headline(make):
    table = "\n".join("|".join(line.split("|")[:6]) for line in DEALS.strip().splitlines())
    found = of_step(step_definitions(*asked(make, table, max_gap=1.0)), "lpr")
    assert next(iter(found)) == "created_cohort"
    # created in the window: 2, 3, 5, 11; advanced 3
    assert counted(found["created_cohort"]) == (1, 4)
    assert found["created_cohort"].why == "head_created_cohort"
    assert found["cohort"].needs == "stage_dates"
    assert found["flow"].needs == "stage_dates"
    assert found["cohort"].numbers == {}


def test_a_strict_headline_has_passed_beside_it(make):
    found = of_step(step_definitions(*asked(make, skipped="strict")), "lpr")
    assert counted(found["cohort"]) == EXPECTED["strict"]
    assert counted(found["passed"]) == EXPECTED["cohort"]


def test_nothing_to_wait_for_is_no_definition(make):
    found = of_step(step_definitions(*asked(make, maturity=0)), "lpr")
    assert "no_wait" not in found
    assert counted(found["cohort"]) == EXPECTED["no_wait"]


def test_neither_slices_nor_the_view_are_changed(make):
    data, view, metrics = asked(make)
    before = view.settings.model_dump()
    sliced = step_definitions(data, replace(view, by=("month",)), metrics)
    assert sliced == step_definitions(data, view, metrics)
    assert view.settings.model_dump() == before


WHOLE = """
id | manager | stage | created    | closed
1  | Анна    | won   | 2026-10-10 | 2026-10-20
2  | Анна    | lost  | 2026-10-10 | 2026-10-25
3  | Анна    | lost  | 2026-10-10 | 2026-11-10
4  | Анна    | base  | 2026-10-10 |
5  | Анна    | won   | 2026-10-12 | 2026-11-12
6  | Анна    | won   | 2026-09-01 | 2026-11-11
7  | Анна    | lost  | 2026-09-01 | 2026-11-13
8  | Анна    | lost  | 2026-09-01 | 2026-11-14
9  | Анна    | lost  | 2026-09-01 | 2026-11-15
"""


def test_from_creation_to_the_win(make):
    _, _, metrics = asked(make, WHOLE)
    (compared,) = whole_definitions(metrics)
    found = {d.name: d for d in compared.definitions}
    assert {name: counted(d) for name, d in found.items()} == {
        "created_to_won": (2, 5),  # 1-5; won 1 and 5
        "win_rate": (2, 6),  # closed 9-15 November: 3, 5, 6, 7, 8, 9
        "win_rate_window": (3, 8),  # closed since 17.10: all but 4
        "win_rate_with_open": (2, 5),
    }
    assert found["win_rate_with_open"].why == "same"
    assert found["win_rate"].difference == pytest.approx(2 / 6 - 2 / 5)


@pytest.mark.parametrize(
    ("n", "k", "start", "why"),
    [
        (90.0, 40.0, "2026-05-01", "strict"),
        (100.0, 40.0, "2026-05-01", "strict_same_base"),
        (100.0, 40.0, "2026-05-02", "strict_other_window"),
        (101.0, 40.0, "2026-05-02", "strict_other_window"),
        (100.0, 50.0, "2026-05-01", "same"),
    ],
)
def test_the_reason_of_the_strict_form_fits_its_base(
    n: float, k: float, start: str, why: str
) -> None:
    def row(n: float, k: float, start: str) -> dict[str, Any]:
        numbers = dict.fromkeys(module.NUMBERS)
        numbers |= {"value": k / n, "numerator": k, "denominator": n, "n": n}
        window = {"period_start": pd.Timestamp(start), "period_end": pd.Timestamp("2026-11-01")}
        return {**numbers, **window, "definition": "conversion.cohort"}

    found = module._definition("strict", row(n, k, start), row(100, 50, "2026-05-01"), "strict")
    assert found.why == why
    assert found.params["k0"] == 50
