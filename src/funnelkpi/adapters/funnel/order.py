"""The order of a pipeline's open stages that the data suggest.

The CRM's built-in stages keep their own order. The others are placed by how long after creation deals
stand there, corrected by «Предыдущая стадия»: the stage most moves lead to is the later one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.adapters.captions import stage_key


def ordered(part: pd.DataFrame, open_stages: Mapping[str, int | None]) -> list[str]:
    """``open_stages`` (title -> place among the built-in ones, or None) in the proposed order.

    part: canonical deals of one pipeline (stage, previous_stage, created_at, stage_changed_at,
    modified_at, deal_id).
    """
    age = _age(part, list(open_stages))
    known = sorted(
        (t for t, place in open_stages.items() if place is not None),
        key=lambda t: (open_stages[t], t),
    )
    others = sorted((t for t in open_stages if open_stages[t] is None), key=lambda t: (age[t], t))
    order = list(known)
    for title in others:
        place = next((i for i, other in enumerate(order) if age[other] > age[title]), len(order))
        order.insert(place, title)
    return _by_moves(part, order, set(known))


def _age(part: pd.DataFrame, titles: list[str]) -> dict[str, float]:
    """Median days from creation to the entry (else the last edit) of the deals now in each stage."""
    at = part["stage_changed_at"].where(part["stage_changed_at"].notna(), part["modified_at"])
    days = (at - part["created_at"]).dt.total_seconds() / 86400
    median = days.groupby(part["stage"], observed=True).median()
    return {t: float(np.nan_to_num(median.get(t, 0.0))) for t in titles}


def _by_moves(part: pd.DataFrame, order: list[str], fixed: set[str]) -> list[str]:
    """Swap neighbours that most moves contradict, unless both are built-in stages."""
    title = {stage_key(t): t for t in order}  # a former stage may be spelled another way
    moves: Any = part.groupby(["previous_stage", "stage"], observed=True, sort=True).size()
    count: dict[tuple[str, str], int] = {}
    for (before, after), n in moves.items():
        pair = title.get(stage_key(str(before)), ""), str(after)
        count[pair] = count.get(pair, 0) + int(n)
    for _ in order:
        for i in range(len(order) - 1):
            left, right = order[i], order[i + 1]
            against = count.get((right, left), 0) > count.get((left, right), 0)
            if against and not (left in fixed and right in fixed):
                order[i], order[i + 1] = right, left
    return order
