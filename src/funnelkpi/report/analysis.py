"""What a run gives before it becomes a report: data at ``as of``, figures, verdicts, findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from funnelkpi.adapters.assemble import Assembled
from funnelkpi.adapters.interface import Export
from funnelkpi.checks.verdicts import Verdict
from funnelkpi.config.schema import Settings
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.finding import Finding

if TYPE_CHECKING:
    import pandas as pd

    from funnelkpi.metrics._index import Index
    from funnelkpi.report.since import Since


@dataclass(frozen=True)
class Analysis:
    """The run's result. ``metrics``: the long table; ``stalled``: one row per deal with a reason;
    ``limits``: the stages' limits with their basis; ``configured``: whether a config was given.

    ``previous``: the moment of the export before this one in the archive, if there is one;
    ``comparing``: what compares this run with that moment. Trends and the comparison are worked out
    when somebody asks for them: not every command does.
    """

    assembled: Assembled
    exports: tuple[Export, ...]
    view: View
    metrics: pd.DataFrame
    stalled: pd.DataFrame
    limits: pd.DataFrame
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    configured: bool
    config_sha256: str | None
    previous: datetime | None = None
    comparing: Callable[[Analysis, datetime], Since] | None = None

    @property
    def data(self) -> Dataset:
        """The dataset at ``as of``."""
        return self.assembled.dataset

    @property
    def settings(self) -> Settings:
        """The settings of the run."""
        return self.view.settings

    @property
    def trends(self) -> pd.DataFrame:
        """The last twelve periods of the main figures (``metrics.trends``)."""
        return self._trended[0]

    @property
    def changes(self) -> pd.DataFrame:
        """These figures against the same length before (``metrics.changes``)."""
        return self._trended[1]

    @cached_property
    def _trended(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        from funnelkpi.metrics import changes, trends

        index = self._index
        found = trends.series(index, self.view)
        return trends.table(found, index, self.view), changes.table(found, index)

    @cached_property
    def curves(self) -> list[dict[str, Any]]:
        """The company's curves of conversion by maturity (``metrics.conversion_mature``)."""
        from funnelkpi.metrics import conversion_mature

        found = conversion_mature.steps(self._index, self.view)
        return conversion_mature.published(self._index, found)

    @cached_property
    def waiting(self) -> pd.DataFrame:
        """The deals that wait for a stage now, the furthest past the limit first (``metrics.lag``)."""
        from funnelkpi.metrics import lag

        return lag.waiting(self._index, self.view)

    @cached_property
    def _index(self) -> Index:
        """What trends, curves and the list of those waiting read of the data, made once."""
        from funnelkpi.metrics._index import Index

        return Index(self.data)

    @cached_property
    def since(self) -> Since | None:
        """What is new since ``previous``; None without a previous export. Costs a run of its own."""
        if self.previous is None or self.comparing is None:
            return None
        return self.comparing(self, self.previous)


@dataclass(frozen=True, slots=True)
class Choice:
    """What to show: sections, managers, pipelines (empty: all), slices, whether to mask clients."""

    sections: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    pipelines: tuple[str, ...] = ()
    mask: bool = False
    by: tuple[str, ...] = ()
