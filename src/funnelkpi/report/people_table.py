"""A table with a row per manager, per department and for the company: sections calls and people.

Figures here may belong to no deal, so they may have no row in a pipeline: a report of one pipeline
shows the figures of that pipeline and no others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from funnelkpi.locale.catalogue import text
from funnelkpi.report.cells import NOTHING, name
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Line, Table
from funnelkpi.report.evaluated import evaluated
from funnelkpi.report.figures import Row

Who = dict[str, Any]
"""Conditions on the rows of the long table: scope, and manager or department."""
MakeCell = Callable[[Row | None], Cell]
Figure = tuple[str, str, dict[str, Any], MakeCell]
"""Metric, caption, further conditions on the row (slice, statistic), how its cell is made."""
COMPANY: Who = {"scope": "company"}


def row_of(c: Context, metric: str, who: Who, **where: Any) -> Row | None:
    """The figure in the one pipeline asked for; of all pipelines together where none was.

    Of several pipelines asked for there is none: neither medians nor shares of clients add up.
    """
    asked = c.choice.pipelines
    if len(asked) > 1:
        return None
    places = asked or dict.fromkeys((c.main_pipeline, None))
    wanted = (where["statistic"],) if "statistic" in where else ("value", "median", None)
    for pipeline in places:
        for row in c.figures.all(metric, **{"pipeline": pipeline, **who, **where}):
            if row["statistic"] in wanted:
                return row
    return None


def units(c: Context, *, others: Sequence[tuple[str, Who]] = ()) -> list[tuple[str, Who]]:
    """Who has a row: the managers, others (of no manager), and with several departments each."""
    rows = [(m.name, {"scope": "manager", "manager": m.name}) for m in c.managers]
    if c.choice.managers:
        return rows
    departments = list(dict.fromkeys(m.department for m in c.managers if m.department))
    rows += others
    if len(departments) > 1:
        rows += [(d, {"scope": "department", "department": d}) for d in departments]
    return rows


def people_table(
    c: Context,
    title: str,
    figures: Sequence[Figure],
    notes: Sequence[str] = (),
    *,
    others: Sequence[tuple[str, Who]] = (),
    fold: bool = False,
) -> list[Table | Line]:
    """The table of ``figures`` that have a row here, or nothing. fold: at narrow widths the last
    columns go first."""
    shown = [f for f in figures if _has_row(c, f)]
    if not shown:
        return []
    columns = [Column(c.t("manager"), "left")]
    columns += [Column(f[1], priority=i if fold else 0) for i, f in enumerate(shown)]

    def line(label: str, who: Who) -> tuple[Cell, ...]:
        cells = (cell(row_of(c, metric, who, **more)) for metric, _, more, cell in shown)
        return (name(label), *cells)

    rows = tuple(
        row
        for label, who in units(c, others=others)
        if _told(row := line(label, who)) or (label, who) not in others
    )
    total = None if c.choice.managers else line(c.t("company"), COMPANY)
    return [Table(title, tuple(columns), rows, total, tuple(notes), continued=True)]


def not_by_pipelines(c: Context) -> list[Line]:
    """Why there are no tables where several pipelines were asked for."""
    if len(c.choice.pipelines) < 2:
        return []
    return [Line(text("report_people.several_pipelines", c.lang), "muted")]


def _told(row: tuple[Cell, ...]) -> bool:
    return any(cell != NOTHING for cell in row[1:])


def _has_row(c: Context, figure: Figure) -> bool:
    metric, _, more, _ = figure
    if not evaluated(c, metric):
        return False
    whole = {k: v for k, v in more.items() if k != "slice"}
    return row_of(c, metric, COMPANY, **whole) is not None
