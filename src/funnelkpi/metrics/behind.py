"""The deals behind a figure: the same facts the figure was counted from, filtered by who and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.metrics import stalled
from funnelkpi.metrics._cohort import ALL_CLASSES
from funnelkpi.metrics.registry import FAMILY_OF
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import Funnel


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the report: metric, and where asked for stage, target, class, people, pipelines.

    ``outcome``: a class of a conversion's base (``lost``, ``still_there``...), a reason of a stalled
    deal, or a loss reason.
    """

    metric: str
    stage: str | None = None
    to_stage: str | None = None
    outcome: str | None = None
    managers: tuple[str, ...] = ()
    pipelines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Behind:
    """The deals of a figure: ``deals`` (rows of the dataset) and ``facts`` aligned with them
    (``class``: why it counts, ``days``: a duration where the figure is one)."""

    figure: Figure
    deals: pd.DataFrame
    facts: pd.DataFrame
    funnel: Funnel
    as_of: datetime
    time_zone: str


def behind(data: Dataset, view: View, figure: Figure) -> Behind:
    """The deals of ``figure``; a deal stands once per step it counts in."""
    facts = _facts(data, view, figure)
    keep = np.ones(len(facts), bool)
    for name, wanted in (("stage", figure.stage), ("to_stage", figure.to_stage)):
        if wanted is not None and name in facts:
            keys = np.array([*(s.key for s in data.funnel.stages), ""], dtype=object)
            keep &= keys[facts[name].to_numpy(dtype=np.int64)] == wanted
    if figure.managers:
        codes = [data.roster.code[name] for name in figure.managers]
        keep &= facts["manager"].isin(codes).to_numpy()
    if figure.pipelines:
        codes = [data.funnel.pipeline_code[key] for key in figure.pipelines]
        keep &= facts["pipeline"].isin(codes).to_numpy()
    classes = _classes(data, facts)
    if figure.outcome is not None and figure.metric not in _STALLED:
        keep &= classes == figure.outcome
    rows = facts["deal"].to_numpy()[keep]
    found = pd.DataFrame({"class": classes[keep]})
    found["days"] = facts["days"].to_numpy()[keep] if "days" in facts else np.nan
    deals = data.deals.iloc[rows].reset_index(drop=True)
    order = np.lexsort((deals["_row"].to_numpy(), -np.nan_to_num(deals["amount"].to_numpy())))
    return Behind(
        figure,
        deals.iloc[order].reset_index(drop=True),
        found.iloc[order].reset_index(drop=True),
        data.funnel,
        data.as_of,
        view.settings.time_zone,
    )


_STALLED = {spec.id for spec in stalled.SPECS}


def _facts(data: Dataset, view: View, figure: Figure) -> pd.DataFrame:
    if figure.metric in _STALLED:
        return _stalled(data, view, figure.outcome or "stalled")
    facts: pd.DataFrame = FAMILY_OF[figure.metric].facts(data, view, figure.metric)
    return facts


def _stalled(data: Dataset, view: View, reason: str) -> pd.DataFrame:
    """The listed deals that have a reason (``any``: whichever), with all their reasons and days."""
    found = stalled.stalled_deals(data, view)
    texts = found["reasons"].astype("object").to_numpy()
    has = np.array([bool(t) if reason == "any" else reason in t.split(",") for t in texts], bool)
    return found[has].assign(why=texts[has]).reset_index(drop=True)


def _classes(data: Dataset, facts: pd.DataFrame) -> npt.NDArray[Any]:
    if "klass" in facts:
        names: npt.NDArray[Any] = np.array(ALL_CLASSES, dtype=object)
        return np.take(names, facts["klass"].to_numpy())
    if "reason" in facts:
        reasons = [*data.deals["loss_reason"].cat.categories, None]
        return np.take(np.array(reasons, dtype=object), facts["reason"].to_numpy())
    if "why" in facts:
        return facts["why"].to_numpy(dtype=object)
    return np.full(len(facts), None, dtype=object)
