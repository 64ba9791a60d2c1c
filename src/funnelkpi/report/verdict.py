"""The first screen: who is below the norm, whom to talk to about what, which deals to open today."""

from __future__ import annotations

from typing import Any

from funnelkpi.report.context import Context
from funnelkpi.report.data import plain_rows, stalled_table
from funnelkpi.report.document import Line
from funnelkpi.report.money import percent, plain_number, short_money
from funnelkpi.report.sections.norms import norm_columns, norm_title, streak
from funnelkpi.report.sections.stalled import reason_words
from funnelkpi.report.texts import needs_text, stage_title
from funnelkpi.report.verdict_calls import call_lines

BELOW_SHOWN = 5
TALK_SHOWN = 3
DEALS_SHOWN = 5
LINE = 76
"""Characters of a line that with its indent and sign fits 80 columns."""


def verdict_lines(c: Context) -> tuple[Line, ...]:
    """At most some eighteen lines: with the head they fit the first 24 of an 80-column terminal."""
    return (*_below(c), *_talk(c), *call_lines(c), *_deals(c), *_stake(c))


def _below(c: Context) -> list[Line]:
    """A line per manager below a norm, the longest below first."""
    columns = norm_columns(c)
    if not columns:
        return [Line(c.t("verdict_no_norms"), "muted")]
    shown = {m.name for m in c.managers}
    found: dict[str, list[str]] = {}
    worst: dict[str, int] = {}
    for row in (r for rows in columns.values() for r in rows):
        if row["scope"] == "manager" and row["manager"] in shown and row["verdict"] == "below":
            weeks = streak(c, row)
            found.setdefault(row["manager"], []).append(_short_norm(c, row, weeks))
            worst[row["manager"]] = worst.get(row["manager"], 0) + max(weeks, 1)
    if not found:
        return [_nobody_below(c, columns)]
    in_row = "weeks" if _weekly(c) else "periods"
    lines = [Line(c.t(f"verdict_below_{in_row}", n=len(found)), "strong")]
    for manager in sorted(found, key=lambda m: (-worst[m], m))[:BELOW_SHOWN]:
        lines.append(Line("  " + _fitting(f"{manager}: ", found[manager]), "bad"))
    if len(found) > BELOW_SHOWN:
        lines.append(Line("  " + c.t("and_more", n=len(found) - BELOW_SHOWN), "muted"))
    return lines


def _short_norm(c: Context, row: dict[str, Any], weeks: int) -> str:
    """«ЛПР 1 / 2 ×9»: figure, norm, periods in a row."""
    shown = percent if row["unit"] == "share" else plain_number
    value, norm = shown(row["value"], c.lang), shown(row["norm"], c.lang)
    return f"{norm_title(c, row)} {value} / {norm}" + (f" ×{weeks}" if weeks > 1 else "")


def _fitting(lead: str, parts: list[str]) -> str:
    """``parts`` that fit one line of 80 columns, and how many do not."""
    shown = len(parts)
    while shown > 1 and len(lead) + len(", ".join(parts[:shown])) + 3 > LINE:
        shown -= 1
    more = f" +{len(parts) - shown}" if shown < len(parts) else ""
    return lead + ", ".join(parts[:shown]) + more


def _weekly(c: Context) -> bool:
    period = c.analysis.view.period
    return (period.end - period.start).days == 7


def _nobody_below(c: Context, columns: dict[int, list[dict[str, Any]]]) -> Line:
    """Nobody below is good news only where the norms could be judged."""
    shown = {m.name for m in c.managers}
    own = [r for rows in columns.values() for r in rows if r["manager"] in shown]
    worked = [r for r in own if r["norm"] is not None or r["verdict"] == "not_evaluated"]
    if not worked:
        return Line(c.t("verdict_nobody_worked"), "muted")
    vague = [r for r in worked if r["verdict"] in (None, "not_evaluated")]
    if not vague:
        return Line(c.t("verdict_all_normal"), "good")
    if len(vague) < len(worked):
        return Line(c.t("verdict_part_judged", n=len(vague), all=len(worked)))
    needs = next((d for r in vague if (d := str(r["definition"])).startswith("needs.")), None)
    return Line(
        c.t("verdict_not_judged", needs=needs_text(needs or "needs.stage_dates", c.lang)), "warn"
    )


def _talk(c: Context) -> list[Line]:
    """Steps at which a manager is much lower than the others: beyond chance (99.8 %)."""
    shown = {m.name for m in c.managers}
    rows = [
        r
        for r in c.figures.all("bottleneck")
        if r["mark"] == "much_lower" and r["manager"] in shown
    ]
    if not rows:
        return []
    lines = [Line(c.t("verdict_talk"), "strong")]
    for row in sorted(rows, key=lambda r: (-r["value"], r["manager"]))[:TALK_SHOWN]:
        own = _conversion(c, row, scope="manager", manager=row["manager"])
        if own is None or own["value"] is None:
            continue
        funnel = c.analysis.data.funnel
        lines.append(
            Line(
                "  "
                + c.t(
                    "talk_line",
                    manager=row["manager"],
                    stage=stage_title(funnel, row["pipeline"], row["stage"]),
                    to_stage=stage_title(funnel, row["pipeline"], row["to_stage"]),
                    k=round(own["numerator"]),
                    n=round(own["denominator"]),
                    deals=round(row["value"]),
                ),
                "bad",
            )
        )
    return lines if len(lines) > 1 else []


def _conversion(c: Context, row: dict[str, Any], **who: Any) -> dict[str, Any] | None:
    place = {k: row[k] for k in ("pipeline", "stage", "to_stage")}
    return c.figures.one("conversion", statistic="value", **place, **who)


def _deals(c: Context) -> list[Line]:
    table = stalled_table(c.analysis, c.choice)
    urgent = table[table["status"] != "soon"].head(DEALS_SHOWN)
    if not len(urgent):
        unknown = c.figures.one("stalled", verdict="not_evaluated", slice=None)
        if unknown is not None:
            needs = needs_text(str(unknown["definition"]), c.lang)
            return [Line(c.t("verdict_stalled_unknown", needs=needs), "warn")]
        return [Line(c.t("verdict_no_stalled"), "good")]
    lines = [Line(c.t("verdict_open_today"), "strong")]
    for row in plain_rows(urgent):
        lines.append(Line("  " + _deal(c, row)))
    return lines


def _deal(c: Context, row: dict[str, Any]) -> str:
    """One deal on one line of 80 columns: ID, sum, where it stands and how long, why, whose."""
    age = row["days"] if row["days"] is not None else row["days_low"]
    least = "" if row["days"] is not None else "≥ "
    days = "" if age is None else " " + c.t("days_short", n=f"{least}{age:.0f}")
    words = reason_words(c, row)
    more = f" +{len(words) - 1}" if len(words) > 1 else ""
    money = short_money(row["amount"], row["currency"], c.lang) if row["amount"] else ""
    parts = {
        "id": row["deal_id"],
        "money": f" {money}" if money else "",
        "days": days,
        "reasons": words[0] + more,
        "manager": row["manager"] or c.t("nobody"),
    }
    stage = row["stage_title"] or "—"
    spare = LINE - len(c.t("deal_line", stage="", **parts))
    if len(stage) > max(spare, 8):
        stage = stage[: max(spare, 8) - 1] + "…"
    return c.t("deal_line", stage=stage, **parts)


def _stake(c: Context) -> list[Line]:
    if c.choice.managers:
        return []
    where = {"scope": "company", "pipeline": c.main_pipeline, "stage": None}
    lines = []
    for currency in c.currencies:
        stake = c.figures.one("stalled_amount", **where, slice="reason=any", currency=currency)
        whole = c.figures.value(
            "open_amount", scope="company", pipeline=c.main_pipeline, currency=currency
        )
        if stake is None or not stake["value"]:
            continue
        share = percent(stake["value"] / whole, c.lang) if whole else "—"
        money = short_money(stake["value"], currency, c.lang)
        lines.append(
            Line(c.t("verdict_stake", money=money, share=share, n=round(stake["n"])), "strong")
        )
    return lines[:2]
