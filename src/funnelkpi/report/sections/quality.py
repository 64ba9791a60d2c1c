"""Data quality: where every input row went, and what to mend."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from funnelkpi.locale.catalogue import Lang, text
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.finding import Finding, Severity
from funnelkpi.report.cells import count, name
from funnelkpi.report.context import Context
from funnelkpi.report.document import Column, Line, Section, Table, Tone
from funnelkpi.report.texts import finding_remedy, finding_text

_TONES: dict[Severity, Tone] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "warn",
    Severity.NOTE: "muted",
}


def build(c: Context) -> Section:
    """The account of the files, then the findings, the gravest first."""
    lines = lines_of(c.analysis.findings, c.lang, mask=c.choice.mask)
    table = account_table(c.analysis.assembled.accounts, c.t)
    return Section("quality", c.t("section_quality"), (table, *lines))


def account_table(accounts: Iterable[FileAccount], t: Callable[..., str]) -> Table:
    """rows in = counted + merged + excluded + rejected, per file."""
    columns = (
        Column(t("file"), "left"),
        Column(t("kind"), "left", 5),
        Column(t("rows")),
        Column(t("counted")),
        Column(t("merged"), priority=1),
        Column(t("excluded"), priority=1),
        Column(t("rejected"), priority=1),
    )
    rows = tuple(
        (
            name(a.file),
            name(f"{t('kind_' + a.kind)} · {t('crm_' + a.crm)}", "muted"),
            *(count(n) for n in (a.rows, a.counted, a.merged, a.excluded, a.rejected)),
        )
        for a in accounts
    )
    return Table(t("account"), columns, rows, notes=(t("account_note"),))


def lines_of(findings: Iterable[Finding], lang: Lang, *, mask: bool = False) -> list[Line]:
    """A line per finding: what, in which file and rows, what to do."""
    grave = {s: i for i, s in enumerate((Severity.ERROR, Severity.WARNING, Severity.NOTE))}
    lines = []
    for f in sorted(findings, key=lambda f: grave[f.severity]):
        place = f.file or ""
        if f.file and f.rows:
            rows = ", ".join(str(r) for r in f.rows[:5]) + (
                "…" if f.count > len(f.rows[:5]) else ""
            )
            place = text("report.place", lang, file=f.file, rows=rows, n=min(f.count, 5))
        parts = [finding_text(f, lang, mask=mask), place, finding_remedy(f, lang, mask=mask) or ""]
        lines.append(Line(" · ".join(p for p in parts if p), _TONES[f.severity]))
    return lines
