"""Loss reasons of the window, by manager and by the stage the deals were lost from."""

from __future__ import annotations

from typing import Any

from funnelkpi.report.cells import count, name
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Line, Section, Table

SHOWN = 8


def build(c: Context) -> Section:
    """The commonest reasons with their share, then a column per manager; stages where known."""
    company = _rows(c, scope="company", pipeline=c.main_pipeline, stage=None)
    if not company:
        reason = c.figures.one("loss_reasons", verdict="not_evaluated", scope="company")
        line = c.t("no_loss_reasons") if reason is None else c.t("needs_loss_reason")
        return Section("losses", c.t("section_losses"), (Line(line, "muted"),))
    reasons = sorted(company, key=lambda r: (-r["value"], r["slice"]))[:SHOWN]
    columns = [Column(c.t("reason"), "left"), Column(c.t("lost_deals")), Column(c.t("share"))]
    columns += [Column(m.name, priority=2 + i) for i, m in enumerate(c.managers)]
    by_manager = {
        (r["manager"], r["slice"]): r["value"]
        for r in _rows(c, scope="manager", pipeline=c.main_pipeline, stage=None)
    }
    rows = tuple(
        (
            name(_reason(c, r)),
            count(r["value"]),
            Cell(r["value"] / r["denominator"], "share", bar=r["value"] / r["denominator"]),
            *(count(by_manager.get((m.name, r["slice"]), 0)) for m in c.managers),
        )
        for r in reasons
    )
    window = c.analysis.settings.conversion.window
    tables: list[Table | Line] = [
        Table(None, tuple(columns), rows, notes=(c.t("losses_note", days=window),))
    ]
    return Section("losses", c.t("section_losses"), (*tables, *_by_stage(c)))


def _rows(c: Context, **where: Any) -> list[dict[str, Any]]:
    every = c.figures.everything(("loss_reasons",))
    where = {"statistic": "window", **where}
    return [r for r in every if all(r[k] == v for k, v in where.items())]


def _reason(c: Context, row: dict[str, Any]) -> str:
    return str(row["slice"]).removeprefix("loss_reason=") or c.t("no_reason")


def _by_stage(c: Context) -> list[Table | Line]:
    blocks: list[Table | Line] = []
    for pipeline in c.pipelines:
        rows = []
        for stage in pipeline.open_stages:
            found = _rows(c, scope="company", pipeline=pipeline.key, stage=stage.key)
            found.sort(key=lambda r: (-r["value"], r["slice"]))
            if found:
                top = ", ".join(f"{_reason(c, r)} {round(r['value'])}" for r in found[:3])
                rows.append((name(stage.title), count(sum(r["value"] for r in found)), name(top)))
        if rows:
            columns = (
                Column(c.t("stage"), "left"),
                Column(c.t("lost_deals")),
                Column(c.t("top_reasons"), "left"),
            )
            title = c.t("losses_by_stage", pipeline=pipeline.title or "—")
            blocks.append(Table(title, columns, tuple(rows)))
    return blocks
