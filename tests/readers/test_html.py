from __future__ import annotations

import resource

import pytest

META = '\ufeff<meta http-equiv="Content-type" content="text/html;charset=UTF-8" />\n'


def bitrix(header: list[str], rows: list[list[str]], end: str = "</tbody>\n\t\t</table>") -> str:
    head = "".join(f"<th>{c}</th>" for c in header)
    body = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows)
    return f'{META}<table border="1"><thead><tr>{head}</tr></thead><tbody>{body}{end}'


def test_list_export(write, read_all):
    data = bitrix(
        ["ID", "Название сделки", "Комментарий", "Сумма"],
        [
            ["7", "A &amp; &quot;Б&quot;", "раз<br>два<br />три", "1 241 000,00 "],
            ["6", "", "строка 1\nстрока 2", "&#8381;"],
        ],
    )
    read = read_all(write("DEAL.xls", data))
    assert (read.source.format, read.source.encoding) == ("html", "utf-8")
    assert read.source.header == ("ID", "Название сделки", "Комментарий", "Сумма")
    assert read.cells == [
        ["7", 'A & "Б"', "раз\nдва\nтри", "1 241 000,00"],
        ["6", None, "строка 1\nстрока 2", "₽"],
    ]
    assert (read.source.header_row, read.numbers) == (1, [2, 3])
    assert read.codes == {}


def test_table_pasted_into_a_comment_adds_no_rows(write, read_all):
    inner = (
        "до <table><thead><tr><th>x</th></tr></thead><tr><td>1</td><td>2</td></tr></table> после"
    )
    data = bitrix(["ID", "Комментарий", "Этап"], [["7", inner, "а"], ["6", "", "б"]])
    read = read_all(write("DEAL.xls", data))
    assert read.numbers == [2, 3]
    assert [row[0] for row in read.cells] == ["7", "6"]
    assert [row[2] for row in read.cells] == ["а", "б"]
    assert read.cells[0][1].split() == ["до", "x", "1", "2", "после"]


def test_telephony(write, read_all):
    employee = (
        '\n\t\t<span class="tel-stat-user-img"><i style="background:url(x.png)"></i></span>'
        '<span class="tel-stat-user-name">Анна Тестова</span>\n\t'
    )
    data = (
        '\ufeff\n<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8">'
        '<style>td {color: red}</style></head><body><table border="1"><thead><tr>'
        "<td>Сотрудник</td><td>Номер телефона</td><td>Время звонка</td></tr></thead><tbody>"
        f"<tr><td>{employee}</td><td>\n\t+7 999 000-00-01\n</td><td>4 мин, 53 сек</td></tr>\n\n"
        "<tr><td>&mdash;</td><td>Номер скрыт</td><td>\n\t</td></tr>\n\n\n"
        "</tbody></table></body></html>"
    )
    read = read_all(write("calls_detail.xls", data))
    assert read.source.header == ("Сотрудник", "Номер телефона", "Время звонка")
    assert read.cells == [
        ["Анна Тестова", "+7 999 000-00-01", "4 мин, 53 сек"],
        ["—", "Номер скрыт", None],
    ]
    assert read.numbers == [2, 3]


def test_only_the_first_table_is_read(write, read_all):
    data = bitrix(["ID", "Имя"], [["1", "а"]]) + "<table><tr><td>9</td><td>я</td></tr></table>"
    assert read_all(write("a.xls", data)).numbers == [2]


def test_resaved_without_heading_markup(write, read_all):
    data = (
        "<html><body><table><tr><td>Отчёт</td></tr><tr><td>ID</td><td>Имя</td><td>Этап</td></tr>"
        "<tr><td>1</td><td>а</td><td>x</td></tr><tr><td></td><td></td><td></td></tr>"
        "<tr><td>2</td><td>б</td></tr><tr><td>Итого</td><td></td><td>2</td></tr>"
        "</table></body></html>"
    )
    read = read_all(write("a.xls", data))
    assert read.source.header_row == 2
    assert read.cells == [["1", "а", "x"], ["2", "б", None]]
    assert read.numbers == [3, 5]
    assert read.codes["totals_row"].rows == (6,)


def test_cp1251_page(write, read_all):
    data = "<html><table><tr><th>ID</th><th>Имя</th></tr><tr><td>1</td><td>Анна</td></tr></table>"
    assert read_all(write("a.xls", data.encode("cp1251"))).cells == [["1", "Анна"]]


def test_header_without_rows(write, read_all):
    read = read_all(write("a.xls", bitrix(["ID", "Имя"], [])))
    assert read.source.header == ("ID", "Имя")
    assert read.columns.rows == 0


def test_download_broken_off(write, read_all):
    read = read_all(
        write("a.xls", bitrix(["ID", "Имя"], [["1", "а"], ["2", "б"]], end="<tr><td>3"))
    )
    assert "html_cut_off" in read.codes


@pytest.mark.parametrize("data", [META + "Список лидов пуст!", "Список лидов пуст!"])
def test_empty_notice(write, read_all, data):
    read = read_all(write("LEAD.xls", data))
    assert (read.source.header, read.source.empty_notice) == ((), "Список лидов пуст!")
    assert read.columns.rows == 0


def test_login_page(write, refused):
    data = (
        "<!DOCTYPE html><html><body><table><tr><td>Логин</td><td>Пароль</td></tr><tr><td>"
        '<form><input name="USER"><input name="P" type="password"></form></td></tr></table></body>'
    )
    assert refused(write("a.xls", data)).problems[0].key == "errors_readers.login_page"


@pytest.mark.parametrize(
    "body", ["<p>Ошибка 502</p>", "<table></table>", "<table><tr></tr></table>"]
)
def test_page_without_a_table(write, refused, body):
    page = f"<html><body>{body}</body></html>"
    assert refused(write("a.xls", page)).problems[0].key == "errors_readers.no_html_table"


def test_large_file_in_bounded_memory(write):
    """50 MB of HTML: only the column asked for is held, not the tree (many times the file)."""
    from funnelkpi.readers.open import open_file

    rows = [[str(i), "x" * 900, f"Этап {i % 5}"] for i in range(50_000)]
    path = write("big.xls", bitrix(["ID", "Текст", "Этап"], rows))
    size = path.stat().st_size
    del rows
    (source,) = open_file(path, "big.xls")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    columns = source.read([0, 2])
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    assert columns.rows == 50_000
    assert columns.table["_row"][-1].as_py() == 50_001
    assert grown < size


@pytest.mark.parametrize("depth", [200, 1500])
def test_nested_comment(write, read_all, depth):
    deep = "<div>" * depth + "дно" + "</div>" * depth
    read = read_all(write("a.xls", bitrix(["ID", "Текст"], [["1", deep], ["2", "б"]])))
    assert read.cells == [["1", "дно"], ["2", "б"]]


def test_markup_too_deep_is_no_silent_end(write, refused):
    deep = "<div>" * 5000
    path = write("a.xls", bitrix(["ID", "Текст"], [["1", "а"], ["2", deep], ["3", "б"]]))
    (problem,) = refused(path).problems
    assert (problem.key, problem.params["row"]) == ("errors_readers.broken_html", 3)


WIDE = ["ID", "a", "b", "c", "d", "Текст", "Этап"]


def wide(number: int, comment: str = "") -> list[str]:
    return [str(number), "a", "b", "c", "d", comment, f"э{number}"]


@pytest.mark.parametrize("count", [2, 5, 3000])
@pytest.mark.parametrize(
    "comment", ["<table><tr><td>x", "x</td></tr></table>y"], ids=["left-open", "stray-end"]
)
def test_broken_table_in_a_comment_takes_no_rows(write, read_all, comment, count):
    rows = [wide(i, comment if i == 2 else "") for i in range(1, count + 1)]
    read = read_all(write("DEAL.xls", bitrix(WIDE, rows)))
    assert [(row[0], row[6]) for row in read.cells] == [
        (str(i), f"э{i}") for i in range(1, count + 1)
    ]
    assert read.numbers == list(range(2, count + 2))
    assert read.cells[1][5] == "x"
    assert read.codes["html_mended"].rows[0] == 3
    assert "html_cut_off" not in read.codes


@pytest.mark.parametrize("last", [3, 5])
def test_table_left_open_in_one_row_and_closed_in_another(write, read_all, last):
    odd = {2: "<table><tr><td>x", last: "y</td></tr></table>z"}
    rows = [wide(i, odd.get(i, "")) for i in range(1, 8)]
    read = read_all(write("DEAL.xls", bitrix(WIDE, rows)))
    assert [(row[0], row[6]) for row in read.cells] == [(str(i), f"э{i}") for i in range(1, 8)]
    assert "html_mended" in read.codes


def test_pasted_table_as_wide_as_the_header_is_text(write, read_all):
    pasted = "<table>" + f"<tr>{'<td>1</td>' * 7}</tr>" * 20 + "</table>"
    read = read_all(write("DEAL.xls", bitrix(WIDE, [wide(1, pasted), wide(2)])))
    assert [row[0] for row in read.cells] == ["1", "2"]
    assert read.codes == {}


def test_cut_off_behind_a_pasted_table(write, read_all):
    pasted = "<table><tr><td>1</td></tr></table>"
    data = bitrix(WIDE, [wide(1, pasted), wide(2, pasted), wide(3)])
    ends = {data.index(pasted) + len(pasted), data.rindex(pasted) + len(pasted), len(data) - 60}
    for end in ends:
        for more in ("</td><td>э", " хвост"):
            read = read_all(write("DEAL.xls", data[:end] + more))
            assert {"html_cut_off", "cut_off"} <= set(read.codes)
            assert read.columns.rejected == 1


def test_cut_off_below_a_table_left_open(write, read_all):
    rows = [wide(i, "<table><tr><td>x" if i == 2 else "") for i in range(1, 5)]
    read = read_all(write("DEAL.xls", bitrix(WIDE, rows, end="<tr><td>5</td><td>a")))
    assert [row[0] for row in read.cells] == ["1", "2", "3", "4"]
    assert {"html_cut_off", "cut_off", "html_mended"} <= set(read.codes)
