"""The files of ``sample_data/history`` tell what really happened, to the deals of the samples."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sample_data.people import AS_OF
from sample_data.world import HANDED_OVER, simulate

from funnelkpi.adapters.interface import Wanted
from funnelkpi.adapters.load import load
from funnelkpi.adapters.registry import recognise
from funnelkpi.config.load import load_settings
from funnelkpi.readers.open import open_sources
from sample_data import amocrm_sample, bitrix24_sample, history_sample

ROOT = Path(__file__).parents[2] / "sample_data"
DEALS = {
    "amocrm": ROOT / "amocrm" / amocrm_sample.FILE,
    "bitrix24": ROOT / "bitrix24" / bitrix24_sample.DEALS_FILE,
}
WANTED = Wanted(frozenset({"deal_id", "title", "stage", "pipeline", "owner"}))
WHOLE = timedelta(days=10_000)
SOURCES = {
    "amocrm_events.csv": ("amocrm", timedelta(days=history_sample.TABLE_DAYS)),
    "amocrm_events.json": ("amocrm", timedelta(days=history_sample.JSON_DAYS)),
    "event_log.csv": ("amocrm", WHOLE),
    "crm_deal_stage_history.csv": ("bitrix24", timedelta(days=history_sample.TABLE_DAYS)),
    "crm.stagehistory.list.json": ("bitrix24", timedelta(days=history_sample.JSON_DAYS)),
}


def tables(name: str) -> Any:
    crm = SOURCES[name][0]
    settings = load_settings(ROOT / crm / "funnelkpi.yaml")
    sources = open_sources([DEALS[crm], ROOT / "history" / name]).sources
    found = load([recognise(s, settings) for s in sources], WANTED, settings)
    assert all(a.balanced for a in found.accounts)
    return found


def truth(crm: str, since: timedelta) -> Counter[tuple[str, datetime, str]]:
    """Deal, moment, stage of every entry; amoCRM says no stage of a creation."""
    out: Counter[tuple[str, datetime, str]] = Counter()
    names = amocrm_sample.STAGES if crm == "amocrm" else bitrix24_sample.STAGES
    names = names | {"unknown": amocrm_sample.UNKNOWN_STAGE}
    for deal in simulate().deals:
        number = deal.amo_id if crm == "amocrm" else deal.bitrix_id
        for n, (at, _) in enumerate(deal.events):
            if at >= AS_OF - since:
                out[str(number), at, names[history_sample.stage_key(deal, n)]] += 1
    return out


def told(history: pd.DataFrame) -> Counter[tuple[str, datetime, str]]:
    """The same out of a file; the closing stage under its present name."""
    rows = history[history["stage"].notna()]
    stages = rows["stage"].astype(str).replace(amocrm_sample.OLD_CLOSING, "Дожим")
    return Counter(zip(rows["deal_id"], rows["changed_at"].dt.to_pydatetime(), stages, strict=True))


@pytest.mark.parametrize("name", SOURCES)
def test_every_entry_of_a_stage_is_told(name: str) -> None:
    crm, since = SOURCES[name]
    wanted = truth(crm, since)
    if name.startswith("amocrm"):  # a creation names no stage
        first = {(d.amo_id, d.created) for d in simulate().deals}
        wanted = Counter({k: n for k, n in wanted.items() if (int(k[0]), k[1]) not in first})
    if name == "amocrm_events.csv":  # the page gives minutes
        wanted = Counter({(d, at.replace(second=0), s): n for (d, at, s), n in wanted.items()})
    found = told(tables(name).history)
    assert sum(found.values()) > 1000
    assert found - wanted == Counter()
    assert wanted - found == Counter()


@pytest.mark.parametrize("name", SOURCES)
def test_the_deals_are_those_of_the_export(name: str) -> None:
    found = tables(name)
    known = set(found.deals["deal_id"])
    assert set(found.history["deal_id"]) <= known
    owners = set(found.history["owner"].dropna())
    spelled = {str(o).replace("\u00a0", " ") for o in found.deals["owner"].cat.categories}
    gone = {"Игорь Завьялов", "Завьялов Игорь"}  # dismissed: his deals are others' now
    assert owners <= spelled | gone
    codes = {f.code.rpartition(".")[2] for f in found.findings}
    assert codes <= {"repeated_rows", "repeated_ids_differ", "other_events"}


@pytest.mark.parametrize("name", ["amocrm_events.csv", "amocrm_events.json"])
def test_hand_overs_and_creations(name: str) -> None:
    history = tables(name).history
    handed = history[history["change"].eq("owner")]
    moved = [d for d in simulate().deals if d.former_owner]
    assert set(handed["deal_id"]) == {str(d.amo_id) for d in moved}
    assert set(handed["from_owner"]) == {"Игорь Завьялов"}
    assert set(handed["owner"]) == {"Тимур Галеев"}
    assert set(handed["changed_at"]) == {pd.Timestamp(HANDED_OVER)}
    since = AS_OF - SOURCES[name][1]
    made = [d for d in (*simulate().deals, *simulate().incoming) if d.created >= since]
    assert int(history["change"].eq("created").sum()) == len(made)


def test_owners_of_bitrix24_are_those_of_the_moment() -> None:
    history = tables("crm_deal_stage_history.csv").history
    moved = {str(d.bitrix_id) for d in simulate().deals if d.former_owner}
    own = history[history["deal_id"].isin(moved)]
    before = own["changed_at"] < HANDED_OVER
    assert set(own["owner"][before]) == {"Завьялов Игорь"}
    assert set(own["owner"][~before]) == {"Галеев Тимур"}


def test_amounts_end_in_those_of_the_export() -> None:
    history = tables("amocrm_events.csv").history
    changed = history[history["change"].eq("amount")].set_index("deal_id")["amount"]
    rows = {str(r["id"]): r["budget"] for r in amocrm_sample.rows(simulate())}
    assert len(changed) > 100
    assert changed.to_dict() == {d: float(rows[d]) for d in changed.index}
