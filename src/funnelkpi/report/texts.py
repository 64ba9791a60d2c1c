"""Findings and verdicts as sentences, for people and for the ``text`` of the JSON."""

from __future__ import annotations

import re
from typing import Any

from funnelkpi.locale.catalogue import Lang, has, text
from funnelkpi.metrics.names import DOMAINS, title_key
from funnelkpi.model.finding import LONGEST_TEXT, ROWS_SHOWN, Finding, shortened
from funnelkpi.model.funnel import Funnel
from funnelkpi.report.mask import masked_text
from funnelkpi.report.money import decimal, short_money

_LONGEST_VALUE = ROWS_SHOWN * LONGEST_TEXT
_LONG_PIECE = re.compile(rf"[^,;/»”\s][^,;/»”]{{{LONGEST_TEXT},}}")
"""A text between the signs that part the texts of a list."""


def finding_text(finding: Finding, lang: Lang, *, mask: bool = False) -> str:
    """What was found."""
    said = text(finding.code, lang, **_params(finding, lang, mask))
    if not finding.code.startswith("errors_"):
        return said
    return f"{said} {text('report.file_left_out', lang)}"  # a file that was not recognised


def finding_remedy(finding: Finding, lang: Lang, *, mask: bool = False) -> str | None:
    """What to do about it."""
    key = f"{finding.code}.remedy"
    return text(key, lang, **_params(finding, lang, mask)) if has(key) else None


def _params(finding: Finding, lang: Lang, mask: bool) -> dict[str, Any]:
    value = short_text(finding.value or "")
    share = finding.params.get("share")
    shown = {}
    if isinstance(share, str) and lang == "ru":  # «3 %», as everywhere in Russian
        shown["share"] = re.sub(r"(?<=\d)%$", "\N{NO-BREAK SPACE}%", share)
    return {
        "file": finding.file or "",
        "column": finding.column or "",
        "value": masked_text(value) if mask else value,
        "count": finding.count,
        "rows": ", ".join(str(r) for r in finding.rows),
        **{k: short_text(v) if isinstance(v, str) else v for k, v in finding.params.items()},
        **shown,
    }


def short_text(value: str) -> str:
    """The texts of a finding, each cut to what can be read at a glance."""
    cut = _LONG_PIECE.sub(lambda found: shortened(found[0]), value)
    return cut if len(cut) <= _LONGEST_VALUE else cut[: _LONGEST_VALUE - 1] + "…"


def figure_name(metric: str, stage: str | None, to_stage: str | None, lang: Lang) -> str:
    """«Конверсия КП → Дожим»: a figure with its stages."""
    steps = " → ".join(s for s in (stage, to_stage) if s)
    return " ".join(part for part in (text(title_key(metric), lang), steps) if part)


def time_text(value: float, unit: str, lang: Lang) -> str:
    """«6,3 раб. ч»: a time in the unit of a limit."""
    shown = decimal(value, 1 if value < 10 else 0, lang)
    return text(f"report_times.unit_{unit}", lang, n=shown)


def stage_title(funnel: Funnel, pipeline: str | None, key: str | None) -> str | None:
    """Title of a stage by its key, in one pipeline or the first that has it."""
    if key is None:
        return None
    if pipeline is not None and f"{pipeline}/{key}" in funnel.code:
        return funnel.stage(f"{pipeline}/{key}").title
    return next((s.title for s in funnel.stages if s.key == key), key)


def verdict_text(verdict: Any, funnel: Funnel, lang: Lang) -> str:
    """One verdict as a sentence."""
    stage = stage_title(funnel, verdict.pipeline, verdict.stage)
    to_stage = stage_title(funnel, verdict.pipeline, verdict.to_stage)
    who = verdict.manager or verdict.department or verdict.role or text("report.company", lang)
    key = verdict.level
    if verdict.kind == "mark":
        key = verdict.word
    elif verdict.word == "below":
        key = "below_norm"
    note = verdict.note or ""
    if key == "not_evaluated" and note.startswith("needs."):
        key = "not_evaluated_needs"
    return text(
        f"report.verdict_{key}",
        lang,
        needs=needs_text(note, lang) if key == "not_evaluated_needs" else "",
        who=who,
        figure=verdict_figure(verdict.metric, stage, to_stage, lang),
        value=verdict_value(verdict, lang),
        bound=verdict.bound or "",
    )


def verdict_value(verdict: Any, lang: Lang) -> str:
    """The figure of a verdict as people read it: «1,7 % (1/58)», «24,3 млн ₽»; bounds as «от … до»."""
    if verdict.value is None:
        ends = [
            "…" if x is None else _number(x, verdict, lang)
            for x in (verdict.bound_low, verdict.bound_high)
        ]
        return "–".join(ends)
    shown = _number(verdict.value, verdict, lang)
    if verdict.unit == "share" and verdict.numerator is not None and verdict.denominator:
        shown += f" ({verdict.numerator:.0f}/{verdict.denominator:.0f})"
    return shown


def _number(value: float, verdict: Any, lang: Lang) -> str:
    if verdict.unit == "share":
        return decimal(value * 100, 1, lang) + (" %" if lang == "ru" else "%")
    if verdict.unit == "money":
        return short_money(value, verdict.currency, lang)
    if verdict.unit == "days":
        return text("report.days_short", lang, n=decimal(value, 0, lang))
    return decimal(value, 2, lang)


def verdict_figure(metric: str, stage: str | None, to_stage: str | None, lang: Lang) -> str:
    """A figure's name; the pseudo-figures of thresholds have names of their own."""
    own = f"report.figure_{metric}"
    return text(own, lang) if has(own) else figure_name(metric, stage, to_stage, lang)


def needs_text(definition: str, lang: Lang) -> str:
    """What would give a figure that is not evaluated (``definition`` is ``needs.<reason>``)."""
    return text(next(k for d in DOMAINS if has(k := f"{d}.{definition}")), lang)
