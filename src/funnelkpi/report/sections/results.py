"""Results: what was won, for how much, at which rate and how fast."""

from __future__ import annotations

from typing import Any

from funnelkpi.report.cells import count, days, money, name, share
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Line, Section, Table


def build(c: Context) -> Section:
    """A row per manager and a total: created, won, lost, sum, check, win rate, days to close."""
    columns = [
        Column(c.t("manager"), "left"),
        Column(c.t("created"), priority=4),
        Column(c.t("won")),
        Column(c.t("lost"), priority=5),
        *(Column(c.t("won_amount")) for _ in c.currencies[:1]),
        *(Column(c.t("won_amount_in", currency=x), priority=3) for x in c.currencies[1:]),
        Column(c.t("average_check"), priority=7),
        Column(c.t("win_rate"), priority=1),
        Column(c.t("time_to_close"), priority=6),
    ]
    rows = tuple(_row(c, m.name, {"scope": "manager", "manager": m.name}) for m in c.managers)
    total = None if c.choice.managers else _row(c, c.t("company"), {"scope": "company"})
    notes = (c.t("win_rate_note", days=c.analysis.settings.conversion.window), c.t("marks_note"))
    tables: list[Table | Line] = [Table(None, tuple(columns), rows, total, notes)]
    tables += _win_rates(c)
    return Section("results", c.t("section_results"), tuple(tables))


def _row(c: Context, title: str, who: dict[str, Any]) -> tuple[Cell, ...]:
    f = c.figures
    where = {**who, "pipeline": c.main_pipeline}
    sums = [f.value("won_amount", **where, currency=x) for x in c.currencies]
    check = next(
        (r for x in c.currencies[:1] if (r := f.one("average_check", **where, currency=x))), None
    )
    return (
        name(title),
        count(f.value("deals_created", **where)),
        count(f.value("won", **where)),
        count(f.value("lost", **where)),
        *(money(value or 0.0, x) for value, x in zip(sums, c.currencies, strict=True)),
        money(check["value"] if check else None, check["currency"] if check else None),
        share(f.one("win_rate", **where, statistic="window"), bar=True),
        days(f.value("time_to_close", **where, statistic="median")),
    )


def _win_rates(c: Context) -> list[Table | Line]:
    """The three forms of the company's win rate, each named."""
    rows = []
    for metric, statistic in (
        ("win_rate", "window"),
        ("win_rate_with_open", "value"),
        ("win_rate_with_stale", "value"),
        ("created_to_won", "value"),
    ):
        where: dict[str, Any] = {"scope": "company", "pipeline": c.main_pipeline}
        row = c.figures.one(metric, **where, statistic=statistic)
        if row is None and metric == "created_to_won":
            row = c.figures.one(metric, **where)
        if row is not None:
            interval = (row["low"], row["high"]) if row["low"] is not None else None
            rows.append(
                (
                    name(c.t(f"form_{metric}")),
                    share(row, bar=True),
                    Cell(None, "share", "muted", bounds=interval),
                    name(c.t(f"form_{metric}_meaning"), "muted"),
                )
            )
    if not rows:
        return []
    columns = (
        Column(c.t("figure"), "left"),
        Column(c.t("share")),
        Column(c.t("interval"), priority=2),
        Column(c.t("meaning"), "left", priority=3),
    )
    return [Table(c.t("win_rates"), columns, tuple(rows))]
