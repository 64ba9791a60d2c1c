"""What ``funnelkpi inspect`` says of calls: whether their columns were understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelkpi.locale.catalogue import Lang, text
from funnelkpi.report.cells import count, name
from funnelkpi.report.document import Cell, Column, Table

if TYPE_CHECKING:
    import pandas as pd

DIRECTIONS = ("in", "out", "callback", "info")
OUTCOMES = ("success", "missed", "declined", "cancelled", "busy", "failed", "unknown")


def calls_told(calls: pd.DataFrame) -> dict[str, Any]:
    """How many calls, from when to when, of which direction and outcome, with a number, an
    employee, a talk; all are counts of rows as read."""
    moments = calls["called_at"]
    direction = calls["direction"].value_counts()
    outcome = calls["outcome"].value_counts()
    first, last = moments.min(), moments.max()
    return {
        "calls": len(calls),
        "first": None if moments.isna().all() else f"{first:%Y-%m-%dT%H:%M:%S}",
        "last": None if moments.isna().all() else f"{last:%Y-%m-%dT%H:%M:%S}",
        "directions": {d: int(direction.get(d, 0)) for d in DIRECTIONS},
        "no_direction": int(calls["direction"].isna().sum()),
        "outcomes": {o: int(outcome.get(o, 0)) for o in OUTCOMES},
        "internal": int((calls["internal"].to_numpy() == 1).sum()),
        "with_number": int(calls["phone"].notna().sum()),
        "hidden": int((calls["hidden"].to_numpy() == 1).sum()),
        "with_employee": int(calls["employee"].notna().sum()),
        "with_talk": int((calls["talk_seconds"].fillna(0).to_numpy() > 0).sum()),
    }


def calls_read(calls: pd.DataFrame, lang: Lang) -> Table:
    """The same as a table of two columns."""
    told = calls_told(calls)

    def t(key: str) -> str:
        return text(f"report_calls.read_{key}", lang)

    def span(moment: str | None) -> str:
        return (
            "—" if moment is None else f"{moment[8:10]}.{moment[5:7]}.{moment[:4]} {moment[11:16]}"
        )

    rows: list[tuple[Cell, ...]] = [
        (name(t("calls")), count(told["calls"])),
        (name(t("first")), name(span(told["first"]))),
        (name(t("last")), name(span(told["last"]))),
    ]
    rows += [(name(t(d)), count(n)) for d, n in told["directions"].items() if n]
    rows += [(name(t(key)), count(told[key])) for key in ("no_direction", "internal") if told[key]]
    rows += [(name(t(o)), count(n)) for o, n in told["outcomes"].items() if n]
    for key in ("with_number", "hidden", "with_employee", "with_talk"):
        rows.append((name(t(key)), count(told[key])))
    return Table(None, (Column(t("what"), "left"), Column(t("how_many"))), tuple(rows))
