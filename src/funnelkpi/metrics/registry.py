"""All metric families, in the order of the report, and the figures by name."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import pandas as pd

from funnelkpi.metrics import (
    conversion,
    conversion_flow,
    entries,
    loss_reasons,
    norms,
    plain,
    stalled,
    stock,
    time_to_close,
    win_rate,
)
from funnelkpi.metrics._reasons import judge
from funnelkpi.metrics.result import conform, typed
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

FAMILIES: tuple[ModuleType, ...] = (
    norms,
    conversion,
    conversion_flow,
    entries,
    plain,
    win_rate,
    time_to_close,
    loss_reasons,
    stalled,
    stock,
)
"""A family is a module with ``SPECS``, ``facts(data, view, metric)`` and ``compute(data, view)``."""

SPECS = {spec.id: spec for family in FAMILIES for spec in family.SPECS}
FAMILY_OF = {spec.id: family for family in FAMILIES for spec in family.SPECS}


@dataclass(frozen=True)
class Figures:
    """The long table of every figure, in the order of the report, and the list of deals to open."""

    table: pd.DataFrame
    stalled: pd.DataFrame


def compute(data: Dataset, view: View) -> Figures:
    """Every figure. The clocks of the open deals are read once for the table and the list."""
    judged = judge(data, view)
    parts = [
        stalled.compute(data, view, judged) if family is stalled else family.compute(data, view)
        for family in FAMILIES
    ]
    table = conform(pd.concat([p for p in parts if len(p)], ignore_index=True))
    return Figures(typed(table), stalled.stalled_deals(data, view, judged))
