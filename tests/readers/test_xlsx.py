from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from funnelkpi.readers.open import open_file, open_sources
from funnelkpi.readers.xlsx import cell_text, stated_moment

_KINDS = "application/vnd.openxmlformats-"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Default Extension="rels" ContentType="{_KINDS}package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    f'ContentType="{_KINDS}officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'


def amo_xlsx(created: str | None = None) -> bytes:
    """As amoCRM's writer does: inline strings, ragged rows, no <dimension>, dates as text."""

    def text(value: str) -> str:
        return f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'

    rows = [
        [text(c) for c in ("ID", "Название сделки", "Этап сделки", "Бюджет", "Примечание 1")],
        ["<c><v>32456789</v></c>", text("A &amp; B"), text("Переговоры"), "<c><v>350000</v></c>"],
        ["<c><v>32456788</v></c>", text("Б"), text("Этап"), text("0"), text("строка 1\nстрока 2")],
    ]
    body = "".join(f'<row r="{i}">{"".join(r)}</row>' for i, r in enumerate(rows, start=1))
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("[Content_Types].xml", _TYPES)
        z.writestr(
            "_rels/.rels",
            f'{_RELS}<Relationship Id="r1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
        )
        z.writestr(
            "xl/workbook.xml",
            f'<workbook {main} xmlns:r="{_REL}"><sheets>'
            '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        z.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{_RELS}<Relationship Id="r1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
        )
        z.writestr(
            "xl/worksheets/sheet1.xml",
            f"<worksheet {main}><sheetData>{body}</sheetData></worksheet>",
        )
        if created:
            z.writestr(
                "docProps/core.xml",
                '<cp:coreProperties xmlns:cp="c" xmlns:dcterms="d" xmlns:xsi="x">'
                f'<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created>'
                "</cp:coreProperties>",
            )
    return out.getvalue()


def workbook(*sheets: tuple[str, list[list[object]]], hidden: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_amocrm_layout(write, read_all):
    read = read_all(write("amo.xlsx", amo_xlsx("2025-12-27T18:47:32+05:00")))
    assert read.source.header[1] == "Название сделки"
    assert read.cells == [
        ["32456789", "A & B", "Переговоры", "350000", None],
        ["32456788", "Б", "Этап", "0", "строка 1\nстрока 2"],
    ]
    assert read.numbers == [2, 3]
    assert read.source.name == "amo.xlsx"
    assert read.source.stated_at == datetime(2025, 12, 27, 18, 47, 32)
    assert read.source.utc_offset == timedelta(hours=5)


@pytest.mark.parametrize(
    ("created", "moment", "offset"),
    [
        ("2026-05-11T10:02:58-03:30", datetime(2026, 5, 11, 10, 2, 58), -timedelta(hours=3.5)),
        ("2026-05-11T10:02:58Z", None, None),
        ("2026-13-45T10:02:58+03:00", None, None),
        (None, None, None),
    ],
)
def test_stated_moment(write, created, moment, offset):
    assert stated_moment(write("a.xlsx", amo_xlsx(created))) == (moment, offset)


def test_resaved_by_excel_with_native_types(write, read_all):
    rows: list[list[object]] = [
        ["Выгрузка", None, None],
        [],
        ["ID", "Создана", "Дата", "Телефон", "Закрыта"],
        [7, datetime(2026, 1, 2, 3, 4, 5), date(2026, 1, 2), 79991234567, True],
        [],
        [8, None, None, 1.5, False],
        ["Итого", None, None, 2],
    ]
    read = read_all(write("a.xlsx", workbook(("Лист1", rows))))
    assert read.source.header_row == 3
    assert read.cells == [
        ["7", "2026-01-02 03:04:05", "2026-01-02", "79991234567", "true"],
        ["8", None, None, "1.5", "false"],
    ]
    assert read.numbers == [4, 6]
    assert read.codes["title_rows"].rows == (1,)
    assert read.codes["totals_row"].rows == (7,)
    assert len(read.source.sample) == 2


def test_table_not_at_the_corner(write, read_all):
    rows: list[list[object]] = [[], [None, None, "ID", "Имя"], [None, None, 1, "а"]]
    read = read_all(write("a.xlsx", workbook(("Лист1", rows))))
    assert read.source.header == ("ID", "Имя")
    assert (read.source.header_row, read.numbers, read.cells) == (2, [3], [["1", "а"]])


def test_several_sheets(write):
    data = workbook(
        ("Сделки", [["ID", "Этап"], [1, "а"]]),
        ("Скрытый", [["ID", "Этап"], [2, "б"]]),
        ("Заметки", [["просто слова"]]),
        ("Пусто", []),
        ("Лиды", [["ID", "Стадия"], [3, "в"], [4, "г"]]),
        hidden="Скрытый",
    )
    path = write("book.xlsx", data)
    opened = open_sources([path]).sources
    assert [s.name for s in opened] == ["book.xlsx [Сделки]", "book.xlsx [Лиды]"]
    assert [s.read([0]).table["0"].to_pylist() for s in opened] == [["1"], ["3", "4"]]
    notes = [(f.code.split(".")[1], f.value) for f in opened[0].findings]
    assert notes == [("hidden_sheet", "Скрытый"), ("no_table_on_sheet", "Заметки")]
    (hidden,) = open_file(path, "book.xlsx", sheet="Скрытый")
    assert (hidden.name, hidden.read([0]).table["0"].to_pylist()) == ("book.xlsx", ["2"])


def test_second_read_gives_the_same(write):
    (source,) = open_file(write("a.xlsx", amo_xlsx()), "a.xlsx")
    assert source.read([0, 3]).table.equals(source.read([0, 3]).table)


def test_sheet_that_does_not_exist(write, refused):
    from funnelkpi.errors import InputError

    path = write("a.xlsx", amo_xlsx())
    with pytest.raises(InputError) as caught:
        open_sources([path], sheets=lambda name: "Лист7")
    (problem,) = caught.value.problems
    assert problem.key == "errors_readers.no_sheet"
    assert problem.params == {"sheet": "Лист7", "sheets": "Sheet1"}


def test_damaged_workbooks(write, refused):
    whole = amo_xlsx()
    for name, data, key in (
        ("a.xlsx", whole[: len(whole) // 2], "truncated_zip"),
        ("b.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "broken_workbook"),
        ("c.xlsx", workbook(("Лист1", [])), "no_table_in_workbook"),
    ):
        (problem,) = refused(write(name, data)).problems
        assert problem.key == f"errors_readers.{key}"


def test_spreadsheet_of_libreoffice(write, read_all):
    office = "urn:oasis:names:tc:opendocument:xmlns:"

    def cell(value: str) -> str:
        return (
            f'<table:table-cell office:value-type="string"><text:p>{value}</text:p>'
            "</table:table-cell>"
        )

    rows = "".join(
        f"<table:table-row>{cell(a)}{cell(b)}</table:table-row>"
        for a, b in (("ID", "Имя"), ("1", "Анна"))
    )
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" '
        f'xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="Лист1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        z.writestr("content.xml", content)
        z.writestr("META-INF/manifest.xml", "<manifest/>")
    read = read_all(write("a.ods", out.getvalue()))
    assert (read.source.format, read.cells, read.numbers) == ("ods", [["1", "Анна"]], [2])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (32456789.0, "32456789"),
        (12345678901234568.0, "12345678901234568"),
        (1e20, "100000000000000000000"),
        (0.0, "0"),
        (-1.25, "-1.25"),
        (True, "true"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 23, 59, 59, 999_600), "2026-01-03 00:00:00"),
        (time(1, 2, 3), "01:02:03"),
        (timedelta(hours=30, seconds=5), "30:00:05"),
        (None, ""),
        (" x ", " x "),
    ],
)
def test_cell_text(value, expected):
    assert cell_text(value) == expected
