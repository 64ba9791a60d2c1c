"""Medians by unit against pandas."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkpi.metrics._index import Index
from funnelkpi.metrics._medians import medians
from funnelkpi.model.roster import Manager

PEOPLE = (Manager("Анна", "Юг", "closer"), Manager("Борис", "Юг"), Manager("Вера"))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(
    rows=st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 1), st.integers(-5, 9)), max_size=30)
)
def test_as_pandas_says(make, rows):
    import pandas as pd

    data = make.build("id | stage | created\n1 | base | 2026-11-01", funnel=make.funnel(),
                      managers=PEOPLE)  # fmt: skip
    index = Index(data)
    manager, place, value = (np.array([r[i] for r in rows], np.int64) for i in range(3))
    found = medians(
        {"manager": manager, "place": place, "days": value * 1.0}, index, ["place"], "days"
    )
    names = index.names
    got = {
        (names.scope[w], names.department[w], names.role[w], names.manager[w], p): (n, v)
        for w, p, n, v in zip(*(found[k] for k in ("who", "place", "n", "value")), strict=True)
    }
    people = [*PEOPLE, Manager("")]
    frame = pd.DataFrame({"m": [people[m] for m in manager], "p": place, "v": value * 1.0})
    expected = {}
    for scope, key in (
        ("company", lambda m: (None, None, None)),
        ("department", lambda m: (m.department, None, None) if m.department else None),
        ("role", lambda m: (None, m.role, None) if m.role else None),
        ("manager", lambda m: (m.department, m.role, m.name)),
    ):
        frame["k"] = [key(m) for m in frame["m"]]
        for (k, p), own in frame.dropna(subset="k").groupby(["k", "p"]) if len(frame) else ():
            expected[(scope, *k, p)] = (len(own), own["v"].median())
    assert got == expected
