"""Conversion: of the deals that entered a stage, how many reached the next; where each manager loses."""

from __future__ import annotations

from typing import Any

from funnelkpi.metrics._cohort import ALL_CLASSES
from funnelkpi.model.funnel import Pipeline, Stage
from funnelkpi.report.cells import NOTHING, count, name, share
from funnelkpi.report.context import Context
from funnelkpi.report.document import Cell, Column, Line, Section, Table
from funnelkpi.report.figures import Row
from funnelkpi.report.money import percent


def build(c: Context) -> Section:
    """Per pipeline: managers by step, and the account of the base of every step."""
    blocks: list[Table | Line] = []
    for pipeline in c.pipelines:
        if not pipeline.confirmed:
            blocks.append(Line(c.t("order_guessed", pipeline=pipeline.title or "—"), "muted"))
            continue
        steps = list(zip(pipeline.path[:-1], pipeline.path[1:], strict=True))
        if not steps or not _any(c, pipeline):
            continue
        blocks.append(_by_manager(c, pipeline, steps))
        blocks.append(_account(c, pipeline, steps))
    return Section("conversion", c.t("section_conversion"), tuple(blocks))


def _any(c: Context, pipeline: Pipeline) -> bool:
    rows = c.figures.all("conversion", scope="company", pipeline=pipeline.key)
    return any(r["n"] for r in rows)


def _by_manager(c: Context, pipeline: Pipeline, steps: list[tuple[Stage, Stage]]) -> Table:
    columns = [Column(c.t("manager"), "left")]
    columns += [Column(f"→ {t.title}", priority=i) for i, (_, t) in enumerate(steps)]
    columns.append(Column(c.t("bottleneck"), "left", priority=len(steps)))
    rows = tuple(
        (
            name(m.name),
            *(share(_step(c, pipeline, s, t, scope="manager", manager=m.name)) for s, t in steps),
            _bottleneck(c, pipeline, m.name),
        )
        for m in c.managers
    )
    total = None
    if not c.choice.managers:
        cells = [share(_step(c, pipeline, s, t, scope="company")) for s, t in steps]
        total = (name(c.t("company")), *cells, NOTHING)
    rows_ = c.figures.all("conversion", pipeline=pipeline.key)
    notes = [_window_note(c, rows_)]
    if any(r["definition"] == "needs.stage_history" for r in rows_):
        notes.append(c.t("conversion_bounds_note"))
    if any(r["mark"] for r in rows_):
        notes.append(c.t("marks_note"))
    title = c.pipeline_title(pipeline)
    return Table(title, tuple(columns), rows, total, tuple(notes), continued=True)


def _window_note(c: Context, rows: list[Row]) -> str:
    """Over which days the steps are counted; where the data begin later than the window would, the
    span that the steps really have."""
    window = c.analysis.settings.conversion.window
    spans = {
        (r["period_end"] - r["period_start"]).days
        for r in rows
        if r["n"] and r["period_start"] is not None and r["period_end"] is not None
    }
    low, high = min(spans, default=window), max(spans, default=window)
    if low >= window:
        return c.t("conversion_note", window=window)
    span = str(low) if low == high else f"{low}–{high}"
    return c.t("conversion_note_short", span=span, days=high, window=window)


def _step(c: Context, pipeline: Pipeline, s: Stage, t: Stage, **who: Any) -> dict[str, Any] | None:
    return c.figures.one(
        "conversion", pipeline=pipeline.key, stage=s.key, to_stage=t.key, statistic="value", **who
    )


def _bottleneck(c: Context, pipeline: Pipeline, manager: str) -> Cell:
    row = c.figures.one("bottleneck", manager=manager, pipeline=pipeline.key)
    if row is None:
        return NOTHING
    stage = c.analysis.data.funnel.stage(f"{pipeline.key}/{row['stage']}").title
    return name(c.t("bottleneck_cell", stage=stage, deals=round(row["value"])), "warn")


def _seen_classes(c: Context, pipeline: Pipeline) -> list[str]:
    """The classes that any step of the pipeline has deals in; advanced and lost always."""
    rows = c.figures.everything(("conversion_base",))
    here = [r for r in rows if r["scope"] == "company" and r["pipeline"] == pipeline.key]
    seen = {str(r["slice"]).removeprefix("class=") for r in here if r["value"]}
    return [k for k in ALL_CLASSES if k in seen or k in ("advanced", "lost")]


def _evidence(c: Context, where: dict[str, Any], weakest: str) -> str:
    """The step's weakest evidence and its share of the base."""
    row = c.figures.one("conversion_base", **where, slice=f"evidence={weakest}")
    share_ = row["value"] / row["denominator"] if row and row["denominator"] else 0
    label = c.t(f"evidence_{weakest}")
    return f"{label} {percent(share_, c.lang)}" if 0 < share_ < 1 else label


def _account(c: Context, pipeline: Pipeline, steps: list[tuple[Stage, Stage]]) -> Table:
    """The eight classes of every base: they add up to it."""
    rows = []
    shown = _seen_classes(c, pipeline)
    columns = [Column(c.t("step"), "left"), Column(c.t("base"))]
    columns += [Column(c.t(f"class_{k}"), priority=1 + i) for i, k in enumerate(shown)]
    columns.append(Column(c.t("evidence"), "left", priority=20))
    for s, t in steps:
        step = _step(c, pipeline, s, t, scope="company")
        if step is None:
            continue
        where = {"scope": "company", "pipeline": pipeline.key, "stage": s.key, "to_stage": t.key}
        counts = [
            c.figures.value("conversion_base", **where, slice=f"class={k}") or 0 for k in shown
        ]
        cells = [count(n, "plain" if n else "muted") for n in counts]
        evidence = _evidence(c, where, str(step["evidence"]))
        rows.append(
            (name(f"{s.title} → {t.title}"), count(step["n"]), *cells, name(evidence, "muted"))
        )
    return Table(c.t("base_account"), tuple(columns), tuple(rows), notes=(c.t("base_note"),))
