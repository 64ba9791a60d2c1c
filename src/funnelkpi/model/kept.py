"""What kept exports tell of the past: changes between them, where deals stood when first seen, and
deals that are gone. ``past.read_past`` makes it, ``adapters.assemble`` uses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd


@dataclass(frozen=True)
class Kept:
    """The past as the archive knows it, up to the exports that are the state of the run.

    Every frame has ``crm`` (category) and ``entity`` (category: deal, lead) beside ``deal_id``; names
    of stages, pipelines and owners are texts as the files write them (categories), in the same form
    as in the canonical tables of the run.

    history: ``model.tables.HISTORY`` with ``entity``, ``crm``, ``evidence`` (int8,
        ``Evidence.ARCHIVE``), ``changed_day`` (bool: ``changed_at`` is exact but a date only),
        ``_file`` (category: the export that showed it), ``_row`` (int64), sorted by crm, entity,
        deal, ``changed_at``. ``change`` is one of:

        created: a deal created between two kept exports; ``changed_at`` its creation (exact).
            ``stage`` is filled only where the deal surely was created in the stage seen (stage-change
            date or edit date equal to the creation), else missing: it may have passed stages unseen.
        stage: now in another stage or pipeline than at the previous sighting, or first seen in a
            stage after its creation (``from_stage`` then missing). Exact (``changed_since`` missing)
            with a stage-change date in the interval, or a close date of a deal just closed; else
            (``changed_since``, ``changed_at``]. The stage may equal ``from_stage`` in one case only:
            the stage-change date moved, so the deal left and came back between two exports.
        owner, amount, planned_close: likewise, never exact; ``changed_at`` is the edit date where
            that lies in the interval, else the moment of the export.

        Several changes of one deal between the same two exports share one interval.
    begin: deals that existed before the first kept export that shows them, one row each: deal_id,
        crm, entity, seen_at (moment of that export), pipeline, stage, stage_code, owner, amount,
        currency, created_at, stage_changed_at (start of that visit, if the export says),
        stage_changed_day (bool), closed_at, planned_close_at, modified_at (the visit began by then).
        Deals with a ``created`` row are not here.
    gone: deals absent from the state: canonical deal columns (``model.tables.DEALS``, ``created_day``,
        ``closed_day``, ``stage_changed_day``, ``field:...``, ``_file``, ``_row``) as last seen, with
        ``gone_since`` (last sighting, exclusive) and ``gone_at`` (the first export that covers its
        pipeline and creation date and lacks it). Their changes up to then are in ``history``.
    first: (crm, entity) -> moment of the first kept export.
    moments: (crm, entity) -> moments of all exports used, ascending, the state's last.
    before: (crm, entity) -> moment of the previous export: the newest one before the state that shows
        deals of the state. Not there: there is none.
    """

    history: pd.DataFrame
    begin: pd.DataFrame
    gone: pd.DataFrame
    first: dict[tuple[str, str], datetime] = field(default_factory=dict)
    moments: dict[tuple[str, str], tuple[datetime, ...]] = field(default_factory=dict)
    before: dict[tuple[str, str], datetime] = field(default_factory=dict)

    @property
    def previous(self) -> datetime | None:
        """The moment of the export before the state; of deals if there are any."""
        several = sorted(self.before.items(), key=lambda item: item[0][1])  # deals before leads
        return next((moment for _, moment in several), None)
