"""The Python API: ``funnelkpi.analyze(paths, config=None) -> Analysis``.

import funnelkpi
analysis = funnelkpi.analyze("exports/", "funnelkpi.yaml")
analysis.metrics.query("metric == 'conversion' and scope == 'manager'")
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from funnelkpi.config.load import load_settings
from funnelkpi.config.schema import Settings
from funnelkpi.errors import UsageError
from funnelkpi.locale.catalogue import Lang
from funnelkpi.metrics.names import KNOWN_METRICS
from funnelkpi.pipeline import Request
from funnelkpi.pipeline import analyze as run
from funnelkpi.renderers.registry import render
from funnelkpi.report import analysis as plain
from funnelkpi.report.build import KNOWN_SECTIONS, build_report
from funnelkpi.report.data import finding_rows
from funnelkpi.report.document import Report

if TYPE_CHECKING:
    import pandas as pd

    from funnelkpi.report.since import Since

PathLike = str | Path


@dataclass(frozen=True)
class Analysis:
    """One analysis: its frames, the plain report, and its renderings.

    metrics: the long table (docs/metrics.md). deals: one row per deal at ``as_of``. calls: the calls,
    None without a calls export. entries: E(d,s), one row per deal and stage seen. visits: the stays in
    stages. history: the changes as read. trends, changes: the last periods, and what is more than
    noise in them. stalled: the open deals to act on. findings: what is odd in the data. Changing a
    frame changes nothing else.
    """

    result: plain.Analysis
    lang: Lang

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """Every figure, one row each."""
        return self.result.metrics.copy()

    @cached_property
    def deals(self) -> pd.DataFrame:
        """The deals and leads as the figures see them."""
        return self.result.data.deals.copy()

    @cached_property
    def calls(self) -> pd.DataFrame | None:
        """The calls, if an export of calls was given."""
        calls = self.result.data.calls
        return None if calls is None else calls.copy()

    @cached_property
    def entries(self) -> pd.DataFrame:
        """Stage entries E(d,s): deal_id, pipeline, stage, at, evidence, manager."""
        import pandas as pd

        entries, names = self.result.data.entries, _Codes(self.result)
        return pd.DataFrame(
            {
                "deal_id": names.deals(entries["deal"]),
                "pipeline": names.pipelines(entries["stage"]),
                "stage": names.stages(entries["stage"]),
                "at": entries["at"],
                "evidence": names.evidence(entries["evidence"]),
                "manager": names.managers(entries["manager"]),
            }
        )

    @cached_property
    def visits(self) -> pd.DataFrame:
        """Visits to stages, of deals whose way is known: deal_id, pipeline, stage, start, end
        (missing: still running), to_stage (missing: running, or gone from the CRM), observed, evidence,
        manager."""
        import pandas as pd

        visits, names = self.result.data.visits, _Codes(self.result)
        return pd.DataFrame(
            {
                "deal_id": names.deals(visits["deal"]),
                "pipeline": names.pipelines(visits["stage"]),
                "stage": names.stages(visits["stage"]),
                "start": visits["start"],
                "end": visits["end"],
                "to_stage": names.stages(visits["next"].clip(lower=-1)),
                "observed": visits["observed"],
                "evidence": names.evidence(visits["evidence"]),
                "manager": names.managers(visits["manager"]),
            }
        )

    @cached_property
    def history(self) -> pd.DataFrame | None:
        """Every change of a deal as read (events, or seen between kept exports), cut at ``as_of``;
        None without any source of history."""
        history = self.result.data.history
        return None if history is None else history.copy()

    @cached_property
    def trends(self) -> pd.DataFrame:
        """The last twelve periods of the main figures, a row of the long table per point."""
        return self.result.trends.copy()

    @cached_property
    def changes(self) -> pd.DataFrame:
        """These figures against the same length before."""
        return self.result.changes.copy()

    @property
    def since(self) -> Since | None:
        """What is new since the previous kept export (frames moved, won, lost, new_stalled); None
        without one. Costs a run of its own when first asked for."""
        return self.result.since

    @cached_property
    def stalled(self) -> pd.DataFrame:
        """The deals to open, most at stake first."""
        from funnelkpi.report.data import stalled_table

        return stalled_table(self.result, plain.Choice())

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What is odd in the data: code, severity, file, rows, value, count, text, remedy."""
        import pandas as pd

        return pd.DataFrame(finding_rows(self.result.findings, self.lang))

    @cached_property
    def report(self) -> Report:
        """The report as plain data."""
        return build_report(self.result, self.lang)

    def to_json(self) -> str:
        """The report as JSON (``funnelkpi.report/1``)."""
        return render(self.report, "json").decode()

    def to_csv(self) -> str:
        """The long table as CSV."""
        return render(self.report, "csv").decode()

    def to_markdown(self) -> str:
        """The report as Markdown."""
        return render(self.report, "markdown").decode()

    def to_text(self, width: int = 100) -> str:
        """The report as a terminal prints it, without colour."""
        return render(self.report, "terminal", width=width).decode()


class _Codes:
    """Names for the codes of a dataset's frames."""

    def __init__(self, result: plain.Analysis) -> None:
        self.data = result.data

    def deals(self, codes: pd.Series) -> Any:
        """IDs of deals."""
        return self.data.deals["deal_id"].take(codes.to_numpy()).array

    def pipelines(self, stages: pd.Series) -> Any:
        """Keys of the stages' pipelines."""
        return _named((s.pipeline for s in self.data.funnel.stages), stages)

    def stages(self, codes: pd.Series) -> Any:
        """Keys of stages."""
        return _named((s.key for s in self.data.funnel.stages), codes)

    def managers(self, codes: pd.Series) -> Any:
        """Names of managers."""
        return _named((m.name for m in self.data.roster.managers), codes)

    def evidence(self, codes: pd.Series) -> Any:
        """Words for how well something is known."""
        from funnelkpi.model.evidence import Evidence

        return _named((e.label for e in Evidence), codes)


def _named(names: Iterable[str], codes: pd.Series) -> Any:
    """The name of each code; None for -1."""
    import numpy as np

    return np.array([*names, None], dtype=object)[codes.to_numpy()]


def analyze(
    paths: PathLike | Sequence[PathLike],
    config: PathLike | Settings | None = None,
    *,
    period: str | None = None,
    as_of: datetime | date | str | None = None,
    by: Sequence[str] = (),
    crm: str = "auto",
    lang: Lang | None = None,
    archive: PathLike | None = None,
) -> Analysis:
    """Analyse exports.

    Args:
        paths: a file, a folder, or several.
        config: path of a funnelkpi.yaml, settings, or None: stages from the files, nothing judged.
        period: as ``--period``; default ``last-week``.
        as_of: the moment to look from; a date means the end of that day. Default: of the export.
        by: slices beside the scopes, as ``--by``.
        crm: whose export it is, if not recognised.
        lang: language of texts; default: the config's.
        archive: folder of kept exports to look back with; default: as the config says. It is only
            read; without ``paths`` its newest exports are analysed.

    Raises:
        funnelkpi.errors.FunnelKpiError: what the user must mend; ``problems`` says where and what.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    digest = None
    if isinstance(config, str | Path):
        digest = sha256(Path(config).read_bytes()).hexdigest() if Path(config).is_file() else None
        settings = load_settings(
            Path(config), known_metrics=KNOWN_METRICS, known_sections=KNOWN_SECTIONS
        )
    else:
        settings = config or Settings()
    place = Path(config) if isinstance(config, str | Path) else None
    if archive is None and settings.archive.mode != "off":
        archive = settings.archive.place(place)
    request = Request(
        paths=tuple(Path(p) for p in given),
        settings=settings,
        period=period,
        as_of=None if as_of is None else moment_of(as_of, settings.time_zone),
        by=tuple(by),
        crm=crm,
        configured=config is not None,
        config_sha256=digest,
        archive=None if archive is None else Path(archive),
    )
    return Analysis(run(request), lang or settings.language)


def moment_of(value: datetime | date | str, time_zone: str) -> datetime:
    """A moment as the report uses it: local time of ``time_zone``, without offset.

    A date (or ``2026-11-16``) means the end of that day; a moment with an offset is converted.

    Raises:
        UsageError: the text is no ISO date or moment.
    """
    if isinstance(value, str):
        try:
            day_only = len(value.strip()) <= len("2026-11-16")
            value = (date if day_only else datetime).fromisoformat(value.strip())
        except ValueError:
            raise UsageError.of("errors_cli.bad_moment", value=value) from None
    if not isinstance(value, datetime):
        return datetime.combine(value, time(23, 59, 59))
    if value.tzinfo is not None:
        value = value.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
    return value
