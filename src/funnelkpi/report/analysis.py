"""What a run gives before it becomes a report: data at ``as of``, figures, verdicts, findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funnelkpi.adapters.assemble import Assembled
from funnelkpi.adapters.interface import Export
from funnelkpi.checks.verdicts import Verdict
from funnelkpi.config.schema import Settings
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.finding import Finding

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Analysis:
    """The run's result. ``metrics``: the long table; ``stalled``: one row per deal with a reason;
    ``limits``: the stages' limits with their basis; ``configured``: whether a config was given."""

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

    @property
    def data(self) -> Dataset:
        """The dataset at ``as of``."""
        return self.assembled.dataset

    @property
    def settings(self) -> Settings:
        """The settings of the run."""
        return self.view.settings


@dataclass(frozen=True, slots=True)
class Choice:
    """What to show: sections, managers, pipelines (empty: all), slices, whether to mask clients."""

    sections: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()
    pipelines: tuple[str, ...] = ()
    mask: bool = False
    by: tuple[str, ...] = ()
