"""Who the client is, and the deal of a client's event."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from funnelkpi.metrics._clients import clients, deal_at, told
from funnelkpi.metrics._deals import second
from funnelkpi.metrics._index import Index
from funnelkpi.model.funnel import Funnel, Pipeline, Stage, StageKind

DEALS = """
id | stage | company | contact | created
1  | base  | Вега    | Олег    | 2026-10-01
2  | base  | Вега    | Инна    | 2026-11-01
3  | base  |         | Олег    | 2026-10-05
4  | base  |         |         | 2026-10-05
5  | base  |         | Олег    |
"""


def test_company_then_contact(make):
    data = make.build(DEALS, funnel=make.funnel())
    derived = replace(data, deals=data.deals.drop(columns="client"))
    for own in (data, derived):
        one, two, three, four, five = clients(own)
        assert one == two >= 0
        assert three == five >= 0
        assert three != one
        assert four == -1
    assert told(data)


def test_the_newest_deal_by_then_else_the_first(make):
    data = make.build(DEALS, funnel=make.funnel())
    index, whose = Index(data), clients(data)
    vega, oleg = whose[0], whose[2]
    at = {day: second(np.datetime64(day, "s").astype(object))
          for day in ("2026-09-01", "2026-10-20", "2026-11-02")}  # fmt: skip
    asked = [(vega, "2026-09-01", 0), (vega, "2026-10-20", 0), (vega, "2026-11-02", 1),
             (oleg, "2026-11-02", 2), (-1, "2026-11-02", -1), (1 << 40, "2026-11-02", -1)]  # fmt: skip
    found = deal_at(index, whose, np.array([c for c, _, _ in asked], np.int64),
                    np.array([at[d] for _, d, _ in asked]))  # fmt: skip
    assert list(found) == [deal for _, _, deal in asked]


def test_nobody(make):
    data = make.build("id | stage | created\n1 | base | 2026-10-01", funnel=make.funnel())
    assert not told(data)
    assert list(deal_at(Index(data), clients(data), np.array([3]), np.array([0]))) == [-1]


def test_a_deal_before_a_lead_and_of_one_second_the_lower_id(make):
    lead = Stage("leads/new", "new", "New", "leads", StageKind.OPEN, 1)
    leads = Pipeline("leads", "Leads", (lead,), entity="lead")
    funnel = Funnel((*make.funnel().pipelines, leads))
    rows = [
        "10 | base      | Вега | 2026-10-01",
        "9  | base      | Вега | 2026-10-01",
        "11 | leads/new | Вега | 2026-11-01",
        "12 | leads/new | Лира | 2026-11-01",
    ]
    now = second(np.datetime64("2026-11-02", "s").astype(object))
    for order in (rows, rows[::-1]):
        table = "\n".join(["id | stage | company | created", *order])
        data = make.build(table, funnel=funnel)
        whose = clients(data)
        ids = data.deals["deal_id"].tolist()
        asked = np.array([whose[ids.index("9")], whose[ids.index("12")]])
        for moment in (now, 0):
            found = deal_at(Index(data), whose, asked, np.array([moment, moment]))
            assert [ids[i] for i in found] == ["9", "12"]
