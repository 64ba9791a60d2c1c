"""The whole run on one screen. START HERE.

files -> sources -> exports -> tables -> dataset -> figures -> verdicts -> report -> renderers
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelkpi.adapters.assemble import Assembled, assemble
from funnelkpi.adapters.calls.repeats import forget_ids
from funnelkpi.adapters.freed import give_back
from funnelkpi.adapters.funnel.build import guess_pipelines
from funnelkpi.adapters.funnel.propose import propose
from funnelkpi.adapters.guessed_rules import guessed_rules
from funnelkpi.adapters.interface import Export
from funnelkpi.adapters.load import load, refuse_broken
from funnelkpi.adapters.registry import OWN_REPORT, recognise
from funnelkpi.adapters.wanted import check_slices, wanted
from funnelkpi.checks.evaluate import evaluate
from funnelkpi.config.schema import FileRule, Settings
from funnelkpi.errors import InputError
from funnelkpi.locale.catalogue import Lang
from funnelkpi.metrics._limits import stage_limits
from funnelkpi.metrics.behind import Behind, Figure, behind
from funnelkpi.metrics.registry import compute
from funnelkpi.metrics.view import View
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.finding import Finding, Severity
from funnelkpi.model.period import DEFAULT, parse_period
from funnelkpi.past.keep import Addition, keep_exports
from funnelkpi.past.look_back import gone_found, look_back
from funnelkpi.past.sightings import Memory
from funnelkpi.readers.open import open_sources
from funnelkpi.readers.source import Source
from funnelkpi.report.analysis import Analysis
from funnelkpi.report.choice import check_figure
from funnelkpi.report.since import Since, compare

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """Progress for nobody."""


@dataclass(frozen=True)
class Request:
    """What is asked: files or folders, the config, and the options of the command line.

    configured: whether ``settings`` come from a config; without one nothing is judged by norms.
    archive: folder of kept exports to look back with; None: without. keep: whether the exports given
    are to be added to it once the report stands (``keep_exports_of``). memory: what was read of them,
    for a second run of an earlier moment.
    """

    paths: tuple[Path, ...]
    settings: Settings
    period: str | None = None
    as_of: datetime | None = None
    by: tuple[str, ...] = ()
    crm: str = "auto"
    configured: bool = True
    config_sha256: str | None = None
    archive: Path | None = None
    keep: bool = False
    memory: Memory = field(default_factory=Memory, compare=False, repr=False)


@dataclass(frozen=True)
class Input:
    """What was read: the dataset, the exports it came from, every finding on the way. previous: the
    moment of the export before the state, if the archive holds one."""

    assembled: Assembled
    exports: tuple[Export, ...]
    findings: tuple[Finding, ...]
    previous: datetime | None = None


def analyze(request: Request, progress: Progress = silent) -> Analysis:
    """Run everything from files to verdicts.

    Raises:
        InputError, ConfigError, UsageError: the user must mend something (see ``errors``).
    """
    given = read(request, progress)
    view = view_of(request, given)
    progress("figures")
    data = given.assembled.dataset
    figures = compute(data, view)
    give_back()
    listed = tuple(m.name for m in data.roster.managers if m.listed)
    return Analysis(
        assembled=given.assembled,
        exports=given.exports,
        view=view,
        metrics=figures.table,
        stalled=figures.stalled,
        limits=stage_limits(data, view),
        verdicts=evaluate(figures.table, request.settings, listed),
        findings=given.findings,
        configured=request.configured,
        config_sha256=request.config_sha256,
        previous=given.previous,
        comparing=partial(since, request),
    )


def since(request: Request, analysis: Analysis, previous: datetime) -> Since:
    """What is new in ``analysis`` since ``previous``: against the same request of that moment.

    A later export never changes what was reported for an earlier moment, so this run is what was
    seen then. A relative period is the one that would have been asked then.
    """
    then = analyze(replace(request, as_of=previous))
    return compare(analysis, then, previous)


def view_of(request: Request, given: Input) -> View:
    """The question put to the metrics."""
    data = given.assembled.dataset
    period = parse_period(request.period or DEFAULT, data.as_of, data.calendar)
    return View(period, data.as_of, request.settings, request.by)


def read(request: Request, progress: Progress = silent) -> Input:
    """Everything up to the dataset."""
    progress("reading")
    exports, notes = recognise_all(request)
    deals = [e.source for e in exports if e.kind in ("deals", "leads")]
    if deals and all(source.empty_notice for source in deals):
        file, notice = deals[0].name, deals[0].empty_notice
        raise InputError.of("errors_data.empty_export", file=file, notice=notice)
    past = look_back(request.archive, exports, request.settings, request.as_of, request.memory)
    exports = list(past.exports)
    check_slices(request.by, exports)
    columns = wanted(exports, request.settings, request.by)
    tables = load(exports, columns, request.settings, request.as_of)
    refuse_broken(tables.accounts, request.settings.inputs.max_rejected)
    forget_ids(tables.calls)
    give_back()
    progress("stages")
    kept = past.kept(tables, columns, request.settings) if past.several else None
    assembled = assemble(tables, request.settings, request.as_of, kept)
    give_back()
    previous = kept.previous if kept else None
    findings = (*notes, *past.findings, *gone_found(assembled.dataset), *assembled.findings)
    return Input(assembled, tuple(exports), findings, previous)


@dataclass(frozen=True)
class Inspected:
    """What was recognised. assembled: None where no deals or leads are among the files; accounts:
    of every file; calls: the canonical calls as read, before any cut."""

    exports: tuple[Export, ...]
    accounts: tuple[FileAccount, ...]
    findings: tuple[Finding, ...]
    calls: pd.DataFrame | None
    assembled: Assembled | None


def inspect(request: Request, progress: Progress = silent) -> Inspected:
    """Everything that can be told of the files, whatever is wrong with their rows."""
    progress("reading")
    exports, notes = recognise_all(request)
    tables = load(exports, wanted(exports, request.settings, ()), request.settings)
    progress("stages")
    assembled, accounts, findings = None, tables.accounts, tables.findings
    if any(len(frame) for frame in tables.frames()):
        assembled = assemble(tables, request.settings)
        accounts, findings = assembled.accounts, assembled.findings
    return Inspected(tuple(exports), accounts, (*notes, *findings), tables.calls, assembled)


def recognise_all(request: Request) -> tuple[list[Export], tuple[Finding, ...]]:
    """Every table of the given files with what it was recognised as."""
    sources, passed = _opened(request)
    exports, unread = _recognised(sources, request)
    return exports, (*passed, *unread)


def _opened(request: Request) -> tuple[list[Source], tuple[Finding, ...]]:
    """The tables of the given files, and what was passed over."""
    rules = request.settings.inputs.files
    opened = open_sources(
        request.paths,
        encodings=lambda name: _rule(rules, name, "encoding"),
        sheets=lambda name: _rule(rules, name, "sheet"),
        ignored=lambda name: bool(_rule(rules, name, "ignore")),
    )
    passed = tuple(
        Finding(s.reason, Severity.NOTE, file=s.name, params={"name": s.name})
        for s in opened.skipped
        if s.path.suffix not in (".yaml", ".yml")  # the config beside the exports
    )
    # The order in which files are given on the command line changes nothing.
    named = {n for s in opened.sources for n in (s.path.name, s.name)}
    named |= {s.path.name for s in opened.skipped}
    idle = [r.match for r in rules if not r.ignore and not any(fnmatch(n, r.match) for n in named)]
    code = "findings_data.rule_without_file"
    passed += tuple(Finding(code, Severity.NOTE, value=match) for match in idle)
    return sorted(opened.sources, key=lambda source: source.name), passed


def _recognised(sources: Sequence[Source], request: Request) -> tuple[list[Export], list[Finding]]:
    """The exports, and a finding per table that is none: a file that was named must hold one."""
    named = {path.resolve() for path in request.paths}
    exports: list[Export] = []
    strange: list[tuple[Source, InputError]] = []
    for source in sources:
        try:
            exports.append(recognise(source, request.settings, request.crm))
        except InputError as error:
            strange.append((source, error))
    strange = _without_reports(strange)
    read = {export.source.path for export in exports}
    wrong = [e for s, e in strange if s.path not in read and s.path.resolve() in named]
    if strange and not any(e.kind in ("deals", "leads") for e in exports):
        wrong = [e for _, e in strange]
    if wrong:
        raise InputError(*(problem for error in wrong for problem in error.problems))
    unread = [
        Finding(
            p.key,
            Severity.NOTE if p.key == OWN_REPORT else Severity.WARNING,
            file=source.path.name if p.key == OWN_REPORT else source.name,
            params=p.params,
        )
        for source, error in strange
        for p in error.problems
    ]
    return exports, unread


def _without_reports(
    strange: Sequence[tuple[Source, InputError]],
) -> list[tuple[Source, InputError]]:
    """Of each report of this program (a JSON one is seven tables) only the table that tells it."""
    telling = [(s, e) for s, e in strange if e.problems[0].key == OWN_REPORT]
    reports = {source.path for source, _ in telling}
    first = {id(next(s for s, _ in telling if s.path == path)) for path in reports}
    return [(s, e) for s, e in strange if s.path not in reports or id(s) in first]


def _rule(rules: Sequence[FileRule], name: str, key: str) -> Any:
    """What the first rule that fits the file's name says."""
    found = next((r for r in rules if fnmatch(name, r.match)), None)
    return getattr(found, key, None)


def deals_behind(request: Request, figure: Figure, progress: Progress = silent) -> Behind:
    """The deals a figure is counted from.

    Raises:
        UsageError: there is no such figure, stage, manager or pipeline.
    """
    given = read(request, progress)
    progress("figures")
    data = given.assembled.dataset
    return behind(data, view_of(request, given), check_figure(data, figure))


def add_to_archive(
    request: Request, folder: Path, progress: Progress = silent
) -> tuple[list[Addition], tuple[Finding, ...]]:
    """Keep the given exports in the archive at ``folder``; what became of each, and what was not
    recognised.

    Raises:
        OutputError: the archive cannot be written to; what was kept before is untouched.
    """
    progress("reading")
    exports, notes = recognise_all(request)
    progress("keeping")
    return keep_exports(folder, exports, request.settings), notes


def keep_exports_of(request: Request, analysis: Analysis) -> list[Addition]:
    """After a run with ``request.keep``: the exports it was given, added to the archive.

    Raises:
        OutputError: the archive cannot be written to; what was kept before is untouched.
    """
    if request.archive is None or not request.keep:
        return []
    given = [e for e in analysis.exports if e.source.format != "parquet"]
    return keep_exports(request.archive, given, request.settings)


@dataclass(frozen=True)
class Proposal:
    """What ``init`` writes. content: the config. guessed: rules for tables that look like calls.
    unread: findings about tables that were not recognised."""

    content: str
    guessed: tuple[FileRule, ...]
    unread: tuple[Finding, ...]


def propose_config(
    request: Request, preset: Settings, lang: Lang, progress: Progress = silent
) -> Proposal:
    """A commented config from the files: their pipelines, stages, managers; the preset's norms."""
    progress("reading")
    sources, _ = _opened(request)
    rules = guessed_rules(sources, request.settings, request.crm)
    inputs = request.settings.inputs
    inputs = inputs.model_copy(update={"files": (*inputs.files, *rules)})
    settings = request.settings.model_copy(update={"inputs": inputs})
    exports, unread = _recognised(sources, replace(request, settings=settings))
    tables = load(exports, wanted(exports, settings, ()), settings)
    progress("stages")
    roster = assemble(tables, settings).dataset.roster
    managers = [m.name for m in roster.managers if m.listed]
    captions = [c for e in exports if e.kind in ("deals", "leads") for c in e.unmapped]
    pipelines = guess_pipelines(tables.frames())
    content = propose(pipelines, managers, captions, preset, lang, rules)
    return Proposal(content, rules, tuple(unread))
