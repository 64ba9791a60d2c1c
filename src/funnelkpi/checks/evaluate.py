"""All verdicts of a run."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from funnelkpi.checks.thresholds import threshold_verdicts
from funnelkpi.checks.verdicts import Verdict, mark_verdicts, norm_verdicts
from funnelkpi.config.schema import Settings


def evaluate(
    metrics: pd.DataFrame, settings: Settings, listed: Collection[str] | None = None
) -> tuple[Verdict, ...]:
    """Thresholds in the order of the config, then norms, then marks, in the order of the figures.

    metrics: the long table. listed: names of the managers who are judged; None: everybody in it.
    """
    return (
        *threshold_verdicts(metrics, settings, listed),
        *norm_verdicts(metrics, listed),
        *mark_verdicts(metrics, listed),
    )
