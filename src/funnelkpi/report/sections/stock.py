"""Stock: deals in each stage now, count and sum."""

from __future__ import annotations

from funnelkpi.report.cells import count, money, name
from funnelkpi.report.context import Context
from funnelkpi.report.document import Column, Line, Section, Table


def build(c: Context) -> Section:
    """Per pipeline: a row per stage with the company's count and sum, and a column per manager."""
    blocks: list[Table | Line] = []
    if c.figures.one("deals_in_stage", verdict="not_evaluated") is not None:
        return Section(
            "stock", c.t("section_stock"), (Line(c.t("needs_history_for_as_of"), "muted"),)
        )
    for pipeline in c.pipelines:
        where = {"scope": "company", "pipeline": pipeline.key}
        counts = {r["stage"]: r["value"] for r in c.figures.all("deals_in_stage", **where)}
        if not counts:
            continue
        most = max([*counts.values(), 1])
        columns = [Column(c.t("stage"), "left"), Column(c.t("deals"))]
        columns += [Column(c.t("sum"), priority=1 + i) for i, _ in enumerate(c.currencies)]
        columns += [Column(m.name, priority=10 + i) for i, m in enumerate(c.managers)]
        rows = []
        for stage in pipeline.stages:
            if stage.key not in counts:
                continue
            here = {**where, "stage": stage.key}
            n = counts[stage.key]
            sums = [c.figures.value("amount_in_stage", **here, currency=x) for x in c.currencies]
            own = [
                c.figures.value(
                    "deals_in_stage",
                    scope="manager",
                    manager=m.name,
                    pipeline=pipeline.key,
                    stage=stage.key,
                )
                for m in c.managers
            ]
            rows.append(
                (
                    name(stage.title),
                    count(n, bar=n / most),
                    *(money(v or 0.0, x) for v, x in zip(sums, c.currencies, strict=True)),
                    *(count(v or 0) for v in own),
                )
            )
        blocks.append(Table(pipeline.title or None, tuple(columns), tuple(rows)))
    return Section("stock", c.t("section_stock"), tuple(blocks))
