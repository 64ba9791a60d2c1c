"""The two native layouts of an amoCRM / Kommo deals export: CSV and XLSX.

Keys of a row: ``id, title, budget, owner, created, creator, edited, editor, closed, tags, notes,
stage, loss_reason, pipeline, contact, contact_company, contact_owner, company, next_task``, the
phones and e-mails of ``PHONES`` and ``EMAILS``, the marks of ``TRACKING``, ``contact_fields`` and
``fields`` (caption -> value of custom fields of the contact and of the deal). ``tags``: list or
text; ``notes``: up to five texts. ``closed``: None for an open deal.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from sample_data.amocrm_captions import (
    CSV_CAPTIONS,
    CSV_KEYS,
    EMAILS,
    NOTES,
    OPEN,
    PHONES,
    TRACKING,
    XLSX_CAPTIONS,
    XLSX_CONTACT,
    XLSX_KEYS,
)

Row = Mapping[str, Any]


def amocrm_file_name(day: date, ext: str = "csv", brand: str = "amocrm") -> str:
    """Name of a deals export of that day; brand: amocrm or kommo."""
    return f"{brand}_export_leads_{day:%Y-%m-%d}.{ext}"


def write_amocrm_csv(
    path: Path,
    deals: Iterable[Row],
    *,
    lang: str = "ru",
    sign: str = "",
    contact_fields: Sequence[str] = ("Должность", "Город", "utm_source"),
    fields: Sequence[str] = (),
    tracking: bool = True,
) -> Path:
    """The CSV layout: no BOM, comma, LF, quotes by PHP's fputcsv, every row of full width.

    sign: currency sign inside the budget's caption; none leaves the caption's trailing space.
    contact_fields stand before ``fields`` and ``TRACKING``; equal captions are written twice.
    """
    captions = CSV_CAPTIONS[lang].split("|")
    captions[2] += sign
    header = [*captions, *contact_fields, *fields, *(TRACKING if tracking else ())]
    lines = [header]
    for deal in deals:
        flat = _flat(deal, lang, seconds=True)
        own, others = deal.get("fields") or {}, deal.get("contact_fields") or {}
        row = [flat.get(k) for k in CSV_KEYS]
        row += [others.get(c) for c in contact_fields] + [own.get(c) for c in fields]
        row += [deal.get(c) for c in TRACKING] if tracking else []
        lines.append([_text(value) for value in row])
    data = "".join(",".join(map(_fputcsv, line)) + "\n" for line in lines)
    path.write_bytes(data.encode("utf-8"))
    return path


def write_amocrm_xlsx(
    path: Path,
    deals: Iterable[Row],
    *,
    lang: str = "ru",
    contact_fields: Sequence[str] = ("Должность",),
    fields: Sequence[str] = (),
    tracking: bool = True,
    spout_created: str | None = None,
    compress: bool = False,
) -> Path:
    """The XLSX layout: inline strings, no <dimension>, ragged rows, notes in the last columns.

    spout_created: the moment with offset that the writer used until May 2026 left in
    ``docProps/core.xml``; None is the newer writer, which leaves no docProps at all. Stored without
    compression by default, so that the bytes do not depend on the zlib of the machine.
    """
    suffix, block = XLSX_CONTACT[lang]
    header: list[Any] = [*XLSX_CAPTIONS[lang].split("|"), *fields]
    header += TRACKING if tracking else []
    own_first, rest = list(contact_fields[:1]), list(contact_fields[1:])
    header += [c + suffix for c in (*own_first, *block.split("|"), *rest)]
    header += [f"{NOTES[lang]} {n}" for n in range(1, 6)]
    rows = [header]
    for deal in deals:
        flat = _flat(deal, lang, seconds=False)
        own, others = deal.get("fields") or {}, deal.get("contact_fields") or {}
        row = [flat.get(k) for k in XLSX_KEYS] + [own.get(c) for c in fields]
        row += [deal.get(c) for c in TRACKING] if tracking else []
        row += [others.get(c) for c in own_first]
        row += [flat.get(k) for k in (*EMAILS, *PHONES)] + [others.get(c) for c in rest]
        row += [flat.get(f"note{n}") for n in range(1, 6)]
        numbers = {0, XLSX_KEYS.index("budget")}
        rows.append([
            v if i in numbers and isinstance(v, (int, float)) and v else _text(v)
            for i, v in enumerate(row)
        ])  # fmt: skip
    _write_zip(path, _workbook_parts(rows, spout_created), compress)
    return path


def _flat(deal: Row, lang: str, *, seconds: bool) -> dict[str, Any]:
    flat = dict(deal)
    for n, note in enumerate(deal.get("notes") or (), start=1):
        flat[f"note{n}"] = note
    if not isinstance(deal.get("tags"), str):
        flat["tags"] = ", ".join(deal.get("tags") or ())
    closed = deal.get("closed")
    if isinstance(closed, datetime):  # the minute is the finest the CRM keeps of a close
        flat["closed"] = f"{closed:%d.%m.%Y %H:%M:00}" if seconds else f"{closed:%d.%m.%Y %H:%M}"
    elif closed is None:
        flat["closed"] = OPEN[lang]
    if deal.get("loss_reason"):
        flat["stage"] = f"{deal['stage']} ({deal['loss_reason']})"
    return flat


def _text(value: Any) -> str:
    """A cell as the CRM writes it; what a spreadsheet would run as a formula gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d.%m.%Y %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    text = str(value)
    return "'" + text if text[:1] in ("+", "-", "@", "=") else text


def _fputcsv(field: str) -> str:
    """PHP's rule: quotes where there is a space, tab, line break, comma, quote or backslash."""
    if not any(c in ' \t\n\r,"\\' for c in field):
        return field
    out, escaped = [], False
    for char in field:
        if char == "\\":
            escaped = True
        elif char == '"' and not escaped:
            out.append('"')
        else:
            escaped = False
        out.append(char)
    return '"' + "".join(out) + '"'


def _letters(index: int) -> str:
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _sheet(rows: list[list[Any]]) -> str:
    out = []
    for number, row in enumerate(rows, start=1):
        while row and row[-1] == "":
            row.pop()
        cells = []
        for index, value in enumerate(row):
            ref = f"{_letters(index)}{number}"
            if isinstance(value, str) and value:
                text = escape(value)
                cells.append(f'<c r="{ref}" s="1" t="inlineStr"><is><t>{text}</t></is></c>')
            elif value != "":
                cells.append(f'<c r="{ref}" s="1"><v>{value}</v></c>')
        out.append(f'<row r="{number}" spans="1:{len(row)}">{"".join(cells)}</row>')
    return (
        f'<worksheet xmlns="{_MAIN}" xmlns:r="{_DOC}">'
        f"<sheetData>{''.join(out)}</sheetData></worksheet>"
    )


_NS = "http://schemas.openxmlformats.org"
_MAIN = f"{_NS}/spreadsheetml/2006/main"
_DOC = f"{_NS}/officeDocument/2006/relationships"
_PACKAGE = f"{_NS}/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="12"/><name val="Calibri"/>'
    '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
    '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/>'
    '<top/><bottom/></border></borders><cellStyleXfs count="1"><xf borderId="0" fillId="0" '
    'fontId="0" numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" '
    'fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="0" fillId="0" borderId="0" '
    'xfId="0" applyAlignment="1"><alignment wrapText="1"/></xf></cellXfs><cellStyles count="1">'
    '<cellStyle builtinId="0" name="Normal" xfId="0"/></cellStyles></styleSheet>'
)


def _workbook_parts(rows: list[list[Any]], spout_created: str | None) -> dict[str, str]:
    kinds = {
        "/xl/workbook.xml": f"{_SHEET_TYPE}.sheet.main+xml",
        "/xl/styles.xml": f"{_SHEET_TYPE}.styles+xml",
        "/xl/worksheets/sheet1.xml": f"{_SHEET_TYPE}.worksheet+xml",
        "/xl/sharedStrings.xml": f"{_SHEET_TYPE}.sharedStrings+xml",
    }
    top = {"rId1": (f"{_DOC}/officeDocument", "xl/workbook.xml")}
    parts = {
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>'
            '<sheet name="Sheet1" sheetId="1" r:id="rIdSheet1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations({
            "rIdStyles": (f"{_DOC}/styles", "styles.xml"),
            "rIdSharedStrings": (f"{_DOC}/sharedStrings", "sharedStrings.xml"),
            "rIdSheet1": (f"{_DOC}/worksheet", "worksheets/sheet1.xml"),
        }),
        "xl/styles.xml": _STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"></sst>',
        "xl/worksheets/sheet1.xml": _sheet(rows),
    }  # fmt: skip
    if spout_created:
        parts["docProps/app.xml"] = (
            f'<Properties xmlns="{_NS}/officeDocument/2006/extended-properties">'
            "<Application>Spout</Application><TotalTime>0</TotalTime></Properties>"
        )
        parts["docProps/core.xml"] = (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{spout_created}</dcterms:created>'
            f'<dcterms:modified xsi:type="dcterms:W3CDTF">{spout_created}</dcterms:modified>'
            "<cp:revision>0</cp:revision></cp:coreProperties>"
        )
        kinds["/docProps/app.xml"] = (
            "application/vnd.openxmlformats-officedocument.extended-properties+xml"
        )
        kinds["/docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
        core = f"{_PACKAGE}/relationships/metadata/core-properties"
        top["rId2"] = (core, "docProps/core.xml")
        top["rId3"] = (f"{_DOC}/extended-properties", "docProps/app.xml")
    types = "".join(
        f'<Override ContentType="{kind}" PartName="{name}"/>' for name, kind in kinds.items()
    )
    first = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default ContentType="application/xml" '
            'Extension="xml"/><Default ContentType="application/vnd.openxmlformats-package.'
            f'relationships+xml" Extension="rels"/>{types}</Types>'
        ),
        "_rels/.rels": _relations(top),
    }
    return {name: _HEAD + xml for name, xml in (first | parts).items()}


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _write_zip(path: Path, parts: Mapping[str, str], compress: bool) -> None:
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w") as archive:
        for name, xml in parts.items():
            info = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            info.compress_type = method
            info.create_system = 3  # the same bytes on every system
            archive.writestr(info, xml.encode("utf-8"))
