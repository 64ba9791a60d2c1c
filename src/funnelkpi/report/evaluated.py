"""Which figures of a section have values here, and one quiet line for those that have none."""

from __future__ import annotations

from collections.abc import Iterable

from funnelkpi.locale.catalogue import text
from funnelkpi.report.context import Context
from funnelkpi.report.document import Line
from funnelkpi.report.texts import figure_name, needs_text

NOT_EVALUATED = "not_evaluated"


def evaluated(c: Context, metric: str) -> bool:
    """Whether any row of the figure is more than "not evaluated"."""
    return any(r["verdict"] != NOT_EVALUATED for r in c.figures.everything((metric,)))


def absent_lines(c: Context, metrics: Iterable[str]) -> list[Line]:
    """One line for the figures without a value: their names by what would give them."""
    needs: dict[str, list[str]] = {}
    for metric in metrics:
        if evaluated(c, metric):
            continue
        row = c.figures.one(metric)
        if row is not None:
            needs.setdefault(str(row["definition"]), []).append(
                figure_name(metric, None, None, c.lang)
            )
    if not needs:
        return []
    parts = [
        text(
            "report_people.absent_part", c.lang, figures=", ".join(names),
            needs=needs_text(key, c.lang),
        )
        for key, names in needs.items()
    ]  # fmt: skip
    return [Line(text("report_people.absent", c.lang, parts="; ".join(parts)), "muted")]
