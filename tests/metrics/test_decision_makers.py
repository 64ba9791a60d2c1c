"""Decision-makers entered last week (9-15 November 2026)."""

from __future__ import annotations

import numpy as np
import pytest

from funnelkpi.metrics import decision_makers
from funnelkpi.metrics.norms import compute as norms
from funnelkpi.model.roster import Manager

DEALS = """
id | manager | stage | company | created
1  | Анна    | needs | Вега    | 2026-10-01
"""
CONTACTS = """
name  | company | position              | manager | maker | created          | phone            | email
Олег  | Вега    | Генеральный Директор  | Борис   | Анна  | 2026-11-09 00:00 | +7 900 000-00-01 |
Инна  | Вега    | Коммерческий директор | Анна    | Робот | 2026-11-10 10:00 |                  | i@vega.test
Пётр  | Лира    | собственник/директор  | Борис   |       | 2026-11-15 23:59 | 112345           |
Раиса | Лира    | зам. директора        | Борис   | Борис | 2026-11-10 10:00 | +7 900 000-00-02 |
Семён | Лира    | директор              | Борис   | Борис | 2026-11-10 10:00 | нет              | -
Тимур | Лира    | директор              | Борис   | Борис | 2026-11-08 23:59 | +7 900 000-00-03 |
Ульян |         |                       | Борис   | Борис | 2026-11-10 10:00 | +7 900 000-00-04 |
"""
PEOPLE = (Manager("Анна"), Manager("Борис"), Manager("Робот", listed=False))


def asked(make, contacts=CONTACTS, **settings):
    data = make.build(DEALS, funnel=make.funnel(), managers=PEOPLE, contacts=contacts)
    return data, make.ask(data, **settings)


def test_by_who_entered_them(make, row):
    """Олег (entered by Анна), Инна (by a robot: her responsible Анна), Пётр (Борис is responsible)."""
    data, view = asked(make)
    out = decision_makers.compute(data, view)
    assert row(out, scope="company")["value"] == 3
    assert row(out, scope="manager", manager="Анна")["value"] == 2
    assert row(out, scope="manager", manager="Борис")["value"] == 1


def test_the_deal_of_the_client_is_behind(make):
    data, view = asked(make)
    found = decision_makers.facts(data, view, "decision_makers")
    assert list(found["contact"]) == [0, 1, 2]
    assert list(found["deal"]) == [0, 0, -1]


def test_other_positions(make, row):
    data, view = asked(make, decision_makers={"positions": ["ЗАМ. директора"]})
    assert row(decision_makers.compute(data, view), scope="company")["value"] == 1


def test_a_norm_counts_contacts_without_a_deal(make, row):
    data, view = asked(make, norms=[{"metric": "decision_makers", "normal": 1, "great": 2}])
    out = norms(data, view)
    verdicts = {
        m: row(out, metric="decision_makers", manager=m)["verdict"] for m in ("Анна", "Борис")
    }
    assert verdicts == {"Анна": "great", "Борис": "normal"}


@pytest.mark.parametrize(
    ("left_out", "reason"),
    [("created", "contact_created_at"), ("position", "contact_position"),
     ("phone email", "contact_phone")],
)  # fmt: skip
def test_what_the_file_lacks(make, row, left_out, reason):
    table = make.table(CONTACTS).drop(columns=left_out.split())
    lines = [" | ".join(v or "" for v in line) for line in [list(table.columns), *table.to_numpy()]]
    data, view = asked(make, "\n".join(lines))
    found = row(decision_makers.compute(data, view))
    assert (found["verdict"], found["definition"]) == ("not_evaluated", f"needs.{reason}")
    assert not len(decision_makers.facts(data, view, "decision_makers"))


def test_the_file_may_only_say_that_there_is_a_phone(make):
    data, _ = asked(make)
    table = data.contacts.drop(columns=["phone", "email"]).assign(has_phone=[True] + [False] * 6)
    assert list(np.flatnonzero(decision_makers.reachable(table))) == [0]


def test_without_contacts(make, row):
    data = make.build(DEALS, funnel=make.funnel())
    assert row(decision_makers.compute(data, make.ask(data)))["definition"] == "needs.contacts"
