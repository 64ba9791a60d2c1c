"""Bottleneck and strength: per manager the one step to talk about.

Among his marked steps (``much`` first) the one with the most deals lost, or gained, against the
rate of the others of his role: base x others' rate - advanced.
"""

from __future__ import annotations

import numpy as np

from funnelkpi.metrics._columns import Columns, firsts, taken
from funnelkpi.metrics.spec import MetricSpec

BOTTLENECK = MetricSpec("bottleneck", "count", better="lower", level="step")
STRENGTH = MetricSpec("strength", "count", better="higher", level="step")


def worst_and_best(marks: Columns) -> dict[str, Columns]:
    """Metric id -> one row per manager: his marks row with ``value`` = deals lost or gained.

    marks: rows of ``_marks.marked`` over the steps of all pipelines. Managers stand by name; with
    equal marks and equal deals the step that comes first in the funnel is taken.
    """
    out = {}
    for spec, name in ((BOTTLENECK, "lower"), (STRENGTH, "higher")):
        much = marks["mark"] == f"much_{name}"
        own = taken({**marks, "much": much}, much | (marks["mark"] == name))
        own["value"] = np.abs(own["gap"])
        names, person = np.unique(own["manager"], return_inverse=True)
        places = (own["to_stage"], own["stage"], own["pipeline"])
        order = np.lexsort((*places, -own["value"], ~own.pop("much"), person))
        out[spec.id] = taken(own, order[firsts(person[order], len(names))])
    return out
