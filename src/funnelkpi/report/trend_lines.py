"""Figures over the last twelve periods as lines: a sparkline, the value now and before, and whether the
difference is more than noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from funnelkpi.locale.catalogue import text
from funnelkpi.metrics.registry import SPECS
from funnelkpi.report.cells import NOTHING, count, money, name
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Line, Table, Tone
from funnelkpi.report.figures import Figures, Row
from funnelkpi.report.money import decimal
from funnelkpi.report.texts import figure_name

LEVELS = "▁▂▃▄▅▆▇█"
MISSING = "·"
_SIGNS = {"up": "▲", "down": "▼"}
Key = dict[str, Any]
"""What of a figure is meant: ``metric``, and columns of its rows; ``title``: how it is called here."""
Who = dict[str, Any]
"""Whose: ``scope``, and the name in the column of the scope."""


def subject(c: Context) -> Who | None:
    """Whom a table of figures is about: the company, or the one manager asked for; None: several."""
    asked = c.choice.managers
    if not asked:
        return {"scope": "company"}
    return {"scope": "manager", "manager": asked[0]} if len(asked) == 1 else None


def trend_blocks(
    c: Context, title: str, figures: Sequence[Key], of_people: Sequence[Key]
) -> list[Table | Line]:
    """The trends of a section: of the company or the one manager asked for; where the section itself
    is asked for, a line per manager, too. Nothing where no figure has a trend, and in a report of
    some pipelines: the figures are those of all together."""
    blocks: list[Table | Line] = []
    who = subject(c)
    if not len(c.analysis.trends) or c.narrowed:
        return blocks
    if who is not None:
        blocks.append(figure_table(c, who, figures, title))
        if not blocks[0].rows:  # type: ignore[union-attr]
            return []
    people = [m.name for m in c.managers if m.listed] if len(c.choice.managers) != 1 else []
    if people and (c.choice.sections or who is None):
        table = people_table(c, people, of_people, None if blocks else title)
        if any(cell.value is not None for row in table.rows for cell in row[1:]):
            blocks.append(table)
    running = c.analysis.view.as_of < c.analysis.view.period.end
    notes = ["spark_short", *(["running_note"] if running else [])]
    return [*blocks, *(Line(_t(c, key), "muted") for key in notes)] if blocks else []


def figure_table(c: Context, who: Who, keys: Sequence[Key], title: str | None = None) -> Table:
    """A row per figure of ``who``: points, now, before, difference; those without a trend left out."""
    lines = Lines(c, who)
    columns = [Column(c.t("figure"), "left")]
    columns += [Column(_t(c, "points"), "left"), Column(_t(c, "now"))]
    columns += [Column(_t(c, "before"), priority=1), Column(_t(c, "difference"))]
    rows = [row for key in keys if (row := lines.row(key)) is not None]
    return Table(title, tuple(columns), tuple(rows))


def people_table(
    c: Context, people: Sequence[str], keys: Sequence[Key], title: str | None = None
) -> Table:
    """A row per manager; of each figure the points and the value now."""
    metrics = [key["metric"] for key in keys]
    trends, changes = c.analysis.trends, c.analysis.changes
    points, now = (
        Figures(t[t["scope"].eq("manager") & t["metric"].isin(metrics)].assign(slice=None))
        for t in (trends, changes)
    )
    columns = [Column(c.t("manager"), "left")]
    columns += [Column(key["title"], "left", priority=i) for i, key in enumerate(keys)]
    rows = []
    for manager in people:
        cells = [name(manager)]
        for key in keys:
            who = {"scope": "manager", "manager": manager, **_columns(key)}
            change, values = _found(c, now, points, key["metric"], who)
            cells.append(NOTHING if change is None else _compact(c, sparkline(values), change))
        rows.append(tuple(cells))
    return Table(title, tuple(columns), tuple(rows))


def _columns(key: Key) -> Key:
    return {n: v for n, v in key.items() if n not in ("metric", "title")}


def _found(
    c: Context, changes: Figures, points: Figures, metric: str, where: Key
) -> tuple[Row | None, list[float | None]]:
    """The change and the points of a figure: of the shown pipeline, else of all together."""
    places = [where["pipeline"]] if "pipeline" in where else [c.main_pipeline, None]
    for pipeline in dict.fromkeys(places):
        own = {**where, "pipeline": pipeline}
        change = changes.one(metric, **own)
        if change is not None:
            return change, [r["value"] for r in points.all(metric, **own)]
    return None, []


def _t(c: Context, key: str, **params: Any) -> str:
    return text(f"report_changes.{key}", c.lang, **params)


def sparkline(values: Sequence[float | None]) -> str:
    """One block per value, from 0 to the largest; «·» where there is none."""
    top = max((v for v in values if v is not None), default=0.0)
    steps = len(LEVELS) - 1
    return "".join(
        MISSING
        if v is None
        else LEVELS[min(steps, max(0, round(v / top * steps)))]
        if top > 0
        else LEVELS[0]
        for v in values
    )


class Lines:
    """Rows of one company or manager."""

    def __init__(self, c: Context, who: Who) -> None:
        self.c, self.who = c, who
        trends, changes = c.analysis.trends, c.analysis.changes
        for column, value in who.items():
            trends, changes = trends[trends[column].eq(value)], changes[changes[column].eq(value)]
        self.points = Figures(trends)
        self.changes = Figures(changes.assign(slice=None))

    def row(self, key: Key) -> tuple[Cell, ...] | None:
        """Title, sparkline, now, before, change; None where the figure has no row."""
        where = {**self.who, **_columns(key)}
        change, points = _found(self.c, self.changes, self.points, key["metric"], where)
        if change is None:
            return None
        return (
            name(key.get("title") or self._title(key)),
            name(sparkline(points)),
            _value(change, "value"),
            _value(change, "before"),
            difference(self.c, change),
        )

    def _title(self, key: Key) -> str:
        """The figure with its stages; with the pipeline where stages alone would not tell."""
        funnel = self.c.analysis.data.funnel
        stage, to_stage = (
            funnel.stage(f"{key['pipeline']}/{key[end]}").title
            if key["metric"] in ("conversion", "entries") and key.get(end)
            else None
            for end in ("stage", "to_stage")
        )
        shown = figure_name(key["metric"], stage, to_stage, self.c.lang)
        if key["metric"] == "conversion":
            shown = f"{stage} → {to_stage}"
        alike = sum(s.title == stage for p in self.c.pipelines for s in p.stages)
        if stage and alike > 1:
            shown += f" ({funnel.pipeline(key['pipeline']).title})"
        return shown


def _value(row: Row, column: str) -> Cell:
    value = row[column]
    if value is None:
        return NOTHING
    if row["unit"] == "money":
        return money(value, row["currency"])
    if row["unit"] == "ratio":
        return Cell(value, "ratio")
    return count(value) if row["unit"] == "count" else Cell(value, "share")


def difference(c: Context, row: Row) -> Cell:
    """«+3», «−1,2 п. п.», of sums «+12 %»; ▲ ▼ only if it is more than noise."""
    now, before = row["value"], row["before"]
    if now is None or before is None:
        return NOTHING
    if row["unit"] == "money":
        if before <= 0:
            return NOTHING
        shown = _signed((now / before - 1) * 100, 0, c) + ("\u00a0%" if c.lang == "ru" else "%")
    elif row["unit"] == "share":
        shown = _t(c, "percent_points", n=_signed((now - before) * 100, 1, c))
    else:
        shown = _signed(now - before, 1 if row["unit"] == "ratio" else 0, c)
    mark = _SIGNS.get(row["mark"] or "")
    return Cell(shown, "text", _tone(row), mark=mark)


def _signed(value: float, digits: int, c: Context) -> str:
    shown = decimal(abs(value), digits, c.lang)
    if not shown.strip("0,."):
        return "0"
    return ("+" if value > 0 else "\N{MINUS SIGN}") + shown


def _tone(row: Row) -> Tone:
    if row["mark"] is None:
        return "muted"
    better = SPECS[row["metric"]].better
    if better == "neither":
        return "plain"
    return "good" if (row["mark"] == "up") == (better == "higher") else "bad"


def _compact(c: Context, line: str, row: Row) -> Cell:
    value = row["value"]
    if value is None:
        shown = "—"
    elif row["unit"] == "share":
        shown = decimal(value * 100, 0, c.lang) + ("\u00a0%" if c.lang == "ru" else "%")
    else:
        shown = decimal(value, 1 if row["unit"] == "ratio" else 0, c.lang)
    tone: Tone = "plain" if row["mark"] is None else _tone(row)
    return Cell(f"{line} {shown}", "text", tone, mark=_SIGNS.get(row["mark"] or ""))
