"""What ``funnelkpi check`` prints: only the thresholds that are not fine."""

from __future__ import annotations

from funnelkpi.locale.catalogue import Lang
from funnelkpi.report.analysis import Analysis, Choice
from funnelkpi.report.build import head, period_name
from funnelkpi.report.choice import check_choice
from funnelkpi.report.context import Context
from funnelkpi.report.data import report_data, wanted
from funnelkpi.report.document import Line, Report, Tone
from funnelkpi.report.texts import verdict_text

_TONES: dict[str, Tone] = {"fail": "bad", "warn": "warn", "not_evaluated": "muted"}
_ORDER = ("fail", "warn", "not_evaluated")


def build_breaches(analysis: Analysis, lang: Lang, choice: Choice | None = None) -> Report:
    """A report of breached, warned and not evaluated thresholds; the JSON is the whole report's."""
    choice = check_choice(analysis.data, choice or Choice())
    c = Context(analysis, choice, lang)
    found = [
        v
        for v in analysis.verdicts
        if v.kind == "threshold" and v.level != "ok" and wanted(v, choice)
    ]
    found.sort(key=lambda v: _ORDER.index(v.level))
    lines = [Line(verdict_text(v, analysis.data.funnel, lang), _TONES[v.level]) for v in found]
    return Report(
        title=c.t("title_check", period=period_name(c)),
        head=head(c)[:1],
        verdict=tuple(lines),
        sections=(),
        foot=(),
        lang=lang,
        data=report_data(analysis, choice, lang),
    )
