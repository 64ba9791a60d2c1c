"""Calls to open: conversations that became no deal, and recordings of the strong to learn from.

Only for a report that was asked for this section: the facts behind the figures are taken anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelkpi.locale.catalogue import text
from funnelkpi.metrics.registry import FAMILY_OF
from funnelkpi.report.cells import name
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Table
from funnelkpi.report.evaluated import evaluated
from funnelkpi.report.mask import MASK

if TYPE_CHECKING:
    import pandas as pd

LOST, BEST = "calls_without_deal", "best_calls"
SHOWN = {LOST: 15, BEST: 5}
"""Rows of each list; the rest is counted."""


def call_lists(c: Context) -> list[Any]:
    """The tables, each only where it has a call."""
    lost = _list(c, LOST, "lost")
    return [*lost, *_list(c, BEST, "best")]


def _t(c: Context, key: str, **params: Any) -> str:
    return text(f"report_calls.{key}", c.lang, **params)


def _list(c: Context, metric: str, key: str) -> list[Any]:
    calls = c.analysis.data.calls
    if metric not in FAMILY_OF or not evaluated(c, metric) or calls is None:
        return []
    facts = FAMILY_OF[metric].facts(c.analysis.data, c.analysis.view, metric)
    people = [m.name for m in c.analysis.data.roster.managers]
    if c.choice.managers:
        codes = [people.index(m) for m in c.choice.managers]
        facts = facts[facts["manager"].isin(codes)]
    if not len(facts):
        return []
    shown = facts.head(SHOWN[metric])
    stages = [s.title for s in c.analysis.data.funnel.stages]
    rows = []
    found = calls.iloc[shown["call"].to_numpy()]
    staged = "stage" in shown
    places = shown["stage"].tolist() if staged else [-1] * len(shown)
    people.append("")
    whose = [people[code] for code in shown["manager"].tolist()]
    for row, who, place in zip(_plain(found), whose, places, strict=True):
        cells = [
            Cell(row["called_at"].to_pydatetime(), "moment"),
            name(who or c.t("nobody")),
            name(stages[place]) if staged else name(_number(row["phone"], c.choice.mask)),
            Cell(round(row["talk_seconds"] / 60, 1), "minutes"),
            _recording(c, row["recording"]),
        ]
        rows.append(tuple(cells))
    columns = (
        Column(_t(c, "when"), "left"),
        Column(c.t("manager"), "left"),
        Column(c.t("stage") if staged else _t(c, "phone"), "left"),
        Column(_t(c, "length")),
        Column(_t(c, "recording"), "left"),
    )
    note = _t(c, f"{key}_note", n=len(facts))
    return [Table(_t(c, f"{key}_title"), columns, tuple(rows), notes=(note,))]


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    names = ("called_at", "phone", "talk_seconds", "recording")
    columns = [frame[n].tolist() if n in frame else [None] * len(frame) for n in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _number(phone: Any, mask: bool) -> str | None:
    if not isinstance(phone, str) or not phone:
        return None
    return MASK if mask else phone


def _recording(c: Context, link: Any) -> Cell:
    """A link to the recording; none where clients are masked."""
    if not isinstance(link, str) or not link or c.choice.mask:
        return name(None)
    return Cell(_t(c, "listen"), link=link)
