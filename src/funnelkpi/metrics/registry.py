"""All metric families, in the order of the report, and the figures by name."""

from __future__ import annotations

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
from funnelkpi.metrics.result import conform
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


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """The long table of every figure, in the order of the report."""
    parts = [family.compute(data, view) for family in FAMILIES]
    return conform(pd.concat([p for p in parts if len(p)], ignore_index=True))
