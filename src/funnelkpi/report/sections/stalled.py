"""Stalled deals: which to open today, why, and what is at stake."""

from __future__ import annotations

from typing import Any

from funnelkpi.report.cells import NOTHING, count, days, money, name
from funnelkpi.report.context import Context
from funnelkpi.report.data import plain_rows, stalled_table
from funnelkpi.report.document import Cell, Column, Line, Section, Table, Tone
from funnelkpi.report.texts import needs_text

REASONS = ("stalled", "silent", "no_next_step", "overdue", "too_old")


def build(c: Context) -> Section:
    """Summary by manager, the list, the limits with their basis, and what was not evaluated."""
    if c.figures.one("stalled", verdict="not_evaluated") is not None:
        line = Line(needs_text("needs.history_for_as_of", c.lang), "muted")
        return Section("stalled", c.t("section_stalled"), (line,))
    blocks: list[Table | Line] = [_summary(c), deal_table(c), *_absent(c), *_limits(c)]
    return Section("stalled", c.t("section_stalled"), tuple(blocks))


def _summary(c: Context) -> Table:
    shown = [r for r in REASONS if _value(c, r, {"scope": "company"}) is not None]
    columns = [
        Column(c.t("manager"), "left"),
        Column(c.t("deals_with_reason")),
        Column(c.t("at_stake")),
    ]
    columns += [Column(c.t(f"reason_{r}"), priority=1 + i) for i, r in enumerate(shown)]

    def row(title: str, who: dict[str, Any]) -> tuple[Cell, ...]:
        counts = [_value(c, reason, who) for reason in shown]
        currency = next(iter(c.currencies), None)
        where = {**who, "pipeline": c.main_pipeline, "stage": None, "slice": "reason=any"}
        stake = c.figures.value("stalled_amount", **where, currency=currency)
        return (
            name(title),
            count(_value(c, "any", who) or 0),
            money(stake or 0.0, currency),
            *(count(n or 0, "plain" if n else "muted") for n in counts),
        )

    rows = tuple(row(m.name, {"scope": "manager", "manager": m.name}) for m in c.managers)
    total = None if c.choice.managers else row(c.t("company"), {"scope": "company"})
    return Table(None, tuple(columns), rows, total, (c.t("stalled_note"),))


def _value(c: Context, reason: str, who: dict[str, Any]) -> float | None:
    where = {**who, "pipeline": c.main_pipeline, "stage": None, "slice": f"reason={reason}"}
    return c.figures.value("stalled", **where)


def deal_table(c: Context, limit: int | None = None) -> Table:
    """The list of deals with a reason, most at stake first."""
    found = stalled_table(c.analysis, c.choice)
    shown = found.head(limit or c.analysis.settings.report.rows)
    rows = tuple(deal_row(c, row) for row in plain_rows(shown))
    columns = (
        Column(c.t("deal"), "left", 0),
        Column(c.t("title_column"), "left", 3),
        Column(c.t("amount"), "right", 1),
        Column(c.t("stage"), "left", 2),
        Column(c.t("in_stage"), "right", 2),
        Column(c.t("limit"), "right", 5),
        Column(c.t("reasons"), "left", 4),
        Column(c.t("manager"), "left", 1),
    )
    more = len(found) - len(rows)
    notes = (c.t("more_deals", n=more),) if more > 0 else ()
    return Table(c.t("open_today"), columns, rows, notes=notes)


def deal_row(c: Context, row: dict[str, Any]) -> tuple[Cell, ...]:
    """One deal of the list."""
    tone: Tone = "plain" if row["status"] == "soon" else "strong"
    return (
        Cell(row["deal_id"], "id", tone, link=row["link"]),
        name(row["title"]),
        money(row["amount"], row["currency"]),
        name(row["stage_title"]),
        _age(row),
        days(row["limit"]),
        name(", ".join(reason_words(c, row))),
        name(row["manager"]),
    )


def _age(row: dict[str, Any]) -> Cell:
    value = row["days"]
    if value is not None:
        return days(value)
    low, high = row["days_low"], row["days_high"]
    return NOTHING if low is None or high is None else Cell(None, "days", bounds=(low, high))


def reason_words(c: Context, row: dict[str, Any]) -> list[str]:
    """All reasons of a deal in words, the state of its stage clock first."""
    words = [c.t(f"reason_{r}") for r in row["reasons"]]
    if row["status"] == "perhaps":
        words.insert(0, c.t("perhaps_stalled"))
    if row["status"] == "soon":
        words.insert(0, c.t("in_days", n=max(1, round(row["due_in_days"]))))
    return words


def _absent(c: Context) -> list[Line]:
    """Reasons whose source is not in the export."""
    rows = c.figures.everything(("stalled",))
    absent = [r for r in rows if r["verdict"] == "not_evaluated" and r["slice"]]
    return [
        Line(
            c.t(
                "reason_not_evaluated",
                reason=c.t("reason_" + r["slice"].removeprefix("reason=")),
                needs=needs_text(r["definition"], c.lang),
            ),
            "muted",
        )
        for r in absent
    ]


def _limits(c: Context) -> list[Table | Line]:
    """The limit of every stage and where it comes from."""
    stages = c.analysis.data.funnel.stages
    keys = {p.key for p in c.pipelines}
    rows = []
    for row in plain_rows(c.analysis.limits):
        stage = stages[int(row["stage"])]
        if stage.pipeline in keys:
            basis = c.t(f"basis_{row['basis']}", n=int(row["n"]))
            rows.append((name(stage.title), days(row["limit"]), name(basis, "muted")))
    if not rows:
        return []
    columns = (Column(c.t("stage"), "left"), Column(c.t("limit")), Column(c.t("basis"), "left"))
    return [Table(c.t("limits"), columns, tuple(rows))]
