"""Marks against the others of the role: who is compared, and what it takes to be marked."""

import pandas as pd
import pytest

from funnelkpi.metrics._marks import marked
from funnelkpi.model.roster import Manager

EXACT = [("k", "n")]


@pytest.fixture
def marks(make):
    def run(rows, ends=EXACT, **roles):
        people = tuple(
            Manager(name, role=roles.get(name), listed=name != "Бывший") for name in rows if name
        )
        data = make.build(
            "id|manager|stage|created\n1||base|2026-01-01", funnel=make.funnel(), managers=people
        )
        code = {m.name: i for i, m in enumerate(people)} | {"": -1}
        columns = list(dict.fromkeys(c for pair in ends for c in pair))
        table = pd.DataFrame([[code[name], 0, *v] for name, v in rows.items()],
                             columns=["manager", "pipeline", *columns])  # fmt: skip
        out = marked(table, data, ["pipeline"], ends)
        return dict(zip(out["manager"], out["mark"], strict=True))

    return run


def test_two_strengths_against_all_others_when_there_are_no_roles(marks):
    # 0 of 30 against 16 of 45: beyond 99.8 %; the others against each other: unmarked
    assert marks({"А": (0, 30), "Б": (8, 25), "В": (8, 20)})["А"] == "much_lower"
    # 6 of 30 against 15 of 30: the 95 % interval ends at -0.06, the 99.8 % one at +0.05
    assert marks({"А": (6, 30), "Б": (15, 30)}) == {"А": "lower", "Б": "higher"}
    assert marks({"А": (14, 30), "Б": (15, 30)}) == {}


def test_only_others_of_the_same_role_count(marks):
    rows = {"А": (0, 30), "Б": (25, 30), "В": (0, 30)}
    assert marks(rows, А="closer", Б="finder", В="closer") == {}
    assert marks(rows)["А"] == "much_lower"


def test_the_others_need_twenty_deals(marks):
    assert marks({"А": (0, 30), "Б": (19, 19)}).get("А") is None
    assert marks({"А": (0, 30), "Б": (20, 20)})["А"] == "much_lower"


def test_fewer_than_five_deals_are_few_data(marks):
    assert marks({"А": (0, 4), "Б": (30, 30)})["А"] == "few"
    assert marks({"А": (0, 5), "Б": (30, 30)})["А"] == "much_lower"


def test_nobody_and_former_people(marks):
    # deals of nobody compare with nobody; former people stand among the others and are not marked
    assert marks({"А": (0, 30), "": (30, 30)}) == {}
    assert marks({"А": (0, 30), "Бывший": (30, 30)}) == {"А": "much_lower"}


def test_with_bounds_a_mark_must_hold_at_every_extreme_and_the_weaker_counts(marks):
    ends = [("low", "n"), ("high", "n")]
    assert marks({"А": (0, 30, 1), "Б": (25, 30, 25)}, ends)["А"] == "much_lower"
    assert marks({"А": (0, 30, 6), "Б": (15, 30, 15)}, ends)["А"] == "lower"
    assert marks({"А": (0, 30, 15), "Б": (15, 30, 15)}, ends) == {}
