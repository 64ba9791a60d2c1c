from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkpi.readers import csv as reader
from funnelkpi.readers.csv_layout import pick_encoding, read_layout
from funnelkpi.readers.csv_tolerant import read_tolerant
from funnelkpi.readers.open import open_file
from funnelkpi.readers.sniff import sniff

AMO = (
    'ID,"Название сделки","Бюджет ",Ответственный,Примечание\n'
    '102,"Сделка #102",350000,"Иван Тестов","строка 1\nстрока ""2"""\n'
    '101,\'+7 тест,,"Иван Тестов",\n'
)


def test_amocrm_layout(write, read_all):
    read = read_all(write("amo.csv", AMO))
    assert read.source.header == ("ID", "Название сделки", "Бюджет", "Ответственный", "Примечание")
    assert (read.source.header_row, read.source.delimiter, read.source.encoding) == (
        1,
        ",",
        "utf-8",
    )
    assert read.cells == [
        ["102", "Сделка #102", "350000", "Иван Тестов", 'строка 1\nстрока "2"'],
        ["101", "'+7 тест", None, "Иван Тестов", None],
    ]
    assert read.numbers == [2, 3]
    assert read.source.sample == tuple(tuple(row) for row in read.cells)
    assert read.codes == {}


def test_bitrix_layout_has_one_more_empty_column(write, read_all):
    data = codecs.BOM_UTF8 + '"ID";"Стадия";\n"7";"Cчёт";\n"6";"a\\b ""в""";\n'.encode()
    read = read_all(write("DEAL_20260226_00000000_69a0000000000.csv", data))
    assert read.source.header == ("ID", "Стадия")
    assert read.cells == [["7", "Cчёт"], ["6", 'a\\b "в"']]
    assert read.columns.rejected == 0
    assert read.codes == {}


def test_data_rows_alone_end_with_a_delimiter(write, read_all):
    read = read_all(write("a.csv", "ID;Имя\n1;а;\n2;б;\n"))
    assert read.cells == [["1", "а"], ["2", "б"]]
    assert read.codes == {}


def test_columns_in_the_order_asked_for(write):
    (source,) = open_file(write("a.csv", "a,b,c\n1,2,3\n4,5,6\n"), "a.csv")
    table = source.read([2, 0]).table
    assert table.column_names == ["_row", "2", "0"]
    assert table.to_pydict() == {"_row": [2, 3], "2": ["3", "6"], "0": ["1", "4"]}
    assert source.read([]).rows == 2


def test_repeated_captions_keep_their_positions(write, read_all):
    read = read_all(write("a.csv", "Тип,Тип,ID\nа,б,1\n"))
    assert read.source.header == ("Тип", "Тип", "ID")
    assert read.cells == [["а", "б", "1"]]


def test_blank_lines_are_counted_but_are_no_rows(write, read_all):
    # 1 header, 2 data, 3 blank, 4 only delimiters, 5 data, 6 blank.
    read = read_all(write("a.csv", "ID,Имя,Этап\n1,а,x\n\n,,\n2,б,y\n\n"))
    assert read.numbers == [2, 5]
    assert read.columns.rows == 2


def test_row_empty_in_the_columns_asked_for_is_still_a_row(write):
    (source,) = open_file(write("a.csv", "ID,Имя,Этап\n1,а,x\n,,y\n,,\n4,г,z\n"), "a.csv")
    columns = source.read([0, 1])
    assert columns.table["_row"].to_pylist() == [2, 3, 5]


def test_title_and_totals(write, read_all):
    # Rows 1 and 3 are a title and blank, 4 the header, 5-6 data, 7 blank, 8 the totals.
    data = "Отчёт за ноябрь;;\n;;\n;;\nID;Название;Сумма\n1;а;10\n2;Итого;20\n;;\n;Итого:;30\n"
    read = read_all(write("a.csv", data))
    assert read.source.header_row == 4
    assert read.numbers == [5, 6]
    assert read.columns.rows == 2
    assert read.codes["title_rows"].rows == (1,)
    assert read.codes["totals_row"].rows == (8,)
    assert read.source.sample == (("1", "а", "10"), ("2", "Итого", "20"))


def test_multi_line_cell_is_one_row(write, read_all):
    read = read_all(write("a.csv", 'ID,Текст\n1,"а\n\nб"\n2,в\n'))
    assert read.numbers == [2, 3]


def test_short_rows_are_filled_up_and_long_ones_rejected(write, read_all):
    # Row 3 is short, row 4 has a filled fourth cell, row 5 an empty one.
    read = read_all(write("a.csv", "ID,Имя,Этап\n1,а,x\n2,б\n3,в,y,лишнее\n4,г,z,\n"))
    assert read.cells == [["1", "а", "x"], ["2", "б", None], ["4", "г", "z"]]
    assert read.numbers == [2, 3, 5]
    assert (read.columns.rows, read.columns.rejected) == (4, 1)
    assert read.codes["too_many_cells"].rows == (4,)
    assert read.codes["too_many_cells"].file == "a.csv"
    assert read.codes["too_many_cells"].value == "3,в,y,лишнее"
    assert read.codes["short_rows"].rows == (3,)


def test_quote_left_open_names_its_row(write, refused):
    rows = "".join(f"{i},имя,этап\n" for i in range(2, 50))
    error = refused(write("a.csv", f'ID,Имя,Этап\n1,а,x\n1,б,"открыта\n{rows}'))
    (problem,) = error.problems
    assert problem.key == "errors_readers.open_quote"
    assert problem.params["row"] == 3
    assert problem.params["lines"] == 49
    assert problem.file == "a.csv"


def test_quote_closed_by_another_row_does_not_swallow_it_silently(write, read_all):
    # The quote of row 3 is closed by the opening quote of the next line: both make one wrong row.
    data = 'ID,Имя,Этап\n1,а,x\n2,"б,y\n3,"в",z\n4,г,z\n'
    read = read_all(write("a.csv", data))
    assert [row[0] for row in read.cells] == ["1", "4"]
    assert read.codes["broken_quotes"].rows == (3,)
    assert read.columns.rejected == 1


def test_php_backslash_quote_is_reported_by_row(write, read_all):
    # PHP's fputcsv does not double a quote after a backslash.
    data = 'ID,Имя,Этап\n1,"папка ""C"" ",x\n2,"папка C:\\", и ещё",y\n3,в,z\n'
    read = read_all(write("a.csv", data))
    assert [row[0] for row in read.cells] == ["1", "3"]
    assert read.codes["broken_quotes"].rows == (3,)


@pytest.mark.parametrize("cut", [b"\xd0", b""])
def test_file_cut_off_in_its_last_row(write, read_all, cut):
    read = read_all(write("a.csv", "ID,Имя,Этап\n1,а,x\n2,б,y\n3,вв".encode() + cut))
    assert read.source.encoding == "utf-8"
    assert read.numbers == [2, 3]
    assert read.codes["cut_off"].rows == (4,)
    assert (read.columns.rows, read.columns.rejected) == (3, 1)


def test_half_a_character_in_a_full_last_row(write, read_all):
    read = read_all(write("a.csv", "ID,Имя\n1,Анна\n2,Пётр".encode()[:-1]))
    assert read.cells == [["1", "Анна"]]
    assert read.codes["cut_off"].rows == (3,)


def test_bad_bytes_are_kept_as_replacement_characters(write, read_all):
    data = "ID,Имя,Этап\n1,Анна,x\n2,".encode() + b"\xff\xfe" + "Пётр,y\n3,\ufffd,z\n".encode()
    read = read_all(write("a.csv", data))
    assert [row[1] for row in read.cells] == ["Анна", "\ufffd\ufffdПётр", "\ufffd"]
    assert read.codes["bad_bytes"].rows == (3,)
    assert read.codes["bad_bytes"].count == 1
    assert read.columns.rejected == 0


def test_zero_bytes(write, read_all):
    read = read_all(write("a.csv", b"ID,Name\n1,a\0b\n2,c\n" + b"\0" * 50))
    assert read.cells == [["1", "ab"], ["2", "c"]]
    assert read.codes["nul_bytes"].rows == (2, 4)


def test_ascii_start_and_cp1251_further_on(write, read_all):
    # The sample is ASCII only; the letters begin beyond it.
    rows = "".join(f"{i},name,stage\n" for i in range(40_000))
    data = f"ID,Name,Stage\n{rows}x,Анна,Переговоры\n".encode("cp1251")
    read = read_all(write("a.csv", data))
    assert read.cells[-1] == ["x", "Анна", "Переговоры"]
    assert read.numbers[-1] == 40_002
    assert read.codes == {}


@pytest.mark.parametrize("words", ["Список сделок пуст!", "Список лидов пуст!"])
def test_empty_notice(write, read_all, words):
    read = read_all(write("DEAL.csv", codecs.BOM_UTF8 + words.encode()))
    assert read.source.header == ()
    assert read.source.empty_notice == words
    assert read.columns.rows == 0


def test_header_only(write, read_all):
    read = read_all(write("a.csv", "ID,Имя\n"))
    assert read.source.header == ("ID", "Имя")
    assert read.columns.rows == 0
    assert read.columns.table.column_names == ["_row", "0", "1"]


def test_encoding_named_in_the_config(write, refused):
    path = write("a.csv", "ID;Имя\n1;Анна\n".encode("koi8-r"))
    (source,) = open_file(path, "a.csv", encoding="koi8-r")
    assert source.read([1]).table["1"].to_pylist() == ["Анна"]


def test_cell_longer_than_a_block(write, read_all):
    long = "я" * 1_500_000
    read = read_all(write("a.csv", f'ID,Имя\n1,"{long}"\n2,б\n'))
    assert read.cells[0][1] == long
    assert read.numbers == [2, 3]


LINE_ENDS = ("\n", "\r\n")
ENCODINGS = ("utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le", "utf-16-be")
CELL = st.one_of(
    st.sampled_from(
        ["", "да", "12.5", "a,b", "x;y", "p|q", "t\tu", '"', '""', "а\nб", "\r\n", " "]
    ),
    st.text(st.sampled_from("абвЯё АbcZ019,;|\t\"'\\\n=+-№"), max_size=12),
)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(2, 6))
    rows = draw(st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=12))
    # The first column keeps rows from being blank or totals, as IDs do.
    return [[str(1000 + i), *row] for i, row in enumerate(rows)]


@settings(max_examples=150, deadline=None)
@given(
    tables(),
    st.sampled_from(",;\t|"),
    st.sampled_from(ENCODINGS),
    st.sampled_from(LINE_ENDS),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.booleans(),
)
def test_whatever_is_written_reads_back(rows, delimiter, encoding, end, quoting, last_end):
    width = len(rows[0]) if rows else 3
    header = ["ID", *(f"Столбец {i}" for i in range(1, width))]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([header, *rows])
    text = out.getvalue() if last_end else out.getvalue().removesuffix(end)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(text.encode(encoding))
        sniffed = sniff(path, "a.csv")
        layout = read_layout(path, "a.csv", sniffed, pick_encoding(sniffed, "a.csv", None))
        assert not isinstance(layout, str)
        assert layout.header == tuple(header)
        assert layout.delimiter == delimiter
        positions = list(range(width))
        slow = read_tolerant(layout, positions)
        both = reader.read_csv(layout, positions)
        if rows:
            fast = reader._read_fast(layout, positions, width)
            assert fast is not None
            assert fast.table.equals(slow.table)
            assert (fast.rows, fast.rejected) == (len(rows), 0)
    assert both.table.equals(slow.table)
    assert (slow.rows, slow.rejected, slow.findings) == (len(rows), 0, ())
    expected = [[cell or None for cell in row] for row in rows]
    found = [[row[str(p)] for p in positions] for row in slow.table.to_pylist()]
    assert found == expected
    assert slow.table["_row"].to_pylist() == list(range(2, 2 + len(rows)))
    assert slow.table.schema.field("0").type == pa.string()


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from('1аб,;"\n\\ '), max_size=80))
def test_no_text_is_dropped_or_crashes(body):
    """Whatever stands below the header: rows read + rejected, or one error that names a row."""
    from funnelkpi.errors import InputError

    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text("ID,Имя,Этап\n" + body, encoding="utf-8")
        try:
            (source,) = open_file(path, "a.csv")
            columns = source.read([0, 1, 2])
        except InputError as error:
            keys = [problem.key for problem in error.problems]
            columns = None
    if columns is None:
        assert keys == ["errors_readers.open_quote"]
        return
    assert columns.rows == columns.table.num_rows + columns.rejected
    told = sum(
        f.count
        for f in columns.findings
        if f.code.split(".")[1] in {"too_many_cells", "broken_quotes", "cut_off"}
    )
    assert told == columns.rejected


def test_two_php_quotes_do_not_hide_each_other(write, read_all):
    # Both texts end in \" : quotes are even in number, rows 2 and 3 would become one that fits.
    data = 'ID,Имя,Этап\n1,x,"а\\""\n2,y,"б\\""\n3,"в",z\n4,"C:\\",z\n'
    read = read_all(write("a.csv", data))
    assert read.codes["broken_quotes"].rows[0] == 2
    assert [row[0] for row in read.cells][-1] == "4"
