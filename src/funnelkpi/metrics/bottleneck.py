"""Bottleneck and strength: per manager the one step to talk about.

Among his marked steps (``much`` first) the one with the most deals lost, or gained, against the
rate of the others of his role: base x others' rate - advanced.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics.spec import MetricSpec

BOTTLENECK = MetricSpec("bottleneck", "count", better="lower", level="step")
STRENGTH = MetricSpec("strength", "count", better="higher", level="step")


def worst_and_best(marks: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Metric id -> one row per manager: his marks row with ``value`` = deals lost or gained.

    marks: rows of ``_marks.marked`` over the steps of all pipelines. With equal marks and equal
    deals the step that comes first in the funnel is taken.
    """
    out = {}
    for spec, names in (
        (BOTTLENECK, ("lower", "much_lower")),
        (STRENGTH, ("higher", "much_higher")),
    ):
        rows = marks[marks["mark"].isin(names)].copy()
        rows["value"] = np.abs(rows["gap"])
        rows["much"] = rows["mark"].str.startswith("much_")
        rows = rows.sort_values(
            ["manager", "much", "value", "pipeline", "stage", "to_stage"],
            ascending=[True, False, False, True, True, True],
            kind="stable",
        )
        out[spec.id] = rows.drop_duplicates("manager").drop(columns="much").reset_index(drop=True)
    return out
