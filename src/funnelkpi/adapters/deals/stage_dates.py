"""The date columns that say when a deal entered a stage."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.model.finding import Finding, Severity
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


def begun(at: pd.Series) -> datetime:
    """The first moment a stage's date column knows of: before it nothing is known of the stage."""
    moments = at.to_numpy().astype("M8[s]")
    first: datetime = moments[~np.isnat(moments)].min().astype(object)
    return first


def dates_against_history(
    dates: dict[str, pd.Series],
    visits: pd.DataFrame,
    whole: npt.NDArray[Any],
    deals: pd.DataFrame,
    funnel: Funnel,
) -> list[Finding]:
    """A finding if stage dates differ by more than a day from what history says of the same deals.

    whole: deals whose way history knows since their creation; of others it may know less.
    """
    stage = visits["stage"].to_numpy()
    wrong = np.zeros(len(deals), np.int64)
    for name, at in dates.items():
        rows = np.flatnonzero(stage == funnel.code[name])[::-1]
        seen = np.full(len(deals), np.datetime64("NaT", "s"))
        seen[visits["deal"].to_numpy()[rows]] = visits["start"].to_numpy()[rows]  # the first last
        told = at.to_numpy().astype("M8[s]")
        far = np.abs(told - seen) > np.timedelta64(1, "D")
        wrong += whole & ~np.isnat(told) & (np.isnat(seen) | far)
    found = np.flatnonzero(wrong)
    if not len(found):
        return []
    ids = ", ".join(str(i) for i in deals["deal_id"].iloc[found[:5]])
    code = "findings_history.dates_differ"
    return [Finding(code, Severity.WARNING, value=ids, count=int(wrong.sum()))]
