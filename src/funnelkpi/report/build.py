"""The report of a run: head, verdict, sections, foot; plain data for every renderer."""

from __future__ import annotations

from funnelkpi.locale.catalogue import Lang
from funnelkpi.model.evidence import Evidence
from funnelkpi.report.analysis import Analysis, Choice
from funnelkpi.report.choice import check_choice, check_sections
from funnelkpi.report.context import Context
from funnelkpi.report.data import report_data
from funnelkpi.report.document import Line, Report
from funnelkpi.report.money import percent
from funnelkpi.report.sections import (
    calls,
    changes,
    conversion,
    losses,
    norms,
    people,
    quality,
    results,
    slices,
    stalled,
    stock,
    times,
    trends,
)
from funnelkpi.report.verdict import verdict_lines

SECTIONS = {
    "changes": changes.build,
    "slices": slices.build,
    "norms": norms.build,
    "conversion": conversion.build,
    "times": times.build,
    "calls": calls.build,
    "people": people.build,
    "results": results.build,
    "trends": trends.build,
    "losses": losses.build,
    "stalled": stalled.build,
    "stock": stock.build,
    "quality": quality.build,
}
"""Sections by the name ``--section`` takes, in the order of the report."""
KNOWN_SECTIONS = frozenset(SECTIONS)


def build_report(
    analysis: Analysis, lang: Lang, choice: Choice | None = None, *, data_only: bool = False
) -> Report:
    """The report of ``analysis`` in ``lang``; ``data_only``: without the parts that people read.

    Raises:
        UsageError: an unknown section, manager or pipeline was asked for.
    """
    choice = check_choice(analysis.data, choice or Choice())
    c = Context(analysis, choice, lang)
    names = choice.sections or analysis.settings.report.sections or _shown(analysis, choice)
    check_sections(names, SECTIONS)
    data = report_data(analysis, choice, lang)
    if data_only:
        return Report(c.t("title", period=period_name(c)), (), (), (), (), lang, data)
    return Report(
        title=c.t("title", period=period_name(c)),
        head=head(c),
        verdict=() if choice.sections else verdict_lines(c),
        sections=tuple(SECTIONS[name](c) for name in names),
        foot=_foot(c),
        lang=lang,
        data=data,
    )


def _shown(analysis: Analysis, choice: Choice) -> tuple[str, ...]:
    """All sections; the slices only when asked for, the changes only with something to compare, calls,
    people and companies only where some file has them."""
    absent = {"slices"} if not choice.by else set()
    absent |= {"changes"} if analysis.previous is None else set()
    data = analysis.data
    absent |= {"calls"} if data.calls is None else set()
    cards = (data.tasks, data.contacts, data.companies)
    absent |= {"people"} if all(table is None for table in cards) else set()
    return tuple(name for name in SECTIONS if name not in absent)


def period_name(c: Context) -> str:
    """«9–15 ноября 2026» as the head writes it: first and last day."""
    period = c.analysis.view.period
    first, last = period.first_day, period.last_day
    if first == last:
        return f"{first:%d.%m.%Y}"
    return f"{first:%d.%m.%Y} – {last:%d.%m.%Y}"


def head(c: Context) -> tuple[Line, ...]:
    """When, from what, and by which rules."""
    analysis = c.analysis
    deals = analysis.data.deals
    deals = deals[~deals["status"].eq("gone")]
    used = sorted(str(name) for name in deals["crm"].unique())
    leads = int(deals["entity"].eq("lead").sum())
    parts = [
        ", ".join(c.t(f"crm_{crm}") for crm in used) or "—",
        c.t("deals_read", n=len(deals) - leads),
        *([c.t("leads_read", n=leads)] if leads else []),
        c.t("files_read", n=len(analysis.assembled.accounts)),
        c.t("with_config" if analysis.configured else "without_config"),
    ]
    moment = f"{analysis.view.as_of:%d.%m.%Y %H:%M}"
    return (
        Line(c.t("as_of", moment=moment, zone=analysis.settings.time_zone)),
        Line(" · ".join(parts), "muted"),
        Line(_evidence(c), "muted"),
        *([Line(c.t("pipelines_together"), "warn")] if _together(c) else []),
    )


def _together(c: Context) -> bool:
    """Whether totals of the report are of more pipelines than the several asked for."""
    return len(c.choice.pipelines) > 1 and c.narrowed


def _evidence(c: Context) -> str:
    """What the stage entries rest on: of history and kept exports the share of each level."""
    data = c.analysis.data
    if len(data.visits):
        return _seen(c)
    dated = len(analysis_dated(c))
    stages = sum(len(p.open_stages) for p in c.pipelines)
    if dated:
        return c.t("evidence_dates_line", dated=dated, stages=stages)
    key = "previous" if "previous_stage" in c.analysis.data.available else "snapshot"
    return c.t(f"evidence_{key}_line")


def _seen(c: Context) -> str:
    data = c.analysis.data
    codes = [data.funnel.code[s.id] for p in c.pipelines for s in p.open_stages]
    counts = data.entries.loc[data.entries["stage"].isin(codes), "evidence"].value_counts()
    total = int(counts.sum())
    known = [e for e in Evidence if e is not Evidence.PREVIOUS and counts.get(int(e), 0)]
    levels = ", ".join(
        c.t(f"evidence_seen_{e.label}", share=percent(counts[int(e)] / total, c.lang))
        for e in known
    )
    since = min(data.observed.values()) if data.observed else data.as_of
    return c.t("evidence_seen_line", levels=levels, since=f"{since:%d.%m.%Y}")


def analysis_dated(c: Context) -> list[str]:
    """Open stages of the shown pipelines whose entry dates come from a column."""
    dated = c.analysis.data.dated
    return [s.id for p in c.pipelines for s in p.open_stages if s.id in dated]


def _foot(c: Context) -> tuple[Line, ...]:
    if c.analysis.configured:
        return ()
    return (Line(c.t("foot_init"), "strong"),)
