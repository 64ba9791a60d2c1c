"""The date columns that say when a deal entered a stage."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from funnelkpi.model.funnel import Funnel
from funnelkpi.model.tables import FIELD


def stage_dates(deals: pd.DataFrame, funnel: Funnel, moment: datetime) -> dict[str, pd.Series]:
    """Stage id -> moments aligned with ``deals``; missing: not entered by ``moment``, or unknown.

    A stage whose column is absent, or tells of no entry by ``moment``, is not dated and left out.
    """
    now = np.datetime64(moment, "s")
    pipeline = deals["pipeline"].cat.codes.to_numpy()
    out: dict[str, pd.Series] = {}
    for stage in funnel.stages:
        name = FIELD + stage.date_column if stage.date_column else ""
        if name not in deals:
            continue
        at = deals[name].to_numpy().astype("M8[s]")
        inside = (pipeline == funnel.pipeline_code[stage.pipeline]) & (at <= now)
        if inside.any():
            out[stage.id] = pd.Series(np.where(inside, at, np.datetime64("NaT", "s")))
    return out


def date_captions(deals: pd.DataFrame, funnel: Funnel) -> dict[str, str]:
    """Column -> caption of the stage dates in ``deals``."""
    captions = (s.date_column for s in funnel.stages if s.date_column)
    return {FIELD + c: c for c in captions if FIELD + c in deals}
