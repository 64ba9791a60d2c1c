"""``funnelkpi explain METRIC FILES``: a figure's definition, its rows on the user's data, and for
conversions every definition side by side with the reason why each differs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from funnelkpi.locale.catalogue import Lang, has, text
from funnelkpi.metrics.definitions import (
    NUMBERS,
    STEPS,
    WHOLE,
    Compared,
    Definition,
    step_definitions,
    whole_definitions,
)
from funnelkpi.metrics.names import definition_key, title_key
from funnelkpi.metrics.result import COLUMNS
from funnelkpi.report.analysis import Analysis, Choice
from funnelkpi.report.cells import NOTHING, count, name
from funnelkpi.report.choice import check_choice
from funnelkpi.report.data import columns_of, plain_rows
from funnelkpi.report.document import Cell, Column, Line, Report, Section, Table, Unit
from funnelkpi.report.money import decimal
from funnelkpi.report.row_words import slice_words, statistic_words
from funnelkpi.report.texts import needs_text, stage_title

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "funnelkpi.explanation/1"
_UNITS: dict[str, Unit] = {
    "count": "count", "share": "share", "money": "money", "days": "days", "hours": "hours",
    "minutes": "minutes",
}  # fmt: skip
_LEFT_OUT = "start=unknown"
"""``slice`` of the visits that no time is known of: their number is the figure."""
_EVALUATED = ("value", "bound_low", "bound_high")


def build_explanation(
    analysis: Analysis, metric: str, lang: Lang, choice: Choice | None = None
) -> Report:
    """The explanation of ``metric`` for the company, or for the manager of ``choice``.

    Raises:
        UsageError: an unknown manager or pipeline was asked for.
    """
    return _Explained(analysis, lang, check_choice(analysis.data, choice or Choice())).report(
        metric
    )


class _Explained:
    """One analysis explained to one reader."""

    def __init__(self, analysis: Analysis, lang: Lang, choice: Choice) -> None:
        self.analysis, self.lang, self.choice = analysis, lang, choice
        self.manager = next(iter(choice.managers), None)
        self.funnel = analysis.data.funnel

    def said(self, key: str, **params: Any) -> str:
        """A text of the explanation."""
        return text(f"explanation.{key}", self.lang, **params)

    def report(self, metric: str) -> Report:
        """Definition, definitions side by side, rows."""
        title = text(title_key(metric), self.lang)
        definition = text(definition_key(metric), self.lang)
        steps, whole = self._steps(metric), self._whole(metric)
        rows = self._rows(metric)
        sections = [Section("definition", self.said("section_definition"), (Line(definition),))]
        for key, found in (("steps", steps), ("whole", whole)):
            if found:
                note = Line(self.said("steps_note"), "muted")
                tables = tuple(self._table(c) for c in found)
                sections.append(Section(key, self.said(f"section_{key}"), (*tables, note)))
        sections.append(Section("rows", self.said("section_rows"), (self._row_table(rows),)))
        period = self.analysis.view.period
        return Report(
            title=self.said("title", figure=title),
            head=self._head(),
            verdict=(),
            sections=tuple(sections),
            foot=(),
            lang=self.lang,
            data={
                "schema": SCHEMA,
                "as_of": _iso(self.analysis.view.as_of),
                "period": {
                    "name": period.name,
                    "start": _iso(period.start),
                    "end": _iso(period.end),
                },
                "metric": metric,
                "manager": self.manager,
                "title": title,
                "definition": definition,
                "definitions": [d for c in (*steps, *whole) for d in self._data(c)],
                "metrics": columns_of(rows, COLUMNS),
            },
        )

    def _head(self) -> tuple[Line, ...]:
        view = self.analysis.view
        moment, zone = f"{view.as_of:%d.%m.%Y %H:%M}", view.settings.time_zone
        head = [Line(text("report.as_of", self.lang, moment=moment, zone=zone))]
        if self.manager is not None:
            head.append(Line(self.said("of_manager", manager=self.manager)))
        return tuple(head)

    def _shown(self, found: list[Compared]) -> list[Compared]:
        asked = self.choice.pipelines
        return [c for c in found if not asked or c.pipeline in asked]

    def _steps(self, metric: str) -> list[Compared]:
        if metric not in STEPS:
            return []
        a = self.analysis
        return self._shown(step_definitions(a.data, a.view, a.metrics, self.manager))

    def _whole(self, metric: str) -> list[Compared]:
        if metric not in (*STEPS, *WHOLE):
            return []
        return self._shown(whole_definitions(self.analysis.metrics, self.manager))

    def _rows(self, metric: str) -> pd.DataFrame:
        """The figure's rows of the company or of the manager."""
        rows = self.analysis.metrics
        keep = rows["metric"].eq(metric)
        if self.manager is None:
            keep &= rows["scope"].eq("company")
        else:
            keep &= rows["manager"].eq(self.manager)
        if self.choice.pipelines:
            keep &= rows["pipeline"].isin(self.choice.pipelines)
        return rows[keep]

    # --- definitions side by side

    def _table(self, compared: Compared) -> Table:
        columns = (
            Column(self.said("definition"), "left"),
            Column(self.said("value")),
            Column(self.said("difference"), priority=1),
            Column(self.said("why"), "left", priority=2),
        )
        rows = tuple(self._definition(d, first=i == 0) for i, d in enumerate(compared.definitions))
        return Table(self._title(compared), columns, rows)

    def _title(self, c: Compared) -> str:
        if c.pipeline is None:
            return self.said("all_pipelines")
        ends = [stage_title(self.funnel, c.pipeline, key) for key in (c.stage, c.to_stage)]
        pipeline = self.funnel.pipeline(c.pipeline)
        own = pipeline.title if pipeline.title or pipeline.entity == "deal" else None
        named = text("pipelines.leads", self.lang) if own is None else own
        step = " → ".join(e for e in ends if e)
        return f"{named}: {step}" if len(self.funnel.pipelines) > 1 else step

    def _definition(self, d: Definition, *, first: bool) -> tuple[Cell, ...]:
        numbers = d.numbers
        cell = NOTHING
        if numbers:
            unit: Unit = "ratio" if d.name == "flow" else "share"
            cell = _cell(numbers, unit)
        return (
            name(self.said(f"name_{d.name}"), "strong" if first else "plain"),
            cell,
            NOTHING if d.difference is None else name(self._points(d.difference)),
            name(self._why(d), "plain" if first else "muted"),
        )

    def _points(self, difference: float) -> str:
        return self.said("points", n=_signed(difference * 100, self.lang))

    def _why(self, d: Definition) -> str:
        """The reason, with its numbers."""
        params = dict(d.params)
        if d.needs is not None:
            params["needs"] = needs_text(f"needs.{d.needs}", self.lang)
        if d.start is not None and d.end is not None:
            params["dates"] = _dates(d.start, d.end)
        if "inflow" in params:
            params["inflow"] = _signed(params["inflow"] * 100, self.lang, 0) + (
                "\u00a0%" if self.lang == "ru" else "%"
            )
        if d.numbers and d.numbers["value"] is None:
            if "needs" in params and all(d.numbers[n] is None for n in _EVALUATED):
                return self.said("why_no_dates", **params)
            bounds = f"why_{d.why}_bounds"
            if has(f"explanation.{bounds}"):
                return self.said(bounds, **params)
        return self.said(f"why_{d.why}", **params)

    def _data(self, c: Compared) -> list[dict[str, Any]]:
        """The definitions of one step as JSON."""
        return [
            {
                "pipeline": c.pipeline,
                "stage": c.stage,
                "to_stage": c.to_stage,
                "name": d.name,
                "title": self.said(f"name_{d.name}"),
                **{n: d.numbers.get(n) for n in NUMBERS},
                "period_start": None if d.start is None else _iso(d.start),
                "period_end": None if d.end is None else _iso(d.end),
                "difference": d.difference,
                "why": self._why(d),
            }
            for d in c.definitions
        ]

    # --- rows of the long table

    def _row_table(self, rows: pd.DataFrame) -> Table | Line:
        if not len(rows):
            key = "no_rows" if self.manager is None else "no_rows_of_manager"
            return Line(self.said(key), "muted")
        columns = [
            Column(self.said("place"), "left"),
            Column(self.said("value")),
            Column(text("report.interval", self.lang), priority=3),
            Column(self.said("days"), "left", priority=1),
            Column(text("report.evidence", self.lang), "left", priority=2),
            Column(self.said("note"), "left", priority=4),
        ]
        cells = [self._row(row) for row in plain_rows(rows)]
        if all(row[-1].value is None for row in cells):
            columns, cells = columns[:-1], [row[:-1] for row in cells]
        return Table(None, tuple(columns), tuple(cells))

    def _row(self, row: dict[str, Any]) -> tuple[Cell, ...]:
        interval = None if row["low"] is None else (row["low"], row["high"])
        unit = _UNITS.get(row["unit"] or "", "ratio")
        start, end = (
            datetime.fromisoformat(row[f"period_{side}"]) if row[f"period_{side}"] else None
            for side in ("start", "end")
        )
        evidence = row["evidence"]
        return (
            name(self._place(row)),
            _cell(row, unit, row["currency"]) if row["slice"] != _LEFT_OUT else count(row["n"]),
            Cell(None, unit, "muted", bounds=interval),
            name(_dates(start, end) if start and end else None),
            name(text(f"report.evidence_{evidence}", self.lang) if evidence else None, "muted"),
            name(self._note(row), "muted"),
        )

    def _place(self, row: dict[str, Any]) -> str:
        """Pipeline, stages, slice and statistic of a row."""
        ends = [stage_title(self.funnel, row["pipeline"], row[k]) for k in ("stage", "to_stage")]
        sliced = slice_words(row["slice"], self.analysis.settings, self.lang)
        parts = [" → ".join(e for e in ends if e), sliced]
        if len(self.funnel.pipelines) > 1:
            key = row["pipeline"]
            known = self.said("all_pipelines") if key is None else self.funnel.pipeline(key).title
            parts.insert(0, known or text("pipelines.leads", self.lang))
        parts.append(statistic_words(row["statistic"], self.lang))
        shown = ", ".join(p for p in parts if p)
        return shown or text(
            "report.company" if self.manager is None else "report.manager", self.lang
        )

    def _note(self, row: dict[str, Any]) -> str | None:
        definition = str(row["definition"] or "")
        if definition.startswith("needs."):
            key = "not_evaluated" if all(row[n] is None for n in _EVALUATED) else "bounds"
            return self.said(key, needs=needs_text(definition, self.lang))
        own = next((f"{d}.{definition}" for d in _DOMAINS if has(f"{d}.{definition}")), None)
        return text(own, self.lang) if own and "." in definition else None


_DOMAINS = ("metrics", "metrics_time", "metrics_people", "metrics_calls")


def _cell(numbers: Any, unit: Unit, currency: str | None = None) -> Cell:
    """A value with k/n, or its bounds."""
    value, low, high = (numbers[n] for n in _EVALUATED)
    if value is None:
        if low is None and high is None:
            return NOTHING
        ends = (float("nan") if low is None else low, float("nan") if high is None else high)
        return Cell(None, unit, "muted", bounds=ends)
    note = None
    if unit in ("share", "ratio") and numbers["denominator"] and numbers["numerator"] is not None:
        note = f"{round(numbers['numerator'])}/{round(numbers['denominator'])}"
    shown = round(value) if unit == "count" else value
    return Cell(shown, unit, currency=currency, note=note)


def _signed(value: float, lang: Lang, digits: int = 1) -> str:
    shown = decimal(abs(value), digits, lang)
    if not shown.strip("0,."):
        return "0"
    return ("+" if value > 0 else "\N{MINUS SIGN}") + shown


def _dates(start: datetime, end: datetime) -> str:
    """«12.05–08.11.2026»: first and last day."""
    last = end - timedelta(seconds=1)
    first = f"{start:%d.%m}" if start.year == last.year else f"{start:%d.%m.%Y}"
    return f"{first}–{last:%d.%m.%Y}"


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")
