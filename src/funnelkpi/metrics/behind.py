"""The deals behind a figure: the same facts the figure was counted from, filtered by who and where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.metrics import (
    _lag_ways,
    calls,
    calls_and_deals,
    first_response,
    lag,
    leads,
    missed_calls,
    stalled,
)
from funnelkpi.metrics._behind_calls import calls_among
from funnelkpi.metrics._cohort import ALL_CLASSES
from funnelkpi.metrics._figures import Figures
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import last_days
from funnelkpi.metrics.registry import FAMILY_OF, SPECS
from funnelkpi.metrics.view import View
from funnelkpi.model.calls import CLASSES
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.funnel import Funnel
from funnelkpi.model.period import Period

WINDOWED = ("win_rate", "loss_reasons")
"""Figures that the report gives over the last ``conversion.window`` days: one week has too few."""
LISTED = "listed"
"""``outcome`` of the stalled figures: every deal of the report's list, those about to pass their
limit and those that have perhaps passed it among them."""
OUTCOMES = {
    **dict.fromkeys((s.id for s in stalled.SPECS), (LISTED, *stalled.GROUPS)),
    **dict.fromkeys(
        (
            "conversion",
            "conversion_base",
            "created_to_won",
            "created_to_won_base",
            "conversion_mature",
        ),
        ALL_CLASSES,
    ),
    lag.LAG.id: _lag_ways.OUTCOMES,
    "conversion_flow": ("entered", "reached"),
    **dict.fromkeys((spec.id for spec in missed_calls.SPECS), missed_calls.FATES),
    calls.MATCHING.id: CLASSES,
    first_response.RESPONSE.id: first_response.OUTCOMES,
    leads.CONVERTED.id: leads.LINKS,
}
"""The outcomes a figure's deals can be asked for by; ``loss_reasons`` has those of the data."""
_OF_PERIOD = (
    "win_rate", "average_check", "conversion_flow", "meetings_with_next_step", "promise_kept",
    "hand_over_delay", "answered_share", "time_to_callback", "deals_per_10_conversations",
    "calls_per_meeting", "calls_per_won_deal", "first_response",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the report: metric, and where asked for stage, target, class, people, pipelines.

    ``outcome``: a class of a conversion's base (``lost``, ``still_there``...), a reason of a stalled
    deal, or a loss reason ("": none given). ``window``: the figure over the last
    ``conversion.window`` days instead of the period (``WINDOWED`` only). ``norm``: position of a
    norm in the config, whose deals are asked for instead of a metric's.
    """

    metric: str
    stage: str | None = None
    to_stage: str | None = None
    outcome: str | None = None
    managers: tuple[str, ...] = ()
    pipelines: tuple[str, ...] = ()
    window: bool = False
    norm: int | None = None


@dataclass(frozen=True)
class Behind:
    """The deals of a figure: ``deals`` (rows of the dataset) and ``facts`` aligned with them
    (``class``: why it counts, ``days``: a duration where the figure is one; where it has a limit,
    ``waited`` and ``limit`` in ``unit`` of the limit; of a figure of calls at stages ``at_stage``,
    ``called``: days with a call, and its ``norm``). ``period``: what the figure is about, None
    where it does not depend on the period asked for. without_deal: what counts beside these and
    belongs to no deal: a call, a meeting, a contact. calls: of a figure of calls every one of them
    (``CALLS``), the newest first; None for any other figure. needs: why the figure is not evaluated
    (key under ``needs``), where its family can tell."""

    figure: Figure
    deals: pd.DataFrame
    facts: pd.DataFrame
    funnel: Funnel
    as_of: datetime
    time_zone: str
    period: Period | None
    without_deal: int = 0
    calls: pd.DataFrame | None = None
    needs: str | None = None


def behind(data: Dataset, view: View, figure: Figure) -> Behind:
    """The deals of ``figure``; a deal stands once per step it counts in.

    Sorted by amount, the largest first; the stalled ones as in the report, by what is at stake;
    those that wait for a stage by how far they are past the limit (of a lag, unless asked
    otherwise, those that wait now: with their present owners).
    """
    if figure.metric == lag.LAG.id and figure.outcome is None and figure.norm is None:
        figure = replace(figure, outcome=_lag_ways.OUTCOMES[0])  # whom to call today
    if figure.window:
        view = replace(view, period=last_days(view))
    facts = _facts(data, view, figure)
    classes = _classes(data, facts)
    keep = _chosen(data, facts, figure)
    if figure.outcome is not None and figure.metric not in _STALLED:
        keep &= np.where(classes == None, "", classes) == figure.outcome  # noqa: E711
    heard = calls_among(data, facts, classes, keep)
    nowhere = facts["deal"].to_numpy() < 0
    without_deal = int((keep & nowhere).sum())
    keep &= ~nowhere
    rows = facts["deal"].to_numpy()[keep]
    found = pd.DataFrame({"class": classes[keep]})
    found["days"] = facts["days"].to_numpy()[keep] if "days" in facts else np.nan
    for name in (*_LIMITED, *_CALLED):
        if name in facts and figure.norm is None:
            found[name] = facts[name].to_numpy()[keep]
    if "called" in found:
        titles = np.array([s.title for s in data.funnel.stages], dtype=object)
        found["at_stage"] = titles[facts["stage"].to_numpy(dtype=np.int64)[keep]]
    deals = data.deals.iloc[rows].reset_index(drop=True)
    if figure.metric not in _STALLED:
        first = np.nan_to_num(deals["amount"].to_numpy())
        if "over" in facts:
            first = facts["over"].to_numpy()[keep]
        order = np.lexsort((deals["_row"].to_numpy(), -first))
        deals = deals.iloc[order].reset_index(drop=True)
        found = found.iloc[order].reset_index(drop=True)
    periodic = SPECS[figure.metric].scales or figure.metric in _OF_PERIOD
    return Behind(
        figure,
        deals,
        found,
        data.funnel,
        data.as_of,
        view.settings.time_zone,
        view.period if periodic else None,
        without_deal,
        heard,
        _without_rows(data, view, figure, facts),
    )


_LIMITED = ("waited", "limit", "unit")
_CALLED = ("called", "norm")


def _without_rows(data: Dataset, view: View, figure: Figure, facts: pd.DataFrame) -> str | None:
    if figure.pipelines and figure.metric in calls_and_deals.OF_NO_PIPELINE:
        return "of_no_pipeline"
    return None if len(facts) else _absent(data, view, figure)


def _absent(data: Dataset, view: View, figure: Figure) -> str | None:
    """Why there is nothing to list: an empty list of a figure without its source is no answer."""
    asked = getattr(FAMILY_OF[figure.metric], "absent", None)
    found: str | None = None if asked is None else asked(Index(data), view, figure.metric)
    return found


_STALLED = {spec.id for spec in stalled.SPECS}


def _facts(data: Dataset, view: View, figure: Figure) -> pd.DataFrame:
    if figure.norm is not None:
        of_norm = Figures(Index(data), view, view.period.start).of(view.settings.norms[figure.norm])
        if of_norm.facts is None:
            return pd.DataFrame({n: pd.Series(dtype=np.int32) for n in _KEYS})
        return pd.DataFrame(of_norm.within(view.period))
    if figure.metric in _STALLED:
        return _stalled(data, view, figure.outcome or "stalled")
    if figure.metric == lag.LAG.id:
        return lag.listed(data, view)
    facts: pd.DataFrame = FAMILY_OF[figure.metric].facts(data, view, figure.metric)
    return facts


_KEYS = ("deal", "manager", "pipeline", "stage")


def _stalled(data: Dataset, view: View, reason: str) -> pd.DataFrame:
    """The open deals of a group, with all their reasons and days, in the order of the report."""
    found = stalled.stalled_deals(data, view)
    status = found["status"].astype("object").to_numpy()
    texts = found["reasons"].astype("object").to_numpy()
    vague = np.isin(status, ("perhaps", "soon"))
    found["why"] = np.where(vague, np.where(texts == "", status, status + "," + texts), texts)
    if reason == LISTED:
        return found
    own = stalled.facts(data, view, stalled.STALLED.id, reason)[[*_KEYS]]
    place = pd.Series(np.arange(len(found)), index=found["deal"]).reindex(own["deal"]).to_numpy()
    own = own.iloc[np.argsort(place, kind="stable")]  # those not listed come last
    return own.merge(found[["deal", "days", "why"]], on="deal", how="left")


def _chosen(data: Dataset, facts: pd.DataFrame, figure: Figure) -> npt.NDArray[np.bool_]:
    """Which facts belong to the stages, people and pipelines asked for.

    Without a stage or pipeline these are all deals; as in the figures, leads are no part of them.
    """
    keep = np.ones(len(facts), bool)
    for name, wanted in (("stage", figure.stage), ("to_stage", figure.to_stage)):
        if wanted is not None and name in facts:
            keys = np.array([*(s.key for s in data.funnel.stages), ""], dtype=object)
            keep &= keys[facts[name].to_numpy(dtype=np.int64)] == wanted
    if figure.managers:
        codes = [data.roster.code[name] for name in figure.managers]
        keep &= facts["manager"].isin(codes).to_numpy()
    every = data.funnel.pipelines
    if figure.pipelines:
        codes = [data.funnel.pipeline_code[key] for key in figure.pipelines]
        keep &= facts["pipeline"].isin(codes).to_numpy()
    elif (
        _of_deals(figure)
        and not SPECS[figure.metric].with_leads
        and any(p.entity == "deal" for p in every)
    ):
        leads = [i for i, p in enumerate(every) if p.entity == "lead"]
        keep &= ~facts["pipeline"].isin(leads).to_numpy()
    return keep


def _of_deals(figure: Figure) -> bool:
    """Whether the figure is one of all deal pipelines together: the list of the report is not."""
    whole = figure.stage is None and figure.norm is None
    return whole and not (figure.metric in _STALLED and figure.outcome == LISTED)


def _classes(data: Dataset, facts: pd.DataFrame) -> npt.NDArray[Any]:
    """Why each fact counts: a class of the base, a loss reason, the reasons of a stalled deal, the
    end of a flow; None: the deal's own status says it."""
    if "klass" in facts:
        names: npt.NDArray[Any] = np.array(ALL_CLASSES, dtype=object)
        return np.take(names, facts["klass"].to_numpy())
    if "reason" in facts:
        reasons = [*data.deals["loss_reason"].cat.categories, None]
        return np.take(np.array(reasons, dtype=object), facts["reason"].to_numpy())
    if "why" in facts:
        return facts["why"].to_numpy(dtype=object)
    if "hit" in facts and "to_stage" in facts:
        return np.where(facts["hit"].to_numpy(dtype=bool), "reached", "entered").astype(object)
    return np.full(len(facts), None, dtype=object)
