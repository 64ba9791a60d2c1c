"""Times: how long deals stay in a stage, how long they take between stages, who waits longest."""

from __future__ import annotations

from typing import Any

import numpy as np

from funnelkpi.locale.catalogue import text
from funnelkpi.metrics._lags import Asked, asked
from funnelkpi.model.funnel import Pipeline
from funnelkpi.report.cells import NOTHING, count, days, name, share
from funnelkpi.report.context import Context
from funnelkpi.report.data import plain_rows
from funnelkpi.report.document import Cell, Column, Line, Section, Table
from funnelkpi.report.figures import Row
from funnelkpi.report.mask import masked_title
from funnelkpi.report.money import short_money
from funnelkpi.report.texts import needs_text, time_text

LONGEST = 5
"""Deals of the list of those waiting; the rest is counted."""
_Who = dict[str, Any]


def build(c: Context) -> Section:
    """Time in stage per pipeline, the configured lags, those waiting longest, velocity, moved dates:
    of the company, or of each manager asked for."""
    people: list[tuple[str | None, _Who]] = [
        (m, {"scope": "manager", "manager": m}) for m in c.choice.managers
    ] or [(None, {"scope": "company"})]
    lags = [x for x in asked(c.analysis.data, c.analysis.view) if x.pipeline in c.pipelines]
    blocks: list[Table | Line] = []
    for title, who in people:
        for pipeline in c.pipelines:
            blocks += _stages(c, pipeline, title, who)
    blocks += [Line(_t(c, "note"), "muted")] if blocks else []
    for title, who in people:
        blocks += _lags(c, lags, title, who)
    blocks += _waiting(c, lags)
    for _, who in people:
        blocks += _sentences(c, who)
    blocks += _absent(c, lags)
    return Section("times", c.t("section_times"), tuple(blocks))


def _t(c: Context, key: str, **params: Any) -> str:
    return text(f"report_times.{key}", c.lang, **params)


def _stages(c: Context, pipeline: Pipeline, person: str | None, who: _Who) -> list[Table | Line]:
    """A row per stage whose visits are known."""
    limits = {int(r["stage"]): r["limit"] for r in plain_rows(c.analysis.limits)}
    rows, unknown = [], 0.0
    for stage in pipeline.open_stages:
        where = {**who, "pipeline": pipeline.key, "stage": stage.key}
        median, p80 = (c.figures.one("time_in_stage", **where, statistic=x)
                       for x in ("median", "p80"))  # fmt: skip
        left_out = c.figures.one("time_in_stage", **where, slice="start=unknown")
        unknown += left_out["n"] if left_out else 0
        if median is None or p80 is None:
            continue
        standing = median["denominator"] - median["numerator"]
        limit = limits.get(c.analysis.data.funnel.code[stage.id])
        rows.append(
            (
                name(stage.title), _days(c, median), _days(c, p80), count(median["numerator"]),
                count(standing), days(limit),
            )
        )  # fmt: skip
    if not rows:
        return []
    notes = (_t(c, "start_unknown", n=round(unknown)),) if unknown else ()
    columns = (
        Column(c.t("stage"), "left"),
        Column(_t(c, "median")),
        Column(_t(c, "p80")),
        Column(_t(c, "finished"), priority=2),
        Column(_t(c, "running"), priority=1),
        Column(c.t("limit"), priority=3),
    )
    title = " · ".join(x for x in (person, c.pipeline_title(pipeline)) if x)
    return [Table(title, columns, tuple(rows), notes=notes)]


def _days(c: Context, row: Row) -> Cell:
    if row["value"] is None:
        return name(_t(c, "not_reached"), "muted")
    return days(row["value"])


def _step(lag: Asked) -> str:
    return f"{lag.stage.title} → {lag.to_stage.title}"


def _lags(c: Context, lags: list[Asked], person: str | None, who: _Who) -> list[Table | Line]:
    """A row per time between stages."""
    rows = []
    for lag in lags:
        where = {**who, "pipeline": lag.pipeline.key, "stage": lag.stage.key}
        found = {
            x: c.figures.one("lag", **where, to_stage=lag.to_stage.key, statistic=x)
            for x in ("median", "within_limit", "waiting", "ended")
        }
        median, waits = found["median"], found["waiting"]
        if median is None or waits is None:
            continue
        late = waits["numerator"]
        rows.append(
            (
                name(_step(lag)),
                NOTHING if median["value"] is None
                else name(time_text(median["value"], lag.unit, c.lang)),
                name(time_text(lag.limit, lag.unit, c.lang)),
                _share(found["within_limit"]),
                count(waits["value"]),
                count(late, "bad" if late else "plain"),
                count(found["ended"]["value"] if found["ended"] else None),
            )
        )  # fmt: skip
    if not rows:
        return []
    columns = (
        Column(c.t("step"), "left"),
        Column(_t(c, "median"), priority=1),
        Column(c.t("limit"), priority=2),
        Column(_t(c, "within")),
        Column(_t(c, "waiting")),
        Column(_t(c, "over"), priority=3),
        Column(_t(c, "ended"), priority=4),
    )
    title = " · ".join(x for x in (person, _t(c, "lags")) if x)
    return [Table(title, columns, tuple(rows))]


def _share(row: Row | None) -> Cell:
    """An estimate has no k of n; its bounds where intervals leave it open."""
    if row is None or row["value"] is None:
        return share(row)
    return Cell(row["value"], "share", note=f"n={round(row['n'])}")


def _waiting(c: Context, lags: list[Asked]) -> list[Table | Line]:
    """Whom to call: the deals that have waited longest, measured by their limit."""
    if not lags:
        return []
    data, link = c.analysis.data, c.analysis.settings.report.link
    found = c.analysis.waiting
    keep = np.isin(found["pipeline"], [data.funnel.pipeline_code[p.key] for p in c.pipelines])
    if c.choice.managers:
        keep &= np.isin(found["manager"], [data.roster.code[m] for m in c.choice.managers])
    found = found[keep]
    shown = found.head(LONGEST)
    if not len(shown):
        return []
    deals = data.deals.iloc[shown["deal"].to_numpy()]
    titles = deals["title"].astype("object")
    titles = masked_title(titles) if c.choice.mask else titles
    owners = [m.name for m in data.roster.managers]
    rows = []
    for row, deal, title in zip(plain_rows(shown), deals["deal_id"], titles, strict=True):
        who = owners[row["manager"]] if row["manager"] >= 0 else None
        rows.append(
            (
                Cell(deal, "id", link=link.replace("{id}", deal) if link else None),
                name(title if isinstance(title, str) else None),
                name(data.funnel.stages[row["to_stage"]].title),
                name(
                    time_text(row["waited"], row["unit"], c.lang),
                    "bad" if row["over"] > 0 else "plain",
                ),
                name(time_text(row["limit"], row["unit"], c.lang)),
                name(who),
            )
        )
    columns = (
        Column(c.t("deal"), "left"),
        Column(c.t("title_column"), "left", 3),
        Column(_t(c, "waits_for"), "left", 1),
        Column(_t(c, "waited")),
        Column(c.t("limit"), priority=2),
        Column(c.t("manager"), "left"),
    )
    more = len(found) - len(shown)
    notes = (_t(c, "more_waiting", n=more),) if more else ()
    return [Table(_t(c, "longest"), columns, tuple(rows), notes=notes)]


def _sentences(c: Context, who: _Who) -> list[Line]:
    """Velocity, moved close dates, reopened deals: a line each where they are known."""
    person = f"{who['manager']}: " if "manager" in who else ""
    out = []
    for p in c.pipelines:
        for row in c.figures.all("velocity", **who, pipeline=p.key):
            if row["value"] is not None:
                sum_ = short_money(row["value"], row["currency"], c.lang)
                about = {"pipeline": p.title or "—", "money": sum_, "n": round(row["n"])}
                out.append(Line(person + _t(c, "velocity", **about)))
    where = {**who, "pipeline": c.main_pipeline}
    pushes = c.figures.value("close_date_pushes", **where, statistic="value")
    moved = c.figures.value("close_date_pushes", **where, statistic="deals")
    if pushes:
        out.append(Line(person + _t(c, "pushes", n=round(pushes), deals=round(moved or 0))))
    reopened = c.figures.value("reopened", **where, statistic="value")
    if reopened:
        out.append(Line(person + _t(c, "reopened", n=round(reopened))))
    return out


def _absent(c: Context, lags: list[Asked]) -> list[Line]:
    """What would give the times that are missing."""
    out = []
    missing = {r["pipeline"] for r in c.figures.all("time_in_stage", verdict="not_evaluated")}
    own = [p for p in c.pipelines if p.entity == "deal"]
    without = [p for p in own if p.key in missing]
    if without:
        needs = _t(c, "absent", needs=needs_text("needs.stage_times", c.lang))
        names = ", ".join(c.pipeline_title(p) or "—" for p in without)
        whole = len(without) == len(own)
        out.append(Line(needs if whole else f"{names}. {needs}", "muted"))
    for lag in lags:
        where = {"pipeline": lag.pipeline.key, "stage": lag.stage.key, "to_stage": lag.to_stage.key}
        row = c.figures.one("lag", **where, verdict="not_evaluated")
        if row is not None:
            needs = needs_text(row["definition"], c.lang)
            out.append(Line(_t(c, "lag_absent", step=_step(lag), needs=needs), "muted"))
    return out
