"""Bitrix24's ``.xls``: an HTML table, streamed row by row through lxml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from funnelkpi.errors import InputError
from funnelkpi.model.finding import Finding
from funnelkpi.readers.csv import nothing, title_finding
from funnelkpi.readers.csv_layout import SAMPLE_ROWS, empty_notice, pick_encoding, sample_rows
from funnelkpi.readers.header import SEARCHED, captions, count_totals, find_header, is_blank
from funnelkpi.readers.html_rows import is_whole, table_rows
from funnelkpi.readers.rows import Rows, Tally
from funnelkpi.readers.sniff import Sniffed
from funnelkpi.readers.source import Columns, Source

_TAG = re.compile(r"<[^>]*>")
_PASSWORD = re.compile(r"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)
_ROW_MARKUP = re.compile(r"<t[hd]\b", re.IGNORECASE)


def open_html(path: Path, name: str, sniffed: Sniffed, encoding: str | None = None) -> Source:
    """The first table of an HTML file.

    Raises:
        InputError: the file is a login page, or has no table with a header.
    """
    codec = pick_encoding(sniffed, name, encoding)
    text = codec.decode(sniffed.head)
    notice = empty_notice(_TAG.sub("", text)) if sniffed.complete else None
    if notice:
        return Source(
            path=path,
            name=name,
            format="html",
            header=(),
            header_row=0,
            sample=(),
            reader=nothing,
            encoding=codec.name,
            empty_notice=notice,
        )
    if _PASSWORD.search(text) and "<thead" not in text.lower():
        raise InputError.of("errors_readers.login_page", file=name)
    if sniffed.complete and not _ROW_MARKUP.search(text):
        raise InputError.of("errors_readers.no_html_table", file=name)
    top = list(islice(table_rows(path, name, codec.name), SEARCHED + SAMPLE_ROWS))
    headings = [i for i, row in enumerate(top[:SEARCHED]) if row.heading]
    index = headings[0] if headings else find_header([row.cells for row in top])
    if index is None or not captions(top[index].cells):
        raise InputError.of("errors_readers.no_html_table", file=name)
    header, header_row = captions(top[index].cells), top[index].number
    filled = [row.cells for row in top[index + 1 :] if not is_blank(row.cells)]
    if (totals := count_totals(filled, header)) and len(top) < SEARCHED + SAMPLE_ROWS:
        filled = filled[:-totals]

    def read(positions: Sequence[int]) -> Columns:
        rows = Rows(positions, header, name)
        mended, cut = Tally("findings_readers.html_mended"), Tally("findings_readers.cut_off")
        for number, cells, _, fault in table_rows(path, name, codec.name):
            if number <= header_row or not any(cells):
                continue
            if fault == "cut":
                cut.add(number, next(filter(None, cells)))
                continue
            if fault:
                mended.add(number, next(filter(None, cells)))
            rows.add(number, cells)
        found = (*mended.findings(name), *cut.findings(name))
        return rows.columns(rejected=cut.count, findings=found)

    titles = [row.number for row in top[:index] if not is_blank(row.cells)]
    return Source(
        path=path,
        name=name,
        format="html",
        header=header,
        header_row=header_row,
        sample=sample_rows(filled, len(header)),
        reader=read,
        encoding=codec.name,
        findings=(*title_finding(name, titles), *_cut(path, name)),
    )


def _cut(path: Path, name: str) -> tuple[Finding, ...]:
    """A finding when the file does not end with its table: the download broke off."""
    if is_whole(path):
        return ()
    return (Finding(code="findings_readers.html_cut_off", file=name),)
