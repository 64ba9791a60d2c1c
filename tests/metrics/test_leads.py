"""Leads and their way into deals, counted by hand."""

from __future__ import annotations

from funnelkpi.metrics import leads
from funnelkpi.model.funnel import Funnel, Pipeline, Stage, StageKind

LEADS = Pipeline(
    "leads", "Leads",
    (
        Stage("leads/new", "new", "New", "leads", StageKind.OPEN, 1),
        Stage("leads/converted", "converted", "Converted", "leads", StageKind.CONVERTED, 2),
        Stage("leads/junk", "junk", "Junk", "leads", StageKind.LOST, -1),
    ),
    entity="lead",
)  # fmt: skip
# As of Monday 2026-11-16 08:30; last week is 9-15 November.
DEALS = """
id | manager | stage           | phone       | lead_id | created          | closed
1  | Анна    | leads/converted | 89120000001 |         | 2026-11-09 10:00 | 2026-11-10 10:00
2  | Анна    | leads/converted | 89120000002 |         | 2026-11-01 10:00 | 2026-11-10 10:00
3  | Борис   | leads/converted | 89120000003 |         | 2026-11-09 10:00 | 2026-11-10 10:00
4  | Борис   | leads/junk      | 89120000004 |         | 2026-11-09 10:00 | 2026-11-10 10:00
5  | Борис   | leads/new       | 89120000005 |         | 2026-11-10 10:00 |
11 | Анна    | needs           | 89120000099 | 1       | 2026-11-10 10:00 |
12 | Анна    | needs           | 89120000002 |         | 2026-11-11 10:00 |
13 | Борис   | needs           | 89120000003 |         | 2026-11-11 10:01 |
14 | Борис   | needs           | 89120000003 |         | 2026-11-09 09:00 |
"""
ONE_CALL = "at | who | phone | talk\n2026-11-10 | Анна | 89120000001 | 60"


def test_created_and_converted(make, called, row):
    funnel = Funnel((*make.funnel().pipelines, LEADS))
    data = called(DEALS, ONE_CALL, funnel=funnel)
    view = make.ask(data)
    out = leads.compute(data, view)
    of = {"scope": "company", "slice": None}
    assert row(out, metric="leads_created", **of)["value"] == 4
    assert row(out, metric="leads_converted", **of)["value"] == 3
    slices = out[out["metric"].eq("leads_converted") & out["scope"].eq("company")]
    found = dict(
        zip(slices["slice"].dropna(), slices["value"][slices["slice"].notna()], strict=True)
    )
    assert found == {"link=id": 1, "link=client": 1, "link=unmatched": 1}
    facts = leads.facts(data, view, "leads_converted")
    assert dict(zip(facts["why"], facts["to_deal"], strict=True)) == {
        "id": 5, "client": 6, "unmatched": -1,
    }  # fmt: skip
    assert set(out["pipeline"]) == {"leads"}


def test_without_leads(make):
    data = make.build("id | stage | created\n1 | needs | 2026-11-01", funnel=make.funnel())
    out = leads.compute(data, make.ask(data))
    assert out["definition"].tolist() == ["needs.leads"] * 2


def test_a_deal_that_names_its_lead_is_no_other_leads(make, called, row):
    """Two leads of one client were converted; the only deal came of the second one."""
    deals = """
    id | manager | stage           | phone       | lead_id | created          | closed
    1  | Анна    | leads/converted | 89120000001 |         | 2026-11-09 10:00 | 2026-11-10 10:00
    2  | Анна    | leads/converted | 89120000001 |         | 2026-11-09 10:00 | 2026-11-10 10:00
    11 | Анна    | needs           | 89120000001 | 2       | 2026-11-10 10:00 |
    """
    data = called(deals, ONE_CALL, funnel=Funnel((*make.funnel().pipelines, LEADS)))
    out = leads.compute(data, make.ask(data))
    where = {"metric": "leads_converted", "scope": "company"}
    assert row(out, slice="link=id", **where)["value"] == 1
    assert row(out, slice="link=unmatched", **where)["value"] == 1
