"""Verdicts: what the figures say against bounds, norms and colleagues."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

Kind = Literal["threshold", "norm", "mark"]
Level = Literal["ok", "warn", "fail", "not_evaluated"]
Row = dict[str, Any]
"""A row of the long table as plain values."""

MIN_SHARE_BASE = 5
"""A share of fewer deals is "few data" and never a breach (docs/metrics.md, "Small numbers")."""

_MUCH = ("much_lower", "much_higher")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One figure judged.

    kind: "threshold" (a bound of the config), "norm", or "mark" (much lower or higher than the
    others of the same role). level: "fail" only of thresholds; a norm below and a mark "much_lower"
    are "warn". bound: the bound as the config writes it, or the norm. word: verdict of the norm or
    mark as the long table has it. note: why there is no judgement ("few", "bounds", "needs.<...>",
    "missing"). required: the user asked for exit code 2 when the figure cannot be evaluated. The
    rest is the figure's row of the long table.
    """

    kind: Kind
    metric: str
    level: Level
    scope: str = "company"
    department: str | None = None
    role: str | None = None
    manager: str | None = None
    pipeline: str | None = None
    stage: str | None = None
    to_stage: str | None = None
    value: float | None = None
    bound: str | None = None
    required: bool = False
    word: str | None = None
    note: str | None = None
    low: float | None = None
    high: float | None = None
    bound_low: float | None = None
    bound_high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: float | None = None
    unit: str | None = None
    currency: str | None = None
    statistic: str | None = None


_COPIED = (
    "metric", "scope", "department", "role", "manager", "pipeline", "stage", "to_stage", "value",
    "low", "high", "bound_low", "bound_high", "numerator", "denominator", "n", "unit", "currency",
    "statistic",
)  # fmt: skip


def records(rows: pd.DataFrame) -> list[Row]:
    """Rows of the long table as plain values, missing ones None."""
    names = [str(name) for name in rows.columns]
    columns = [
        [None if value != value else value for value in rows[name].tolist()]  # noqa: PLR0124 - NaN
        for name in rows.columns
    ]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def verdict(row: Row, kind: Kind, level: Level, **more: Any) -> Verdict:
    """A verdict about one row of the long table."""
    copied: dict[str, Any] = {name: row.get(name) for name in _COPIED}
    return Verdict(kind=kind, level=level, **copied, **more)


def judged_people(rows: Iterable[Row], listed: Collection[str] | None) -> list[Row]:
    """``rows`` without those of people who are not judged: nobody, and managers not listed."""
    return [
        row
        for row in rows
        if row["scope"] != "manager"
        or (row["manager"] and (listed is None or row["manager"] in listed))
    ]


def norm_rows(metrics: pd.DataFrame, listed: Collection[str] | None = None) -> list[Row]:
    """Rows of the long table that were judged against a norm."""
    return judged_people(records(metrics[metrics["norm"].notna()]), listed)


def norm_verdicts(
    metrics: pd.DataFrame, listed: Collection[str] | None = None
) -> tuple[Verdict, ...]:
    """One verdict per row with a norm: below is "warn", normal and great are "ok"."""
    levels: dict[str | None, Level] = {"below": "warn", "normal": "ok", "great": "ok"}
    out = []
    for row in norm_rows(metrics, listed):
        word = row["verdict"]
        level = levels.get(word, "not_evaluated")
        note = None if level != "not_evaluated" else row["definition"]
        out.append(verdict(row, "norm", level, bound=f"{row['norm']:g}", word=word, note=note))
    return tuple(out)


def mark_verdicts(
    metrics: pd.DataFrame, listed: Collection[str] | None = None
) -> tuple[Verdict, ...]:
    """One verdict per unsliced row marked ``much_lower`` ("warn") or ``much_higher`` ("ok").

    Weaker marks appear by chance almost every week and stay in the tables.
    """
    rows = metrics[metrics["mark"].isin(_MUCH) & metrics["slice"].isna()]
    return tuple(
        verdict(row, "mark", "warn" if row["mark"] == "much_lower" else "ok", word=row["mark"])
        for row in judged_people(records(rows), listed)
    )
