"""What ``funnelkpi inspect`` shows: every file, column, stage and manager as recognised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from funnelkpi.adapters.assemble import Assembled
from funnelkpi.adapters.interface import Export
from funnelkpi.locale.catalogue import Lang, text
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.finding import Finding
from funnelkpi.report.cells import count, name
from funnelkpi.report.data import finding_rows, inputs
from funnelkpi.report.document import Cell, Column, Line, Report, Section, Table
from funnelkpi.report.inspected_calls import calls_read, calls_told
from funnelkpi.report.sections.quality import account_table, lines_of

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "funnelkpi.inspection/1"
UNMAPPED_SHOWN = 40


def build_inspection(
    assembled: Assembled | None,
    exports: Sequence[Export],
    accounts: Sequence[FileAccount],
    findings: Sequence[Finding],
    calls: pd.DataFrame | None,
    lang: Lang,
) -> Report:
    """The report of what was recognised and what was not. assembled: None without deals and leads;
    then there are neither stages nor managers to show."""

    def t(key: str, /, **params: Any) -> str:
        return text(f"report.{key}", lang, **params)

    sections = [
        Section("files", t("section_files"), (_files(exports, t), account_table(accounts, t))),
        Section("columns", t("section_columns"), tuple(_columns(exports, t))),
    ]
    if calls is not None:
        sections.append(Section("calls", t("section_calls"), (calls_read(calls, lang),)))
    if assembled is not None:
        sections.append(Section("stages", t("section_stages"), (_stages(assembled, t),)))
        sections.append(Section("people", t("section_managers"), (_people(assembled, t),)))
    sections.append(Section("findings", t("section_findings"), _findings(findings, lang, t)))
    as_of = None if assembled is None else assembled.dataset.as_of
    head = Line(t("inspect_no_deals"), "muted")
    if as_of is not None:
        head = Line(f"{t('moment')}: {as_of:%d.%m.%Y %H:%M}")
    return Report(
        title=t("title_inspection"),
        head=(head,),
        verdict=(),
        sections=tuple(sections),
        foot=(),
        lang=lang,
        data=_data(assembled, exports, accounts, findings, calls, lang),
    )


def _files(exports: Sequence[Export], t: Any) -> Table:
    columns = (
        Column(t("file"), "left"),
        Column(t("kind"), "left"),
        Column(t("layout"), "left", 2),
        Column(t("encoding"), "left", 3),
        Column(t("header_row"), priority=4),
        Column(t("moment"), "left", 1),
    )
    rows = []
    for e in exports:
        s = e.source
        encoding = " ".join(p for p in (s.encoding, repr(s.delimiter) if s.delimiter else "") if p)
        moment = (
            f"{e.moment:%d.%m.%Y %H:%M}" if e.moment else f"{e.day:%d.%m.%Y}" if e.day else None
        )
        rows.append(
            (
                name(s.name),
                name(f"{t('kind_' + e.stated_kind)} · {t('crm_' + e.crm)}"),
                name(e.layout),
                name(encoding or s.format),
                count(s.header_row),
                name(moment),
            )
        )
    return Table(None, columns, tuple(rows))


def _columns(exports: Sequence[Export], t: Any) -> list[Table | Line]:
    blocks: list[Table | Line] = []
    for e in exports:
        rows = tuple(
            (name(column), name(", ".join(f"«{e.source.header[p]}»" for p in positions)))
            for column, positions in sorted(e.mapping.items())
        )
        notes = []
        if e.unmapped:
            more = len(e.unmapped) - UNMAPPED_SHOWN
            shown = ", ".join(e.unmapped[:UNMAPPED_SHOWN]) + (f" … +{more}" if more > 0 else "")
            notes.append(t("not_mapped", columns=shown))
        columns = (Column(t("column"), "left"), Column(t("caption"), "left"))
        blocks.append(Table(e.source.name, columns, rows, notes=tuple(notes)))
    return blocks


def _stages(assembled: Assembled, t: Any) -> Table:
    data = assembled.dataset
    counts = data.deals["stage"].value_counts()
    rows: list[tuple[Cell, ...]] = []
    for pipeline in data.funnel.pipelines:
        for stage in pipeline.stages:
            rows.append(
                (
                    name(pipeline.title or pipeline.key),
                    name(stage.title),
                    name(stage.key, "muted"),
                    name(t(f"kind_of_{stage.kind.value}")),
                    count(int(counts.get(stage.id, 0))),
                )
            )
    columns = (
        Column(t("pipeline"), "left", 1),
        Column(t("stage"), "left"),
        Column("key", "left", 2),
        Column(t("stage_kind"), "left"),
        Column(t("deals")),
    )
    return Table(None, columns, tuple(rows))


def _people(assembled: Assembled, t: Any) -> Table:
    data = assembled.dataset
    counts = data.deals["manager"].value_counts()
    rows = tuple(
        (
            name(m.name),
            name(m.department),
            count(int(counts.get(m.name, 0))),
            name(t("listed" if m.listed else "not_listed"), "plain" if m.listed else "muted"),
        )
        for m in data.roster.managers
    )
    columns = (
        Column(t("manager"), "left"),
        Column(t("department"), "left", 1),
        Column(t("deals")),
        Column(t("listed"), "left", 2),
    )
    return Table(None, columns, rows)


def _findings(findings: Sequence[Finding], lang: Lang, t: Any) -> tuple[Line, ...]:
    return tuple(lines_of(findings, lang)) or (Line(t("no_findings"), "good"),)


def _data(
    assembled: Assembled | None,
    exports: Sequence[Export],
    accounts: Sequence[FileAccount],
    findings: Sequence[Finding],
    calls: pd.DataFrame | None,
    lang: Lang,
) -> dict[str, Any]:
    data = None if assembled is None else assembled.dataset
    return {
        "schema": SCHEMA,
        "as_of": f"{data.as_of:%Y-%m-%dT%H:%M:%S}" if data else None,
        "inputs": inputs(accounts),
        "files": [
            {
                "file": e.source.name,
                "crm": e.crm,
                "kind": e.stated_kind,
                "layout": e.layout,
                "format": e.source.format,
                "encoding": e.source.encoding,
                "delimiter": e.source.delimiter,
                "sheet": e.source.sheet,
                "header_row": e.source.header_row,
                "moment": f"{e.moment:%Y-%m-%dT%H:%M:%S}" if e.moment else None,
                "day": e.day.isoformat() if e.day else None,
                "columns": {
                    k: [e.source.header[p] for p in v] for k, v in sorted(e.mapping.items())
                },
                "unmapped": list(e.unmapped),
            }
            for e in exports
        ],
        "pipelines": [
            {
                "key": p.key,
                "title": p.title,
                "confirmed": p.confirmed,
                "stages": [
                    {"key": s.key, "title": s.title, "kind": s.kind.value} for s in p.stages
                ],
            }
            for p in (data.funnel.pipelines if data else ())
        ],
        "managers": [
            {"name": m.name, "department": m.department, "role": m.role, "listed": m.listed}
            for m in (data.roster.managers if data else ())
        ],
        "calls_read": None if calls is None else calls_told(calls),
        "findings": finding_rows(findings, lang),
    }
