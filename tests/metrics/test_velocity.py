"""Velocity; as of 2026-11-16 08:30."""

import pandas as pd
import pytest

from funnelkpi.metrics import velocity
from funnelkpi.model.roster import Manager


def deals(*groups):
    """Rows of (count, manager, stage, amount, currency, created, closed)."""
    lines, i = ["id|manager|stage|amount|currency|created|closed"], 0
    for count, *cells in groups:
        for _ in range(count):
            i += 1
            lines.append("|".join([str(i), *(str(c) for c in cells)]))
    return "\n".join(lines)


# 25 won after 10 days, 25 lost after 20, 50 open for 46 days. F: 25/100 at day 10, reliable (75 at
# risk), nothing later. Checks: 20 x 100 and 5 x 200 (one more has no amount).
TABLE = (
    (20, "Анна", "won", 100, "RUB", "2026-10-01", "2026-10-11"),
    (4, "Борис", "won", 200, "RUB", "2026-10-01", "2026-10-11"),
    (1, "Борис", "won", "", "RUB", "2026-10-01", "2026-10-11"),
    (25, "Анна", "lost", 500, "RUB", "2026-10-01", "2026-10-21"),
    (40, "Анна", "kp", 500, "RUB", "2026-10-01", ""),
    (8, "Борис", "kp", 500, "RUB", "2026-10-01", ""),
    (2, "Борис", "kp", 500, "USD", "2026-10-01", ""),
)


def test_by_hand(make, row):
    data = make.build(deals(*TABLE), funnel=make.funnel())
    out = velocity.compute(data, make.ask(data))
    got = row(out, scope="company", currency="RUB")
    check = (20 * 100 + 4 * 200) / 24
    assert (got["value"], got["n"]) == (pytest.approx(48 * 0.25 * check / 10), 48)
    assert (got["unit"], got["pipeline"]) == ("money_per_day", "main")
    # Анна: 20 of 85 won: 40 open x 20/85 x 100 / 10
    anna = row(out, scope="manager", manager="Анна")
    assert anna["value"] == pytest.approx(40 * 20 / 85 * 100 / 10)
    boris = row(out, scope="manager", manager="Борис", currency="RUB")
    assert (boris["verdict"], boris["definition"]) == ("not_evaluated", "needs.twenty_wins")
    dollars = row(out, scope="company", currency="USD")
    assert (dollars["definition"], dollars["n"]) == ("needs.won_amounts", 2)
    assert set(out["scope"]) == {"company", "manager"}
    assert len(velocity.facts(data, make.ask(data))) == 50


def test_departments_are_left_out_and_owners_without_name_have_no_row(make):
    people = (Manager("Анна", "А", "closer"), Manager("Борис", "А"))
    table = [*TABLE, (3, "", "kp", 1, "RUB", "2026-10-01", "")]
    data = make.build(deals(*table), funnel=make.funnel(), managers=people)
    out = velocity.compute(data, make.ask(data))
    assert set(out["scope"]) == {"company", "manager"}
    assert set(out["manager"].dropna()) == {"Анна", "Борис"}
    assert out["n"].iat[0] == 51


def test_not_evaluated(make, row):
    data = make.build("id|stage|created|amount\n1|kp|2026-10-01|5", funnel=make.funnel())
    assert row(velocity.compute(data, make.ask(data)))["definition"] == "needs.closed_at"
    data = make.build("id|stage|created|closed\n1|kp|2026-10-01|", funnel=make.funnel())
    assert row(velocity.compute(data, make.ask(data)))["definition"] == "needs.amount"
    lost = (30, "Анна", "lost", 1, "RUB", "2026-10-01", "")
    data = make.build(deals(*TABLE, lost), funnel=make.funnel())
    got = row(velocity.compute(data, make.ask(data)), scope="company", currency="RUB")
    assert (got["definition"], pd.isna(got["value"])) == ("needs.closed_at", True)
