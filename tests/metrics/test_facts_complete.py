"""Facts by stage, counted by hand; as of Monday 2026-11-16 08:30."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from funnelkpi.metrics import facts_complete
from funnelkpi.metrics._plausible import plausible, plausible_text
from funnelkpi.metrics.norms import compute as norms

DEALS = """
id | manager | stage   | amount | created    | closed     | field:Бюджет | field:Срок
1  | Анна    | needs   | 100    | 2026-10-01 |            | 500          | 2 недели
2  | Анна    | kp      | 0      | 2026-10-01 |            | 123          | март
3  | Анна    | closing |        | 2026-10-01 |            |              | n/a
4  | Борис   | won     | 100    | 2026-10-01 | 2026-11-01 | 70           | .
5  | Борис   | won     |        | 2025-10-01 | 2025-11-01 |              |
6  | Борис   | lost    |        | 2026-10-01 | 2026-11-01 |              |
7  | Борис   | lpr     |        | 2026-10-01 |            |              |
"""
RULE = {"stage": "needs", "fields": ["amount", "Бюджет", "Срок"]}


def asked(make, deals=DEALS, rules=(RULE,), **settings):
    data = make.build(deals, funnel=make.funnel(), managers=())
    view = make.ask(data, facts=list(rules), **settings)
    return data, view, facts_complete.compute(data, view)


def shares(out, scope="company", manager=None):
    rows = out[out["metric"].eq("facts_complete") & out["scope"].eq(scope)]
    rows = rows if manager is None else rows[rows["manager"].eq(manager)]
    values = zip(rows["slice"].fillna("all"), rows["numerator"], rows["denominator"], strict=True)
    return {name: (k, n) for name, k, n in values}


def test_open_deals_at_the_stage_or_beyond_and_fresh_wins(make):
    """1, 2, 3 and 4: 5 was won long ago, 6 lost, 7 has not come so far."""
    data, view, out = asked(make)
    assert shares(out) == {
        "all": (1, 4),  # only 1 has all three
        "field=amount": (2, 4),  # 1, 4: 0 is no amount
        "field=Бюджет": (2, 4),  # 1, 4: 123 is typed to get past
        "field=Срок": (2, 4),  # 1, 2
    }
    assert shares(out, "manager", "Борис")["all"] == (0, 1)
    found = facts_complete.facts(data, view, "facts_complete")
    why = ["amount", "Бюджет", "Срок"]
    assert [sorted(w.split(",")) if w else [] for w in found["why"]] == [
        [], ["amount", "Бюджет"], why, ["Срок"],
    ]  # fmt: skip


def test_rows_stand_at_the_stage(make, row):
    found = row(asked(make)[2], metric="facts_complete", scope="company", slice=None)
    assert (found["pipeline"], found["stage"]) == ("main", "needs")


def test_a_column_no_file_has(make, row):
    rule = {"stage": "needs", "fields": ["amount", "Кто решает"]}
    _, _, out = asked(make, rules=[rule])
    missing = row(out, slice="field=Кто решает")
    assert (missing["verdict"], missing["definition"]) == ("not_evaluated", "needs.fact_column")
    assert shares(out[out["verdict"].ne("not_evaluated")])["all"] == (2, 4)
    alone = asked(make, rules=[{"stage": "needs", "fields": ["Кто решает"]}])
    assert row(alone[2], metric="facts_complete")["definition"] == "needs.fact_column"
    assert not len(facts_complete.facts(*alone[:2], "facts_complete"))


def test_without_rules(make):
    _, _, out = asked(make, rules=[])
    assert set(out["definition"]) == {"needs.facts"}
    assert len(out) == 3


DATED = """
id | manager | stage   | created    | closed     | field:Договор | field:Счёт | field:Оплата
1  | Анна    | closing | 2026-10-01 |            | 2026-11-01    | 2026-11-05 | 2026-11-20
2  | Анна    | closing | 2026-10-01 |            | 2026-11-02    | 2026-11-12 |
3  | Борис   | closing | 2026-10-01 |            | 2026-11-15    |            |
4  | Борис   | closing | 2026-10-01 |            |               |            |
5  | Борис   | won     | 2026-10-01 | 2026-11-10 | 2026-10-01    | 2026-10-03 | 2026-10-31
6  | Борис   | closing | 2026-10-01 |            |               | 1926-11-12 | 2026-11-16
"""
DATES = {"stage": "closing", "dates": ["Договор", "Счёт", "Оплата"]}


def dated(make, **settings):
    data = make.build(DATED, funnel=make.funnel())
    for name in DATES["dates"]:
        at = pd.to_datetime(data.deals[f"field:{name}"].astype("object")).astype("M8[s]")
        data.deals[f"field:{name}"] = at
    view = make.ask(data, facts=[DATES], **settings)
    return data, view, facts_complete.compute(data, view)


def test_dates_that_have_passed(make, row):
    """2 (invoice of the 12th) and 3 (contract of the 15th); 1 is to pay on the 20th, 5 is won, 6
    pays today."""
    data, view, out = dated(make)
    assert row(out, metric="facts_overdue", scope="company", slice=None)["value"] == 2
    assert row(out, metric="facts_overdue", scope="company", slice="field=Счёт")["value"] == 1
    assert (
        row(out, metric="facts_overdue", scope="manager", manager="Борис", slice=None)["value"] == 1
    )
    found = facts_complete.facts(data, view, "facts_overdue")
    assert list(zip(found["deal"], found["days"], found["why"], strict=True)) == [
        (1, 4, "Счёт"), (2, 1, "Договор"),
    ]  # fmt: skip


def test_days_between_dates(make, row):
    """Contract to invoice: 4, 10 and 2 days; invoice to payment: 15 and 28."""
    _, _, out = dated(make)
    first = row(out, metric="fact_lag", scope="company", slice="dates=Договор → Счёт")
    assert (first["value"], first["n"], first["unit"]) == (4, 3, "days")
    second = row(out, metric="fact_lag", scope="company", slice="dates=Счёт → Оплата")
    assert (second["value"], second["n"]) == (21.5, 2)
    anna = row(out, metric="fact_lag", manager="Анна", slice="dates=Договор → Счёт")
    assert (anna["value"], anna["n"]) == (7, 2)


def test_norm_on_a_stage(make, row):
    rules = {
        "facts": [RULE],
        "norms": [{"metric": "facts_complete", "stage": "needs", "normal": 0.8}],
    }
    data = make.build(DEALS, funnel=make.funnel())
    found = row(norms(data, make.ask(data, **rules)), metric="facts_complete", manager="Анна")
    assert (found["numerator"], found["denominator"]) == (1, 3)


@pytest.mark.parametrize(
    "text",
    ["", " ", ".", "-", "—", "???", "n/a", "N/A.", "NA", "123", "нет", "Нет.", "xxx", "ааааа", "111",
     "1111", "00", "0", "не  знаю", "Не указано", "тест", "aa", "н/д", "1 2 3"],
)  # fmt: skip
def test_fillers(text):
    assert not plausible_text(text)


@pytest.mark.parametrize(
    "text",
    ["12", "11", "5", "да", "март", "Нетология", "директор", "100 000", "1230", "А", "ООО «Тест»",
     "нет бюджета до марта"],
)  # fmt: skip
def test_facts(text):
    assert plausible_text(text)


def test_numbers_and_moments():
    assert list(plausible(pd.Series([1.5, 0, -3, np.nan]))) == [True, False, False, False]
    at = pd.Series(pd.to_datetime(["2026-11-01", "1926-11-01", None, "2126-01-01"])).astype("M8[s]")
    assert list(plausible(at)) == [True, False, False, False]
    assert list(plausible(pd.Series(["да", None, "."]))) == [True, False, False]
