"""The calls behind a figure of calls, below its deals (``funnelkpi deals``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funnelkpi.locale.catalogue import Lang, has, text
from funnelkpi.report.cells import name
from funnelkpi.report.data import plain_rows
from funnelkpi.report.document import Cell, Column, Table
from funnelkpi.report.mask import masked_title

if TYPE_CHECKING:
    import pandas as pd


def call_frame(calls: pd.DataFrame, *, mask: bool) -> pd.DataFrame:
    """The calls as JSON has them; masked, without the client's number and voice."""
    out = calls.rename(columns={"_file": "file", "_row": "row"})
    for column in ("phone", "recording"):
        out[column] = out[column].astype("object")
        if mask:
            out[column] = masked_title(out[column])
    for column in ("manager", "direction", "outcome", "deal_id", "class", "file"):
        out[column] = out[column].astype("object").where(out[column].notna(), None)
    return out


def calls_table(calls: pd.DataFrame, lang: Lang) -> Table:
    """The table of ``call_frame``: when, who, which number, how long, which deal, recording."""

    def t(key: str, **params: Any) -> str:
        return text(f"report_calls.{key}", lang, **params)

    columns = (
        Column(t("when"), "left"),
        Column(text("report.manager", lang), "left"),
        Column(t("phone"), "left"),
        Column(t("length"), priority=2),
        Column(text("report.deal", lang), "left", 3),
        Column(text("report.class", lang), "left", 4),
        Column(t("recording"), "left", 5),
        Column(text("report.place_in_file", lang), "left", 6),
    )
    moments = calls["called_at"].tolist()
    rows = tuple(
        (
            Cell(at.to_pydatetime(), "moment"),
            name(row["manager"] or text("report.nobody", lang)),
            name(row["phone"]),
            Cell(round((row["talk_seconds"] or 0) / 60, 1), "minutes"),
            name(row["deal_id"]),
            name(class_word(row["class"], lang)),
            _recording(row["recording"], lang),
            name(f"{row['file']}:{row['row']}", "muted"),
        )
        for at, row in zip(moments, plain_rows(calls.drop(columns="called_at")), strict=True)
    )
    notes = (text("report.deals_total", lang, n=len(calls)),)
    return Table(text("metrics_calls.calls", lang), columns, rows, notes=notes, continued=True)


def class_word(klass: str | None, lang: Lang) -> str | None:
    """Why a deal or call counts, in words: a class of a base, a reason of a stalled deal, what became
    of a missed call, what a call belongs to; a loss reason is the CRM's own and stays as it stands."""
    keys = (
        f"report.class_{klass}", f"report.reason_{klass}", f"report_calls.fate_{klass}",
        f"report_calls.match_{klass}",
    )  # fmt: skip
    return next((text(key, lang) for key in keys if klass and has(key)), klass)


def _recording(link: str | None, lang: Lang) -> Cell:
    if not link or not link.startswith(("http://", "https://")):
        return name(link)
    return Cell(text("report_calls.listen", lang), link=link)
