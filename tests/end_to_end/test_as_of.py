"""An earlier moment: nothing later than it exists, and what cannot be told is not told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sample_data.world import simulate

EARLIER = datetime(2026, 10, 15, 23, 59, 59)


def value(table: pd.DataFrame, metric: str, **where: str) -> float:
    rows = table[table["metric"].eq(metric) & table["scope"].eq("company") & table["slice"].isna()]
    for name, text in where.items():
        rows = rows[rows[name].eq(text)]
    for name in ("pipeline", "stage", "currency"):
        if name not in where and rows[name].isna().any():
            rows = rows[rows[name].isna()]
    assert len(rows) == 1, rows.to_string()
    return float(rows["value"].iloc[0])


@pytest.fixture(scope="module")
def earlier(kit: Any) -> Any:
    return kit.run(
        kit.BITRIX, config=kit.settings(kit.BITRIX_CONFIG), as_of=EARLIER, period="2026-W41"
    )


def test_later_deals_are_cut_and_accounted(earlier: Any) -> None:
    deals = earlier.data.deals
    later = [d for d in simulate().deals if d.created > EARLIER or "future_created" in d.flags]
    assert not (deals["created_at"] > EARLIER).any()
    account = earlier.assembled.accounts[0]
    excluded = dict(account.reasons)["findings_data.after_as_of"]
    assert excluded == len(later) > 90
    assert account.counted + account.merged + excluded == account.rows


def test_a_deal_closed_later_is_open(earlier: Any) -> None:
    world = {str(d.bitrix_id): d for d in simulate().deals}
    deals = earlier.data.deals
    for deal_id, status in zip(deals["deal_id"], deals["status"], strict=True):
        deal = world[deal_id]
        if deal.flags or deal.stage not in ("won", "lost"):
            continue
        closed = deal.events[-1][0]
        assert status == (deal.stage if closed <= EARLIER else "open"), deal_id


def test_won_figures_of_the_past_are_what_the_past_export_says(earlier: Any, kit: Any) -> None:
    """W41 is closed in both: the later moment changes nothing about it."""
    now = kit.run(kit.BITRIX, config=kit.settings(kit.BITRIX_CONFIG), period="2026-W41")
    for metric in ("won", "lost", "deals_created"):
        then, later = (value(x.metrics, metric) for x in (earlier, now))
        assert then == later > 0


def test_what_a_later_export_cannot_tell_is_not_evaluated(earlier: Any) -> None:
    """Deals moved since: their stage then is unknown, and so are stock and stalled deals."""
    assert earlier.data.stage_unknown_share > 0.05
    table = earlier.metrics
    for metric in ("deals_in_stage", "stalled"):
        rows = table[table["metric"].eq(metric)]
        assert len(rows)
        assert rows["verdict"].eq("not_evaluated").all(), metric
    assert len(earlier.stalled) == 0


def test_known_stages_are_those_the_world_had(earlier: Any) -> None:
    world = {str(d.bitrix_id): d for d in simulate().deals}
    deals, checked = earlier.data.deals, 0
    for deal_id, stage, unknown in zip(
        deals["deal_id"], deals["stage"], deals["stage_unknown"], strict=True
    ):
        deal = world[deal_id]
        if unknown or deal.flags:
            continue
        then = [s for at, s in deal.events if at <= EARLIER][-1]
        assert stage.partition("/")[2] == then, deal_id
        checked += 1
    assert checked > 500


def test_future_dates_are_judged_by_the_export_not_by_the_moment(earlier: Any) -> None:
    future = [f for f in earlier.findings if f.code.endswith("created_in_future")]
    assert [f.count for f in future] == [1]  # the typo; not every deal since October


def test_a_file_without_dates_of_change_knows_no_earlier_stage(kit: Any, tmp_path: Path) -> None:
    header, *body = kit.cells(kit.AMO)
    keep = [i for i, c in enumerate(header) if c not in ("Дата редактирования",)]
    path = kit.to_csv(
        tmp_path / "deals_2026-11-16.csv", [[r[i] for i in keep] for r in (header, *body)]
    )
    config = kit.settings(kit.AMO_CONFIG)
    got = kit.run(path, config=config, as_of=EARLIER).data.deals
    is_open = got["status"].eq("open")
    assert got.loc[is_open, "stage_unknown"].all()
    now = kit.run(path, config=config).data.deals
    assert not now["stage_unknown"].any()


def test_before_the_first_deal_there_is_nothing_to_report(kit: Any, cli: Any) -> None:
    code, out, err = cli("report", kit.AMO, "--as-of", "2020-01-01")
    assert (code, out) == (2, "")
    assert "--as-of" in err
