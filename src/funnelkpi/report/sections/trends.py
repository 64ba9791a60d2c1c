"""Trends: the last twelve periods of the main figures as sparklines, and the change that is more than
noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from funnelkpi.locale.catalogue import text
from funnelkpi.metrics.registry import SPECS
from funnelkpi.report.cells import NOTHING, count, money, name
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Line, Section, Table, Tone
from funnelkpi.report.figures import Figures, Row
from funnelkpi.report.money import decimal
from funnelkpi.report.texts import figure_name

if TYPE_CHECKING:
    import pandas as pd

LEVELS = "▁▂▃▄▅▆▇█"
MISSING = "·"
ROOM = 18
"""Rows of both tables together: with titles and notes they fit thirty lines."""
LEAST = 8
"""Rows of the first table that stay however many managers there are."""
_SIGNS = {"up": "▲", "down": "▼"}
_OF_MANAGERS = ("deals_created", "won", "win_rate")
_Key = dict[str, Any]


def build(c: Context) -> Section:
    """A line per figure of the company (or of the one manager asked for), then a line per manager."""
    if not len(c.analysis.trends):
        line = Line(text("report_changes.no_trends", c.lang), "muted")
        return Section("trends", c.t("section_trends"), (line,))
    asked = c.choice.managers
    people = [m.name for m in c.managers if m.listed] if len(asked) != 1 else []
    who: _Key | None = {"scope": "company"}
    if asked:
        who = {"scope": "manager", "manager": asked[0]} if len(asked) == 1 else None
    blocks: list[Table | Line] = []
    left, dropped = ROOM, False
    if who is not None:
        keys = _figures(c)
        shown = keys[: max(LEAST, ROOM - len(people))]
        lines = _Lines(c, who)
        rows = [row for key in shown if (row := lines.row(key)) is not None]
        columns = [Column(c.t("figure"), "left")]
        columns += [Column(_t(c, "points"), "left"), Column(_t(c, "now"))]
        columns += [Column(_t(c, "before"), priority=1), Column(_t(c, "difference"))]
        blocks.append(Table(None, tuple(columns), tuple(rows)))
        left, dropped = ROOM - len(rows), len(shown) < len(keys)
    if people:
        blocks.append(_managers(c, people[:left]))
        dropped |= len(people) > left
    blocks += [Line(note, "muted") for note in _notes(c, dropped=dropped)]
    return Section("trends", c.t("section_trends"), tuple(blocks))


def _t(c: Context, key: str, **params: Any) -> str:
    return text(f"report_changes.{key}", c.lang, **params)


def _notes(c: Context, *, dropped: bool) -> list[str]:
    analysis = c.analysis
    notes = [_t(c, "spark_note")]
    if analysis.view.as_of < analysis.view.period.end:
        notes.append(_t(c, "running_note"))
    notes.append(_t(c, "cohort_note", window=analysis.settings.conversion.window))
    return [*notes, *([_t(c, "more_trends")] if dropped else [])]


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


def _figures(c: Context) -> list[_Key]:
    """The figures to show, the main ones first."""
    whole = {"pipeline": c.main_pipeline, "stage": None, "to_stage": None}
    keys: list[_Key] = [
        {"metric": "deals_created", **whole},
        {"metric": "won", **whole},
        *({"metric": "won_amount", **whole, "currency": x} for x in c.currencies[:1]),
        {"metric": "lost", **whole},
        *({"metric": "average_check", **whole, "currency": x} for x in c.currencies[:1]),
        {"metric": "win_rate", **whole},
    ]
    way = {"metric": "created_to_won", "pipeline": c.main_pipeline}
    keys.append(way)
    steps: list[_Key] = []
    entries: list[_Key] = []
    for p in c.pipelines:
        own = {"pipeline": p.key}
        ends = zip(p.path[:-1], p.path[1:], strict=True)
        steps += [
            {"metric": "conversion", **own, "stage": s.key, "to_stage": t.key} for s, t in ends
        ]
        # the first stage is creation, the goal is the win: both stand above
        inner = [s for s in p.open_stages if s is not p.first]
        entries += [{"metric": "entries", **own, "stage": s.key} for s in inner]
    known = Figures(_company(c.analysis.changes)) if len(c.analysis.changes) else None
    return [k for k in (*keys, *steps, *entries) if known is not None and _found(known, k)]


def _company(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["scope"].eq("company")].assign(slice=None)


def _found(known: Figures, key: _Key) -> bool:
    where = {n: v for n, v in key.items() if n != "metric"}
    return known.one(key["metric"], scope="company", **where) is not None


class _Lines:
    """Rows of one company or manager."""

    def __init__(self, c: Context, who: _Key) -> None:
        self.c, self.who = c, who
        trends, changes = c.analysis.trends, c.analysis.changes
        for column, value in who.items():
            trends, changes = trends[trends[column].eq(value)], changes[changes[column].eq(value)]
        self.points = Figures(trends)
        self.changes = Figures(changes.assign(slice=None))

    def row(self, key: _Key) -> tuple[Cell, ...] | None:
        """Title, sparkline, now, before, change; None where the figure has no row."""
        where = {**self.who, **{n: v for n, v in key.items() if n != "metric"}}
        change = self.changes.one(key["metric"], **where)
        if change is None:
            return None
        points = [r["value"] for r in self.points.all(key["metric"], **where)]
        return (
            name(self._title(key)),
            name(sparkline(points)),
            _value(change, "value"),
            _value(change, "before"),
            _difference(self.c, change),
        )

    def _title(self, key: _Key) -> str:
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
    return count(value) if row["unit"] == "count" else Cell(value, "share")


def _difference(c: Context, row: Row) -> Cell:
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
        shown = _signed(now - before, 0, c)
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


def _managers(c: Context, people: Sequence[str]) -> Table:
    """Created, won and win rate of each manager: a sparkline and the value now."""
    trends, changes = c.analysis.trends, c.analysis.changes
    points = Figures(trends[trends["scope"].eq("manager") & trends["metric"].isin(_OF_MANAGERS)])
    own = changes["scope"].eq("manager") & changes["metric"].isin(_OF_MANAGERS)
    now = Figures(changes[own].assign(slice=None))
    columns = [Column(c.t("manager"), "left")]
    columns += [
        Column(c.t(key), "left", priority=i) for i, key in enumerate(("created", "won", "win_rate"))
    ]
    rows = []
    for manager in people:
        cells = [name(manager)]
        for metric in _OF_MANAGERS:
            where = {"scope": "manager", "manager": manager, "pipeline": c.main_pipeline}
            change = now.one(metric, **where)
            line = sparkline([r["value"] for r in points.all(metric, **where)])
            cells.append(NOTHING if change is None else _compact(c, line, change))
        rows.append(tuple(cells))
    return Table(None, tuple(columns), tuple(rows))


def _compact(c: Context, line: str, row: Row) -> Cell:
    value = row["value"]
    if value is None:
        shown = "—"
    elif row["unit"] == "share":
        shown = decimal(value * 100, 0, c.lang) + ("\u00a0%" if c.lang == "ru" else "%")
    else:
        shown = decimal(value, 0, c.lang)
    tone: Tone = "plain" if row["mark"] is None else _tone(row)
    return Cell(f"{line} {shown}", "text", tone, mark=_SIGNS.get(row["mark"] or ""))
