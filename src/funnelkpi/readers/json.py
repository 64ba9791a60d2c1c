"""JSON: pages of the amoCRM and Bitrix24 APIs as a script saved them, and JSON lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from funnelkpi.errors import InputError, Problem
from funnelkpi.model.finding import Finding, Severity
from funnelkpi.readers.csv_layout import SAMPLE_ROWS, pick_encoding
from funnelkpi.readers.json_tables import JsonTable, find_tables
from funnelkpi.readers.rows import Rows
from funnelkpi.readers.sniff import Sniffed
from funnelkpi.readers.source import Columns, Source


def open_json(path: Path, name: str, sniffed: Sniffed, encoding: str | None = None) -> list[Source]:
    """One source per table of the dump (leads, users, pipelines...).

    Columns are the keys of the records in the order first seen. A row's number is the record's,
    counted from 1.

    Raises:
        InputError: invalid JSON (line, column, excerpt), or no list of records in it.
    """
    codec = pick_encoding(sniffed, name, encoding)
    tables, dropped = _load(path, name, codec.name, codec.bom)
    if not tables:
        raise InputError.of("errors_readers.no_json_table", file=name)
    found: list[Source] = []
    for i, table in enumerate(tables):
        title = name if len(tables) == 1 else f"{name} [{table.name}]"
        notes = _not_records(title, dropped) if i == 0 else ()
        found.append(_source(path, title, table, i, (codec.name, codec.bom), notes))
    return found


def _source(
    path: Path,
    title: str,
    table: JsonTable,
    index: int,
    codec: tuple[str, int],
    notes: tuple[Finding, ...],
) -> Source:
    header, kept = tuple(table.header), [table]
    sample = tuple(tuple(table.row(record)) for record in table.records[:SAMPLE_ROWS])

    def read(positions: Sequence[int]) -> Columns:
        # Parsed for the header, read once and let go of; a second read parses the file anew.
        at_hand = kept.pop() if kept else _load(path, title, *codec)[0][index]
        rows = Rows(positions, header, title)
        for number, record in enumerate(at_hand.records, start=1):
            rows.add(number, at_hand.row(record))
        return rows.columns()

    return Source(
        path=path,
        name=title,
        format="json",
        header=header,
        header_row=0,
        sample=sample,
        reader=read,
        encoding=codec[0],
        sheet=table.name,
        empty_notice=None if table.records else "[]",
        findings=notes,
    )


def _not_records(name: str, values: Sequence[str]) -> tuple[Finding, ...]:
    if not values:
        return ()
    return (
        Finding(
            code="findings_readers.json_not_records",
            severity=Severity.WARNING,
            file=name,
            value=values[0][:200],
            count=len(values),
            params={"count": len(values)},
        ),
    )


def _load(path: Path, name: str, encoding: str, bom: int) -> tuple[list[JsonTable], list[str]]:
    data = path.read_bytes()[bom:]
    if encoding != "utf-8":
        data = data.decode(encoding, "replace").encode()
    return find_tables(_parse(data, name))


def _parse(data: bytes, name: str) -> Any:
    import orjson

    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        whole = error
    lines = [line for line in data.splitlines() if line.strip()]
    if len(lines) > 1 and _is_record(lines[0]):
        return _parse_lines(data, name)
    raise _invalid(data, name, whole.lineno, whole.colno, whole.msg) from whole


def _is_record(line: bytes) -> bool:
    import orjson

    try:
        return isinstance(orjson.loads(line), (dict, list))
    except orjson.JSONDecodeError:
        return False


def _parse_lines(data: bytes, name: str) -> list[Any]:
    import orjson

    found: list[Any] = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(orjson.loads(line))
        except orjson.JSONDecodeError as error:
            raise _invalid(data, name, number, error.colno, error.msg) from error
    return found


def _invalid(data: bytes, name: str, line: int, column: int, reason: str) -> InputError:
    """The error with the piece of the line it points into; a minified file is one huge line."""
    text = data.split(b"\n")[line - 1].decode("utf-8", "replace") if data else ""
    start = max(0, column - 41)
    return InputError(
        Problem(
            key="errors_readers.invalid_json",
            params={"line": line, "column": column, "reason": reason},
            file=name,
            line=line,
            column=column - start,
            excerpt=text[start : start + 80].rstrip("\r\n"),
        )
    )
