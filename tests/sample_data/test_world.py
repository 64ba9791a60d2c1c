"""The true history is a possible one."""

from __future__ import annotations

from sample_data.people import AS_OF, EVERYBODY, TEAM
from sample_data.records import INBOUND
from sample_data.world import simulate


def test_events_are_in_order_and_not_later_than_as_of() -> None:
    for deal in (*simulate().deals, *simulate().incoming):
        moments = [at for at, _ in deal.events]
        assert moments == sorted(moments)
        assert moments[-1] <= AS_OF
        assert len({stage for _, stage in deal.events}) == len(deal.events)


def test_people_move_deals_on_their_working_days() -> None:
    """Only the days after a hand-over belong to somebody else."""
    for deal in simulate().deals:
        person = deal.former_owner or deal.owner
        assert person is not None
        for at, _ in deal.events:
            assert at.weekday() < 5, deal.number
            if at.date() <= person.end:
                assert person.works(at.date()), (deal.number, at)


def test_size() -> None:
    world = simulate()
    assert 1150 <= len(world.deals) <= 1250
    assert (AS_OF - min(d.created for d in world.deals)).days in range(530, 560)
    assert {d.owner for d in world.deals} == set(EVERYBODY)
    assert len(TEAM) == 8
    assert len({p.department for p in TEAM}) == 2


def test_calls_are_of_people_at_work_and_of_open_deals() -> None:
    for call in simulate().calls:
        assert call.at < AS_OF
        assert call.employee is None or call.employee.works(call.at.date())
        if call.deal:
            assert call.deal.created < call.at
            assert call.deal.open or call.at < call.deal.events[-1][0]


def test_leads_lead_to_inbound_deals() -> None:
    for lead in simulate().leads:
        assert lead.source in INBOUND
        assert lead.created <= lead.moved <= AS_OF
        assert (lead.deal is not None) == (lead.stage == "converted")
        if lead.deal:
            assert lead.moved == lead.deal.created
