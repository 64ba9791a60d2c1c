"""The true history behind the samples: what really happened, of which an export shows a part.

``simulate()`` gives the same World every time. Deals move База -> ЛПР -> Потребность -> КП
отправлено -> Дожим -> won or lost, or are parked; ``Deal.events`` is every stage entry up to the
export moment. The planted stories are in ``planted``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from random import Random

from sample_data.people import AS_OF, IGOR, TIMUR, clients
from sample_data.records import Call, Deal, World

from sample_data import planted, process, traffic

SEED = "funnelkpi samples 1"
HANDED_OVER = datetime(2026, 7, 1, 10, 15)


@lru_cache(maxsize=1)
def simulate() -> World:
    """The whole world; the same objects for every caller: do not change them."""
    rng = Random(SEED)
    pool = iter(clients(rng, 1500))
    deals = process.sales(rng, pool) + process.service(rng, pool)
    deals += planted.deals(Random(SEED + " planted"), pool)
    deals = [d for d in deals if d.created <= AS_OF]
    for deal in deals:
        deal.events = [e for e in deal.events if e[0] <= AS_OF]
        if deal.stage != "lost":
            deal.loss_reason = None  # lies ahead
    deals.sort(key=lambda d: d.created)
    for number, deal in enumerate(deals, start=1):
        deal.number = number
    _hand_over(deals)
    planted.steady(Random(SEED + " steady"), deals)
    planted.spoil(Random(SEED + " mess"), deals)
    made = traffic.calls(Random(SEED + " calls"), deals)
    _activity(Random(SEED + " activity"), deals, made)
    waiting = planted.incoming(Random(SEED + " incoming"), deals, pool)
    return World(AS_OF, deals, waiting, traffic.leads(Random(SEED + " leads"), deals, pool), made)


def _hand_over(deals: list[Deal]) -> None:
    """The base of the dismissed manager: six of his companies are never touched again."""
    left = 0
    for deal in deals:
        if deal.owner is not IGOR:
            continue
        before = [e for e in deal.events if e[0] < HANDED_OVER]
        if before[-1][1] in ("won", "lost", "parked"):
            continue
        deal.former_owner, deal.owner, deal.story = IGOR, TIMUR, "handed_over"
        if left < 6 and before[-1][1] in ("base", "lpr", "needs"):
            left += 1
            deal.events, deal.loss_reason = before, None
            deal.story = "handed_over_untouched"


def _activity(rng: Random, deals: list[Deal], made: list[Call]) -> None:
    """Last activity: the last talk or stage change, whichever is later, unless planted."""
    for deal in deals:
        if deal.last_activity is None:
            at = deal.events[-1][0] + timedelta(minutes=rng.randint(0, 40))
            deal.last_activity = min(at, AS_OF - timedelta(minutes=20))
    for call in made:
        about = call.deal
        if about and about.last_activity and call.status == "Успешный звонок":
            about.last_activity = max(about.last_activity, call.at)
