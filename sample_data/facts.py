"""The planted stories as figures, counted from the true history (``stories.json``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from math import ceil, sqrt
from typing import Any

from sample_data.people import (
    ALINA,
    AS_OF,
    IGOR,
    KIRILL,
    MARINA,
    OLGA,
    PAVEL,
    SEMYON,
    TEAM,
    TIMUR,
    ZOYA,
    Person,
)
from sample_data.records import RENAMED, SALES, Deal, World

from sample_data import amocrm_sample, bitrix24_sample

MONDAY = date(2026, 11, 9)
WINDOW = 180  # days; conversion.window of the configs
Z95, Z998 = 1.959964, 3.090232


def facts(world: World) -> dict[str, Any]:
    """Everything a test can hold against the report."""
    deals = world.deals
    sales = [d for d in deals if d.pipeline == "sales"]
    amo = [row["id"] for row in amocrm_sample.rows(world)]
    bitrix = [row["id"] for row in bitrix24_sample.deal_rows(world)]
    return {
        "as_of": AS_OF.isoformat(),
        "period": "2026-W46",
        "files": {
            "amocrm_deals": f"amocrm/{amocrm_sample.FILE}",
            "bitrix24_deals": f"bitrix24/{bitrix24_sample.DEALS_FILE}",
            "bitrix24_leads": f"bitrix24/{bitrix24_sample.LEADS_FILE}",
            "bitrix24_calls": f"bitrix24/{bitrix24_sample.CALLS_FILE}",
        },
        "rows": {
            "amocrm_deals": len(amo),
            "bitrix24_deals": len(bitrix),
            "bitrix24_leads": len(world.leads),
            "bitrix24_calls": len(world.calls) + 2,
        },
        "entries_last_week": {
            p.name: {s: _entries(sales, p, s, MONDAY) for s in SALES[:-1]} for p in TEAM
        },
        "base_category_a_last_week": {
            p.name: _entries([d for d in sales if d.client.category == "A"], p, "base", MONDAY)
            for p in TEAM
        },
        "stories": _stories(sales) | {"mess": _mess(world, amo, bitrix)},
        "loss_reasons": dict(sorted(_reasons(deals).items())),
    }


def _stories(sales: list[Deal]) -> dict[str, Any]:
    strong = _conversion(sales, KIRILL, "closing", "won")
    week = [MONDAY + timedelta(days=i) for i in range(5)]
    skipped = _ids(sales, lambda d: bool(d.entered("proposal") and not d.entered("needs")))
    handed = [d for d in sales if d.former_owner]
    return {
        "strong_caller": {
            "manager": KIRILL.name,
            "stage": "lpr",
            "entries_last_week": _entries(sales, KIRILL, "lpr", MONDAY),
            **strong,
        },
        "below_norm": {
            "manager": OLGA.name,
            "stage": "lpr",
            "norm": 2,
            "weeks": {
                f"2026-W{w}": _entries(sales, OLGA, "lpr", MONDAY - timedelta(weeks=46 - w))
                for w in range(37, 47)
            },
            "weeks_below": 9,
        },
        "absence": {
            "manager": PAVEL.name,
            "stage": "lpr",
            "first": PAVEL.absences[-1][0].isoformat(),
            "last": PAVEL.absences[-1][1].isoformat(),
            "working_days_last_week": sum(PAVEL.works(d) for d in week),
            "norm": 0.8,
            "entries_last_week": _entries(sales, PAVEL, "lpr", MONDAY),
        },
        "newcomer": {
            "manager": ZOYA.name,
            "start": ZOYA.start.isoformat(),
            "deals": sum(d.owner is ZOYA for d in sales),
            "closed": sum(d.owner is ZOYA and d.stage in ("won", "lost") for d in sales),
            "cohort": _conversion(sales, ZOYA, "lpr", "needs")["of"],
        },
        "handed_over": {
            "from": IGOR.name,
            "to": TIMUR.name,
            "day": "2026-07-01",
            **_ids(handed, lambda d: True),
            "still_open": _ids(handed, lambda d: d.open),
            "untouched": _ids(handed, lambda d: d.story == "handed_over_untouched"),
        },
        "proposals_wait": {
            "manager": SEMYON.name,
            "stage": "proposal",
            "limit_days": 14,
            **_ids(
                sales,
                lambda d: (
                    d.owner is SEMYON
                    and d.stage == "proposal"
                    and AS_OF - d.events[-1][0] > timedelta(days=14)
                ),
            ),
        },
        "stalled_large": {
            "manager": ALINA.name,
            "stage": "closing",
            **_ids(sales, lambda d: d.story == "stalled_large"),
            "since": next(d for d in sales if d.story == "stalled_large").events[-1][0].isoformat(),
            "last_activity": "2026-09-29T15:42:10",
        },
        "skipped_stage": {
            "manager": MARINA.name,
            "from": "lpr",
            "skipped": "needs",
            "to": "proposal",
            **skipped,
        },
        "renamed_stage": {
            "old": amocrm_sample.OLD_CLOSING,
            "new": amocrm_sample.STAGES["closing"],
            "under_old_name": _ids(
                sales, lambda d: d.stage == "closing" and d.events[-1][0] < RENAMED
            ),
            "under_new_name": _ids(
                sales, lambda d: d.stage == "closing" and d.events[-1][0] >= RENAMED
            ),
        },
        "parked": {"stage": "parked", **_ids(sales, lambda d: d.stage == "parked")},
    }


def _mess(world: World, amo: list[int], bitrix: list[int]) -> dict[str, Any]:
    """Per flaw: deals and their rows in Excel (header = 1) of both deals files."""
    out: dict[str, Any] = {}
    for flag in sorted({f for d in world.deals for f in d.flags}):
        found = [d for d in world.deals if flag in d.flags]
        out[flag] = {
            **_ids(found, lambda d: True),
            "amocrm_rows": [i + 2 for i, n in enumerate(amo) if n in {d.amo_id for d in found}],
            "bitrix24_rows": [
                i + 2 for i, n in enumerate(bitrix) if n in {d.bitrix_id for d in found}
            ],
        }
    out["no_amount"] = _ids(world.deals, lambda d: d.amount is None)
    out["zero_amount"] = _ids(world.deals, lambda d: d.amount == 0)
    out["incoming"] = {"count": len(world.incoming), "amocrm": [d.amo_id for d in world.incoming]}
    return out


def _entries(deals: Iterable[Deal], person: Person, stage: str, monday: date) -> int:
    """First entries of the week on deals whose present owner is the person."""
    days = [monday + timedelta(days=i) for i in range(7)]
    own = (d for d in deals if d.shown_owner is person and "future_created" not in d.flags)
    return sum((at := d.entered(stage)) is not None and at.date() in days for d in own)


def _conversion(deals: list[Deal], person: Person, stage: str, target: str) -> dict[str, Any]:
    """k of n in the cohort window, the same of the others, and Newcombe's 99.8 % interval."""
    days = maturity(deals, stage, target)
    end = AS_OF - timedelta(days=days)
    start = end - timedelta(days=WINDOW)
    counts = {True: [0, 0], False: [0, 0]}
    for deal in deals:
        at = deal.entered(stage)
        if at and start <= at < end and deal.shown_owner and deal.loss_reason != "Дубль":
            pair = counts[deal.shown_owner is person]
            reached = deal.entered(target) is not None or _beyond(deal, target)
            pair[0] += reached
            pair[1] += 1
    (k, n), (ko, no) = counts[True], counts[False]
    out: dict[str, Any] = {
        "conversion": [stage, target],
        "maturity_days": days,
        "window": [start.isoformat(), end.isoformat()],
        "reached": k,
        "of": n,
        "others_reached": ko,
        "others_of": no,
    }
    if n and no:
        low, high = newcombe(k, n, ko, no, Z998)
        out["difference_998"] = [round(low, 4), round(high, 4)]
    return out


def maturity(deals: Iterable[Deal], stage: str, target: str) -> int:
    """p80, in whole days, of the lag between two stages seen, the second in the last 365 days."""
    since = AS_OF - timedelta(days=365)
    pairs = ((d.entered(stage), d.entered(target)) for d in deals)
    lags = sorted((b - a) / timedelta(days=1) for a, b in pairs if a and b and b >= since)
    place = 0.8 * (len(lags) - 1)
    low = int(place)
    return ceil(lags[low] + (lags[low + 1] - lags[low]) * (place - low))


def _beyond(deal: Deal, target: str) -> bool:
    later = SALES[SALES.index(target) :]
    return any(stage in later for _, stage in deal.events)


def wilson(k: int, n: int, z: float) -> tuple[float, float]:
    """Wilson's score interval (1927)."""
    p = k / n
    middle = p + z * z / (2 * n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def newcombe(k1: int, n1: int, k2: int, n2: int, z: float) -> tuple[float, float]:
    """Hybrid-score interval of p1 - p2 (Newcombe 1998, method 10)."""
    p1, p2 = k1 / n1, k2 / n2
    (l1, u1), (l2, u2) = wilson(k1, n1, z), wilson(k2, n2, z)
    return (
        p1 - p2 - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2),
        p1 - p2 + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2),
    )


def _ids(deals: Iterable[Deal], test: Callable[[Deal], bool]) -> dict[str, Any]:
    found = [d for d in deals if test(d)]
    return {
        "count": len(found),
        "amount": sum(d.amount or 0 for d in found if d.currency == "RUB"),
        "amocrm": [d.amo_id for d in found],
        "bitrix24": [d.bitrix_id for d in found],
    }


def _reasons(deals: Iterable[Deal]) -> Counter[str]:
    """Loss reasons of all time as the amoCRM file shows them; "" where none is given."""
    lost = (d for d in deals if d.stage == "lost" and "unknown_stage" not in d.flags)
    return Counter(d.loss_reason or "" for d in lost)
