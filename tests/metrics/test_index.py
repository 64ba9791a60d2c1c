"""What the families share in a run changes no figure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from funnelkpi.metrics.registry import FAMILIES, FAMILY_OF, compute


@pytest.mark.parametrize("crm", ["amocrm", "bitrix24"])
def test_families_alone_and_together(sample: Callable[[str], Any], crm: str) -> None:
    run = sample(crm)
    alone = pd.concat([f.compute(run.data, run.view) for f in FAMILIES], ignore_index=True)
    together = compute(run.data, run.view).table
    pd.testing.assert_frame_equal(alone.astype(together.dtypes.to_dict()), together)


def test_no_family_changes_the_data(sample: Callable[[str], Any]) -> None:
    run = sample("amocrm")
    deals, entries = run.data.deals.copy(deep=True), run.data.entries.copy(deep=True)
    compute(run.data, run.view)
    for metric, family in FAMILY_OF.items():
        family.facts(run.data, run.view, metric)
    pd.testing.assert_frame_equal(run.data.deals, deals)
    pd.testing.assert_frame_equal(run.data.entries, entries)
