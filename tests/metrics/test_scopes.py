"""Sums by company, department, role and manager, against a data frame per scope."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import build, funnel

import funnelkpi.metrics._scopes as scopes
from funnelkpi.metrics._index import Index
from funnelkpi.model.roster import Manager

PEOPLE = (
    Manager("Анна", "Север", "менеджер"),
    Manager("Борис", None, "менеджер"),
    Manager("Вера", "Север", None, listed=False),
)
DATA = build("id|stage|created\n1|base|2026-01-01", funnel=funnel(), managers=PEOPLE)
FACTS = st.lists(
    st.tuples(st.integers(-1, 2), st.integers(-1, 1), st.integers(-1, 2), st.integers(-9, 10**9)),
    max_size=20,
)


def facts(rows):
    names = ("manager", "pipeline", "stage", "cents")
    values = list(zip(*rows, strict=True)) or [()] * 4
    return {n: np.array(v, dtype=np.int64) for n, v in zip(names, values, strict=True)}


def expected(rows):
    """(scope, department, role, manager, pipeline, stage) -> sum, by hand."""
    out: dict[tuple, int] = {}
    for manager, pipeline, stage, cents in rows:
        who = PEOPLE[manager] if manager >= 0 else Manager("")
        units = [("company", None, None, None), ("manager", who.department, who.role, who.name)]
        units += [("department", who.department, None, None)] if who.department else []
        units += [("role", None, who.role, None)] if who.role else []
        for unit in units:
            key = (*unit, pipeline, stage)
            out[key] = out.get(key, 0) + cents
    return out


def named(table, index):
    names = (index.names.scope, index.names.department, index.names.role, index.names.manager)
    units = [texts[table["who"]].tolist() for texts in names]
    return list(
        zip(*units, *(table[k].tolist() for k in ("pipeline", "stage", "cents")), strict=True)
    )


@given(FACTS)
def test_sums_by_unit(rows):
    index, keys = Index(DATA), ["pipeline", "stage"]
    direct = scopes.summed(facts(rows), index, keys, ["cents"])
    assert {row[:-1]: row[-1] for row in named(direct, index)} == expected(rows)
    by_manager = scopes.fine(facts(rows), keys, ["cents"])
    again = scopes.summed(by_manager, index, keys, ["cents"])
    assert named(again, index) == named(direct, index)


def test_every_listed_manager_has_a_row_for_each_place_of_the_grid():
    index = Index(DATA)
    grid = {"pipeline": np.array([0, 0]), "stage": np.array([1, 2])}
    table = scopes.summed(facts([(0, 0, 1, 5)]), index, ["pipeline", "stage"], ["cents"], grid)
    own = [row[3:] for row in named(table, index) if row[0] == "manager"]
    assert own == [("Анна", 0, 1, 5), ("Анна", 0, 2, 0), ("Борис", 0, 1, 0), ("Борис", 0, 2, 0)]


@given(FACTS)
def test_the_order_of_rows_changes_no_sum(rows):
    index = Index(DATA)
    tables = [scopes.summed(facts(r), index, ["stage"], ["cents"]) for r in (rows, rows[::-1])]
    frames = [pd.DataFrame(t) for t in tables]
    pd.testing.assert_frame_equal(*frames)
