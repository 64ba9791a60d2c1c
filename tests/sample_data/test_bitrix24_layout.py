"""The Bitrix24 writers against the byte facts of real exports."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from lxml import html
from sample_data.bitrix24_layout import (
    CLIENT,
    bitrix_file_name,
    bitrix_table,
    write_bitrix_calls,
    write_bitrix_csv,
    write_bitrix_html,
)

BOM = b"\xef\xbb\xbf"
DEAL: dict[str, Any] = {
    "id": 5, "pipeline": "Общая воронка", "stage": "Новая", "previous_stage": "База",
    "owner": "Иванов Иван", "title": 'ООО "Ю&К"', "amount": 2000.0, "closed": False,
    "created": datetime(2026, 1, 2, 3, 4, 5), "begin": date(2026, 1, 2),
    "comment": "[p]\nтекст<br>\n[/p]",
    "products": [
        {"name": "a", "price": 100.5, "quantity": 2},
        {"name": "b", "price": 33.333, "quantity": 3},
    ],
}  # fmt: skip


def test_csv_container(tmp_path: Path) -> None:
    raw = write_bitrix_csv(tmp_path / "d.csv", [DEAL]).read_bytes()
    assert raw.startswith(BOM + b'"ID";"')
    assert b"\r" not in raw
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert [row[-1] for row in rows] == ["", ""]  # every line ends with the delimiter
    values = dict(zip(*rows, strict=True))
    assert values["Сумма"] == "2000.00"
    assert values["Сделка закрыта"] == "нет"
    assert values["Название сделки"] == 'ООО "Ю&К"'
    assert values["Дата создания"] == "02.01.2026 03:04:05"
    assert values["Дата начала"] == "02.01.2026"
    assert values["Комментарий"] == "[p]\nтекст<br>\n[/p]"


def test_all_fields_order() -> None:
    header = bitrix_table([DEAL], previous=False, custom=("Поле",))[0]
    assert header[:10] == [
        "ID", "Воронка", "Повторная сделка", "Повторное обращение", "Стадия сделки",
        "Наблюдатели", "Вероятность", "Статус оплаты", "Статус доставки", "Ответственный",
    ]  # fmt: skip
    assert header[-3:] == ["Поле", "Последняя активность", "Дата последней коммуникации"]
    newer = bitrix_table([DEAL], client=CLIENT)[0]
    assert newer.index("Ответственный") == 10
    assert newer[-1] == "Компания: Связанный пользователь"
    assert "Товар" not in newer


def test_current_columns_put_id_last() -> None:
    header = bitrix_table([DEAL], columns="current")[0]
    assert header[:3] == ["Название сделки", "Тип", "Стадия сделки"]
    assert header[-1] == "ID"
    assert "Воронка" not in header


def test_product_rows_lose_the_deal_sum() -> None:
    header, *rows = bitrix_table([DEAL], products=True)
    amount, price = header.index("Сумма"), header.index("Цена")
    assert [(r[0], r[amount], r[price]) for r in rows] == [
        ("5", "201", "100.5"),
        ("5", "100", "33.33"),
    ]


def test_captions_of_another_portal() -> None:
    header = bitrix_table([DEAL], captions={"pipeline": "Направление"})[0]
    assert header[1] == "Направление"


def test_html_container(tmp_path: Path) -> None:
    raw = write_bitrix_html(tmp_path / "d.xls", [DEAL]).read_bytes()
    text = raw.decode("utf-8-sig")
    assert raw.startswith(BOM + b'<meta http-equiv="Content-type"')
    assert text.endswith("</tbody>\n\t\t</table>")
    assert "<html" not in text
    assert "<th>ID</th>" in text
    assert "ООО &quot;Ю&amp;К&quot;" in text
    assert "текст<br>" in text  # comments are not escaped


@pytest.mark.parametrize(
    ("entity", "words"), [("deal", "Список сделок пуст!"), ("lead", "Список лидов пуст!")]
)
def test_nothing_to_export(tmp_path: Path, entity: str, words: str) -> None:
    for write in (write_bitrix_csv, write_bitrix_html):
        assert write(tmp_path / "x", [], entity=entity).read_bytes() == BOM + words.encode()


def test_calls(tmp_path: Path) -> None:
    calls = [
        {"employee": "Иван Иванов", "phone": "+7 495 000-12-34", "seconds": 293,
         "moment": datetime(2026, 1, 2, 3, 4, 5)},
        {"direction": "входящий", "status": "Пропущенный звонок", "seconds": 0},
        {"seconds": 3607},
    ]  # fmt: skip
    raw = write_bitrix_calls(tmp_path / "c.xls", calls).read_bytes()
    text = raw.decode("utf-8-sig")
    assert raw.startswith(BOM + b"\n<html>")
    assert "<th>" not in text
    assert re.search(r"<td>\n\t+\+7 495 000-12-34\n", text)
    assert "&mdash;" in text
    rows = [
        [c.text_content().strip() for c in tr.iter("td")] for tr in html.fromstring(text).iter("tr")
    ]
    assert rows[0][:6] == [
        "Сотрудник", "Номер в Битрикс24", "Номер телефона", "Тип звонка", "Время звонка",
        "Дата вызова",
    ]  # fmt: skip
    assert rows[1][0] == "Иван Иванов"
    assert [r[4] for r in rows[1:]] == ["4 мин, 53 сек", "", "60 мин, 7 сек"]
    assert [len(r) for r in rows] == [13] * 4


def test_file_name_carries_the_moment() -> None:
    name = bitrix_file_name("DEAL", datetime(2026, 2, 26, 8, 10, 40))
    assert name == f"DEAL_20260226_{crc32(b'DEAL_20260226'):08x}_69a0000000000.csv"
    moscow = datetime(2026, 11, 16, 8, 30, tzinfo=timezone(timedelta(hours=3)))
    stamp = bitrix_file_name("calls_detail", moscow, "xls").split("_")[-1][:8]
    assert datetime.fromtimestamp(int(stamp, 16), tz=timezone.utc).hour == 5  # noqa: UP017
