"""What ``funnelkpi archive add | list | verify`` show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from funnelkpi.archive.read import Listing
from funnelkpi.archive.snapshot import Snapshot
from funnelkpi.archive.verify import Verified
from funnelkpi.locale.catalogue import Lang, text
from funnelkpi.model.finding import Finding
from funnelkpi.past.keep import Addition
from funnelkpi.report.cells import count, name
from funnelkpi.report.data import finding_rows
from funnelkpi.report.document import Cell, Column, Line, Report, Section, Table
from funnelkpi.report.sections.quality import lines_of

SCHEMA = "funnelkpi.archive/1"


def build_additions(
    folder: Path, additions: Sequence[Addition], findings: Sequence[Finding], lang: Lang
) -> Report:
    """What was added."""
    say = _texts(lang)
    columns = (
        Column(say("file"), "left"),
        Column(say("kind"), "left", 2),
        Column(say("moment"), "left", 1),
        Column(say("rows"), priority=3),
        Column(say("result"), "left"),
    )
    rows = tuple(
        (
            name(a.file),
            name(_kind(a.kind, a.crm, lang), "muted"),
            _moment(a.moment),
            count(a.rows),
            name(say(f"status_{a.status}"), "warn" if a.status == "no_moment" else "plain"),
        )
        for a in additions
    )
    rejected = tuple(
        Line(say("rejected", file=a.file, n=a.rejected), "warn") for a in additions if a.rejected
    )
    blocks: tuple[Table | Line, ...] = (
        Table(None, columns, rows),
        *rejected,
        *lines_of(findings, lang),
    )
    data = {
        "added": [
            {
                "file": a.file,
                "crm": a.crm,
                "kind": a.kind,
                "status": a.status,
                "moment": _iso(a.moment),
                "rows": a.rows,
                "rejected": a.rejected,
                "path": a.path.relative_to(folder).as_posix() if a.path else None,
            }
            for a in additions
        ],
        "findings": finding_rows(findings, lang),
    }
    return _page(folder, Section("added", say("added"), blocks), data, lang)


def build_listing(folder: Path, listing: Listing, lang: Lang) -> Report:
    """What is kept."""
    say = _texts(lang)
    columns = (
        Column(say("moment"), "left"),
        Column(say("kind"), "left"),
        Column(say("rows")),
        Column(say("size"), priority=1),
        Column(say("file"), "left", 2),
    )
    rows = tuple(_row(s, lang) for s in listing.snapshots)
    size = sum(s.size for s in listing.snapshots)
    last = (
        Line(say("totals", n=len(rows), size=_kilobytes(size)))
        if rows
        else Line(say("empty"), "muted")
    )
    table = (Table(None, columns, rows),) if rows else ()
    blocks = (*table, last, *lines_of(listing.findings, lang))
    data = {
        "exports": [_data(s, folder) for s in listing.snapshots],
        "bytes": size,
        "findings": finding_rows(listing.findings, lang),
    }
    return _page(folder, Section("exports", say("kept_exports"), blocks), data, lang)


def build_verification(folder: Path, verified: Verified, lang: Lang) -> Report:
    """What is still as it was written."""
    say = _texts(lang)
    lines = [Line(say("sound", n=verified.sound), "good" if not verified.damaged else "plain")]
    if not verified.sound and not verified.damaged:
        lines = [Line(say("empty"), "muted")]
    if verified.damaged:
        lines.append(Line(say("broken", n=verified.damaged), "bad"))
    data = {
        "sound": verified.sound,
        "damaged": verified.damaged,
        "findings": finding_rows(verified.findings, lang),
    }
    section = Section("check", say("check"), (*lines, *lines_of(verified.findings, lang)))
    return _page(folder, section, data, lang)


def _row(s: Snapshot, lang: Lang) -> tuple[Cell, ...]:
    say = _texts(lang)
    return (
        _moment(s.moment),
        name(_kind(s.kind, s.crm, lang)),
        count(s.record.rows),
        count(_kilobytes(s.size)),
        name(say("marker") if s.is_marker else s.record.file, "muted" if s.is_marker else "plain"),
    )


def _data(s: Snapshot, folder: Path) -> dict[str, Any]:
    return {
        "moment": _iso(s.moment),
        "crm": s.crm,
        "kind": s.kind,
        "rows": s.record.rows,
        "bytes": s.size,
        "file": s.record.file,
        "path": s.path.relative_to(folder).as_posix(),
        "same_as": s.data.relative_to(folder).as_posix() if s.is_marker else None,
    }


def _page(folder: Path, section: Section, data: dict[str, Any], lang: Lang) -> Report:
    say = _texts(lang)
    return Report(
        title=say("title"),
        head=(Line(say("folder", folder=folder)),),
        verdict=(),
        sections=(section,),
        foot=(),
        lang=lang,
        data={"schema": SCHEMA, "folder": str(folder), **data},
    )


def _texts(lang: Lang) -> Any:
    def say(key: str, /, **params: Any) -> str:
        return text(f"archive.{key}", lang, **params)

    return say


def _kind(kind: str, crm: str, lang: Lang) -> str:
    return f"{text(f'report.kind_{kind}', lang)} · {text(f'report.crm_{crm}', lang)}"


def _moment(moment: Any) -> Cell:
    return Cell(moment, "moment")


def _iso(moment: Any) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%S}"


def _kilobytes(size: int) -> int:
    return -(-size // 1024)
