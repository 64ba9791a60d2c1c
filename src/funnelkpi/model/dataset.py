"""The data a metric sees: deals at ``as of``, stage entries E(d,s), calls, stages and people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from funnelkpi.model.funnel import Funnel
from funnelkpi.model.roster import Roster
from funnelkpi.model.visits import no_amounts, no_owners, no_pushes, no_visits
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
        way_known (bool: history tells where it stood since its creation);
        manager_created, manager_closed (category like manager: the owner then);
        ``field:<caption>`` columns that were asked for; _file (category), _row (int64).
    entries: E(d,s), one row per deal and stage really seen: deal (int32 position in deals), stage
        (int16 stage code), at (datetime64[s]: the moment it counts at; of an interval its middle),
        since, until (datetime64[s]: the interval it surely lies in; both ``at`` where exact), day
        (bool: date only), evidence (int8), manager (int32 code of the owner at the entry; without
        history the current owner).
    visits: one row per visit of a deal to a stage, by deal and time; only of deals whose way is
        known from history or kept exports: deal (int32), stage (int16), start (datetime64[s]; NaT:
        began before anything was seen), start_since, start_until (its interval), end
        (datetime64[s]; NaT: still running at ``as_of``), end_since, end_until, next (int16: the
        stage entered then; RUNNING, GONE: deleted or merged), observed (datetime64[s]: the moment
        from which the visit was under observation, its start or later), day (bool: an end is a date
        only), evidence (int8), manager (int32: owner when it began).
    owners: who owned a deal when: deal (int32), at (datetime64[s]; NaT: since its creation),
        manager (int32), by deal and time; only deals whose owner is known to have changed.
    pushes: expected close dates that were moved: deal, at, since, until, before, after
        (datetime64[s]), manager (int32: owner then).
    amounts: amounts that were changed: deal, at, since, until, before, after (float64), manager.
    history: every change as read, cut at ``as_of`` (``model.tables.HISTORY``); None without one.
    calls: canonical calls with ``manager`` (category like deals.manager), deal (int32 position of
        the deal it is matched with, -1), klass (int8, index into ``model.calls.CLASSES``), client
        (int32, -1), conversation (bool: successful and long enough), caller (int32 row of
        ``callers``, -1 no number); None when no calls were given.
    callers: one row per number that called or was called: client (int32: the lowest of those whose
        phone it is, -1), first_deal, first_contact (datetime64[s]: when the first deal or lead, the
        first contact of its clients was entered; NaT never; at an unknown moment: 1970).
    tasks: canonical tasks with ``manager``, ``maker`` (categories like deals.manager: responsible,
        creator), deal (int32, -1), client (int32, -1), client_name (category: the name the source
        gives), entity ("deal"|"lead": what deal_id is of); None without any. A task done after
        ``as_of`` is not done; done is missing where nobody knows.
    contacts, companies: canonical ones with ``manager``, ``maker``, client (int32, -1); None without
        any. has_phone, has_email (bool: one that may be real; their texts only where asked for).
        ``field:<caption>`` columns that were asked for.
    A client is a number: the company of a deal, with none its contact, with none its phone; the
        same in every table. deals have it as ``client`` (int32, -1).
    available: canonical deal columns that at least one deals file has.
    dated: ids of stages whose entries are dated: by a column, by history, by kept exports.
    observed: id of a dated stage -> the moment from which its entries are known. observed_until:
        the moment after which some are missing, because the events end before the export.
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
    visits: pd.DataFrame = field(default_factory=no_visits)
    owners: pd.DataFrame = field(default_factory=no_owners)
    pushes: pd.DataFrame = field(default_factory=no_pushes)
    amounts: pd.DataFrame = field(default_factory=no_amounts)
    history: pd.DataFrame | None = None
    observed: dict[str, datetime] = field(default_factory=dict)
    observed_until: dict[str, datetime] = field(default_factory=dict)
    tasks: pd.DataFrame | None = None
    contacts: pd.DataFrame | None = None
    companies: pd.DataFrame | None = None
    callers: pd.DataFrame | None = None

    @property
    def stage_unknown_share(self) -> float:
        """Share of deals whose stage at an earlier ``as_of`` cannot be told."""
        return float(self.deals["stage_unknown"].mean()) if len(self.deals) else 0.0


MAX_STAGE_UNKNOWN = 0.05
"""Above this share of deals with unknown stage, stock and stalled are not evaluated."""
