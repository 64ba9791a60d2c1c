"""The deals behind a figure as a report of one table (``funnelkpi deals``)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from funnelkpi.locale.catalogue import Lang, text
from funnelkpi.metrics._lag_ways import OUTCOMES
from funnelkpi.metrics.behind import Behind
from funnelkpi.report.cells import days, money, name
from funnelkpi.report.data import plain_rows, plain_values, stage_titles
from funnelkpi.report.deal_calls import call_frame, calls_table, class_word
from funnelkpi.report.document import Cell, Column, Line, Report, Rows, Section, Table, Tone
from funnelkpi.report.mask import masked_title
from funnelkpi.report.texts import figure_name, needs_text, time_text

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "funnelkpi.deals/1"


def build_deal_list(
    found: Behind, lang: Lang, *, mask: bool = False, link: str | None = None
) -> Report:
    """The report of the deals of ``found``, every one of them."""
    table = deal_frame(found, link)
    if mask:
        table["title"] = masked_title(table["title"])
    t = _Texts(lang)
    figure = figure_name(found.figure.metric, found.figure.stage, found.figure.to_stage, lang)
    rows = tuple(_row(row, t) for row in plain_rows(table))
    waits = found.figure.outcome in (None, OUTCOMES[0])
    times: tuple[Column, ...] = (Column(t("in_stage"), priority=6),)
    if "waited" in table:
        caption = text("report_times.waited" if waits else "report_times.took", lang)
        times = (Column(caption), Column(t("limit"), priority=2))
    columns = (
        Column(t("deal"), "left"),
        Column(t("title_column"), "left", 3),
        Column(t("amount"), priority=1),
        Column(t("stage"), "left", 1),
        *times,
        Column(t("created_at"), "left", 4),
        Column(t("closed_at"), "left", 5),
        Column(t("class"), "left", 2),
        Column(t("manager"), "left", 2),
        Column(t("place_in_file"), "left", 7),
    )
    notes = _notes(found, table, t)
    blocks: tuple[Table, ...] = (Table(None, columns, rows, notes=notes),)
    more: dict[str, Any] = {}
    if found.calls is not None:
        calls = call_frame(found.calls, mask=mask)
        blocks = (*(blocks if len(table) else ()), calls_table(calls, lang))
        more["calls"] = Rows({str(c): plain_values(calls[c]) for c in calls.columns})
    section = Section("deals", figure, blocks)
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "as_of": f"{found.as_of:%Y-%m-%dT%H:%M:%S}",
        "metric": found.figure.metric,
        "period": found.period
        and {
            "start": f"{found.period.start:%Y-%m-%dT%H:%M:%S}",
            "end": f"{found.period.end:%Y-%m-%dT%H:%M:%S}",
        },
        "deals": Rows({str(c): plain_values(table[c]) for c in table.columns}),
        **more,
    }
    head: tuple[Line, ...] = (
        Line(t("as_of", moment=f"{found.as_of:%d.%m.%Y %H:%M}", zone=found.time_zone)),
    )
    if found.period is not None:
        first, last = found.period.first_day, found.period.last_day
        head += (Line(t("deals_period", first=f"{first:%d.%m.%Y}", last=f"{last:%d.%m.%Y}")),)
    if found.needs is not None:
        part = text("report_people.absent_part", lang, figures=figure,
                    needs=needs_text(f"needs.{found.needs}", lang))  # fmt: skip
        head += (Line(text("report_people.absent", lang, parts=part), "warn"),)
    return Report(t("title_deals"), head, (), (section,), (), lang, data)


def _notes(found: Behind, table: pd.DataFrame, t: _Texts) -> tuple[str, ...]:
    """How many rows; how many deals, where a deal stands more than once; what has no deal."""
    notes = [t("deals_total", n=len(table))]
    different = table["deal_id"].nunique()
    if different < len(table):
        notes.append(t("deals_different", n=different))
    if found.without_deal and found.calls is None:
        notes.append(t("deals_beside", n=found.without_deal))
    return tuple(notes)


class _Texts:
    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def __call__(self, key: str, /, **params: Any) -> str:
        return text(f"report.{key}", self.lang, **params)


def deal_frame(found: Behind, link: str | None) -> pd.DataFrame:
    """One row per fact: the deal as the CRM names it, and what made it count."""
    import pandas as pd

    deals, funnel, facts = found.deals, found.funnel, found.facts
    pipelines = {p.key: p.title for p in funnel.pipelines}
    ids = deals["deal_id"].astype("object")
    limited = [n for n in ("waited", "limit", "unit", "at_stage", "called", "norm") if n in facts]
    return pd.DataFrame(
        {
            "deal_id": ids,
            "title": deals["title"].astype("object"),
            "link": [link.replace("{id}", i) for i in ids] if link else None,
            "manager": deals["manager"].astype("object"),
            "pipeline": deals["pipeline"].astype("object").map(pipelines),
            "stage": stage_titles(funnel, deals),
            "status": deals["status"].astype("object"),
            "amount": deals["amount"],
            "currency": deals["currency"].astype("object"),
            "created_at": deals["created_at"],
            "closed_at": deals["closed_at"],
            "loss_reason": deals["loss_reason"].astype("object"),
            "class": facts["class"].astype("object"),
            "days": facts["days"],
            **{n: facts[n] for n in limited},
            "file": deals["_file"].astype("object"),
            "row": deals["_row"],
        }
    ).reset_index(drop=True)


def _row(row: dict[str, Any], t: _Texts) -> tuple[Cell, ...]:
    """One deal; why it is here: the class of a base, a reason, else its status."""
    words = [class_word(part, t.lang) or part for part in (row["class"] or "").split(",") if part]
    known = ", ".join(words) or _called(row, t) or t(f"status_{row['status']}")
    return (
        Cell(row["deal_id"], "id", link=row["link"]),
        name(row["title"]),
        money(row["amount"], row["currency"]),
        name(row["stage"]),
        *_times(row, t),
        Cell(_day(row["created_at"]), "day"),
        Cell(_day(row["closed_at"]), "day"),
        name(known),
        name(row["manager"]),
        name(f"{row['file']}:{row['row']}", "muted"),
    )


def _called(row: dict[str, Any], t: _Texts) -> str:
    """«Дожим: дней со звонком 2, норма 3» of a figure of calls at stages."""
    if row.get("called") is None:
        return ""
    stage = "" if row["at_stage"] == row["stage"] else f"{row['at_stage']}: "
    days = text("report_calls.called_days", t.lang, n=round(row["called"]))
    if row["norm"] is None:
        return stage + days
    return stage + text("report_calls.called_norm", t.lang, days=days, norm=f"{row['norm']:g}")


def _times(row: dict[str, Any], t: _Texts) -> tuple[Cell, ...]:
    """Days in the stage; of a time between stages how long it lasts, and its limit."""
    if "waited" not in row:
        return (days(row["days"]),)
    tone: Tone = "bad" if row["waited"] > row["limit"] else "plain"
    waited, limit = (time_text(row[n], row["unit"], t.lang) for n in ("waited", "limit"))
    return name(waited, tone), name(limit)


def _day(moment: str | None) -> date | None:
    return date.fromisoformat(moment[:10]) if moment else None
