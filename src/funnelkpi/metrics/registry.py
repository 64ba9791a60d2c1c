"""All metric families, in the order of the report, and the figures by name."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import pandas as pd

from funnelkpi.metrics import (
    answered_share,
    best_calls,
    calls,
    calls_and_deals,
    calls_at_stage,
    calls_per,
    categories,
    close_date_pushes,
    conversion,
    conversion_flow,
    conversion_mature,
    decision_makers,
    entries,
    facts_complete,
    first_response,
    hand_overs,
    lag,
    leads,
    lists,
    loss_reasons,
    meetings,
    missed_calls,
    next_step,
    norms,
    plain,
    promises,
    repeats,
    stalled,
    stock,
    time_in_stage,
    time_to_close,
    touches,
    velocity,
    win_rate,
)
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._reasons import judge
from funnelkpi.metrics.result import typed_table
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

FAMILIES: tuple[ModuleType, ...] = (
    norms,
    conversion,
    conversion_flow,
    conversion_mature,
    entries,
    plain,
    win_rate,
    time_to_close,
    time_in_stage,
    lag,
    velocity,
    close_date_pushes,
    loss_reasons,
    stalled,
    stock,
    leads,
    calls,
    answered_share,
    missed_calls,
    calls_and_deals,
    calls_per,
    touches,
    calls_at_stage,
    first_response,
    best_calls,
    meetings,
    next_step,
    promises,
    facts_complete,
    decision_makers,
    categories,
    lists,
    hand_overs,
    repeats,
)
"""A family is a module with ``SPECS``, ``facts(data, view, metric)`` and ``compute(data, view)``;
``parts(index, view)`` are the rows of ``compute``, from an index that the families share."""

SPECS = {spec.id: spec for family in FAMILIES for spec in family.SPECS}
FAMILY_OF = {spec.id: family for family in FAMILIES for spec in family.SPECS}


@dataclass(frozen=True)
class Figures:
    """The long table of every figure, in the order of the report, and the list of deals to open."""

    table: pd.DataFrame
    stalled: pd.DataFrame


def compute(data: Dataset, view: View) -> Figures:
    """Every figure. The clocks of the open deals are read once for the table and the list."""
    index = Index(data)
    judged = judge(index, view)
    rows = [
        part
        for family in FAMILIES
        for part in (
            stalled.parts(index, view, judged) if family is stalled else family.parts(index, view)
        )
    ]
    return Figures(typed_table(rows), stalled.stalled_deals(data, view, judged))
