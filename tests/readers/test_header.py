from __future__ import annotations

import pytest

from funnelkpi.readers.header import captions, count_totals, find_header, is_totals


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["ID", "Имя"], ["1", "а"]], 0),
        ([["Отчёт", ""], ["", ""], ["ID", "Имя"], ["1", "а"]], 2),
        ([["Отчёт", "ноябрь", ""], ["ID", "Имя", "Этап"], ["1", "а", "б"]], 1),
        ([["Период", "01.11.2026", "", ""], ["ID", "Имя", "Этап", "Сумма"]], 1),
        # Data whose every cell is a word does not beat the header above it.
        ([["Имя", "Этап", "Дата"], ["а", "б", "в"], ["г", "д", "е"]], 0),
        ([["1", "2"], ["3", "4"]], None),
        ([[], ["", None]], None),
    ],
)
def test_find_header(rows, expected):
    assert find_header(rows) == expected


def test_captions_are_stripped_and_trailing_empty_ones_dropped():
    row = ["\ufeffID", "Бюджет ", "", "\u00a0Этап\n", "", None]
    assert captions(row) == ("ID", "Бюджет", "", "Этап")


@pytest.mark.parametrize(
    ("row", "header", "expected"),
    [
        (["Итого", "", "5"], ["ID", "Имя", "Сумма"], True),
        (["", "Всего:", "5"], ["ID", "Имя", "Сумма"], True),
        (["Total 25", "", ""], ["ID", "Name", "Sum"], True),
        (["7", "Итого", "5"], ["ID", "Имя", "Сумма"], False),
        (["Итого", "5", "7"], ["Название", "Сумма", "ID"], False),
        (["Итого", "5", ""], ["Название", "Сумма", "ID"], True),
        (["Итоговый договор", "", ""], ["ID", "Имя", "Сумма"], False),
        (["Итого", "а", "б", "в"], ["Имя", "Этап", "Дата", "Сумма"], False),
        (["Итого", "", "", "9"], ["Имя", "Этап", "Дата", "Сумма"], True),
        (["", "", ""], ["ID", "Имя", "Сумма"], False),
    ],
)
def test_is_totals(row, header, expected):
    assert is_totals(row, header) is expected


def test_totals_are_counted_from_the_end():
    header = ["ID", "Имя", "Сумма"]
    tail = [["Итого", "", "1"], ["5", "а", "2"], ["", "Всего", "3"], ["Total", "", "3"]]
    assert count_totals(tail, header) == 2
