"""Cells from figures: k/n beside a share, bounds, marks, verdict tones. One place decides how a figure
of each kind looks in every section and format."""

from __future__ import annotations

from typing import Any

from funnelkpi.report.document import Cell, Tone

MARKS = {
    "much_lower": ("▼▼", "bad"),
    "lower": ("▼", "warn"),
    "higher": ("▲", "plain"),
    "much_higher": ("▲▲", "good"),
    "few": ("·", "muted"),
}
_VERDICTS: dict[str, Tone] = {"below": "bad", "normal": "plain", "great": "good"}
NOTHING = Cell(None, tone="muted")


def name(value: str | None, tone: Tone = "plain", *, link: str | None = None) -> Cell:
    """A text cell."""
    return Cell(value, "text", tone, link=link)


def count(value: float | None, tone: Tone = "plain", **more: Any) -> Cell:
    """A number of things."""
    return Cell(None if value is None else round(value), "count", tone, **more)


def money(value: float | None, currency: str | None, tone: Tone = "plain") -> Cell:
    """A sum in its own currency."""
    return Cell(value, "money", tone, currency=currency)


def days(value: float | None, tone: Tone = "plain", **more: Any) -> Cell:
    """A number of days."""
    return Cell(value, "days", tone, **more)


def share(row: dict[str, Any] | None, *, bar: bool = False) -> Cell:
    """A rate with k/n and its mark, or its bounds when the evidence gives no value."""
    if row is None or not row["n"]:
        return NOTHING
    mark, tone = MARKS.get(row["mark"] or "", (None, "plain"))
    if row["value"] is None:
        low, high = row["bound_low"], row["bound_high"]
        bounds = None if low is None or high is None else (low, high)
        return Cell(None, "share", "muted", bounds=bounds, note=f"n={round(row['n'])}")
    note = f"{round(row['numerator'])}/{round(row['denominator'])}"
    value = row["value"]
    return Cell(value, "share", tone, mark=mark, note=note, bar=value if bar else None)  # type: ignore[arg-type]


def of_base(row: dict[str, Any] | None) -> Cell:
    """A count as a share of its denominator: «100 %  3/3»."""
    if row is None or row["value"] is None or not row["denominator"]:
        return NOTHING
    part = row["value"] / row["denominator"]
    return Cell(part, "share", note=f"{round(row['value'])}/{round(row['denominator'])}")


def verdict_tone(verdict: str | None) -> Tone:
    """The tone of a norm's verdict."""
    return _VERDICTS.get(verdict or "", "plain")
