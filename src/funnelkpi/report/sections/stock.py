"""Stock: deals in each stage now, count and sum."""

from __future__ import annotations

from funnelkpi.model.funnel import Pipeline, Stage
from funnelkpi.report.cells import count, money, name
from funnelkpi.report.context import Context
from funnelkpi.report.document import Column, Line, Section, Table
from funnelkpi.report.texts import needs_text


def build(c: Context) -> Section:
    """Per pipeline: a row per stage with the company's count and sum; then managers by stage."""
    if c.figures.one("deals_in_stage", verdict="not_evaluated") is not None:
        line = Line(needs_text("needs.history_for_as_of", c.lang), "muted")
        return Section("stock", c.t("section_stock"), (line,))
    blocks: list[Table | Line] = []
    for pipeline in c.pipelines:
        where = {"scope": "company", "pipeline": pipeline.key}
        counts = {r["stage"]: r["value"] for r in c.figures.all("deals_in_stage", **where)}
        stages = [s for s in pipeline.stages if s.key in counts]
        if stages:
            if not c.choice.managers:
                blocks.append(_by_stage(c, pipeline, stages, counts))
            blocks.append(_by_manager(c, pipeline, stages))
    return Section("stock", c.t("section_stock"), tuple(blocks))


def _by_stage(
    c: Context, pipeline: Pipeline, stages: list[Stage], counts: dict[str, float]
) -> Table:
    most = max([*counts.values(), 1])
    columns = [Column(c.t("stage"), "left"), Column(c.t("deals"))]
    columns += [Column(c.t("sum"), priority=1 + i) for i, _ in enumerate(c.currencies)]
    rows = []
    for stage in stages:
        here = {"scope": "company", "pipeline": pipeline.key, "stage": stage.key}
        sums = [c.figures.value("amount_in_stage", **here, currency=x) for x in c.currencies]
        n = counts[stage.key]
        cells = [money(v or 0.0, x) for v, x in zip(sums, c.currencies, strict=True)]
        rows.append((name(stage.title), count(n, bar=n / most), *cells))
    return Table(c.pipeline_title(pipeline), tuple(columns), tuple(rows))


def _by_manager(c: Context, pipeline: Pipeline, stages: list[Stage]) -> Table:
    own = {
        (r["manager"], r["stage"]): r["value"]
        for r in c.figures.all("deals_in_stage", scope="manager", pipeline=pipeline.key)
    }
    columns = (Column(c.t("manager"), "left"), *(Column(s.title) for s in stages))
    rows = tuple(
        (name(m.name), *(count(own.get((m.name, s.key)) or 0) for s in stages)) for m in c.managers
    )
    title = c.pipeline_title(pipeline) if c.choice.managers else None
    return Table(title, columns, rows, continued=True)
