"""What a metric is asked: the data, the period, the policies, the slices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from funnelkpi.config.schema import Settings
from funnelkpi.model.period import Period


@dataclass(frozen=True, slots=True)
class View:
    """The question put to the metrics. ``by``: slice dimensions beside the scopes (``source``, ``tag``,
    ``month``, ``hour`` and ``weekday`` of calls, meetings and tasks, or a caption of the export); a
    slice's text is ``"<dimension>=<value>"``."""

    period: Period
    as_of: datetime
    settings: Settings
    by: tuple[str, ...] = ()
