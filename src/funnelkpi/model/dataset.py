"""The data a metric sees: deals at ``as of``, stage entries E(d,s), calls, stages and people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from funnelkpi.model.funnel import Funnel
from funnelkpi.model.roster import Roster
from funnelkpi.model.workdays import WorkCalendar


@dataclass(frozen=True)
class Dataset:
    """Everything at ``as_of``; nothing later than it exists here. Never changed by a metric.

    deals: one row per deal or lead, RangeIndex (the position is the deal's code in other frames):
        deal_id, title (text); entity ("deal"|"lead"), crm (category);
        pipeline (category of pipeline keys), stage, previous_stage (category of stage ids, in the
        order of ``funnel.stages``: the category code is the stage code; missing: unknown),
        stage_name (category: the stage as the file writes it),
        status (category, ``funnel.STATUSES``), manager (category of roster names; the category code
        is the manager code, -1 nobody);
        amount (float64, missing: none), currency (category);
        created_at, modified_at, closed_at, stage_changed_at, planned_close_at, activity_at,
        next_task_at (datetime64[s]); created_day, closed_day, stage_changed_day (bool: date only);
        loss_reason, source, tags, contact, company (category);
        reach_low, reach_high (int16): the rank R(d) surely and possibly reached, -1 unknown
        pipeline;
        reach_evidence (int8, ``Evidence``); stage_unknown (bool: changed after ``as_of``);
        ``field:<caption>`` columns that were asked for; _file (category), _row (int64).
    entries: E(d,s), one row per deal and stage really seen: deal (int32 position in deals), stage
        (int16 stage code), at (datetime64[s]), day (bool: date only), evidence (int8), manager
        (int32 code of the owner at the entry; without history the current owner).
    calls: canonical calls with ``manager`` (category like deals.manager); None when no calls were
        given.
    available: canonical deal columns that at least one deals file has.
    dated: ids of stages whose entry dates come from a column.
    covered: table -> moment until which its data reach.
    """

    deals: pd.DataFrame
    entries: pd.DataFrame
    calls: pd.DataFrame | None
    funnel: Funnel
    roster: Roster
    calendar: WorkCalendar
    as_of: datetime
    available: frozenset[str] = frozenset()
    dated: frozenset[str] = frozenset()
    covered: dict[str, datetime] = field(default_factory=dict)

    @property
    def stage_unknown_share(self) -> float:
        """Share of deals whose stage at an earlier ``as_of`` cannot be told."""
        return float(self.deals["stage_unknown"].mean()) if len(self.deals) else 0.0


MAX_STAGE_UNKNOWN = 0.05
"""Above this share of deals with unknown stage, stock and stalled are not evaluated."""
