"""Norms: every manager against every norm of the config, prorated by his working days."""

from __future__ import annotations

from typing import Any

from funnelkpi.locale.catalogue import text
from funnelkpi.metrics.names import title_key
from funnelkpi.report.cells import MARKS, NOTHING, name, verdict_tone
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Line, Section, Table, Unit
from funnelkpi.report.money import percent, plain_number
from funnelkpi.report.texts import needs_text, stage_title

SLICE = "norm="


def build(c: Context) -> Section:
    """A column per norm; a cell is the figure, its norm and the weeks in a row below it."""
    found = norm_columns(c)
    if not found:
        line = c.t("no_norms") if c.analysis.configured else c.t("no_config_norms")
        return Section("norms", c.t("section_norms"), (Line(line, "muted"),))
    columns = [Column(c.t("manager"), "left")]
    columns += [Column(norm_title(c, rows[0]), priority=i) for i, rows in enumerate(found.values())]
    lines = []
    for m in c.managers:
        cells = [_cell(c, rows, m.name) for rows in found.values()]
        lines.append((name(m.name), *cells))
    notes = [c.t("norms_note")]
    notes += [
        c.t(
            "norm_not_evaluated",
            norm=norm_title(c, rows[0]),
            needs=needs_text(str(rows[0]["definition"]), c.lang),
        )
        for rows in found.values()
        if all(r["verdict"] == "not_evaluated" for r in rows) and _needs(rows[0])
    ]
    table = Table(None, tuple(columns), tuple(lines), notes=tuple(dict.fromkeys(notes)))
    return Section("norms", c.t("section_norms"), (table,))


def _needs(row: dict[str, Any]) -> bool:
    return str(row["definition"]).startswith("needs.")


def norm_columns(c: Context) -> dict[int, list[dict[str, Any]]]:
    """Rows judged against a norm, by figure, place and norm, in the order of the config."""
    out: dict[int, list[dict[str, Any]]] = {}
    keys = {p.key for p in c.pipelines}
    for i, norm in enumerate(c.analysis.settings.norms):
        for row in c.figures.all(norm.metric, slice=f"{SLICE}{i}"):
            if row["pipeline"] is None or row["pipeline"] in keys:
                out.setdefault(i, []).append(row)
    return out


def norm_index(row: dict[str, Any]) -> int:
    """The position of a row's norm in the config."""
    return int(str(row["slice"]).removeprefix(SLICE))


def norm_title(c: Context, row: dict[str, Any]) -> str:
    """The norm's own title, else the figure with its stage."""
    given = c.analysis.settings.norms[norm_index(row)].title
    if given:
        return given
    stage = stage_title(c.analysis.data.funnel, row["pipeline"], row["stage"])
    return stage or text(title_key(row["metric"]), c.lang)


def _cell(c: Context, rows: list[dict[str, Any]], manager: str) -> Cell:
    """Figure and norm; «≥ k» where only entries really seen are known; «—» where nothing is."""
    row = next((r for r in rows if r["manager"] == manager and r["scope"] == "manager"), None)
    if row is None or (row["verdict"] == "not_evaluated" and row["bound_low"] is None):
        return NOTHING
    if row["norm"] is None:
        return Cell(None, tone="muted", note=c.t("no_working_days"))
    said = percent if row["unit"] == "share" else plain_number
    tone, note = verdict_tone(row["verdict"]), f"/ {said(row['norm'], c.lang)}"
    if row["value"] is None:
        least = row["bound_low"]
        value = None if least is None else f"≥ {least:g}"
        return Cell(value, tone=tone if value else "muted", note=note)
    weeks = streak(c, row)
    mark = MARKS["lower"][0] if row["verdict"] == "below" else None
    note += f" ×{weeks}" if weeks > 1 else ""
    unit: Unit = _UNITS.get(row["unit"], "ratio")
    value = round(row["value"]) if unit == "count" else row["value"]
    return Cell(value, unit, tone, mark=mark, note=note, currency=row["currency"])


_UNITS: dict[str, Unit] = {"count": "count", "share": "share", "money": "money", "days": "days"}


def streak(c: Context, row: dict[str, Any]) -> int:
    """Periods in a row below this norm, this one included."""
    who = {"scope": row["scope"], "manager": row["manager"]}
    weeks = c.figures.value("norm_streak", slice=row["slice"], **who)
    return round(weeks) if weeks else 0
