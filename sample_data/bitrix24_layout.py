"""The native layouts of Bitrix24: deals and leads as CSV and as the HTML named .xls, telephony.

Keys of a row: the keys of ``DEAL`` and ``LEAD`` (captions), ``products`` (list of ``name, price,
quantity``), ``fields`` (caption -> value of custom fields), ``client`` (caption with its prefix
«Контакт: » / «Компания: » -> value). ``closed``: bool. A ``datetime`` is written with seconds, a
``date`` without a time, a float with two digits, a bool as да / нет.
Keys of a call: ``employee, line, phone, direction, seconds, moment, status, cost,
transcription_cost, vote, crm, description, comment``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import Any
from zlib import crc32

from sample_data.bitrix24_captions import (
    CALL_CAPTIONS,
    CLIENT,
    CURRENT,
    DEAL,
    EMPTY,
    LAST,
    LEAD,
    PRODUCT,
)

__all__ = [
    "CALL_CAPTIONS",
    "CLIENT",
    "bitrix_file_name",
    "bitrix_table",
    "cell_text",
    "write_bitrix_calls",
    "write_bitrix_csv",
    "write_bitrix_html",
]

Row = Mapping[str, Any]


def bitrix_file_name(entity: str, moment: datetime, ext: str = "csv") -> str:
    """``DEAL_20261116_<crc32>_<uniqid>.csv``; entity: DEAL, LEAD, calls_detail, ...

    The last part holds the moment in UTC (a naive ``moment`` is UTC), the date is the moment's own.
    """
    base = f"{entity}_{moment:%Y%m%d}"
    at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    uniqid = f"{int(at.timestamp()):08x}{at.microsecond:05x}"
    return f"{base}_{crc32(base.encode()):08x}_{uniqid}.{ext}"


def write_bitrix_csv(path: Path, deals: Iterable[Row], **options: Any) -> Path:
    """CSV: BOM, every field quoted, a delimiter ``;`` after the last one too, LF.

    Options: those of ``bitrix_table``. No rows leave only the words that the list is empty.
    """
    rows = list(deals)
    if not rows:
        return _save(path, EMPTY[options.get("entity", "deal")])
    table = bitrix_table(rows, **options)
    lines = ("".join('"' + c.replace('"', '""') + '";' for c in line) for line in table)
    return _save(path, "\n".join(lines) + "\n")


def write_bitrix_html(path: Path, deals: Iterable[Row], **options: Any) -> Path:
    """The "Excel" export: an HTML table without <html>, its comments not escaped, on one line.

    Options: those of ``bitrix_table``.
    """
    rows = list(deals)
    if not rows:
        return _save(path, EMPTY[options.get("entity", "deal")])
    header, *body = bitrix_table(rows, **options)
    raw = [caption == "Комментарий" for caption in header]
    lines = (
        "<tr>" + "".join(
            f"<td>{c if r else escape(c)}</td>" for c, r in zip(line, raw, strict=True)
        ) + "</tr>"
        for line in body
    )  # fmt: skip
    heads = "".join(f"<th>{escape(c)}</th>" for c in header)
    return _save(
        path,
        '<meta http-equiv="Content-type" content="text/html;charset=UTF-8" />\n'
        f'<table border="1"><thead><tr>{heads}</tr></thead><tbody>'
        f"{''.join(lines)}</tbody>\n\t\t</table>",
    )


def bitrix_table(
    rows: Sequence[Row],
    *,
    entity: str = "deal",
    columns: str | Sequence[str] = "all",
    products: bool = False,
    previous: bool = True,
    custom: Sequence[str] = (),
    client: Sequence[str] = (),
    captions: Mapping[str, str] | None = None,
) -> list[list[str]]:
    """Header and rows as texts.

    entity: deal or lead. columns: "all", "current" (the untouched grid, ``ID`` last) or keys in
    the grid's order. products: one line per product row, its sum in «Сумма», the deal's own sum
    lost. previous: the build has «Предыдущая стадия». custom, client: captions of custom fields and
    of the client block. captions: key -> caption of another build or portal.
    """
    known = dict(DEAL if entity == "deal" else LEAD)
    if columns == "all":
        keys = [k for k in known if products or k not in PRODUCT]
        keys = [k for k in keys if previous or k != "previous_stage"]
        tail = ["last_activity"] if entity == "lead" else list(LAST)
    else:
        keys = list(CURRENT[entity] if columns == "current" else columns)
        keys += list(PRODUCT) if products else []
        tail = [] if "id" in keys else ["id"]
    names = known | LAST | dict(captions or {})
    header = [names[k] for k in keys] + list(custom) + [names[k] for k in tail] + list(client)
    table = [header]
    for row in rows:
        for line in _product_lines(row) if products else [row]:
            own, others = line.get("fields") or {}, line.get("client") or {}
            cells = [line.get(k) for k in keys] + [own.get(c) for c in custom]
            cells += [line.get(k) for k in tail] + [others.get(c) for c in client]
            table.append([cell_text(c) for c in cells])
    return table


def _product_lines(row: Row) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for product in row.get("products") or ():
        total = round(product["price"] * product["quantity"], 2)
        lines.append(
            dict(row)
            | {
                "product": product["name"],
                "price": _trim(product["price"]),
                "quantity": _trim(product["quantity"]),
                "amount": _trim(total),
            }
        )
    return lines or [dict(row)]


def _trim(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


_CALL_STYLE = ".number0 {mso-number-format:0;} .number2 {mso-number-format:Fixed;}"


def write_bitrix_calls(
    path: Path, calls: Iterable[Row], *, captions: Sequence[str] = CALL_CAPTIONS
) -> Path:
    """Telephony detail: <td> heads inside <thead>, cells padded with line breaks and tabs."""
    heads = "\n".join(f"\t\t\t<td>{c}</td>" for c in captions)
    out = [
        '\n<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">\n'
        f"<style>\n{_CALL_STYLE}\n</style>\n</head>\n<body>\n"
        f'<table border="1">\n\t<thead>\n\t\t<tr>\n{heads}\n\t\t</tr>\n\t</thead>\n\t<tbody>\n'
    ]
    for number, call in enumerate(calls):
        if number and number % 100 == 0:
            out.append("\n\n")  # the exporter works in batches of 100 rows
        cells = "".join(f"\t\t\t<td>\n\t\t\t\t{c}\n\t\t\t</td>\n" for c in _call_cells(call))
        out.append(f"\t\t<tr>\n{cells}\t\t</tr>\n")
    out.append("\t</tbody>\n</table>\n</body>\n</html>\n")
    return _save(path, "".join(out))


def _call_cells(call: Row) -> list[str]:
    name = call.get("employee")
    person = (
        '<span class="tel-stat-user-img user-avatar"><i></i></span>'
        f'<span class="tel-stat-user-name">{escape(name)}</span>'
        if name
        else "&mdash;"
    )
    minutes, seconds = divmod(int(call.get("seconds") or 0), 60)
    parts = [f"{minutes} мин"] * bool(minutes) + [f"{seconds} сек"] * bool(seconds)
    rest = (
        call.get("moment"), call.get("status", "Успешный звонок"), call.get("cost", "-"),
        call.get("transcription_cost", "-"), call.get("vote", "-"), call.get("crm", "-"),
        call.get("description"), call.get("comment"),
    )  # fmt: skip
    cells = (call.get("line", "Офисная АТС"), call.get("phone"), call.get("direction", "исходящий"))
    texts = [escape(cell_text(c)) for c in cells] + [", ".join(parts)]
    return [person, *texts, *(escape(cell_text(c)) for c in rest)]


def cell_text(value: Any) -> str:
    """A value as the portal writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _save(path: Path, text: str) -> Path:
    path.write_bytes("\ufeff".encode() + text.encode("utf-8"))
    return path
