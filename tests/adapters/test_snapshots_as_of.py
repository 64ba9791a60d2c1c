"""Several exports in a folder and a moment of the past: later exports change nothing of it."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from funnelkpi.adapters.deals.table import read_deals
from funnelkpi.adapters.interface import Wanted
from funnelkpi.adapters.lookup import Lookups
from funnelkpi.adapters.part import Part
from funnelkpi.adapters.registry import recognise
from funnelkpi.adapters.snapshots import LATER, overlap, settle_snapshots
from funnelkpi.config.schema import Settings
from funnelkpi.model.tables import deals_columns

DAYS = ("2026-08-03", "2026-08-10", "2026-08-17")


@pytest.fixture
def part(make_table):
    """``part(day, ids)``: a Bitrix24 export of that day at 09:00."""

    def call(day: str, ids: str, pipeline: str = "Общая") -> Part:
        at = datetime.fromisoformat(f"{day} 09:00")
        edited = f"{at:%d.%m.%Y} 08:00:00"
        lines = [f"{i}|Новая|{pipeline}|0{i}.01.2026 10:00:00|{edited}" for i in ids.split()]
        header = "ID|Стадия сделки|Воронка|Дата создания|Дата изменения"
        source = make_table(f"deals {day}.csv", "\n".join([header, *lines]))
        export = recognise(source, Settings())
        wanted = Wanted(frozenset(deals_columns()))
        return read_deals(export, wanted, Settings(), Lookups())

    return call


def _counted(parts, as_of):
    settled = settle_snapshots(parts, datetime.fromisoformat(as_of) if as_of else None)
    return [len(p.frame) for p in settled], settled


def test_the_state_is_the_earliest_export_at_or_after_the_moment(part):
    parts = [part(day, "1 2 3") for day in DAYS]
    for as_of, expected in (
        ("2026-08-01", [3, 0, 0]),
        ("2026-08-03 08:00:00", [3, 0, 0]),
        ("2026-08-05", [0, 3, 0]),
        ("2026-08-12", [0, 0, 3]),
        ("2026-09-01", [0, 0, 3]),
        (None, [0, 0, 3]),
    ):
        assert _counted(parts, as_of)[0] == expected


def test_rows_of_a_later_export_are_excluded_and_said_so(part):
    parts = [part(DAYS[0], "1 2 3"), part(DAYS[1], "1 2 3 4")]
    _, (state, late) = _counted(parts, "2026-08-01")
    assert state is parts[0]
    account = late.account()
    assert (account.rows, account.counted, account.excluded) == (4, 0, 4)
    assert account.reasons == ((LATER, 4),)
    (finding,) = [f for f in late.findings if f.code == LATER]
    assert (finding.count, finding.params["state"]) == (4, state.export.source.name)


def test_another_pipeline_exported_later_is_part_of_the_state(part):
    parts = [part(DAYS[0], "1 2 3"), part(DAYS[1], "4 5", "Сервис"), part(DAYS[2], "4 5", "Сервис")]
    assert _counted(parts, "2026-08-01")[0] == [3, 2, 0]


def test_one_deal_that_moved_between_two_exports_does_not_make_them_one():
    assert not overlap(pd.Index(["1", "2", "3"]), pd.Index(["3", "4", "5"]))
    assert overlap(pd.Index(["1", "2"]), pd.Index([str(i) for i in range(100)]))
    assert not overlap(pd.Index([]), pd.Index(["1"]))
