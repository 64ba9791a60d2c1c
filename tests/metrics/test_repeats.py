"""Clients worked on twice; as of 2026-11-16, closed deals count for 90 days."""

from __future__ import annotations

from funnelkpi.metrics import repeats
from funnelkpi.metrics.behind import Figure, behind

DEALS = """
id | manager | stage | company | contact | created    | closed
1  | Анна    | needs | Вега    |         | 2026-10-01 |
2  | Анна    | base  | Вега    |         | 2026-10-01 |
3  | Анна    | lost  | Вега    |         | 2026-10-01 | 2026-11-01
4  | Анна    | needs | Лира    |         | 2026-10-01 |
5  | Борис   | won   | Лира    |         | 2026-10-01 | 2026-11-01
6  | Борис   | needs | Орион   |         | 2026-10-01 |
7  | Анна    | won   | Орион   |         | 2025-10-01 | 2025-11-01
8  | Борис   | needs |         | Олег    | 2026-10-01 |
9  | Анна    | needs |         | Олег    | 2026-10-01 |
10 | Борис   | needs |         |         | 2026-10-01 |
11 | Борис   | won   | Рысь    |         | 2026-10-01 | 2026-11-01
12 | Анна    | won   | Рысь    |         | 2026-10-01 | 2026-11-01
"""


def asked(make, deals=DEALS):
    data = make.build(deals, funnel=make.funnel())
    view = make.ask(data)
    return data, view, repeats.compute(data, view)


def test_two_deals_and_two_managers(make, row):
    """Вега: two open deals of one manager (her closed one is no repeat); Лира: another manager won
    lately; Олег: both. Орион's other deal is old, nothing of Рысь is open."""
    data, view, out = asked(make)
    value = {s: row(out, scope="company", statistic="value", slice=s)["value"]
             for s in (None, "repeat=deals", "repeat=managers")}  # fmt: skip
    assert value == {None: 6, "repeat=deals": 4, "repeat=managers": 4}
    assert row(out, scope="company", statistic="clients")["value"] == 3
    by = {m: row(out, manager=m, statistic="clients")["value"] for m in ("Анна", "Борис")}
    assert by == {"Анна": 3, "Борис": 2}
    found = repeats.facts(data, view, "repeats")
    assert dict(zip(data.deals["deal_id"].iloc[found["deal"]], found["why"], strict=True)) == {
        "1": "two_deals", "2": "two_deals", "4": "two_managers", "5": "two_managers",
        "8": "two_deals,two_managers", "9": "two_deals,two_managers",
    }  # fmt: skip


def test_the_list_behind(make):
    data, view, _ = asked(make)
    found = behind(data, view, Figure("repeats", managers=("Борис",)))
    assert list(found.deals["deal_id"]) == ["5", "8"]


def test_unknown_clients(make, row):
    deals = "id | manager | stage | created\n1 | Анна | needs | 2026-10-01"
    assert row(asked(make, deals)[2])["definition"] == "needs.clients"


def test_nothing_found(make, row):
    deals = "id | manager | stage | company | created\n1 | Анна | needs | Вега | 2026-10-01"
    out = asked(make, deals)[2]
    assert row(out, scope="company", statistic="value", slice=None)["value"] == 0
