"""Trends: the last twelve periods of the main figures as sparklines, and the change that is more than
noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelkpi.locale.catalogue import text
from funnelkpi.report.context import Context
from funnelkpi.report.document import Line, Section, Table
from funnelkpi.report.figures import Figures
from funnelkpi.report.trend_lines import Key, figure_table, people_table, subject

if TYPE_CHECKING:
    import pandas as pd

ROOM = 18
"""Rows of both tables together: with titles and notes they fit thirty lines."""
LEAST = 8
"""Rows of the first table that stay however many managers there are."""
_OF_MANAGERS = {"deals_created": "created", "won": "won", "win_rate": "win_rate"}


def build(c: Context) -> Section:
    """A line per figure of the company (or of the one manager asked for), then a line per manager."""
    if not len(c.analysis.trends):
        line = Line(text("report_changes.no_trends", c.lang), "muted")
        return Section("trends", c.t("section_trends"), (line,))
    people = [m.name for m in c.managers if m.listed] if len(c.choice.managers) != 1 else []
    who = subject(c)
    blocks: list[Table | Line] = []
    left, dropped = ROOM, False
    if who is not None:
        keys = _figures(c)
        shown = keys[: max(LEAST, ROOM - len(people))]
        table = figure_table(c, who, shown)
        blocks.append(table)
        left, dropped = ROOM - len(table.rows), len(shown) < len(keys)
    if people:
        columns = [
            {"metric": metric, "title": c.t(title), "pipeline": c.main_pipeline}
            for metric, title in _OF_MANAGERS.items()
        ]
        blocks.append(people_table(c, people[:left], columns))
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


def _figures(c: Context) -> list[Key]:
    """The figures to show, the main ones first."""
    whole = {"pipeline": c.main_pipeline, "stage": None, "to_stage": None}
    keys: list[Key] = [
        {"metric": "deals_created", **whole},
        {"metric": "won", **whole},
        *({"metric": "won_amount", **whole, "currency": x} for x in c.currencies[:1]),
        {"metric": "lost", **whole},
        *({"metric": "average_check", **whole, "currency": x} for x in c.currencies[:1]),
        {"metric": "win_rate", **whole},
    ]
    way = {"metric": "created_to_won", "pipeline": c.main_pipeline}
    keys.append(way)
    steps: list[Key] = []
    entries: list[Key] = []
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


def _found(known: Figures, key: Key) -> bool:
    where = {n: v for n, v in key.items() if n != "metric"}
    return known.one(key["metric"], scope="company", **where) is not None
