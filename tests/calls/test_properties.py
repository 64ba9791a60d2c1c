"""What must hold for any calls, deals, tasks and cards, however many and in whatever order."""

from __future__ import annotations

import random
from copy import deepcopy

import pandas as pd
import pytest

from funnelkpi.metrics import (
    answered_share,
    calls,
    calls_and_deals,
    calls_at_stage,
    calls_per,
    decision_makers,
    first_response,
    hand_overs,
    leads,
    lists,
    meetings,
    missed_calls,
    promises,
    repeats,
    touches,
)

FAMILIES = (
    answered_share, calls, calls_and_deals, calls_at_stage, calls_per, decision_makers,
    first_response, hand_overs, leads, lists, meetings, missed_calls, promises, repeats, touches,
)  # fmt: skip
SMALL = (100, 101, 102, 103)
COUNTED = ("calls", "conversations", "calls_matching", "calls_without_result", "answered_share",
           "touches", "missed_calls")  # fmt: skip
"""Of the calls of the period alone: what was before or comes after tells nothing of them."""


@pytest.fixture(scope="module", params=SMALL)
def small(request, worlds, case_of):
    """The figures of a little world; the last of them are nearly empty."""
    sizes = {102: (3, 12, 6), 103: (2, 1, 1)}
    return case_of(worlds.generate(request.param, *sizes.get(request.param, (9, 160, 80))))


def tables(case) -> pd.DataFrame:
    parts = [case.table(family) for family in FAMILIES]
    return pd.concat([p for p in parts if len(p)], ignore_index=True)


def values(rows: pd.DataFrame) -> dict[tuple[str, ...], tuple[float, ...]]:
    """The numbers of each row by what it is of; none is -1."""
    keys = ["metric", "scope", "name", "pipeline", "stage", "slice", "statistic"]
    numbers = ["value", "numerator", "denominator", "n", "low", "high", "bound_low", "bound_high"]
    names = rows[keys].astype(object).where(rows[keys].notna(), "")
    found = dict(zip(
        names.itertuples(index=False, name=None),
        rows[numbers].fillna(-1).round(9).itertuples(index=False, name=None), strict=True,
    ))  # fmt: skip
    assert len(found) == len(rows)
    return found


def test_parts_add_up(small):
    """Classes of calls and fates of missed ones, for everybody and in every pipeline."""
    rows = tables(small)
    rows = rows[rows["statistic"].eq("value")].fillna({"pipeline": "*", "name": ""})
    for metric, prefix in (("calls_matching", "class="), ("missed_calls", "fate=")):
        own = rows[rows["metric"].eq(metric)]
        sliced = own["slice"].fillna("")
        keys = ["scope", "name", "pipeline"]
        whole = own[sliced.eq("")].set_index(keys)["value"]
        parts = own[sliced.str.startswith(prefix)].groupby(keys)["value"].sum()
        parts = parts.reindex(whole.index, fill_value=0)
        assert (whole == parts).all(), (metric, whole[whole != parts])
    company = rows[rows["metric"].eq("calls_matching") & rows["scope"].eq("company")]
    assert company["slice"].isna().sum() >= 1


def test_managers_and_nobody_are_the_company(small):
    rows = tables(small)
    counts = rows["unit"].eq("count") & rows["statistic"].eq("value") & rows["value"].notna()
    rows = rows[counts & rows["bound_low"].isna()].fillna(
        {"pipeline": "*", "slice": "", "stage": ""}
    )
    keys = ["metric", "pipeline", "stage", "slice"]
    company = rows[rows["scope"].eq("company")].set_index(keys)["value"]
    people = rows[rows["scope"].eq("manager")].groupby(keys)["value"].sum()
    vague = {"meetings", "first_meetings", "calls_by_hour"}  # bounds of some; no rows of managers
    own = company[~company.index.get_level_values("metric").isin(vague)]
    assert (own == people.reindex(own.index, fill_value=0)).all()


@pytest.mark.parametrize("number", SMALL[:2])
@pytest.mark.parametrize("shared", [True, False])
def test_the_order_of_the_rows_does_not_matter(case_of, worlds, number, shared):
    """A number of several clients is his who stands first in the files; else no order matters."""
    given = worlds.generate(number, 9, 160, 80, shared=shared)
    mixed = deepcopy(given)
    rng = random.Random(5)
    for name in ("calls", "tasks", *(() if shared else ("deals", "contacts", "companies"))):
        rng.shuffle(getattr(mixed, name))
    first, second = values(tables(case_of(given))), values(tables(case_of(mixed)))
    assert {k: (v, second.get(k)) for k, v in first.items() if second.get(k) != v} == {}
    assert first.keys() == second.keys()


def test_a_call_outside_the_period_changes_no_count_of_it(small, case_of, worlds):
    more = deepcopy(small.truth)
    start = int(pd.Timestamp(small.view.period.start).timestamp())
    for i, at in enumerate((start - 1, start - 30 * worlds.DAY)):
        for direction in ("in", "out"):
            before = more.calls[i % len(more.calls)]
            more.calls.append({**before, "at": at, "direction": direction, "n": len(more.calls)})
    keep = [k for k in values(tables(small)) if k[0] in COUNTED and k[6] == "value"]
    keep = [k for k in keep if not k[5].startswith(("touch=", "fate="))]
    first, second = values(tables(small)), values(tables(case_of(more)))
    assert {k: first[k] for k in keep} == {k: second[k] for k in keep}
    assert keep
