"""A stage history given twice, by the CRM's own table and by its API, changes no figure."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="module")
def alone(kit: Any) -> Any:
    """Figures of the Bitrix24 sample with the table of its stage history."""
    table = kit.ROOT / "history/crm_deal_stage_history.csv"
    return kit.figures(kit.run(kit.BITRIX, table, config=kit.settings(kit.BITRIX_CONFIG)))


@pytest.mark.parametrize("turned", [False, True])
def test_both_say_what_the_fuller_one_says(kit: Any, alone: Any, turned: bool) -> None:
    """The API's answer has a part of the same events, and no owners."""
    folder = kit.ROOT / "history"
    files = [folder / "crm_deal_stage_history.csv", folder / "crm.stagehistory.list.json"]
    analysis = kit.run(
        kit.BITRIX, *(files[::-1] if turned else files), config=kit.settings(kit.BITRIX_CONFIG)
    )
    assert sum(a.merged for a in analysis.assembled.accounts) > 2000
    kit.assert_same(kit.figures(analysis), alone)
