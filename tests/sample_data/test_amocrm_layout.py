"""The amoCRM writers against the byte facts of real exports."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from sample_data.amocrm_layout import (
    TRACKING,
    amocrm_file_name,
    write_amocrm_csv,
    write_amocrm_xlsx,
)

DEALS: list[dict[str, Any]] = [
    {
        "id": 102, "title": 'ООО "Ю", опт', "budget": 350000, "owner": "Имя Ф",
        "created": datetime(2022, 3, 22, 13, 32, 57), "stage": "База", "pipeline": "Воронка",
        "fields": {"Дата: ЛПР": datetime(2022, 3, 23, 9, 0, 1), "Город": "Тверь"},
        "contact_fields": {"Город": "Омск"}, "notes": ["строка 1\nстрока 2"],
        "work_phone": "+77020000000", "tags": ["ig", "target"],
    },
    {
        "id": 101, "title": "Сделка", "budget": 0, "closed": datetime(2022, 3, 22, 13, 32, 48),
        "stage": "Закрыто и не реализовано", "loss_reason": "Дорого (не смог продать)",
    },
]  # fmt: skip


def _csv(tmp_path: Path, **options: Any) -> tuple[str, list[list[str]]]:
    path = write_amocrm_csv(tmp_path / "a.csv", DEALS, **options)
    text = path.read_bytes().decode("utf-8")
    return text, list(csv.reader(io.StringIO(text)))


def test_csv_container(tmp_path: Path) -> None:
    text, rows = _csv(tmp_path)
    assert text.startswith('ID,"Название сделки","Бюджет ",Ответственный,"Дата создания сделки"')
    assert "\r" not in text
    assert text.endswith("\n")
    assert {len(row) for row in rows} == {len(rows[0])}


def test_csv_quotes_as_fputcsv(tmp_path: Path) -> None:
    text, _ = _csv(tmp_path)
    assert '102,"ООО ""Ю"", опт",350000,"Имя Ф","22.03.2022 13:32:57",' in text
    assert ",Теги,Примечание," in text  # no space: no quotes
    assert ",'+77020000000," in text
    back = write_amocrm_csv(tmp_path / "b.csv", [{"id": 1, "title": 'a\\"b'}])
    assert '1,"a\\"b",' in back.read_text()  # PHP leaves a quote after a backslash alone


def test_csv_values(tmp_path: Path) -> None:
    _, (header, first, second) = _csv(tmp_path, sign="₸", fields=("Город", "Дата: ЛПР"))
    assert header[2] == "Бюджет ₸"
    closed, stage = header.index("Дата закрытия"), header.index("Этап сделки")
    assert (first[closed], second[closed]) == ("не закрыта", "22.03.2022 13:32:00")
    assert second[stage] == "Закрыто и не реализовано (Дорого (не смог продать))"
    assert (first[2], second[2]) == ("350000", "0")
    assert first[header.index("Теги")] == "ig, target"
    assert first[header.index("Дата: ЛПР")] == "23.03.2022 09:00:01"


def test_csv_repeats_captions_contact_first(tmp_path: Path) -> None:
    _, (header, first, _) = _csv(tmp_path, fields=("Город",))
    places = [i for i, caption in enumerate(header) if caption == "Город"]
    assert [first[i] for i in places] == ["Омск", "Тверь"]
    assert header.count("utm_source") == 2
    assert tuple(header[-len(TRACKING) :]) == TRACKING


@pytest.mark.parametrize(
    ("lang", "stage", "opened"),
    [("pt", "Etapa do lead", "não fechado"), ("es", "Estatus del lead", "")],
)
def test_csv_other_languages(tmp_path: Path, lang: str, stage: str, opened: str) -> None:
    _, (header, first, _) = _csv(tmp_path, lang=lang)
    assert header.index(stage) == 15
    assert first[8] == opened


def test_xlsx_container(tmp_path: Path) -> None:
    path = write_amocrm_xlsx(tmp_path / "a.xlsx", DEALS)
    assert path.read_bytes()[:4] == b"PK\x03\x04"
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<si>" not in archive.read("xl/sharedStrings.xml").decode()
        assert not [n for n in archive.namelist() if n.startswith("docProps")]
    assert "<dimension" not in sheet
    assert 't="inlineStr"' in sheet
    assert '<c r="A2" s="1"><v>102</v></c>' in sheet
    assert '<c r="I2" s="1"><v>350000</v></c>' in sheet
    assert '<c r="I3" s="1" t="inlineStr"><is><t>0</t></is></c>' in sheet


def test_xlsx_read_back(tmp_path: Path) -> None:
    path = write_amocrm_xlsx(tmp_path / "a.xlsx", DEALS, fields=("Дата: ЛПР",))
    sheet = openpyxl.load_workbook(path, read_only=True).active
    assert sheet is not None
    assert sheet.max_row is None
    header, first, second = [[c.value for c in row] for row in sheet.iter_rows()]
    assert header[:3] == ["ID", "Название сделки", "Компания"]
    assert header[-5:] == [f"Примечание {n}" for n in range(1, 6)]
    assert "Рабочий телефон (контакт)" in header
    assert (first[15], second[15]) == ("не закрыта", "22.03.2022 13:32")
    assert len(second) < len(first) < len(header)  # ragged
    assert first[header.index("Рабочий телефон (контакт)")] == "'+77020000000"
    cells = python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    assert cells[2][8] == "0"
    assert cells[1][8] == 350000


def test_xlsx_spout_leaves_the_offset(tmp_path: Path) -> None:
    path = write_amocrm_xlsx(tmp_path / "a.xlsx", DEALS, spout_created="2025-12-27T18:47:32+05:00")
    with zipfile.ZipFile(path) as archive:
        assert b"Spout" in archive.read("docProps/app.xml")
        assert b">2025-12-27T18:47:32+05:00<" in archive.read("docProps/core.xml")
    assert openpyxl.load_workbook(path).active is not None


def test_xlsx_bytes_do_not_change(tmp_path: Path) -> None:
    one, two = (write_amocrm_xlsx(tmp_path / f"{n}.xlsx", DEALS).read_bytes() for n in "ab")
    assert one == two


def test_file_name() -> None:
    assert amocrm_file_name(date(2026, 11, 16)) == "amocrm_export_leads_2026-11-16.csv"
    assert amocrm_file_name(date(2026, 1, 2), "xlsx", "kommo") == (
        "kommo_export_leads_2026-01-02.xlsx"
    )
